"""Compiled steps made beforehand, or while the plain loop gives the first answers.

Compiling the twelve steps takes a minute or two of one core, once for an install. Meanwhile futures
are played by the plain loop, whose numbers are the same but for the last digits.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from functools import partial
from typing import Any

from filelock import FileLock, Timeout

from ...engine.batch import Batch, Futures
from ...engine.plan import planned
from ...execution.execute import singly
from ...execution.progress import Progress, Watch
from ...execution.worker import Asked, Begins, Event, Kept, Tell, Work
from ...scenario.load import load
from ...scenario.scenario import Scenario
from ...support.compiled import mark
from ...support.machine import forked_from_threads, may_have_children
from ...support.stopping import Stopped, listening

# all twelve mechanisms, those first that take longest to compile
ORDER = ("citizens", "security", "ruler", "adversary")
DAYS = "whole days"  # the steps of all mechanisms in one call, once all are there
SCENARIO = "iran-2025"
COMPILE = "from thermidor.study.futures.warm import in_background; in_background()"
_child: list[subprocess.Popen[bytes]] = []
_one = threading.Lock()


def ready() -> bool:
    """Whether the steps of the package's mechanisms are compiled."""
    return _noted("steps")


def whole() -> bool:
    """Whether all is compiled: the steps, and days of them in one call."""
    return _noted("steps") and _noted("days")


def _noted(what: str) -> bool:
    """Whether a file says so; it belongs to this code, this machine and this version of Numba."""
    noted = mark(what)
    return noted is not None and noted.exists()


def _note(what: str) -> None:
    noted = mark(what)
    if noted:
        with contextlib.suppress(OSError):
            noted.touch()


def missing() -> list[str]:
    """Mechanisms of the package whose steps are not compiled yet, those that take longest first;
    then days of all of them. What is there is noted.
    """
    batch = Batch(Futures([load(SCENARIO)], [0]), compile_steps=False, whole=True)
    late = [name for name, step in batch.steps.items() if step.late]
    if late:
        return sorted(late, key=lambda name: (ORDER.index(name) if name in ORDER else 9, name))
    _note("steps")
    if not batch.whole:
        return [DAYS]
    _note("days")
    return []


def compiling() -> bool:
    """Whether another process compiles now."""
    return bool(_child) and _child[0].poll() is None


def begin(days: bool = False) -> bool:
    """Start to compile what is missing in another process, if anything is; whether it does.

    days: even where it is only days of all steps in one call.
    """
    with _one:  # of the threads of a server, only one begins
        if _child or (whole() if days else ready()):
            return compiling()
        if forked_from_threads() or not may_have_children():
            return False
        here = os.pathsep.join(p or os.getcwd() for p in sys.path)
        _child.append(
            subprocess.Popen(
                [sys.executable, "-c", COMPILE],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=os.environ | {"PYTHONPATH": here},
                start_new_session=True,  # Ctrl-C is not meant for it
            )
        )
        atexit.register(_child[0].terminate)
    return True


def in_background() -> None:
    """In the other process: compile one step after another, the quickest first, each kept as it is
    made. Where the study ends before, the step that is under way is finished, so that every study,
    however short, leaves one more. Where another process compiles already, this one ends.
    """
    if hasattr(os, "nice"):
        os.nice(10)
    enough: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: enough.append(number))
    with contextlib.suppress(Timeout), _alone():
        scenario = load(SCENARIO)
        for _ in range(2):  # the steps, then days of all of them
            for name in reversed(missing()):
                if enough:
                    return
                _make(scenario, name)
        missing()


def _alone() -> contextlib.AbstractContextManager[Any]:
    """Held by one process of this install at a time; raises Timeout at once in the others."""
    noted = mark("compiling")
    if noted is None:
        return contextlib.nullcontext()
    return FileLock(noted.with_suffix(".lock"), timeout=0)


def warm(processes: int | None = None, progress: Watch | None = None) -> int:
    """Compile the steps of the package's mechanisms that are not compiled yet, and days of all
    of them; how many were.

    Raises Stopped on Ctrl-C; what is compiled by then is kept.
    """
    todo = missing()
    done, of = 0, len(todo) + (bool(todo) and todo != [DAYS])

    def note(event: Event) -> None:
        nonlocal done
        if isinstance(event, Kept):
            done += 1
            if progress:
                progress(Progress("", done, of))

    with listening() as stop:
        for _ in range(2):  # the steps, then days of all of them
            singly(partial(_start, todo), len(todo), note, stop, processes)
            if stop() or not todo:
                break
            todo = missing()
    if stop():
        raise Stopped
    return done


def compile_first() -> None:
    """Compile what is missing before anything is computed, where the bytes of several machines are
    to be the same: the plain loop rounds some last digits otherwise.
    """
    if not ready():
        warm(processes=1)


def _start(todo: Sequence[str]) -> Work:
    return partial(_do, load(SCENARIO), todo)


def _do(scenario: Scenario, todo: Sequence[str], part: Sequence[int], tell: Tell, _: Asked) -> None:
    for k in part:
        tell(Begins(k))
        _make(scenario, todo[k])
        tell(Kept((k,)))


def _make(scenario: Scenario, name: str) -> None:
    """Compile the step of a mechanism, or the days of all."""
    batch, plan = Batch(Futures([scenario], [0]), compile_steps=False), planned(scenario.columns)
    if name == DAYS:
        plan.days(batch.steps, batch.days_of(), compile_it=True)
        return
    m = next(m for m in scenario.wiring.mechanisms if m.name == name)
    plan.step(*batch.step_of(m))
