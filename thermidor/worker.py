"""What every worker process does first: it leaves Ctrl-C to its parent, and ends with it."""
from __future__ import annotations

import multiprocessing as mp
import os
import signal
import threading


def follow() -> None:
    """Ctrl-C is the parent's to answer. If the parent is killed nobody waits for this worker, busy or idle, and another may want its folder."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    mp.parent_process().join()
    os._exit(1)
