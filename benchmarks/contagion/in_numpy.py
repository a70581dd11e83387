"""NumPy by hand: a yardstick. What anybody can write in a few lines over stored ties."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .rule import SEED, Rule, World, count_out


def build(rule: Rule, world: World, threads: int) -> Callable[[], float]:
    rng = np.random.default_rng(SEED)
    n = world.n
    reluctance = world.reluctance
    size = np.bincount(world.patch)
    out, number = world.out, int(world.out.sum())

    def step() -> float:
        nonlocal out, number
        if rule.mixing == "ties":
            pull = rule.pull(number / n)[count_out(world.ties, out, number)]
        else:
            pull = rule.pull_of_patches(
                np.bincount(world.patch[out], minlength=size.size) / size, number / n
            )[world.patch]
        out = rng.random(n, dtype=np.float32) * (pull + reluctance) < pull
        number = np.count_nonzero(out)
        return number / n

    return step
