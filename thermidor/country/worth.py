"""Which guesses of a country file are most worth replacing by facts.

Measured once, and not for each country anew: a personal regime of the median autocracy (USUAL) by
the rule, whose fact was moved over the range that a first guess leaves; how far that moved the
chance that the regime ends, on the same luck. Of a place it is the residents' shares that were
moved.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from .worth_table import FUTURES, POINTS

TEN = 10
MEASURED = (
    f"moves over the range of a first guess. Measured once on the median autocracy ({FUTURES} "
    "futures a side, so a few points are luck), not on this country; facts that are known here are "
    "left out."
)


class Worth(NamedTuple):
    """A guess. says: over which range.  points: of 100, by which the chance of an ending moves."""

    key: str
    says: str
    points: float


def worth(keys: Collection[str], onset: bool) -> list[Worth]:
    """The guesses among these keys that move most, at most ten; those of provinces always count."""
    found = [
        Worth(key, says, abs(uprising if onset else quiet))
        for key, says, uprising, quiet in POINTS
        if key in keys or key.startswith("place.")
    ]
    return sorted(found, key=lambda w: -w.points)[:TEN]
