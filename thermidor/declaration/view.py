"""What a step sees of the world."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from ..support.arrays import Array
from ..support.faults import near


class Numbers(NamedTuple):
    """The numbers of a place that compiled steps may look at; as in `places.Place`, all float64."""

    population: Array
    weights: Array
    composition: Array
    adjacency: Array
    unemployment: Array
    agents: Array
    front_strength: Array
    front_weight: Array


class Yesterday:
    """The world as it stood, limited to what one mechanism said it reads.

    A mechanism's file may subclass it and annotate what it reads, so that an editor completes it:

        class See(Yesterday):
            turnout_country: float
            memory: Memory

    `memory` is its own; `place` is the country.
    """

    place: Any
    memory: Any

    def __init__(self, who: str, allowed: Iterable[str], place: Any = None):
        self.__dict__.update(_who=who, _allowed=tuple(allowed), _known=(), memory=None, place=place)

    def __getattr__(self, name: str) -> Any:  # reached only for what was not declared
        raise AttributeError(
            f"{self._who} looked at '{name}' without declaring it; "
            f"add it to reads=.{near(name, self._known)}"
        )

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(
            f"{self._who} tried to write '{name}' into yesterday; return it from the step instead."
        )

    def see(self, world: Mapping[str, Any], memory: Any = None) -> Yesterday:
        """The same view of another day."""
        mine = self.__dict__
        mine["_known"], mine["memory"] = world, memory
        for name in self._allowed:
            mine[name] = world[name]
        return self


OWN = ("memory", "place")  # what a view holds besides the world


def annotated(view: type) -> tuple[str, ...]:
    """The words that a subclass of Yesterday annotates, its own things left out."""
    words: dict[str, None] = {}
    for c in reversed(view.__mro__):
        if issubclass(c, Yesterday) and c is not Yesterday:
            words |= dict.fromkeys(c.__dict__.get("__annotations__", {}))
    return tuple(w for w in words if w not in OWN)
