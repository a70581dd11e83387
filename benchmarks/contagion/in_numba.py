"""Numba by hand: a yardstick. One dense pass over stored ties, every person looked at every day;
luck from a hash.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numba import njit, prange, uint64

from .rule import SEED, Rule, World


@njit(inline="always")
def luck(key, i):
    """A float32 number in [0, 1) by the output function of SplitMix64."""
    x = uint64(key) + uint64(i) * uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> uint64(30))) * uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> uint64(27))) * uint64(0x94D049BB133111EB)
    return np.float32((x ^ (x >> uint64(31))) >> uint64(40)) * np.float32(2.0**-24)


def _by_ties(key, pull, ties, reluctance, out, new):
    crowd = 0
    for i in prange(out.size):
        count = 0
        for k in range(ties.shape[1]):
            count += out[ties[i, k]]
        new[i] = luck(key, i) * (pull[count] + reluctance[i]) < pull[count]
        crowd += new[i]
    return crowd


@njit(parallel=True)
def by_patches(key, pull, patch, starts, reluctance, out, crowd):
    for p in prange(starts.size - 1):
        number = 0
        for i in range(starts[p], starts[p + 1]):
            out[i] = luck(key, i) * (pull[p] + reluctance[i]) < pull[p]
            number += out[i]
        crowd[p] = number


def build(rule: Rule, world: World, threads: int) -> Callable[[], float]:
    n, reluctance, size = world.n, world.reluctance, np.bincount(world.patch)
    out = world.out.astype(np.uint8)
    new = np.zeros(n, np.uint8)
    day = 0
    crowd = np.bincount(world.patch, world.out).astype(np.int64)
    starts = np.concatenate([[0], np.cumsum(size)])
    by_ties = njit(parallel=threads > 1)(_by_ties)
    ties = np.ascontiguousarray(world.ties.T.astype(np.int32)) if world.ties is not None else None

    def step() -> float:
        nonlocal out, new, day
        day += 1
        key = np.uint64(SEED + day * 0xD1342543DE82EF95 & 0xFFFFFFFFFFFFFFFF)
        if ties is not None:
            crowd[0] = by_ties(key, rule.pull(crowd[0] / n), ties, reluctance, out, new)
            out, new = new, out
        else:
            by_patches(
                key,
                rule.pull_of_patches(crowd / size, crowd.sum() / n),
                world.patch,
                starts,
                reluctance,
                out,
                crowd,
            )
        return crowd.sum() / n

    return step
