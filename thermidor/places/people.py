"""Draw the people of a place: groups, dispositions, and ties that are computed or stored by word.

Ties are symmetric and everybody has the same number: `ring` to each side by index within the
province (household, then next door), and `long` more. A long tie joins word w to a partner word,
person l to person l + turn (mod 64); so it costs four bytes for 64 people. Of the long ties a share
stays within the province.
"""

from __future__ import annotations

import numpy as np
from numba import prange, uint64

from ..kernels.arrays import F64, I16, U8, U32
from ..kernels.bits import GOLDEN, mix
from ..kernels.draws import Draw
from ..kernels.people import People, at_home
from ..kernels.threads import fitting, threaded
from ..support.compiled import compiled
from .place import Place

BLOCK = 256  # words a block; borders do not depend on threads


def _spread(key: np.uint64, tables: F64, province: I16, out: U8) -> None:
    """Give each person a member of the cumulated table of its province.

    tables: float64[province, member].  province: int16[words].  out: uint8[people].
    """
    for i in prange(out.size):
        row = tables[province[i >> 6]]
        u = (mix(key + uint64(i) * GOLDEN) >> uint64(11)) * (1.0 / 9007199254740992.0)
        low, high = 0, row.size - 1
        while low < high:
            middle = (low + high) >> 1
            if u < row[middle]:
                high = middle
            else:
                low = middle + 1
        out[i] = low


spread, spread_threaded = compiled(_spread), threaded(_spread)


def populate(place: Place, weights: F64, ring: int, long: int, local: float, draw: Draw) -> People:
    """People of a place: groups by the province's composition, dispositions by `weights`
    (float64[256]), ties at random.

    ring: ties to each side by index.  long: ties by word.  local: share of the long ties that stays
    in the province.
    """
    words = place.words
    total = int(words.sum())
    first = np.concatenate([[0], np.cumsum(words)[:-1]])
    province = np.repeat(np.arange(len(words), dtype=np.int16), words)
    group = np.empty(total * 64, np.uint8)
    give = fitting(spread, spread_threaded)
    give(np.uint64(draw.key("group")), np.cumsum(place.composition, axis=1), province, group)
    disposition = np.empty(total * 64, np.uint8)
    give(
        np.uint64(draw.key("disposition")),
        np.cumsum(weights)[None, :],
        np.zeros(total, np.int16),
        disposition,
    )

    chance = np.random.Generator(np.random.Philox(key=draw.key("ties")))
    near = round(local * long)
    ties = np.empty((long, total), np.uint32)
    for t in range(long):
        for start, size in zip(first, words, strict=True) if t < near else [(0, total)]:
            _match(chance, int(start), int(size), ties[t])

    blocks = [b for f, n in zip(first, words, strict=True) for b in range(f, f + n, BLOCK)]
    return at_home(disposition, group, ties, words, np.array([*blocks, total], np.int64))


def _match(chance: np.random.Generator, start: int, size: int, row: U32) -> None:
    """Pair the words at random, each pair with a turn, so that ties are mutual; a word left over is
    joined to itself.
    """
    order = start + chance.permutation(size)
    half = size // 2
    a, b = order[:half], order[half : 2 * half]
    turn = chance.integers(1, 64, half)
    row[a], row[b] = b * 64 + turn, a * 64 + (64 - turn)
    if size % 2:
        row[order[-1]] = order[-1] * 64 + 32
