"""A state or a channel as declared, and the axes along which they are given."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

SHARE = re.compile(r"(share|chance)( of( the)? [a-z]+)?|0 or 1")
COUNTRY = "country"  # what has no axis is one number for the country

Recorded = Literal["daily", "last day", "by province", "never"]


@dataclass(frozen=True)
class Axis:
    """The names along which states and channels are given, such as the kinds of forces.

    members: their names, in order.  recorded: what the results hold of a state given by them: a
    series for each member ("daily"), a number for each on the last day ("last day"), or nothing.
    """

    members: tuple[str, ...]
    recorded: Recorded = "daily"

    def __post_init__(self) -> None:
        object.__setattr__(self, "members", tuple(self.members))


@dataclass(frozen=True)
class Quantity:
    """A state or a channel as declared: unit, meaning, and what it is given by (`country` for a
    single number).
    """

    unit: str
    why: str
    by: str = "country"
    cost: bool = False  # a cost to citizens, cumulated over the run
    low: float = -math.inf  # of a channel: what its listener hears at least, whatever is said
    high: float = math.inf

    @cached_property
    def is_share(self) -> bool:
        """Whether it is a part of something, or a chance, and so lies between 0 and 1."""
        return bool(SHARE.fullmatch(self.unit))


def state(unit: str, why: str, by: str = "country", cost: bool = False) -> Quantity:
    return Quantity(unit, why, by, cost)


def channel(
    unit: str, why: str, by: str = "country", low: float = -math.inf, high: float = math.inf
) -> Quantity:
    """A channel. What is said is heard within low and high, and no dated event may say more.

    The bounds are wide: outside of them no number makes sense.
    """
    return Quantity(unit, why, by, low=low, high=high)


def when(condition: bool, size: float = 1.0) -> float:
    """What a step returns for something that it tells: its size if it happened, else NaN."""
    return float(size) if condition else math.nan


def axes_of(by: str) -> list[str]:
    """The axes of a quantity: none, one, or several, as in "fate x province"."""
    return [] if by == COUNTRY else by.split(" x ")


def faults(name: str, q: Quantity) -> Iterable[str]:
    """What is wrong with a state or channel as declared."""
    if not q.low <= 0.0 <= q.high:
        yield (
            f"'{name}' has the bounds {q.low} to {q.high}, which leave out 0: "
            "what is heard when nobody speaks."
        )
