"""A rare ending: in which part of an assumption's range are the futures that end so?

Variance says little of what happens in few futures. Regional analysis (Spear and Hornberger 1980)
asks of each input how far its distribution in the futures that end so lies from that in the others:
D = sup_x |F(x | so) - F(x | not so)|, Kolmogorov and Smirnov's distance, 0 to 1. What luck gives is
found by permuting which futures ended so, the largest of all inputs each time.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...study.stats import Interval
from .given import LEVEL, PERMUTATIONS, ranks

RARE = 0.1  # share of futures below which an ending is taken for rare
FEWEST = 5  # futures of the rarer side below which nothing can be told
WORTH = 0.25  # a distance that a study should not miss
RESAMPLES = 200


class Shift(NamedTuple):
    """How the futures that end so lie along one input.

    distance: D, its bias taken off by a bootstrap, with an interval.  luck: chance that the largest
    of all inputs would be as large by luck.  at: the value where the distributions are furthest
    apart.  so, other: shares of futures above it, of those that end so and of the others.
    """

    distance: Interval
    luck: float
    at: float
    so: float
    other: float


class Regions(NamedTuple):
    """Inputs, in the order given. distance, luck: float64[inputs]; critical: D beyond luck."""

    distance: NDArray[np.float64]
    luck: NDArray[np.float64]
    critical: float
    place: NDArray[np.int64]


def regions(x: NDArray[np.float64], so: NDArray[np.bool_], seed: int = 1) -> Regions:
    """Distances of all inputs x, float64[n, inputs], against luck; so: bool[n].

    Raises ValueError where fewer than five futures are on one side.
    """
    n, m = len(so), int(so.sum())
    if min(m, n - m) < FEWEST:
        raise ValueError("too few futures on one side")
    few = so if 2 * m <= n else ~so  # the same distance from either side, and the rarer is quicker
    rng = np.random.default_rng(seed)
    place = ranks(x, rng)
    own = distances(place[few], n)
    highest = np.array(
        [
            distances(place[rng.choice(n, int(few.sum()), replace=False)], n).max()
            for _ in range(PERMUTATIONS)
        ]
    )
    beyond = (highest[None, :] >= own[:, None] - 1e-12).sum(axis=1)
    luck = (1 + beyond) / (1 + PERMUTATIONS)
    return Regions(own, luck, float(np.quantile(highest, 1 - LEVEL)), place)


def distances(place: NDArray[np.int64], n: int) -> NDArray[np.float64]:
    """D by input from the places of the futures on one side, int64[m, inputs], among all n."""
    m = len(place)
    at = np.sort(place, axis=0)
    own = np.arange(m)[:, None]
    rest = max(1, n - m)
    after = (own + 1) / m - (at - own) / rest
    before = (at - own) / rest - own / m
    return np.asarray(np.maximum(after, before).max(axis=0), float)


def shift(
    x: NDArray[np.float64], so: NDArray[np.bool_], luck: float, distance: float, seed: int = 1
) -> Shift:
    """One input in full, float64[n], with its interval."""
    rng = np.random.default_rng(seed)
    yes, no = x[so], x[~so]
    again = np.array(
        [gap(rng.choice(yes, len(yes)), rng.choice(no, len(no)))[0] for _ in range(RESAMPLES)]
    )
    value = float(np.clip(2 * distance - again.mean(), 0, 1))
    width = 1.96 * float(again.std(ddof=1))
    at = gap(yes, no)[1]
    return Shift(
        Interval(value, max(0.0, value - width), min(1.0, value + width)),
        luck,
        at,
        float((yes > at).mean()),
        float((no > at).mean()),
    )


def gap(yes: NDArray[np.float64], no: NDArray[np.float64]) -> tuple[float, float]:
    """Kolmogorov and Smirnov's distance of two samples, and the value where it is largest."""
    from scipy.stats import ks_2samp

    found = ks_2samp(yes, no, method="asymp")
    return float(found.statistic), float(found.statistic_location)


def enough(critical: float, so: NDArray[np.bool_], worth: float = WORTH) -> int:
    """Futures in which a distance of this size would be named four times of five, in two figures.

    D is beyond luck where D sqrt(m (n - m)/n) clears a height that changes little with n; 0.84 of
    its standard deviation (at most 1/2) more gives four of five.
    """
    n, m = len(so), int(so.sum())
    height = critical * math.sqrt(m * (n - m) / n) + 0.84 / 2
    both = m * (n - m) / n**2
    return int(float(f"{(height / worth) ** 2 / both:.2g}"))
