"""A weighted belief about a number as a row of a beliefs file: the triangle over its range with the
same mean and spread.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from ...scenario.assumption import Assumption
from ...support.arrays import Array
from .ledgertable import prior_of

STEPS = 40  # of the way from the low to the high end


@cache
def _triangles() -> tuple[Array, Array, Array]:
    """Low end, peak and high end of triangles over 0 to 1, with their means and deviations."""
    at = np.linspace(0, 1, STEPS + 1)
    a, m, b = (x.ravel() for x in np.meshgrid(at, at, at, indexing="ij"))
    fits = (a <= m) & (m <= b) & (a < b)
    a, m, b = a[fits], m[fits], b[fits]
    spread = np.sqrt((a * a + m * m + b * b - a * m - a * b - m * b) / 18)
    return np.stack([a, m, b]), (a + m + b) / 3, spread


def triangle(a: Assumption, part: Array, w: Array) -> dict[str, float]:
    """value, low and high of the belief whose weighted futures have these parts of the way."""
    mean = float(w @ part)
    spread = float(np.sqrt(w @ (part - mean) ** 2))
    ends, means, spreads = _triangles()
    best = int(np.argmin((means - mean) ** 2 + 0.25 * (spreads - spread) ** 2))
    low, value, high = (float(x) for x in prior_of(a).at(ends[:, best]))
    low, high = max(low, float(a.low)), min(high, float(a.high))
    return {"value": min(max(value, low), high), "low": low, "high": high}
