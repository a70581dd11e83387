"""exp and Phi of many numbers at once, in plain arithmetic, of which a compiler takes several in
one step of the machine. A product and a sum are one operation where the machine has it (as in its C
library), so that the last digit may differ between kinds of machines.
"""

from __future__ import annotations

import math
from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba import njit, types

from ..support.compiled import compiled
from .arrays import F64
from .bits import instruction

LEAST, MOST = -708.0, 709.0  # beyond them exp leaves the range of a float
LOG2_E = 1.4426950408889634
# ln 2 in two parts, of which the first times a whole number is exact
LN2_HIGH, LN2_LOW = 6.93145751953125e-1, 1.42860682030941723212e-6
WHOLE = 6755399441055744.0  # 1.5 * 2^52: added to a number, it leaves no place for a fraction
C = tuple(1.0 / math.factorial(k) for k in range(14))
at_once = compiled(error_model="numpy", fastmath={"contract"})


@instruction
def _power_of_two(typing: Any, shifted: Any) -> Any:
    """2^k of shifted = WHOLE + k (float64), whose last bits are those of k."""

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        word = ir.IntType(64)
        k = builder.add(builder.bitcast(args[0], word), word(1023))
        return builder.bitcast(builder.shl(k, word(52)), ir.DoubleType())

    return types.float64(types.float64), build


@njit(inline="always")
def exponential(x: float) -> float:
    """exp(x), to the last digit or the one beside it; held to what a float holds.

    x = k ln 2 + r, exp(x) = 2^k exp(r), |r| <= ln(2)/2, where 13 terms are enough  (curves.1)
    """
    x = LEAST if x < LEAST else x
    x = MOST if x > MOST else x
    shifted = x * LOG2_E + WHOLE
    k = shifted - WHOLE
    r = (x - k * LN2_HIGH) - k * LN2_LOW
    r2 = r * r
    r4 = r2 * r2
    # in halves, which need not wait for each other (Estrin 1960)
    first = (C[2] + C[3] * r) + (C[4] + C[5] * r) * r2
    second = (C[6] + C[7] * r) + (C[8] + C[9] * r) * r2
    third = (C[10] + C[11] * r) + (C[12] + C[13] * r) * r2
    return ((1.0 + r) + (first + (second + third * r4) * r4) * r2) * _power_of_two(shifted)


@njit(inline="always")
def _below(x: float) -> float:
    """Phi(x), to 2e-16: a ratio of two polynomials times exp(-x^2/2) (Hart and others 1968, 5666,
    as given by West 2005), of which 1/(x sqrt(2 pi)) is what is left far out.
    """
    y = abs(x)
    top = 3.52624965998911e-2 * y + 0.700383064443688
    top = ((top * y + 6.37396220353165) * y + 33.912866078383) * y + 112.079291497871
    top = (top * y + 221.213596169931) * y + 220.206867912376
    under = (8.83883476483184e-2 * y + 1.75566716318264) * y + 16.064177579207
    under = ((under * y + 86.7807322029461) * y + 296.564248779674) * y + 637.333633378831
    under = (under * y + 793.826512519948) * y + 440.413735824752
    tail = exponential(-0.5 * y * y) * top / under
    return tail if x < 0.0 else 1.0 - tail


@at_once
def exponentials(x: F64) -> None:
    """exp of each, in its place: float64[n]."""
    for k in range(x.size):
        x[k] = exponential(x[k])


@at_once
def below(x: F64) -> None:
    """Phi of each, the part of a standard normal distribution below it, in its place:
    float64[n].
    """
    for k in range(x.size):
        x[k] = _below(x[k])
