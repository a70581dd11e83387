"""A folder of results: its lock, its manifest, and the tables in it.

Finished work is never computed again or overwritten: a folder belongs to one scenario, seed and
size; the same command on it goes on where it stopped. A folder may come from a stranger: nothing in
it is written or removed through a link.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl
from filelock import FileLock, Timeout

from ...support.faults import Fault, MachineFault
from ...support.writing import leftovers, write_json
from .manifest import IDENTITY, shown, wrong_kinds
from .parts import Parts
from .tables import KEEP, NAMES

OWN = (
    "parts",
    "unfinished",
    "damaged",
    "shards",
    ".lock",
    "points.parquet",
    "manifest.json",
    "model.json",
    *(f"{n}.parquet" for n in NAMES),
)
PACKAGE = Path(__file__).parents[2]
MAKES_A_FUTURE = (
    "chance",
    "declaration",
    "engine",
    "fitted",
    "kernels",
    "mechanisms",
    "places",
    "scenario",
    "support",
)  # folders whose code decides
MOST_JSON = 50_000_000  # bytes of a JSON file that are read


class Folder:
    """One study's results on disk. `claim` takes its lock for writing, `release` gives it back.

    keep: which tables are written, a name of `KEEP`.
    """

    def __init__(self, path: str | Path, keep: str = "all"):
        self.path = Path(path)
        self.parts = Parts(self.path, KEEP[keep])
        self.unfinished = self.path / "unfinished"

    def claim(self, identity: Mapping[str, Any]) -> list[str]:
        """Make the folder ours, or say why it cannot be; what was damaged in it and set aside, a
        sentence each.
        """
        refuse_links(self.path, OWN)
        self._lock = FileLock(self.path / ".lock", thread_local=False)
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(timeout=0)
        except Timeout as e:
            raise MachineFault(
                f"{self.path} is being written by another run; wait for it, or choose another "
                "folder with --out."
            ) from e
        except OSError as e:
            raise MachineFault(
                f"cannot write into {self.path} ({e.strerror}); choose another folder with --out, "
                "or mend its rights."
            ) from e
        try:
            known = self.manifest()
            there, here = {"keep": "all"} | known, {"keep": "all", **identity}
            differs = [k for k in IDENTITY if known and there.get(k) != here.get(k)]
            if differs:
                what = ", ".join(f"{k} {there.get(k)} there, {here.get(k)} now" for k in differs)
                raise Fault(
                    f"{self.path} holds another study ({what}); choose another folder with --out. "
                    "Nothing was changed."
                )
            tables = any((self.path / f"{n}.parquet").exists() for n in NAMES)
            if not known and (tables or self.parts.names()):
                raise Fault(
                    f"{self.path} holds result files without a manifest; choose another folder "
                    "with --out. Nothing was changed."
                )
            for path in (*leftovers(self.path), *leftovers(self.unfinished)):
                path.unlink(missing_ok=True)
            return self.parts.mend()
        except BaseException:
            self.release()
            raise

    def release(self) -> None:
        self._lock.release()

    def in_use(self) -> bool:
        """Whether another program is writing here now."""
        path = self.path / ".lock"
        if not path.is_file() or path.is_symlink():
            return False
        try:
            with FileLock(path, timeout=0, thread_local=False):
                return False
        except Timeout:
            return True
        except OSError:  # not ours to write into, so nobody can be asked
            return False

    def manifest(self) -> dict[str, Any]:
        """The manifest, or an empty one if there is none; raises a Fault with all that is wrong in
        it.
        """
        path = self.path / "manifest.json"
        if not path.exists():
            return {}
        data = read_json(path)
        faults = [f"{path}: {wrong}." for wrong in wrong_kinds(data)]
        if faults:
            raise Fault(
                faults,
                f"{path} is damaged; move the folder away and run again. Its tables can be read "
                "with any program that reads Parquet.",
            )
        return data

    def write_json(self, name: str, data: Mapping[str, Any]) -> None:
        write_json(self.path / name, data)

    def moment(self, run: int) -> Path:
        """Where a future lies while it is computed."""
        return self.unfinished / f"{run:09d}.npz"

    def finished(self, keep_failed: bool = True) -> set[int]:
        """Numbers of the futures that need not be computed; failed ones only if they are to be kept
        as they are.
        """
        index = self.parts.index()
        return set(
            index["run"].to_list()
            if keep_failed
            else index.filter(~index["failed"])["run"].to_list()
        )

    def reasons(self, most: int = 3) -> list[str]:
        """Why futures failed: the commonest reasons, each with its count."""
        table = self.parts.scan("runs")
        if table is None:
            return []
        found = Counter(
            table.filter(pl.col("ending").is_null()).select("reason").collect()["reason"].to_list()
        )
        said = [
            f"{reason or 'no reason is given'} ({n:,} of {found.total():,} that failed)"
            for reason, n in found.most_common(most)
        ]
        return said + ([f"and {len(found) - most:,} other reasons"] if len(found) > most else [])


def refuse_links(folder: Path, names: Iterable[str]) -> None:
    """Raise a Fault if one of these is a link: what is written into a folder stays in it."""
    for name in names:
        if (folder / name).is_symlink():
            raise Fault(
                f"{folder / name} is a link; a folder of results has none. Remove it, or choose "
                "another folder with --out. Nothing was changed."
            )


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object from a file of results, which may come from a stranger."""
    try:
        if path.stat().st_size > MOST_JSON:
            raise Fault(
                f"{path} has {path.stat().st_size:,} bytes; at most {MOST_JSON:,} are read."
            )
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as e:
        raise Fault(f"{path} is damaged ({e}); move the folder away and run again.") from e
    if not isinstance(data, dict):
        raise Fault(
            f"{path} is damaged: it holds {shown(data)}, not a table of keys; move the folder away "
            "and run again."
        )
    return data


def rules(package: Path = PACKAGE) -> str:
    """A fingerprint of the code that computes a day, so that futures made by different rules are
    never joined in one folder.
    """
    return _rules(package)


@cache
def _rules(package: Path) -> str:
    files = [
        package / "mechanism.py",
        package / "endings.py",
        package / "study" / "futures" / "resume.py",
    ]
    for folder in MAKES_A_FUTURE:
        files += sorted((package / folder).rglob("*.py"))
    return hashlib.sha256(b"".join(p.read_bytes() for p in files)).hexdigest()[:12]


def versions() -> dict[str, str]:
    """Versions of what decides the numbers."""
    return {"python": platform.python_version()} | {
        p: version(p) for p in ("numpy", "numba", "scipy", "polars")
    }
