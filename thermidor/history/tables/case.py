"""A past uprising: what was known at its onset, and what was observed later, split for good.

Only `Known` goes on to the rule that makes a scenario (country/rule.py); nothing there can
read an `Observed`.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from dataclasses import dataclass

from .cell import Row, shown

TYPES = ("party", "personal", "military", "monarchy", "theocracy", "electoral", "other")
ALSO = {
    "personalist": "personal",
    "personalistic": "personal",
    "monarchic": "monarchy",
    "royal": "monarchy",
    "kingdom": "monarchy",
    "theocratic": "theocracy",
    "junta": "military",
    "partybased": "party",
}
FALL, STAND = ("1", "1.0", "true", "yes"), ("0", "0.0", "false", "no")
FELL = ("fall", "falls", "fell", "fallen")
STOOD = ("survive", "survives", "survived", "stand", "stands", "stood")
EARLIEST = dt.date(1789, 1, 1)  # no table of uprisings begins before
SAME_DAYS = 1  # by which a duration may differ from the dates, for tables that count both ends
Three = tuple[float, float, float]  # low, best, high


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

    fell: the group in power lost it.  peak: largest crowd, log10 of its share of residents.
    duration: log10 of days from onset to outcome.  deaths, arrests: log10 of persons + 1.  Each
    with the table's own low and high as (low, best, high).
    """

    fell: bool | None
    peak: Three | None
    duration: Three | None
    deaths: Three | None
    arrests: Three | None


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


def regime_type(text: str) -> str:
    """The first of TYPES that a description names; 'party/military' is party, 'oligarchy' other."""
    return named_type(text) or "other"


def named_type(text: str) -> str | None:
    """The same, or None where it names none."""
    words = "".join(c if c.isalpha() else " " for c in text.lower()).split()
    return next((w for w in (ALSO.get(w, w) for w in words) if w in TYPES), None)


def known(name: str, row: Row) -> Known:
    """What a row says of the day before. Raises ValueError where it says too little."""
    country, onset, kind = row.text("country"), row.date("onset"), row.text("regime_type")
    if not country:
        namibia = row.cells.get("country", "").upper() == "NA"
        hint = " (NA counts as empty; write Namibia or NAM)" if namibia else ""
        raise ValueError(f"country is empty{hint}")
    if not any(c.isalpha() for c in country):
        raise ValueError(
            f"country = {shown(country)} is no name; write the name, or the ISO code such as EGY"
        )
    if onset is None:
        raise ValueError("onset is empty; a date such as 2011-01-25 is needed")
    if onset < EARLIEST:
        raise ValueError(f"onset = {shown(row.text('onset'))} lies before {EARLIEST.year}")
    if not kind:
        raise ValueError(f"regime_type is empty; allowed: {', '.join(TYPES)}")
    allowed = "between 0.01 and 3000, in millions: 82 for 82,000,000"
    millions = row.number("population_m", 0.01, 3000, allowed)
    persons = None if millions is None else millions * 1e6
    return Known(name, country, regime_type(kind), onset, persons)


def observed(row: Row, before: Known) -> Observed:
    """What a row says of the uprising. Raises ValueError where that cannot be."""
    persons = before.population or math.inf
    some = f"between 0 and the {persons:,.0f} residents" if before.population else ""
    share = "a share of residents between 0 and 1: 0.02 for 2 of 100"
    peak = _three(row, "crowd_frac", 1.0, share)
    crowd = _three(row, "crowd", persons, some) if before.population else None
    if peak is None and crowd:
        peak = (crowd[0] / persons, crowd[1] / persons, crowd[2] / persons)
    deaths, arrests = (_three(row, what, persons, some) for what in ("deaths", "arrests"))
    days = _days(row, before.onset)
    return Observed(
        _fell(row),
        _logs(peak, lambda x: max(x, 1e-5)),
        _logs(None if days is None else (days, days, days), lambda x: max(x, 1.0)),
        _logs(deaths, lambda x: x + 1),
        _logs(arrests, lambda x: x + 1),
    )


def _logs(three: Three | None, shifted: Callable[[float], float]) -> Three | None:
    if three is None:
        return None
    low, best, high = (math.log10(shifted(x)) for x in three)
    return low, best, high


def _fell(row: Row) -> bool | None:
    """Whether the regime fell: regime_fell, or the first word of outcome."""
    said, told = row.text("regime_fell").lower(), row.text("outcome").lower()
    word = next(iter("".join(c if c.isalpha() else " " for c in told).split()), "")
    by_word = {**dict.fromkeys(FELL, True), **dict.fromkeys(STOOD, False)}.get(word)
    if said and said not in FALL + STAND:
        raise ValueError(f"regime_fell = {shown(said)} must be 1 or 0")
    if said and by_word is not None and by_word != (said in FALL):
        raise ValueError(f"regime_fell = {said} and outcome = {shown(told)} contradict each other")
    if said:
        return said in FALL
    if told and by_word is None:
        raise ValueError(
            f"outcome = {shown(told)} begins with neither fall nor survive; say so, "
            "or give regime_fell as 1 or 0"
        )
    return by_word


def _days(row: Row, onset: dt.date) -> float | None:
    """Days from onset to outcome: as given, or by the dates."""
    given, end = row.number("days_onset_to_outcome"), row.date("outcome_date")
    by_date = None if end is None else (end - onset).days
    passed = (dt.date.today() - onset).days
    if by_date is not None and by_date < 0:
        raise ValueError(f"outcome_date = {end} lies before the onset, {onset}")
    if given is None:
        return by_date
    if given > passed + SAME_DAYS:
        raise ValueError(
            f"days_onset_to_outcome = {given:g}, but only {passed} days have passed since {onset}"
        )
    if by_date is not None and abs(given - by_date) > SAME_DAYS:
        raise ValueError(
            f"days_onset_to_outcome = {given:g}, but from {onset} to {end} it is {by_date} days"
        )
    return given


def _three(row: Row, name: str, most: float, allowed: str) -> Three | None:
    """Low, best and high of a quantity, which lie in that order."""
    low, best, high = (
        row.number(f"{name}_{side}", 0.0, most, allowed) for side in ("low", "best", "high")
    )
    if best is None:
        return None
    low, high = best if low is None else low, best if high is None else high
    if not low <= best <= high:
        raise ValueError(
            f"{name}_low, {name}_best, {name}_high = {low:g}, {best:g}, {high:g} are "
            "not in that order"
        )
    return low, best, high
