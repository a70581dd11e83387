"""How long a study will take, said before it begins: an estimate for a laptop of 2025, good to a
factor of two."""

from __future__ import annotations

import contextlib
from pathlib import Path

from ..scenario.scenario import Scenario
from ..support.machine import cores
from .ensemble import shares
from .futures.compute import seconds_a_day
from .futures.warm import ready
from .plan import RunPlan
from .store.folder import Folder

A_START = 3.0  # seconds until worker processes are at work


def at_first() -> str:
    """What is said beside an estimate before the mechanisms are compiled."""
    if ready():
        return ""
    return (
        ", longer while the mechanisms are compiled, once for an install ('thermidor warm' does "
        "it now)"
    )


def run_seconds(scenario: Scenario, runs: int, processes: int | None, out: Path) -> float:
    """Seconds for the futures that are not in the folder yet."""
    left = max(0, runs - _there(out))
    return _seconds(scenario, scenario.days * left, left, processes)


def _seconds(scenario: Scenario, days: int, runs: int, processes: int | None) -> float:
    if not runs:
        return 0.0
    workers, _ = shares(RunPlan(scenario, runs, Path(), processes=processes))
    alone = days * seconds_a_day(float(scenario.place.agents.sum()))
    return alone / cores() if workers == 0 else alone / workers + A_START


def _there(out: Path) -> int:
    """Futures that are on disk; of a folder that cannot be read, none."""
    with contextlib.suppress(Exception):
        return len(Folder(out).finished())
    return 0
