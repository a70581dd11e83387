"""Parts of a long computation over processes, each kept in a file when it is done, so that the same call goes on where it stopped."""
from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from ..worker import born_deaf, follow


class Job(NamedTuple):
    """A part of the work: a function of this package, what it is called with, and the file in which its result is kept."""

    work: Callable[..., pl.DataFrame]
    args: tuple[Any, ...]
    path: Path | None = None


def over(jobs: Sequence[Job], processes: int | None, progress: Callable[[int, int], None] | None) -> list[pl.DataFrame]:
    """The results of jobs, in order, over processes; one whose file exists is read instead. Ctrl-C lets the running parts finish."""
    done: dict[int, pl.DataFrame] = {}
    workers = min(processes or os.cpu_count() or 1, len(jobs))
    if workers <= 1:
        for k, j in enumerate(jobs):
            done[k] = _do(j)
            if progress:
                progress(k + 1, len(jobs))
        return list(done.values())
    before = {k: os.environ.get(k) for k in ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "NUMBA_NUM_THREADS")}
    os.environ.update(dict.fromkeys(before, "1"))
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=follow)
    try:
        with born_deaf():
            pending = {pool.submit(_do, j): k for k, j in enumerate(jobs)}
        for f in as_completed(pending):
            done[pending[f]] = f.result()
            if progress:
                progress(len(done), len(jobs))
    finally:
        pool.shutdown(cancel_futures=True)
        for k, v in before.items():
            os.environ.pop(k) if v is None else os.environ.update({k: v})
    return [done[k] for k in range(len(jobs))]


def _do(job: Job) -> pl.DataFrame:
    if job.path and job.path.exists():
        return pl.read_parquet(job.path)
    new = job.work(*job.args)
    if job.path:
        job.path.parent.mkdir(parents=True, exist_ok=True)
        part = job.path.with_suffix(".part")
        new.write_parquet(part)
        os.replace(part, job.path)
    return new
