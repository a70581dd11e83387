"""Futures as the page needs them: how each ended, what it cost, its weekly series; kept for a while
in memory, by the fingerprint of the scenario, the seed and their numbers.

Futures are keyed by number, so the first 32 of a preview are the first 32 of the 200 that refine
it, and future k has the same luck on every side: only what was changed moves.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from ..engine.batch import Batch, Futures
from ..engine.run import Run
from ..scenario.scenario import Scenario
from ..study.futures.warm import begin, ready
from ..support.faults import MachineFault
from .pool import FIRST, LATER, Pool, Token

WEEK = 7
PREVIEW, REFINED = 32, 200  # futures
PARTS = ((0, 16), (16, 32), *((k, k + 24) for k in range(32, REFINED, 24)))  # that a worker plays
MOST_SIDES = 16  # scenarios of which futures are kept


@dataclass(frozen=True)
class Some:
    """Some futures of a scenario, one after another; those that failed are left out.

    runs, day: int[future].  ending: of each.  costs: float64[future, cost].
    series: float32[future, week, series], NaN after a future's end.
    assumed: what each drew, float64[future, assumption of `drawn`].
    """

    runs: npt.NDArray[np.int64]
    day: npt.NDArray[np.int64]
    ending: tuple[str, ...]
    costs: npt.NDArray[np.float64]
    series: npt.NDArray[np.float32]
    assumed: npt.NDArray[np.float64]
    failed: int = 0

    @property
    def survived(self) -> npt.NDArray[np.float64]:
        """Whether the group in power still holds it on the last day, 0 or 1: float[future]."""
        return np.array([float(e == "in power") for e in self.ending])

    def __len__(self) -> int:
        return len(self.runs)

    def on(self, runs: npt.NDArray[np.int64]) -> Some:
        """Only those of these numbers."""
        keep = np.isin(self.runs, runs)
        ending = tuple(e for e, k in zip(self.ending, keep, strict=True) if k)
        return Some(
            self.runs[keep],
            self.day[keep],
            ending,
            self.costs[keep],
            self.series[keep],
            self.assumed[keep],
        )


def joined(parts: Sequence[Some]) -> Some:
    """Parts as one."""
    return Some(
        np.concatenate([p.runs for p in parts]),
        np.concatenate([p.day for p in parts]),
        tuple(e for p in parts for e in p.ending),
        np.concatenate([p.costs for p in parts]),
        np.concatenate([p.series for p in parts]),
        np.concatenate([p.assumed for p in parts]),
        sum(p.failed for p in parts),
    )


def drawn(scenario: Scenario) -> list[str]:
    """The assumptions that futures draw as numbers."""
    every = scenario.parameters.items()
    return [k for k, a in every if a.drawn and not a.parameter.options]


def weeks(days: int) -> list[int]:
    """The days that are shown: every seventh, and the last."""
    return sorted({*range(0, days + 1, WEEK), days})


def play(scenario: Scenario, seed: int, runs: Sequence[int], token: Token | None) -> Some:
    """Play some futures side by side. Until the steps are compiled, which another process then
    does, they are played plainly. Raises Stopped when the token is cancelled.
    """
    if token:
        token.check()
    compiled = ready()
    if not compiled:
        begin()
    batch = Batch(Futures([scenario] * len(runs), runs, seed), compile_steps=compiled)
    batch.play((lambda day, futures: token.check()) if token else None)
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
    for k, f in enumerate(done):
        lived = [d for d in days if d <= f.day]
        series[k, : len(lived)] = f.series[lived, :shown]
    return Some(
        np.array([f.run for f in done]),
        np.array([f.day for f in done]),
        tuple(f.ending for f in done),
        np.array([f.series[-1, costs] for f in done]),
        series,
        np.array([[getattr(f.parameters[w], n) for w, n in keys] for f in done], np.float64),
        failed,
    )


class Held:
    """The futures that were played, of the scenarios that were last asked for."""

    def __init__(self, pool: Pool):
        self.pool = pool
        self._lock = threading.Lock()
        self._sides: OrderedDict[tuple[str, int, int], dict[int, Future[Some]]] = OrderedDict()

    def ask(self, s: Scenario, seed: int, upto: int, token: Token | None) -> list[Future[Some]]:
        """The parts of the first futures of a scenario, played now or before.

        token: cancels what is not done yet; None for what others may want too.
        """
        key = s.hash, seed, s.place.citizens
        with self._lock:
            side = self._sides.setdefault(key, {})
            self._sides.move_to_end(key)
            while len(self._sides) > MOST_SIDES:
                self._sides.popitem(last=False)
            out = []
            for first, end in PARTS:
                if first >= upto:
                    break
                found = side.get(first)
                if found is None or _lost(found):
                    task: Any = partial(play, s, seed, range(first, end), token)
                    found = side[first] = self.pool.submit(task, FIRST if end <= PREVIEW else LATER)
                    found.token = token  # type: ignore[attr-defined]
                out.append(found)
            return out


def _lost(found: Future[Some]) -> bool:
    """Whether a part was cancelled, or failed, or will be."""
    token = getattr(found, "token", None)
    if found.done():
        return found.cancelled() or found.exception() is not None
    return token is not None and token.cancelled
