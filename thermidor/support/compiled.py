"""Kernels compiled by Numba, and kept between runs as well as the machine lets them be.

The cache is Numba's. Added to it: where there is nowhere to keep anything (a read-only install and
no home), a temporary folder that this process and its workers share, or none; a damaged entry,
known by its checksum, is compiled anew; and an entry belongs to the source of all kernels, so that
a change of a function that others inline is noticed.
"""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import os
import pickle
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numba
from numba import config, njit
from numba.core.caching import FunctionCache, IndexDataCacheFile
from numba.core.registry import cpu_target

DIGEST = 32
SHARED = ("chance", "kernels", "places")  # folders whose functions are compiled into others
F = TypeVar("F", bound=Callable[..., Any])


def compiled(f: Callable[..., Any] | None = None, **options: Any) -> Any:
    """`numba.njit` whose result is kept where it can be; options are those of njit."""
    if f is None:
        return lambda g: compiled(g, **options)
    made = njit(**options)(f)
    kept = _kept(f)
    if kept is not None:
        made._cache = kept
    return made


def bare(f: F) -> F:
    """Without annotations, of which Numba wants the same in all forms of a function."""
    f.__annotations__ = {}
    return f


def is_kept(made: Any, types: tuple[Any, ...]) -> bool:
    """Whether a compiled function for arguments of these types can be read from where it is
    kept.
    """
    cache = made._cache
    if not isinstance(cache, _Kept):
        return False
    try:
        known = cache._cache_file._load_index()
        return cache._index_key(types, made.targetctx.codegen()) in known
    except Exception:  # a damaged index
        return False


def mark(name: str) -> Path | None:
    """Where it is noted that something of this package was compiled for this machine: beside the
    compiled code. None if there is nowhere to keep anything.
    """
    kept = _kept(mark)
    if kept is None:
        return None
    machine = repr((cpu_target.target_context.codegen().magic_tuple(), numba.__version__))
    what = hashlib.sha256((_source(Path(__file__)) + machine).encode()).hexdigest()[:16]
    return Path(kept._cache_path) / f"{name}-{what}"


def _kept(f: Callable[..., Any]) -> _Kept | None:
    _somewhere()
    try:
        return _Kept(f)
    except RuntimeError:  # Numba found no folder that it may write
        return None


class _Kept(FunctionCache):
    """Numba's cache of one function; what cannot be read or written costs time, never the run."""

    def __init__(self, f: Callable[..., Any]):
        super().__init__(f)
        stamp = (self._cache_file._source_stamp, _source(Path(f.__code__.co_filename)))
        self._cache_file = _Checked(self._cache_path, self._impl.filename_base, stamp)

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        try:
            return super().load_overload(sig, target_context)
        except Exception:  # whatever a damaged file makes of itself while it is read
            with contextlib.suppress(OSError):
                self.flush()
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        with contextlib.suppress(OSError, pickle.PickleError, EOFError):
            super().save_overload(sig, data)


class _Checked(IndexDataCacheFile):
    """Compiled code with its checksum before it: damaged machine code must not be run."""

    def _save_data(self, name: str, data: Any) -> None:
        raw = self._dump(data)
        with self._open_for_write(self._data_path(name)) as file:
            file.write(hashlib.sha256(raw).digest() + raw)

    def _load_data(self, name: str) -> Any:
        raw = Path(self._data_path(name)).read_bytes()
        if hashlib.sha256(raw[DIGEST:]).digest() != raw[:DIGEST]:
            raise ValueError(f"{name} is damaged")
        return pickle.loads(raw[DIGEST:])


@cache
def _source(file: Path) -> str:
    """A fingerprint of all that may be compiled into a function of this file: kernels, and the
    functions of mechanisms, which use each other's kernels but no other mechanism's.
    """
    package = Path(__file__).parents[1]
    files = [p for d in SHARED for p in sorted((package / d).glob("*.py"))]
    files += [package / "declaration" / "quantity.py"]
    files += [package / "engine" / name for name in ("rows.py", "day.py")]
    if file.parent != package / "mechanisms":
        files += sorted((package / "mechanisms").glob("*.py"))
    known = (p.read_bytes() for p in (*files, file) if p.exists())
    return hashlib.sha256(b"".join(known)).hexdigest()


@cache
def _somewhere() -> None:
    """Give Numba a temporary folder if it has no other place; workers inherit it."""
    try:
        FunctionCache(_somewhere.__wrapped__)
    except RuntimeError:
        with contextlib.suppress(OSError):
            folder = tempfile.mkdtemp(prefix="thermidor-compiled-")
            os.environ["NUMBA_CACHE_DIR"] = folder
            config.CACHE_DIR = folder  # type: ignore[attr-defined]
            atexit.register(_remove, folder, os.getpid())


def _remove(folder: str, owner: int) -> None:
    if os.getpid() == owner:  # not a forked child's to remove
        shutil.rmtree(folder, ignore_errors=True)
