"""Every verb that shows a bar, on terminals of several widths, with colour, without, and where
nothing can be drawn."""

from __future__ import annotations

import io
import re

import pytest

from tests.terminal.conftest import console, written
from thermidor.execution.progress import Progress
from thermidor.fitted.scoreboard import load_board
from thermidor.history.tables.cases import table


class Terminal(io.TextIOWrapper):
    """Standard error of one who watches."""

    def __init__(self, encoding: str = "utf-8"):
        super().__init__(io.BytesIO(), encoding=encoding, errors="strict", newline="\n")

    def isatty(self) -> bool:
        return True


def slow(*_: object, progress=None, **__: object) -> dict:
    """In place of what takes minutes: some stages, then the board that comes with the package."""
    for stage, parts in (("bank", 37), ("quiet times near it", 3), ("leave one country out", 37)):
        for k in range(parts):
            progress(Progress(stage, k + 1, parts))
    return dict(load_board())


@pytest.fixture
def barred(verbs, monkeypatch, tmp_path) -> dict[str, list[str]]:
    """The six verbs with a bar; the two that take long are replaced by what says as much and
    computes nothing."""
    pytest.importorskip("emcee")
    from thermidor.history import calibrate as fit
    from thermidor.history import validate
    from thermidor.history.tables import covariates

    monkeypatch.setattr(validate, "validate", slow)
    monkeypatch.setattr(fit, "calibrate", slow)
    monkeypatch.setattr(covariates, "Panel", lambda path: None)
    (tmp_path / "fit").mkdir()
    cases = str(table("cases.csv"))
    return {v: verbs[v] for v in ("run", "claims", "compare", "published")} | {
        "validate": ["validate", "--cases", cases],
        "calibrate": ["calibrate", "--panel", cases, "--out", str(tmp_path / "fit")],
    }


SEEN = [
    (20, {}),
    (40, {"NO_COLOR": "1"}),
    (40, {"TERM": "dumb"}),
    (200, {"FORCE_COLOR": "1"}),
    (80, {}),
]


@pytest.mark.parametrize(("columns", "env"), SEEN)
def test_a_bar_at_any_width(call, barred, monkeypatch, columns, env):
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in ({"TERM": "xterm-256color", "COLUMNS": str(columns)} | env).items():
        monkeypatch.setenv(name, value)
    for verb, words in barred.items():
        out, err = console("utf-8"), Terminal()
        assert call(words, out, err) == 0, verb
        drawn = written(err)
        lines = re.split(r"[\r\n]+", re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", drawn))
        assert max(map(len, lines)) <= columns, verb
        assert drawn.count("\x1b[?25l") == drawn.count("\x1b[?25h") == (env != {"TERM": "dumb"}), (
            verb
        )
        assert "None" not in drawn and not re.search("[━─█]", written(out))
        assert "NO_COLOR" not in env or not re.search(r"\x1b\[[0-9;]*m", drawn + written(out))


@pytest.mark.parametrize("encoding", ["ascii", "cp437"])
def test_a_bar_on_a_console_of_few_letters(call, barred, monkeypatch, encoding):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    for verb, words in barred.items():
        err = Terminal(encoding)
        assert call(words, console(encoding), err) == 0 and "Traceback" not in written(err), verb


def test_machines_are_told_nothing_else(call, barred, monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    for verb, words in barred.items():
        out, err = console("utf-8"), Terminal()
        assert (
            call([*words, "--json"], out, err) == 0
            and written(err) == ""
            and written(out).startswith("{")
        ), verb
