"""How the twelve claims of iran-2025 are put: rivals that could win, what stands beside them."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest

from thermidor.mechanisms.ruler import CHOICES, fit
from thermidor.scenario.file.schema import Claim
from thermidor.scenario.load import load
from thermidor.scenario.scenario import Scenario
from thermidor.study.claims import effort


@pytest.fixture(scope="module")
def iran() -> Scenario:
    return load("iran-2025", citizens=8_000)


def claim(iran: Scenario, name: str) -> Claim:
    return next(c for c in iran.claims if c.id == name)


def fits(iran: Scenario, arm: str, of: str, draws: int = 40) -> np.ndarray:
    """Mean log chance of what was seen under an arm, float[draws]."""
    one = claim(iran, of).arms[arm]
    made = iran.patched(one.set, one.switched_off)
    return np.array([fit(made.draw(1, k)[0]["ruler"], made.place.record) for k in range(draws)])


def test_each_claim_has_an_objection_from_either_side(iran):
    for c in iran.claims:
        assert c.objections is not None, c.id
        for text in (c.objections.supporter, c.objections.critic):
            assert 40 < len(text) < 240 and text.endswith(".") and text.count(". ") == 0, c.id
    assert "arithmetic" in (claim(iran, "C9").caveat or "")


def test_a_uniform_guess_is_one_over_the_number_of_choices(iran):
    expected = np.mean([math.log(1 / len(CHOICES[r.track])) for r in iran.place.record])
    assert fits(iran, "a uniform guess", "C2", 5) == pytest.approx(expected, abs=1e-3)


def test_the_base_rate_of_the_choices_is_that_of_the_others_of_its_track(iran):
    """Each choice by how often the others of its track were the same, one added to every count."""
    seen = [(r.track, r.choice) for r in iran.place.record]
    logs = []
    for track, choice in seen:
        count = Counter(seen)[track, choice] - 1
        others = sum(t == track for t, _ in seen) - 1
        logs.append(math.log((count + 1) / (others + len(CHOICES[track]))))
    (test,) = [t for t in claim(iran, "C2").also if "base rate" in t.says]
    assert test.against == pytest.approx(np.mean(logs), abs=5e-4)


def test_survival_first_has_to_beat_a_uniform_guess(iran):
    assert "a uniform guess" in [t.against for t in claim(iran, "C2").tests]


def test_the_rival_of_conviction_could_win(iran):
    """The test that decides between them reads what was seen, not what either is made to do: had
    only concessions been seen abroad the rival would win, had none been seen it would lose.
    """
    (test,) = [t for t in claim(iran, "C1").tests if t.against == "convinced"]
    assert test.outcome == "final_fit"
    arms = claim(iran, "C1").arms
    abroad = [r for r in iran.place.record if r.track == "abroad"]
    for choice, better in (("hold", "cornered"), ("concede", "convinced")):
        record = [r.model_copy(update={"choice": choice}) for r in abroad]
        means = {}
        for name in ("cornered", "convinced"):
            made = iran.patched(arms[name].set)
            sheets = [made.draw(1, k)[0]["ruler"] for k in range(60)]
            means[name] = np.mean([fit(p, record) for p in sheets])
        assert max(means, key=lambda k: means[k]) == better


def test_the_regimes_own_breaches_decide_on_good_faith(iran):
    c = claim(iran, "C3")
    assert all("final_breached_regime" in t.outcome for t in c.tests)
    assert any("final_breached - final_breached_regime" in t.outcome for t in c.also)


def test_lives_and_breaches_are_compared_over_equal_days(iran):
    for name in ("C8", "C11"):
        assert all(t.exposure != "whole" for t in claim(iran, name).tests)
    assert claim(iran, "C8").tests[0].exposure == "equal"


def test_ten_years_hold_five(iran):
    c = claim(iran, "C9")
    assert len(c.arms) == 2 and c.days == 3650
    assert [t.days for t in c.also if t.days] == [1825]
    assert effort(iran, only=["C9"])["days"] == 2 * 40 * 3650
