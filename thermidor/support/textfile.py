"""Text files come from strangers: ordinary ones are read, up to a size, and nothing else."""

from __future__ import annotations

import errno
import os
import re
import stat
from pathlib import Path

from .faults import Fault

# Controls of terminals, and those that turn text so that it reads as something else.
HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_MARK = "\ufeff"


def read(path: Path, most: int, kind: str, advice: str, *, links: bool = True) -> str:
    """The text of a file, a byte order mark skipped.

    most: bytes.  kind: what such a file is called in a fault.  advice: what to do if it is larger.
    links: whether a symbolic link is followed.
    Devices and pipes, which may have no end, are refused unread. Raises Fault.
    """
    data = _bytes(path, most, kind, links)
    if len(data) > most:
        size = f"{path.stat().st_size / 1e6:.1f}"
        raise Fault(f"{path.name} has {size} MB; {kind} has at most {most / 1e6:.0f} MB. {advice}")
    try:
        return data.decode("utf-8").removeprefix(_MARK)
    except UnicodeDecodeError as e:
        raise Fault(
            f"{path.name} is not a text file in UTF-8 (byte {e.start}); save it as UTF-8."
        ) from e


def _bytes(path: Path, most: int, kind: str, links: bool) -> bytes:
    """Up to one byte more than allowed, so that a file which grows has an end too."""
    flags = getattr(os, "O_NONBLOCK", 0) | (0 if links else getattr(os, "O_NOFOLLOW", 0))
    try:
        if not links and path.is_symlink():
            raise Fault(f"{path.name} is a symbolic link; put the file itself there.")
        with open(path, "rb", opener=lambda name, mode: os.open(name, mode | flags)) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise Fault(
                    f"{path} is a pipe or a device, not an ordinary file; save it as a file first."
                )
            return file.read(most + 1)
    except IsADirectoryError as e:
        raise Fault(f"{path} is a folder, not {kind}.") from e
    except (OSError, ValueError) as e:
        why = e.strerror if isinstance(e, OSError) else "its name cannot be one"
        if isinstance(e, OSError) and e.errno == errno.ENXIO:  # a socket
            why = "it is no ordinary file"
        raise Fault(f"{path} cannot be read: {why}.") from e


def hidden(text: str) -> str:
    """The first hidden character of a text as U+001B, or an empty string."""
    found = HIDDEN.search(text)
    return f"U+{ord(found[0]):04X}" if found else ""


def shown(text: str, most: int = 40) -> str:
    """The beginning of a text as a sentence may show it: on one line, without hidden characters."""
    return " ".join(HIDDEN.sub("", text[:most]).split())
