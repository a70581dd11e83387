"""Many futures: each is keyed by its number, so the order and the number of processes change
nothing.
"""

from __future__ import annotations

import contextlib
import signal
import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from .. import __version__
from ..engine.run import Run
from ..execution.afresh import afresh
from ..execution.execute import execute
from ..execution.worker import Asked, Begins, Days, Event, Kept, Lost, Tell, Work
from ..kernels.threads import most_threads, use_threads
from ..scenario.ledger import explain, outlines
from ..scenario.scenario import Scenario
from ..support.faults import Fault, MachineFault, NothingFinished
from ..support.machine import cores, forked_from_threads, may_have_children
from ..support.stopping import Stop, listening
from .folder import Folder, rules, versions
from .resume import Past, Stopped, future
from .tables import Failure

MOST_RUNS = 10_000_000
FLUSH_SECONDS = 2.0  # finished futures wait at most this long before they are on disk
THREADED = 500_000  # agents from which threads are worth their while
MOST_REASON = 500  # characters of a reason that are kept
Progress = Callable[[int, int, float], None]  # finished, wanted, days done


@afresh
def ensemble(
    scenario: Scenario,
    runs: int = 200,
    *,
    seed: int = 1,
    fixed: bool = False,
    processes: int | None = None,
    out: str | Path,
    progress: Progress | None = None,
    command: str | None = None,
    past: Past | None = None,
    keep_failed: bool = False,
    future_seconds: float | None = None,
) -> dict[str, Any]:
    """Compute futures 0 to runs - 1 into a folder and return its manifest; those already there are
    not computed again.

    With a past, the futures are its branches. On Ctrl-C or SIGTERM what is finished is kept and the
    manifest says "stopped"; so is a future that was under way for some seconds. Futures that failed
    are tried again, unless they are to be kept as they are. A future that takes longer than
    `future_seconds` fails. processes: 0 computes in this process whatever happens there. Raises
    NothingFinished with the commonest reasons if no future has an ending.
    """
    if not 1 <= runs <= MOST_RUNS:
        raise Fault(f"runs = {runs} must lie between 1 and {MOST_RUNS:,}.")
    processes, threads = _shares(scenario, runs, processes, future_seconds)
    scenario = scenario.sized(threads=threads) if threads != scenario.machine.threads else scenario
    folder = Folder(out)
    identity = {
        "hash": scenario.hash,
        "seed": seed,
        "fixed": fixed,
        "version": __version__,
        "rules": rules(),
        "past": {"run": past.run, "day": past.day, "hash": past.what} if past else None,
    }
    mended = folder.claim(identity)
    try:
        begin, before = time.monotonic(), folder.manifest()
        todo = sorted(set(range(runs)) - folder.finished(keep_failed))
        manifest = (
            before
            | identity
            | {
                "scenario": scenario.name,
                "title": scenario.title,
                "status": "running",
                "runs": max(runs, before.get("runs", 0)),
                "citizens": scenario.place.citizens,
                "agents": int(scenario.place.agents.sum()),
                "days": scenario.days,
                "start": str(scenario.start),
                "processes": max(processes, 1),
                "threads": threads,
                "versions": versions(),
                "mechanism_files": list(scenario.mechanism_files),
                "command": command or before.get("command"),
                "resolved": scenario.resolved,
                "mended": mended,
            }
        )
        tally = _Tally(folder, runs, len(todo), scenario, progress, before)
        with listening() as stop:
            try:
                folder.write_json("manifest.json", manifest)
                folder.write_json(
                    "model.json", explain(scenario) | {"outlines": outlines(scenario)}
                )
                _work(
                    scenario,
                    todo,
                    seed,
                    fixed,
                    folder,
                    processes,
                    past,
                    future_seconds,
                    tally,
                    stop,
                )
            except KeyboardInterrupt:  # a second Ctrl-C
                stop.signal = stop.signal or signal.SIGINT
            finally:
                with contextlib.suppress(MachineFault):
                    folder.parts.join()
                    spent = round(before.get("seconds", 0.0) + time.monotonic() - begin, 3)
                    manifest |= {
                        "status": _status(folder, stop, runs),
                        "seconds": spent,
                        "agent_days": tally.agent_days,
                        "seconds_by_mechanism": {
                            k: round(v, 4) for k, v in sorted(tally.seconds.items())
                        },
                    }
                    folder.write_json("manifest.json", manifest)
    finally:
        folder.release()
    if manifest["status"] == "failed":
        raise NothingFinished(
            folder.reasons(), f"None of {runs:,} futures of {scenario.name} could be finished:"
        )
    return manifest


def _status(folder: Folder, stop: Stop, runs: int) -> str:
    index = folder.parts.index()
    if stop() or (index["run"] < runs).sum() < runs:
        return "stopped"
    return "failed" if index["failed"].all() else "finished"


class _Tally:
    """What is done so far: for the bar, and for the manifest."""

    def __init__(
        self,
        folder: Folder,
        wanted: int,
        todo: int,
        scenario: Scenario,
        progress: Progress | None,
        before: dict,
    ):
        self.folder, self.wanted, self.done, self.days = folder, wanted, wanted - todo, 0
        self.provinces, self.horizon, self.progress, self.shown = (
            scenario.place.ids,
            scenario.days,
            progress,
            0.0,
        )
        self.seconds, self.agent_days = (
            Counter(before.get("seconds_by_mechanism", {})),
            before.get("agent_days", 0.0),
        )

    def __call__(self, event: Event) -> None:
        match event:
            case Days(number):
                self.days += number
            case Kept(items, spent):
                self.done += len(items)
                self.agent_days += spent.pop("agent_days", 0.0)
                self.seconds.update(spent)
            case Lost(item, reason):
                self.folder.parts.write([Failure(item, reason)], self.provinces)
                self.done += 1
        if self.progress and time.monotonic() - self.shown > 0.1:
            self.shown = time.monotonic()
            self.progress(self.done, self.wanted, self.days / self.horizon)


def _shares(
    scenario: Scenario, runs: int, processes: int | None, limit: float | None
) -> tuple[int, int]:
    """Worker processes, and threads in each, so that together they fill the cores and never fight
    for them; 0: no worker.

    Threads serve few futures with very many agents; processes serve many futures; work of a few
    seconds needs neither. Mechanisms of the user's own run in a worker even so, for whatever they
    do to their process must not end the study.
    """
    mine, agents, threads = cores(), float(scenario.place.agents.sum()), scenario.machine.threads
    if forked_from_threads():
        threads = 1
    elif threads > most_threads():
        raise Fault(
            f"threads = {threads}, but this process may use {most_threads()} cores; use at most that."
        )
    short = runs * scenario.days * (4e-4 + 3e-9 * agents) < 5
    if processes is None:
        processes = 1 if short else max(1, min(runs, mine // max(threads, 1)))
    processes = min(processes, runs) if may_have_children() else 0
    if processes == 1 and not scenario.mechanism_files and limit is None:
        processes = 0
    if limit is not None and processes == 0:
        raise Fault(
            "a limit on the seconds of a future needs worker processes, which cannot be started here."
        )
    if threads == 0:
        threads = (
            max(1, min(most_threads(), mine // max(processes, 1)))
            if agents >= THREADED and not short
            else 1
        )
    return processes, threads


def _work(
    scenario: Scenario,
    todo: list[int],
    seed: int,
    fixed: bool,
    folder: Folder,
    processes: int,
    past: Past | None,
    limit: float | None,
    tally: _Tally,
    stop: Stop,
) -> None:
    """Compute what is missing, here or in workers."""
    size = max(1, min(25, len(todo) // (max(processes, 1) * 6)))
    batches = [todo[k : k + size] for k in range(0, len(todo), size)]
    threads = scenario.machine.threads
    if processes == 0:
        use_threads(threads)
        work = partial(_compute, scenario, folder, seed, fixed, past)
        execute(lambda: work, batches, tally, stop, processes=0)
    else:
        start = partial(_enter, scenario, str(folder.path), seed, fixed, past)
        execute(start, batches, tally, stop, processes=processes, threads=threads, limit=limit)


def _enter(scenario: Scenario, path: str, seed: int, fixed: bool, past: Past | None) -> Work:
    """A worker process starts: it builds the scenario once."""
    use_threads(scenario.machine.threads)
    return partial(_compute, scenario, Folder(path), seed, fixed, past)


def _compute(
    scenario: Scenario,
    folder: Folder,
    seed: int,
    fixed: bool,
    past: Past | None,
    batch: Sequence[int],
    tell: Tell,
    asked: Asked,
) -> None:
    """Compute futures one after another into the folder."""
    waiting: list[Run | Failure] = []
    spent: Counter[str] = Counter()
    last, days, said = time.monotonic(), 0, 0.0

    def flush() -> None:
        nonlocal last
        folder.parts.write(waiting, scenario.place.ids)
        tell(Kept(tuple(f.run for f in waiting), dict(spent)))
        waiting.clear()
        spent.clear()
        last = time.monotonic()

    def watch(_: int) -> None:
        nonlocal days, said
        days += 1
        if asked():
            raise Stopped
        if time.monotonic() - said > 0.1:
            tell(Days(days))
            days, said = 0, time.monotonic()

    try:
        for k in batch:
            tell(Begins(k))
            try:
                made: Run | Failure = future(
                    scenario, seed, k, fixed, folder.moment(k), watch, past
                )
                spent.update(made.seconds)
                spent["agent_days"] += (made.day - (past.day if past else 0)) * int(
                    scenario.place.agents.sum()
                )
            except Stopped:
                break
            except MachineFault:
                raise
            except (
                BaseException
            ) as e:  # a future that fails is a row with its reason, never the end of the study
                if isinstance(e, KeyboardInterrupt) and asked():
                    raise  # the user's second
                made = Failure(k, _reason(e, scenario))
            waiting.append(made)
            if time.monotonic() - last > FLUSH_SECONDS:
                flush()
    finally:
        if waiting:
            flush()


def _reason(e: BaseException, scenario: Scenario) -> str:
    """What an exception says, whatever it is, in one bounded line."""
    if isinstance(e, MemoryError):
        return f"MemoryError: not enough memory for {scenario.place.agents.sum():,} agents; use fewer --citizens or --processes"
    try:
        text = str(e)
    except Exception:
        text = "(it cannot say what)"
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return f"{type(e).__name__}: {line}"[:MOST_REASON]
