"""Kernels on several threads of one process."""

from __future__ import annotations

import os
from collections.abc import Callable
from types import FunctionType
from typing import Any, TypeVar

from numba import config, set_num_threads

from .compiled import compiled
from .machine import cores, forked_from_threads


def threaded(f: Callable[..., Any], *defaults: int) -> Any:
    """f compiled to run on several threads, under a name of its own: by one name Numba's cache
    holds one version only.
    """
    twin = FunctionType(
        f.__code__, f.__globals__, f"{f.__name__}_threaded", defaults, f.__closure__
    )
    twin.__qualname__ = twin.__name__
    return compiled(twin, parallel=True)


def most_threads() -> int:
    """Threads that kernels of this process may use."""
    if forked_from_threads():
        return 1
    return max(1, min(cores(), config.NUMBA_NUM_THREADS))  # type: ignore[attr-defined]


_used = 1


F = TypeVar("F")


def fitting(serial: F, threaded: F) -> F:
    """Of the two forms of a kernel, the one for the threads that this process was told to use."""
    return threaded if _used > 1 else serial


def use_threads(threads: int) -> None:
    """Threads for the kernels of this process, at most `most_threads()`. They wait asleep: threads
    that spin are many times slower when cores are shared.
    """
    global _used
    _used = max(1, threads)
    if threads > 1:
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")
        set_num_threads(threads)
