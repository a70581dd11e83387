"""A country file and the score board are made by one rule: equal ledgers, equal places."""

from __future__ import annotations

import datetime as dt
import math

import pytest

from thermidor.country.covariates import USUAL, Covariates
from thermidor.country.new import built, new
from thermidor.country.rule import CITIZENS, rule
from thermidor.declaration.parameter import MEDIAN
from thermidor.fitted.scoreboard import load_board
from thermidor.history.simulated.country import scenario
from thermidor.history.tables.cases import read_cases
from thermidor.history.tables.on_a_day import known, shipped
from thermidor.history.tables.states import state
from thermidor.mechanism import find
from thermidor.scenario.load import load

NEAR = 1e-5  # a file has six digits
BOARD = {c["id"]: c for c in load_board()["cases"]}
CASES = {c.id: c.known for c in read_cases()[0]}


def of(case: str):
    mine = CASES[case]
    return known(state(mine.country, mine.onset), mine.onset)


@pytest.mark.parametrize("case", CASES)
def test_a_past_case_has_the_covariates_of_the_board(case):
    found = of(case)
    assert found.onset and found.covariates.type == BOARD[case]["type"]
    assert found.covariates.frailty == pytest.approx(BOARD[case]["frailty"], abs=6e-4)
    assert sorted(found.covariates.assumed) == sorted(BOARD[case]["assumed"])


@pytest.mark.parametrize("case", ["BLR2020", "MMR2021", "GDR1989", "BHR2011"])
def test_the_file_is_the_case_of_the_board(case):
    """Parameters and place of both; what the board holds at its own draws comes from the shipped
    posterior in the file.
    """
    found = of(case)
    mine, board = built(new(found, real=False)), scenario(found.covariates)
    assert mine.days == board.days and mine.place.citizens == CITIZENS == board.place.citizens
    assert mine.place.agents.tolist() == board.place.agents.tolist()
    for field in ("population", "children", "young", "old", "minority", "unemployment"):
        assert getattr(mine.place, field) == pytest.approx(getattr(board.place, field), rel=NEAR)
    assert mine.place.adjacency.tolist() == board.place.adjacency.tolist()
    assert set(mine.parameters) == set(board.parameters) and mine.silent == board.silent
    for key, a in mine.parameters.items():
        b = board.parameters[key]
        for got, want in ((a.value, b.value), (a.low, b.low), (a.high, b.high)):
            assert got == want or got == pytest.approx(want, rel=NEAR), key
        assert a.options == b.options
    assert mine.status_quo == {} == board.status_quo
    assert mine.fitted and mine.posterior and not board.fitted


def test_what_comes_with_the_package_holds_every_case_once():
    rows = [r for r in shipped().values() if r["case"] == "1"]
    assert {r["id"] for r in rows} == set(CASES)
    for r in rows:
        assert CASES[r["id"]].population == pytest.approx(float(r["population"]), rel=1e-9)


MEDIAN_COUNTRY = Covariates("median", "other", dt.date(2000, 1, 1), **USUAL)
APART = {  # facts that the rule says nothing of, or says of this country alone: why they stand so
    "citizens.population": "residents as listed",
    "citizens.mourning_after": "forty days are kept in Islam and in the Orthodox churches",
    "security.frailty": "zero is the mean regime, by its definition",
    "treasury.price": "about the mean price of Brent of the last twenty years",
    "treasury.discount": "buyers of oil that is not under sanctions take none",
    "treasury.collected": "about the state's share of oil income",
    "treasury.inflation": "of a country without a crisis of its currency",
    "treasury.inflation_base": "the same",
    "media.damage": "nothing is destroyed",
    "events.onset_day": "no uprising is planted",
    "events.leader_mortality": "of a leader of sixty",
    "programme.level": "hardly an autocracy has a programme",
    "programme.reference": "a hundredth of revenue",
    "proxies.reference": "a hundredth of revenue",
    "adversary.under_way": "no campaign is under way",
    "adversary.deaths": "one for a strike",
    "broker.sanctions": "most autocracies are under none",
}
FACTS = {
    p.key: p
    for m in rule(MEDIAN_COUNTRY)["mechanisms"]
    for p in find(m).parameters.values()
    if p.fact or p.per
}


@pytest.fixture(scope="module")
def iran():
    return load("iran-2025", citizens=8000).parameters


@pytest.mark.parametrize("key", FACTS)
def test_no_default_of_a_fact_is_irans(key, iran):
    """Each is what the rule says of the median autocracy, or stands apart for a reason."""
    made = rule(MEDIAN_COUNTRY, onset=False)
    said = {**made["assumptions"], **made["choices"]}
    default = FACTS[key].default
    if key not in APART:
        value = said[key]["value"] if isinstance(said[key], dict) else said[key]
        assert default == pytest.approx(value, rel=0.02, abs=1e-9)
    alike = {  # where Iran's is what any country's is
        "citizens.population",
        "citizens.mourning_after",
        "events.onset_day",
        "security.backing",
    }
    assert default != iran[key].value or key in alike


def test_defaults_grow_with_the_country():
    from thermidor.declaration.parameter import scaled

    twice = {k: 2 * x for k, x in MEDIAN.items()}
    for key, p in FACTS.items():
        new = scaled(p, twice)
        assert new.default == (p.default if p.per is None else min(p.high, 2 * p.default)), key
        assert scaled(p, MEDIAN).default == p.default
    assert math.isclose(MEDIAN["income"], USUAL["income"] * USUAL["population"] / 1e6, rel_tol=0.01)
    assert MEDIAN["residents"] == USUAL["population"]
