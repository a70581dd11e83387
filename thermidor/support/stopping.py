"""Ctrl-C and SIGTERM while long work is under way: the first asks it to stop, a second ends it at
once.
"""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from typing import Any


class Stopped(Exception):
    """Work ends before it is done, for the user asked it to; what is finished is kept."""


class Stop:
    """Whether the work was asked to end: the number of the signal that did so, or 0."""

    def __init__(self) -> None:
        self.signal = 0

    def __call__(self) -> bool:
        return bool(self.signal)

    def hear(self, number: int, _: Any) -> None:
        """A signal has come: the first is noted, a second breaks off what is being done."""
        if self.signal:
            signal.default_int_handler(number, None)
        self.signal = number


_under_way: list[Stop] = []


def asked() -> bool:
    """Whether anything under way was asked to stop."""
    return any(stop() for stop in _under_way)


@contextlib.contextmanager
def listening() -> Iterator[Stop]:
    """Heed Ctrl-C and SIGTERM: the first is noted, a second breaks off what is being done. Work
    within work is stopped with it. Only the main thread can do so.
    """
    if threading.current_thread() is not threading.main_thread():
        yield Stop()
        return
    if _under_way:
        yield _under_way[-1]
        return
    stop = Stop()
    before = {s: signal.signal(s, stop.hear) for s in (signal.SIGINT, signal.SIGTERM)}
    _under_way.append(stop)
    try:
        yield stop
    finally:
        _under_way.remove(stop)
        for s, handler in before.items():
            signal.signal(s, signal.SIG_DFL if handler is None else handler)
