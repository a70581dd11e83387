"""A call made in a fresh interpreter, for a process that was forked from one that had used Polars
or several threads.

Neither goes on in such a child: it would wait for threads that were not forked with it.
`multiprocessing` forks by default on Linux, so a script that computes something and then fills a
pool meets this.
"""

from __future__ import annotations

import functools
import importlib
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from ..support.faults import MachineFault
from ..support.machine import forked_from_threads

Args = ParamSpec("Args")
Given = TypeVar("Given")
SERVE = "from thermidor.execution.afresh import _serve; _serve()"


def afresh(f: Callable[Args, Given]) -> Callable[Args, Given]:
    """A function that, in a forked child, is called in another process; its progress is then not
    told.
    """

    @functools.wraps(f)
    def call(*args: Args.args, **options: Args.kwargs) -> Given:
        if not forked_from_threads():
            return f(*args, **options)
        quiet = {k: None if k == "progress" else v for k, v in options.items()}
        here = os.pathsep.join(p or os.getcwd() for p in sys.path)
        done = subprocess.run(
            [sys.executable, "-c", SERVE],
            input=pickle.dumps((f.__module__, f.__qualname__, args, quiet)),
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": here},
            check=False,
        )
        if done.returncode or not done.stdout:
            raise MachineFault(
                f"a process started from a forked one ended with exit code {done.returncode}; "
                "start yours with multiprocessing.get_context('spawn') instead."
            )
        good, value = pickle.loads(done.stdout)
        if not good:
            raise value
        made: Given = value
        return made

    return call


def _serve() -> None:
    """In the other process: make the call and send back what it gives, or raises."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever is printed meanwhile
    module, name, args, options = pickle.load(sys.stdin.buffer)
    try:
        f: Any = importlib.import_module(module)
        for part in name.split("."):
            f = getattr(f, part)
        answer = pickle.dumps((True, f(*args, **options)))
    except BaseException as e:
        answer = pickle.dumps((False, e))
    out.write(answer)
    out.close()
