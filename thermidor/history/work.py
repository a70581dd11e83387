"""Parts of a long computation over processes, each kept in a file when it is done, so that the same call goes on where it stopped."""
from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from ..faults import Fault, MachineFault
from ..study.folder import rules
from ..worker import follow


class Job(NamedTuple):
    """A part of the work: a function of this package, what it is called with, and the file in which its result is kept."""

    work: Callable[..., pl.DataFrame]
    args: tuple[Any, ...]
    path: Path | None = None


@cache
def made_by() -> str:
    """A fingerprint of the code that makes a part: of what computes a day, and of this folder."""
    code = b"".join(p.read_bytes() for p in sorted(Path(__file__).parent.glob("*.py")))
    return hashlib.sha256(rules().encode() + code).hexdigest()[:12]


def over(jobs: Sequence[Job], processes: int | None, progress: Callable[[int, int], None] | None) -> list[pl.DataFrame]:
    """The results of jobs, in order, over processes; one whose file exists is read instead. Ctrl-C lets the running parts finish.

    A file's name gets the fingerprint of the code, so that what other code made is left where it is
    and computed anew.
    """
    jobs = [j._replace(path=_named(j.path)) if j.path else j for j in jobs]
    for folder in {j.path.parent for j in jobs if j.path}:
        _folder(folder)
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


def _named(path: Path) -> Path:
    return path.with_name(f"{path.stem}-{made_by()}.parquet")


def _folder(path: Path) -> None:
    """Make the folder of the parts, or say why it cannot be."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as e:
        raise Fault(f"{path} cannot be a folder for finished parts, since a file has that name; "
                    "choose another with --out.") from e
    except OSError as e:
        raise MachineFault(f"cannot make the folder {path} ({e.strerror}); choose another with "
                           "--out, or mend its rights.") from e


def _do(job: Job) -> pl.DataFrame:
    kept = _kept(job.path) if job.path else None
    if kept is not None:
        return kept
    new = job.work(*job.args)
    if job.path:
        _keep(new, job.path)
    return new


def _kept(path: Path) -> pl.DataFrame | None:
    """The part in a file, or None if there is none that can be read; a link is none."""
    if path.is_symlink() or not path.is_file():
        return None
    try:
        return pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError):  # cut short by a power loss: computed anew
        return None


def _keep(new: pl.DataFrame, path: Path) -> None:
    """Write beside under a name that nobody knows, then rename.

    A reader never sees half a file, and no link is followed.
    """
    beside = path.with_name(f".{secrets.token_hex(12)}.part")
    try:
        with beside.open("xb") as f:
            new.write_parquet(f)
        os.replace(beside, path)
    except (OSError, pl.exceptions.PolarsError) as e:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        why = getattr(e, "strerror", None) or e
        raise MachineFault(f"cannot write {path} ({why}). What is finished is kept; mend that, or "
                           "make room, and run the same command again.") from e
