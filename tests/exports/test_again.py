"""The scenario in a manifest is the study's: as an object, and as files."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

import thermidor as th
from thermidor.scenario.file.gather import bundled
from thermidor.scenario.load import load
from thermidor.study.exports.again import again, files_of
from thermidor.support.faults import Fault

CHANGES = {
    "as it is": {},
    "another choice": {"treasury.forces": 3.3},
    "one off": {"switched_off": "media"},
    "fewer days than its events": {"days": 5},
    "fewer days and another choice": {"days": 5, "treasury.forces": 3.3},
}


def manifest(made) -> dict:
    told = json.loads(json.dumps(made.resolved, default=str))
    return {"resolved": told, "hash": made.hash, "citizens": made.place.citizens}


def same(made, folder: Path) -> None:
    m = manifest(made)
    assert again(m).hash == made.hash
    for name, text in files_of(m).items():
        (folder / name).write_text(text, encoding="utf-8")
    assert load(folder / "scenario.yaml").hash == made.hash


@pytest.mark.parametrize("what", CHANGES)
def test_a_scenario_with_changes(what, tmp_path):
    same(th.load("first-steps", set=CHANGES[what]), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(bundled()))
def test_scenarios_of_the_library(name, tmp_path):
    """A minute: all of the library, each with a choice that it changes."""
    same(th.load(name, set=CHANGES["another choice"]), tmp_path)


def test_choices_that_hold_from_a_later_day(tmp_path):
    made = th.load("first-steps")
    later = made.start + dt.timedelta(days=10)
    same(th.load(made, set={"choices_from": later, "treasury.forces": 3.3}), tmp_path)


def test_a_manifest_that_was_changed_is_told():
    m = manifest(th.load("first-steps"))
    m["resolved"]["assumptions"]["treasury.gdp"] = 61_000
    with pytest.raises(Fault, match="the manifest was changed"):
        again(m)


def test_a_manifest_without_the_scenario_is_told():
    with pytest.raises(Fault, match="does not hold the scenario"):
        again({"hash": "0", "citizens": 1})


@pytest.mark.parametrize("days", [5, 10, 11, 60])
def test_choices_from_a_day_inside_or_outside_of_the_run(days, tmp_path):
    made = th.load("first-steps")
    later = made.start + dt.timedelta(days=10)
    made = th.load(made, set={"choices_from": later, "treasury.forces": 3.3})
    for name, text in files_of(manifest(made)).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    other = th.load(tmp_path / "scenario.yaml", days=days)
    assert other.days == days
    same(other, tmp_path)
