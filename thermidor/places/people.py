"""Draw the people of a place: groups, dispositions, and ties that are computed or stored by word.

Ties are symmetric and everybody has the same number: `ring` to each side by index within the
province (household, then next door), and `long` more. A long tie joins word w to a partner word,
person l to person l + turn (mod 64); so it costs four bytes for 64 people. Of the long ties a share
stays within the province.
"""

from __future__ import annotations

import numpy as np
from numba import njit, prange, uint64

from ..chance.draws import Draw
from ..kernels.arrays import F64, I16, I64, U8, U32
from ..kernels.bits import GOLDEN, ONE, mix, unit
from ..kernels.people import People, at_home
from ..support.compiled import compiled
from ..support.threads import fitting, threaded
from .place import Place

BLOCK = 256  # words a block; borders do not depend on threads
FINER = 16  # parts of [0, 1) for each member of a table: few parts hold a border


@compiled
def first_guesses(tables: F64) -> U8:
    """The least member that a number in each of FINER x members equal parts of [0, 1) can have:
    uint8[row, part].

    tables: float64[row, member], cumulated; the number of members is a power of two.
    """
    rows, members = tables.shape
    parts = FINER * members
    guess = np.empty((rows, parts), np.uint8)
    for r in range(rows):
        k = 0
        for part in range(parts):
            while k < members - 1 and tables[r, k] <= part / parts:
                k += 1
            guess[r, part] = k
    return guess


def _spread(key: np.uint64, tables: F64, guess: U8, province: I16, out: U8) -> None:
    """Give each person a member of the cumulated table of its province: the first whose entry is
    above the person's number.

    tables: float64[province, member].  guess: `first_guesses` of them.  province: int16[words].
    out: uint8[people].
    """
    last = tables.shape[1] - 1
    for w in prange(province.size):
        row, begin = tables[province[w]], guess[province[w]]
        for i in range(64 * w, 64 * w + 64):
            u = unit(mix(key + uint64(i) * GOLDEN))
            k = begin[int(u * begin.size)]
            while k < last and u >= row[k]:
                k += ONE
            out[i] = k


spread, spread_threaded = compiled(_spread), threaded(_spread)


@njit(inline="always")
def below(hashed: np.uint64, n: np.uint64) -> np.uint64:
    """A whole number below n (at most 2^32) of a 64-bit hash, each as likely to n/2^32."""
    return ((hashed >> uint64(32)) * n) >> uint64(32)


@compiled
def match(key: np.uint64, first: I64, words: I64, near: int, ties: U32) -> None:
    """Pair the words at random, each pair with a turn, so that ties are mutual; a word left over is
    joined to itself.

    first, words: int64[provinces].  near: rows of ties that stay in the province, which come first.
    ties: uint32[long, words], written.
    """
    total = ties.shape[1]
    order = np.empty(total, np.uint32)
    for t in range(ties.shape[0]):
        for p in range(first.size if t < near else 1):
            start, size = (first[p], words[p]) if t < near else (0, total)
            for i in range(size):  # shuffled while it is written
                key += GOLDEN
                j = below(mix(key), uint64(i + 1))
                order[i] = order[j]
                order[j] = start + i
            half = size // 2
            for i in range(half):
                key += GOLDEN
                a, b = uint64(order[i]), uint64(order[half + i])
                turn = ONE + below(mix(key), uint64(63))
                ties[t, a] = b * uint64(64) + turn
                ties[t, b] = a * uint64(64) + uint64(64) - turn
            if size % 2:
                ties[t, order[size - 1]] = uint64(order[size - 1]) * uint64(64) + uint64(32)


def populate(place: Place, weights: F64, ring: int, long: int, local: float, draw: Draw) -> People:
    """People of a place: groups by the province's composition, dispositions by `weights`
    (float64[256]), ties at random.

    ring: ties to each side by index.  long: ties by word.  local: share of the long ties that stays
    in the province.
    """
    words = place.words
    total = int(words.sum())
    province = np.repeat(np.arange(len(words), dtype=np.int16), words)
    everywhere = np.zeros(total, np.int16)  # dispositions are alike in all provinces
    drawn = []
    for name, shares, where in (
        ("group", place.composition, province),
        ("disposition", weights[None, :], everywhere),
    ):
        tables, out = np.cumsum(shares, axis=1), np.empty(total * 64, np.uint8)
        give = fitting(spread, spread_threaded)
        give(np.uint64(draw.key(name)), tables, first_guesses(tables), where, out)
        drawn.append(out)
    group, disposition = drawn
    first = np.cumsum(words) - words
    ties = np.empty((long, total), np.uint32)
    match(np.uint64(draw.key("ties")), first, words, round(local * long), ties)

    blocks = [b for f, n in zip(first, words, strict=True) for b in range(f, f + n, BLOCK)]
    return at_home(disposition, group, ties, words, np.array([*blocks, total], np.int64))
