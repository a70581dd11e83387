"""Mesa: an object a person and `AgentSet.do`. Those who are out tell their ties, then everybody
decides.
"""

from __future__ import annotations

from collections.abc import Callable

import mesa
import numpy as np

from .rule import PATCHES, SEED, Rule, World


class Person(mesa.Agent):
    def __init__(self, model: Street, reluctance: float, patch: int, out: bool) -> None:
        super().__init__(model)
        self.reluctance, self.patch, self.out, self.count, self.ties = reluctance, patch, out, 0, ()

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
        if self.model.luck() * (pull + self.reluctance) < pull:
            model.crowd[patch] += 1


class Street(mesa.Model):
    def __init__(self, rule: Rule, world: World) -> None:
        super().__init__(seed=SEED)
        self.rule, self.size, self.luck = rule, np.bincount(world.patch), self.random.random
        Person.create_agents(
            self, world.n, world.reluctance.tolist(), world.patch.tolist(), world.out.tolist()
        )
        self.crowd = np.bincount(world.patch, world.out, len(self.size)).tolist()
        if world.ties is not None:
            people = list(self.agents)
            for person, ties in zip(people, world.ties.T.tolist(), strict=True):
                person.ties = [people[k] for k in ties]

    def step(self) -> None:
        share = sum(self.crowd) / len(self.agents)
        if self.rule.mixing == "ties":
            self.pull = self.rule.pull(share).tolist()
            self.agents.do("tell")
            self.agents.do("decide")
            self.crowd = [sum(self.agents.get("out"))]
        else:
            self.pull = self.rule.pull_of_patches(np.array(self.crowd) / self.size, share).tolist()
            self.crowd = [0] * PATCHES
            self.agents.do("decide_in_patch")


def build(rule: Rule, world: World, threads: int) -> Callable[[], float]:
    street = Street(rule, world)

    def step() -> float:
        street.step()
        return sum(street.crowd) / world.n

    return step
