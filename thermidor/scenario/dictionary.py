"""The data dictionary of a scenario: every column of every table of results, with its range."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..support.faults import Fault, near
from .described import TABLES, Column, Range, kind_of, runs, tables
from .scenario import Scenario

__all__ = ["TABLES", "Column", "dictionary", "found", "kind_of", "runs"]


def dictionary(scenario: Scenario) -> list[dict[str, Any]]:
    """Every column of the five tables of a scenario's results, in their order.

    Rows hold table, column, kind, unit, says, owner, low, high; an end of a range that is not
    known is None.
    """
    columns = tables(scenario.columns)
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
    if scenario.posterior:
        for k, row in zip(scenario.posterior.keys, scenario.posterior.draws.T, strict=True):
            if k in scenario.fitted:
                ranges[k] = float(row.min()), float(row.max())
    return ranges
