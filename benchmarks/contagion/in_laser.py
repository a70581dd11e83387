"""LASER: a `LaserFrame` of people and a Numba kernel in parallel, tallies by thread, as its
transmission components do.

It mixes by patch only. The chance of each disposition in each patch is tabulated daily, so a person
costs one draw and one look-up.
"""

from __future__ import annotations

from collections.abc import Callable

import laser.core
import laser.core.random
import numba
import numpy as np

from .rule import NOISE, PATCHES, SEED, Rule, World


@numba.njit(parallel=True, nogil=True)
def transmit(chance, patch, disposition, out, tally):
    tally[:] = 0
    for i in numba.prange(out.size):
        p = patch[i]
        out[i] = 0
        if np.random.rand() < chance[p, disposition[i]]:
            out[i] = 1
            tally[numba.get_thread_id(), p] += 1


def build(rule: Rule, world: World, threads: int) -> Callable[[], float]:
    if rule.mixing == "ties":
        raise NotImplementedError("no ties between agents: it mixes by patch")
    laser.core.random.seed(SEED)
    people, patches = laser.core.LaserFrame(world.n), laser.core.LaserFrame(PATCHES)
    for name, dtype, values in (
        ("nodeid", np.uint16, world.patch),
        ("disposition", np.uint8, world.byte),
        ("out", np.uint8, world.out),
    ):
        people.add_scalar_property(name, dtype=dtype)
        getattr(people, name)[:] = values
    patches.add_scalar_property("size", dtype=np.int64)
    patches.add_scalar_property("crowd", dtype=np.int64)
    patches.size[:], patches.crowd[:] = (
        np.bincount(world.patch),
        np.bincount(world.patch, world.out),
    )
    tally = np.zeros((numba.get_num_threads(), PATCHES), np.int64)
    reluctance = np.exp(np.linspace(-5.0, 5.0, 256) / NOISE)

    def step() -> float:
        pull = rule.pull_of_patches(patches.crowd / patches.size, patches.crowd.sum() / world.n)[
            :, None
        ].astype(float)
        transmit(
            (pull / (pull + reluctance)).astype(np.float32),
            people.nodeid,
            people.disposition,
            people.out,
            tally,
        )
        patches.crowd[:] = tally.sum(0)
        return patches.crowd.sum() / world.n

    return step
