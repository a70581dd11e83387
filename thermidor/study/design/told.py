"""What a design tells of an outcome: the mean at each point, its effect against the scenario as it
stands, and whether the points differ by more than luck.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ...support.arrays import Array
from .. import stats

SHUFFLES = 999
AT_MOST = 200_000_000  # values that are shuffled in all: of a large design fewer times
FEWEST_SHUFFLES = 99
MOST_FUTURES = 1_000_000  # at each point, beyond which no number is named


@dataclass(frozen=True)
class Told:
    """An outcome over the points of a design.

    means: of each point, with its interval.  effects: mean differences from point 0 on the same
    luck, if that is the scenario as it stands, or points are told by them.  chance: of points that
    differ so much by luck alone; NaN where it cannot be told.  needed: futures at each point that
    would tell, about.  apart: points are told by what they differ from the first, as costs are.
    """

    outcome: str
    means: list[stats.Interval]
    effects: list[stats.Interval] | None
    chance: float
    needed: int | None
    apart: bool = False

    def told(self, point: int) -> stats.Interval:
        """What a table shows of a point: its mean, or its difference from the first."""
        return self.effects[point] if self.apart and self.effects and point else self.means[point]

    @property
    def differ(self) -> bool:
        """Whether the points differ by more than luck."""
        return self.chance < 0.05


def told(outcome: str, values: Array, based: bool, apart: Array | None = None) -> Told:
    """values: float64[luck, point]; NaN where a future has no value.  apart: what each differs from
    the first point of its luck, where that is what points are compared by.
    """
    compared = values if apart is None else apart
    whole = compared[np.isfinite(compared).all(1)]
    chance = by_luck(whole)
    needed = None if not chance >= 0.05 else to_tell(whole)
    if apart is not None:
        own, more = ([_mean(x, False) for x in some.T] for some in (values, apart))
        return Told(outcome, own, more, chance, needed, apart=True)
    binary = set(np.unique(values[np.isfinite(values)])) <= {0.0, 1.0}
    means = [_mean(values[:, k], binary) for k in range(values.shape[1])]
    effects = None
    if based:
        effects = [_effect(values[:, k], values[:, 0], binary) for k in range(values.shape[1])]
    return Told(outcome, means, effects, chance, needed)


def _mean(x: Array, binary: bool) -> stats.Interval:
    x = x[np.isfinite(x)]
    return stats.share(int(x.sum()), len(x)) if binary and len(x) else stats.mean(x)


def _effect(x: Array, base: Array, binary: bool) -> stats.Interval:
    both = np.isfinite(x) & np.isfinite(base)
    if not both.any():
        return stats.Interval(math.nan, math.nan, math.nan)
    return stats.paired(x[both], base[both], binary)


def by_luck(values: Array) -> float:
    """The chance that the means of points differ as much if all points are alike: the values of
    each luck are shuffled over the points, which is exact whatever their distribution.

    values: float64[luck, point].  NaN with fewer than two lucks or points.
    """
    lucks, points = values.shape
    if lucks < 2 or points < 2:
        return math.nan
    if np.ptp(values, axis=1).max() == 0:
        return 1.0
    spread = values.mean(0).var()
    rng = np.random.default_rng(0)
    times = max(FEWEST_SHUFFLES, min(SHUFFLES, AT_MOST // values.size))
    as_much = sum(
        rng.permuted(values, axis=1).mean(0).var() >= spread * (1 - 1e-12) for _ in range(times)
    )
    return (1 + as_much) / (1 + times)


def to_tell(values: Array) -> int | None:
    """Futures at each point with which differences as large as those seen would be told (chance 5
    of 100, power 80): about, from the noncentral chi-square of the variance between points. None
    where the points differ by no more than luck makes them, or too many would be needed.

    values: float64[luck, point].
    """
    from scipy.optimize import brentq
    from scipy.stats import chi2, ncx2

    lucks, points = values.shape
    if lucks < 2 or points < 2:
        return None
    rest = values - values.mean(1, keepdims=True) - values.mean(0) + values.mean()
    noise = (rest**2).sum() / ((lucks - 1) * (points - 1))
    between = values.mean(0).var(ddof=1) - noise / lucks
    if between <= 0:
        return None
    limit = chi2.ppf(0.95, points - 1)
    wanted = brentq(lambda x: ncx2.sf(limit, points - 1, x) - 0.8, 1e-6, 1e6)
    needed = math.ceil(wanted * noise / (between * (points - 1)))
    return max(lucks + 1, needed) if needed <= MOST_FUTURES else None
