"""Futures as the page needs them: how each ended, what it cost, its weekly series; kept for a while
in memory, by the fingerprint of the scenario, the seed and their numbers.

Futures are keyed by number, so the 32 of a preview are the first of the 200 that refine it, and
future k has the same luck on every side: only what was changed moves. A preview has fewer agents,
which changes few endings (docs/page.md).
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..engine.batch import Batch, Futures
from ..engine.run import Run
from ..engine.snapshot import Starts
from ..scenario.scenario import Scenario
from ..study.futures.warm import begin, ready, whole
from ..support.faults import MachineFault
from .pool import FIRST, LATER, Pool, Token, Wanted

WEEK = 7
FEW, PREVIEW, REFINED = 16, 32, 200  # futures; few where a preview of more would come late
PARTS = (*((k, k + 8) for k in range(0, PREVIEW, 8)), *((k, k + 28) for k in range(32, 200, 28)))
PREVIEWED = 4_000  # agents of a preview, or as few as the place allows
SOON = 0.27  # seconds that a preview may take
OVERHEAD = 0.08  # seconds of them for all but its futures: a scenario, two charts, drawing them
MOST_BYTES = 96 * 2**20  # of the futures that are kept: some twenty refined answers of a year
MOST_SIDES = 256  # scenarios of which futures are kept
_starts = Starts()
_laying_out = threading.Lock()  # futures laid out and steps loaded: Python, not twice side by side


@dataclass(frozen=True)
class Some:
    """Some futures of a scenario, one after another; those that failed are left out.

    runs, day: int[future].  ending: of each.  costs: float64[future, cost], at its own end.
    paid: float32[future, day, cost], as it grew until then; NaN after a future's end.
    series: float32[future, week, series], NaN after a future's end.
    assumed: what each drew, float64[future, assumption of `drawn`].  failed: futures left out.
    """

    runs: npt.NDArray[np.int64]
    day: npt.NDArray[np.int64]
    ending: tuple[str, ...]
    costs: npt.NDArray[np.float64]
    paid: npt.NDArray[np.float32]
    series: npt.NDArray[np.float32]
    assumed: npt.NDArray[np.float64]
    failed: int = 0

    @property
    def bytes(self) -> int:
        """That it takes in memory, all in all but for a little."""
        arrays = self.runs, self.day, self.costs, self.paid, self.series, self.assumed
        return sum(a.nbytes for a in arrays)

    @property
    def survived(self) -> npt.NDArray[np.float64]:
        """Whether the group in power still holds it on the last day, 0 or 1: float[future]."""
        return np.array([float(e == "in power") for e in self.ending])

    def __len__(self) -> int:
        return len(self.runs)

    def on(self, runs: npt.NDArray[np.int64]) -> Some:
        """Only those of these numbers, which did not fail on any side."""
        keep = np.isin(self.runs, runs)
        names = ("runs", "day", "costs", "paid", "series", "assumed")
        return replace(
            self,
            ending=tuple(e for e, k in zip(self.ending, keep, strict=True) if k),
            failed=self.failed + int((~keep).sum()),
            **{name: getattr(self, name)[keep] for name in names},
        )


def joined(parts: Sequence[Some]) -> Some:
    """Parts as one."""
    return Some(
        np.concatenate([p.runs for p in parts]),
        np.concatenate([p.day for p in parts]),
        tuple(e for p in parts for e in p.ending),
        np.concatenate([p.costs for p in parts]),
        np.concatenate([p.paid for p in parts]),
        np.concatenate([p.series for p in parts]),
        np.concatenate([p.assumed for p in parts]),
        sum(p.failed for p in parts),
    )


def evenly(sides: Sequence[Some]) -> tuple[list[npt.NDArray[np.float64]], int]:
    """What the same futures cost on each side over the days that they lived on all, as
    `study.costs.evenly`; and how many lived longer on one side than on another.

    sides: of the same numbers, in the same order.
    """
    days = np.array([s.day for s in sides])
    until, unequal = days.min(0), days.min(0) < days.max(0)
    rows = np.arange(len(until))
    even = [np.where(unequal[:, None], s.paid[rows, until], s.costs) for s in sides]
    return even, int(unequal.sum())


def drawn(scenario: Scenario) -> list[str]:
    """The assumptions that futures draw as numbers."""
    every = scenario.parameters.items()
    return [k for k, a in every if a.drawn and not a.parameter.options]


def weeks(days: int) -> list[int]:
    """The days that are shown: every seventh, and the last."""
    return sorted({*range(0, days + 1, WEEK), days})


def play(
    scenario: Scenario,
    seed: int,
    runs: Sequence[int],
    token: Token | None,
    pool: Pool | None = None,
) -> Some:
    """Play some futures side by side. Until the steps are compiled, which another process then
    does, they are played plainly. Raises Stopped when the token is cancelled.

    pool: to which it gives way at the end of every day.
    """

    def watch(day: int, futures: int) -> None:
        if token:
            token.check()
        if pool:
            pool.give_way()

    if token:
        token.check()
    compiled = ready()
    if not whole():
        begin(days=True)
    with _laying_out:
        futures = Futures([scenario] * len(runs), runs, seed, starts=_starts)
        batch = Batch(futures, compile_steps=compiled, whole=True)
    batch.play(watch)
    made = list(batch.runs())
    done = [f for f in made if isinstance(f, Run)]
    if not done:
        raise MachineFault(f"none of {len(made)} futures could be finished: {made[0]}")
    return _reduced(scenario, done, len(made) - len(done))


def _reduced(scenario: Scenario, done: Sequence[Run], failed: int) -> Some:
    days, columns = weeks(scenario.days), scenario.columns
    shown = len(columns.single)
    names = [c.name for c in columns.series]
    costs = [names.index(c.name) for c in columns.costs]
    keys = [k.split(".") for k in drawn(scenario)]
    series = np.full((len(done), len(days), shown), np.nan, np.float32)
    paid = np.full((len(done), scenario.days + 1, len(costs)), np.nan, np.float32)
    for k, f in enumerate(done):
        lived = [d for d in days if d <= f.day]
        series[k, : len(lived)] = f.series[lived, :shown]
        paid[k, : f.day + 1] = f.series[: f.day + 1, costs]
    return Some(
        np.array([f.run for f in done]),
        np.array([f.day for f in done]),
        tuple(f.ending for f in done),
        np.array([f.series[-1, costs] for f in done]),
        paid,
        series,
        np.array([[getattr(f.parameters[w], n) for w, n in keys] for f in done], np.float64),
        failed,
    )


class Part(NamedTuple):
    """Some futures of a side, played or to be played, and whether anybody wants them still."""

    found: Future[Some]
    wanted: Wanted

    @property
    def lost(self) -> bool:
        """Whether they were cancelled, or failed, or will be."""
        if self.found.done():
            return self.found.exception() is not None
        return self.wanted.cancelled

    @property
    def bytes(self) -> int:
        return self.found.result().bytes if self.found.done() and not self.lost else 0


Key = tuple[str, int, int]


class Held:
    """The futures that were played, of the scenarios that were last asked for, as far as memory
    goes.
    """

    def __init__(self, pool: Pool):
        self.pool = pool
        self.pace = 0.0  # seconds that a worker took of late for a day that a future lived
        self._lock = threading.Lock()
        self._sides: OrderedDict[Key, dict[int, Part]] = OrderedDict()

    def ask(self, s: Scenario, seed: int, upto: int, token: Token | None) -> list[Future[Some]]:
        """The parts of the first futures of a scenario, played now or before.

        token: cancels what is not done yet, where no other job wants it too; None for what is
        everybody's.
        """
        with self._lock:
            side = self._sides.setdefault(_key(s, seed), {})
            self._sides.move_to_end(_key(s, seed))
            out, urgency = [], FIRST if upto <= PREVIEW else LATER
            for first, end in PARTS:
                if first >= upto:
                    break
                part = side.get(first)
                if part is None or part.lost:
                    part = side[first] = self._begin(s, seed, range(first, end), urgency, token)
                else:
                    part.wanted.join(token)
                out.append(part.found)
            self._forget()
            return out

    def _begin(
        self, s: Scenario, seed: int, runs: range, urgency: int, token: Token | None
    ) -> Part:
        wanted = Wanted()
        wanted.join(token)

        def work() -> Some:
            begin = time.perf_counter()
            some = play(s, seed, runs, wanted, self.pool if urgency else None)
            if urgency == FIRST:
                took = (time.perf_counter() - begin) / max(1, int(some.day.sum()))
                self.pace += (took - self.pace) / 2 if self.pace else took
            return some

        return Part(self.pool.submit(work, urgency, wanted), wanted)

    def preview(self, sides: Iterable[Scenario], seed: int) -> int:
        """How many futures a preview has: as many as can be played in time at the pace at which
        they were played of late.
        """
        seconds = self.pace * self.missing(sides, seed, PREVIEW) / self.pool.size
        return PREVIEW if not seconds or seconds + OVERHEAD <= SOON else FEW

    def missing(self, sides: Iterable[Scenario], seed: int, upto: int) -> int:
        """Days to be played until the first futures of all sides are there."""
        days = 0
        with self._lock:
            for s in {_key(s, seed): s for s in sides}.values():
                side = self._sides.get(_key(s, seed), {})
                for first, end in PARTS:
                    part = side.get(first)
                    if end <= upto and (part is None or part.lost or not part.found.done()):
                        days += (end - first) * s.days
        return days

    @property
    def bytes(self) -> int:
        """That the futures that are kept take."""
        return sum(p.bytes for side in self._sides.values() for p in side.values())

    def _forget(self) -> None:
        """Drop the sides that were asked for longest ago, where they take too much."""
        taken = [sum(p.bytes for p in side.values()) for side in self._sides.values()]
        total = sum(taken)
        for size in taken[:-1]:
            if total <= MOST_BYTES and len(self._sides) <= MOST_SIDES:
                return
            self._sides.popitem(last=False)
            total -= size


def _key(s: Scenario, seed: int) -> Key:
    return s.hash, seed, s.place.citizens
