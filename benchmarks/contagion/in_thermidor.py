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
    share = np.bincount(world.patch, world.out, patches) / (64 * people.words)
    weights = people.words / people.words.sum()

    def step() -> float:
        nonlocal share
        common = rule.level + COUNTRY * (share @ weights) + (OWN * share if rule.mixing == "patches" else np.zeros(patches))
        utility = np.repeat(common[:, None], 16, axis=1)
        draw.day += 1
        counts[:] = shift[:] = 0
        crowd.look_around(people.out, people.hurt, people.ties, people.province, people.first, people.words, people.near)
        kernel(np.uint64(draw.key("go out")), people.out, people.away, people.anger0, people.anger1, people.hurt, people.near, 0.1, people.ties, ring,
               people.disposition, people.least, people.group, LEVELS, people.province, people.first, people.words, people.blocks, utility,
               utility.max(1), TIE, 0.0, NOISE, 1.0, people.spare, counts, shift)
        people.out[:] = people.spare
        share = np.bincount(people.block_province, counts.sum(1), patches) / (64 * people.words)
        return float(share @ weights)

    return step
