"""A folder of results: parts written while the work goes on, joined into five tables and a manifest.

Finished work is never computed again or overwritten: a folder belongs to one scenario, seed and size; the same command on it
goes on where it stopped. Files appear whole or not at all (written beside, then renamed).
"""
from __future__ import annotations

import errno
import hashlib
import json
import os
import platform
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl
from filelock import FileLock, Timeout

from ..faults import Fault, MachineFault
from ..future import Run
from .tables import NAMES, Failure, joined, tables

IDENTITY = ("hash", "seed", "fixed", "version", "rules", "past")


class Folder:
    """One study's results on disk. Use as a context manager while writing: it holds the folder's lock."""

    def __init__(self, path: str | Path):
        self.path = Path(path)
        self.parts = self.path / "parts"
        self.unfinished = self.path / "unfinished"

    def claim(self, identity: Mapping[str, Any]) -> None:
        """Make the folder ours, or say why it cannot be."""
        try:
            self.parts.mkdir(parents=True, exist_ok=True)
            (self.path / ".write").write_text("")
            (self.path / ".write").unlink()
        except OSError as e:
            raise MachineFault(f"cannot write into {self.path} ({e.strerror}); choose another folder with --out, or mend its rights.") from e
        self._lock = FileLock(self.path / ".lock")
        try:
            self._lock.acquire(timeout=0)
        except Timeout as e:
            raise MachineFault(f"{self.path} is being written by another run; wait for it, or choose another folder with --out.") from e
        known = self.manifest()
        differs = [k for k in IDENTITY if known and known.get(k) != identity[k]]
        if differs:
            self.release()
            what = ", ".join(f"{k} {known.get(k)} there, {identity[k]} now" for k in differs)
            raise Fault(f"{self.path} holds another study ({what}); choose another folder with --out. Nothing was changed.")
        if not known and any((self.path / f"{n}.parquet").exists() for n in NAMES):
            self.release()
            raise Fault(f"{self.path} holds result files without a manifest; choose another folder with --out. Nothing was changed.")

    def release(self) -> None:
        self._lock.release()

    def manifest(self) -> dict[str, Any]:
        """The manifest, or an empty one."""
        path = self.path / "manifest.json"
        if not path.exists():
            return {}
        try:
            return json.loads(path.read_text(encoding="utf-8"))
        except ValueError as e:
            raise Fault(f"{path} is damaged ({e}); move the folder away and run again.") from e

    def write_json(self, name: str, data: Mapping[str, Any]) -> None:
        text = json.dumps(data, indent=1, ensure_ascii=False, default=str)
        whole(self.path / name, lambda p: p.write_text(text + "\n", encoding="utf-8"))

    def moment(self, run: int) -> Path:
        """Where a future lies while it is computed."""
        return self.unfinished / f"{run:09d}.npz"

    def finished(self) -> set[int]:
        """Numbers of the futures that are on disk, failed ones included."""
        done: set[int] = set()
        for path in [*self.parts.glob("*.runs.parquet"), *self.path.glob("runs.parquet")]:
            done |= set(pl.read_parquet(path, columns=["run"])["run"].to_list())
        return done

    def write_part(self, futures: Iterable[Run | Failure], provinces: tuple[str, ...]) -> None:
        """Put some finished futures on disk; the table of runs comes last, so a part is there whole or not at all."""
        futures = list(futures)
        if not futures:
            return
        name = f"{min(f.run for f in futures):09d}"
        made = tables(futures, provinces)
        for table in reversed(NAMES):
            if table in made:
                whole(self.parts / f"{name}.{table}.parquet", lambda p, t=table: made[t].write_parquet(p, compression="zstd", compression_level=1))

    def join(self) -> None:
        """Join parts, and what was joined before, into the five tables; then remove the parts."""
        ends = sorted(p.name.split(".")[0] for p in self.parts.glob("*.runs.parquet"))
        if not ends:
            return
        for table in reversed(NAMES):
            final = self.path / f"{table}.parquet"
            sources = [p for p in (self.parts / f"{e}.{table}.parquet" for e in ends) if p.exists()]
            frames = [pl.read_parquet(p) for p in ([final] if final.exists() else []) + sources]
            if frames:
                frame = joined(frames, table).unique(maintain_order=True) if final.exists() else joined(frames, table)
                whole(final, lambda p, f=frame: f.write_parquet(p, compression="zstd", compression_level=3, row_group_size=200_000))
        for path in self.parts.iterdir():
            if path.name.split(".")[0] in ("", *ends):
                path.unlink()
        if not any(self.parts.iterdir()):  # else a part came while these were joined; the next run joins it
            self.parts.rmdir()
        if self.unfinished.exists() and not any(self.unfinished.iterdir()):
            self.unfinished.rmdir()


def whole(path: Path, write: Any) -> None:
    """Write beside, then rename: a reader never sees half a file."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        write(beside)
        os.replace(beside, path)
    except OSError as e:
        beside.unlink(missing_ok=True)
        full = e.errno == errno.ENOSPC or "No space left" in str(e)
        raise MachineFault(f"cannot write {path}: {'the disk is full' if full else e.strerror or e}. What is finished is kept; "
                           f"{'make room' if full else 'mend that'} and run the same command again.") from e


@cache
def rules() -> str:
    """A fingerprint of the code that computes a day, so that futures made by different rules are never joined in one folder."""
    package = Path(__file__).parents[1]
    core = ("assumption", "dated", "draws", "endings", "future", "mechanism", "outcomes",
            "placefile", "posterior", "record", "scenario", "simulate", "world")
    files = [*(package / f"{name}.py" for name in core), *(p for d in ("kernels", "mechanisms", "places") for p in sorted((package / d).glob("*.py")))]
    return hashlib.sha256(b"".join(p.read_bytes() for p in files)).hexdigest()[:12]


def versions() -> dict[str, str]:
    """Versions of what decides the numbers."""
    return {"python": platform.python_version()} | {p: version(p) for p in ("numpy", "numba", "scipy", "polars")}
