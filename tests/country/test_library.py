"""Countries that come with the package: made by the command, sound, found by name."""

from __future__ import annotations

import datetime as dt
import runpy
from pathlib import Path

import pytest
import yaml

import thermidor as th
from thermidor.country.known import GUESS
from thermidor.history.tables.covariates import COLUMNS, Panel
from thermidor.history.tables.on_a_day import known
from thermidor.scenario.file.gather import bundled
from thermidor.scenario.load import load
from thermidor.scenario.scenario import build
from thermidor.scenario.unsaid import unsaid
from thermidor.support.faults import Fault

MADE = runpy.run_path(str(Path(__file__).parents[2] / "docs" / "make" / "countries.py"))[
    "COUNTRIES"
]
WANTED = {"iran-2025", "first-steps", *MADE}


def test_they_are_found_by_name():
    assert set(bundled()) >= WANTED and len(WANTED) >= 12


@pytest.mark.parametrize("name", MADE)
def test_it_is_what_the_command_writes(name, tmp_path):
    new = th.new(**MADE[name], out=tmp_path / f"{name}.yaml")
    assert new.read_text(encoding="utf-8") == bundled()[name].read_text(encoding="utf-8")


@pytest.mark.parametrize("name", MADE)
def test_it_is_sound_and_says_what_it_guesses(name):
    made, text = load(name), bundled()[name].read_text(encoding="utf-8")
    assert made.name == name and not made.notes
    found = known(MADE[name]["country"], made.start)
    people = made.place.population
    assert people.sum() == pytest.approx(found.covariates.population, rel=1e-4)
    assert made.outlines is not None and not made.outlines.missing
    assert made.fitted and {m.name for m in made.wiring.mechanisms} - made.silent
    after = text[text.index("# The ten facts") :]
    assert [line.split(".")[0].strip("# ") for line in after.splitlines()[-10:]] == [
        str(k) for k in range(1, 11)
    ]
    for row in unsaid(made):
        assert f"  # {row['key']}: {row['stands']}" in text
    block = text[text.index("assumptions:") : text.index("left_out:")].splitlines()
    assert all("#" in line for line in block if line.strip() and not line.startswith("choices"))


def test_what_a_file_does_not_give_is_not_irans():
    iran = yaml.safe_load(bundled()["iran-2025"].read_text(encoding="utf-8"))
    said = {**iran["assumptions"], **iran["choices"]}
    many_share = {"citizens.population", "citizens.mourning_after", "events.onset_day"}
    bare = load("blr-2020").patched({})
    data = bare.source.data | {"assumptions": {}, "choices": {}}
    bare = build(bare.source.changed(data))
    found = unsaid(bare)
    assert len(found) > 30
    for row in found:
        if row["key"] not in many_share | {"security.backing"}:
            assert row["value"] != said[row["key"]]["value"], row["key"]
    per_head = {r["key"]: r["value"] / 9.4e6 for r in found}
    assert per_head["security.army"] == pytest.approx(43e3 / 8.7e6)
    assert per_head["treasury.taxes"] == pytest.approx(8.6 / 8.7e6)


def test_what_nobody_gives_is_marked():
    here = known("BLR")
    assert here.givers["protests"].status == GUESS and "protests" in here.covariates.assumed
    assert here.facts["security.army"].giver.status == "verified"
    anyway = known("Turkey", regime="electoral", population=85e6)
    assert set(anyway.covariates.assumed) >= {"age", "income", "growth", "openness"}
    assert not anyway.onset and anyway.covariates.population == 85e6


def test_a_panel_of_the_users_own_comes_first(tmp_path):
    path = tmp_path / "panel.csv"
    head = ["gwf_country", "year", "rtype", *COLUMNS.values()]
    row = ["Russia", 2011, "personal", 12, 9500, 4.0, 143_000, 0, 1, 0.33, 8]
    path.write_text(f"{','.join(head)}\n{','.join(map(str, row))}\n")
    day = dt.date(2011, 12, 5)
    found = known("Russia", day, panel=Panel(path))
    c = found.covariates
    assert (c.type, c.age, c.population, c.protests, c.carried) == ("personal", 12, 143e6, 8, 0)
    assert not found.onset and not c.assumed
    assert known("Russia", day, panel=Panel(path), onset=True).onset
    with pytest.raises(Fault, match="has no autocracy in France by 2011; '--regime electoral"):
        known("France", day, panel=Panel(path))
