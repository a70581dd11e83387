"""How long a study will take, said before it begins: an estimate for a laptop of 2025, good to a
factor of two."""

from __future__ import annotations

import contextlib
from pathlib import Path

from ..scenario import Scenario
from ..schema import Claim
from .ensemble import _shares
from .folder import Folder

A_DAY, AN_AGENT_DAY = 4e-4, 3e-9  # seconds
A_START = 3.0  # seconds until worker processes are at work
QUICK_PAIRS = 30  # of `claims --quick`: enough to see the large effects


def run_seconds(scenario: Scenario, runs: int, processes: int | None, out: Path) -> float:
    """Seconds for the futures that are not in the folder yet."""
    left = max(0, runs - _there(out))
    return _seconds(scenario, scenario.days * left, left, processes)


def claims_seconds(
    scenario: Scenario, claims: list[Claim], runs: int, processes: int | None
) -> float:
    """Seconds for every arm of these claims; arms that several claims share are counted once."""
    seconds = 0.0
    for (_, days), pairs in arms(claims, runs).items():
        seconds += _seconds(scenario, pairs * (days or scenario.days), pairs, processes)
    return seconds


def arms(claims: list[Claim], runs: int) -> dict[tuple[str, int | None], int]:
    """Distinct arms (what is changed, days) with the futures that each needs."""
    found: dict[tuple[str, int | None], int] = {}
    for claim in claims:
        for arm in claim.arms.values():
            key = (
                repr((sorted(arm.set.items()), sorted(arm.switched_off), claim.citizens)),
                arm.days or claim.days,
            )
            found[key] = max(found.get(key, 0), min(runs, claim.runs or runs))
    return found


def _seconds(scenario: Scenario, days: int, runs: int, processes: int | None) -> float:
    if not runs:
        return 0.0
    workers, _ = _shares(scenario, runs, processes, None)
    alone = days * (A_DAY + AN_AGENT_DAY * float(scenario.place.agents.sum()))
    return alone if workers == 0 else alone / workers + A_START


def _there(out: Path) -> int:
    """Futures that are on disk; of a folder that cannot be read, none."""
    with contextlib.suppress(Exception):
        return len(Folder(out).finished())
    return 0
