"""A study as it is written out: what its folder tells, and where its files lie.

A folder may come from a stranger: only names that a study writes are read, none through a link.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import polars as pl

from ...support.faults import Fault, MachineFault
from ..store.tables import NAMES

PART = re.compile(r"[0-9]{1,12}(-[0-9]{1,12})?\.(" + "|".join(NAMES) + r")\.parquet")
JSONS = ("manifest.json", "model.json", "claims.json", "seen.json")
AT_ONCE = 1 << 20  # bytes


class Told(Protocol):
    """What of a `Study` is needed here."""

    path: Path
    manifest: dict[str, Any]

    @property
    def status(self) -> str: ...

    @property
    def futures(self) -> int: ...

    def answer(self) -> str: ...

    def table(self, name: str) -> pl.DataFrame: ...

    def scan(self, name: str) -> pl.LazyFrame: ...

    def _model(self) -> dict[str, Any]: ...


def opened(path: Path) -> BinaryIO:
    """A file, open for reading; raises Fault for a link and for what is no file."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | _NONBLOCK)
    except OSError as e:
        if path.is_symlink():
            raise Fault(
                f"{path} is a link, and only files are taken; put the file itself in its place."
            ) from e
        if isinstance(e, FileNotFoundError):
            raise Fault(f"there is no file {path}.") from e
        raise MachineFault(f"{path} cannot be read: {e.strerror or e}.") from e
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise Fault(f"{path} is no file.")
    return os.fdopen(handle, "rb")


_NONBLOCK = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)  # a pipe is not waited for


def sha256(path: Path) -> str:
    """The fingerprint of a file's bytes."""
    found = hashlib.sha256()
    with opened(path) as file:
        while block := file.read(AT_ONCE):
            found.update(block)
    return found.hexdigest()


def result_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """The files of results in a study's folder: name in it, and path. Raises Fault for a link."""
    for name in (*JSONS, *(f"{n}.parquet" for n in NAMES)):
        path = folder / name
        if os.path.lexists(path):
            opened(path).close()
            yield name, path
    parts = folder / "parts"
    if parts.is_symlink():
        raise Fault(f"{parts} is a link; a folder of results has none.")
    if parts.is_dir():
        for path in sorted(parts.iterdir(), key=lambda p: p.name):
            if PART.fullmatch(path.name):
                opened(path).close()
                yield f"parts/{path.name}", path


def title_of(manifest: Mapping[str, Any]) -> str:
    """The study's name among others: scenario, fingerprint, seed; plain letters only."""
    name = re.sub(r"[^a-z0-9.-]+", "-", str(manifest["scenario"]).lower())[:60].strip(".-") or "x"
    mark = re.sub(r"[^0-9a-f]", "", str(manifest["hash"]))[:8]
    fixed = "-fixed" if manifest["fixed"] else ""
    return f"{name}-{mark}-seed{int(manifest['seed'])}{fixed}"
