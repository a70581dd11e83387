"""Thermidor: the people as `settle` makes them and the kernel that a run calls every day (ties by 64-agent word)."""
from __future__ import annotations

from collections.abc import Callable

import numpy as np

from thermidor.draws import Draw
from thermidor.kernels import crowd
from thermidor.mechanisms.citizens import LEVELS

from .rule import COUNTRY, NOISE, OWN, RING, SEED, TIE, Rule, World, people_of


def build(rule: Rule, world: World, threads: int) -> Callable[[], float]:
    crowd.use_threads(threads)
    people, draw = people_of(rule.mixing, world.n), Draw(SEED, 1, "benchmark")
    patches, blocks = len(people.first), len(people.blocks) - 1
    people.out[:] = np.packbits(world.out.reshape(-1, 64), axis=1, bitorder="little").view(np.uint64).ravel()
    counts, shift = np.zeros((blocks, 16), np.int64), np.zeros((blocks, 16), np.int64)
    kernel, ring = (crowd.decide_threaded if threads > 1 else crowd.decide), RING if rule.mixing == "ties" else 0
    own, weights = OWN if rule.mixing == "patches" else 0.0, people.words / people.words.sum()
    share = np.bincount(world.patch, world.out, patches) / (64 * people.words)
    first_block, agents = np.searchsorted(people.block_province, np.arange(patches)), 64 * people.words
    common, utility = np.empty(patches), np.empty((patches, 16))
    out, new, ties, hurt, near = people.out, people.spare, people.ties, people.hurt, people.near
    where = people.province, people.first, people.words

    def step() -> float:
        nonlocal share, out, new
        common[:] = rule.level + COUNTRY * (share @ weights) + own * share
        utility[:] = common[:, None]
        draw.day += 1
        counts.fill(0)
        shift.fill(0)
        crowd.look_around(out, hurt, ties, *where, near)
        kernel(np.uint64(draw.key("go out")), out, people.away, people.anger0, people.anger1, hurt, near, 0.1, ties, ring, people.disposition,
               people.least, people.group, LEVELS, *where, people.blocks, utility, common, TIE, 0.0, NOISE, 1.0, new, counts, shift)
        out, new = new, out
        share = np.add.reduceat(counts, first_block).sum(1) / agents
        return float(share @ weights)

    return step
