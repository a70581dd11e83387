"""AgentTorch: a `Runner` with one substep on tensors. Ties stay out of its state, which it copies
at every substep.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from agent_torch.core import Registry, Runner
from agent_torch.core.substep import SubstepTransition

from .rule import SEED, Rule, World


class Decide(SubstepTransition):
    """What the street is tomorrow, from the street of today."""

    rule: Rule
    world: World

    def __init__(self, *arguments) -> None:
        super().__init__(*arguments)
        world = self.world
        self.reluctance, self.patch = (
            torch.from_numpy(world.reluctance),
            torch.from_numpy(world.patch),
        )
        self.ties = torch.from_numpy(world.ties) if world.ties is not None else None
        self.size = torch.bincount(self.patch)

    def forward(self, state, action=None) -> dict[str, torch.Tensor]:
        out = state["agents"]["people"]["out"]
        n, number = len(out), int(torch.count_nonzero(out))
        if self.ties is None:
            shares = torch.bincount(self.patch[out], minlength=len(self.size)) / self.size
            pulls, of = self.rule.pull_of_patches(shares.numpy(), number / n), self.patch
        else:
            pulls, of = self.rule.pull(number / n), self.count(out, number)
        pull = torch.from_numpy(pulls).index_select(0, of)
        return {"out": torch.rand(n) * (pull + self.reluctance) < pull}

    def count(self, out: torch.Tensor, number: int) -> torch.Tensor:
        if number < len(out) // 20:
            return torch.bincount(self.ties[:, out.nonzero().ravel()].ravel(), minlength=len(out))
        seen = out.view(torch.uint8)
        count = seen.index_select(0, self.ties[0])
        for row in self.ties[1:]:
            count += seen.index_select(0, row)
        return count.int()


def build(rule: Rule, world: World, threads: int) -> Callable[[], float]:
    torch.set_num_threads(threads)
    torch.manual_seed(SEED)
    torch.set_grad_enabled(False)
    registry = Registry()
    registry.register(
        lambda shape, arguments: torch.from_numpy(world.out), "start", "initialization"
    )
    registry.register(
        type("Decide", (Decide,), {"rule": rule, "world": world}), "decide", "transition"
    )
    out = {
        "name": "out",
        "shape": [world.n],
        "dtype": "bool",
        "learnable": False,
        "initialization_function": {"generator": "start", "arguments": {}},
    }
    decide = {
        "generator": "decide",
        "arguments": None,
        "input_variables": {"out": "agents/people/out"},
        "output_variables": ["out"],
    }
    runner = Runner(
        {
            "simulation_metadata": {
                "device": "cpu",
                "num_episodes": 1,
                "num_steps_per_episode": 1,
                "num_substeps_per_step": 1,
                "calibration": False,
            },
            "state": {
                "environment": None,
                "agents": {"people": {"number": world.n, "properties": {"out": out}}},
                "objects": None,
                "network": {},
            },
            "substeps": {
                "0": {
                    "active_agents": ["people"],
                    "observation": {"people": None},
                    "policy": {"people": None},
                    "transition": {"decide": decide},
                }
            },
        },
        registry,
    )
    runner.init()

    def step() -> float:
        runner.state_trajectory.clear()
        runner.step(1)
        return float(torch.count_nonzero(runner.state["agents"]["people"]["out"])) / world.n

    return step
