"""Names along which states and channels are given, each with its place in an array.

`spending[USE.patronage]` is what is spent on patronage. The mechanism that owns the states of an
axis declares it; provinces, groups of people and fronts are the place's own.
"""

from __future__ import annotations

from typing import NamedTuple

SEXES = ("men", "women")
AGES = ("children", "young", "adult", "old")
MINORITY = ("majority", "minority")
GROUPS = tuple(
    f"{a} {s} {m}" for m in MINORITY for a in AGES for s in SEXES
)  # index: sex + 2 age + 8 minority


class Kind(NamedTuple):
    """Kinds of forces."""

    police: int = 0
    militia: int = 1
    guards: int = 2
    army: int = 3


class Faction(NamedTuple):
    """Factions of the winning coalition."""

    clerics: int = 0
    generals: int = 1
    technocrats: int = 2
    cronies: int = 3


class Use(NamedTuple):
    """Uses of the treasury's money."""

    forces: int = 0
    patronage: int = 1
    public: int = 2
    propaganda: int = 3
    proxies: int = 4
    programme: int = 5
    siphoned: int = 6


class Target(NamedTuple):
    """Targets of strikes from outside."""

    programme: int = 0
    military: int = 1
    guards: int = 2
    broadcaster: int = 3
    leadership: int = 4
    economy: int = 5


class Fate(NamedTuple):
    """What force does to people in the street."""

    killed: int = 0
    arrested: int = 1


KIND, FACTION, USE, TARGET, FATE = Kind(), Faction(), Use(), Target(), Fate()
