"""The one pool of workers behind all pages: threads, for compiled steps leave the interpreter's
lock to others. What is wanted at once (a preview) goes before what may wait (its refinement), which
gives way even when it has begun; but nothing waits for ever.
"""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any, NamedTuple

from ..support.faults import MachineFault
from ..support.stopping import Stopped

FIRST, LATER = 0, 1  # preview, refinement
GRACE = 2.0  # seconds for which what is wanted at once overtakes what may wait


class Token:
    """Whether a job was cancelled; tasks ask it at the end of every day."""

    def __init__(self) -> None:
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        self._cancelled.set()

    @property
    def cancelled(self) -> bool:
        return self._cancelled.is_set()

    def check(self) -> None:
        """Raises Stopped once the job is cancelled."""
        if self.cancelled:
            raise Stopped


class Wanted(Token):
    """Whether anybody still wants what several jobs may have asked for."""

    def __init__(self) -> None:
        super().__init__()
        self._by: list[Token | None] = []  # None: everybody, for good

    def join(self, job: Token | None) -> None:
        self._by = [*(j for j in self._by if j is None or not j.cancelled), job]

    @property
    def cancelled(self) -> bool:
        return all(j is not None and j.cancelled for j in self._by)


class Task(NamedTuple):
    """What is to be done. due: when its turn has come, in monotonic seconds: what is due first is
    done first.
    """

    due: float
    number: int
    urgency: int
    work: Callable[[], Any]
    found: Future[Any]
    token: Token | None


class Pool:
    """So many threads. One that dies is replaced."""

    def __init__(self, size: int):
        self.size = size
        self._tasks: list[Task] = []  # a heap
        self._changed = threading.Condition()
        self._count = itertools.count()
        self._closed = False
        self._own = threading.local()  # the task of a thread
        self.crew: list[threading.Thread] = []
        for _ in range(size):
            self._hire()

    def _hire(self) -> None:
        one = threading.Thread(target=self._live, daemon=True, name="futures")
        self.crew = [t for t in self.crew if t.is_alive() and t is not threading.current_thread()]
        self.crew.append(one)
        one.start()

    def submit(
        self, work: Callable[[], Any], urgency: int = FIRST, token: Token | None = None
    ) -> Future[Any]:
        """A task to be done; what becomes of it. token: once it is cancelled, nobody waits."""
        found: Future[Any] = Future()
        with self._changed:
            due = time.monotonic() + GRACE * urgency
            heapq.heappush(self._tasks, Task(due, next(self._count), urgency, work, found, token))
            self._changed.notify()
        return found

    @property
    def waiting(self) -> int:
        """Tasks that nobody has turned to."""
        return len(self._tasks)

    def drop(self) -> None:
        """Take what nobody wants any more from the queue, at once."""
        with self._changed:
            gone = [t for t in self._tasks if t.token and t.token.cancelled]
            if gone:
                self._tasks = [t for t in self._tasks if not (t.token and t.token.cancelled)]
                heapq.heapify(self._tasks)
        _tell(gone)

    def give_way(self) -> None:
        """Within a task that may wait: do what is wanted at once, and was due before it."""
        mine: Task | None = getattr(self._own, "task", None)
        if mine is None or mine.urgency == FIRST:
            return
        while self._tasks:
            with self._changed:
                first = self._tasks[0] if self._tasks else mine
                if first.urgency != FIRST or first.due > mine.due:
                    return
                heapq.heappop(self._tasks)
            self._do(first)

    def close(self) -> None:
        """Ends the threads; what nobody has turned to is not done."""
        with self._changed:
            self._closed = True
            gone, self._tasks = self._tasks, []
            self._changed.notify_all()
        _tell(gone)

    def _live(self) -> None:
        try:
            while (task := self._next()) is not None:
                self._do(task)
        finally:
            if not self._closed:
                self._hire()

    def _next(self) -> Task | None:
        with self._changed:
            while not self._tasks and not self._closed:
                self._changed.wait()
            return heapq.heappop(self._tasks) if self._tasks else None

    def _do(self, task: Task) -> None:
        """Do a task, perhaps within another of this thread."""
        outer = getattr(self._own, "task", None)
        self._own.task = task
        try:
            if task.found.set_running_or_notify_cancel():
                task.found.set_result(task.work())
        except Exception as e:
            task.found.set_exception(e)
        except BaseException as e:  # the thread ends, and says so to who waits
            task.found.set_exception(
                MachineFault(f"a worker of the page ended ({type(e).__name__}); ask again.")
            )
            raise
        finally:
            self._own.task = outer


def _tell(gone: Sequence[Task]) -> None:
    for task in gone:
        if task.found.set_running_or_notify_cancel():
            task.found.set_exception(Stopped())
