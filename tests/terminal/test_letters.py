"""Letters: near ones where a console lacks them, visible escapes for those that would act, JSON
that any console takes."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thermidor.terminal.letters import machine, near, visible

CONSOLES = ("ascii", "cp437", "cp1252", "latin-1", "utf-8", "koi8-r", "cp932")


@pytest.mark.parametrize(
    ("text", "ascii_"),
    [
        ("2 – 3 — 4 − 5", "2 - 3 - 4 - 5"),
        ("“yes” ‘no’ «so»", '"yes" \'no\' "so"'),
        ("and so on…", "and so on..."),
        ("3 × 10⁻⁴ per m²", "3 x 10^-4 per m^2"),
        ("CO₂, x₋₁", "CO_2, x_-1"),
        ("Žižek, Gdańsk, Åse, Łódź, straße", "Zizek, Gdansk, Ase, Lodz, strasse"),
        ("½ ≤ p → q", "1/2 <= p -> q"),
        ("ایران", "?????"),
        ("e\u0301", "e"),
        ("n\u00a0=\u202f5", "n = 5"),
        ("\udce9", "\\udce9"),
    ],
)
def test_what_ascii_lacks_is_spelt_with_what_is_near(text, ascii_):
    assert near(text, "ascii") == ascii_


def test_letters_that_a_console_has_stay():
    assert near("Álvaro ½ –", "latin-1") == "Álvaro ½ -" and near("░ é –", "cp437") == "░ é -"
    assert near("ایران – ½", "utf-8") == "ایران – ½"


@given(st.text())
@pytest.mark.parametrize("encoding", CONSOLES)
def test_any_text_can_be_shown_on_any_console(encoding, text):
    near(text, encoding).encode(encoding)


@given(st.text())
def test_nothing_visible_acts(text):
    shown = visible(text)
    assert not any(
        ord(c) < 32 and c not in "\t\n" or 0x7F <= ord(c) < 0xA0 or 0x202A <= ord(c) <= 0x202E
        for c in shown
    )
    assert visible(shown) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2Jgone", "\\x1b[2Jgone"),
        ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
        ("\x9b31m", "\\x9b31m"),
        ("a\rb", "a\\rb"),
        ("user\u202egnp.exe", "user\\u202egnp.exe"),
        ("\u2066x\u2069", "\\u2066x\\u2069"),
        ("\u200cنمی‌خواهم", "\u200cنمی‌خواهم"),
        ("two\nlines", "two\nlines"),
    ],
)
def test_letters_that_act_are_written_out(text, shown):
    assert visible(text) == shown


@given(st.dictionaries(st.text(), st.text()))
@pytest.mark.parametrize("encoding", ["ascii", "cp437", "utf-8"])
def test_json_says_the_same_on_every_console_and_acts_on_none(encoding, data):
    text = machine(data, encoding)
    assert json.loads(text) == data and not any(
        0x7F <= ord(c) < 0xA0 or c in "\x1b\u202e\u2028" for c in text
    )
    assert encoding == "utf-8" or text.isascii()


def test_json_has_no_numbers_of_its_own():
    told = machine(
        {"a": float("nan"), "b": [float("inf"), 1.5], "c": (None, -float("inf"))}, "utf-8"
    )
    assert json.loads(told, parse_constant=pytest.fail) == {
        "a": None,
        "b": [None, 1.5],
        "c": [None, None],
    }
