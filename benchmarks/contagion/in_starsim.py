"""Starsim: a disease-like module on a static `Network` of edges, states in `Arr`s, luck from a
`Dist` of its own.

Common random numbers are off, which is faster. An edge is held once; those who are out tell the
other end.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import starsim as ss

from .rule import SEED, Rule, World

STEPS = 19_000  # of its time line, which is laid out beforehand


class Ties(ss.Network):
    def step(self) -> None:
        """Ties stay as they are."""


class Street(ss.Module):
    def __init__(self, rule: Rule, world: World) -> None:
        super().__init__(name="street")
        self.rule, self.world, self.luck = rule, world, ss.random(name="luck")
        self.define_states(ss.BoolState("out"), ss.FloatArr("reluctance"))
        self.size, self.number = np.bincount(world.patch), int(world.out.sum())

    def init_post(self) -> None:
        super().init_post()
        self.out[:], self.reluctance[:] = self.world.out, self.world.reluctance

    def step(self) -> None:
        out, n = self.out.values, len(self.out)
        if self.rule.mixing == "ties":
            edges = self.sim.networks[0].edges
            told = np.concatenate([edges.p2[out[edges.p1]], edges.p1[out[edges.p2]]])
            pull = self.rule.pull(self.number / n)[np.bincount(told, minlength=n)]
        else:
            patch = self.world.patch
            pull = self.rule.pull_of_patches(
                np.bincount(patch[out], minlength=self.size.size) / self.size, self.number / n
            )[patch]
        new = self.luck.rvs(n) * (pull + self.reluctance.values) < pull
        self.out[:] = new
        self.number = np.count_nonzero(new)


def build(rule: Rule, world: World, threads: int) -> Callable[[], float]:
    ss.options(crn=False, verbose=0)
    networks = []
    if world.ties is not None:
        i = np.arange(world.n)
        first = np.concatenate([i[row > i] for row in world.ties])
        second = np.concatenate([row[row > i] for row in world.ties])
        networks = [Ties(p1=first, p2=second, beta=np.ones(first.size))]
    street = Street(rule, world)
    sim = ss.Sim(
        n_agents=world.n,
        networks=networks,
        custom=[street],
        start=0,
        stop=STEPS,
        dt=1,
        rand_seed=SEED,
        verbose=0,
    )
    sim.init()
    street = sim.custom[0]

    def step() -> float:
        sim.run_one_step()
        return street.number / world.n

    return step
