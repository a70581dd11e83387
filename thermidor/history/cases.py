"""A table of past uprisings, split once and for all into what was known at the onset and what was observed later.

Only `Known` goes on to the rule that makes a scenario (country.py); nothing there can read an `Observed`.
"""
from __future__ import annotations

import csv
import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from ..faults import Fault, near

NEEDED = ("case_id", "country", "regime_type", "onset")
KNOWN = (*NEEDED, "population_m")
FALL, STAND = ("1", "1.0", "true", "yes"), ("0", "0.0", "false", "no")
MOST_BYTES, MOST_ROWS = 20_000_000, 50_000
TYPES = ("party", "personal", "military", "monarchy", "theocracy", "electoral", "other")


@dataclass(frozen=True)
class Known:
    """What could be known of a case on the day before its onset, as the table has it."""

    id: str
    country: str
    type: str  # one of TYPES
    onset: dt.date
    population: float | None  # persons


@dataclass(frozen=True)
class Observed:
    """What was seen of it later. None: the table does not say.

    fell: the group in power lost it.  peak: largest crowd, log10 of its share of residents.  duration: log10 of days from onset to
    outcome.  deaths, arrests: log10 of persons + 1.  Each with the table's own low and high as (low, best, high).
    """

    fell: bool | None
    peak: tuple[float, float, float] | None
    duration: tuple[float, float, float] | None
    deaths: tuple[float, float, float] | None
    arrests: tuple[float, float, float] | None


@dataclass(frozen=True)
class Case:
    known: Known
    observed: Observed

    @property
    def id(self) -> str:
        return self.known.id


def table(name: str) -> Path:
    """A table that comes with the package."""
    return Path(str(files(__package__) / "data" / name))


def rows(path: str | Path) -> list[dict[str, str]]:
    """Rows of a CSV file from a stranger: bounded, UTF-8, with a header."""
    path = Path(path)
    if not path.is_file():
        raise Fault(f"there is no table {path}.")
    if path.stat().st_size > MOST_BYTES:
        raise Fault(f"{path} has {path.stat().st_size:,} bytes; at most {MOST_BYTES:,}.")
    try:
        with path.open(encoding="utf-8-sig", newline="") as f:
            found = list(csv.DictReader(f))
    except (UnicodeDecodeError, csv.Error) as e:
        raise Fault(f"{path} is not a CSV file in UTF-8 ({e}).") from e
    if len(found) > MOST_ROWS:
        raise Fault(f"{path} has {len(found)} rows; at most {MOST_ROWS}.")
    return found


def read_cases(path: str | Path | None = None) -> tuple[list[Case], dict[str, str]]:
    """Cases of a file with the columns of cases.csv, and those that cannot be used with the reason.

    Needed: case_id, country, regime_type, onset (a date). All else may be missing. Raises Fault if a needed column is.
    """
    path = Path(path) if path else table("cases.csv")
    found = rows(path)
    header = list(found[0]) if found else []
    missing = [c for c in NEEDED if c not in header]
    if missing or not found:
        raise Fault([f"{path} has no column '{c}'.{near(c, header)}" for c in missing] or f"{path} has no rows.")
    cases, refused = [], {}
    for k, row in enumerate(found):
        name = (row.get("case_id") or "").strip() or f"row {k + 2}"
        try:
            if name in refused or any(c.id == name for c in cases):
                raise ValueError("case_id is given twice")
            cases.append(Case(_known(name, row), _observed(row)))
        except ValueError as e:
            refused[name] = str(e)
    return cases, refused


def regime_type(text: str) -> str:
    """The first of TYPES that a description names: 'party/military' is party, 'personal (competitive)' personal."""
    words = "".join(c if c.isalpha() else " " for c in text.lower()).split()
    return next((w for w in words if w in TYPES), "other")


def _known(name: str, row: Mapping[str, str]) -> Known:
    onset = _date(row.get("onset"), "onset")
    country = (row.get("country") or "").strip()
    if not country:
        raise ValueError("country is empty")
    if onset is None:
        raise ValueError("onset is empty; a date such as 2011-01-25 is needed")
    if not (row.get("regime_type") or "").strip():
        raise ValueError(f"regime_type is empty; allowed: {', '.join(TYPES)}")
    millions = _number(row.get("population_m"), "population_m")
    if millions is not None and not 0.01 <= millions <= 3000:
        raise ValueError(f"population_m = {millions:g} must lie between 0.01 and 3000")
    return Known(name, country, regime_type(row["regime_type"]), onset, None if millions is None else millions * 1e6)


def _observed(row: Mapping[str, str]) -> Observed:
    fell = (row.get("regime_fell") or "").strip().lower()
    if fell and fell not in FALL + STAND:
        raise ValueError(f"regime_fell = '{fell}' must be 1 or 0")
    days = _number(row.get("days_onset_to_outcome"), "days_onset_to_outcome")
    duration = None if days is None else (math.log10(max(days, 1.0)),) * 3
    return Observed(fell in FALL if fell else None, _three(row, "crowd_frac", share=True), duration, _three(row, "deaths"), _three(row, "arrests"))


def _three(row: Mapping[str, str], name: str, share: bool = False) -> tuple[float, float, float] | None:
    best = _number(row.get(f"{name}_best"), f"{name}_best")
    if best is None:
        return None
    low, high = (_number(row.get(f"{name}_{side}"), f"{name}_{side}") for side in ("low", "high"))
    scale = (lambda x: math.log10(max(x, 1e-5))) if share else (lambda x: math.log10(max(x, 0.0) + 1))
    return scale(best if low is None else low), scale(best), scale(best if high is None else high)


def _number(text: str | None, what: str) -> float | None:
    text = (text or "").strip()
    if not text:
        return None
    try:
        x = float(text)
    except ValueError:
        raise ValueError(f"{what} = '{text}' is no number") from None
    if not math.isfinite(x) or x < 0:
        raise ValueError(f"{what} = {text} must be a number of at least 0")
    return x


def _date(text: str | None, what: str) -> dt.date | None:
    text = (text or "").strip()
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise ValueError(f"{what} = '{text}' is no date such as 2011-01-25") from None
