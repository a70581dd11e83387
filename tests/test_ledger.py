"""Every assumption with its range, unit, grade and source; every part of the argument in the model;
imports go downward.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from thermidor.declaration.prior import Prior
from thermidor.mechanism import BUILT_IN, GRADES
from thermidor.scenario.file.gather import bundled
from thermidor.scenario.ledger import explain, references
from thermidor.scenario.load import load

PACKAGE = Path(__file__).parents[1] / "thermidor"


@pytest.fixture(scope="module")
def iran():
    return explain(load("iran-2025"))


def test_twelve_mechanisms_with_equations_parameters_and_citations(iran):
    names = [m["name"] for m in iran["mechanisms"]]
    assert names == sorted(BUILT_IN) and len(names) == 12
    for m in iran["mechanisms"]:
        assert f"({m['name']}.1)" in m["equations"], f"{m['name']} labels no equation"
        assert m["parameters"] and m["cites"], m["name"]


def test_every_parameter_has_a_range_a_unit_a_grade_and_lies_inside(iran):
    for r in iran["ledger"]:
        assert r["unit"] and r["grade"] in GRADES and r["says"]
        if not r["options"]:
            assert r["low"] <= r["value"] <= r["high"], r["key"]
        assert r["source"] or r["grade"] == "judgement" or r["role"] == "choice", r["key"]
        assert not (r["role"] == "choice" and r["drawn"])


def test_every_citation_is_in_the_references(iran):
    known = references()
    assert set(iran["citations"]) <= set(known)
    for key, r in known.items():
        assert r.get("title") and r.get("author") and r.get("year"), key


def test_each_part_of_the_argument_is_in_the_model(iran):
    assert [p["id"] for p in iran["parts"]] == [f"S{k}" for k in range(1, 19)]
    states = {s for m in iran["mechanisms"] for s in m["owns"]}
    channels = {c for m in iran["mechanisms"] for c in m["opens"]}
    parameters = {r["key"] for r in iran["ledger"]}
    for p in iran["parts"]:
        assert p["states"] and p["parameters"], p["id"]
        assert (
            set(p["states"]) <= states
            and set(p["channels"]) <= channels
            and set(p["parameters"]) <= parameters
        ), p["id"]


def test_each_claim_of_the_argument_is_tested(iran):
    scenario = load("iran-2025")
    assert [c.id for c in scenario.claims] == [f"C{k}" for k in range(1, 13)]
    assert all(c.tests or c.not_testable for c in scenario.claims)


def test_nothing_after_the_day_enters_the_base_scenario():
    scenario = load("iran-2025")
    assert all(o.date <= scenario.start for o in scenario.file.observed)
    assert not scenario.file.events
    text = bundled()["iran-2025"].read_text(encoding="utf-8")
    assert not re.search(r"2025-(0[7-9]|1[0-2])|2025-06-(1[7-9]|[23]\d)|\b2026\b", text)


def test_every_drawn_assumption_is_drawn_inside_its_range():
    scenario = load("iran-2025")
    for a in scenario.parameters.values():
        if a.drawn and not a.options:
            prior = Prior(a.low, a.value, a.high, a.parameter.log)
            values = prior.quantile(np.array([1e-12, 0.01, 0.3, 0.5, 0.9, 1 - 1e-12])).tolist()
            assert (
                values == sorted(values)
                and a.low - 1e-9 <= values[0]
                and values[-1] <= a.high + 1e-9 * abs(a.high)
            ), a.parameter.key


def test_simulate_is_on_one_screen_and_files_are_short():
    assert len((PACKAGE / "engine" / "simulate.py").read_text().splitlines()) <= 80
    long = {
        p.name: n
        for p in PACKAGE.rglob("*.py")
        if (n := len(p.read_text(encoding="utf-8").splitlines())) > 720
    }
    assert not long
