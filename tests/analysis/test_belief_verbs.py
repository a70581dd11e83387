"""stress, crux and learn as they are typed: small futures, and what is said of bad input."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import thermidor as th
from tests.conftest import CITIZENS, SMALL, command, write
from thermidor.analysis.belief.bars import Line, bars
from thermidor.analysis.belief.ordinary import ordinary
from thermidor.support.faults import Fault

CLAIMS = """\
claims:
  - id: K1
    sentence: Damage to the media costs them reach.
    arms: {hit: {set: {media.damage: 0.8}}, as it is: {}}
    tests: [{says: less reach, outcome: mean_reach, of: hit, against: as it is, expect: below}]
  - id: K2
    sentence: It lasts.
    arms: {as it is: {}}
    tests: [{says: it lasts, outcome: survived, of: as it is, against: 0.5, expect: above}]
  - {id: K3, sentence: It is just., not_testable: it is a judgement}
"""
BELIEFS = """\
beliefs: 1
holder: %s
date: 2025-06-01
assumptions:
  media.exposure: {value: %s, low: %s, high: %s, why: planted}
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("believed")
    write(folder / "c.yaml", SMALL.replace("days: 60", "days: 4") + CLAIMS)
    a = th.load(folder / "c.yaml", citizens=CITIZENS).parameters["media.exposure"]
    third = (a.high - a.low) / 3
    for name, low in (("her", a.low), ("him", a.high - third)):
        row = (name, low + third / 2, low, low + third)
        (folder / f"{name}.yaml").write_text(BELIEFS % row)
    return folder


def how(place: Path, **more: object) -> dict[str, object]:
    return {"runs": 12, "citizens": CITIZENS, "processes": 0, "out": place / "out"} | more


def test_an_answer_is_kept_as_sentence_table_and_picture(place: Path) -> None:
    found = th.stress("K1", place / "c.yaml", red_team=True, **how(place))
    learnt = th.learn("K1", place / "c.yaml", **how(place))
    for name, told in (("stress-K1", found), ("learn-K1", learnt)):
        kept = json.loads((place / "out" / f"{name}.json").read_text())
        assert kept["sentence"] == told.sentence() and kept["pairs"] == 12
        table = pl.read_parquet(place / "out" / f"{name}.parquet")
        assert table.height == len(told.rows()) > 100
        assert (place / "out" / f"{name}.svg").read_text().startswith("<svg")
    assert "K1 is supported" in found.sentence() and found.failing is None


@pytest.mark.slow
def test_two_people_are_told_apart(place: Path) -> None:
    found = th.crux(
        place / "her.yaml", place / "him.yaml", "K1", place / "c.yaml", within=4, **how(place)
    )
    assert [s.key for s in found.gap.shares] == ["media.exposure"]
    assert found.gap.shares[0].share.value == pytest.approx(found.gap.gap.value)
    assert found.sentence() and all(found.more())
    kept = json.loads((place / "out" / "crux-K1-her-him.json").read_text())
    assert kept["holders"] == ["her", "him"] and kept["pairs"] == 12


def test_the_most_ordinary_failure_is_played_and_told(place: Path) -> None:
    from thermidor.analysis.belief.evidence import evidence
    from thermidor.study.plan import RunPlan

    made = th.load(place / "c.yaml", citizens=CITIZENS)
    e = evidence(RunPlan(made, 12, place / "out", processes=0), "K1")
    middle = float(np.median(e.holds))  # as if the margin were larger: half of the pairs then fail
    failing = type(e)(**(vars(e) | {"holds": e.holds - middle, "margin": e.margin + middle}))
    found = ordinary(failing)
    assert found and found.failing == 6 and found.holds < 0
    assert set(found.ends) == {"hit", "as it is"}
    assert 0 <= found.drawn_in <= 1 and (found.drawn_in == 0) == (not found.unusual)
    assert all(h.day <= 4 and h.date >= "2025-06-16" for h in found.story)


@pytest.mark.parametrize(
    ("claim", "says"),
    [
        ("K9", "there is no claim 'K9' in small; it has K1, K2, K3."),
        ("K2", "K2 comes out alike in all 12 pairs of futures ('it lasts')"),
        ("K3", "no run can decide K3: it is a judgement."),
    ],
)
def test_a_claim_that_nothing_can_be_weighed_of(place: Path, claim: str, says: str) -> None:
    for verb in (th.stress, th.learn):
        with pytest.raises(Fault) as e:
            verb(claim, place / "c.yaml", **how(place))
        assert says in str(e.value)


def test_all_faults_of_a_question_are_told_at_once(place: Path) -> None:
    (place / "bad.yaml").write_text((BELIEFS % ("bad", 1, 1, 1)).replace("exposure", "exposures"))
    with pytest.raises(Fault) as e:
        th.crux(
            place / "bad.yaml", place / "her.yaml", "K9", place / "c.yaml", within=99, **how(place)
        )
    assert e.value.faults[:2] == [
        "there is no claim 'K9' in small; it has K1, K2, K3.",
        "within = 99 must lie between 1 and 4, the days of small.",
    ]
    assert "media.exposures" in e.value.faults[2] and len(e.value.faults) == 3


def test_a_verb_ends_with_a_code(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = [place / "c.yaml", "--runs", 12, "--citizens", CITIZENS, "--out", place / "out"]
    code, out, _ = command(capsys, "learn", "K1", *words, "--json")
    told = json.loads(out)
    assert code == 0 and told["claim"] == "K1" and "learn K1" in told["command"]
    code, out, _ = command(capsys, "learn", "K1", *words)
    assert code == 0 and "Again: thermidor learn K1" in out and "learn-K1.json" in out
    code, _, err = command(capsys, "crux", place / "her.yaml", place / "him.yaml", place / "c.yaml")
    assert code == 2 and "name it with --claim" in err


def test_a_picture_holds_what_it_is_given() -> None:
    svg = bars("<b>", "bits", [Line("a & b", 0.5, 0.1, float("inf"), "0.5 bits")])
    assert "a &amp; b" in svg and "&lt;b&gt;" in svg and "inf" not in svg and "nan" not in svg
    empty = bars("t", "bits", [])
    assert "nothing can be told" in empty and "<line" not in empty and "bits" not in empty
