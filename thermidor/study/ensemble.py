"""Many futures over processes: each is keyed by its number, so the order and the number of processes change nothing."""
from __future__ import annotations

import contextlib
import multiprocessing as mp
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

from .. import __version__
from ..faults import Fault, MachineFault
from ..future import Run
from ..ledger import explain, outlines
from ..scenario import Scenario, build
from ..simulate import simulate
from .folder import Folder, versions
from .tables import Failure

FLUSH_SECONDS = 2.0  # finished futures wait at most this long before they are on disk
Progress = Callable[[int, int, float], None]  # finished, wanted, days done


class Stopped(Exception):
    """The user asked to stop."""


def compute(scenario: Scenario, runs: Sequence[int], seed: int, fixed: bool, folder: Folder,
            watch: Callable[[int], None] | None = None) -> dict[str, float]:
    """Compute these futures one after another into the folder; seconds by mechanism."""
    waiting: list[Run | Failure] = []
    seconds = {"agent_days": 0.0}
    last = time.monotonic()
    try:
        for k in runs:
            try:
                future: Run | Failure = simulate(scenario, seed, k, fixed=fixed, watch=watch)
                for who, s in future.seconds.items():
                    seconds[who] = seconds.get(who, 0.0) + s
                seconds["agent_days"] += future.day * int(scenario.place.agents.sum())
            except (Stopped, KeyboardInterrupt, MachineFault):
                raise
            except MemoryError as e:
                raise MachineFault(f"not enough memory for {scenario.place.agents.sum():,} agents; use fewer --citizens or --processes.") from e
            except Exception as e:  # a future that fails is a row with its reason, never the end of the study
                future = Failure(k, f"{type(e).__name__}: {e}")
            waiting.append(future)
            if time.monotonic() - last > FLUSH_SECONDS:
                folder.write_part(waiting, scenario.place.ids)
                waiting, last = [], time.monotonic()
    finally:
        folder.write_part(waiting, scenario.place.ids)
    return seconds


def ensemble(scenario: Scenario, runs: int = 200, *, seed: int = 1, fixed: bool = False, processes: int | None = None,
             out: str | Path, progress: Progress | None = None, command: str | None = None) -> dict[str, Any]:
    """Compute futures 0 to runs - 1 into a folder and return its manifest; those already there are not computed again.

    On Ctrl-C what is finished is kept and the manifest says "stopped". A worker that is killed is replaced once.
    """
    if runs < 1:
        raise Fault(f"runs = {runs} must be at least 1.")
    threads = scenario.place.threads
    processes = min(processes or _processes(scenario, runs), runs)
    folder = Folder(out)
    identity = {"hash": scenario.hash, "seed": seed, "fixed": fixed, "version": __version__}
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
            for made in _work(scenario, todo, seed, fixed, folder, processes, runs, progress):
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


def _processes(scenario: Scenario, runs: int) -> int:
    """As many worker processes as there are cores for them; none beside this one where the work is a matter of seconds."""
    seconds = runs * scenario.days * (4e-4 + 3e-9 * float(scenario.place.agents.sum()))
    return 1 if seconds < 5 else max(1, (os.cpu_count() or 1) // scenario.place.threads)


def _work(scenario: Scenario, todo: list[int], seed: int, fixed: bool, folder: Folder, processes: int, wanted: int,
          progress: Progress | None) -> Iterator[dict[str, float]]:
    if processes == 1:
        yield _alone(scenario, todo, seed, fixed, folder, wanted, progress)
        return
    lost = 0
    while todo:
        try:
            yield from _pool(scenario, todo, seed, fixed, folder, processes, wanted, progress)
            return
        except BrokenProcessPool as e:
            lost += 1
            todo = sorted(set(todo) - folder.finished())
            if lost > 1 and todo:
                raise MachineFault(f"worker processes were killed {lost} times, most likely for want of memory; {wanted - len(todo)} of "
                                   f"{wanted} futures are kept in {folder.path}. Use fewer --processes or --citizens and run the same command again.") from e


def _alone(scenario: Scenario, todo: list[int], seed: int, fixed: bool, folder: Folder, wanted: int,
           progress: Progress | None) -> dict[str, float]:
    """All futures in this process."""
    _set_threads(scenario.place.threads)
    state = {"days": 0, "done": wanted - len(todo)}

    def watch(day: int) -> None:
        state["days"] += 1
        if progress and (day % 16 == 0 or day == scenario.days):
            progress(state["done"], wanted, state["days"] / scenario.days)

    total: dict[str, float] = {}
    for k in range(0, len(todo), 8):
        for who, s in compute(scenario, todo[k:k + 8], seed, fixed, folder, watch).items():
            total[who] = total.get(who, 0.0) + s
        state["done"] = wanted - len(todo) + min(len(todo), k + 8)
        if progress:
            progress(state["done"], wanted, state["days"] / scenario.days)
    return total


def _pool(scenario: Scenario, todo: list[int], seed: int, fixed: bool, folder: Folder, processes: int, wanted: int,
          progress: Progress | None) -> Iterator[dict[str, float]]:
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
            processes, mp_context=context, initializer=_enter, initargs=(recipe, str(folder.path), seed, fixed, stop, days, seat)) as pool:
        with _no_main():
            pending = {pool.submit(_chunk, c): len(c) for c in chunks}
        while pending:
            try:
                finished, _ = wait(pending, timeout=0.2, return_when=FIRST_COMPLETED)
                for f in finished:
                    done += pending.pop(f)
                    with contextlib.suppress(Stopped):
                        yield f.result()
                if progress:
                    progress(done, wanted, sum(days) / scenario.days)
            except KeyboardInterrupt:
                stop.value, stopped = 1, True
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


def _enter(recipe: tuple, path: str, seed: int, fixed: bool, stop: Any, days: Any, seat: Any) -> None:
    """A worker process starts: it builds the scenario once and takes a seat in the count of days."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    scenario = build(*recipe)
    _set_threads(scenario.place.threads)
    with seat.get_lock():
        mine = seat.value % len(days)
        seat.value += 1
    _worker.update(scenario=scenario, folder=Folder(path), seed=seed, fixed=fixed, stop=stop, days=days, seat=mine)


def _chunk(runs: list[int]) -> dict[str, float]:
    w = _worker

    def watch(day: int) -> None:
        w["days"][w["seat"]] += 1
        if w["stop"].value:
            raise Stopped
    return compute(w["scenario"], runs, w["seed"], w["fixed"], w["folder"], watch)


def _set_threads(threads: int) -> None:
    if threads > 1:
        import numba
        if threads > numba.config.NUMBA_NUM_THREADS:
            raise Fault(f"threads = {threads}, but this machine gives {numba.config.NUMBA_NUM_THREADS}; use at most that.")
        numba.set_num_threads(threads)


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
