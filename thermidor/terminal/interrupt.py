"""Ctrl-C: a sentence and exit code 130, never a traceback, whenever it comes.

Where nothing is under way that could be kept (modules are loading, a file is read) the program ends
on the spot. Where something is, `stoppable` lets KeyboardInterrupt through to those who keep it,
and turns it into Interrupted with a sentence on what is kept.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from typing import Any

from ..support import stopping

CODE = 130  # 128 and the number of SIGINT, as shells have it


class Interrupted(BaseException):
    """The user stopped the work; `kept` says what is kept and how to go on, or is empty."""

    def __init__(self, kept: str = ""):
        super().__init__(kept)
        self.kept = kept


_times = 0  # how often it was pressed while something was under way


def asked() -> bool:
    """Whether it was pressed, and what is under way is being put away."""
    return _times > 0 or stopping.asked()


def impatient() -> bool:
    """Whether it was pressed again while the work was being put away."""
    return _times > 1


def _at_once(number: int, frame: Any) -> None:
    with contextlib.suppress(OSError):
        os.write(
            2, b"\nthermidor: stopped.\n"
        )  # not print: the signal may have come in the middle of one
    os._exit(CODE)


def _raise(number: int, frame: Any) -> None:
    global _times
    _times += 1
    raise KeyboardInterrupt


def _heard(handler: Any) -> Any:
    """Set what Ctrl-C does and return what it did; None where it is ignored (a job in the
    background) or not ours to hear."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        return None
    try:
        return signal.signal(signal.SIGINT, handler)
    except ValueError:  # not the main thread
        return None


@contextlib.contextmanager
def ends_at_once() -> Iterator[None]:
    """Ctrl-C ends the program on the spot, with a sentence."""
    global _times
    _times = 0
    before = _heard(_at_once)
    try:
        yield
    finally:
        if before is not None and signal.getsignal(signal.SIGINT) is _at_once:
            signal.signal(signal.SIGINT, before)


@contextlib.contextmanager
def stoppable(kept: str = "") -> Iterator[None]:
    """Ctrl-C stops what is under way in an orderly manner; `kept` says what the user still has
    then."""
    before = _heard(_raise)
    try:
        yield
    except (KeyboardInterrupt, stopping.Stopped):
        raise Interrupted(kept) from None
    finally:
        if before is not None:
            signal.signal(signal.SIGINT, before)


def leave() -> None:
    """From here on the program only ends, and another Ctrl-C changes nothing."""
    _heard(signal.SIG_IGN)


def has_workers() -> bool:
    """Whether processes that were started here still run; those of the package end when their
    parent does."""
    mp = sys.modules.get("multiprocessing")
    return bool(mp and mp.active_children())
