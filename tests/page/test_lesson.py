"""The class in an hour: its steps can be asked for, and say of themselves what they set."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

import pytest

import thermidor as th
from thermidor.page import address, charts
from thermidor.page.guide.lesson import CHANGE, COUNTRY, LESSON, SHARE

PAGE = Path(__file__).parents[2] / "docs" / "class.md"


@pytest.fixture(scope="module")
def country():
    return th.load(COUNTRY)


@pytest.mark.parametrize("step", LESSON, ids=lambda s: s.title)
def test_a_step_is_an_address_of_its_country(step, country):
    pairs = address.pairs(urlencode(step.sets))
    state = address.read([("country", COUNTRY), ("guide", "1"), *pairs], {COUNTRY: COUNTRY})
    address.check(state, country)
    for side in ("left", "right"):
        charts.check(step.sets.get(side, "survival"), country)
    assert not (state.choices and state.assumptions)
    if step.asks == CHANGE:
        assert state.choices or state.assumptions or state.seed != 1
    if step.asks == SHARE:
        assert not (state.choices or state.assumptions)


def test_the_page_for_teachers_has_every_step():
    text = PAGE.read_text(encoding="utf-8")
    titles = [s.title for s in LESSON]
    assert [t for t in titles if f"**{t}**" not in text] == []
    at = [text.index(f"**{t}**") for t in titles]
    assert at == sorted(at)
