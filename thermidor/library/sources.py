"""The project's own tables behind a source key: which file, which rows, how many were checked.

Status of a cell: verified (read at the source that its row names), mixed (in part), derived
(computed from others) or memory. What was left out of the tables: library/tables/README.md.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

FOLDER = "tables"
STATUS = ("verified", "mixed", "derived", "memory")


class Own(NamedTuple):
    """A table of the project: its file, and columns with the status of cells (none: derived)."""

    file: str
    status: tuple[str, ...] = ()


CASE_CELLS = ("crowd_status", "deaths_status", "arrests_status", "defection_status", "dates_status")
TABLES = {
    "ThermidorAutocracies": (Own("autocracies.csv", ("status",)),),
    "ThermidorBaseRates": (Own("base_rates.csv"), Own("failure_modes_by_type.csv")),
    "ThermidorCases": (Own("cases.csv", CASE_CELLS),),
    "ThermidorFacts": (Own("iran_facts.csv", ("status",)),),
    "ThermidorStrikes": (Own("external_strikes.csv", ("status",)),),
    "ThermidorTimeline": (Own("iran_timeline.csv", ("status",)),),
}
Where = Mapping[str, str | Sequence[str]]


@cache
def _rows(file: str) -> tuple[dict[str, str], ...]:
    text = (files(__package__) / FOLDER / file).read_bytes().decode("utf-8")
    return tuple(csv.DictReader(io.StringIO(text, newline="")))


def matching(key: str, where: Where | None = None) -> list[tuple[Own, dict[str, str]]]:
    """Rows of a key's tables with the values wanted in some columns; all rows if none are wanted.

    Empty for a key that is not the project's.
    """
    wanted = {c: [v] if isinstance(v, str) else list(v) for c, v in (where or {}).items()}
    return [
        (own, row)
        for own in TABLES.get(key, ())
        for row in _rows(own.file)
        if all(row.get(c) in values for c, values in wanted.items())
    ]


def source(key: str, where: Where | None = None) -> dict[str, Any] | None:
    """What a source key of the project stands for: files, rows, cells by status, and a sentence.

    where: only rows with these values, such as {"ground_force": "0"}.  None for all other keys.
    """
    found = matching(key, where)
    if not found:
        return None
    cells = Counter(row[c] for own, row in found for c in own.status if row[c])
    cells["derived"] += sum(not own.status for own, _ in found)
    counted = {s: cells[s] for s in STATUS if cells[s]}
    names = sorted({f"thermidor/library/{FOLDER}/{own.file}" for own, _ in found})
    return {"key": key, "files": names, "rows": len(found), "cells": counted, "says": says(counted)}


def says(cells: Mapping[str, int]) -> str:
    """'83 of 226 cells from memory', with what was checked in part."""
    total, memory, mixed = sum(cells.values()), cells.get("memory", 0), cells.get("mixed", 0)
    text = f"{memory or 'none'} of {total:,} cell{'s' * (total != 1)} from memory"
    return text + (f", {mixed} more in part" if mixed else "")


def from_memory(key: str | None, where: Where | None = None) -> str | None:
    """The sentence, if a number with this source rests on cells from memory, even in part."""
    told = source(key, where) if key else None
    return told["says"] if told and told["cells"].keys() & {"memory", "mixed"} else None
