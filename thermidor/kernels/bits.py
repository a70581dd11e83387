"""Sixty-four people in a machine word: hashes, counts and comparisons that treat all of them at
once.

A word holds one bit a person. Chance for a word comes in levels: bit l of level j says whether
person l's uniform number lies in the lower half of what is left, so the people whose number is
below 2^-k are the AND of k words. That set is known
without looking at anybody else, and it is the same whatever k was asked for (exact thinning).          (bits.1)
"""

from __future__ import annotations

import numpy as np
from numba import njit, types, uint64
from numba.core import cgutils
from numba.extending import intrinsic

from ..support.compiled import compiled

LEVELS = 16
CHUNK = 64  # words looked at together: enough to spread what is done once, few enough for the nearest cache
GOLDEN = np.uint64(0x9E3779B97F4A7C15)
ONE = np.uint64(1)
_OTHER = np.uint64(0x5851F42D4C957F2D)
_MASK = 0xFFFFFFFFFFFFFFFF


@intrinsic
def trailing_zeros(typing, word):
    """Index of the lowest set bit of a word that is not zero."""

    def build(context, builder, signature, args):
        return builder.cttz(args[0], cgutils.true_bit)

    return types.uint64(types.uint64), build


@intrinsic
def popcount(typing, word):
    """Number of set bits."""

    def build(context, builder, signature, args):
        return builder.ctpop(args[0])

    return types.uint64(types.uint64), build


@njit(inline="always")
def mix(x):
    """Output function of SplitMix64."""
    x = (x ^ (x >> uint64(30))) * uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> uint64(27))) * uint64(0x94D049BB133111EB)
    return x ^ (x >> uint64(31))


def mix_py(x: int) -> int:
    """The same on Python integers."""
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & _MASK
    return x ^ (x >> 31)


@njit(inline="always")
def unit(x):
    """A 64-bit hash as a number in [0, 1)."""
    return (x >> uint64(11)) * (1.0 / 9007199254740992.0)


@njit(inline="always")
def other(key):
    """A second key from the first, for the part of a number below its level."""
    return mix(key ^ _OTHER)


@njit(inline="always")
def level_word(key, w, j):
    """The word of level j for the 64 people of word w."""
    return mix(key + (uint64(w) * uint64(64) + uint64(j)) * GOLDEN)


@njit(inline="always")
def person_unit(key, i):
    """A number in [0, 1) for person i."""
    return unit(mix(key + uint64(i) * GOLDEN))


@compiled
def person_uniform(key, i):
    """Person i's uniform number by definition: 2^-(j+1) (1 + v), j the first level whose bit is not
    set.   (bits.2)
    """
    lane = uint64(i) & uint64(63)
    for j in range(LEVELS):
        if not (level_word(key, i >> 6, j) >> lane) & ONE:
            return (1.0 + person_unit(other(key), i)) / (1 << (j + 1))
    return person_unit(other(key), i) / (1 << LEVELS)


@njit(inline="always")
def lower_end(j):
    """Size of the step and offset of the numbers that leave at level j: u = size (offset + v)."""
    if j < LEVELS:
        return 1.0 / (1 << (j + 1)), 1.0
    return 1.0 / (1 << LEVELS), 0.0


@compiled
def lower_ends(noise):
    """lower_end of every level; zeros without noise, when there is no number."""
    ends = np.zeros((LEVELS + 1, 2))
    if noise > 0.0:
        for j in range(LEVELS + 1):
            ends[j, 0], ends[j, 1] = lower_end(j)
    return ends


@compiled
def lanes_below(key, w, probability, within):
    """The people of word w, among `within`, whose uniform number is below the probability."""
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
        left &= level_word(key, w, j)
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
        size, offset = lower_end(j)
        j += 1
        while leaving != uint64(0):
            lane = trailing_zeros(leaving)
            leaving &= leaving - ONE
            if size * (offset + person_unit(second, uint64(w) * uint64(64) + lane)) < probability:
                found |= ONE << lane
    return found


@compiled
def fill_uniform(key, n):
    """n numbers in (0, 1), keyed."""
    out = np.empty(n)
    for i in range(n):
        out[i] = ((mix(key + uint64(i) * GOLDEN) >> uint64(12)) + 0.5) * (1.0 / 4503599627370496.0)
    return out


@njit(inline="always")
def two_more(c0, c1, c2, c3, one, two):
    """Add two bits a person to four-bit counters held as planes."""
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
def rotate_right(word, by):
    """The word with every person's place turned by `by`: result bit l is bit (l + by) mod 64."""
    return (word >> by) | (word << ((uint64(64) - by) & uint64(63)))


@njit(inline="always")
def beside(word, after, before, d):
    """Those d places ahead and d places behind, across the borders of the word."""
    return ((word >> uint64(d)) | (after << uint64(64 - d))), (
        (word << uint64(d)) | (before >> uint64(64 - d))
    )
