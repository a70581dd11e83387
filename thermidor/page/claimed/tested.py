"""Claims put to the test for the page, by the code of `thermidor claims`: few pairs first.

Futures are played by the one pool into a folder for a while, which is removed once the verdict is
there; what a cancelled job has finished is kept for the next that asks the same.
"""

from __future__ import annotations

import asyncio
import concurrent.futures as done_by
import contextlib
import shutil
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple

from ...execution.progress import Progress, Watch
from ...execution.worker import Event, Tell, Work
from ...scenario.file.schema import Claim
from ...scenario.scenario import Scenario
from ...study.claims import arm_of, claims
from ...study.plan import Hands, RunPlan
from ...study.results import Study
from ...support.stopping import Stop, Stopped
from ..compared import drawn
from ..jobs import PATIENCE, progress
from ..pool import FIRST, LATER, Pool, Token
from ..tasks.events import Words

FIRST_PAIRS, PAIRS = 40, 200
AT_ONCE = 16  # futures that a worker is given
MOST_JOBS = 8  # that are under way at once; others wait
MOST_FOLDERS, MOST_KEPT = 4, 64


class Judged(NamedTuple):
    """A verdict as claims.json has it, and how the futures of each arm ended."""

    claim: dict[str, Any]
    sides: tuple[drawn.Side, ...]
    pairs: int


Key = tuple[str, str, int]  # the scenario's fingerprint, the claim, the seed


def in_pool(pool: Pool, token: Token, urgency: int) -> Hands:
    """What plays the futures of a plan in the pool, until the token is cancelled."""

    def hands(
        start: Callable[[], Work], batches: Sequence[Sequence[int]], tell: Tell, stop: Stop
    ) -> None:
        told: SimpleQueue[Event] = SimpleQueue()

        def one(part: Sequence[int]) -> None:
            if not token.cancelled:
                start()(part, told.put, lambda: token.cancelled)

        parts = [b[k : k + AT_ONCE] for b in batches for k in range(0, len(b), AT_ONCE)]
        waiting = {pool.submit(partial(one, p), urgency) for p in parts}
        raised: list[BaseException] = []
        while waiting:
            over, waiting = done_by.wait(waiting, timeout=PATIENCE / 2)
            if token.cancelled or raised:  # those under way end within a day of their futures
                waiting = {f for f in waiting if not f.cancel()}
            raised += [e for f in over if not f.cancelled() and (e := f.exception())]
            with contextlib.suppress(Empty):
                while True:
                    tell(told.get_nowait())
        if raised:
            raise raised[0]

    return hands


class Verdicts:
    """The verdicts that were asked for, for all pages."""

    def __init__(self, pool: Pool):
        self.pool = pool
        self.threads = done_by.ThreadPoolExecutor(MOST_JOBS, "claims")
        self._lock = threading.Lock()
        self._busy: dict[Any, threading.Lock] = {}
        self._known: OrderedDict[tuple[Key, int], Judged] = OrderedDict()
        self._folders: OrderedDict[Any, tempfile.TemporaryDirectory[str]] = OrderedDict()

    def known(self, scenario: Scenario, claim: str, seed: int) -> Judged | None:
        """A verdict that is there, from as many pairs as there are."""
        with self._lock:
            mine = [k for k in self._known if k[0] == (scenario.hash, claim, seed)]
            return self._known[max(mine, key=lambda k: k[1])] if mine else None

    async def work(self, scenario: Scenario, claim: Claim, seed: int, token: Token) -> Words:
        """Progress, and verdicts (`judged`), the second from all pairs."""
        most = min(PAIRS, claim.runs or PAIRS)
        for pairs in sorted({min(FIRST_PAIRS, most), most}):
            key = (scenario.hash, claim.id, seed), pairs
            found = self._known.get(key)
            if found is None:
                task = partial(self._judge, scenario, claim, seed, pairs, token)
                async for word in heard(self.threads, task, token):
                    if "made" in word:
                        found = word["made"]
                    else:
                        yield word
            if found is None:
                return
            self._keep(key, found)
            yield {"kind": "refined" if pairs == most else "preview", "judged": found}

    def _keep(self, key: tuple[Key, int], found: Judged) -> None:
        with self._lock:
            self._known[key] = found
            while len(self._known) > MOST_KEPT:
                self._known.popitem(last=False)

    def _judge(
        self,
        scenario: Scenario,
        claim: Claim,
        seed: int,
        pairs: int,
        token: Token,
        watch: Watch,
    ) -> Judged:
        urgency = FIRST if pairs <= FIRST_PAIRS else LATER
        key = scenario.hash, claim.id, seed
        with self.folder(key, token) as folder:
            hands = in_pool(self.pool, token, urgency)
            plan = RunPlan(
                scenario, pairs, folder, seed=seed, processes=0, keep="series", hands=hands
            )
            found = claims(plan, only=[claim.id], progress=watch)
            if found.status == "stopped":
                raise Stopped
            sides = tuple(_sides(plan, claim))
        if pairs == min(PAIRS, claim.runs or PAIRS):
            self.drop(key)
        return Judged(found[claim.id].to_dict(), sides, pairs)

    @contextlib.contextmanager
    def folder(self, key: Any, token: Token) -> Iterator[Path]:
        """A folder for work of this name, which one job has at a time. Raises Stopped."""
        with self._lock:
            busy = self._busy.setdefault(key, threading.Lock())
        while not busy.acquire(timeout=PATIENCE):
            token.check()
        try:
            with self._lock:
                made = self._folders.get(key)
                if made is None:
                    made = tempfile.TemporaryDirectory(
                        prefix="thermidor-page-", ignore_cleanup_errors=True
                    )
                    self._folders[key] = made
                self._folders.move_to_end(key)
                idle = [k for k in self._folders if k != key and not self._busy[k].locked()]
                for k in idle[: max(0, len(self._folders) - MOST_FOLDERS)]:
                    self._folders.pop(k).cleanup()
            yield Path(made.name)
        finally:
            busy.release()

    def drop(self, key: Any) -> None:
        """Remove a folder, unless another job has it now."""
        with self._lock:
            if key in self._folders and not self._busy[key].locked():
                shutil.rmtree(self._folders[key].name, ignore_errors=True)
                self._folders.pop(key).cleanup()


def _sides(plan: RunPlan, claim: Claim) -> Iterator[drawn.Side]:
    """How the futures of each arm ended."""
    for name, arm in claim.arms.items():
        s = arm_of(plan.scenario, claim, arm)
        done = Study(plan.folder / "arms" / s.hash).finished
        done = done.filter(done["run"] < plan.runs)
        yield drawn.Side(name, done["ending"].to_list(), done["day"].to_numpy(), s.days)


async def heard(threads: done_by.Executor, task: Callable[[Watch], Any], token: Token) -> Words:
    """What a task made (`made`) once it is there, and how far it is meanwhile."""
    now: list[Progress] = []
    running = asyncio.get_running_loop().run_in_executor(threads, task, now.append)
    running.add_done_callback(lambda f: f.cancelled() or f.exception())  # though nobody waits
    while not running.done():
        if token.cancelled:
            return
        await asyncio.wait([running], timeout=PATIENCE)
        if now:
            p = now[-1]
            del now[:-1]
            yield progress(round(100 * p.come / max(p.total, 1)), 100, p.stage)
        else:
            yield progress(0, 100)
    with contextlib.suppress(Stopped):
        yield {"kind": "made", "made": running.result()}
