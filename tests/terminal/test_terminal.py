"""The installed command as people use it: on a terminal, with keys pressed, windows resized, and
colours off."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

pytest.importorskip("pty", reason="this system has no pseudo-terminals")
pytest.importorskip("fcntl", reason="this system has no pseudo-terminals")
pytest.importorskip(
    "pyte", reason="pyte draws the screens that are looked at here: pip install -e '.[dev]'"
)

import os  # noqa: E402

from tests.conftest import CITIZENS, SMALL, write  # noqa: E402
from tests.terminal.conftest import STRANGE  # noqa: E402
from tests.terminal.screen import Shown, on_a_terminal, size  # noqa: E402

STYLE = re.compile(r"\x1b\[[0-9;]+m")
COUNT = re.compile(r"[1-9]\d* of ")


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(
        tmp_path_factory.mktemp("terminal") / "small.yaml",
        SMALL + STRANGE,
        ("days: 60", "days: 30"),
    )


def words(
    scenario: Path, out: Path, verb: str = "run", runs: int = 16, processes: int = 1
) -> list[object]:
    return [
        verb,
        scenario,
        "--runs",
        runs,
        "--citizens",
        CITIZENS,
        "--processes",
        processes,
        "--out",
        out,
    ]


def no_harm(shown: Shown) -> None:
    """No traceback, the cursor is there, and nothing of the bar is left."""
    assert (
        not shown.has("Traceback") and not shown.has("Exception") and not shown.screen.cursor.hidden
    ), shown.text
    assert not any(c in line for line in shown.lines for c in "━─#"), shown.lines


@pytest.mark.parametrize(
    ("columns", "env"), [(40, {"NO_COLOR": "1"}), (0, {"PYTHONIOENCODING": "cp437"})]
)
def test_a_run_draws_its_bar_and_then_the_answer(scenario, tmp_path, columns, env):
    shown = on_a_terminal(*words(scenario, tmp_path / "out"), columns=columns, env=env)
    assert shown.code == 0 and "futures the regime is still in power" in shown.text
    no_harm(shown)
    bars = [b for b in shown.bars if re.search(r"\d+ of 16", b)]
    assert bars and all(len(b) < (columns or 80) for b in bars)
    assert bool(STYLE.search(shown.raw.decode("cp437"))) is ("NO_COLOR" not in env)
    assert all(("━" in b or "─" in b) is ("PYTHONIOENCODING" not in env) for b in bars)


def test_a_terminal_that_can_do_nothing_gets_no_escapes(scenario, tmp_path):
    shown = on_a_terminal(*words(scenario, tmp_path / "out", "claims", 6), env={"TERM": "dumb"})
    assert shown.code == 0 and b"\x1b" not in shown.raw and "claims: K1 as_it_is" in shown.text
    assert any(
        line.startswith("K1") and any(w in line for w in ("supported", "testable", "settled"))
        for line in shown.lines
    )


def test_a_window_that_is_made_smaller_meanwhile(scenario, tmp_path):
    narrow: list[int] = []

    def shrink(shown: Shown, terminal: int) -> bool:
        if not any(COUNT.search(b) for b in shown.bars):
            return False
        size(terminal, 30)
        narrow.append(len(shown.bars))
        return True

    shown = on_a_terminal(*words(scenario, tmp_path / "out", runs=400), meanwhile=shrink)
    no_harm(shown)
    later = [b for b in shown.bars[narrow[0] + 3 :] if COUNT.search(b)]
    assert shown.code == 0 and later and all(len(b) < 30 for b in later)


def press(times: int, when: re.Pattern):
    """Press Ctrl-C so often once a pattern is on the screen."""
    pressed: list[float] = []

    def watch(shown: Shown, terminal: int) -> bool:
        if not pressed and not when.search(shown.raw.decode(errors="replace")):
            return False
        if not pressed or time.monotonic() - pressed[-1] > 0.1:
            try:
                os.write(terminal, b"\x03")
            except OSError:
                return True
            pressed.append(time.monotonic())
        return len(pressed) == times

    return watch


ANY = re.compile(r"─ +(\d+ of |\d+ %)")
STOPPED = [("compare", 1, 1, ANY), ("claims", 2, 1, ANY), ("run", 1, 2, ANY)]


@pytest.mark.parametrize(("verb", "times", "processes", "when"), STOPPED)
def test_ctrl_c_gives_a_sentence_and_keeps_what_is_finished(
    scenario, tmp_path, verb, times, processes, when
):
    more = ["--with", "ruler.force_limit=0"] if verb == "compare" else []
    shown = on_a_terminal(
        *words(scenario, tmp_path / "out", verb, 3000, processes),
        *more,
        meanwhile=press(times, when),
    )
    assert shown.code == 130 and "thermidor: stopped." in shown.text
    assert times > 1 or "The same command goes on from there." in shown.text
    no_harm(shown)


@pytest.mark.parametrize("times", [1, 2])
def test_ctrl_c_before_anything_is_done(scenario, tmp_path, times):
    """While modules are loaded there is nothing to keep. Python tells which it has loaded."""
    shown = on_a_terminal(
        *words(scenario, tmp_path / "out", runs=3000),
        env={"PYTHONPROFILEIMPORTTIME": "1"},
        meanwhile=press(times, re.compile("numpy")),
    )
    assert shown.code == 130 and "thermidor: stopped." in shown.text
    no_harm(shown)


def test_a_fault_is_broken_between_words(tmp_path):
    shown = on_a_terminal("run", "nowhere", columns=40)
    assert shown.code == 2 and max(map(len, shown.lines)) <= 40
    assert shown.text.startswith(
        "thermidor: there is no scenario 'nowhere'; with the package come "
    )
    assert shown.text.endswith("A file of your own is named with its path.")
    assert "first-steps, gdr-1989, iran-2025" in shown.text
