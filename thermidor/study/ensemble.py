"""Many futures over processes: each is keyed by its number, so the order and the number of processes change nothing."""
from __future__ import annotations

import contextlib
import multiprocessing as mp
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

from .. import __version__
from ..faults import Fault, MachineFault
from ..future import Run
from ..kernels.threads import use_threads
from ..ledger import explain, outlines
from ..scenario import Scenario, build
from ..worker import born_deaf, follow
from .folder import Folder, rules, versions
from .tables import Failure
from .underway import Past, Stopped, future

FLUSH_SECONDS = 2.0  # finished futures wait at most this long before they are on disk
THREADED = 500_000  # agents from which threads are worth their while
Progress = Callable[[int, int, float], None]  # finished, wanted, days done


def compute(scenario: Scenario, runs: Sequence[int], seed: int, fixed: bool, folder: Folder,
            watch: Callable[[int], None] | None = None, past: Past | None = None) -> dict[str, float]:
    """Compute these futures one after another into the folder until `watch` raises Stopped; seconds by mechanism."""
    waiting: list[Run | Failure] = []
    seconds = {"agent_days": 0.0}
    last = time.monotonic()
    try:
        for k in runs:
            try:
                made: Run | Failure = future(scenario, seed, k, fixed, folder.moment(k), watch, past)
                for who, s in made.seconds.items():
                    seconds[who] = seconds.get(who, 0.0) + s
                seconds["agent_days"] += (made.day - (past.day if past else 0)) * int(scenario.place.agents.sum())
            except Stopped:
                break
            except (KeyboardInterrupt, MachineFault):
                raise
            except MemoryError as e:
                raise MachineFault(f"not enough memory for {scenario.place.agents.sum():,} agents; use fewer --citizens or --processes.") from e
            except Exception as e:  # a future that fails is a row with its reason, never the end of the study
                made = Failure(k, f"{type(e).__name__}: {e}")
            waiting.append(made)
            if time.monotonic() - last > FLUSH_SECONDS:
                folder.write_part(waiting, scenario.place.ids)
                waiting, last = [], time.monotonic()
    finally:
        folder.write_part(waiting, scenario.place.ids)
    return seconds


def ensemble(scenario: Scenario, runs: int = 200, *, seed: int = 1, fixed: bool = False, processes: int | None = None,
             out: str | Path, progress: Progress | None = None, command: str | None = None, past: Past | None = None) -> dict[str, Any]:
    """Compute futures 0 to runs - 1 into a folder and return its manifest; those already there are not computed again.

    With a past, the futures are its branches. On Ctrl-C what is finished is kept and the manifest says "stopped"; so is a
    future that was under way for some seconds. A worker that is killed is replaced once.
    """
    if runs < 1:
        raise Fault(f"runs = {runs} must be at least 1.")
    processes, threads = _shares(scenario, runs, processes)
    scenario = scenario.sized(threads=threads) if threads != scenario.place.threads else scenario
    folder = Folder(out)
    identity = {"hash": scenario.hash, "seed": seed, "fixed": fixed, "version": __version__, "rules": rules(),
                "past": {"run": past.run, "day": past.day, "hash": past.what} if past else None}
    folder.claim(identity)
    begin = time.monotonic()
    before = folder.manifest()
    todo = sorted(set(range(runs)) - folder.finished())
    manifest = before | identity | {
        "scenario": scenario.name, "title": scenario.title, "status": "running", "runs": max(runs, before.get("runs", 0)),
        "citizens": scenario.place.citizens, "agents": int(scenario.place.agents.sum()), "days": scenario.days,
        "start": str(scenario.start), "processes": processes, "threads": threads, "versions": versions(),
        "mechanism_files": list(scenario.mechanism_files), "command": command or before.get("command"),
        "resolved": scenario.resolved}
    seconds = dict(before.get("seconds_by_mechanism", {}))
    agent_days = before.get("agent_days", 0.0)
    status = "stopped"
    try:
        folder.write_json("manifest.json", manifest)
        folder.write_json("model.json", explain(scenario) | {"outlines": outlines(scenario)})
        if todo:
            for made in _work(scenario, todo, seed, fixed, folder, processes, runs, progress, past):
                agent_days += made.pop("agent_days", 0.0)
                for who, s in made.items():
                    seconds[who] = seconds.get(who, 0.0) + s
        status = "finished"
    except (Stopped, KeyboardInterrupt):
        pass
    finally:
        with contextlib.suppress(MachineFault):
            folder.join()
            manifest |= {"status": status, "seconds": round(before.get("seconds", 0.0) + time.monotonic() - begin, 3),
                         "seconds_by_mechanism": {k: round(v, 4) for k, v in sorted(seconds.items())}, "agent_days": agent_days}
            folder.write_json("manifest.json", manifest)
        folder.release()
    return manifest


def _shares(scenario: Scenario, runs: int, processes: int | None) -> tuple[int, int]:
    """Worker processes, and threads in each, so that together they fill the cores and never fight for them.

    Threads serve few futures with very many agents; processes serve many futures; work of a few seconds needs neither.
    """
    cores, agents = os.cpu_count() or 1, float(scenario.place.agents.sum())
    threads = scenario.place.threads
    short = runs * scenario.days * (4e-4 + 3e-9 * agents) < 5
    if processes is None:
        processes = 1 if short else max(1, min(runs, cores // max(threads, 1)))
    processes = min(processes, runs)
    if threads == 0:
        threads = max(1, cores // processes) if agents >= THREADED and not short else 1
    return processes, threads


def _work(scenario: Scenario, todo: list[int], seed: int, fixed: bool, folder: Folder, processes: int, wanted: int,
          progress: Progress | None, past: Past | None) -> Iterator[dict[str, float]]:
    if processes == 1:
        yield from _alone(scenario, todo, seed, fixed, folder, wanted, progress, past)
        return
    lost = 0
    while todo:
        try:
            yield from _pool(scenario, todo, seed, fixed, folder, processes, wanted, progress, past)
            return
        except BrokenProcessPool as e:
            lost += 1
            todo = sorted(set(todo) - folder.finished())
            if lost > 1 and todo:
                raise MachineFault(f"worker processes were killed {lost} times, most likely for want of memory; {wanted - len(todo)} of "
                                   f"{wanted} futures are kept in {folder.path}. Use fewer --processes or --citizens and run the same command again.") from e


def _alone(scenario: Scenario, todo: list[int], seed: int, fixed: bool, folder: Folder, wanted: int,
           progress: Progress | None, past: Past | None) -> Iterator[dict[str, float]]:
    """All futures in this process."""
    use_threads(scenario.place.threads)
    done, at, shown = wanted - len(todo), 0, 0.0

    def watch(day: int) -> None:
        nonlocal done, at, shown
        done, at = done + (day <= at), day
        if asked:
            raise Stopped
        if progress and time.monotonic() - shown > 0.1:
            shown = time.monotonic()
            progress(done, wanted, done + day / scenario.days)

    with _interrupt() as asked:
        yield compute(scenario, todo, seed, fixed, folder, watch, past)
        if asked:
            raise Stopped


@contextlib.contextmanager
def _interrupt() -> Iterator[list[int]]:
    """Ctrl-C is noted and heeded at the end of the day, a second one at once; only the main thread can do so."""
    asked: list[int] = []

    def note(number: int, frame: Any) -> None:
        if asked:
            raise KeyboardInterrupt
        asked.append(number)
    if threading.current_thread() is not threading.main_thread():
        yield asked
        return
    before = signal.signal(signal.SIGINT, note)
    try:
        yield asked
    finally:
        signal.signal(signal.SIGINT, before)


def _pool(scenario: Scenario, todo: list[int], seed: int, fixed: bool, folder: Folder, processes: int, wanted: int,
          progress: Progress | None, past: Past | None) -> Iterator[dict[str, float]]:
    """Chunks of futures over worker processes that write their own parts."""
    context = mp.get_context("spawn")
    stop, days = context.RawValue("b", 0), context.RawArray("q", processes)
    seat = context.Value("i", 0)
    recipe = (scenario.source, scenario.place.citizens, scenario.place.threads, scenario.mechanism_files, scenario.folder)
    size = max(1, min(25, len(todo) // (processes * 6)))
    chunks = [todo[k:k + size] for k in range(0, len(todo), size)]
    done = wanted - len(todo)
    stopped = False
    with _environment(scenario.place.threads), ProcessPoolExecutor(
            processes, mp_context=context, initializer=_enter, initargs=(recipe, str(folder.path), seed, fixed, stop, days, seat, past)) as pool:
        pending: dict[Any, int] = {}
        while chunks or pending:
            try:
                if chunks:
                    with _no_main(), born_deaf():
                        while chunks:
                            c = chunks.pop(0)
                            pending[pool.submit(_chunk, c)] = len(c)
                finished, _ = wait(pending, timeout=0.2, return_when=FIRST_COMPLETED)
                for f in finished:
                    done += pending.pop(f)
                    yield f.result()
                if progress:
                    progress(done, wanted, sum(days) / scenario.days)
            except KeyboardInterrupt:
                stop.value, stopped = 1, True
                chunks.clear()
                for f in pending:
                    f.cancel()
                pending = {f: n for f, n in pending.items() if not f.cancelled()}
            except MachineFault:
                stop.value = 1
                pool.shutdown(cancel_futures=True)
                raise
    if stopped:
        raise Stopped


_worker: dict[str, Any] = {}


def _enter(recipe: tuple, path: str, seed: int, fixed: bool, stop: Any, days: Any, seat: Any, past: Past | None) -> None:
    """A worker process starts: it builds the scenario once and takes a seat in the count of days."""
    follow()
    scenario = build(*recipe)
    use_threads(scenario.place.threads)
    with seat.get_lock():
        mine = seat.value % len(days)
        seat.value += 1
    _worker.update(scenario=scenario, folder=Folder(path), seed=seed, fixed=fixed, stop=stop, days=days, seat=mine, past=past)


def _chunk(runs: list[int]) -> dict[str, float]:
    w = _worker

    def watch(day: int) -> None:
        w["days"][w["seat"]] += 1
        if w["stop"].value:
            raise Stopped
    return compute(w["scenario"], runs, w["seed"], w["fixed"], w["folder"], watch, w["past"])


@contextlib.contextmanager
def _environment(threads: int) -> Iterator[None]:
    """Workers that stay within their cores."""
    wanted = {"NUMBA_NUM_THREADS": str(max(threads, 1)), "POLARS_MAX_THREADS": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    before = {k: os.environ.get(k) for k in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for k, v in before.items():
            if v is None:
                os.environ.pop(k, None)
            else:
                os.environ[k] = v


@contextlib.contextmanager
def _no_main() -> Iterator[None]:
    """Keep workers from running the user's script again, so that a script needs no `if __name__ == "__main__"`."""
    main = sys.modules["__main__"]
    kept = {k: main.__dict__.pop(k) for k in ("__file__", "__spec__") if k in main.__dict__}
    main.__spec__ = None
    try:
        yield
    finally:
        main.__dict__.update(kept)
