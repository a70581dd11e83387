"""Futures that take long: kept on disk while they are computed, taken up where they stopped,
branched from a common past.
"""

from __future__ import annotations

import contextlib
import dataclasses
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from ...engine.run import Run
from ...engine.simulate import simulate
from ...engine.snapshot import Damaged, Snapshot
from ...scenario.scenario import Scenario
from ...support.faults import Fault
from ...support.stopping import Stopped
from ...support.writing import whole
from ..store.folder import rules

KEEP_SECONDS = 30.0  # how often a future is kept while it is computed
WORTH_SECONDS = 3.0  # and what is lost at most when the user stops it
Watch = Callable[[int], None]


class Past(NamedTuple):
    """The first days of one future, from which many go on: its number, the last common day, its
    file, its fingerprint.
    """

    run: int
    day: int
    path: Path
    what: str


def future(
    scenario: Scenario,
    seed: int,
    k: int,
    fixed: bool,
    path: Path,
    watch: Watch | None = None,
    past: Past | None = None,
) -> Run:
    """Future k, or branch k of a past; from `path` if it was left unfinished there."""
    last = time.monotonic()

    def look(moment: Snapshot) -> None:
        nonlocal last
        waited = time.monotonic() - last
        try:
            if watch:
                watch(moment.day)
        except Stopped:
            if waited > WORTH_SECONDS:
                keep(moment, path, made_by(scenario))
            raise
        if waited > KEEP_SECONDS:
            keep(moment, path, made_by(scenario))
            last = time.monotonic()

    def taken_up(first: Snapshot) -> Snapshot:
        return first.restored(path, made_by(scenario))

    def from_past(first: Snapshot) -> Snapshot:
        return first.restored(past.path, past.what) if past else first

    number, branch = (past.run, (past.day, k)) if past else (k, (0, 0))
    made = None
    if path.is_file() and not path.is_symlink():
        with contextlib.suppress(Damaged):  # costs time, not the study
            made = simulate(
                scenario, seed, number, fixed=fixed, branch=branch, since=taken_up, watch=look
            )
    if made is None:
        made = simulate(
            scenario, seed, number, fixed=fixed, branch=branch, since=from_past, watch=look
        )
    path.unlink(missing_ok=True)
    return dataclasses.replace(made, run=k)


def made_by(scenario: Scenario) -> str:
    """What a kept future belongs to: its scenario and the code that computed it."""
    return f"{scenario.hash} {rules()}"


def keep(moment: Snapshot, path: Path, what: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    whole(path, lambda p: moment.save(p, what))


class _Reached(Exception):
    pass


def make_past(
    scenario: Scenario,
    seed: int,
    run: int,
    day: int,
    fixed: bool,
    path: Path,
    watch: Watch | None = None,
) -> Past:
    """Compute the first days of a future once and keep them. Raises Fault if it ends before."""
    past = Past(run, day, path, made_by(scenario))
    if path.is_file() and _sound(scenario, seed, fixed, past):
        return past

    def look(moment: Snapshot) -> None:
        if watch:
            watch(moment.day)
        if moment.day == day:
            keep(moment, path, made_by(scenario))
            raise _Reached

    try:
        made = simulate(scenario, seed, run, fixed=fixed, watch=look)
    except _Reached:
        return past
    raise Fault(
        f"future {run} ends on day {made.day} ({made.ending}), before the {day} days of the common "
        "past are over; name another future with --past, or an earlier day."
    )


def _sound(scenario: Scenario, seed: int, fixed: bool, past: Past) -> bool:
    """Whether a kept past can be gone on from; one that is damaged is computed anew."""

    def stop(_: Snapshot) -> None:
        raise _Reached

    try:
        simulate(
            scenario,
            seed,
            past.run,
            fixed=fixed,
            since=lambda first: first.restored(past.path, past.what),
            watch=stop,
        )
    except _Reached:
        return True
    except Damaged:
        return False
    return True
