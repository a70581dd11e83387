"""Intervals and tests, from SciPy."""

from __future__ import annotations

import math
import warnings
from typing import NamedTuple

import numpy as np

Z95 = 1.959963984540054
# relative; the plain and the compiled loop may differ in last digits, which is no effect
ROUNDING = 1e-9
NONE_SEEN = 0.025  # chance that what is as frequent as the end of its interval is never seen
MOST_PAIRS = 10_000_000


class Interval(NamedTuple):
    """An estimate with its 95 % interval; NaN for what cannot be told."""

    value: float
    low: float
    high: float

    def as_dict(self, name: str = "p") -> dict[str, float | None]:
        """For JSON, which knows no NaN."""
        told = zip((name, "low", "high"), self, strict=True)
        return {k: float(x) if math.isfinite(x) else None for k, x in told}

    def words(self) -> str:
        """The estimate with its interval, as people read it."""
        told = f"{self.value:+.3g}" if math.isfinite(self.value) else "-"
        known = math.isfinite(self.low) and math.isfinite(self.high)
        return f"{told} ({self.low:+.3g} to {self.high:+.3g})" if known else told


class Curve(NamedTuple):
    """A share by day as steps: from `day[k]` on it is `alive[k]`, with a 95 % interval."""

    day: list[float]
    alive: list[float]
    low: list[float]
    high: list[float]


def share(count: int, n: int) -> Interval:
    """A share with its Wilson interval."""
    from scipy.stats import binomtest

    if n == 0:
        return Interval(math.nan, 0.0, 1.0)
    ci = binomtest(count, n).proportion_ci(method="wilson")
    return Interval(count / n, float(ci.low), float(ci.high))


def constant(x: np.ndarray) -> bool:
    """Whether all values are the same, but for rounding."""
    return len(x) > 0 and bool(np.ptp(x) <= 1e-12 * np.abs(x).max())


def mean(x: np.ndarray) -> Interval:
    """A mean with its t interval. One value has none, nor has a constant."""
    from scipy.stats import t

    n = len(x)
    if n < 2 or constant(x):
        return Interval(float(x[0]) if n else math.nan, math.nan, math.nan)
    m, se = float(np.mean(x)), float(np.std(x, ddof=1)) / math.sqrt(n)
    width = float(t.ppf(0.975, n - 1)) * se
    return Interval(m, m - width, m + width)


def paired(a: np.ndarray, b: np.ndarray, binary: bool) -> Interval:
    """Mean of a - b over pairs. For shares the interval is Agresti and Min's (2005), which is
    honest when few pairs differ; where none does, it is what each side may still have more often.
    """
    if not binary:
        return mean(a - b)
    n = len(a)
    if n and (a == b).all():
        most = 1 - NONE_SEEN ** (1 / n)
        return Interval(0.0, -most, most)
    up, down = float((a > b).sum()) + 0.5, float((a < b).sum()) + 0.5
    m = n + 2
    d = (up - down) / m
    se = math.sqrt(max(0.0, up + down - (up - down) ** 2 / m)) / m
    return Interval(float(np.mean(a - b)), d - Z95 * se, d + Z95 * se)


def both(a: Interval, b: Interval) -> Interval:
    """The sum of two estimates, its interval from theirs (Zou and Donner 2008, who take the two to
    be independent).
    """
    low, high = (
        math.hypot(x[0], x[1])
        for x in ((a.value - a.low, b.value - b.low), (a.high - a.value, b.high - b.value))
    )
    return Interval(a.value + b.value, a.value + b.value - low, a.value + b.value + high)


def pairs_to_settle(found: Interval, n: int, margin: float) -> int | None:
    """Pairs after which an effect of this size and spread would clear the margin: more than n.

    The spread is that of the interval, so that the two agree. None if the effect sits on the
    margin, or so close to it that more than MOST_PAIRS would be needed.
    """
    gap = abs(found.value - margin)
    spread = (found.high - found.low) / (2 * Z95) * math.sqrt(n)
    wanted = (2.8 * spread / gap) ** 2 if gap > 0 else math.inf  # 2.8: two-sided 95 %, power 80 %
    return max(n + 1, math.ceil(wanted)) if wanted <= MOST_PAIRS else None


def pairs_to_see_one(margin: float) -> int | None:
    """Pairs in which a difference as frequent as the margin would have been seen at least once,
    where none was seen so far.
    """
    if not 0 < abs(margin) < 1:
        return None
    wanted = math.log(NONE_SEEN) / math.log1p(-abs(margin))
    return math.ceil(wanted) if wanted <= MOST_PAIRS else None


def survival_curve(days: np.ndarray, ended: np.ndarray, horizon: int) -> Curve:
    """Kaplan-Meier estimate with a 95 % log-log interval, to the last day."""
    from scipy.stats import CensoredData, ecdf

    data = CensoredData.right_censored(days.astype(float), ~ended.astype(bool))
    sf = ecdf(data).sf
    at = [0.0, *map(float, sf.quantiles)]
    alive = [1.0, *map(float, sf.probabilities)]
    if ended.any():
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore", RuntimeWarning
            )  # the interval has no value at 1 and at 0; they are set below
            ci = sf.confidence_interval(method="log-log")
        none_left = share(0, len(days)).high
        low = [
            1.0,
            *(
                p if math.isnan(x) else float(x)
                for x, p in zip(ci.low.probabilities, sf.probabilities, strict=True)
            ),
        ]
        high = [
            1.0,
            *(
                (none_left if p == 0 else p) if math.isnan(x) else float(x)
                for x, p in zip(ci.high.probabilities, sf.probabilities, strict=True)
            ),
        ]
    else:  # nobody ended: the exact upper bound of the risk stands in for an interval
        low = [1.0, *([share(len(days), len(days)).low] * (len(at) - 1))]
        high = [1.0] * len(at)
    if at[-1] < horizon:
        at, alive, low, high = [*at, float(horizon)], *([*x, x[-1]] for x in (alive, low, high))
    return Curve(at, alive, low, high)
