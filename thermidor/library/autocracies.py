"""The autocracies of mid-June 2025, cell by cell with its source, and what other countries are.

tables/autocracies.csv has a row for each country and field: value, low and high (of numbers), unit,
the year that the value is of, source and status (verified, derived, memory). Nothing in it was
known only after 16 June 2025. What the fields mean: tables/README.md.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import NamedTuple

WORDS = ("name", "regime", "ruler")  # fields whose value is a word


class Cell(NamedTuple):
    """A fact: its value and range in a unit (low = high = value where there is none).

    text: the word, of a field in WORDS, whose value is then 0.  status: verified, derived, memory.
    """

    value: float
    low: float
    high: float
    text: str
    unit: str
    year: str
    source: str
    status: str


class Elsewhere(NamedTuple):
    """What a country is that is no autocracy of the table.

    kind: democracy, hybrid, no single government, territory or other.
    """

    name: str
    kind: str
    note: str

    @property
    def says(self) -> str:
        """In a sentence, such as 'Turkey is a hybrid (...), not one of the autocracies here.'"""
        kinds = {"no single government": "has no single government", "other": "is of another kind"}
        kind = kinds.get(self.kind, f"is a {self.kind}")
        note = f" ({self.note})" if self.note else ""
        return f"{self.name} {kind}{note}; it is none of the autocracies of the package."


def _rows(file: str) -> list[dict[str, str]]:
    text = (files(__package__) / "tables" / file).read_bytes().decode("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@cache
def autocracies() -> Mapping[str, Mapping[str, Cell]]:
    """Facts of a country by field, by its code of three letters (ISO 3166-1)."""
    out: dict[str, dict[str, Cell]] = {}
    for r in _rows("autocracies.csv"):
        word = r["field"] in WORDS
        value = 0.0 if word else float(r["value"])
        low, high = (float(r[k]) if r[k] else value for k in ("low", "high"))
        cell = Cell(
            value,
            low,
            high,
            r["value"] if word else "",
            r["unit"],
            r["year"],
            r["source"],
            r["status"],
        )
        out.setdefault(r["iso3"], {})[r["field"]] = cell
    return MappingProxyType({k: MappingProxyType(v) for k, v in out.items()})


@cache
def elsewhere() -> Mapping[str, Elsewhere]:
    """The other countries by their codes."""
    rows = _rows("regimes_elsewhere.csv")
    return MappingProxyType({r["iso3"]: Elsewhere(r["name"], r["kind"], r["note"]) for r in rows})
