"""Kernels on several threads of one process."""
from __future__ import annotations

import os
from types import FunctionType

from numba import config, njit, set_num_threads

from ..faults import Fault


def threaded(f: FunctionType, *defaults: int):
    """f compiled to run on several threads. It goes by a name of its own, for by one name Numba's cache holds one version only."""
    twin = FunctionType(f.__code__, f.__globals__, f"{f.__name__}_threaded", defaults, f.__closure__)
    twin.__qualname__ = twin.__name__
    return njit(parallel=True, cache=True)(twin)


def use_threads(threads: int) -> None:
    """Threads for the kernels of this process. They wait asleep: threads that spin are many times slower when cores are shared."""
    if threads <= 1:
        return
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    if threads > config.NUMBA_NUM_THREADS:
        raise Fault(f"threads = {threads}, but this machine gives {config.NUMBA_NUM_THREADS}; use at most that.")
    set_num_threads(threads)
