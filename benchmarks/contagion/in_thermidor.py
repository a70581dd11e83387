"""Thermidor: the people as `settle` makes them and the kernel that a run calls every day (ties by
64-agent word).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numba import njit

from thermidor.kernels import crowd
from thermidor.kernels.draws import Draw
from thermidor.kernels.threads import use_threads
from thermidor.mechanisms.citizens import LEVELS

from .rule import COUNTRY, NOISE, OWN, RING, SEED, TIE, Rule, World, people_of


def build(rule: Rule, world: World, threads: int) -> Callable[[], float]:
    use_threads(threads)
    people, draw = people_of(rule.mixing, world.n), Draw(SEED, 1, "benchmark")
    patches, blocks = len(people.first), len(people.blocks) - 1
    people.out[:] = (
        np.packbits(world.out.reshape(-1, 64), axis=1, bitorder="little").view(np.uint64).ravel()
    )
    counts, shift = np.zeros((blocks, 16), np.int64), np.zeros((blocks, 16), np.int64)
    kernel = crowd.decide_threaded if threads > 1 else crowd.decide
    ring = RING if rule.mixing == "ties" else 0
    own, weights = OWN if rule.mixing == "patches" else 0.0, people.words / people.words.sum()
    counts[:, 0] = np.add.reduceat(world.out, 64 * people.blocks[:-1], dtype=np.int64)
    agents = 64.0 * people.words
    share = np.empty(patches)
    common = np.empty(patches)
    utility = np.empty((patches, 16))
    out, new, ties, hurt, near = people.out, people.spare, people.ties, people.hurt, people.near
    where = (people.province, people.first, people.words)
    seen = (people.block_province, agents, weights, rule.level, own, share, common, utility)
    see(counts, shift, *seen)

    def step() -> float:
        nonlocal out, new
        draw.day += 1
        crowd.look_around(out, hurt, ties, *where, near)
        kernel(
            np.uint64(draw.key("go out")),
            out,
            people.away,
            people.anger0,
            people.anger1,
            hurt,
            near,
            0.1,
            ties,
            ring,
            people.disposition,
            people.least,
            people.group,
            LEVELS,
            *where,
            people.blocks,
            utility,
            common,
            TIE,
            0.0,
            NOISE,
            1.0,
            new,
            counts,
            shift,
        )
        out, new = new, out
        return see(counts, shift, *seen)

    return step


@njit(cache=True)
def see(counts, shift, block_province, agents, weights, level, own, share, common, utility):
    """Write the share out in each patch and the utility that all there have in common; the share
    out in the country. Empties the counts.
    """
    share[:] = 0.0
    for b in range(block_province.size):
        share[block_province[b]] += counts[b].sum()
    share /= agents
    country = (share * weights).sum()
    for p in range(share.size):
        common[p] = level + COUNTRY * country + own * share[p]
        utility[p] = common[p]
    counts[:] = 0
    shift[:] = 0
    return country
