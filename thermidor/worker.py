"""What every worker process does first: it leaves Ctrl-C to its parent, and ends with it."""
from __future__ import annotations

import contextlib
import multiprocessing as mp
import os
import signal
import threading
from collections.abc import Iterator


def follow() -> None:
    """Ctrl-C is the parent's to answer. If the parent is killed nobody waits for this worker, busy or idle, and another may want its folder."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


@contextlib.contextmanager
def born_deaf() -> Iterator[None]:
    """Workers that are started meanwhile do not hear Ctrl-C while they still import, before `follow`.

    One that is pressed in between is not lost: the parent hears it on leaving.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end_with_parent() -> None:
    mp.parent_process().join()
    os._exit(1)
