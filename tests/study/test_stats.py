"""Intervals against textbook values and simulation; words against ICD 203; claims whose truth is
known in advance.
"""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from thermidor import wording as words
from thermidor.scenario.file.schema import Claim
from thermidor.study import stats
from thermidor.study.effects import effect
from thermidor.study.results import carriers, chance
from thermidor.study.verdicts import judge


def test_the_wilson_interval_of_a_textbook():
    """Newcombe (1998), Statistics in Medicine 17: 81 of 263 gives 0.2553 to 0.3662; 0 of 20 gives 0
    to 0.1611.
    """
    assert stats.share(81, 263)[1:] == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert stats.share(0, 20)[1:] == pytest.approx((0.0, 0.1611), abs=5e-5)


def test_the_interval_of_a_paired_share_covers():
    """Over many studies in which 3 of 100 pairs move up and 1 of 100 down, the interval holds 0.02
    about 95 times in 100.
    """
    rng, held, studies = np.random.default_rng(1), 0, 2000
    for _ in range(studies):
        u = rng.random(300)
        a, b = (u < 0.53).astype(float), ((u >= 0.03) & (u < 0.54)).astype(float)
        found = stats.paired(a, b, binary=True)
        held += found.low <= 0.02 <= found.high
    assert 0.93 < held / studies < 0.985


def test_the_interval_of_a_sum_from_the_intervals_of_its_parts():
    """Widths add as right angles do, each side for itself; one that is known shifts the other."""
    one, two = stats.Interval(1.0, 0.7, 1.6), stats.Interval(-2.0, -2.4, -1.2)
    assert stats.both(one, two) == pytest.approx((-1.0, -1.5, 0.0))
    assert stats.both(one, stats.Interval(5.0, 5.0, 5.0)) == pytest.approx((6.0, 5.7, 6.6))


def test_a_survival_curve_by_hand():
    """Three of five end on days 10, 20 and 20; the rest last: Kaplan-Meier is 1, 0.8, 0.4."""
    curve = stats.survival_curve(
        np.array([10, 20, 20, 30, 30]), np.array([True, True, True, False, False]), 30
    )
    alive = dict(zip(curve.day, curve.alive, strict=True))
    assert [alive[0.0], alive[10.0], alive[20.0]] == pytest.approx([1.0, 0.8, 0.4])
    assert all(
        low <= p <= high for low, p, high in zip(curve.low, curve.alive, curve.high, strict=True)
    )


def test_the_number_of_pairs_that_would_settle_it():
    """An effect of half a standard deviation needs (2.8 / 0.5)^2 = 32 pairs; one that sits on its
    margin never settles.
    """
    half = stats.Z95 / math.sqrt(10)  # of an interval from ten values of standard deviation one
    found = stats.Interval(0.5, 0.5 - half, 0.5 + half)
    assert stats.pairs_to_settle(found, 10, 0.0) == 32
    assert stats.pairs_to_settle(found, 500, 0.0) > 500
    assert (
        stats.pairs_to_settle(found, 10, 0.5)
        is None
        is stats.pairs_to_settle(found, 10, 0.5 - 1e-9)
    )


@given(
    n=st.integers(5, 400),
    up=st.integers(0, 60),
    down=st.integers(0, 60),
    margin=st.sampled_from([0.01, 0.05, -0.02]),
)
@settings(max_examples=300, deadline=None)
def test_pairs_that_would_settle_it_are_more_than_there_are_and_agree_with_the_interval(
    n, up, down, margin
):
    """With as many pairs, and the same shares of them up and down, the interval is clear of it."""
    assume(0 < up + down <= n)
    found = stats.paired(*pairs_of(n, up, down), binary=True)
    assume(found.low <= margin <= found.high)
    wanted = stats.pairs_to_settle(found, n, margin)
    if wanted is None or wanted > 200_000:
        return
    assert wanted > n
    part = wanted / n
    then = stats.paired(*pairs_of(wanted, round(up * part), round(down * part)), binary=True)
    rounding = abs(then.value - found.value) > 0.2 * abs(found.value - margin)
    assert not then.low <= margin <= then.high or rounding


def pairs_of(n: int, up: int, down: int):
    """n pairs of zeros and ones of which these many go up and down."""
    a, b = np.zeros(n), np.zeros(n)
    a[:up], b[up : up + down] = 1.0, 1.0
    return a, b


def test_a_constant_has_no_interval_and_neither_has_one_value():
    for x in (np.full(50, 0.1), np.full(50, 3.0) + 1e-15, np.array([4.0])):
        found = stats.mean(x)
        assert math.isnan(found.low) and math.isnan(found.high)
        assert found.as_dict("mean")["low"] is None


@pytest.mark.parametrize(
    ("p", "word"),
    [
        (0.03, "almost no chance"),
        (0.10, "very unlikely"),
        (0.30, "unlikely"),
        (0.50, "roughly even chance"),
        (0.70, "likely"),
        (0.90, "very likely"),
        (0.97, "almost certain"),
    ],
)
def test_the_seven_words_of_icd_203(p, word):
    assert words.band(p) == word


def test_no_word_for_what_is_nearly_certain_and_likelihood_and_confidence_are_not_mixed():
    assert words.band(0.999) == "more than 99 in 100" and words.band(0.001) == "less than 1 in 100"
    assert words.likelihood(0.5, 0.4, 0.6) == "unlikely (20-45 %) to likely (55-80 %)"
    assert "confidence" not in words.on_average(0.7, "200 pairs").lower()
    assert not any(
        word in words.confidence({"judgement": 3}, None).lower() for _, word in words.BANDS
    )


def test_confidence_is_low_until_the_model_is_scored():
    good = {"several studies": 9, "judgement": 1}
    assert words.confidence(good, None).startswith("Low")
    assert words.confidence(good, (0.2, 0.05)).startswith("High")
    poor = words.confidence(good, (0.1, -0.1))
    assert poor.startswith("Low") and "not been shown" in poor


def runs(x, ending="in power") -> pl.DataFrame:
    return pl.DataFrame(
        {
            "run": range(len(x)),
            "ending": [ending] * len(x),
            "survived": [1] * len(x),
            "killed_protest": np.asarray(x, float),
        }
    )


def named(*args, **how):
    return [c.assumption for c in carriers(*args, 2, **how) if c.beyond_luck]


def test_an_assumption_is_named_where_it_carries_an_outcome():
    """Deaths that follow an assumption name it; survival does by the daily chances of a coup where
    three coups of 200 cannot, among many.
    """
    rng = np.random.default_rng(3)
    x, coup = rng.random(200), np.arange(200) < 3
    some = pl.DataFrame(
        {
            "elites.coup_rate": x,
            "ending": np.where(coup, "coup", "in power"),
            "survived": 1.0 - coup,
            "final_coup_risk": 0.03 * x,
            **{f"citizens.a{k}": rng.random(200) for k in range(50)},
        }
    )
    highest = some.with_columns(pl.Series("elites.coup_rate", coup + 0.001 * x))
    assert named(some, np.exp(3 * x + rng.normal(size=200))) == ["elites.coup_rate"]
    assert named(highest, some["survived"].to_numpy()) == []
    assert named(some, chance(some), ranked=False) == ["elites.coup_rate"]
    assert chance(some).mean() == pytest.approx(1 - 0.03 * x.mean())
    fell = highest.with_columns(
        final_coup_risk=pl.lit(0.0), ending=pl.Series(np.where(coup, "uprising", "in power"))
    )
    assert named(fell, chance(fell), ranked=False) == []


def test_luck_seldom_names_a_carrier_even_where_a_few_futures_hold_most_of_an_outcome():
    """Of 400 studies in which no assumption matters, at most 5 in 100 name one (20 assumptions, 100
    futures, outcomes of very long tails).
    """
    rng = np.random.default_rng(11)
    studies = [
        pl.DataFrame(rng.random((100, 20)), schema=[f"x.a{k}" for k in range(20)])
        for _ in range(400)
    ]
    assert sum(bool(named(s, rng.lognormal(0, 3, 100), ranked=False)) for s in studies) <= 30


def claim(expect: str, margin: float | None = None, **more) -> Claim:
    return Claim(
        id="X1",
        sentence="It raises deaths.",
        arms={"a": {}, "b": {}},
        tests=[
            {
                "says": "more are killed",
                "outcome": "killed_protest",
                "of": "a",
                "against": "b",
                "expect": expect,
                "margin": margin,
                **more,
            }
        ],
    )


RNG = np.random.default_rng(7)
LUCK = RNG.lognormal(3, 1, 200)


@pytest.mark.parametrize(
    ("shift", "expect", "margin", "verdict"),
    [
        (5.0, "above", None, "supported"),
        (-5.0, "above", None, "not supported"),
        (5.0, "below", None, "not supported"),
        (-5.0, "below", None, "supported"),
        (5.0, "above", 20.0, "not supported"),
        (0.2, "above", 0.1, "not settled"),
        (0.0, "above", None, "not supported"),
        (0.0, "above", -1.0, "supported"),
    ],
)
def test_a_verdict_follows_a_known_effect(shift, expect, margin, verdict):
    noise = RNG.normal(0, 3, 200)
    found = judge(
        claim(expect, margin), {"a": runs(LUCK + shift + noise - noise.mean()), "b": runs(LUCK)}, {}
    )
    assert found.verdict == verdict
    assert found.number.value == pytest.approx(shift, abs=1e-9)
    assert found.number.low <= shift <= found.number.high
    assert {"a", "b"} == set(found.costs)
    assert found.costs["b"]["killed_protest"].mean == pytest.approx(LUCK.mean())


def test_pairing_finds_what_luck_would_hide():
    """The same shift: as pairs it is seen, as two independent samples it drowns in the spread of
    luck.
    """
    a, b = runs(LUCK + 2.0 + RNG.normal(0, 0.1, 200)), runs(LUCK)
    paired, _, _ = effect(a, b, "killed_protest")
    assert paired.effect.low > 1.9 and paired.effect.high < 2.1
    assert 1.96 * math.sqrt(2) * LUCK.std() / math.sqrt(200) > 2.0


def test_a_condition_that_hardly_ever_holds_is_not_testable():
    found = judge(
        claim("above", given="killed_protest > 1e9"), {"a": runs(LUCK), "b": runs(LUCK)}, {}
    )
    assert found.verdict == "not testable" and "only 0 pairs" in found.tests[0].reason


def test_a_claim_without_a_test_says_why():
    found = judge(
        Claim(id="X2", sentence="It is just.", not_testable="justice is not in the model"), {}, {}
    )
    assert found.verdict == "not testable" and found.reason == "justice is not in the model"


def test_failed_futures_leave_their_pairs_out():
    a, b = runs(LUCK + 1.0), runs(LUCK)
    a = a.with_columns(
        pl.when(pl.col("run") < 50).then(None).otherwise(pl.col("ending")).alias("ending")
    )
    found, differences, _ = effect(a, b, "killed_protest")
    assert found.pairs == 150 == len(differences)
