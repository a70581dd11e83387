"""Futures of a scenario as particles: played to a day, held there, and branched with other luck."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import polars as pl

from ...engine.run import Run
from ...engine.simulate import simulate
from ...engine.snapshot import Snapshot
from ...scenario.scenario import Scenario
from ...support.faults import Fault
from .follow import Stage, follow
from .weights import Sighting, Values, not_met


@dataclass(frozen=True)
class Particle:
    """A future that stands at the end of a day (none yet: its first), or one that is finished."""

    run: int
    moment: Snapshot | None = None
    done: Run | None = None


class _Reached(Exception):
    """The day is over on which a future is to be held."""


class Branched(NamedTuple):
    """Finished futures, a row each, with weights (to one), ancestors, and the stages."""

    runs: pl.DataFrame
    weights: Values
    ancestors: list[int]
    stages: list[Stage]


def branched(
    scenario: Scenario,
    at: Sequence[Sighting],
    size: int,
    seed: int,
    fixed: bool = False,
    watch: Callable[[int, int], None] | None = None,
) -> Branched:
    """Futures 0 to size - 1, branched as often as the observations ask for, and played to their
    end.

    watch: is called with days played and days in all, at most. Raises Fault for observations that
    no branch meets.
    """
    played = 0
    columns = {c.name: k for k, c in enumerate(scenario.columns.series)}

    def play(p: Particle, day: int, number: int) -> Particle:
        nonlocal played
        if p.done:
            return p
        held: list[Snapshot] = []
        since = p.moment

        def look(moment: Snapshot) -> None:
            nonlocal played
            played += 1
            if watch:
                watch(played, size * scenario.days)
            if moment.day == day < scenario.days and scenario.judge(moment.now) is None:
                held.append(moment)
                raise _Reached

        try:
            made = simulate(
                scenario,
                seed,
                p.run,
                fixed=fixed,
                branch=(since.day if since else 0, number),
                since=(lambda first: first.over(since)) if since else None,
                watch=look,
            )
        except _Reached:
            return Particle(p.run, held[0])
        return Particle(p.run, None, made)

    def read(p: Particle, today: Sequence[Sighting]) -> list[float]:
        day = today[0].day
        if p.done:
            if p.done.day < day or (p.done.ending != "in power" and p.done.day == day):
                return [math.nan] * len(today)
            return [float(p.done.series[day, columns[s.series]]) for s in today]
        assert p.moment is not None
        return [float(p.moment.record.series[day, columns[s.series]]) for s in today]

    def missed(today: Sequence[Sighting], values: Values, names: Sequence[int]) -> None:
        faults = not_met(today, values, names)
        if faults:
            raise Fault(faults, f"Branches of {scenario.name} do not meet what was seen:")

    found = follow([Particle(k) for k in range(size)], at, play, read, seed, missed)
    ends: list[Run] = []
    for k, (p, number) in enumerate(zip(found.particles, found.luck, strict=True)):
        done = play(p, scenario.days, number).done
        assert done is not None
        ends.append(dataclasses.replace(done, run=k))
    rows = [f.outcomes() for f in ends]
    return Branched(
        pl.DataFrame(rows, infer_schema_length=None), found.weights, found.ancestors, found.stages
    )
