"""The data dictionary: every column of every table of results, its unit, meaning, owner and range.

The names are those of engine/columns.py and engine/run.py; a test holds the two against each other.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from ..declaration.quantity import SHARE, Quantity
from ..endings import ENDINGS
from ..engine.columns import Cell, Columns, column
from ..engine.run import REDUCERS
from ..engine.wiring import Wiring

Range = tuple[float | None, float | None]
_COUNTED = ("persons", "count", "expected count", "strikes", "hospitals")
_KINDS = {
    "0 or 1": "flag",
    "choice": "code",
    "form": "text",
    "day": "day",
    "days": "duration",
    "years": "duration",
} | dict.fromkeys(_COUNTED, "count")
_RANGES: dict[str, Range] = dict.fromkeys(("flag", "share"), (0.0, 1.0)) | dict.fromkeys(
    ("count", "cost", "duration", "code"), (0.0, None)
)
TABLES = {
    "runs": "a future",
    "series": "a future and a day",
    "moved": "a future, a week, a channel and a speaker",
    "events": "something that happened",
    "provinces": "a future and a province",
}
_LOCAL = {
    "peak": "largest value",
    "mean": "mean over the days lived",
    "final": "value on the last day",
}


@dataclass(frozen=True)
class Column:
    """A column of a table.

    kind: flag (0 or 1), share, count, cost, day, duration, money, log, code, level, id or text.
    """

    table: str
    name: str
    kind: str
    unit: str
    says: str
    owner: str
    low: float | None = None
    high: float | None = None

    def row(self) -> dict[str, Any]:
        """The column as plain data."""
        return {
            "table": self.table,
            "column": self.name,
            "kind": self.kind,
            "unit": self.unit,
            "says": self.says,
            "owner": self.owner,
            "low": self.low,
            "high": self.high,
        }


def kind_of(unit: str, cost: bool = False) -> str:
    """The kind of number that a declared unit stands for."""
    if cost:
        return "cost"
    if unit in _KINDS:
        return _KINDS[unit]
    if SHARE.fullmatch(unit):
        return "share"
    if unit.startswith("log"):
        return "log"
    return "money" if unit.startswith("USD") else "level"


def tables(columns: Columns) -> list[Column]:
    """Every column of the five tables, in their order."""
    return [
        *runs(columns),
        *_series(columns),
        *_moved(columns.wiring),
        *_events(),
        *_provinces(columns),
    ]


def runs(columns: Columns) -> list[Column]:
    """The columns of runs.parquet, a row a future: what claims and comparisons may name."""
    out = [
        Column("runs", "run", "id", "number", "number of the future", "study", 0.0),
        Column("runs", "ending", "text", "text", f"how it ended: {', '.join(ENDINGS)}", "study"),
        Column("runs", "day", "day", "day", "last day that was lived", "study", 0.0),
        Column(
            "runs",
            "survived",
            "flag",
            "0 or 1",
            "the group in power still holds it on the last day",
            "study",
            0.0,
            1.0,
        ),
        Column(
            "runs",
            "reason",
            "text",
            "text",
            "why the future could not be finished; empty if it was",
            "study",
        ),
    ]
    wiring = columns.wiring
    for m in wiring.mechanisms:
        out += [
            Column(
                "runs", p.key, kind_of(p.unit), p.unit, f"{p.role}: {p.why}", m.name, p.low, p.high
            )
            for p in m.parameters.values()
        ]
    out += [_cell("runs", c, wiring, "total") for c in columns.costs]
    out += [_cell("runs", c, wiring, f"{c.member}, on the last day") for c in columns.finals]
    for c in _series(columns):
        if c.name not in ("run", "day"):
            out += [_reduced(c, reducer, says) for reducer, says in REDUCERS.items()]
    return out


def _reduced(c: Column, reducer: str, says: str) -> Column:
    """A daily series in one number."""
    name, words = f"{reducer}_{c.name}", f"{c.says}: {says}"
    if reducer == "first":
        return Column("runs", name, "day", "day", words, c.owner, 0.0)
    kind = "share" if c.kind == "flag" and reducer == "mean" else c.kind
    return dataclasses.replace(c, table="runs", name=name, kind=kind, says=words)


def _state(table: str, name: str, state: str, q: Quantity, wiring: Wiring, says: str) -> Column:
    kind = kind_of(q.unit, q.cost)
    return Column(
        table, name, kind, q.unit, says, wiring.owner[state], *_RANGES.get(kind, (None, None))
    )


def _cell(table: str, c: Cell, wiring: Wiring, says: str = "") -> Column:
    """The column of a state, or of one member of it."""
    why = f"{c.quantity.why}: {says}" if says else c.quantity.why
    return _state(table, c.name, c.state, c.quantity, wiring, why)


def _series(columns: Columns) -> list[Column]:
    return [
        Column("series", "run", "id", "number", "number of the future", "study", 0.0),
        Column("series", "day", "day", "day", "day, the first being 0", "study", 0.0),
        *(_cell("series", c, columns.wiring, c.member) for c in columns.series),
    ]


def _moved(wiring: Wiring) -> list[Column]:
    units = sorted({q.unit for q in wiring.channels.values()})
    return [
        Column("moved", "run", "id", "number", "number of the future", "study", 0.0),
        Column("moved", "week", "id", "number", "week, the first being 0", "study", 0.0),
        Column("moved", "channel", "text", "text", "channel that was spoken into", "study"),
        Column("moved", "speaker", "text", "text", "mechanism that spoke", "study"),
        Column(
            "moved",
            "value",
            "level",
            "the channel's: " + ", ".join(units),
            "what it said, mean a day of the week",
            "speaker",
        ),
    ]


def _events() -> list[Column]:
    return [
        Column("events", "run", "id", "number", "number of the future", "study", 0.0),
        Column("events", "day", "day", "day", "day on which it happened", "study", 0.0),
        Column("events", "mechanism", "text", "text", "mechanism that noted it", "study"),
        Column("events", "event", "text", "text", "what happened", "mechanism"),
        Column(
            "events", "value", "level", "the event's", "its size, where it has one", "mechanism"
        ),
    ]


def _provinces(columns: Columns) -> list[Column]:
    out = [
        Column("provinces", "run", "id", "number", "number of the future", "study", 0.0),
        Column("provinces", "province", "text", "text", "id of the province", "study"),
    ]
    wiring = columns.wiring
    for s in columns.local:
        q = wiring.states[s]
        out += [
            _state("provinces", f"{column(s)}.{r}", s, q, wiring, f"{q.why}: {says}")
            for r, says in _LOCAL.items()
        ]
    return out
