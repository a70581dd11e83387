"""Round numbers along an axis."""

from __future__ import annotations

import math

from ... import wording as words

ABOUT = 5  # ticks of an axis


def ticks(low: float, high: float) -> list[float]:
    """Round numbers from low to high, about five of them."""
    if not high > low:
        return [low]
    raw = (high - low) / ABOUT
    size = 10.0 ** math.floor(math.log10(raw))
    step = next(m * size for m in (1, 2, 2.5, 5, 10) if m * size >= raw)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [k * step for k in range(first, last + 1)]


def neat(x: float) -> str:
    """A number at a tick: no more figures than it has."""
    return words.two(x, 3) if abs(x) >= 1e6 or 0 < abs(x) < 1e-4 else f"{x:,.6g}"
