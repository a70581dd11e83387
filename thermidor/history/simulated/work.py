"""Parts of a long computation over processes, each kept in a file when it is done, so that the same
call goes on where it stopped.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from ...execution.execute import singly
from ...execution.progress import Progress, Watch
from ...execution.worker import Asked, Begins, Event, Kept, Lost, Tell, Work
from ...study.store.folder import rules
from ...support.faults import Fault, MachineFault
from ...support.stopping import Stopped, listening
from ...support.writing import whole


class Job(NamedTuple):
    """A part of the work: a function of this package, what it is called with, and the file in which
    its result is kept.
    """

    work: Callable[..., pl.DataFrame]
    args: tuple[Any, ...]
    path: Path | None = None


@cache
def made_by() -> str:
    """A fingerprint of the code that makes a part: of what computes a day, of this folder and of
    the rule.
    """
    here = Path(__file__).parent
    rule = here.parents[1] / "country" / "rule.py"
    code = b"".join(p.read_bytes() for p in (*sorted(here.glob("*.py")), rule))
    return hashlib.sha256(rules().encode() + code).hexdigest()[:12]


def over(jobs: Sequence[Job], processes: int | None, progress: Watch | None) -> list[pl.DataFrame]:
    """The results of jobs, in order, over processes; one whose file can be read is read instead.

    A file's name gets the fingerprint of the code, so that what other code made is left where it is
    and computed anew. Raises Stopped on Ctrl-C or SIGTERM, after the parts that run are
    finished and kept.
    """
    jobs = [j._replace(path=_named(j.path)) if j.path else j for j in jobs]
    for folder in {j.path.parent for j in jobs if j.path}:
        _folder(folder)
    done: dict[int, pl.DataFrame] = {}

    def note(event: Event) -> None:
        match event:
            case Kept((k,), result):
                done[k] = result
                if progress:
                    progress(Progress("", len(done), len(jobs)))
            case Lost(k, reason):
                raise MachineFault(
                    f"part {k + 1} of {len(jobs)} could not be computed: {reason}. What is "
                    "finished is kept; use fewer --processes and run the same command again."
                )

    with listening() as stop:
        singly(partial(_start, jobs), len(jobs), note, stop, processes)
    if stop():
        raise Stopped
    return [done[k] for k in range(len(jobs))]


def _named(path: Path) -> Path:
    return path.with_name(f"{path.stem}-{made_by()}.parquet")


def _folder(path: Path) -> None:
    """Make the folder of the parts, or say why it cannot be."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as e:
        raise Fault(
            f"{path} cannot be a folder for finished parts, since a file has that name; choose "
            "another with --out."
        ) from e
    except OSError as e:
        raise MachineFault(
            f"cannot make the folder {path} ({e.strerror}); choose another with --out, or mend its "
            "rights."
        ) from e


def _start(jobs: Sequence[Job]) -> Work:
    return partial(_do, jobs)


def _do(jobs: Sequence[Job], batch: Sequence[int], tell: Tell, _: Asked) -> None:
    for k in batch:
        tell(Begins(k))
        tell(Kept((k,), _result(jobs[k])))


def _result(job: Job) -> pl.DataFrame:
    kept = _kept(job.path) if job.path else None
    if kept is not None:
        return kept
    new = job.work(*job.args)
    if job.path:
        whole(job.path, new.write_parquet)
    return new


def _kept(path: Path) -> pl.DataFrame | None:
    """The part in a file, or None if there is none that can be read; a link is none."""
    if path.is_symlink() or not path.is_file():
        return None
    try:
        return pl.read_parquet(path, glob=False)
    except (pl.exceptions.PolarsError, OSError):  # cut short by a power loss: computed anew
        return None
