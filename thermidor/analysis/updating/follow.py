"""Observations followed day by day, with futures that branch where few would be left: sequential
importance resampling (Gordon, Salmond and Smith 1993).

Particles are played to the day of the next observations and weighed by them (update.1). Where the
effective sample falls under half of their number, as many are drawn anew by weight (systematic
resampling, Kitagawa 1996); each goes on from the moment of the one that it was drawn from, with
luck of its own, and all weights are equal again. Ancestors keep their assumptions, so how many of
them are left is told too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, NamedTuple, TypeVar

import numpy as np

from ...chance.draws import Draw
from .weights import Sighting, Values, effective, log_weights, normal

P = TypeVar("P")
KEPT = 0.5  # of the particles: an effective sample below it has them drawn anew


class Stage(NamedTuple):
    """A day of observations. effective: sample after them.  drawn: whether it was drawn anew."""

    day: int
    effective: float
    drawn: bool


class Followed(NamedTuple, Generic[P]):
    """Particles with their weights (to one), the number that each began as, the number of the luck
    with which it goes on (0: its own), and the stages.
    """

    particles: list[P]
    weights: Values
    ancestors: list[int]
    luck: list[int]
    stages: list[Stage]


def follow(
    first: Sequence[P],
    at: Sequence[Sighting],
    play: Callable[[P, int, int], P],
    read: Callable[[P, Sequence[Sighting]], Sequence[float]],
    seed: int,
    missed: Callable[[Sequence[Sighting], Values, Sequence[int]], None] | None = None,
) -> Followed[P]:
    """Particles that have met all observations.

    play: takes a particle to a day, with the luck of a number (0: its own).  read: what it has for
    observations of that day, NaN where it has ended.  missed: is given what was read of each day.
    """
    some, ancestors, size = list(first), list(range(len(first))), len(first)
    log, luck = np.zeros(size), [0] * size
    stages: list[Stage] = []
    for day in sorted({s.day for s in at}):
        today = [s for s in at if s.day == day]
        some = [play(p, day, number) for p, number in zip(some, luck, strict=True)]
        values = np.array([read(p, today) for p in some], float)
        if missed:
            missed(today, values, ancestors)
        log = log + log_weights(today, values)
        w = normal(log)
        n = effective(w)
        few = 0 < n < KEPT * size
        stages.append(Stage(day, n, few))
        if few:
            u = Draw(seed, day, "update").uniform("resample")
            drawn = systematic(w, u)
            some, ancestors = [some[k] for k in drawn], [ancestors[k] for k in drawn]
            log = np.zeros(size)
            luck = [len(stages) * size + k + 1 for k in range(size)]
    return Followed(some, normal(log), ancestors, luck, stages)


def systematic(w: Values, u: float) -> list[int]:
    """As many numbers as there are weights, each as often as its weight to one: by equal steps from
    a first point u in (0, 1).
    """
    points = (np.arange(len(w)) + u) / len(w)
    return [int(k) for k in np.minimum(np.searchsorted(np.cumsum(w), points), len(w) - 1)]
