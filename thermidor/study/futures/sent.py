"""Futures computed on a machine that does not see the study's disk: their parts are sent as bytes
and written where the study lies.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

from ...execution.worker import Event, Kept, Tell
from ...support.faults import Fault
from ...support.threads import use_threads
from ..plan import RunPlan
from ..store.folder import Folder, rules
from .compute import LARGE, Computation
from .warm import compile_first

Part = tuple[int, dict[str, bytes]]  # the number of its first future, and its tables


class Sent(NamedTuple):
    """What became of some futures: parts of tables, and what was told of them."""

    parts: list[Part]
    told: list[Kept]


def sender(plan: RunPlan, asked: str) -> Callable[[Sequence[int]], Sent]:
    """What computes futures of a plan and sends them; made once in each process.

    asked: the fingerprint of the code where the study lies; another here is a Fault.
    """
    if asked != rules():
        raise Fault(
            f"a node of the cluster has another Thermidor (rules {rules()} there, {asked} here); "
            "install the same on all nodes."
        )
    use_threads(plan.scenario.machine.threads)
    if plan.scenario.place.agents.sum() < LARGE:
        compile_first()
    return partial(_send, plan)


def _send(plan: RunPlan, numbers: Sequence[int]) -> Sent:
    told: list[Kept] = []

    def tell(event: Event) -> None:
        if isinstance(event, Kept):
            told.append(event)

    with tempfile.TemporaryDirectory(prefix="thermidor-") as here:
        work = Computation(replace(plan, folder=Path(here)))
        work(numbers, tell, lambda: False)
        each = Folder(here, plan.keep).parts.each()
        parts = [(n[0], {t: p.read_bytes() for t, p in files.items()}) for n, files in each]
    return Sent(parts, told)


def arrived(folder: Path, keep: str, tell: Tell, sent: Sent) -> None:
    """Write what was sent into the study's folder, and tell of it."""
    parts = Folder(folder, keep).parts
    for first, tables in sent.parts:
        parts.put(first, {t: partial(_write, data) for t, data in tables.items()})
    for event in sent.told:
        tell(event)


def _write(data: bytes, path: Path) -> None:
    path.write_bytes(data)
