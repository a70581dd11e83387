"""The scenarios that a page compares: the country as it is; under the reader's assumptions; and
with the reader's choices too. Choices never mix with assumptions.
"""

from __future__ import annotations

import dataclasses
import threading
from collections import OrderedDict, defaultdict
from collections.abc import Mapping
from typing import Any, NamedTuple

from ..scenario.file.turns import AT
from ..scenario.load import load
from ..scenario.placefile import GDP
from ..scenario.scenario import Scenario
from ..study.patches import fewer, patched
from .address import State, check
from .exports.dropped import Dropped
from .futures import PREVIEWED

MOST_KEPT = 64
ENDS = ("value", "low", "high")  # of a parameter, all of which are what it is set to


class Sides(NamedTuple):
    """The country, under the assumptions, with the choices too; the same where none is changed."""

    base: Scenario
    assumed: Scenario
    chosen: Scenario

    def few(self) -> Sides:
        """The same with as few agents as a preview has."""
        made = {id(s): fewer(s, PREVIEWED) for s in self}
        return Sides(*(made[id(s)] for s in self))


class Countries:
    """The countries that are served, by name; each is read when it is first asked for.

    They have at most 20,000 agents, as for `thermidor compare`, so that its numbers are the page's.
    """

    def __init__(self, named: Mapping[str, str], dropped: Dropped | None = None):
        self.named, self.dropped = named, dropped
        self._lock = threading.Lock()
        self._loading: dict[str, threading.Lock] = defaultdict(threading.Lock)
        self._countries: dict[str, Scenario] = {}
        self._kept: OrderedDict[Any, Scenario] = OrderedDict()

    def country(self, name: str) -> Scenario:
        """The country as it is, one that is served or that was dropped. Raises Fault for what is
        wrong with its file.
        """
        if own := self.dropped.scenario(name) if self.dropped else None:
            return own
        with self._lock:
            loading = self._loading[name]
        with loading:  # while another country is read, those that are there answer
            if name not in self._countries:
                self._countries[name] = fewer(load(self.named[name]))
            return self._countries[name]

    def sides(self, state: State) -> Sides:
        """Raises Fault for what the country does not take."""
        base = self.country(state.country)
        with self._lock:  # building is Python, and is not done twice side by side
            check(state, base)
            assumed = self._changed(state.country, base, state.assumptions)
            both = {**state.assumptions, **state.choices}
            chosen = self._changed(state.country, base, both) if state.choices else assumed
            return Sides(base, assumed, chosen)

    def _changed(self, name: str, base: Scenario, changes: Mapping[str, Any]) -> Scenario:
        """The country with changes, as it was built before, or as one is that was built with other
        values of the same.
        """
        if not changes:
            return base
        key = name, tuple(sorted(changes.items()))
        if found := self._kept.get(key):
            self._kept.move_to_end(key)
            return found
        like = name, frozenset(changes)
        built = self._kept.get(like)
        if built is None or not moves(built, changes):
            made = self._kept[like] = patched(base, changes)
        else:
            made = moved(built, changes)
            self._kept.move_to_end(like)
        self._kept[key] = made
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return made


def moves(built: Scenario, changes: Mapping[str, Any]) -> bool:
    """Whether these numbers can be set without anything else being built again: none decides the
    size of the place, and all are such as their mechanism takes.
    """
    for key, value in changes.items():
        if AT in key:  # it decides on which days choices turn
            return False
        p = built.parameters[key].parameter
        if p.fact or p.options or key == GDP or not isinstance(value, float):
            return False
        if not p.low <= value <= p.high or (p.log and value <= 0):
            return False
    return True


def moved(built: Scenario, changes: Mapping[str, float]) -> Scenario:
    """A scenario that was built with values of these parameters, with other values of them: what
    `patched` gives, without checking claims and place again, which no value changes.
    """
    parameters, data = dict(built.parameters), dict(built.source.data)
    entries: dict[str, dict[str, Any]] = {}
    for key, value in changes.items():
        a = parameters[key]
        parameters[key] = dataclasses.replace(a, value=value, low=value, high=value)
        entries.setdefault(f"{a.parameter.role}s", {})[key] = value
    read = {block: {**getattr(built.file, block), **new} for block, new in entries.items()}
    source = built.source.changed(data | {b: {**data[b], **new} for b, new in entries.items()})
    file = built.file.model_copy(update=read)
    made = dataclasses.replace(built, file=file, source=source, parameters=parameters)
    was = built.resolved
    sheet = {k: was["parameters"][k] | dict.fromkeys(ENDS, v) for k, v in changes.items()}
    blocks = {block: was[block] | new for block, new in entries.items()}
    vars(made)["resolved"] = was | blocks | {"parameters": was["parameters"] | sheet}
    return made
