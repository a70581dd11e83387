"""The least change of belief that turns an answer.

Of all weights w of the futures whose mean of g is zero, those of least relative entropy to equal
ones are an exponential tilt (Csiszar 1975):

    w ~ exp(-t g),   sum w g = 0                                                           (tilt.1)
    D(w) = sum w log2(n w)   bits                                                          (tilt.2)

Where g depends on one assumption only, the belief in no other changes: its weights tilt the prior
of that assumption. Of a linear response to a number the tilt is that of its prior, in closed form.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ...support.arrays import Array

ENOUGH = 100  # effective futures from which reweighting is trusted


@dataclass(frozen=True)
class Tilt:
    """bits: relative entropy of the weights to equal ones (tilt.2).  weights: of the futures, of
    sum 1.  effective: as how many equally weighted futures they count (Kish 1965).
    """

    bits: float
    weights: Array
    effective: float


def tilt(g: Array) -> Tilt | None:
    """The least tilt that brings the mean of g to zero; None if no weights do.

    g: float64[futures].
    """
    from scipy.optimize import brentq

    n, scale = len(g), float(np.abs(g).max()) if len(g) else 0.0
    if scale == 0 or not g.min() < 0 < g.max():
        return None
    x = g / scale

    def weighted(t: float) -> Array:
        w = np.exp(-t * x - (-t * x).max())
        return np.asarray(w / w.sum())

    def moved(t: float) -> float:
        return float(weighted(t) @ x)

    end = 1.0 if moved(0.0) > 0 else -1.0
    while moved(end) * end > 0:
        end *= 2
        if abs(end) > 1e6:
            return None
    w = weighted(float(brentq(moved, 0.0, end, xtol=1e-10)))
    used = w > 0
    bits = float((w[used] * np.log2(n * w[used])).sum())
    return Tilt(max(0.0, bits), w, 1 / float((w**2).sum()))


def effective(w: Array) -> float:
    """As how many equally weighted futures some weights count (Kish 1965)."""
    total = float(w.sum())
    return total**2 / float((w**2).sum()) if total > 0 and math.isfinite(total) else 0.0
