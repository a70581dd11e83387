"""The one door to the model for the pages: a scenario in which every mechanism runs."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import thermidor as th

SCENARIO = "iran-2025"


@cache
def scenario() -> th.Scenario:
    return th.load(SCENARIO)


def wiring():
    """Mechanisms in their order, owners of states, listeners of channels."""
    return scenario().wiring


def mechanisms() -> tuple:
    """Every mechanism that comes with the package, in the order of the loop."""
    return wiring().mechanisms


def axes() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Axes by name: who declares each, a mechanism or the place, and its members."""
    w, place = wiring(), scenario().place
    declared = {axis: m.name for m in w.mechanisms for axis in m.axes}
    every = {**place.axes, **w.axes}
    return {k: (declared.get(k, "the place"), tuple(a.members)) for k, a in every.items()}


def source_file(mechanism) -> Path:
    """Where a mechanism is written, from the root of the project."""
    return Path(mechanism.file).resolve().relative_to(Path(th.__file__).resolve().parents[1])
