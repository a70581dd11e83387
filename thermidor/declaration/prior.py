"""What is believed of a number before data: a triangular distribution over its range, peaked at its
value.

    F(x) = (x - a)^2/((b - a)(m - a))          for x < m
         = 1 - (b - x)^2/((b - a)(b - m))      otherwise                                 (prior.1)

with a the low end, b the high end and m the mode; of logarithms where the number is drawn on a
logarithmic scale.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..support.arrays import Array


@dataclass(frozen=True)
class Prior:
    """low, mode, high: as the ledger has them, of one number or of several (float64[numbers]).
    log: whether the scale is logarithmic.
    """

    low: float | Array
    mode: float | Array
    high: float | Array
    log: bool = False

    @property
    def ends(self) -> tuple[Array, Array]:
        """The ends of the range on the scale on which it is drawn."""
        return self._scaled(self.low), self._scaled(self.high)

    def quantile(self, u: Array) -> Array:
        """The values below which shares u lie (prior.1): float64[..., numbers]."""
        (low, high), mode = self.ends, self._scaled(self.mode)
        x = np.where(
            u < (mode - low) / (high - low),
            low + np.sqrt(u * (high - low) * (mode - low)),
            high - np.sqrt((1 - u) * (high - low) * (high - mode)),
        )
        return _each(math.exp, x) if self.log else x

    def _scaled(self, x: float | Array) -> Array:
        return _each(math.log, x) if self.log else np.asarray(x, np.float64)

    def at(self, part: Array) -> Array:
        """The values at these parts of the way from the low to the high end, 0 to 1."""
        low, high = self.ends
        x = low + part * (high - low)
        return np.exp(x) if self.log else x

    def part(self, values: Array) -> Array:
        """The parts of the way at which values lie: the inverse of `at`."""
        low, high = self.ends
        return np.asarray(((np.log(values) if self.log else values) - low) / (high - low))


def triangular(u: Array, mode: Array) -> Array:
    """Quantiles u of triangular distributions over 0 to 1, peaked at `mode` (prior.1)."""
    return np.where(u < mode, np.sqrt(u * mode), 1 - np.sqrt((1 - u) * (1 - mode)))


def log_density(x: Array, mode: Array) -> Array:
    """Logarithm of their density at x, inside of 0 to 1."""
    rising, falling = x / np.maximum(mode, 1e-12), (1 - x) / np.maximum(1 - mode, 1e-12)
    return np.asarray(np.log(2 * np.where(x < mode, rising, falling)))


def _each(f: Callable[[float], float], x: float | Array) -> Array:
    """A function of `math` of each number; NumPy's own differ in the last bit between processors,
    so that futures would.
    """
    return np.array([f(v) for v in np.ravel(x).tolist()]).reshape(np.shape(x))
