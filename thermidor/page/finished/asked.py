"""What moves an outcome and where it tips, computed for a reader from the futures that are there,
and kept in memory; nothing is written into the folder.

It is what `thermidor drivers` and `thermidor discover` compute, told as the report tells it.
"""

from __future__ import annotations

import asyncio
import shlex
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from ...report.analyses import drivers as told_drivers
from ...report.analyses import tips as told_tips
from ...report.parts.files import TROUBLE, said
from ...study.extras import needed
from ...study.results import Study
from ...support.faults import Fault
from ...support.stopping import Stopped
from ...support.writing import write_json
from ..pool import Token
from ..tasks.stream import Task, Tick
from .folder import Folder

MOST_NUMBERS = 2_000_000  # futures by assumptions that a page computes with
MOST_KEPT = 32
NEEDS = {"drivers": ("SALib",), "tips": ("ema_workbench", "sklearn", "pandas")}
VERBS = {"drivers": "drivers", "tips": "discover"}
SURVIVAL = "survived"
FEWEST = 20


class Desk:
    """Drivers and boxes of the studies that are served, by what was asked."""

    def __init__(self) -> None:
        self._lock, self._turn = threading.Lock(), asyncio.Semaphore(1)
        self._kept: OrderedDict[tuple[Any, ...], dict[str, Any]] = OrderedDict()

    def task(self, kind: str, name: str, folder: Folder, outcome: str) -> Task:
        """What finds drivers or a box of an outcome. kind: drivers or tips."""

        def find(token: Token, tick: Tick) -> dict[str, Any]:
            key = kind, name, folder.mark, outcome
            with self._lock:
                if key in self._kept:
                    return self._kept[key]
            found = computed(kind, folder, outcome, token, tick)
            with self._lock:
                self._kept[key] = found
                while len(self._kept) > MOST_KEPT:
                    self._kept.popitem(last=False)
            return found

        return Task(kind, find, turn=self._turn)


def computed(kind: str, folder: Folder, outcome: str, token: Token, tick: Tick) -> dict[str, Any]:
    """The figures of the report, for an outcome. Raises Fault as the verb does."""
    why = cannot(kind, folder)
    if why:
        raise Fault(why)
    token.check()
    try:
        made = _drivers(folder, outcome) if kind == "drivers" else _tips(folder, outcome, tick)
    except (Fault, Stopped):
        raise
    except TROUBLE as e:
        raise Fault(f"runs.parquet holds what cannot be told ({said(e)}).") from e
    token.check()
    return _told(kind, folder, made) | {"outcome": outcome}


def _drivers(folder: Folder, outcome: str) -> dict[str, Any]:
    from ...analysis.moves.drivers import drivers

    asked = None if outcome == SURVIVAL else outcome
    return drivers(Study(folder.path), asked).to_dict()


def _tips(folder: Folder, outcome: str, tick: Tick) -> dict[str, Any]:
    from ...analysis.tips.discover import discover

    return discover(Study(folder.path), outcome, tick=tick).to_dict()


def _told(kind: str, folder: Folder, made: dict[str, Any]) -> dict[str, Any]:
    """As the report tells what the verb leaves: by the same code, from the same file."""
    show: Callable[[Any], dict[str, Any]] = (
        told_drivers.drivers if kind == "drivers" else told_tips.tips
    )
    with tempfile.TemporaryDirectory(prefix="thermidor-") as place:
        write_json(Path(place) / f"{VERBS[kind]}.json", made)
        view = SimpleNamespace(**_facts(folder), path=Path(place), note=lambda *_: None)
        return show(view)


def _facts(folder: Folder) -> dict[str, Any]:
    v = folder.view
    return {"model": v.model, "manifest": v.manifest, "called": v.called}


def cannot(kind: str, folder: Folder) -> str:
    """Why it cannot be computed here; empty if it can."""
    view = folder.view
    if not view.n:
        return "No future of this study is finished, so nothing can be told."
    for module in NEEDS[kind]:
        if find_spec(module) is None:
            try:
                needed(module, f"thermidor {VERBS[kind]}", "studies")
            except Fault as e:
                return e.faults[0]
    numbers = view.n * max(1, len(view.parameters))
    if numbers > MOST_NUMBERS:
        return (
            f"{view.n:,} futures are more than a page computes with; "
            f"`{command(kind, folder)}` does, and what it leaves in the folder is shown here."
        )
    return ""


def command(kind: str, folder: Folder) -> str:
    """The words of the verb, without an outcome."""
    words = shlex.join(["thermidor", VERBS[kind], str(folder.path)])
    return words if kind == "drivers" else f"{words} --outcome CONDITION"


def outcomes(kind: str, folder: Folder) -> list[str]:
    """Outcomes that a reader may want: any other can be written."""
    view = folder.view
    ends = [
        e for e, n in view.endings.items() if e != "in power" and FEWEST <= n <= view.n - FEWEST
    ]
    conditions = [f"ending = '{e}'" for e in ends]
    there = set(view.finished.columns)
    if kind == "drivers":
        numbers = ("peak_turnout_country", "final_coup_risk", *view.called)
        return [SURVIVAL, *conditions, *(c for c in numbers if c in there)]
    for c in ("peak_turnout_country", *view.called):
        if c in there and view.n:
            high = view.finished[c].quantile(0.75)
            if high and high > 0:
                limit = np.format_float_positional(float(f"{high:.2g}"), trim="-")
                conditions.append(f"{c} > {limit}")
    return conditions
