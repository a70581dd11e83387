"""What is read off a future for the gate of effects: two numbers a future, of which the first is
summed over futures and divided by the sum of the second.

    value = sum of top / sum of bottom                                                (effects.1)

A chance of every future has a bottom of 1; a chance given something counts only the futures in
which that came. A coup is counted by its daily chances (`coup_risk`), which have the same mean over
futures as the count of coups and much less luck in them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from ...engine.run import Run
from .arms import outside, years
from .lives import record

# A day of unrest: as many in the street as on the largest day of the smallest uprising of
# cases.csv, share of residents.
UNREST = 10**-3.6
QUIET = 7  # days without one after which another is a new event
LARGE = 0.035  # share of residents; the threshold of E32
LEAST = 1e-7  # share of residents, of which a logarithm is taken
# successors that are a democracy, by ending: E14 and its note; of a pact: judgement
DEMOCRACY = {"uprising": 0.605, "coup": 0.09, "pact": 1.0}

Seen = tuple[float, float]


class Future(NamedTuple):
    """A future, the type of its country, and the days that are looked at, both counted."""

    run: Run
    kind: str
    first: int
    last: int

    @property
    def lives(self) -> bool:
        """Whether the regime is in power when the span begins."""
        return self.run.day >= self.first

    def within(self, name: str) -> np.ndarray:
        """A daily series over the span, as far as the regime lives."""
        return self.run[name][self.first : self.last + 1]

    def gained(self, name: str) -> float:
        """What a series that only grows has gained in the span."""
        series = self.run[name]
        return float(series[min(self.last, len(series) - 1)] - series[self.first - 1])

    def ends(self, *how: str) -> float:
        """1 if it ends in the span, in one of these ways."""
        return float(self.run.ending in how and self.first <= self.run.day <= self.last)

    def by_chance(self, weights: dict[str, float]) -> float:
        """Endings in the span by their weights, coups by their daily chances."""
        if not self.lives:
            return 0.0
        coups = weights.get("coup", 0.0) * self.gained("coup_risk")
        return coups + sum(w * self.ends(how) for how, w in weights.items() if how != "coup")


Reading = Callable[[Future], Seen]
AT_HOME = dict.fromkeys(("coup", "uprising", "collapse", "pact"), 1.0)
ALL = {**AT_HOME, "imposed": 1.0}


def falls(f: Future) -> Seen:
    """Regimes that end, of those in power at its beginning."""
    return f.by_chance(ALL), float(f.lives)


def falls_at_home(f: Future) -> Seen:
    """Regimes that end, but not by forces from outside, of those in power at its beginning."""
    return f.by_chance(AT_HOME), float(f.lives)


def ends(f: Future) -> Seen:
    """Regimes that end, endings that no mechanism follows put in at their rate (gate.1)."""
    here = f.by_chance(ALL)
    return here + (1 - here) * _elsewhere(f), float(f.lives)


def lasts(f: Future) -> Seen:
    """Regimes that are in power at the end, those other endings put in as well."""
    top, bottom = ends(f)
    return bottom - top, bottom


def uprisings(f: Future) -> Seen:
    """Regimes that are ended by an uprising."""
    return f.ends("uprising"), float(f.lives)


def by_uprising(f: Future) -> Seen:
    """Share of the endings that are uprisings."""
    return f.ends("uprising") * (1 - _elsewhere(f) / 2), ends(f)[0]


def democracies(f: Future) -> Seen:
    """Regimes followed by a democracy, by the shares of E14 for each way to end."""
    return f.by_chance(DEMOCRACY), float(f.lives)


def lasts_without(f: Future) -> Seen:
    """Regimes that are in power a year after their leader's death, of those whose leader died."""
    then = _year_after_death(f)
    return lasts(then) if then else (0.0, 0.0)


def democracies_without(f: Future) -> Seen:
    """Regimes followed by a democracy within a year of their leader's death."""
    then = _year_after_death(f)
    return democracies(then) if then else (0.0, 0.0)


def attempts(f: Future) -> Seen:
    """Regimes against which a coup is attempted."""
    return float(f.lives and f.gained("attempts") > 0), float(f.lives)


def success(f: Future) -> Seen:
    """Attempts of a coup that succeed."""
    return f.ends("coup"), f.gained("attempts") if f.lives else 0.0


def unrest(f: Future) -> Seen:
    """Regimes that see a day of unrest."""
    return float(f.lives and f.within("turnout_country").max() >= UNREST), float(f.lives)


def events(f: Future) -> Seen:
    """Events of unrest a month: days of unrest after a quiet week."""
    unquiet = np.flatnonzero(f.run["turnout_country"] >= UNREST)
    new = unquiet[np.diff(unquiet, prepend=-QUIET - 1) > QUIET]
    lived = max(0, min(f.last, f.run.day) - f.first + 1)
    return float(((new >= f.first) & (new <= f.last)).sum()), 12 * years(1, lived) if lived else 0.0


def crowd(f: Future) -> Seen:
    """Turnout, mean of its logarithm (to base 10) over the span."""
    if not f.lives:
        return 0.0, 0.0
    return float(np.log10(np.maximum(f.within("turnout_country"), LEAST)).mean()), 1.0


def largest(f: Future) -> Seen:
    """The largest crowd, natural logarithm of its share of residents."""
    if not f.lives:
        return 0.0, 0.0
    return math.log(max(LEAST, float(f.within("turnout_country").max()))), 1.0


def support(f: Future) -> Seen:
    """Residents who are for the regime in private, mean share over the span."""
    return (1 - float(f.within("opposition").mean()), 1.0) if f.lives else (0.0, 0.0)


def large_falls(f: Future) -> Seen:
    """Regimes that end, of those that saw a crowd above the threshold of E32."""
    large = f.run["turnout_country"].max() > LARGE
    return falls(f)[0] * large, float(large)


def small_falls(f: Future) -> Seen:
    """Regimes that end, of those that saw no such crowd."""
    small = f.run["turnout_country"].max() <= LARGE
    return falls(f)[0] * small, float(small)


def deals(f: Future) -> Seen:
    """Regimes that sign what outsiders ask for."""
    return float(f.gained("deals") > 0), 1.0


def broken(f: Future) -> Seen:
    """Deals that are broken, of the first that are signed."""
    signed = float(f.gained("deals") > 0)
    return signed * float(f.gained("breached") > 0), signed


def exile(f: Future) -> Seen:
    """Rulers who leave under guarantees, of those who lose power."""
    lost = f.ends(*ALL)
    left = f.ends("pact") and float(f.run["leaving"][-1]) > 0
    return float(left), lost


def says(name: str) -> str:
    """What a quantity is, in words."""
    return " ".join((QUANTITIES[name].__doc__ or name).split()).rstrip(".").lower()


def _year_after_death(f: Future) -> Future | None:
    """The future, looked at over the year from the first death of a leader in the span."""
    deaths = np.flatnonzero(np.diff(f.run["successions"]) > 0) + 1
    day = next((int(d) for d in deaths if f.first <= d <= f.last), None)
    return f._replace(first=day, last=day + 364) if day else None


def _elsewhere(f: Future) -> float:
    return outside(record()[f.kind]["rate"], f.first, f.last)


QUANTITIES: dict[str, Reading] = {
    q.__name__: q
    for q in (
        falls,
        falls_at_home,
        ends,
        lasts,
        uprisings,
        by_uprising,
        democracies,
        lasts_without,
        democracies_without,
        attempts,
        success,
        unrest,
        events,
        crowd,
        largest,
        support,
        large_falls,
        small_falls,
        deals,
        broken,
        exile,
    )
}
