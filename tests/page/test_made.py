"""What the page is made of: sizes, policy, and that every word comes from the model."""

from __future__ import annotations

import gzip
import re
from typing import Any

import pytest

from thermidor.page.assets import assets, policy
from thermidor.page.guide.lesson import WORDS as GUIDE
from thermidor.page.views import VIEWS
from thermidor.page.words import WORDS

MOST = 120_000  # bytes of the page, gzip
EVERY = (WORDS, GUIDE, *(v.WORDS for v in VIEWS.values()))
ELEMENT = re.compile(r">([^<>$`{}]*[A-Za-z]{2,}[^<>$`{}]*)<")


def test_actors_stand_from_within_the_country_outwards() -> None:
    from thermidor.page.model import ACTORS, model
    from thermidor.scenario.load import load

    for name in ("iran-2025", "blr-2020", "first-steps"):
        made = model(load(name))
        found = [g["key"] for g in made["choices"]]
        assert found == [a for a in ACTORS if a in found] and found[0] == "ruler", name
        mechanisms = [g["key"] for g in made["assumptions"]]
        assert mechanisms == sorted(mechanisms), name


def test_the_page_is_small() -> None:
    every = {name: len(gzip.compress(a.body, 9)) for name, a in assets().items()}
    assert sum(every.values()) < MOST and sum(every.values()) > 20_000
    assert max(every, key=lambda n: every[n]) == "vendor/uplot.js"


def test_endings_have_the_colours_of_the_report() -> None:
    from thermidor.report.page import style
    from thermidor.report.parts.drawing import COLOURS, LOOK, colours

    assert assets()["static/endings.css"].body.decode() == colours()
    assert style().startswith(colours()) and {x[2] for x in LOOK.values()} < set(COLOURS)
    study = assets()["static/views/study.css"].body.decode()
    for name, colour in COLOURS.items():
        assert f"--{name}: {colour};" in colours() and f"var(--{name})" in study, name
        assert f"--{name}:" not in study + style().removeprefix(colours()), name


def test_licences_lie_beside_what_is_vendored() -> None:
    from importlib.resources import files

    text = (files("thermidor.page") / "vendor" / "LICENSES.txt").read_text(encoding="utf-8")
    for name in assets():
        if name.startswith("vendor/"):
            assert f"    {name.removeprefix('vendor/')} " in text, name


def test_no_file_of_the_page_names_another_machine() -> None:
    for name, a in assets().items():
        if name.startswith("static/"):
            assert not re.search(r"https?://", a.body.decode()), name
    assert policy().count("sha256-") == 1


@pytest.mark.parametrize("name", sorted(n for n in assets() if n.startswith("static/")))
def test_javascript_says_no_word_of_its_own(name: str) -> None:
    """Text between tags, and labels, come from the model or from words.py."""
    if not name.endswith(".js"):
        return
    code = re.sub(r"//.*", "", assets()[name].body.decode())
    typed = [t.strip() for t in ELEMENT.findall(code) if not set(t) & set("=;?&|()")]
    assert set(typed) <= {"thermidor"}, typed
    labels = re.findall(r'(?:aria-label|title|placeholder)="([^"]*)"', code)
    assert not labels, labels
    for key in re.findall(r'say\("(\w+)"', code):
        assert any(key in words for words in EVERY), key


def test_no_word_is_said_in_two_places() -> None:
    every = [k for words in EVERY for k in words]
    assert len(every) == len(set(every))


def test_controls_are_the_ledgers(client: Any, country: Any) -> None:
    import thermidor as th
    from thermidor.scenario.ledger import ledger

    told = client.get("/api/model").json()["model"]
    scenario = th.load(country)
    rows = {r["key"]: r for r in ledger(scenario)}
    controls = {
        c["key"]: c for k in ("choices", "assumptions") for g in told[k] for c in g["controls"]
    }
    assert set(controls) == set(rows)
    for key, c in controls.items():
        row = rows[key]
        assert c["says"].lower() == row["means"].lower() and c["unit"] == row["unit"]
        assert c["reason"] == ("" if row["says"] == row["means"] else row["says"])
        assert c["value"] == row["value"] and c["grade"] == row["grade"]
        assert c["switch"] == (row["unit"] == "0 or 1" and not c["options"])
        if not c["options"]:
            assert c["low"] <= c["value"] <= c["high"]
    assert {c["role"] for g in told["choices"] for c in g["controls"]} == {"choice"}
    assert {c["role"] for g in told["assumptions"] for c in g["controls"]} == {"assumption"}


def test_a_switch_is_said_as_yes_or_no() -> None:
    from thermidor.page.address import State
    from thermidor.page.answer import dated
    from thermidor.page.exports.routes import _changed
    from thermidor.page.sides import Countries

    countries = Countries({"blr-2020": "blr-2020"})
    state = State("blr-2020", {"broker.offer_open@2020-09-01": 0.0})
    sides = countries.sides(state)
    (line,) = dated(state, state, sides.base)
    assert line == "From 2020-09-01 on: an offer stands on the first day, no."
    assert _changed(state, sides)[0].endswith("(broker.offer_open): no from 2020-09-01 on.")


def test_a_value_beyond_the_plausible_range_is_said(client: Any) -> None:
    told = client.get("/api/model").json()["model"]
    every = [c for g in told["assumptions"] for c in g["controls"]]
    c = next(c for c in every if c["key"] == "citizens.opposition")
    assert c["plausible"] == [0.6, 0.85] and c["high"] == c["most"] == 0.98
    assert c["low"] == pytest.approx(0.1) and c["least"] == 0.05
    found = client.get(f"/explore.json?a.{c['key']}=0.9").json()["answer"]["beyond"]
    assert len(found) == 1 and "lies outside the plausible range" in found[0]
    assert found[0].startswith(c["says"])


def test_each_chart_has_a_sentence_and_its_numbers_as_a_table(client: Any) -> None:
    charts = client.get("/api/model").json()["model"]["charts"]
    assert [c["key"] for c in charts[:4]] == ["survival", "endings", "crowds", "costs"]
    some = [charts[k]["key"] for k in (0, 1, 3, len(charts) - 1)]
    for left, right in zip(some[::2], some[1::2], strict=True):
        found = client.get(f"/explore.json?c.treasury.public=4&left={left}&right={right}").json()
        for chart in found["charts"]:
            table = chart["table"]
            assert chart["sentence"].endswith(".") and chart["title"]
            assert {len(r) for r in table["rows"]} == {len(table["head"])}
            if chart["kind"] == "lines":
                assert [r[0] for r in table["rows"]] == chart["x"]
                assert [r[1] for r in table["rows"]] == chart["lines"][0]["y"]


def test_a_missing_extra_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from thermidor.cli.serve import needed
    from thermidor.support.faults import Fault

    monkeypatch.setitem(sys.modules, "uvicorn", None)
    with pytest.raises(Fault, match=r"pip install 'thermidor\[web\]'") as e:
        needed()
    assert e.value.code == 2 and len(e.value.faults) == 1


def test_what_it_rests_on_is_what_goes_with_the_answer(client: Any) -> None:
    found = client.get("/explore.json").json()["rests"]
    told = client.get("/api/model").json()["model"]
    drawn = {c["key"] for g in told["assumptions"] for c in g["controls"] if c["drawn"]}
    strength = [abs(r["correlation"]) for r in found["rows"]]
    assert len(strength) == 8 and strength == sorted(strength, reverse=True)
    assert {r["key"] for r in found["rows"]} <= drawn
    assert found["sentence"].startswith("Over 200 futures, ")


@pytest.mark.parametrize(
    "wanted, given",
    [
        ({"in power": 56.5, "coup": 21.5, "uprising": 22.0}, (56, 22, 22)),
        ({"in power": 57.5, "coup": 42.5}, (58, 42)),
        ({"in power": 43.5, "coup": 56.5}, (44, 56)),
        ({"in power": 99.75, "coup": 0.25}, (100, 0)),
        ({"in power": 33.3, "coup": 33.3, "uprising": 33.4}, (33, 33, 34)),
    ],
)
def test_dots_are_a_hundred_and_agree_with_the_sentence(wanted, given):
    from thermidor.report.parts.drawing import apportioned

    found = apportioned(wanted, 100)
    assert tuple(found.values()) == given and sum(given) == 100
    assert all(abs(found[e] - wanted[e]) < 1 for e in wanted)
