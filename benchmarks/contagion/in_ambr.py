"""ambr: people in a Polars frame, columns borrowed by a dense NumPy kernel and committed (its
tensor lane).
"""

from __future__ import annotations

from collections.abc import Callable

import ambr
import numpy as np

from .rule import SEED, Rule, World, count_out


class Street(ambr.Model):
    def setup(self) -> None:
        world: World = self.p["world"]
        self.add_agents(
            world.n, reluctance=world.reluctance, patch=world.patch, out=world.out.astype(np.uint8)
        )
        self.size, self.number = np.bincount(world.patch), int(world.out.sum())

    def step_vectorized(self) -> None:
        rule, world, share = self.p["rule"], self.p["world"], self.number / self.p["world"].n
        out = self.agents.borrow("out")[0].view(bool)
        reluctance = self.agents.borrow("reluctance")[0]
        if rule.mixing == "ties":
            pull = rule.pull(share)[count_out(world.ties, out, self.number)]
        else:
            patch = self.agents.borrow("patch")[0]
            pull = rule.pull_of_patches(
                np.bincount(patch[out], minlength=self.size.size) / self.size, share
            )[patch]
        new = self.rng.random(out.size, dtype=np.float32) * (pull + reluctance) < pull
        self.number = np.count_nonzero(new)
        self.agents.commit(out=new.view(np.uint8))


def build(rule: Rule, world: World, threads: int) -> Callable[[], float]:
    street = Street({"rule": rule, "world": world, "seed": SEED, "show_progress": False})

    def step() -> float:
        street.run_step()
        return street.number / world.n

    return step
