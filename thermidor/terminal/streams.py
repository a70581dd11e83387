"""The standard streams, so that writing to them never ends the work: closed ones, broken pipes,
full devices, small consoles.

    with standard_streams() as output:
        ...                              # print as ever
    output.fault                         # what went wrong on standard output, if anything did

A stream that fails is quietly led to nowhere: what is being computed goes on and is kept.
"""

from __future__ import annotations

import contextlib
import os
import sys
import textwrap
from collections.abc import Iterator
from typing import Any, TextIO

from .letters import near, visible

WIDTHS = ("COLUMNS", "LINES", "TERMINAL_WIDTH")  # what users may set, and libraries read as numbers
WIDEST = 1000


class Stream:
    """A text stream that takes every letter and raises nothing; `fault` is the first error of its
    device."""

    def __init__(self, to: TextIO):
        self._to = to
        self.fault: OSError | ValueError | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._to, name)

    def write(self, text: str) -> int:
        if self.fault is None:
            try:
                self._to.write(near(text, self._to.encoding or "utf-8"))
            except (OSError, ValueError) as e:  # a ValueError is what a closed file raises
                self._lost(e)
        return len(text)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        if self.fault is None:
            try:
                self._to.flush()
            except (OSError, ValueError) as e:
                self._lost(e)

    def _lost(self, error: OSError | ValueError) -> None:
        """Lead the device to nowhere, so that what is still buffered does no harm when the program
        ends."""
        self.fault = error
        with contextlib.suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._to.fileno())
            os.close(nowhere)


@contextlib.contextmanager
def standard_streams() -> Iterator[Stream]:
    """Standard output and error as Streams while it lasts; yields that of standard output."""
    _fill_closed()
    for name in WIDTHS:
        if not _is_width(os.environ.get(name, "80")):
            del os.environ[name]
    before = sys.stdout, sys.stderr
    output, errors = Stream(sys.stdout), Stream(sys.stderr)
    sys.stdout, sys.stderr = output, errors
    try:
        yield output
    finally:
        output.flush()
        errors.flush()
        sys.stdout, sys.stderr = before


def _fill_closed() -> None:
    """Open what was closed (`>&-`) to nowhere, lest the next file that is opened becomes standard
    error."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(
                os.open(os.devnull, os.O_RDWR), True
            )  # takes the lowest number that is free: this one
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115


def _is_width(text: str) -> bool:
    return text.isascii() and text.isdigit() and 0 < int(text) <= WIDEST


def columns(stream: TextIO) -> int:
    """How wide the terminal behind a stream is; 80 where it does not say, or says 0."""
    if "COLUMNS" in os.environ:
        return int(os.environ["COLUMNS"])
    try:
        return os.get_terminal_size(stream.fileno()).columns or 80
    except (OSError, ValueError):
        return 80


def say(text: str) -> None:
    """A sentence or a list of them on standard error; what it quotes is shown and not obeyed.

    A terminal gets its lines broken between words, a file gets them whole.
    """
    lines = visible(text).split("\n")
    if sys.stderr.isatty():
        width = columns(sys.stderr)
        lines = [part for line in lines for part in _broken(line, width)]
    print(*lines, sep="\n", file=sys.stderr, flush=True)


def _broken(line: str, width: int) -> list[str]:
    indent = len(line) - len(line.lstrip(" -"))
    return textwrap.wrap(
        line, width, subsequent_indent=" " * min(indent, width // 2), break_on_hyphens=False
    ) or [""]


def complain(text: str) -> None:
    """What went wrong."""
    say(f"thermidor: {text}")
