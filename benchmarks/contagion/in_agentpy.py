"""AgentPy: an object a person and calls to an `AgentList`. Those who are out tell their ties, then
everybody decides.
"""

from __future__ import annotations

from collections.abc import Callable

import agentpy
import numpy as np

from .rule import PATCHES, SEED, Rule, World


class Person(agentpy.Agent):
    def setup(self) -> None:
        self.count, self.ties = 0, ()

    def tell(self) -> None:
        if self.out:
            for tie in self.ties:
                tie.count += 1

    def decide(self) -> None:
        pull = self.model.pull[self.count]
        self.out = self.model.luck() * (pull + self.reluctance) < pull
        self.count = 0

    def decide_in_patch(self) -> None:
        model, patch = self.model, self.patch
        pull = model.pull[patch]
        if model.luck() * (pull + self.reluctance) < pull:
            model.crowd[patch] += 1


class Street(agentpy.Model):
    def setup(self) -> None:
        world: World = self.p.world
        self.size, self.luck = np.bincount(world.patch), self.random.random
        self.people = agentpy.AgentList(self, world.n, Person)
        self.people.reluctance = agentpy.AttrIter(world.reluctance.tolist())
        self.people.patch = agentpy.AttrIter(world.patch.tolist())
        self.people.out = agentpy.AttrIter(world.out.tolist())
        self.crowd = np.bincount(world.patch, world.out, len(self.size)).tolist()
        if world.ties is not None:
            for person, ties in zip(self.people, world.ties.T.tolist(), strict=True):
                person.ties = [self.people[k] for k in ties]

    def step(self) -> None:
        rule, share = self.p.rule, sum(self.crowd) / len(self.people)
        if rule.mixing == "ties":
            self.pull = rule.pull(share).tolist()
            self.people.tell()
            self.people.decide()
            self.crowd = [sum(self.people.out)]
        else:
            self.pull = rule.pull_of_patches(np.array(self.crowd) / self.size, share).tolist()
            self.crowd = [0] * PATCHES
            self.people.decide_in_patch()


def build(rule: Rule, world: World, threads: int) -> Callable[[], float]:
    street = Street({"rule": rule, "world": world, "seed": SEED})
    street.sim_setup(steps=10**9)

    def step() -> float:
        street.sim_step()
        return sum(street.crowd) / world.n

    return step
