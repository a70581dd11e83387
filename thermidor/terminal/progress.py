"""How far long work has come: a bar for one who watches a terminal, a line now and then for one who
reads a file later.

    with progress("iran-2025: 200 futures", quiet=as_json, kept="...") as tick:
        tick(Progress("", done, total))

Nothing of it goes to standard output, and with `quiet` there is none. A number that is not known is
never shown.
"""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator
from typing import NamedTuple

from ..execution.progress import Progress, Watch
from .interrupt import asked, stoppable
from .letters import is_utf8, near, visible
from .streams import say

EVERY = 30.0  # seconds between lines where there is no terminal
WIDEST_BAR, NARROWEST_BAR = 40, 6
STOPPING = "stopping; Ctrl-C again ends at once"
FEW = 10  # items, below which a bar would stand still for long
SETTLED = 1.0  # seconds after which the time left is worth saying


class Work(NamedTuple):
    """What is known of work under way at one instant. The bar is drawn by a thread of its own, so
    that what it reads must never be half old and half new."""

    title: str
    start: float  # when it began, and its present stage; seconds of a clock
    begin: float
    label: str = ""
    first: float = (
        0.0  # what an earlier call had finished of this stage: it says nothing of the pace
    )
    done: float = 0.0
    total: float | None = None
    warm: bool = False  # the pace is counted from the first 200th on: before it code is compiled
    parts: bool = False  # few large items, told as they come: "0 of 2" would stand still

    @classmethod
    def new(cls, title: str) -> Work:
        now = time.monotonic()
        return cls(title, now, now)

    def heard(self, tick: Progress) -> Work:
        """The same work after a tick."""
        label, done, total = tick.stage, tick.come, tick.total
        parts = total < FEW and (self.parts or done % 1 != 0)
        if total != self.total or (label != self.label and done < self.done):  # a stage begins
            return self._replace(
                label=label,
                first=done,
                done=min(done, total),
                total=total,
                begin=time.monotonic(),
                warm=False,
                parts=parts,
            )
        done = min(max(done, self.done), total)
        if not self.warm and done - self.first >= total / 200:
            return self._replace(
                label=label,
                first=done,
                done=done,
                begin=time.monotonic(),
                warm=True,
                parts=parts,
            )
        return self._replace(label=label, done=done, parts=parts)

    @property
    def told(self) -> str:
        """How much of how much; a share where what comes is a part of a large item."""
        assert self.total is not None
        if self.parts:
            return f"{100 * self.done / self.total if self.total else 100:.0f} %"
        return f"{int(self.done):,} of {self.total:,.0f}"

    @property
    def left(self) -> float | None:
        """Seconds left at the pace so far, if there is one."""
        gone, made = time.monotonic() - self.begin, self.done - self.first
        if self.total is None or not self.warm or made <= 0 or gone < SETTLED:
            return None
        return (self.total - self.done) * gone / made


def duration(seconds: float) -> str:
    """A time as people say it: 40 s, 3 min, 1 h 20 min."""
    if seconds < 59.5:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{minutes} min"
    return f"{hours:,} h {rest} min" if rest and hours < 24 else f"{hours:,} h"


def bar(work: Work, width: int, encoding: str = "utf-8") -> str:
    """One line that is no longer than the terminal is wide: what, how far, how much of how much,
    what is left."""
    from rich.cells import cell_len

    what = near(visible(" ".join((work.label or work.title).split())), encoding)
    if work.total is None:
        gone = duration(time.monotonic() - work.start)
        return _joined([what, gone], width)
    share = work.done / work.total if work.total else 1.0
    count = work.told
    left = f"{duration(seconds)} left" if (seconds := work.left) is not None else ""
    end = next(
        (e for e in (f"{count}  {left}".strip(), count, f"{100 * share:.0f} %") if len(e) <= width),
        "",
    )
    room = width - len(end) - 2
    words = min(cell_len(what), max(room - NARROWEST_BAR - 2, 0), max(width // 2, 16))
    wide = min(WIDEST_BAR, room - words - 2 * bool(words))
    if wide < NARROWEST_BAR:
        return _joined([what, end], width)
    full, empty = ("━", "─") if is_utf8(encoding) else ("#", ".")
    drawn = full * round(share * wide)
    return "  ".join(x for x in (_cut(what, words), drawn + empty * (wide - len(drawn)), end) if x)


def _joined(parts: list[str], width: int) -> str:
    """What and its end; the end is kept whole, what is cut to the room that is left."""
    what, end = parts
    room = width - len(end) - 2
    return f"{_cut(what, room)}  {end}" if room >= 4 else end[:width]


def _cut(text: str, room: int) -> str:
    """A text of so many columns at most; letters of some scripts take two."""
    from rich.cells import cell_len, set_cell_size

    if cell_len(text) <= room:
        return text
    return set_cell_size(text, room - 2).rstrip() + ".." if room > 4 else ""


def line(work: Work) -> str:
    """The same for a file: whole, with no bar."""
    what = " ".join(f"{work.title}: {work.label}".removesuffix(": ").split())
    if work.total is None:
        return f"{what}."
    left = f", {duration(seconds)} left" if (seconds := work.left) is not None else ""
    return f"{what}: {work.told}{left}."


@contextlib.contextmanager
def progress(
    title: str,
    *,
    quiet: bool,
    short: str = "",
    kept: str = "",
    expected: float | None = None,
    beside: str = "",
    each: bool = True,
) -> Iterator[Watch]:
    """Show how far the work has come, and let Ctrl-C stop it.

    short: the title of the bar, where the title is long.  kept: what the user still has when it is
    stopped.  expected: seconds that it will take, said beforehand, with what is said
    beside.  each: whether a new label is
    worth a line of its own where there is no terminal.
    """
    with stoppable(kept):
        if quiet:
            yield lambda _: None
            return
        if expected is not None and expected >= SETTLED:
            say(f"{title}, about {duration(expected)}{beside}.")
        name = short or title
        with _watched(name) if _animated() else _written(name, each) as tick:
            yield tick


def _animated() -> bool:
    """Whether a person watches a terminal that can draw a line anew."""
    if not sys.stderr.isatty():
        return False
    from .console import console

    return console(stderr=True).is_interactive


@contextlib.contextmanager
def _watched(title: str) -> Iterator[Watch]:
    from rich.live import Live
    from rich.text import Text

    from .console import console

    out, work = console(stderr=True), Work.new(title)

    def tick(told: Progress) -> None:
        nonlocal work
        work = work.heard(told)

    def drawn() -> Text:
        shown = Work(STOPPING, work.start, work.begin) if asked() else work
        text = bar(
            shown, max(out.width - 1, 1), out.encoding
        )  # terminals differ in the last column
        return Text(text, no_wrap=True, overflow="crop", end="")

    with Live(
        console=out,
        get_renderable=drawn,
        transient=True,
        redirect_stdout=False,
        refresh_per_second=8,
    ):
        yield tick


@contextlib.contextmanager
def _written(title: str, each: bool) -> Iterator[Watch]:
    work, last, said = Work.new(title), time.monotonic(), ""

    def tick(told: Progress) -> None:
        nonlocal work, last, said
        work = work.heard(told)
        if time.monotonic() - last >= EVERY or (each and told.stage != said):
            last, said = time.monotonic(), told.stage
            say(line(work))

    yield tick
