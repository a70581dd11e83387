"""What futures of the same mechanisms and sizes have in common, made once in a process."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..declaration.declare import Mechanism
from .columns import Columns
from .layout import Layout
from .pools import Pools
from .rows import Rows, rows

MOST_PLANS = 64  # that are kept


class Plan:
    """What futures of the same mechanisms and sizes have in common: columns, and compiled steps."""

    def __init__(self, columns: Columns):
        self.layout = Layout(columns)
        self._steps: dict[str, Rows] = {}

    def step(
        self, m: Mechanism, pools: Pools, example: Sequence[Any], compile_it: bool = True
    ) -> Rows:
        """The step of a mechanism over rows; see `rows`."""
        if m.name not in self._steps or self._steps[m.name].late:
            self._steps[m.name] = rows(m, self.layout, pools, example, compile_it)
        return self._steps[m.name]


_plans: dict[Any, Plan] = {}


def planned(columns: Columns) -> Plan:
    """The plan for these columns, made once in a process."""
    wiring = columns.wiring
    key = (wiring.mechanisms, wiring.off, tuple(sorted(columns.sizes.items())))
    if key not in _plans:
        if len(_plans) >= MOST_PLANS:
            _plans.clear()
        _plans[key] = Plan(columns)
    return _plans[key]
