"""Every verb on consoles of several code pages, with strangers' words that try to act as markup and
as control characters."""

from __future__ import annotations

import json
import re

import pytest

from tests.terminal.conftest import console, written

VERBS = [
    "run",
    "claims",
    "compare",
    "report",
    "explain",
    "one",
    "outcomes",
    "check",
    "list",
    "validate",
    "published",
    "schema",
    "help",
    "json",
    "fault",
]


@pytest.mark.parametrize("encoding", ["ascii", "cp437", "utf-8"])
@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_on_a_console(call, verbs, monkeypatch, verb, encoding):
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
    out, err = console(encoding), console(encoding)
    code = call(verbs[verb], out, err)
    shown, said = written(out), written(err)
    assert code == (2 if verb == "fault" else 0), said
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", shown + said)
    if verb in ("schema", "json"):
        assert json.loads(shown) and (encoding == "utf-8" or shown.isascii())
    elif verb not in ("run", "report"):  # they show a path, which is one line however long
        assert max(map(len, shown.splitlines()), default=0) <= 80
    if verb == "fault":
        assert (
            "“nowhere” \\x1b[2J.yaml"
            if encoding in ("utf-8", "cp1252")
            else '"nowhere" \\x1b[2J.yaml'
        ) in said


def test_markup_of_strangers_is_shown_as_they_wrote_it(call, verbs, monkeypatch):
    """Brackets neither vanish nor end the program; what was escaped is to be read."""
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("NO_COLOR", "1")
    shown = {}
    for verb in ("run", "claims", "explain", "one"):
        out = console("utf-8")
        assert call(verbs[verb], out, console("utf-8")) == 0
        shown[verb] = written(out)
    assert "falls [/i] of “old” regimes" in shown["run"]
    for words in (
        "K[/bold] Without",
        "[red]more people[/red] go out – «so ran» ایران",
        "free [/]",
        "more [people] go out…",
    ):
        assert words in shown["claims"]
    assert (
        "A [bold]small[/] country – of “10⁻⁴”" in shown["explain"]
        and "all [/that] is left out" in shown["explain"]
    )
    assert "a sum [/dim] of … much" in shown["one"]


@pytest.mark.parametrize("columns", [1, 20, 40, 80])
@pytest.mark.parametrize(
    "verb", ["run", "claims", "compare", "explain", "one", "outcomes", "validate", "published"]
)
def test_no_line_is_longer_than_the_terminal_and_no_word_is_cut(
    call, verbs, monkeypatch, verb, columns
):
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("NO_COLOR", "1")
    out = console("utf-8")
    assert call(verbs[verb], out, console("utf-8")) == 0
    lines = [
        line.rstrip()
        for line in written(out).splitlines()
        if not line.startswith(("Results and report: ", "Results: "))
    ]
    if verb == "explain":  # names of its arrows may be longer than 20 letters, and are broken there
        lines = [line for line in lines if ">" not in line]
    assert max(map(len, lines)) <= columns
    assert columns < 40 or not any(
        line.endswith("…") and "much" not in line and "out…" not in line for line in lines
    )


@pytest.mark.parametrize("words", ["", "abc", "0", "-5", "²", "１２", "1e3", "99999999999"])
def test_a_width_that_is_none_is_not_heeded(call, verbs, monkeypatch, words):
    for name in ("COLUMNS", "LINES", "TERMINAL_WIDTH"):
        monkeypatch.setenv(name, words)
    out = console("utf-8")
    assert call(verbs["list"], out, console("utf-8")) == 0 and "first-steps" in written(out)


@pytest.mark.parametrize(
    ("env", "words", "styled"),
    [
        ({"FORCE_COLOR": "1"}, [], True),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, [], False),
        ({}, [], False),
        ({"FORCE_COLOR": "1"}, ["--no-color"], False),
    ],
)
def test_colour_is_for_those_who_want_it(call, verbs, monkeypatch, env, words, styled):
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv(
        "NO_COLOR", env.get("NO_COLOR", "")
    )  # put back afterwards what --no-color sets
    if "FORCE_COLOR" in env:
        monkeypatch.setenv("FORCE_COLOR", "1")
    out = console("utf-8")
    assert call([*words, *verbs["run"]], out, console("utf-8")) == 0
    assert ("\x1b[" in written(out)) is styled
