"""Files appear whole or not at all: written beside under a new random name, put on the disk, then
renamed.

So a reader never sees half a file, and nothing is ever written through a link that somebody else
has put there.
"""

from __future__ import annotations

import contextlib
import errno
import json
import math
import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from .faults import MachineFault

BESIDE = ".thermidor-"  # begins the names of files that are being written
LITTLE = 1 << 16  # bytes
NO_ROOM = ("No space left", "os error 28", "Disk quota exceeded", "os error 122")


def whole(path: Path, write: Callable[[Path], Any]) -> None:
    """Call `write` with a new empty file beside `path`, then put that in its place. Raises
    MachineFault.
    """
    beside = path.with_name(f"{BESIDE}{secrets.token_hex(8)}")
    try:
        os.close(
            os.open(
                beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o666
            )
        )
        write(beside)
        _sync(beside)
        os.replace(beside, path)
        _sync(path.parent)
    except Exception as e:
        full = (
            getattr(e, "errno", None) in (errno.ENOSPC, errno.EDQUOT)
            or any(w in str(e) for w in NO_ROOM)
            or _full(path.parent)
        )
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        if not isinstance(e, OSError) and type(e).__module__.partition(".")[0] != "polars":
            raise
        reason = (
            "the disk is full" if full else getattr(e, "strerror", None) or str(e).splitlines()[0]
        )
        raise MachineFault(
            f"cannot write {path}: {reason}. What is finished is kept; "
            f"{'make room' if full else 'mend that'} and run the same command again."
        ) from e
    except BaseException:  # stopped while writing
        beside.unlink(missing_ok=True)
        raise


def _sync(path: Path) -> None:
    """Ask the system to put a file, or the names in a folder, on the disk, so that a loss of power
    loses neither.
    """
    with contextlib.suppress(OSError):  # not on every file system
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _full(folder: Path) -> bool:
    """Whether a disk has no room left; libraries that write tables do not always say so."""
    with contextlib.suppress(OSError, AttributeError):
        disk = os.statvfs(folder)
        return disk.f_bavail * disk.f_frsize < LITTLE
    return False


def write_json(path: Path, data: Mapping[str, Any]) -> None:
    """Data as a JSON file, whole."""
    text = to_json(data)
    whole(path, lambda p: p.write_text(text + "\n", encoding="utf-8"))


def to_json(data: Any, ascii_only: bool = False) -> str:
    """JSON as machines read it: what is not a finite number is null."""
    return json.dumps(
        _finite(data), indent=1, ensure_ascii=ascii_only, allow_nan=False, default=str
    )


def _finite(x: Any) -> Any:
    if isinstance(x, float):
        return x if math.isfinite(x) else None
    if x is None or isinstance(x, (str, int)):  # most of them
        return x
    if isinstance(x, Mapping):
        return {str(k): _finite(v) for k, v in x.items()}
    if isinstance(x, (list, tuple)):
        return [_finite(v) for v in x]
    if hasattr(x, "item") and not hasattr(x, "__len__"):  # a NumPy number
        return _finite(x.item())
    return x


def leftovers(folder: Path) -> list[Path]:
    """Files that were being written into a folder when their writer ended; for whoever holds the
    folder's lock to remove.
    """
    return (
        [p for p in folder.glob(f"{BESIDE}*") if p.is_file() and not p.is_symlink()]
        if folder.is_dir()
        else []
    )
