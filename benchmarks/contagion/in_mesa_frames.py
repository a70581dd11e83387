"""mesa-frames: people in a Polars frame, one expression a day; ties are ten columns of indices."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl
from mesa_frames import AgentSetPolars, ModelDF

from .rule import SEED, Rule, World


class People(AgentSetPolars):
    def __init__(self, model: ModelDF, rule: Rule, world: World) -> None:
        super().__init__(model)
        self.rule, self.share = rule, world.out.mean()
        self.add(
            pl.DataFrame(
                {
                    "unique_id": np.arange(world.n),
                    "reluctance": world.reluctance,
                    "patch": world.patch.astype(np.uint32),
                    "out": world.out.astype(np.uint8),
                }
            )
        )
        rows = [] if world.ties is None else world.ties.astype(np.uint32)
        self.agents = self.agents.with_columns(
            pl.Series(f"tie{k}", row) for k, row in enumerate(rows)
        )
        self.ties = [pl.col("out").gather(pl.col(f"tie{k}")) for k in range(len(rows))]

    def step(self) -> None:
        if self.rule.mixing == "ties":
            pull = pl.lit(pl.Series(self.rule.pull(self.share))).gather(
                sum(self.ties[1:], self.ties[0]).cast(pl.UInt32)
            )
        else:
            shares = (
                self.agents.group_by("patch")
                .agg(pl.col("out").mean())
                .sort("patch")["out"]
                .to_numpy()
            )
            pull = pl.lit(pl.Series(self.rule.pull_of_patches(shares, self.share))).gather(
                pl.col("patch")
            )
        luck = pl.lit(pl.Series(self.random.random(len(self.agents), dtype=np.float32)))
        self.agents = self.agents.with_columns(pull.alias("pull")).with_columns(
            (luck * (pl.col("pull") + pl.col("reluctance")) < pl.col("pull"))
            .cast(pl.UInt8)
            .alias("out")
        )
        self.share = self.agents["out"].mean()


class Street(ModelDF):
    def __init__(self, rule: Rule, world: World) -> None:
        super().__init__(seed=SEED)
        self.people = People(self, rule, world)
        self.agents += self.people


def build(rule: Rule, world: World, threads: int) -> Callable[[], float]:
    street = Street(rule, world)

    def step() -> float:
        street.step()
        return street.get_agents_of_type(People).share

    return step
