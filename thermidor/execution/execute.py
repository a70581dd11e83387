"""Long work over processes: batches of numbered items go out, and what becomes of them comes back
as events.

The work is a function of a batch that tells what it does,

    Begins(item)                 it turns to an item, and to no other until that is done
    Days(number)                 days played since it last said so, for a progress bar
    Kept(items, result)          these items are done and safe: on disk, or in the result

and asks now and then whether it was asked to stop. It runs in this process or in workers, and tells
the same. An item on which a worker dies is tried again by another, three times in all; one that
takes longer than a limit is given up, and its worker with it: `Lost(item, reason)`. A first Ctrl-C
or SIGTERM asks the work to stop, a second one ends it at once.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from multiprocessing.connection import wait
from typing import Any

from ..support.faults import MachineFault
from ..support.machine import cores, may_have_children
from ..support.stopping import Stop
from .lanes import on_lanes
from .worker import Begins, Broken, Kept, Lost, Ready, Tell, Work, Worker

TRIES = 3  # workers that may die on one item
PATIENCE = 0.2  # seconds between two looks at a limit or a stop


def singly(
    start: Callable[[], Work], items: int, tell: Tell, stop: Stop, processes: int | None = None
) -> None:
    """Do so many items, each a batch of its own; arguments as of `execute`.

    processes: at most so many, a core each if left out; one item is done in this process.
    """
    workers = min(processes or cores(), items)
    batches = [[k] for k in range(items)]
    execute(start, batches, tell, stop, processes=0 if workers <= 1 else workers)


def execute(
    start: Callable[[], Work],
    batches: Sequence[Sequence[int]],
    tell: Tell,
    stop: Stop,
    *,
    processes: int,
    threads: int = 1,
    lanes: int = 1,
    limit: float | None = None,
) -> None:
    """Do the batches until all are done or a stop is asked for.

    start: makes the work, once in each process; it is sent to workers, so it must be picklable.
    processes: workers; 0 does all in this process, on so many threads of it as there are lanes.
    threads: of kernels, in each worker.  limit: seconds that one item may take in a worker. Raises
    MachineFault when workers die one after the other with nothing finished in between, and what the
    work raises.
    """
    if processes == 0 or not may_have_children():
        if lanes > 1 and len(batches) > 1:
            on_lanes(start, batches, tell, stop, lanes)
            return
        work = start()
        for batch in batches:
            if stop():
                return
            work(batch, tell, stop)
        return
    crew = _Crew(start, batches, tell, processes, threads, limit)
    try:
        crew.work_off(stop)
    finally:
        crew.close()


class _Crew:
    """Workers, and the batches that wait for them."""

    def __init__(
        self,
        start: Callable[[], Work],
        batches: Sequence[Sequence[int]],
        tell: Tell,
        size: int,
        threads: int,
        limit: float | None,
    ):
        self.start, self.tell, self.threads, self.limit = start, tell, threads, limit
        self.waiting = deque(list(b) for b in batches if len(b))
        self.size = min(size, len(self.waiting))
        self.crew: list[Worker] = []
        self.deaths: Counter[int] = Counter()
        self.barren = 0  # deaths since an item was kept

    def work_off(self, stop: Stop) -> None:
        while self.waiting or any(w.left for w in self.crew):
            if stop():
                self._wind_up()
                return
            self._hire()
            for w in self.crew:
                if w.idle and self.waiting:
                    w.give(self.waiting.popleft())
            self._look([w for w in self.crew if not w.idle])

    def _wind_up(self) -> None:
        """Ask those at work to stop, and hear them out."""
        self.waiting.clear()
        for w in self.crew:
            w.say(None)
        for w in [w for w in self.crew if w.starting]:
            self._dismiss(w)
        while busy := [w for w in self.crew if w.left]:
            self._look(busy)
            self.waiting.clear()

    def _hire(self) -> None:
        while len(self.crew) < self.size and sum(w.starting or w.idle for w in self.crew) < len(
            self.waiting
        ):
            try:
                self.crew.append(Worker(self.start, self.threads))
            except OSError as e:
                raise MachineFault(
                    f"no worker process can be started ({e.strerror or e}); use --processes 1."
                ) from e

    def _look(self, busy: Sequence[Worker]) -> None:
        wait([x for w in busy for x in (w.pipe, w.process.sentinel)], PATIENCE)
        for w in busy:
            for event in w.heard():
                self._hear(w, event)
            if w.dead:
                self._bury(w)
            elif self.limit and w.in_hand is not None and w.seconds > self.limit:
                item = w.in_hand
                self._dismiss(w)
                self._give_up(w, item, f"took longer than {self.limit:g} seconds")

    def _hear(self, w: Worker, event: Any) -> None:
        match event:
            case Broken(error):
                raise error
            case Ready():
                w.idle, w.item, w.left = True, None, []
                return
            case Begins(item):
                w.item, w.since = item, time.monotonic()
            case Kept(items):
                w.left = [k for k in w.left if k not in items]
                self.barren = 0
        self.tell(event)

    def _bury(self, w: Worker) -> None:
        """A worker has died: the item on which it did is tried again alone, the rest of its batch
        goes to another. Where it is not known which item it was, each is tried alone.
        """
        how = self._dismiss(w)
        self.barren += 1
        if self.barren > TRIES * (self.size + 1):
            raise MachineFault(
                f"worker processes ended {self.barren} times in a row ({how}) with nothing "
                "finished in between, most likely for want of memory. What is finished is kept; "
                "use fewer --processes or --citizens and run the same command again."
            )
        item = w.in_hand
        if item is not None:
            self.deaths[item] += 1
            if self.deaths[item] >= TRIES:
                self._give_up(w, item, f"its worker process ended {TRIES} times ({how})")
                return
            w.left.remove(item)
            self.waiting.append([item])
            if w.left:
                self.waiting.appendleft(w.left)
        else:
            self.waiting.extend([k] for k in w.left)

    def _give_up(self, w: Worker, item: int, reason: str) -> None:
        """The item in hand is lost; the rest of the batch goes to another."""
        w.left.remove(item)
        self.barren = 0
        self.tell(Lost(item, reason))
        if w.left:
            self.waiting.appendleft(w.left)

    def _dismiss(self, w: Worker) -> str:
        self.crew.remove(w)
        return w.end()

    def close(self) -> None:
        """End all workers; those without work do so by themselves."""
        for w in self.crew:
            w.say(())
            if not w.idle:
                w.process.kill()
        for w in list(self.crew):
            self._dismiss(w)
