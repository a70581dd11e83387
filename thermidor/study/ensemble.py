"""Many futures: each is keyed by its number, so the order and the number of processes change
nothing.
"""

from __future__ import annotations

import contextlib
import signal
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from ..execution.afresh import afresh
from ..execution.execute import execute
from ..execution.progress import Progress, Watch
from ..execution.worker import Days, Event, Kept, Lost, Work
from ..scenario.ledger import explain, outlines
from ..support.faults import Fault, MachineFault, NothingFinished
from ..support.machine import cores, forked_from_threads, may_have_children
from ..support.stopping import Stop, listening
from ..support.threads import most_threads, use_threads
from ..support.writing import whole
from .futures.compute import LARGE, Computation, seconds_a_day
from .futures.sent import arrived, sender
from .futures.warm import begin, compile_first, compiling, ready
from .plan import RunPlan
from .results import Study
from .store.folder import Folder, rules, versions
from .store.parts import BLOCK
from .store.rows import Failure

SHORT = 60.0  # seconds of work for which lanes of this process serve, and no worker is started
LITTLE = 5.0  # seconds of work for which one core serves, where there can be no lanes
FEWEST = 12
MOST_BATCH = 256  # futures that a worker is given at once


@afresh
def ensemble(plan: RunPlan, *, progress: Watch | None = None) -> Study:
    """Compute the futures of a plan into its folder; those already there are not computed again.

    On Ctrl-C or SIGTERM what is finished is kept and the study is "stopped"; so is a future that
    was under way for some seconds. Futures that failed are tried again, unless they are to be kept
    as they are. Raises NothingFinished with the commonest reasons if no future has an ending.
    """
    processes, threads = shares(plan)
    if threads != plan.scenario.machine.threads:
        plan = plan.of(plan.scenario.sized(threads=threads))
    plan = replace(plan, processes=processes)
    folder = Folder(plan.folder, plan.keep)
    mended = folder.claim(plan.identity)
    try:
        manifest = _compute_missing(plan, folder, mended, progress)
    finally:
        folder.release()
    if manifest["status"] == "failed":
        raise NothingFinished(
            folder.reasons(),
            f"None of {len(plan.numbers):,} futures of {plan.scenario.name} could be finished:",
        )
    return Study(plan.folder)


def _compute_missing(
    plan: RunPlan, folder: Folder, mended: list[str], progress: Watch | None
) -> dict[str, Any]:
    """Compute what is not in the folder yet; the manifest, which is there whatever comes."""
    begin, before = time.monotonic(), folder.manifest()
    todo = sorted(set(plan.numbers) - folder.finished(plan.keep_failed))
    manifest = before | plan.identity | first_manifest(plan, before) | {"mended": mended}
    tally = _Tally(plan, folder, todo, progress, before)
    with listening() as stop:
        try:
            folder.write_json("manifest.json", manifest)
            model = explain(plan.scenario) | {"outlines": outlines(plan.scenario)}
            folder.write_json("model.json", model)
            if plan.design:
                whole(plan.folder / "points.parquet", plan.design.table.write_parquet)
            _work(plan, todo, tally, stop)
        except KeyboardInterrupt:  # a second Ctrl-C
            stop.signal = stop.signal or signal.SIGINT
        finally:
            with contextlib.suppress(MachineFault):
                folder.parts.join()
                spent = round((before.get("seconds") or 0.0) + time.monotonic() - begin, 3)
                each = {k: round(v, 4) for k, v in sorted(tally.seconds.items())}
                manifest |= {
                    "status": _status(folder, stop, plan.numbers),
                    "seconds": spent,
                    "agent_days": tally.agent_days,
                    "seconds_by_mechanism": each,
                    "plainly": (before.get("plainly") or {}) | tally.plainly,
                }
                folder.write_json("manifest.json", manifest)
    return manifest


def first_manifest(plan: RunPlan, before: dict[str, Any]) -> dict[str, Any]:
    """What the manifest tells of a study that begins."""
    s = plan.scenario
    return {
        "scenario": s.name,
        "title": s.title,
        "status": "running",
        "runs": max(len(plan.numbers), before.get("runs", 0)),
        "citizens": s.place.citizens,
        "agents": int(s.place.agents.sum()),
        "days": s.days,
        "start": str(s.start),
        "processes": max(plan.processes or 0, 1),
        "threads": s.machine.threads,
        "versions": versions(),
        "mechanism_files": list(s.mechanism_files),
        "command": plan.command or before.get("command"),
        "resolved": s.resolved,
        "sweep": plan.design.to_dict() if plan.design else None,
    }


def _status(folder: Folder, stop: Stop, numbers: range) -> str:
    index = folder.parts.index()
    there = index["run"].is_between(numbers.start, numbers.stop, closed="left").sum()
    if stop() or there < len(numbers):
        return "stopped"
    return "failed" if index["failed"].all() else "finished"


class _Tally:
    """What is done so far: for the bar, and for the manifest."""

    def __init__(
        self,
        plan: RunPlan,
        folder: Folder,
        todo: Sequence[int],
        watch: Watch | None,
        before: dict[str, Any],
    ):
        self.plan, self.folder, self.watch = plan, folder, watch
        self.done, self.days, self.shown = len(plan.numbers) - len(todo), 0, 0.0
        self.plainly: dict[str, str] = {}
        self.compiling = False  # steps, in another process
        self.left = Counter(run // BLOCK for run in todo)  # futures of each block
        self.seconds = Counter[str](before.get("seconds_by_mechanism") or {})
        self.agent_days: float = before.get("agent_days") or 0.0

    def __call__(self, event: Event) -> None:
        match event:
            case Days(number):
                self.days += number
            case Kept(items, spent):
                self._count(items)
                self.agent_days += spent.pop("agent_days", 0.0)
                self.plainly |= spent.pop("plainly", {})
                self.seconds.update(spent)
            case Lost(item, reason):
                provinces = self.plan.scenario.place.ids
                self.folder.parts.write([Failure(item, reason)], provinces)
                self._count([item])
        if self.watch and time.monotonic() - self.shown > 0.1:
            self.shown = time.monotonic()
            reached = self.days / self.plan.scenario.days
            self.compiling = self.compiling and compiling()
            stage = f"{self.plan.scenario.name}, compiling meanwhile" if self.compiling else ""
            self.watch(Progress(stage, self.done, len(self.plan.numbers), reached))

    def _count(self, runs: Sequence[int]) -> None:
        """Futures are on disk. A block that is done becomes one part; the last is seldom whole."""
        self.done += len(runs)
        for k, number in Counter(run // BLOCK for run in runs).items():
            self.left[k] -= number
            mine = self.plan.numbers
            whole_block = mine.start <= k * BLOCK and (k + 1) * BLOCK <= mine.stop
            if self.left[k] == 0 and whole_block:
                self.folder.parts.settle(k)


def shares(plan: RunPlan) -> tuple[int, int]:
    """Worker processes, and threads in each, so that together they fill the cores and never fight
    for them; 0: no worker.

    Threads serve few futures with very many agents; processes serve many futures; work of less than
    a minute is done in this process, on a lane for each core. Mechanisms of the user's own run in a
    worker even so, for whatever they do to their process must not end the study.
    """
    scenario, runs, processes, limit = (
        plan.scenario,
        len(plan.numbers),
        plan.processes,
        plan.future_seconds,
    )
    mine, agents, threads = cores(), float(scenario.place.agents.sum()), scenario.machine.threads
    if forked_from_threads():
        threads = 1
    elif threads > most_threads():
        raise Fault(
            f"threads = {threads}, but this process may use {most_threads()} cores; use at most "
            "that."
        )
    lanes = agents < LARGE and not scenario.mechanism_files and limit is None
    short = runs * scenario.days * seconds_a_day(agents) < (SHORT if lanes else LITTLE)
    if processes is None:
        processes = 1 if short else max(1, min(runs, mine // max(threads, 1)))
    processes = min(processes, runs) if may_have_children() else 0
    if processes == 1 and not scenario.mechanism_files and limit is None:
        processes = 0
    if limit is not None and processes == 0:
        raise Fault(
            "a limit on the seconds of a future needs worker processes, which cannot be started "
            "here."
        )
    if threads == 0:
        few = not short and agents >= LARGE
        threads = max(1, min(most_threads(), mine // max(processes, 1))) if few else 1
    return processes, threads


def _work(plan: RunPlan, todo: list[int], tally: _Tally, stop: Stop) -> None:
    """Compute what is missing, here or in workers."""
    if plan.engine == "ray":
        _on_ray(plan, todo, tally, stop)
        return
    processes, threads = plan.processes or 0, plan.scenario.machine.threads
    agents = int(plan.scenario.place.agents.sum())
    small = agents < LARGE
    if small and todo and plan.shard:
        compile_first()  # all shards by compiled steps: the same last digits
    if small and todo:
        tally.compiling = begin()
    if plan.hands:
        plan.hands(partial(_start, plan), batches(todo, cores()), tally, stop)
        return
    execute(
        partial(_start, plan),
        batches(todo, processes or cores()),
        tally,
        stop,
        processes=processes,
        threads=threads,
        lanes=cores() if small and ready() else 1,
        limit=plan.future_seconds,
    )


def _on_ray(plan: RunPlan, todo: list[int], tally: _Tally, stop: Stop) -> None:
    """Compute what is missing on a Ray cluster, whose nodes need not see this disk: they send their
    parts.
    """
    from ..execution.on_ray import cluster, on_ray

    if not todo:
        return
    with cluster(plan.address, plan.processes) as size:
        on_ray(
            partial(sender, plan, rules()),
            batches(todo, size),
            partial(arrived, plan.folder, plan.keep, tally),
            tally,
            stop,
            threads=max(1, plan.scenario.machine.threads),
        )


def batches(todo: Sequence[int], processes: int) -> list[Sequence[int]]:
    """The futures in parts to hand out: large ones first, which cost little to keep, then smaller
    ones, so that workers are done at about the same time.
    """
    parts, k = [], 0
    while k < len(todo):
        size = max(FEWEST, min(MOST_BATCH, (len(todo) - k) // (processes * 2)))
        parts.append(todo[k : k + size])
        k += size
    return parts


def _start(plan: RunPlan) -> Work:
    """A process starts to compute futures of a plan, this one or a worker."""
    use_threads(plan.scenario.machine.threads)
    return Computation(plan)
