"""The data dictionary: every column of every table of results, its unit, meaning, owner and range.

The names are those that record.py and future.py write; a test holds the two against each other.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..endings import ENDINGS
from ..engine.record import DAILY, FINAL, column
from ..engine.run import REDUCERS
from ..engine.wiring import Wiring
from ..fitted.posterior import load as posterior
from ..mechanism import SHARE, Quantity
from ..places import Place
from ..support.faults import Fault, near

if TYPE_CHECKING:
    from .scenario import Scenario

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


def dictionary(scenario: Scenario) -> list[dict[str, Any]]:
    """Every column of the five tables of a scenario's results, in their order.

    Rows hold table, column, kind, unit, says, owner, low, high; an end of a range that is not
    known is None.
    """
    wiring, place = scenario.wiring, scenario.place
    columns = [
        *runs(wiring, place),
        *_series(wiring, place),
        *_moved(wiring),
        *_events(),
        *_provinces(wiring),
    ]
    ranges, last = _drawn(scenario), float(scenario.days)
    out = []
    for c in columns:
        row = c.row()
        if c.name in ranges:
            row["low"], row["high"] = ranges[c.name]
        elif c.kind == "day":
            row["high"] = last
        out.append(row)
    return out


def found(
    rows: Sequence[dict[str, Any]], table: str | None = None, like: str | None = None
) -> list[dict[str, Any]]:
    """Only the columns of a table, and those that have a word in name, meaning, unit or owner."""
    if table is not None and table not in TABLES:
        raise Fault(
            f"there is no table '{table}'; there are {', '.join(TABLES)}.{near(table, TABLES)}"
        )
    kept = [r for r in rows if table in (None, r["table"])]
    if like is None:
        return kept
    word, names = like.casefold(), sorted({r["column"] for r in kept})
    told = ("column", "says", "unit", "owner")
    kept = [r for r in kept if any(word in str(r[k]).casefold() for k in told)]
    if not kept:
        raise Fault(f"no column has '{like}' in its name or meaning.{near(like, names)}")
    return kept


def _drawn(scenario: Scenario) -> dict[str, Range]:
    """The range of each parameter: as it is drawn from, or as the posterior has it."""
    ranges: dict[str, Range] = {k: (a.low, a.high) for k, a in scenario.parameters.items()}
    learnt = posterior()
    if learnt:
        for k, row in zip(learnt.keys, learnt.draws.T, strict=True):
            if k in scenario.fitted:
                ranges[k] = float(row.min()), float(row.max())
    return ranges


def runs(wiring: Wiring, place: Place) -> list[Column]:
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
    for m in wiring.mechanisms:
        out += [
            Column(
                "runs", p.key, kind_of(p.unit), p.unit, f"{p.role}: {p.why}", m.name, p.low, p.high
            )
            for p in m.parameters.values()
        ]
    states = sorted(wiring.states.items())
    out += [
        _state("runs", column(s), s, q, wiring, f"{q.why}: total")
        for s, q in states
        if q.cost and q.by == "country"
    ]
    out += [
        _state("runs", column(s, m), s, q, wiring, f"{q.why}: {m}, on the last day")
        for s, q in states
        if q.by in FINAL
        for m in place.axes[q.by]
    ]
    for c in _series(wiring, place):
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


def _series(wiring: Wiring, place: Place) -> list[Column]:
    out = [
        Column("series", "run", "id", "number", "number of the future", "study", 0.0),
        Column("series", "day", "day", "day", "day, the first being 0", "study", 0.0),
    ]
    states = sorted(wiring.states.items())
    out += [
        _state("series", column(s), s, q, wiring, q.why) for s, q in states if q.by == "country"
    ]
    return out + [
        _state("series", column(s, m), s, q, wiring, f"{q.why}: {m}")
        for s, q in states
        if q.by in DAILY
        for m in place.axes[q.by]
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


def _provinces(wiring: Wiring) -> list[Column]:
    out = [
        Column("provinces", "run", "id", "number", "number of the future", "study", 0.0),
        Column("provinces", "province", "text", "text", "id of the province", "study"),
    ]
    for s, q in sorted(wiring.states.items()):
        if q.by == "province":
            out += [
                _state("provinces", f"{column(s)}.{r}", s, q, wiring, f"{q.why}: {says}")
                for r, says in _LOCAL.items()
            ]
    return out
