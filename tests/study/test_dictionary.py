"""Every column of every table is in the data dictionary, and nothing else is."""

from __future__ import annotations

import re

import numpy as np
import polars as pl
import pytest

from tests.conftest import SMALL, write
from thermidor.engine.columns import column
from thermidor.scenario.dictionary import dictionary, kind_of
from thermidor.scenario.load import load
from thermidor.study.ensemble import ensemble
from thermidor.study.plan import RunPlan
from thermidor.study.results import Study
from thermidor.study.store.tables import NAMES
from thermidor.support.faults import Fault

FRONTS = (
    "fronts: [{name: north, strength: 0.3}]",
    "fronts: [{name: the far north, strength: 0.3}, {name: south-east, strength: 0.2}]",
)


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dictionary")
    scenario = load(write(folder / "small.yaml", SMALL, FRONTS), citizens=3 * 4 * 64)
    ensemble(RunPlan(scenario, 6, processes=1, folder=folder / "out"))
    return scenario, Study(folder / "out")


def test_the_dictionary_holds_the_columns_of_a_study_and_no_other(study):
    scenario, results = study
    rows = dictionary(scenario)
    for table in NAMES:
        assert [r["column"] for r in rows if r["table"] == table] == results.table(table).columns, (
            table
        )


def test_no_column_has_a_space_and_each_is_told(study):
    rows = dictionary(study[0])
    owners = {m.name for m in study[0].wiring.mechanisms} | {"study", "speaker", "mechanism"}
    for r in rows:
        assert (
            re.fullmatch(r"\S+", r["column"]) and r["unit"] and r["says"] and r["owner"] in owners
        ), r
    names = {r["column"] for r in rows}
    assert {
        "final_proxy_strength_the_far_north",
        "final_proxy_strength_south-east",
        "turnout_group_young_women_minority",
    } <= names


def test_values_lie_in_the_ranges_of_the_dictionary(study):
    scenario, results = study
    tables = {name: results.table(name) for name in NAMES}
    for r in dictionary(scenario):
        if r["kind"] == "text":
            continue
        x = tables[r["table"]][r["column"]].drop_nulls().to_numpy()
        low, high = (np.nan if r[k] is None else r[k] for k in ("low", "high"))
        slack = 1e-6 * max(1.0, abs(np.nan_to_num(high)))  # series are kept in 32 bits
        assert not (x < low - slack).any() and not (x > high + slack).any(), (r, x.min(), x.max())


def test_ranges_of_parameters_are_those_of_the_scenario(study):
    rows = {r["column"]: r for r in dictionary(study[0]) if r["table"] == "runs"}
    a = study[0].parameters["citizens.ties"]
    assert (rows["citizens.ties"]["low"], rows["citizens.ties"]["high"]) == (a.low, a.high)
    assert rows["treasury.gdp"]["low"] == rows["treasury.gdp"]["high"] == 60_000
    assert rows["first_talks"] | {"says": ""} == {
        "table": "runs",
        "column": "first_talks",
        "kind": "day",
        "unit": "day",
        "says": "",
        "owner": "ruler",
        "low": 0.0,
        "high": 60.0,
    }


@pytest.mark.parametrize(
    ("unit", "kind"),
    [
        ("share", "share"),
        ("share of residents", "share"),
        ("share of the forces", "share"),
        ("chance", "share"),
        ("share a day", "level"),
        ("share per strike", "level"),
        ("0 or 1", "flag"),
        ("log income", "log"),
        ("logit", "log"),
        ("persons", "count"),
        ("days", "duration"),
        ("day", "day"),
        ("USD million a day", "money"),
        ("years of private goods", "level"),
        ("form", "text"),
    ],
)
def test_the_kind_of_a_unit(unit, kind):
    assert kind_of(unit) == kind and kind_of(unit, cost=True) == "cost"


def test_whatever_parts_the_words_of_a_name_is_one_underscore():
    assert column("turnout_group", "young women minority") == "turnout_group_young_women_minority"
    assert column("x", " a \t b\u00a0c ") == "x_a_b_c" and column("x") == "x"


def test_two_columns_of_one_name_are_refused(tmp_path):
    fronts = "fronts: [{name: far north, strength: 0.3}, {name: far_north, strength: 0.2}]"
    with pytest.raises(
        Fault, match="front 'far_north' differs from 'far north' by case or spaces alone"
    ):
        load(write(tmp_path / "small.yaml", SMALL, (FRONTS[0], fronts)), citizens=3 * 4 * 64)


def test_a_mechanism_of_ones_own_is_in_it(tmp_path):
    from pathlib import Path

    curfew = Path(__file__).parents[2] / "docs" / "examples" / "curfew.py"
    scenario = load(write(tmp_path / "small.yaml"), citizens=3 * 4 * 64, mechanism_files=[curfew])
    found = {r["column"]: r for r in dictionary(scenario) if r["owner"] == "curfew"}
    assert {"curfew", "curfew.bite", "peak_curfew"} <= set(found)
    assert found["curfew.bite"]["says"].startswith("assumption: ")


def test_the_kinds_of_a_runs_table_agree_with_its_types(study):
    scenario, results = study
    kinds = {r["column"]: r["kind"] for r in dictionary(scenario) if r["table"] == "runs"}
    for c, t in results.runs.schema.items():
        assert (kinds[c] == "text") == (t == pl.String), c
