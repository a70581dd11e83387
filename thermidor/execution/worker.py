"""A worker process: what it is given, what it tells, and how it starts and ends.

It is joined to its parent by a pipe and by nothing else: not every machine has shared memory or
semaphores.
"""

from __future__ import annotations

import contextlib
import multiprocessing as mp
import os
import pickle
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

from ..support.faults import MachineFault

GRACE = 5.0  # seconds that a process has to end


class Begins(NamedTuple):
    item: int


class Days(NamedTuple):
    number: int


class Kept(NamedTuple):
    items: tuple[int, ...]
    result: Any = None


class Lost(NamedTuple):
    item: int
    reason: str


class Ready(NamedTuple):
    """A worker has started, or is done with its batch."""


class Broken(NamedTuple):
    """The work itself failed in a worker, in a way that is no single item's."""

    error: BaseException


Event = Begins | Days | Kept | Lost
Tell = Callable[[Event], None]
Asked = Callable[[], bool]
Work = Callable[[Sequence[int], Tell, Asked], None]


class Worker:
    """A worker process as its parent sees it: what it has in hand, and since when."""

    def __init__(self, start: Callable[[], Work], threads: int):
        self.pipe, far = mp.Pipe()
        self.process = mp.get_context("spawn").Process(
            target=_serve, args=(far, pickle.dumps(start)), daemon=True
        )
        with _as_worker(threads):
            self.process.start()
        far.close()
        self.left: list[int] = []  # of its batch, what is not kept yet
        self.item: int | None = None
        self.since = 0.0
        self.idle = self.dead = False

    def say(self, word: Any) -> None:
        with contextlib.suppress(OSError):  # it has died, which is seen at the next look
            self.pipe.send(word)

    def give(self, batch: Sequence[int]) -> None:
        self.left, self.item, self.idle = list(batch), None, False
        self.say(tuple(batch))

    def heard(self) -> Iterator[Any]:
        """What it has said and nobody has heard yet; notes its death, which closes the pipe."""
        while True:
            try:
                if not self.pipe.poll():
                    return
                word = self.pipe.recv()
            except (EOFError, OSError):
                self.dead = True
                return
            yield word

    @property
    def in_hand(self) -> int | None:
        """The item that it has turned to, until that is kept."""
        return self.item if self.item in self.left else None

    @property
    def seconds(self) -> float:
        """How long ago it turned to that item."""
        return time.monotonic() - self.since

    @property
    def starting(self) -> bool:
        return not self.idle and not self.left

    def end(self) -> str:
        """End the process; how it ended, in words."""
        self.process.join(0.1 if self.process.is_alive() else GRACE)
        self.process.kill()
        self.process.join(GRACE)
        self.pipe.close()
        code = self.process.exitcode
        with contextlib.suppress(ValueError):
            if code is not None and code < 0:
                return f"by {signal.Signals(-code).name}"
        return f"with exit code {code}"


def _serve(pipe: Connection, pickled: bytes) -> None:
    """A worker process: do batches until an empty one comes, or none. It leaves signals to its
    parent, and ends with it. What the work is made of is read here, so that a fault is told.
    """
    for s in (signal.SIGINT, signal.SIGTERM):
        signal.signal(s, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGTERM})
    threading.Thread(target=_end_with_parent, daemon=True).start()
    asked, looked = False, 0.0

    def stopped() -> bool:
        nonlocal asked, looked
        if not asked and time.monotonic() - looked > 0.05:
            looked = time.monotonic()
            asked = pipe.poll() and pipe.recv() is None
        return asked

    try:
        work = pickle.loads(pickled)()
        pipe.send(Ready())
        while batch := pipe.recv():
            work(batch, pipe.send, stopped)
            pipe.send(Ready())
    except BaseException as e:
        pipe.send(Broken(_portable(e)))


def _portable(e: BaseException) -> BaseException:
    """The error as it can be sent to the parent; in words if it cannot."""
    try:
        pickle.loads(pickle.dumps(e))
        return e
    except Exception:
        return MachineFault(f"a worker process failed: {type(e).__name__}.")


def _deaf() -> set[int] | None:
    """Block Ctrl-C and SIGTERM here, and so in a worker that starts now, until it has come to
    ignore them itself.
    """
    if not hasattr(signal, "pthread_sigmask"):
        return None
    return signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})


def _end_with_parent() -> None:
    """If the parent is killed nobody waits for this worker, busy or idle, and another may want its
    folder.
    """
    parent = mp.parent_process()
    if parent:
        parent.join()
    os._exit(1)


_one_at_a_time = threading.Lock()


@contextlib.contextmanager
def _as_worker(threads: int) -> Iterator[None]:
    """While a worker starts: an environment that keeps it within its cores, and no main script that
    it would run again.

    So a script needs no `if __name__ == "__main__"`. One thread at a time, for the environment and
    `__main__` are everybody's.
    """
    wanted = {
        "NUMBA_NUM_THREADS": str(max(threads, 1)),
        "POLARS_MAX_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
    with _one_at_a_time:
        before = {k: os.environ.get(k) for k in wanted}
        main = sys.modules["__main__"]
        hidden: dict[str, Any] = {
            k: main.__dict__.pop(k) for k in ("__file__", "__spec__") if k in main.__dict__
        }
        main.__spec__ = None
        os.environ.update(wanted)
        before_mask = _deaf()
        try:
            yield
        finally:
            if before_mask is not None:
                signal.pthread_sigmask(
                    signal.SIG_SETMASK, before_mask
                )  # a signal of meanwhile is heard now
            main.__dict__.update(hidden)
            for k, v in before.items():
                if v is None:
                    os.environ.pop(k, None)
                else:
                    os.environ[k] = v
