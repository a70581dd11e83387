"""The futures of a part, computed into a folder: side by side, or by the plain loop one after
another where a future is large.

A future that is played side by side has the same bytes whichever others are beside it, also none
(tests/study/test_abreast.py); the plain loop gives the same but for last digits
(tests/engine/test_batch.py), so a future that is not large is left to it only until the steps are
compiled (warm.py), and where it fails, for its reason.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ...engine.batch import Batch, Futures
from ...engine.run import Run
from ...execution.worker import Asked, Begins, Days, Kept, Tell
from ...scenario.scenario import Scenario
from ...scenario.sheets import Sheets
from ...support.faults import MachineFault
from ...support.stopping import Stopped
from ..design.design import Design
from ..plan import RunPlan
from ..store.folder import Folder
from ..store.rows import Failure
from .resume import future
from .warm import ready

FLUSH_SECONDS = 2.0  # finished futures wait about this long before they are on disk
FLUSH_SHARE = 0.05  # of the time that may be spent on writing, else they wait longer
LARGE = 500_000  # agents from which a future is computed by itself, on threads
MOST_ABREAST = 64  # futures side by side
AGENTS_ABREAST = 800_000  # agents side by side, so that they stay near the processor
FEWEST_ABREAST = 4
MOST_REASON = 500  # characters of a reason that are kept


class Computation:
    """Computes parts of a plan into its folder, and tells how far it is."""

    def __init__(self, plan: RunPlan):
        self.plan, self.folder = plan, Folder(plan.folder, plan.keep)
        self.agents = int(plan.scenario.place.agents.sum())
        self.plainly = self.agents >= LARGE or plan.future_seconds is not None
        self.waiting: list[Run | Failure] = []
        self.spent = Counter[str]()
        self.last, self.took = time.monotonic(), 0.0
        self.days, self.said = 0, 0.0
        self.ready = False
        self.points: dict[int, Scenario] = {}  # of a design, for the plain loop
        self.plain: dict[str, str] = {}  # mechanisms that cannot be compiled, and why

    def __call__(self, part: Sequence[int], tell: Tell, asked: Asked) -> None:
        self.tell, self.asked = tell, asked
        try:
            for some in self._abreast(part):
                for made in self._some(some):
                    self.waiting.append(made)
                    self._count(made)
                    if time.monotonic() - self.last > max(FLUSH_SECONDS, self.took / FLUSH_SHARE):
                        self._flush()
        except Stopped:
            pass
        finally:
            if self.waiting:
                self._flush()

    def _abreast(self, part: Sequence[int]) -> Iterator[Sequence[int]]:
        """The futures that are computed together: one by one until the steps are compiled."""
        k = 0
        while k < len(part):
            size = abreast(self.agents) if self._side_by_side_now() else 1
            yield part[k : k + size]
            k += size

    def _side_by_side_now(self) -> bool:
        """Whether futures are played side by side: not before the steps are compiled."""
        if not self.plainly and not self.ready:
            self.ready = ready()
        return self.ready

    def _some(self, some: Sequence[int]) -> Iterator[Run | Failure]:
        """Some futures, side by side. Where one of them ends the play of all, each is played
        without the others.
        """
        if not self.ready:
            yield from map(self._alone, some)
            return
        made = self._side_by_side(some)
        for k, row in zip(some, made or [None] * len(some), strict=True):
            if made is None and len(some) > 1:
                row = (self._side_by_side([k], again=True) or [None])[0]
            yield row or self._alone(k, again=True)

    def _side_by_side(self, some: Sequence[int], again: bool = False) -> list[Run | None] | None:
        """Futures played abreast, with None for one that failed; None if one ended the play of all.

        again: their days were counted before.
        """
        plan = self.plan
        past, design = plan.past, plan.design
        if len(some) == 1:
            self.tell(Begins(some[0]))
        try:
            batch = Batch(
                Futures(
                    [plan.scenario] * len(some),
                    some if design is None else [k // len(design) for k in some],
                    plan.seed,
                    plan.fixed,
                    (lambda first: first.restored(past.path, past.what)) if past else None,
                    past.run if past else 0,
                    None if design is None else self._sheets(design, some),
                )
            )
            self.plain = {n: s.why for n, s in batch.steps.items() if s.step is None}
            batch.play(lambda day, futures: self._watch(0 if again else futures))
            return [
                replace(row, run=k) if isinstance(row, Run) else None
                for k, row in zip(some, batch.runs(), strict=True)
            ]
        except (Stopped, MachineFault):
            raise
        except BaseException as e:  # whatever a user's mechanism raises is one future's
            if isinstance(e, KeyboardInterrupt) and self.asked():
                raise
            return None

    def _alone(self, k: int, again: bool = False) -> Run | Failure:
        """A future by the plain loop; one that fails is a row with its reason, never the end of the
        study.
        """
        plan = self.plan
        self.tell(Begins(k))
        try:
            made = future(
                self._scenario(k),
                plan.seed,
                k // len(plan.design) if plan.design else k,
                plan.fixed,
                self.folder.moment(k),
                lambda day: self._watch(0 if again else 1),
                plan.past,
            )
            return replace(made, run=k)
        except (Stopped, MachineFault):
            raise
        except BaseException as e:
            if isinstance(e, KeyboardInterrupt) and self.asked():
                raise  # the user's second
            return Failure(k, reason(e, plan.scenario))

    def _sheets(self, design: Design, some: Sequence[int]) -> Sheets:
        """What futures of a design assume."""
        plan = self.plan
        return design.sheets(plan.scenario, plan.seed, some, fixed=plan.fixed)

    def _scenario(self, k: int) -> Scenario:
        """The scenario of a future: of a design that of its point, built once for each."""
        design = self.plan.design
        if design is None:
            return self.plan.scenario
        point = k % len(design)
        if point not in self.points:
            self.points[point] = design.at(self.plan.scenario, point)
        return self.points[point]

    def _count(self, made: Run | Failure) -> None:
        """Note the seconds and the days that a future took."""
        if isinstance(made, Run):
            first = self.plan.past.day if self.plan.past else 0
            self.spent.update(made.seconds)
            self.spent["agent_days"] += (made.day - first) * self.agents

    def _watch(self, futures: int) -> None:
        """A day is over, which so many futures lived."""
        self.days += futures
        if self.asked():
            raise Stopped
        if time.monotonic() - self.said > 0.1:
            self.tell(Days(self.days))
            self.days, self.said = 0, time.monotonic()

    def _flush(self) -> None:
        begin = time.monotonic()
        self.folder.parts.write(self.waiting, self.plan.scenario.place.ids)
        self.took = time.monotonic() - begin
        told = dict(self.spent) | {"plainly": self.plain}
        self.tell(Kept(tuple(f.run for f in self.waiting), told))
        self.waiting.clear()
        self.spent.clear()
        self.last = time.monotonic()


def abreast(agents: int) -> int:
    """How many futures of so many agents are computed side by side."""
    return max(FEWEST_ABREAST, min(MOST_ABREAST, AGENTS_ABREAST // agents))


def seconds_a_day(agents: float) -> float:
    """About how long a day of a future takes one core of a usual machine."""
    fast = agents < LARGE and ready()
    return 5e-5 + 6e-10 * agents if fast else 4e-4 + 3e-9 * agents


def reason(e: BaseException, scenario: Scenario) -> str:
    """What an exception says, whatever it is, in one bounded line."""
    if isinstance(e, MemoryError):
        return (
            f"MemoryError: not enough memory for {scenario.place.agents.sum():,} agents; use "
            "fewer --citizens or --processes"
        )
    try:
        text = str(e)
    except Exception:
        text = "(it cannot say what)"
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return f"{type(e).__name__}: {line}"[:MOST_REASON]
