"""Sixty-four people in a machine word: hashes, counts and comparisons that treat all of them at
once.

A word holds one bit a person. Chance for a word comes in levels: bit l of level j says whether
person l's uniform number u lies in the lower half of what is left, so that

    {people with u < 2^-k} = level_0 AND level_1 AND ... AND level_(k-1)                  (bits.1)
    u = 2^-(j+1) (1 + v), j the first level whose bit is not set, v uniform in [0, 1)     (bits.2)

The set is known without looking at anybody else, and it is the same whatever k was asked for (exact
thinning).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit, types, uint64
from numba.core import cgutils
from numba.extending import intrinsic

from ..support.compiled import compiled
from .arrays import F64, U64, Int

LEVELS = 16
# Words looked at together: enough to spread what is done once, few enough for the nearest cache.
CHUNK = 64
GOLDEN = np.uint64(0x9E3779B97F4A7C15)
ONE = np.uint64(1)
_OTHER = np.uint64(0x5851F42D4C957F2D)
_MASK = 0xFFFFFFFFFFFFFFFF


def instruction(f: Callable[..., Any]) -> Any:
    """Numba's `intrinsic`; its calls leave out the typing context, which mypy cannot know."""
    return intrinsic(f)


@instruction
def trailing_zeros(typing: Any, word: Any) -> Any:
    """Index of the lowest set bit of a word (uint64) that is not zero."""

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.cttz(args[0], cgutils.true_bit)

    return types.uint64(types.uint64), build


@instruction
def popcount(typing: Any, word: Any) -> Any:
    """Number of set bits of a word (uint64)."""

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.ctpop(args[0])

    return types.uint64(types.uint64), build


@njit(inline="always")
def mix(x: np.uint64) -> np.uint64:
    """Output function of SplitMix64."""
    x = (x ^ (x >> uint64(30))) * uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> uint64(27))) * uint64(0x94D049BB133111EB)
    return x ^ (x >> uint64(31))


def mix_py(x: int) -> int:
    """The same on Python integers."""
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & _MASK
    return x ^ (x >> 31)


def mix_many(x: U64) -> U64:
    """The same on arrays."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


@njit(inline="always")
def unit(x: np.uint64) -> float:
    """A 64-bit hash as a number in [0, 1)."""
    return (x >> uint64(11)) * (1.0 / 9007199254740992.0)


@njit(inline="always")
def other(key: np.uint64) -> np.uint64:
    """A second key from the first, for the part of a number below its level."""
    return mix(key ^ _OTHER)


@njit(inline="always")
def level_word(key: np.uint64, w: Int, j: Int) -> np.uint64:
    """Level j for the 64 people of word w, one bit each."""
    return mix(key + (uint64(w) * uint64(64) + uint64(j)) * GOLDEN)


@njit(inline="always")
def person_unit(key: np.uint64, i: Int) -> float:
    """A number in [0, 1) for person i."""
    return unit(mix(key + uint64(i) * GOLDEN))


@compiled
def person_uniform(key: np.uint64, i: Int) -> float:
    """Person i's uniform number, in [0, 1), by its definition."""
    lane = uint64(i) & uint64(63)
    for j in range(LEVELS):
        if not (level_word(key, i >> 6, j) >> lane) & ONE:
            return (1.0 + person_unit(other(key), i)) / (1 << (j + 1))  # (bits.2)
    return person_unit(other(key), i) / (1 << LEVELS)


@njit(inline="always")
def lower_end(j: Int) -> tuple[float, float]:
    """Size and offset of the numbers whose first unset bit is that of level j: u = size (offset +
    v), as in (bits.2).
    """
    if j < LEVELS:
        return 1.0 / (1 << (j + 1)), 1.0
    return 1.0 / (1 << LEVELS), 0.0


@compiled
def lower_ends(noise: float) -> F64:
    """lower_end of every level, float64[LEVELS + 1, 2]; zeros without noise, when there is no
    number.
    """
    ends = np.zeros((LEVELS + 1, 2))
    if noise > 0.0:
        for j in range(LEVELS + 1):
            ends[j, 0], ends[j, 1] = lower_end(j)
    return ends


@compiled
def lanes_below(key: np.uint64, w: Int, probability: float, within: np.uint64) -> np.uint64:
    """The people of word w, among `within`, whose uniform number is below the probability, one bit
    each.
    """
    found = uint64(0)
    if probability <= 0.0 or within == uint64(0):
        return found
    if probability >= 1.0:
        return within
    k = 0
    while k < LEVELS and probability <= 1.0 / (1 << (k + 1)):
        k += 1
    left = within
    for j in range(k):
        left &= level_word(key, w, j)  # (bits.1)
        if left == uint64(0):
            return found
    second = other(key)
    j = k
    while left != uint64(0):
        leaving = left
        if j < LEVELS:
            word = level_word(key, w, j)
            leaving = left & ~word
            left &= word
        else:
            left = uint64(0)
        size, offset = lower_end(j)  # (bits.2)
        j += 1
        while leaving != uint64(0):
            lane = trailing_zeros(leaving)
            leaving &= leaving - ONE
            if size * (offset + person_unit(second, uint64(w) * uint64(64) + lane)) < probability:
                found |= ONE << lane
    return found


@compiled
def fill_uniform(key: np.uint64, n: Int) -> F64:
    """n numbers in (0, 1), keyed: float64[n]."""
    out = np.empty(n)
    for i in range(n):
        out[i] = ((mix(key + uint64(i) * GOLDEN) >> uint64(12)) + 0.5) * (1.0 / 4503599627370496.0)
    return out


@njit(inline="always")
def two_more(
    c0: np.uint64, c1: np.uint64, c2: np.uint64, c3: np.uint64, one: np.uint64, two: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Add two bits a person to four-bit counters held as planes: c0 to c3, the lowest bit first."""
    odd = c0 ^ one
    t = (c0 & one) | (odd & two)
    c0 = odd ^ two
    u = c1 & t
    c1 ^= t
    t = c2 & u
    c2 ^= u
    c3 ^= t
    return c0, c1, c2, c3


@njit(inline="always")
def rotate_right(word: np.uint64, by: np.uint64) -> np.uint64:
    """Bit l of the result is bit (l + by) mod 64 of the word."""
    return (word >> by) | (word << ((uint64(64) - by) & uint64(63)))


@njit(inline="always")
def beside(
    word: np.uint64, after: np.uint64, before: np.uint64, d: int
) -> tuple[np.uint64, np.uint64]:
    """Bit l of the results: bit l + d and bit l - d, read on into the words after and before."""
    return ((word >> uint64(d)) | (after << uint64(64 - d))), (
        (word << uint64(d)) | (before >> uint64(64 - d))
    )
