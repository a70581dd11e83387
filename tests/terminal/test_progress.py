"""The bar: one line, whatever the terminal's width, that never shows what is not known; lines for
those who read a file."""

from __future__ import annotations

import io
import os
import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from thermidor.execution.progress import Progress
from thermidor.terminal import progress as module
from thermidor.terminal.interrupt import Interrupted
from thermidor.terminal.progress import Work, bar, duration, line, progress

WIDTHS = (1, 8, 20, 39, 79, 199)


def work(label: str, done: float, total: float | None, gone: float = 0.0) -> Work:
    made = Work.new("iran-2025: 200 futures")
    if total is not None:
        for so_far in (0.0, min(done, total / 200), done):
            made = made.heard(Progress(label, so_far, total))
    return made._replace(begin=made.begin - gone)


@pytest.mark.parametrize("width", WIDTHS)
def test_before_anything_is_known_there_is_no_number(width):
    shown = bar(work("", 0, None), width)
    assert (
        len(shown) <= width and "of" not in shown.replace("of futures", "") and "None" not in shown
    )


@given(
    st.text(max_size=60),
    st.integers(0, 10**7),
    st.integers(0, 10**7),
    st.floats(0, 1e7),
    st.integers(1, 250),
    st.sampled_from(["utf-8", "ascii", "cp437"]),
)
def test_it_is_one_line_that_fits(label, done, total, gone, width, encoding):
    shown = bar(work(label, min(done, total), total, gone), width, encoding)
    assert cell_len(shown) <= width and "\n" not in shown and "\x1b" not in shown
    shown.encode(encoding)


def test_what_matters_most_stays_longest():
    w = work("C3 guaranteed", 12, 24, gone=130)
    assert bar(w, 20) == "C3..  12 of 24" or "12 of 24" in bar(w, 20)
    assert (
        "12 of 24  2 min left" in bar(w, 40)
        and bar(w, 80).startswith("C3 guaranteed  ━")
        and bar(w, 80).endswith("12 of 24  2 min left")
    )
    assert set("━─").isdisjoint(bar(w, 80, "cp437")) and "##" in bar(w, 80, "cp437")


def test_few_large_items_are_told_as_they_come():
    """A claim's two sides take minutes each: '0 of 2' would stand still."""
    w = Work.new("what would overturn C12")
    for come in (0.0, 0.01, 0.5):
        w = w.heard(Progress("C12 force", 0, 2, come))
    assert "25 %" in bar(w, 80) and "0 of 2" not in bar(w, 80) and line(w).endswith(": 25 %.")
    whole = w.heard(Progress("C12 restraint", 1, 2, 1))
    assert "50 %" in bar(whole, 80)
    many = Work.new("x").heard(Progress("", 3, 200, 4.5))
    assert "4 of 200" in bar(many, 80)


@pytest.mark.parametrize(
    ("seconds", "says"),
    [
        (0.2, "1 s"),
        (59, "59 s"),
        (59.9, "1 min"),
        (150, "2 min"),
        (3600, "1 h"),
        (4800, "1 h 20 min"),
        (90_000, "25 h"),
        (1e8, "27,777 h"),
    ],
)
def test_times_are_said_as_people_say_them(seconds, says):
    assert duration(seconds) == says


def test_the_pace_is_that_of_this_call():
    """Futures that an earlier call finished do not make the rest seem near; a new stage has a pace
    of its own."""
    w = Work.new("x").heard(Progress("", 150, 200))
    assert w.left is None
    w = w.heard(Progress("", 160, 200))
    assert (
        w._replace(begin=w.begin - 10).left is None
    )  # what came before has compiled code, perhaps
    w = w.heard(Progress("", 170, 200))
    assert w._replace(begin=w.begin - 10).left == pytest.approx(30, rel=0.05)
    w = w.heard(Progress("next", 0, 50))
    assert w.left is None and w.done == 0


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def watched(monkeypatch, columns: int = 80, **env: str) -> Terminal:
    """Standard error becomes a terminal that keeps what is written. Called in a test: pytest takes
    its own place between phases."""
    made = Terminal()
    monkeypatch.setattr(sys, "stderr", made)
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in ({"TERM": "xterm-256color", "COLUMNS": str(columns)} | env).items():
        monkeypatch.setenv(name, value)
    return made


@pytest.mark.parametrize("columns", [20, 40, 80, 200])
def test_a_terminal_gets_a_bar_and_is_left_clean(monkeypatch, columns):
    terminal = watched(monkeypatch, columns)
    with progress("first-steps: 16 futures", quiet=False) as tick:
        pass
    with progress("first-steps: 16 futures", quiet=False) as tick:
        tick(Progress("", 3.4, 16))
    drawn = re.sub(r"\x1b\[[0-9?;]*[a-zA-Z]", "\n", terminal.getvalue())
    assert "3 of 16" in drawn and max(len(x) for x in re.split("[\r\n]+", drawn)) < columns
    assert (
        terminal.getvalue().count("\x1b[?25l") == terminal.getvalue().count("\x1b[?25h") == 2
    )  # the cursor is shown again


@pytest.mark.parametrize(("name", "value"), [("TERM", "dumb"), ("TERM", "unknown")])
def test_a_terminal_that_cannot_draw_gets_lines(monkeypatch, name, value):
    terminal = watched(monkeypatch, **{name: value})
    with progress("claims", quiet=False) as tick:
        for k, arm in enumerate(("as it is", "in the dark")):
            tick(Progress(arm, k, 2))
            tick(Progress(arm, k + 0.5, 2))
    assert terminal.getvalue() == "claims: as it is: 0 of 2.\nclaims: in the dark: 50 %.\n"


def test_a_file_gets_a_line_for_each_claim_and_one_now_and_then(capsys, monkeypatch):
    with progress("12 claims", short="claims", quiet=False, expected=1500) as tick:
        tick(Progress("C1 free", 0, 24))
        tick(Progress("C1 free", 0.4, 24))
        tick(Progress("C2 \x1b[2Jbound", 1, 24))
        monkeypatch.setattr(module, "EVERY", 0.0)
        tick(Progress("C2 \x1b[2Jbound", 1.5, 24))
    out = capsys.readouterr()
    assert out.out == "" and out.err.splitlines() == [
        "12 claims, about 25 min.",
        "claims: C1 free: 0 of 24.",
        "claims: C2 \\x1b[2Jbound: 1 of 24.",
        "claims: C2 \\x1b[2Jbound: 1 of 24.",
    ]


def test_machines_get_nothing(monkeypatch, capsys):
    terminal = watched(monkeypatch)
    with progress("claims", quiet=True, expected=1e6) as tick:
        tick(Progress("C1", 1, 2))
    assert terminal.getvalue() == "" and capsys.readouterr().out == ""


def test_a_title_with_brackets_and_wide_letters_is_text(monkeypatch):
    terminal = watched(monkeypatch, 60)
    with progress("[/bold] [red]東京の夏[/red]: 5 futures", quiet=False) as tick:
        tick(Progress("", 1, 5))
    assert "[/bold] [red]東京" in terminal.getvalue()


def test_ctrl_c_says_what_is_kept(capsys):
    with (
        pytest.raises(Interrupted, match="kept in here"),
        progress("x", quiet=True, kept="kept in here"),
    ):
        os.kill(os.getpid(), 2)


def test_a_line_for_a_file_is_whole():
    assert line(work("bank near the posterior", 30, 90, gone=60)) == (
        "iran-2025: 200 futures: bank near the posterior: 30 of 90, 2 min left."
    )
