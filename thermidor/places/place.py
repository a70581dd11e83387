"""A country: its provinces, who lives there, and the names along which states and channels are
given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ..declaration.quantity import Axis
from ..declaration.view import Numbers
from .axes import GROUPS

AXES = ("province", "group", "front")  # those that belong to the place and to no mechanism
FEWEST_WORDS = 4  # of 64 agents each, for the smallest province
FEWEST = 64 * FEWEST_WORDS
# numerical guard: parts of the people that can at most be lost to the street, jail and exile; to
# strikes; to executions. Their owners do not see on a day what the others take that day, so each
# has its part, and together they never take more than there are.
LOST_TO_CITIZENS, LOST_TO_ADVERSARY, LOST_TO_SECURITY = 0.80, 0.15, 0.01


def fewest(provinces: int) -> int:
    """Agents that so many provinces need at least."""
    return FEWEST * provinces


@dataclass(frozen=True)
class Place:
    """The provinces and their people. Shares are of the province's residents.

    population: persons.  children (0-14), young (15-29), old (65 and over), minority, unemployment:
    shares by province. neighbours: pairs of province ids.  front_rows: the armed groups abroad
    (name, strength, weight).  citizens: agents asked for, each standing for population / agents
    persons of its province.
    """

    country: str
    ids: tuple[str, ...]
    names: tuple[str, ...]
    population: np.ndarray
    children: np.ndarray
    young: np.ndarray
    old: np.ndarray
    minority: np.ndarray
    unemployment: np.ndarray
    capital: int
    neighbours: tuple[tuple[str, str], ...] = ()
    front_rows: tuple[Any, ...] = ()
    citizens: int = 100_000
    record: tuple[Any, ...] = ()  # what the ruler was seen to do
    dated: tuple[Any, ...] = ()  # (first day, last day, channel, value, what)

    @cached_property
    def axes(self) -> Mapping[str, Axis]:
        """`AXES` with their members."""
        return {
            "province": Axis(self.ids, "by province"),
            "group": Axis(GROUPS, "last day"),
            "front": Axis(tuple(f.name for f in self.front_rows)),
        }

    @cached_property
    def weights(self) -> np.ndarray:
        """Each province's share of the population."""
        return np.asarray(self.population / self.population.sum())

    @cached_property
    def front_strength(self) -> np.ndarray:
        """Strength of each armed group abroad, 1 being its best year."""
        return np.array([f.strength for f in self.front_rows], dtype=float)

    @cached_property
    def front_weight(self) -> np.ndarray:
        """Weight of each in what they deter."""
        return np.array([f.weight for f in self.front_rows], dtype=float)

    @cached_property
    def numbers(self) -> Numbers:
        """What steps may look at."""
        return Numbers(*(np.asarray(getattr(self, n), np.float64) for n in Numbers._fields))

    @cached_property
    def words(self) -> np.ndarray:
        """Words of 64 agents in each province: in proportion to people (largest remainder), at
        least FEWEST_WORDS.
        """
        n = len(self.ids)
        spare = max(0, round(self.citizens / 64) - FEWEST_WORDS * n)
        above = np.maximum(self.weights - FEWEST_WORDS / max(1.0, self.citizens / 64), 0.0)
        quota = spare * above / above.sum() if above.sum() > 0 else np.zeros(n)
        words = np.floor(quota).astype(np.int64)
        words[np.argsort(-(quota - words), kind="stable")[: spare - words.sum()]] += 1
        return words + FEWEST_WORDS

    @property
    def fewest(self) -> int:
        """Agents that the place needs at least."""
        return fewest(len(self.ids))

    @cached_property
    def agents(self) -> np.ndarray:
        """Agents in each province."""
        return self.words * 64

    @cached_property
    def composition(self) -> np.ndarray:
        """Share of each group in each province, float[province, group]."""
        adults = np.maximum(0.0, 1 - self.children - self.young - self.old)  # a hair below, at most
        ages = np.stack([self.children, self.young, adults, self.old], axis=1)
        shares = np.zeros((len(self.ids), len(GROUPS)))
        for minority in (0, 1):
            part = self.minority if minority else 1 - self.minority
            for age in range(4):
                for sex in (0, 1):
                    shares[:, sex + 2 * age + 8 * minority] = 0.5 * ages[:, age] * part
        return shares

    @cached_property
    def adjacency(self) -> np.ndarray:
        """Row-normalised adjacency of provinces, float[province, province]; a province without
        neighbours has zeros.
        """
        a = np.zeros((len(self.ids), len(self.ids)))
        at = {i: k for k, i in enumerate(self.ids)}
        for i, j in self.neighbours:
            a[at[i], at[j]] = a[at[j], at[i]] = 1.0
        return np.asarray(a / np.maximum(a.sum(1, keepdims=True), 1.0))
