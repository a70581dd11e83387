"""Which observation would tell best whose beliefs hold: a daily series on a day soon.

A series on a day tells two people's futures apart as well as it tells a future of one from one of
the other: the chance that B's has the higher value (Mann and Whitney 1947). It is chosen on half of
the futures and judged on the other half, so that the best of many is not taken at its word. Only
what somebody outside can see is looked at (scenario/argument/observable.py).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from ...scenario.argument.observable import observable
from ...study import stats
from ...support.arrays import Array

FEWEST = 10  # futures of each, in each half


@dataclass(frozen=True)
class Observation:
    """series, day: what to look at, and when.  higher: chance that a future of B has the higher
    value than one of A, 0 to 1, from futures on which it was not chosen.  a, b: median of each.
    """

    series: str
    day: int
    higher: stats.Interval
    a: float
    b: float
    needed: int | None

    @property
    def told(self) -> bool:
        return not self.higher.low <= 0.5 <= self.higher.high

    def to_dict(self) -> dict[str, Any]:
        return {
            "series": self.series,
            "day": self.day,
            "higher": self.higher.as_dict("mean"),
            "a": self.a,
            "b": self.b,
            "told": self.told,
            "needed": self.needed,
        }


def apart(a: pl.LazyFrame, b: pl.LazyFrame, within: int) -> Observation | None:
    """The series that can be seen, and its day among the first `within`, that tells two people's
    futures apart best; None if there are too few futures, or nothing differs.

    a, b: daily series of the futures of each.
    """
    days = sorted({max(1, round(within * k / 4)) for k in (1, 2, 3, 4)})
    best: tuple[float, str, int] | None = None
    sides: dict[int, tuple[pl.DataFrame, pl.DataFrame]] = {}
    for day in days:
        one, two = (x.filter(pl.col("day") == day).collect() for x in (a, b))
        sides[day] = one, two
        for name in observable(c for c in one.columns if c in two.columns):
            x, y = _half(one, name, 0), _half(two, name, 0)
            if min(len(x), len(y)) < FEWEST:
                continue
            size = abs(higher(x, y) - 0.5)
            if size > 0 and (best is None or size > best[0] + 1e-12):
                best = size, name, day
    if best is None:
        return None
    _, name, day = best
    one, two = sides[day]
    x, y = _half(one, name, 1), _half(two, name, 1)
    if min(len(x), len(y)) < FEWEST:
        return None
    told = _interval(higher(x, y), len(x), len(y))
    needed = None
    if told.low <= 0.5 <= told.high:
        needed = stats.pairs_to_settle(told, len(x) + len(y), 0.5)
    return Observation(name, day, told, float(np.median(x)), float(np.median(y)), needed)


def higher(x: Array, y: Array) -> float:
    """The chance that one of y is higher than one of x, ties by half."""
    from scipy.stats import rankdata

    ranks = rankdata(np.concatenate([x, y]))
    n, m = len(x), len(y)
    return float((ranks[n:].sum() - m * (m + 1) / 2) / (n * m))


def _interval(p: float, n: int, m: int) -> stats.Interval:
    """Its 95 % interval (Hanley and McNeil 1982)."""
    q = max(p, 1 - p)
    one, two = q / (2 - q), 2 * q * q / (1 + q)
    variance = (q * (1 - q) + (m - 1) * (one - q * q) + (n - 1) * (two - q * q)) / (n * m)
    width = stats.Z95 * math.sqrt(max(variance, 0.0))
    return stats.Interval(p, max(0.0, p - width), min(1.0, p + width))


def _half(table: pl.DataFrame, name: str, which: int) -> Array:
    """The values of the futures with even or with odd numbers."""
    x = table.filter(pl.col("run") % 2 == which)[name].to_numpy().astype(np.float64)
    return x[np.isfinite(x)]


def as_it_is(arms: dict[str, Any], of: Sequence[str]) -> str:
    """The side of a claim that is the country as it is, or else one of those tested."""
    bare = [name for name, arm in arms.items() if not arm.set and not arm.switched_off]
    return bare[0] if bare else of[-1]
