"""The columns in which a future is recorded: which state stands where, under what name."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..declaration.quantity import Axis, Quantity, axes_of
from .wiring import Wiring


def column(state: str, member: str = "") -> str:
    """The column of a state, or of one member of it: whatever parts its words is written as _."""
    return "_".join([*state.split(), *member.split()])


@dataclass(frozen=True)
class Cell:
    """A column of one number: a state, or one member of it."""

    name: str
    state: str
    member: str
    quantity: Quantity


class Columns:
    """What is recorded of the states of a wiring, along these axes.

    sizes: shape of what is given by an axis, by its name.
    """

    def __init__(self, wiring: Wiring, axes: Mapping[str, Axis]):
        self.wiring = wiring
        self.axes = {**axes, **wiring.axes}
        self.states = sorted(wiring.states.items())

    @cached_property
    def sizes(self) -> dict[str, tuple[int, ...]]:
        """The shape of each state and channel, by what it is given by."""
        return {q.by: self.shape(q.by) for q in self._quantities.values()}

    @cached_property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of each state and channel, by its name."""
        return {w: self.sizes[q.by] for w, q in self._quantities.items()}

    @property
    def _quantities(self) -> dict[str, Quantity]:
        return {**self.wiring.states, **self.wiring.channels}

    def shape(self, by: str) -> tuple[int, ...]:
        return tuple(len(self.axes[a].members) for a in axes_of(by))

    def recorded(self, q: Quantity) -> str:
        """What is recorded of a state: see `Axis`. Of products of axes nothing is."""
        axes = axes_of(q.by)
        if not axes:
            return "daily"
        return self.axes[q.by].recorded if len(axes) == 1 else "never"

    @cached_property
    def single(self) -> list[str]:
        """States that are one number for the country."""
        return [s for s, q in self.states if not axes_of(q.by)]

    @cached_property
    def lists(self) -> list[str]:
        """States with a daily series for each of their members."""
        return [s for s, q in self.states if axes_of(q.by) and self.recorded(q) == "daily"]

    @cached_property
    def local(self) -> list[str]:
        """States by province."""
        return [s for s, q in self.states if self.recorded(q) == "by province"]

    @cached_property
    def series(self) -> list[Cell]:
        """The daily columns: single numbers first, then lists."""
        states = self.wiring.states
        return [
            *(Cell(column(s), s, "", states[s]) for s in self.single),
            *(c for s in self.lists for c in self._members(s)),
        ]

    @cached_property
    def finals(self) -> list[Cell]:
        """The columns that hold the last day only."""
        kept = (s for s, q in self.states if self.recorded(q) == "last day")
        return [c for s in kept for c in self._members(s)]

    @cached_property
    def unseen(self) -> list[str]:
        """States of which not every day is recorded."""
        return [s for s, q in self.states if self.recorded(q) in ("last day", "never")]

    @cached_property
    def shares(self) -> np.ndarray:
        """The daily columns that are parts of 1, int[share]."""
        return np.flatnonzero([c.quantity.is_share for c in self.series])

    @cached_property
    def costs(self) -> list[Cell]:
        """The costs to citizens."""
        return [c for c in self.series if c.quantity.cost and not c.member]

    def _members(self, state: str) -> Iterator[Cell]:
        q = self.wiring.states[state]
        for member in self.axes[q.by].members:
            yield Cell(column(state, member), state, member, q)

    def size(self, by: str) -> int:
        """How many numbers are given by an axis."""
        return math.prod(self.shape(by))
