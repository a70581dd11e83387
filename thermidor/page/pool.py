"""The one pool of workers behind all pages: threads, for compiled steps leave the interpreter's
lock to others. What is wanted at once (a preview) goes before what may wait (its refinement).
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import PriorityQueue
from typing import Any

from ..support.stopping import Stopped

FIRST, LATER = 0, 1  # preview, refinement
Task = tuple[int, int, Callable[[], Any] | None, Future]


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


class Pool:
    """So many threads, which take what is most urgent, then what came first."""

    def __init__(self, size: int):
        self.size = size
        self._queue: PriorityQueue[Task] = PriorityQueue()
        self._count = itertools.count()
        self._crew = [threading.Thread(target=self._work, daemon=True) for _ in range(size)]
        for one in self._crew:
            one.start()

    def submit(self, task: Callable[[], Any], urgency: int = FIRST) -> Future[Any]:
        """A task to be done; what becomes of it."""
        found: Future[Any] = Future()
        self._queue.put((urgency, next(self._count), task, found))
        return found

    @property
    def waiting(self) -> int:
        """Tasks that nobody has turned to."""
        return self._queue.qsize()

    def close(self) -> None:
        """Ends the threads when what is before is done."""
        for _ in self._crew:
            self._queue.put((LATER + 1, next(self._count), None, Future()))

    def _work(self) -> None:
        while True:
            _, _, task, found = self._queue.get()
            if task is None:
                return
            if not found.set_running_or_notify_cancel():
                continue
            try:
                found.set_result(task())
            except BaseException as e:
                found.set_exception(e)
