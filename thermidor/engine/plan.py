"""What futures of the same mechanisms and sizes have in common, made once in a process."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from numba import typeof

from ..declaration.declare import Mechanism
from ..support.compiled import is_kept
from ..support.trees import ONE_AT_A_TIME
from .columns import Columns
from .layout import Layout
from .pools import Pools
from .rows import Rows, days_of, rows

MOST_PLANS = 64  # that are kept


class Plan:
    """What futures of the same mechanisms and sizes have in common: columns, and compiled steps."""

    def __init__(self, columns: Columns):
        self.layout = Layout(columns)
        self._steps: dict[str, Rows] = {}
        self._days: Callable[..., Any] | None = None

    def step(
        self, m: Mechanism, pools: Pools, example: Sequence[Any], compile_it: bool = True
    ) -> Rows:
        """The step of a mechanism over rows; see `rows`."""
        if m.name not in self._steps or self._steps[m.name].late:
            self._steps[m.name] = rows(m, self.layout, pools, example, compile_it)
        return self._steps[m.name]

    def days(
        self, steps: Mapping[str, Rows], example: Sequence[Any], compile_it: bool = False
    ) -> Callable[..., Any] | None:
        """All steps of some days in one call (`days_of`); None where it is not compiled.

        example: arguments of the types with which it will be called.
        """
        known = {name: s.step for name, s in steps.items() if s.step}
        if self._days is None and len(known) == len(steps):
            with ONE_AT_A_TIME:
                made, types = days_of(known), tuple(map(typeof, example))
            if compile_it or is_kept(made, types):
                made.compile(types)
                self._days = made
        return self._days


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
