"""Slips in a country file, and commands that cannot be followed: a sentence for each."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import yaml

from tests.conftest import command
from thermidor.country.new import new
from thermidor.history.tables.on_a_day import known
from thermidor.scenario.load import load
from thermidor.support.faults import Fault

WORDS = yaml.safe_load((Path(__file__).parent / "words.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def belarus():
    return new(known("BLR", dt.date(2020, 8, 9)), real=False)


@pytest.mark.parametrize("row", WORDS["files"], ids=[r["slip"][1] for r in WORDS["files"]])
def test_a_slip_in_a_country_file(row, belarus, tmp_path):
    right, wrong = row["slip"]
    assert right in belarus
    path = tmp_path / "new.yaml"
    path.write_text(belarus.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(Fault) as e:
        load(path)
    assert e.value.faults == row["says"]


@pytest.mark.parametrize(
    "row", WORDS["commands"], ids=[" ".join(r["asked"]) for r in WORDS["commands"]]
)
def test_a_command_that_cannot_be_followed(row, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("there.yaml").write_text("mine")
    code, out, err = command(capsys, "new", *row["asked"])
    assert (code, out) == (2, "")
    assert err.splitlines()[0] == f"thermidor: {row['says']}"
    assert [p.name for p in tmp_path.iterdir()] == ["there.yaml"]
    assert Path("there.yaml").read_text() == "mine"
