"""Whether a box holds in futures that it was not found in.

The futures are halved at random, ten times. In each half a box is looked for from the start, and
tried on the other. The chance that all this is luck comes from the futures of the other halves: of
each halving a chance, and twice their median holds for all (Meinshausen, Meier and Buhlmann 2009).
An input is stable if most of the twenty boxes have it (Meinshausen and Buhlmann 2010).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .boxes import Box, both, candidates

HALVINGS = 10
MOST = 4_000  # futures of a half in which a box is looked for


class Held(NamedTuple):
    """How boxes from halves did in the other halves.

    luck: chance of boxes that hold as well by luck.  density, coverage: low, median and high (90 of
    100 boxes) of the shares of futures of a box that end so, and of those that end so in it; NaN
    where none was found.  has: for each input of the sample, in how many boxes it is.  ends: low
    and high limits of those.  boxes: looked for.
    """

    luck: float
    density: tuple[float, float, float]
    coverage: tuple[float, float, float]
    has: dict[int, int]
    ends: dict[int, tuple[list[float], list[float]]]
    boxes: int


def halves(
    x: NDArray[np.float64],
    y: NDArray[np.bool_],
    cluster: NDArray[np.int64],
    seed: int = 1,
    halvings: int = HALVINGS,
    tick: Callable[[int, int], None] = lambda done, of: None,
) -> Held:
    """Boxes from halves of the futures, tried on the others.

    cluster: futures with equal numbers share what they assume, and stay together: int64[n].
    """
    from scipy.stats import norm

    rng = np.random.default_rng(seed)
    groups, own = np.unique(cluster, return_inverse=True)
    alike = math.sqrt(len(y) / len(groups))  # futures that share inputs count as one
    chances, density, coverage = [], [], []
    has: dict[int, int] = {}
    ends: dict[int, tuple[list[float], list[float]]] = {}
    for k in range(halvings):
        first = np.isin(own, rng.permutation(len(groups))[: len(groups) // 2])
        more = spread = 0.0
        for half in (first, ~first):
            box = _found(x[half], y[half], rng)
            tick(2 * k + int(half is not first) + 1, 2 * halvings)
            other = ~half
            inside, so = box.holds(x[other]), y[other]
            m, of, n = int(inside.sum()), int(so.sum()), len(so)
            hit = int((inside & so).sum())
            if not box.limits or not m:
                continue
            more += hit - m * of / n
            spread += m * (of / n) * (1 - of / n) * (n - m) / max(1, n - 1)
            density.append(hit / m)
            coverage.append(hit / max(1, of))
            for limit in box.limits:
                has[limit.at] = has.get(limit.at, 0) + 1
                low, high = ends.setdefault(limit.at, ([], []))
                low.append(limit.low)
                high.append(limit.high)
        chances.append(float(norm.sf(more / math.sqrt(spread) / alike)) if spread else 1.0)
    return Held(
        min(1.0, 2 * float(np.median(chances))),
        _range(density),
        _range(coverage),
        has,
        ends,
        2 * halvings,
    )


def _found(x: NDArray[np.float64], y: NDArray[np.bool_], rng: np.random.Generator) -> Box:
    if len(y) > MOST:
        some = rng.choice(len(y), MOST, replace=False)
        x, y = x[some], y[some]
    if min(y.sum(), (~y).sum()) < 5:
        return Box(())
    return both(x, y, candidates(x, y))[0]


def _range(values: list[float]) -> tuple[float, float, float]:
    if not values:
        return math.nan, math.nan, math.nan
    low, median, high = np.quantile(values, [0.05, 0.5, 0.95])
    return float(low), float(median), float(high)
