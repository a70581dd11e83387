"""The futures of a part, computed into a folder: side by side where there are many, one after
another where a future is large.

Side by side is faster by an order of magnitude, and to the last bits the same
(tests/engine/test_batch.py). A future that fails is computed again by itself, for its reason.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence

from ...engine.batch import Batch, Futures
from ...engine.run import Run
from ...execution.worker import Asked, Begins, Days, Kept, Tell
from ...scenario.scenario import Scenario
from ...support.faults import MachineFault
from ...support.stopping import Stopped
from ..plan import RunPlan
from ..store.folder import Folder
from ..store.tables import Failure
from .resume import future
from .warm import missing

FLUSH_SECONDS = 2.0  # finished futures wait about this long before they are on disk
FLUSH_SHARE = 0.05  # of the time that may be spent on writing, else they wait longer
LARGE = 500_000  # agents from which a future is computed by itself, on threads
MOST_ABREAST = 64  # futures side by side
AGENTS_ABREAST = 2_000_000  # agents side by side, so that they stay near the processor
MOST_REASON = 500  # characters of a reason that are kept


class Computation:
    """Computes parts of a plan into its folder, and tells how far it is."""

    def __init__(self, plan: RunPlan):
        self.plan, self.folder = plan, Folder(plan.folder, plan.keep)
        self.agents = int(plan.scenario.place.agents.sum())
        self.waiting: list[Run | Failure] = []
        self.spent = Counter[str]()
        self.last, self.took = time.monotonic(), 0.0
        self.days, self.said = 0, 0.0
        self.ready = False

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
        """The futures that are computed together."""
        size = abreast(self.agents)
        if self.plan.future_seconds is not None or not self._compiled():
            size = 1
        return (part[k : k + size] for k in range(0, len(part), size))

    def _compiled(self) -> bool:
        """Whether the steps are compiled; until then futures are played plainly."""
        self.ready = self.ready or not missing(self.plan.scenario)
        return self.ready

    def _some(self, some: Sequence[int]) -> Iterator[Run | Failure]:
        """Some futures, side by side if there are several."""
        made = self._side_by_side(some) if len(some) > 1 else [None] * len(some)
        for k, row in zip(some, made, strict=True):
            yield row or self._alone(k)

    def _side_by_side(self, some: Sequence[int]) -> list[Run | None]:
        """Futures played abreast; None for one that failed, and for all if they cannot be."""
        plan = self.plan
        past = plan.past
        try:
            batch = Batch(
                Futures(
                    [plan.scenario] * len(some),
                    some,
                    plan.seed,
                    plan.fixed,
                    (lambda first: first.restored(past.path, past.what)) if past else None,
                    past.run if past else 0,
                )
            )
            batch.play(self._watch)
            return [row if isinstance(row, Run) else None for row in batch.runs()]
        except (Stopped, MachineFault):
            raise
        except BaseException as e:  # whatever a user's mechanism raises is one future's
            if isinstance(e, KeyboardInterrupt) and self.asked():
                raise
            return [None] * len(some)

    def _alone(self, k: int) -> Run | Failure:
        """A future by itself; one that fails is a row with its reason, never the end of the
        study.
        """
        plan = self.plan
        self.tell(Begins(k))
        try:
            moment = self.folder.moment(k)
            return future(plan.scenario, plan.seed, k, plan.fixed, moment, self._lived, plan.past)
        except (Stopped, MachineFault):
            raise
        except BaseException as e:
            if isinstance(e, KeyboardInterrupt) and self.asked():
                raise  # the user's second
            return Failure(k, reason(e, plan.scenario))

    def _count(self, made: Run | Failure) -> None:
        """Note the seconds and the days that a future took."""
        if isinstance(made, Run):
            first = self.plan.past.day if self.plan.past else 0
            self.spent.update(made.seconds)
            self.spent["agent_days"] += (made.day - first) * self.agents

    def _lived(self, _: int) -> None:
        self._watch(0, 1)

    def _watch(self, _: int, futures: int) -> None:
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
        self.tell(Kept(tuple(f.run for f in self.waiting), dict(self.spent)))
        self.waiting.clear()
        self.spent.clear()
        self.last = time.monotonic()


def abreast(agents: int) -> int:
    """How many futures of so many agents are computed side by side."""
    if agents >= LARGE:
        return 1
    return max(1, min(MOST_ABREAST, AGENTS_ABREAST // agents))


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
