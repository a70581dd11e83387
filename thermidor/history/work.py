"""Parts of a long computation over processes, each kept in a file when it is done, so that the same call goes on where it
stopped."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from ..faults import MachineFault
from ..machine import cores, may_have_children
from ..study.execute import Asked, Begins, Event, Kept, Lost, Tell, Work, execute, listening
from ..writing import whole


class Job(NamedTuple):
    """A part of the work: a function of this package, what it is called with, and the file in which its result is kept."""

    work: Callable[..., pl.DataFrame]
    args: tuple[Any, ...]
    path: Path | None = None


def over(jobs: Sequence[Job], processes: int | None, progress: Callable[[int, int], None] | None) -> list[pl.DataFrame]:
    """The results of jobs, in order, over processes; one whose file can be read is read instead.

    Raises KeyboardInterrupt on Ctrl-C or SIGTERM, after the parts that run are finished and kept.
    """
    done: dict[int, pl.DataFrame] = {}

    def note(event: Event) -> None:
        match event:
            case Kept((k,), result):
                done[k] = result
                if progress:
                    progress(len(done), len(jobs))
            case Lost(k, reason):
                raise MachineFault(f"part {k + 1} of {len(jobs)} could not be computed: {reason}. What is finished is kept; use "
                                   "fewer --processes and run the same command again.")
    workers = min(processes or cores(), len(jobs)) if may_have_children() else 0
    with listening() as stop:
        execute(partial(_start, jobs), [[k] for k in range(len(jobs))], note, stop, processes=0 if workers <= 1 else workers)
    if stop():
        raise KeyboardInterrupt
    return [done[k] for k in range(len(jobs))]


def _start(jobs: Sequence[Job]) -> Work:
    return partial(_do, jobs)


def _do(jobs: Sequence[Job], batch: Sequence[int], tell: Tell, _: Asked) -> None:
    for k in batch:
        tell(Begins(k))
        tell(Kept((k,), _result(jobs[k])))


def _result(job: Job) -> pl.DataFrame:
    if job.path and job.path.is_file() and not job.path.is_symlink():
        try:
            return pl.read_parquet(job.path)
        except (pl.exceptions.PolarsError, OSError):  # damaged: computed anew
            pass
    new = job.work(*job.args)
    if job.path:
        job.path.parent.mkdir(parents=True, exist_ok=True)
        whole(job.path, new.write_parquet)
    return new
