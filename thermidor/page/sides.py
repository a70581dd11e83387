"""The scenarios that a page compares: the country as it is; under the reader's assumptions; and
with the reader's choices too. Choices never mix with assumptions.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from ..scenario.load import load
from ..scenario.scenario import Scenario
from ..study.patches import fewer, patched
from .address import State, check
from .exports.dropped import Dropped

MOST_KEPT = 64


class Sides(NamedTuple):
    """The country, under the assumptions, with the choices too; the same where none is changed."""

    base: Scenario
    assumed: Scenario
    chosen: Scenario


class Countries:
    """The countries that are served, by name; each is read when it is first asked for.

    They have at most 20,000 agents, as for `thermidor compare`, so that its numbers are the page's.
    """

    def __init__(self, named: Mapping[str, str], dropped: Dropped | None = None):
        self.named, self.dropped = named, dropped
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, tuple[Any, ...]], Scenario] = OrderedDict()
        self._read = cache(self._country)

    def country(self, name: str) -> Scenario:
        """A country as it is: one that is served, or that was dropped."""
        own = self.dropped.scenario(name) if self.dropped else None
        return own or self._read(name)

    def _country(self, name: str) -> Scenario:
        return fewer(load(self.named[name]))

    def sides(self, state: State) -> Sides:
        """Raises Fault for what the country does not take."""
        with self._lock:  # building is Python, and is not done twice side by side
            base = self.country(state.country)
            check(state, base)
            assumed = self._changed(state.country, base, state.assumptions)
            both = {**state.assumptions, **state.choices}
            chosen = self._changed(state.country, base, both) if state.choices else assumed
            return Sides(base, assumed, chosen)

    def _changed(self, name: str, base: Scenario, changes: Mapping[str, Any]) -> Scenario:
        if not changes:
            return base
        key = name, tuple(sorted(changes.items()))
        if key not in self._kept:
            self._kept[key] = patched(base, changes)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]
