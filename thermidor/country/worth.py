"""Which guesses of a country file are most worth replacing by facts.

Measured once, and not for each country anew: a personal regime of the median autocracy (USUAL) by
the rule, an uprising under way, whose fact was moved over the range that a first guess leaves; how
far that moved the chance that the regime ends, on the same luck. Three points may be luck,
so the lower half of the table is in no sure order. What matters where no uprising begins (money,
coups, succession) ranks low for it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from .worth_table import DAYS, FUTURES, POINTS

TEN = 10
MEASURED = (
    f"within {DAYS} days of an uprising moves over the range of a first guess. Measured once on "
    f"the median autocracy ({FUTURES} futures a side, so three points may be luck), not on this "
    "country; facts that are known here are left out."
)


class Worth(NamedTuple):
    """A guess. says: over which range.  points: of 100, by which the chance of an ending moves."""

    key: str
    says: str
    points: float


def worth(keys: Collection[str]) -> list[Worth]:
    """The guesses among these keys that move most, at most ten; those of provinces by `place.`."""
    found = [Worth(*row) for row in POINTS if row[0] in keys]
    return sorted(found, key=lambda w: -w.points)[:TEN]
