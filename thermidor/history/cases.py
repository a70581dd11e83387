"""A table of past uprisings, split once and for all into what was known at the onset and what was observed later.

Only `Known` goes on to the rule that makes a scenario (country.py); nothing there can read an `Observed`.
"""
from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from ..faults import near
from .cell import Row, shown
from .states import code, known_names
from .tablefile import read, table

NEEDED = ("case_id", "country", "regime_type", "onset")
KNOWN = (*NEEDED, "population_m")
SEEN = ("regime_fell", "outcome", "outcome_date", "days_onset_to_outcome",
        *(f"{what}_{side}" for what in ("crowd_frac", "crowd", "deaths", "arrests") for side in ("low", "best", "high")))
FALL, STAND = ("1", "1.0", "true", "yes"), ("0", "0.0", "false", "no")
FELL, STOOD = ("fall", "falls", "fell", "fallen"), ("survive", "survives", "survived", "stand", "stands", "stood")
TYPES = ("party", "personal", "military", "monarchy", "theocracy", "electoral", "other")
ALSO = {"personalist": "personal", "personalistic": "personal", "monarchic": "monarchy", "royal": "monarchy", "kingdom": "monarchy",
        "theocratic": "theocracy", "junta": "military", "partybased": "party"}
EARLIEST = dt.date(1789, 1, 1)  # no table of uprisings begins before
SAME_DAYS = 1  # by which a duration may differ from the dates, for tables that count both ends


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

    @property
    def last_day(self) -> dt.date:
        """The day of the outcome, or of the onset where no outcome is known."""
        days = self.observed.duration
        return self.known.onset + dt.timedelta(round(10 ** days[1]) if days else 0)


class CaseTable(NamedTuple):
    """A file of cases. refused: the reason by case.  not_used: columns that nothing reads.  notes: what was taken for what."""

    cases: list[Case]
    refused: dict[str, str]
    not_used: tuple[str, ...]
    notes: list[str]


def read_cases(path: str | Path | None = None) -> tuple[list[Case], dict[str, str]]:
    """Cases of a file with the columns of cases.csv, and those that cannot be used with the reason.

    Needed: case_id, country, regime_type, onset (a date). All else may be missing. Raises Fault if a needed column is.
    """
    return case_table(path)[:2]


def case_table(path: str | Path | None = None) -> CaseTable:
    """The same with the columns that are not used and with notes. The table of the package if path is left out.

    Where crowd_frac_* is missing the largest day is crowd_* over population_m; where regime_fell is, the ending is the first
    word of outcome; where days_onset_to_outcome is, the duration is outcome_date less onset.
    """
    found = read(path or table("cases.csv"), NEEDED, (*KNOWN[len(NEEDED):], *SEEN))
    cases: dict[str, Case] = {}
    refused: dict[str, str] = {}
    for row in found.rows:
        name = row.text("case_id") or f"row {row.line}"
        try:
            if row.fault:
                raise ValueError(row.fault)
            if name in cases or name in refused:
                raise ValueError("case_id is given twice")
            known = _known(name, row)
            cases[name] = Case(known, _observed(row, known))
        except ValueError as e:
            refused[name] = str(e)
    return CaseTable(list(cases.values()), refused, found.not_used, _notes(found.rows, list(cases.values())))


def regime_type(text: str) -> str:
    """The first of TYPES that a description names: 'party/military' is party, 'personal (competitive)' personal."""
    return _type(text) or "other"


def _type(text: str) -> str | None:
    words = "".join(c if c.isalpha() else " " for c in text.lower()).split()
    return next((w for w in (ALSO.get(w, w) for w in words) if w in TYPES), None)


def _notes(found: tuple[Row, ...], cases: list[Case]) -> list[str]:
    """What a reader of the scores must know of the table: words and names that nobody here knows, and cells without use."""
    types = Counter(t for row in found if (t := row.text("regime_type")) and _type(t) is None)
    notes = [f"regime_type {shown(t)} is taken as other ({n} row{'s' * (n > 1)}); known: {', '.join(TYPES)}."
             for t, n in sorted(types.items())]
    for name in sorted({c.known.country for c in cases if code(c.known.country) is None}):
        notes.append(f"country {shown(name)} is not known, so no pact and no revolution of the past is held against it."
                     + near(name, known_names()))
    crowds = sum(bool(row.text("crowd_best")) and not row.text("crowd_frac_best") and not row.text("population_m")
                 for row in found)
    if crowds:
        notes.append(f"crowd_best of {crowds} row{'s' * (crowds > 1)} is not used: without population_m it is no share of residents.")
    return notes


def _known(name: str, row: Row) -> Known:
    country, onset, kind = row.text("country"), row.date("onset"), row.text("regime_type")
    if not country:
        again = " (NA counts as empty; write Namibia or NAM)" if row.cells.get("country", "").upper() == "NA" else ""
        raise ValueError(f"country is empty{again}")
    if not any(c.isalpha() for c in country):
        raise ValueError(f"country = {shown(country)} is no name; write the name, or the ISO code such as EGY")
    if onset is None:
        raise ValueError("onset is empty; a date such as 2011-01-25 is needed")
    if onset < EARLIEST:
        raise ValueError(f"onset = {shown(row.text('onset'))} lies before {EARLIEST.year}")
    if not kind:
        raise ValueError(f"regime_type is empty; allowed: {', '.join(TYPES)}")
    millions = row.number("population_m", 0.01, 3000, "between 0.01 and 3000, in millions: 82 for 82,000,000")
    return Known(name, country, regime_type(kind), onset, None if millions is None else millions * 1e6)


def _observed(row: Row, known: Known) -> Observed:
    persons = known.population or math.inf
    peak = _three(row, "crowd_frac", 1.0, "a share of residents between 0 and 1: 0.02 for 2 of 100")
    if known.population:
        crowd = _three(row, "crowd", persons, f"persons, at most the {persons:,.0f} residents")
        if peak is None and crowd:
            peak = tuple(x / persons for x in crowd)
    counts = [_three(row, what, persons, f"persons, at least 0 and at most the {persons:,.0f} residents"
                     if known.population else "") for what in ("deaths", "arrests")]
    deaths, arrests = (None if x is None else tuple(math.log10(n + 1) for n in x) for x in counts)
    days = _days(row, known.onset)
    return Observed(_fell(row), None if peak is None else tuple(math.log10(max(x, 1e-5)) for x in peak),
                    None if days is None else (math.log10(max(days, 1.0)),) * 3, deaths, arrests)


def _fell(row: Row) -> bool | None:
    """Whether the regime fell: regime_fell, or the first word of outcome."""
    said, told = row.text("regime_fell").lower(), row.text("outcome").lower()
    word = next(iter("".join(c if c.isalpha() else " " for c in told).split()), "")
    if said and said not in FALL + STAND:
        raise ValueError(f"regime_fell = {shown(said)} must be 1 or 0")
    by_word = True if word in FELL else False if word in STOOD else None
    if said and by_word is not None and by_word != (said in FALL):
        raise ValueError(f"regime_fell = {said} and outcome = {shown(told)} contradict each other")
    if said:
        return said in FALL
    if told and by_word is None:
        raise ValueError(f"outcome = {shown(told)} begins with neither fall nor survive; say so, or give regime_fell as 1 or 0")
    return by_word


def _days(row: Row, onset: dt.date) -> float | None:
    """Days from onset to outcome: as given, or by the dates."""
    given, end = row.number("days_onset_to_outcome"), row.date("outcome_date")
    by_date = None if end is None else (end - onset).days
    if by_date is not None and by_date < 0:
        raise ValueError(f"outcome_date = {end} lies before the onset, {onset}")
    if given is None or by_date is None:
        limit = (dt.date.today() - onset).days
        if given is not None and given > limit + SAME_DAYS:
            raise ValueError(f"days_onset_to_outcome = {given:g}, but only {limit} days have passed since {onset}")
        return by_date if given is None else given
    if abs(given - by_date) > SAME_DAYS:
        raise ValueError(f"days_onset_to_outcome = {given:g}, but from {onset} to {end} it is {by_date} days")
    return given


def _three(row: Row, name: str, most: float, allowed: str) -> tuple[float, float, float] | None:
    """Low, best and high of a quantity, which lie in that order."""
    low, best, high = (row.number(f"{name}_{side}", 0.0, most, allowed) for side in ("low", "best", "high"))
    if best is None:
        return None
    low, high = best if low is None else low, best if high is None else high
    if not low <= best <= high:
        raise ValueError(f"{name}_low, {name}_best, {name}_high = {low:g}, {best:g}, {high:g} are not in that order")
    return low, best, high
