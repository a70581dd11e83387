"""Tables that cut no word, lists that hang, equations that keep their lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thermidor.report.explained import paragraphs
from thermidor.terminal.console import console, escape, hanging, table

WORD = st.text("abcdefgh0123", min_size=1, max_size=12)
CELL = st.lists(WORD, min_size=1, max_size=4).map(" ".join)


def drawn(thing, columns: int, monkeypatch, capsys) -> list[str]:
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("NO_COLOR", "1")
    console().print(thing)
    return [line.rstrip() for line in capsys.readouterr().out.splitlines()]


@given(
    st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=5), st.integers(16, 120)
)
def test_every_word_of_a_table_is_whole_at_any_width(rows, columns):
    from rich.console import Console

    shown = table("name", "a first number", "second")
    for row in rows:
        shown.add_row(*row)
    out = Console(width=columns, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    out.print(shown)
    out.file.close()
    lines = out.export_text().splitlines()
    assert max(len(line.rstrip()) for line in lines) <= columns
    words = " ".join(lines).split()
    for row in rows:
        for cell in row:
            for word in cell.split():
                assert word in words


def test_a_table_too_wide_becomes_paragraphs(monkeypatch, capsys):
    shown = table("outcome", "with\nwithout", "effect")
    shown.add_row("killed in protest", "0.123\n148", "-148 (-319 to +22.7)")
    assert [line.split() for line in drawn(shown, 60, monkeypatch, capsys)] == [
        ["with"],
        ["outcome", "without", "effect"],
        ["killed", "in", "protest", "0.123", "-148", "(-319", "to", "+22.7)"],
        ["148"],
    ]
    assert drawn(shown, 24, monkeypatch, capsys) == [
        "killed in protest",
        "  with: 0.123",
        "  without: 148",
        "  effect: -148 (-319 to",
        "  +22.7)",
    ]


def test_a_list_hangs(monkeypatch, capsys):
    assert drawn(hanging("-", "a long line that goes on", indent=2), 16, monkeypatch, capsys) == [
        "  - a long line",
        "    that goes on",
    ]


@pytest.mark.parametrize(
    "text", ["[/]", "[bold", "[red]x", "a[1]", "\\[b]", "[/x][/y]", "x\\", "[link=file:///]"]
)
def test_brackets_are_text(text, monkeypatch, capsys):
    assert drawn(f"[bold]{escape(text)}[/bold]", 80, monkeypatch, capsys) == [text]


def test_brackets_that_nobody_escaped_do_no_harm(monkeypatch, capsys):
    assert drawn("a [/b] c", 80, monkeypatch, capsys) == ["a [/b] c"]


def test_equations_keep_their_lines_and_prose_is_filled():
    text = (
        "A sentence that was\nbroken here.\n\n"
        "    x = a + b                (name.1)\n    y = c\n\nMore."
    )
    assert paragraphs(text, 60) == [
        "A sentence that was broken here.",
        "",
        "    x = a + b                (name.1)",
        "    y = c",
        "",
        "More.",
    ]
    assert max(map(len, paragraphs(text, 24))) <= 24
