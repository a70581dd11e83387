"""Where a decision of the shared code changes, and where a function of it is zero."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.optimize import brentq


def flips(decision: Callable[[float], bool], low: float, high: float) -> float:
    """The point between low and high at which the decision changes, by bisection to the last
    bit.
    """
    first = bool(decision(low))
    if bool(decision(high)) == first:
        raise ValueError(f"the decision is {first} at both {low} and {high}")
    for _ in range(200):
        middle = 0.5 * (low + high)
        if middle in (low, high):
            break
        low, high = (middle, high) if bool(decision(middle)) == first else (low, middle)
    return high


def roots(f: Callable[[float], float], low: float, high: float, steps: int = 2000) -> list[float]:
    """All zeros of f at which its sign changes between neighbours of a grid."""
    grid = np.linspace(low, high, steps + 1)
    values = np.array([f(x) for x in grid])
    found = [
        brentq(f, grid[k], grid[k + 1], xtol=1e-14)
        for k in np.flatnonzero(values[:-1] * values[1:] < 0)
    ]
    return sorted(found + [float(x) for x in grid[values == 0]])


def first(found: list[float], n: int) -> list[float]:
    """The first n of what was found; what is missing is no number, so that its check fails."""
    return (found + [float("nan")] * n)[:n]
