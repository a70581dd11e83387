"""A terminal for tests: a command on a pseudo-terminal, what it wrote, what its screen shows, keys
that are pressed meanwhile."""

from __future__ import annotations

import fcntl
import os
import select
import struct
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path

import pyte

SECONDS = 180.0  # a new clone compiles first
COMMAND = [str(Path(sys.executable).with_name("thermidor"))]
if not Path(COMMAND[0]).exists():
    COMMAND = [sys.executable, "-m", "thermidor"]


class Shown:
    """What a command left: its exit code, its bytes, the lines of the screen, and every bar that
    was drawn on the way."""

    def __init__(self, columns: int):
        self.raw, self.code = b"", -1
        self.screen = pyte.Screen(columns or 80, 200)
        self.stream = pyte.ByteStream(self.screen)
        self.bars: list[str] = []

    def feed(self, data: bytes) -> None:
        self.raw += data
        self.stream.feed(data)
        row = self.screen.buffer[self.screen.cursor.y]  # one row: `display` would draw them all
        line = "".join(row[x].data for x in range(self.screen.columns)).rstrip()
        if line and (not self.bars or self.bars[-1] != line):
            self.bars.append(line)

    @property
    def lines(self) -> list[str]:
        return [line.rstrip() for line in self.screen.display[: self.screen.cursor.y + 1]]

    @property
    def text(self) -> str:
        """All lines as one, whatever was broken where."""
        return " ".join(" ".join(self.lines).split())

    def has(self, word: str) -> bool:
        return word in self.raw.decode(errors="replace")


def size(descriptor: int, columns: int) -> None:
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))


def on_a_terminal(
    *words: object,
    columns: int = 80,
    env: dict[str, str] | None = None,
    meanwhile: Callable[[Shown, int], bool] = lambda shown, terminal: True,
) -> Shown:
    """Run thermidor with these words on a terminal of so many columns.

    meanwhile: called as output comes, with what is shown and the terminal; until it returns True.
    """
    import pty

    ours = ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "PY_COLORS")
    clean = {k: v for k, v in os.environ.items() if k not in ours} | {
        "TERM": "xterm-256color",
        "COLORTERM": "",
    }
    pid, terminal = pty.fork()
    if pid == 0:
        try:
            size(1, columns)
            os.execve(COMMAND[0], [*COMMAND, *map(str, words)], clean | (env or {}))
        finally:
            os._exit(127)
    shown, until, done = Shown(columns), time.monotonic() + SECONDS, False
    while time.monotonic() < until:
        ready, _, _ = select.select([terminal], [], [], 0.05)
        if ready:
            try:
                data = os.read(terminal, 65536)
            except OSError:  # the other end is closed
                break
            if not data:
                break
            shown.feed(data)
        done = done or meanwhile(shown, terminal)
    else:
        os.kill(pid, 9)
    shown.code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os.close(terminal)
    return shown
