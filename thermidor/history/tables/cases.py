"""A table of past uprisings: the cases in it, and which rows and columns cannot be used."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import NamedTuple

from ...support.faults import near
from .case import TYPES, Case, known, named_type, observed
from .cell import Row, shown
from .states import code, known_names
from .tablefile import read, table

NEEDED = ("case_id", "country", "regime_type", "onset")
KNOWN = (*NEEDED, "population_m")
SEEN = (
    "regime_fell",
    "outcome",
    "outcome_date",
    "days_onset_to_outcome",
    *(
        f"{what}_{side}"
        for what in ("crowd_frac", "crowd", "deaths", "arrests")
        for side in ("low", "best", "high")
    ),
)


class CaseTable(NamedTuple):
    """A file of cases. refused: the reason by case.  not_used: columns that nothing reads.

    notes: what was taken for what.
    """

    cases: list[Case]
    refused: dict[str, str]
    not_used: tuple[str, ...]
    notes: list[str]


def read_cases(path: str | Path | None = None) -> tuple[list[Case], dict[str, str]]:
    """Cases of a file with the columns of cases.csv, and those that cannot be used with the reason.

    Needed: case_id, country, regime_type, onset (a date). All else may be missing. Raises Fault if
    a needed column is.
    """
    return case_table(path)[:2]


def case_table(path: str | Path | None = None) -> CaseTable:
    """The same with the columns that are not used and with notes. Without a path, the package's.

    Where crowd_frac_* is missing the largest day is crowd_* over population_m; where regime_fell
    is, the ending is the first word of outcome; where days_onset_to_outcome is, the duration is
    outcome_date less onset.
    """
    found = read(path or table("cases.csv"), NEEDED, ("population_m", *SEEN))
    cases: dict[str, Case] = {}
    refused: dict[str, str] = {}
    for row in found.rows:
        name = row.text("case_id") or f"row {row.line}"
        try:
            if row.fault:
                raise ValueError(row.fault)
            if name in cases or name in refused:
                raise ValueError("case_id is given twice")
            before = known(name, row)
            cases[name] = Case(before, observed(row, before))
        except ValueError as e:
            refused[name] = str(e)
    usable = list(cases.values())
    return CaseTable(usable, refused, found.not_used, _notes(found.rows, usable))


def _notes(found: tuple[Row, ...], cases: list[Case]) -> list[str]:
    """Words and names that nobody here knows, and cells that nothing could be made of."""
    notes = []
    types = Counter(t for row in found if (t := row.text("regime_type")) and not named_type(t))
    for kind, n in sorted(types.items()):
        notes.append(
            f"regime_type {shown(kind)} is taken as other ({_rows(n)}); known: {', '.join(TYPES)}."
        )
    for name in sorted({c.known.country for c in cases if code(c.known.country) is None}):
        notes.append(
            f"country {shown(name)} is not known, so no pact and no revolution of the "
            f"past is held against it.{near(name, known_names())}"
        )
    without = [
        row
        for row in found
        if row.text("crowd_best")
        and not row.text("population_m")
        and not row.text("crowd_frac_best")
    ]
    if without:
        notes.append(
            f"crowd_best of {_rows(len(without))} is not used: without population_m it is "
            "no share of residents."
        )
    return notes


def _rows(n: int) -> str:
    return f"{n} row{'s' * (n != 1)}"
