"""How far long work has come: one event, told by everything that takes long."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Progress(NamedTuple):
    """`done` of `total` items of a stage are finished; `reached` counts what is under way too."""

    stage: str
    done: float
    total: float
    reached: float = 0.0

    @property
    def come(self) -> float:
        """How far it is, in items: what is finished, or under way beyond that."""
        return max(self.done, self.reached)


Watch = Callable[[Progress], None]


def renamed(watch: Watch | None, stage: str) -> Watch | None:
    """Tells of work as a stage of this name."""
    if watch is None:
        return None
    return lambda p: watch(p._replace(stage=stage))


def as_part(watch: Watch | None, stage: str, k: int, parts: int) -> Watch | None:
    """Tells of work as the part after the first k of so many, however large it is."""
    if watch is None:
        return None
    return lambda p: watch(Progress(stage, k, parts, k + p.come / max(p.total, 1)))
