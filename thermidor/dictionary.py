"""The data dictionary: every column of every table of a scenario's results, from the declarations
of its mechanisms.

table   runs, series, moved, events or provinces column  its name there, which claims and
comparisons may use if the table is runs unit, says, owner, low, high     of what it counts, what it
is, the mechanism that owns it, and its range where one is known
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from .faults import Fault, near
from .future import REDUCERS
from .mechanism import Quantity
from .record import DAILY, FINAL
from .scenario import Scenario

TABLES = {
    "runs": "a future",
    "series": "a future and a day",
    "moved": "a future, a week, a channel and a speaker",
    "events": "something that happened",
    "provinces": "a future and a province",
}
LOCAL = {
    "peak": "largest value",
    "mean": "mean over the days lived",
    "final": "value on the last day",
}
Row = dict[str, Any]


def dictionary(scenario: Scenario) -> list[Row]:
    """A row for every column of the tables that a study of this scenario writes, in their order."""
    return [*_runs(scenario), *_series(scenario), *_others(scenario), *_provinces(scenario)]


def found(rows: Sequence[Row], table: str | None = None, like: str | None = None) -> list[Row]:
    """Only the columns of a table, and only those that have a word in their name, meaning, unit or
    owner."""
    if table is not None and table not in TABLES:
        raise Fault(
            f"there is no table '{table}'; there are {', '.join(TABLES)}.{near(table, TABLES)}"
        )
    kept = [r for r in rows if table in (None, r["table"])]
    if like is not None:
        word = like.casefold()
        names = sorted({r["column"] for r in kept})
        kept = [
            r
            for r in kept
            if any(word in str(r[k]).casefold() for k in ("column", "says", "unit", "owner"))
        ]
        if not kept:
            raise Fault(f"no column has '{like}' in its name or meaning.{near(like, names)}")
    return kept


def _row(
    table: str,
    column: str,
    unit: str,
    says: str,
    owner: str | None = None,
    low: Any = None,
    high: Any = None,
) -> Row:
    return {
        "table": table,
        "column": column,
        "unit": unit,
        "says": says,
        "owner": owner,
        "low": low,
        "high": high,
    }


def _runs(scenario: Scenario) -> Iterator[Row]:
    yield _row(
        "runs", "run", "number", "number of the future; equal numbers share their luck", low=0
    )
    yield _row("runs", "ending", "word", "how the future ended; empty if it failed")
    yield _row("runs", "day", "day", "day on which it ended", low=1, high=scenario.days)
    yield _row(
        "runs", "survived", "0 or 1", "the regime was in power on the last day", low=0, high=1
    )
    yield _row("runs", "reason", "text", "why the future failed; empty if it did not")
    for key, a in scenario.parameters.items():
        p = a.parameter
        low, high = (p.low, p.high) if p.role == "choice" else (a.low, a.high)
        yield _row("runs", key, p.unit, f"{p.role}: {a.why}", p.mechanism, low, high)
    for name, q in sorted(scenario.wiring.states.items()):
        if q.cost:
            yield _state(scenario, "runs", name, name, q, f"{q.why}; on the last day")
    for name, q, member in _members(scenario, FINAL):
        yield _state(
            scenario, "runs", f"{name}_{member}", name, q, f"{q.why}: {member}; on the last day"
        )
    for column, name, q, says in _daily(scenario):
        for reducer, reads in REDUCERS.items():
            if reducer == "first":
                yield _row(
                    "runs",
                    f"first_{column}",
                    "day",
                    f"{says}; {reads}",
                    scenario.wiring.owner[name],
                    0,
                    scenario.days,
                )
            else:
                yield _state(scenario, "runs", f"{reducer}_{column}", name, q, f"{says}; {reads}")


def _series(scenario: Scenario) -> Iterator[Row]:
    yield _row("series", "run", "number", "number of the future", low=0)
    yield _row("series", "day", "day", "day since the start", low=0, high=scenario.days)
    for column, name, q, says in _daily(scenario):
        yield _state(scenario, "series", column, name, q, says)


def _others(scenario: Scenario) -> Iterator[Row]:
    weeks = (scenario.days - 1) // 7
    yield _row("moved", "run", "number", "number of the future", low=0)
    yield _row("moved", "week", "week", "week since the start", low=0, high=weeks)
    yield _row("moved", "channel", "word", "the channel that was spoken into")
    yield _row("moved", "speaker", "word", "the mechanism that spoke")
    yield _row("moved", "value", "that of the channel", "what the speaker added, on average a day")
    yield _row("events", "run", "number", "number of the future", low=0)
    yield _row("events", "day", "day", "day on which it happened", low=0, high=scenario.days)
    yield _row("events", "mechanism", "word", "the mechanism in which it happened")
    yield _row("events", "event", "word", "what happened")
    yield _row("events", "value", "that of the event", "its size")


def _provinces(scenario: Scenario) -> Iterator[Row]:
    yield _row("provinces", "run", "number", "number of the future", low=0)
    yield _row("provinces", "province", "word", "id of the province")
    for name, q in sorted(scenario.wiring.states.items()):
        if q.by == "province":
            for reducer, reads in LOCAL.items():
                yield _state(
                    scenario, "provinces", f"{name}.{reducer}", name, q, f"{q.why}; {reads}"
                )


def _daily(scenario: Scenario) -> Iterator[tuple[str, str, Quantity, str]]:
    """Every series that is kept day by day: its column, its state, what it is and what it says."""
    for name, q in sorted(scenario.wiring.states.items()):
        if q.by == "country":
            yield name, name, q, q.why
    for name, q, member in _members(scenario, DAILY):
        yield f"{name}_{member}", name, q, f"{q.why}: {member}"


def _members(scenario: Scenario, axes: Sequence[str]) -> Iterator[tuple[str, Quantity, str]]:
    for name, q in sorted(scenario.wiring.states.items()):
        if q.by in axes:
            for member in scenario.place.axes[q.by]:
                yield name, q, member


def _state(scenario: Scenario, table: str, column: str, name: str, q: Quantity, says: str) -> Row:
    """A column that reads off a state; units that have limits by their meaning give its range."""
    low, high = next(
        ((0.0, 1.0) for word in ("share", "chance", "0 or 1") if q.unit.startswith(word)),
        (0.0, None) if q.unit in ("persons", "count", "person-days") else (None, None),
    )
    return _row(table, column, q.unit, says, scenario.wiring.owner[name], low, high)
