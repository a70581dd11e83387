"""Thermidor: the people as `populate` makes them and the kernel that a run calls every day (ties by
64-agent word).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numba import njit

from thermidor.chance.draws import Draw
from thermidor.kernels import crowd
from thermidor.mechanisms.citizens import LEVELS
from thermidor.support.threads import use_threads

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
    agents, share, common, utility = (
        64.0 * people.words,
        np.empty(patches),
        np.empty(patches),
        np.empty((patches, 16)),
    )
    seen = (people.block_province, agents, weights, rule.level, own, share, common, utility)
    where = people.province, people.first, people.words
    decision = crowd.Rule(tie=TIE, anger=0.0, fade=0.1, noise=NOISE, able=1.0)
    see(counts, shift, *seen)

    def step() -> float:
        nonlocal people
        draw.day += 1
        crowd.look_around(people.out, people.hurt, people.ties, *where, people.near)
        key = np.uint64(draw.key("go out"))
        kernel(key, people, ring, LEVELS, utility, common, decision, counts, shift)
        people = people._replace(out=people.spare, spare=people.out)
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
