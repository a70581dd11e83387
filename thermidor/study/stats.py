"""Intervals and tests, from SciPy."""
from __future__ import annotations

import math
import warnings
from typing import NamedTuple

import numpy as np

Z95 = 1.959963984540054


class Interval(NamedTuple):
    """An estimate with its 95 % interval."""

    value: float
    low: float
    high: float

    def as_dict(self, name: str = "p") -> dict[str, float]:
        return {name: self.value, "low": self.low, "high": self.high}


def share(count: int, n: int) -> Interval:
    """A share with its Wilson interval."""
    from scipy.stats import binomtest
    if n == 0:
        return Interval(math.nan, 0.0, 1.0)
    ci = binomtest(count, n).proportion_ci(method="wilson")
    return Interval(count / n, float(ci.low), float(ci.high))


def mean(x: np.ndarray) -> Interval:
    """A mean with its t interval; two values or more."""
    from scipy.stats import t
    n = len(x)
    if n < 2:
        return Interval(float(x[0]) if n else math.nan, math.nan, math.nan)
    m, se = float(np.mean(x)), float(np.std(x, ddof=1)) / math.sqrt(n)
    width = float(t.ppf(0.975, n - 1)) * se
    return Interval(m, m - width, m + width)


def paired(a: np.ndarray, b: np.ndarray, binary: bool) -> Interval:
    """Mean of a - b over pairs. For shares the interval is Agresti and Min's (2005), which is honest when few pairs differ."""
    if not binary:
        return mean(a - b)
    n = len(a)
    up, down = float((a > b).sum()) + 0.5, float((a < b).sum()) + 0.5
    m = n + 2
    d = (up - down) / m
    se = math.sqrt(max(0.0, up + down - (up - down) ** 2 / m)) / m
    return Interval(float(np.mean(a - b)), d - Z95 * se, d + Z95 * se)


def both(a: Interval, b: Interval) -> Interval:
    """The sum of two estimates, its interval from theirs (Zou and Donner 2008, who take the two to be independent)."""
    low, high = (math.hypot(x[0], x[1]) for x in ((a.value - a.low, b.value - b.low), (a.high - a.value, b.high - b.value)))
    return Interval(a.value + b.value, a.value + b.value - low, a.value + b.value + high)


def runs_to_settle(x: np.ndarray, margin: float) -> int | None:
    """Pairs after which an effect of this size and spread would clear the margin; None if it sits on the margin."""
    gap = abs(float(np.mean(x)) - margin)
    spread = float(np.std(x, ddof=1)) if len(x) > 1 else 0.0
    if gap < 1e-12:
        return None
    return max(2, math.ceil((2.8 * max(spread, 1e-12) / gap) ** 2))  # 2.8: two-sided 95 %, power 80 %


def survival_curve(days: np.ndarray, ended: np.ndarray, horizon: int) -> dict[str, list[float]]:
    """Kaplan-Meier estimate with a 95 % log-log interval, as steps: day, alive, low, high."""
    from scipy.stats import CensoredData, ecdf
    data = CensoredData.right_censored(days.astype(float), ~ended.astype(bool))
    sf = ecdf(data).sf
    at = [0.0, *map(float, sf.quantiles)]
    alive = [1.0, *map(float, sf.probabilities)]
    if ended.any():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # the interval has no value at 1 and at 0; they are set below
            ci = sf.confidence_interval(method="log-log")
        none_left = share(0, len(days)).high
        low = [1.0, *(p if math.isnan(x) else float(x) for x, p in zip(ci.low.probabilities, sf.probabilities, strict=True))]
        high = [1.0, *((none_left if p == 0 else p) if math.isnan(x) else float(x) for x, p in zip(ci.high.probabilities, sf.probabilities, strict=True))]
    else:  # nobody ended: the exact upper bound of the risk stands in for an interval
        low = [1.0, *([share(len(days), len(days)).low] * (len(at) - 1))]
        high = [1.0] * len(at)
    return {"day": at, "alive": alive, "low": low, "high": high, "horizon": [float(horizon)]}
