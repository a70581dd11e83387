"""The data dictionary as text for a terminal: what `thermidor outcomes` prints."""

from __future__ import annotations

from typing import Any

from ..engine.run import REDUCERS
from ..scenario.dictionary import TABLES
from ..terminal.console import console, escape, hanging


def say_columns(rows: list[dict[str, Any]]) -> None:
    """Each column with its unit, range and owner, and below it what it is; the readings of one
    series stand together."""
    out = console()
    for table, one in TABLES.items():
        of_table = [r for r in rows if r["table"] == table]
        if not of_table:
            continue
        out.print(f"\n[bold]{table}.parquet[/bold]: {len(of_table):,} columns; a row is {one}\n")
        for names, r in grouped(of_table):
            facts = ", ".join(x for x in (r["unit"], span(r)) if x)
            owner = f" [dim]{escape(r['owner'])}[/dim]" if r["owner"] else ""
            out.print(f"[bold]{escape(names)}[/bold]  ({escape(facts)}){owner}")
            out.print(hanging("", escape(r["says"]), indent=4))
    out.print(
        f"\n{len(rows):,} columns. Claims and comparisons read those of runs; all of them as one "
        "object: --json\n"
    )


def grouped(rows: list[dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    """Columns as they are listed: the five readings of a series (final_x, peak_x and so on) in one
    entry, where all are there."""
    every, out = {r["column"]: r for r in rows}, []
    done: set[str] = set()
    for r in rows:
        reducer, _, series = r["column"].partition("_")
        family = [f"{name}_{series}" for name in REDUCERS]
        if r["column"] in done:
            continue
        if reducer in REDUCERS and all(name in every for name in family):
            done |= set(family)
            says = r["says"].rsplit(": ", 1)[0]
            others = ", ".join(f"{name}_" for name in REDUCERS if name != reducer)
            out.append((f"{r['column']}, {others}", r | {"says": says}))
        else:
            out.append((r["column"], r))
    return out


def span(r: dict[str, Any]) -> str:
    """A range in words, open ends and all."""
    low, high = (x if isinstance(x, str) or x is None else f"{x:g}" for x in (r["low"], r["high"]))
    match low, high:
        case None, None:
            return ""
        case _, None:
            return f"from {low}"
        case None, _:
            return f"up to {high}"
    return f"{low} to {high}"
