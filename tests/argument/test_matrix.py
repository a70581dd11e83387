"""Countries by claims: cells that their command makes again, pictures, Argdown."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest

import thermidor as th
from tests.conftest import CITIZENS, SMALL, command, write
from thermidor.report.matrix import write_matrix
from thermidor.report.parts.argument_map import argument_map
from thermidor.scenario.argument.argument import read
from thermidor.scenario.argument.template import argument_template, beliefs_template
from thermidor.scenario.load import combined
from thermidor.study.matrix.argdown import argdown
from thermidor.study.matrix.links import failing, ranks
from thermidor.study.matrix.matrix import Asked

ARGUMENT = """\
argument: 1
name: pair
title: Two claims
of: a speech of 1789
claims:
  - id: A1
    sentence: Free media <b>bring</b> people out.
    supports: [A2]
    arms: {free: {media: free}, as: {}}
    tests: [{says: so, outcome: log10(peak_turnout_country), of: free, against: as, expect: above}]
  - id: A2
    sentence: Strikes end it.
    attacks: [A3]
    arms: {struck: {}, none: {strikes: none}}
    tests: [{says: less often, outcome: survived, of: struck, against: none, expect: below}]
  - {id: A3, sentence: It is just., not_testable: a judgement}
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """Two countries with one argument, computed."""
    folder = tmp_path_factory.mktemp("matrix")
    text = SMALL.replace("days: 60", "days: 12")
    write(folder / "a.yaml", text, ("name: small", "name: a"))
    calm = ("choices:\n", "choices:\n  adversary.intensity: 0\n")
    write(folder / "b.yaml", text, ("name: small", "name: b"), calm)
    (folder / "pair.yaml").write_text(ARGUMENT)
    how = {"arguments": folder / "pair.yaml", "runs": 6, "citizens": CITIZENS, "processes": 0}
    found = th.claims([folder / "a.yaml", folder / "b.yaml"], out=folder / "out", **how)
    return SimpleNamespace(folder=folder, found=found, how=how)


def test_a_cell_for_each_claim_in_each_country(made: SimpleNamespace) -> None:
    found = made.found
    assert [(c.country, c.claim) for c in found] == [
        (k, i) for k in "ab" for i in ("A1", "A2", "A3")
    ]
    assert found["b", "A2"].verdict == "not testable"
    assert found["b", "A2"].reason == "here: no adversary strikes it"
    assert found["a", "A1"].pairs == 6 and set(found["a", "A1"].costs) == {"free", "as"}
    assert found["a", "A1"].costs["free"].keys() >= {"killed_protest", "hardship_days"}


def test_it_is_kept_as_parquet_and_csv(made: SimpleNamespace) -> None:
    path = made.found.folder / made.found.name
    parquet = pl.read_parquet(f"{path}.parquet")
    csv = pl.read_csv(f"{path}.csv")
    assert parquet.equals(made.found.to_frame()) and csv.height == parquet.height == 6
    assert parquet.columns == csv.columns and parquet["command"].n_unique() == 6
    assert json.loads(Path(f"{path}.json").read_text())["countries"] == ["a", "b"]


def test_a_cell_is_made_again_by_its_command(
    made: SimpleNamespace, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    cell = made.found["a", "A1"]
    words = cell.command.split()
    assert words[:2] == ["thermidor", "claims"] and "--only A1" in cell.command
    code, out, err = command(
        capsys, *words[1:], "--json", "--out", tmp_path / "o", "--processes", "1"
    )
    assert code == 0, err
    again = json.loads(out)["claims"][0]
    assert again["verdict"] == cell.verdict and again["number"]["mean"] == cell.mean


def test_the_page_shows_every_cell_and_no_stranger_s_markup(made: SimpleNamespace) -> None:
    text = write_matrix(made.found).read_text(encoding="utf-8")
    assert "<b>bring</b>" not in text and "&lt;b&gt;bring" in text
    assert text.count("make it again") == 6 and "Claims of a speech of 1789" in text
    assert "not testable here: no adversary strikes it" in text
    assert text.count('class="argument"') == 2 and "http" not in text.replace("http-equiv", "")


def test_all_faults_of_a_matrix_are_told_before_anything_is_computed(tmp_path: Path) -> None:
    with pytest.raises(th.Fault) as e:
        th.claims(["first-stepz", "nowhere.yaml"], out=tmp_path / "o", arguments=["free-media"])
    assert len(e.value.faults) == 2 and not (tmp_path / "o").exists()


def test_two_countries_of_one_name_are_no_matrix(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write(tmp_path / f"{name}.yaml")
    with pytest.raises(th.Fault, match=r"b.yaml are both called 'small'; give one of them"):
        th.claims([tmp_path / "a.yaml", tmp_path / "b.yaml"], arguments="free-media")


def test_a_command_says_all_that_was_asked() -> None:
    asked = Asked("x.yaml", "a.yaml", "b.yaml", 30, seed=2, citizens="full", set={"days": 9})
    assert asked.command("A1") == (
        "thermidor claims x.yaml --argument a.yaml --beliefs b.yaml --only A1 --runs 30 "
        "--citizens full --seed 2 --set days=9"
    )


def test_a_claim_whose_support_is_not_supported_is_marked() -> None:
    claims = [
        {"id": i, "sentence": "So.", "verdict": v}
        for i, v in (("A", "supported"), ("B", "not supported"), ("C", "not settled"))
    ]
    links = {"B": ["A"], "C": ["A"]}
    assert failing(links, {"B": "not supported", "C": "not settled"}) == {"A": ["B"]}
    assert ranks(["A", "B", "C"], links) == {"A": 0, "B": 1, "C": 1}
    drawn = argument_map(claims, links, {"A": ["C"]})
    assert drawn is not None
    top, left, right = drawn["boxes"]
    assert top["lost"] == "support fails: B" and left["lost"] is None
    assert top["y"] < left["y"] == right["y"] and left["x"] < right["x"]
    assert [(a["kind"], a["weak"]) for a in drawn["arrows"]] == [
        ("supports", True),
        ("supports", False),
        ("attacks", False),
    ]
    assert "A, whose support B fails" in drawn["weak"]
    assert argument_map(claims, {}, {}) is None


def test_argdown(made: SimpleNamespace) -> None:
    a = combined(th.load(made.folder / "a.yaml"), arguments=[made.folder / "pair.yaml"])
    verdicts = {"a": {"A1": "not supported", "A2": "not settled"}}
    text = argdown("Two claims", "a speech", a.claims, verdicts)
    assert '[A1]: Free media \\<b\\>bring\\</b\\> people out. {"a": "not supported"}' in text
    assert '[A2]: Strikes end it. {"a": "not settled", "support fails in a": "A1"}' in text
    assert "\n  + [A1]\n" in text
    assert "[A3]: It is just.\n  - [A2]" in text


def test_templates_are_sound_and_hold_any_title(tmp_path: Path) -> None:
    path = tmp_path / "t.yaml"
    for title in ('It ends: "soon" & {so}', "Ωμέγα", "#"):
        path.write_text(argument_template(title), encoding="utf-8")
        made = read(path)
        assert made.file.title == title and len(made.claims) == 1
        path.write_text(beliefs_template(title), encoding="utf-8")
        assert th.load("first-steps", citizens=8000, beliefs=path).name == "first-steps"


def test_a_template_names_the_file_that_it_was_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for what in ("--argument", "--beliefs"):
        code, *_ = command(capsys, "new", what, "A hawk", "--out", "her file.yaml", "--force")
        assert code == 0
        text = (tmp_path / "her file.yaml").read_text(encoding="utf-8")
        assert f"COUNTRY {what} 'her file.yaml' --quick" in text and "a-hawk.yaml" not in text
