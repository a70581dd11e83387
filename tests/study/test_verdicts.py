"""Verdicts that mean something: claims whose truth is planted, from futures that are made up."""

from __future__ import annotations

import json
import math

import numpy as np
import polars as pl
import pytest

from thermidor import wording as words
from thermidor.scenario.file.schema import Claim
from thermidor.study.claims import summary
from thermidor.study.effects import effect
from thermidor.study.margins import outcome_kind, smallest
from thermidor.study.verdicts import judge

RNG = np.random.default_rng(12)
KINDS = {
    "survived": "flag",
    "killed_protest": "cost",
    "mean_reach": "share",
    "lost_income": "log",
    "day": "day",
    "deals": "count",
}


def futures(survived, **columns) -> pl.DataFrame:
    survived = np.asarray(survived, float)
    n = len(survived)
    return pl.DataFrame(
        {
            "run": range(n),
            "ending": np.where(survived == 1, "in power", "coup"),
            "day": np.where(survived == 1, 90, 40),
            "survived": survived,
            "reason": pl.Series([None] * n, dtype=pl.String),
            "killed_protest": np.full(n, 10.0),
            **columns,
        }
    )


def failed(runs: pl.DataFrame, which) -> pl.DataFrame:
    gone = pl.Series(np.isin(np.arange(runs.height), which))
    return runs.with_columns(
        *(
            pl.when(gone).then(None).otherwise(pl.col(c)).alias(c)
            for c in runs.columns
            if c not in ("run", "reason")
        ),
        pl.when(gone).then(pl.lit("ValueError: broken")).alias("reason"),
    )


def tried(a, b, outcome="survived", expect="above", against="b", **more):
    claim = Claim(
        id="X1",
        sentence="It matters.",
        arms={"a": {}, "b": {}},
        tests=[
            {
                "says": "so",
                "outcome": outcome,
                "of": "a",
                "against": against,
                "expect": expect,
                **more,
            }
        ],
    )
    found = judge(claim, {"a": a, "b": b}, {"judgement": 1}, KINDS).to_dict()
    json.dumps(found, allow_nan=False)
    return found, found["tests"][0]


LASTS = (RNG.random(200) < 0.6).astype(float)


def test_identical_arms_are_not_testable_and_have_neither_likelihood_nor_interval():
    found, test = tried(futures(LASTS), futures(LASTS))
    assert found["verdict"] == test["verdict"] == "not testable"
    assert (
        test["reason"]
        == found["reason"]
        == (
            "both sides are identical in all 200 pairs; nothing else that was recorded of them "
            "differs either"
        )
    )
    assert found["likelihood"] is found["confidence"] is test["chance"] is None
    assert test["pairs_to_settle"] is None
    assert test["carried_by"] == []
    assert test["effect"] == {"mean": 0.0, "low": None, "high": None}


def test_arms_that_differ_elsewhere_are_told_from_those_that_do_not():
    _, test = tried(
        futures(LASTS, final_opposition=RNG.random(200)),
        futures(LASTS, final_opposition=RNG.random(200)),
    )
    assert "this outcome does not tell them apart, others do (opposition)" in test["reason"]
    _, only = tried(
        futures(LASTS, **{"citizens.x": np.zeros(200)}),
        futures(LASTS, **{"citizens.x": np.ones(200)}),
    )
    assert "nothing else that was recorded" in only["reason"]  # a parameter that nobody reads


@pytest.mark.parametrize("expect", ["above", "below"])
def test_a_loss_that_does_not_matter_is_not_proven_by_arms_that_do_not_differ(expect):
    found, _ = tried(futures(LASTS), futures(LASTS), expect=expect, margin=-0.05)
    assert found["verdict"] == "not testable"


def test_an_outcome_that_never_varies_is_not_held_against_a_number():
    found, test = tried(futures(LASTS), futures(LASTS), outcome="killed_protest", against=3.0)
    assert found["verdict"] == "not testable"
    assert test["reason"] == "the outcome is 10 in all 200 futures"
    assert test["effect"]["low"] is None
    found, test = tried(
        futures(LASTS, deals=np.zeros(200)),
        futures(LASTS),
        outcome="deals",
        against=0.5,
        expect="below",
    )
    assert found["verdict"] == "not testable"  # a count that is 0 in all of them is no share


def test_a_share_that_is_0_or_1_in_all_futures_keeps_its_wilson_interval():
    found, test = tried(futures(np.ones(200)), futures(LASTS), against=0.9)
    assert found["verdict"] == "supported" and test["effect"]["low"] == pytest.approx(
        0.98115 - 0.9, abs=1e-4
    )
    found, test = tried(futures(np.ones(8)), futures(np.ones(8)), against=0.9)
    assert found["verdict"] == "not settled" and test["pairs_to_settle"] > 8


@pytest.mark.parametrize("tiny", [1e-15, 1e-9, 1e-4])
@pytest.mark.parametrize(
    ("outcome", "level"),
    [
        ("mean_reach", 0.4),
        ("killed_protest", 30.0),
        ("killed_protest", 0.0),
        ("lost_income", 0.2),
        ("log10(mean_reach)", 0.4),
        ("day * 1.5", 60.0),
    ],
)
def test_a_difference_that_rounds_to_nothing_is_never_supported(tiny, outcome, level):
    """In every pair the one side is a little higher: the interval is far from zero, and says
    nothing.
    """
    column = outcome.split("(")[-1].rstrip(")").split()[0]
    base = level * RNG.uniform(0.5, 1.5, 200)
    more = base + tiny * max(level, 1e-3) * RNG.uniform(0.5, 1.5, 200)
    if column == "day":
        base, more = base * 1.0, more * 1.0
    a, b = (futures(LASTS).with_columns(pl.Series(column, x)) for x in (more, base))
    found, test = tried(a, b, outcome=outcome)
    assert found["verdict"] != "supported" or level == 0 and tiny > 1e-6
    assert test["margin"] > 0 and test["margin_from"].startswith("by kind")


@pytest.mark.parametrize(
    ("outcome", "kind"),
    [
        ("survived", "flag"),
        ("day > 30", "flag"),
        ("coalesce(ending = 'pact', false)", "flag"),
        ("mean_reach", "share"),
        ("mean_reach - mean_reach / 1", "rest"),
        ("coalesce(mean_reach, 0)", "share"),
        ("mean_reach + survived", "share"),
        ("survived + survived", "share"),
        ("log10(killed_protest)", "log10"),
        ("ln(day)", "ln"),
        ("lost_income", "ln"),
        ("log2(day) - log2(killed_protest)", "log2"),
        ("killed_protest", "rest"),
        ("100 * mean_reach", "rest"),
        ("case when survived then 1 else 0 end", "rest"),
        ("case when day > 3 then mean_reach else 0 end", "share"),
        ("cast(day > 3 as double)", "flag"),
        ("nobody_knows", "rest"),
    ],
)
def test_the_kind_of_an_outcome(outcome, kind):
    assert outcome_kind(outcome, KINDS) == kind


def test_the_smallest_effect_that_matters_by_kind():
    assert smallest("flag", 0.5, 0.6)[0] == smallest("share", 0.5, 0.6)[0] == 0.01
    assert (
        10 ** smallest("log10", -3, -2)[0]
        == pytest.approx(1.05)
        == math.exp(smallest("ln", 1, 2)[0])
    )
    assert (
        smallest("rest", -200.0, 5.0)[0] == pytest.approx(10.0)
        and "200 on the other side" in smallest("rest", 200.0, 5.0)[1]
    )
    assert (
        smallest("rest", 0.0, 40.0)[0] == pytest.approx(2.0)
        and "on this side" in smallest("rest", 0.0, 40.0)[1]
    )
    assert smallest("rest", 0.0, 0.0)[0] > 0


def test_supported_needs_the_whole_interval_beyond_the_margin():
    """Deaths rise by 4 % of the other side, sure as can be: less than matters. 8 % is more."""
    base = RNG.lognormal(3, 0.2, 300)
    for part, verdict in ((0.04, "not supported"), (0.05, "not settled"), (0.08, "supported")):
        noise = RNG.normal(0, 0.02, 300)
        more = base + base.mean() * (part + noise - noise.mean())
        found, test = tried(
            futures(np.ones(300)).with_columns(killed_protest=more),
            futures(np.ones(300)).with_columns(killed_protest=base),
            outcome="killed_protest",
        )
        assert found["verdict"] == verdict and test["margin"] == pytest.approx(0.05 * base.mean())
        given, _ = tried(
            futures(np.ones(300)).with_columns(killed_protest=more),
            futures(np.ones(300)).with_columns(killed_protest=base),
            outcome="killed_protest",
            margin=0.001,
        )
        assert given["verdict"] == "supported" and given["tests"][0]["margin_from"] == "given"


@pytest.mark.parametrize("n", [0, 1, 4])
def test_nothing_is_said_from_fewer_than_five_pairs(n):
    found, test = tried(futures(np.ones(n)), futures(np.zeros(n)))
    assert found["verdict"] == "not testable" and f"only {n} pair" in test["reason"]
    assert "at least 5" in test["reason"]
    assert found["likelihood"] is None and summary([found])[0]["pairs"] == n
    assert test["effect"]["low"] is test["effect"]["high"] is None


def test_the_same_difference_in_every_pair_has_a_verdict_and_no_interval():
    a, b = (futures(LASTS).with_columns(killed_protest=pl.lit(x)) for x in (30.0, 10.0))
    found, test = tried(a, b, outcome="killed_protest")
    assert found["verdict"] == "supported" and test["effect"] == {
        "mean": 20.0,
        "low": None,
        "high": None,
    }
    assert found["likelihood"] is None


def test_pairs_that_failed_on_one_side_could_overturn_a_verdict():
    """One side lost just those futures that would have lasted: what is left says 'supported'."""
    a, b = np.ones(200), np.concatenate([np.ones(140), np.zeros(60)])
    whole, test = tried(futures(a), futures(b))
    assert whole["verdict"] == "supported" and test["failed"] == 0 and test["bounds"] is None
    found, test = tried(futures(a), failed(futures(b), range(140)))
    assert test["pairs"] == 60 and test["failed"] == 140 and test["effect"]["mean"] == 1.0
    assert test["bounds"] == {"low": pytest.approx(60 / 200), "high": 1.0}  # of a all are known
    assert found["verdict"] == "supported"  # even so 30 of 100 more last
    found, test = tried(failed(futures(a), range(140)), failed(futures(b), range(140)))
    assert test["bounds"]["low"] == pytest.approx((60 - 140) / 200)
    assert found["verdict"] == "not settled"
    assert "140 of 200 were lost to futures that failed, and could overturn it" in found["reason"]
    assert found["futures"]["a"] == {"finished": 60, "failed": 140}


def test_one_failed_future_of_many_overturns_nothing_and_is_counted():
    found, test = tried(
        futures(np.ones(100)), failed(futures(np.concatenate([np.ones(50), np.zeros(50)])), [3])
    )
    assert found["verdict"] == "supported" and test["failed"] == 1 and test["pairs"] == 99
    costs, test = tried(
        futures(LASTS).with_columns(killed_protest=pl.lit(20.0)),
        failed(futures(LASTS), [3]),
        outcome="killed_protest",
    )
    assert costs["verdict"] == "supported" and test["failed"] == 1
    assert test["bounds"] is None  # costs have no upper end


def test_bounds_hold_what_the_futures_that_failed_would_have_done():
    for seed in range(40):
        rng = np.random.default_rng(seed)
        a, b = ((rng.random(60) < p).astype(float) for p in (0.7, 0.4))
        truth = float((a - b).mean())
        gone = [rng.choice(60, k, replace=False) for k in rng.integers(0, 20, 2)]
        found, _, _ = effect(
            failed(futures(a), gone[0]), failed(futures(b), gone[1]), "survived", within=(0.0, 1.0)
        )
        low, high = found.bounds or (found.effect.value, found.effect.value)
        assert low - 1e-9 <= truth <= high + 1e-9


def test_an_arm_that_never_finished_says_so():
    found, test = tried(futures(LASTS), failed(futures(LASTS), range(200)))
    assert found["verdict"] == "not testable"
    assert test["reason"] == "no future of 'b' was finished (ValueError: broken)"


def test_futures_without_a_value_are_counted():
    killed = np.where(np.arange(200) < 30, 0.0, 10.0 + RNG.random(200))
    _, test = tried(
        futures(LASTS).with_columns(killed_protest=3 * killed),
        futures(LASTS).with_columns(killed_protest=killed),
        outcome="log10(killed_protest)",
    )
    assert test["valueless"] == 30 and test["pairs"] == 170 and test["verdict"] == "supported"
    _, test = tried(
        futures(LASTS).with_columns(killed_protest=killed),
        futures(LASTS),
        outcome="1 / (killed_protest - killed_protest)",
    )
    assert test["verdict"] == "not testable" and "in 200 the outcome has no value" in test["reason"]


def test_words_of_likelihood_carry_their_numbers():
    assert words.numbered(0.3) == "unlikely (20-45 %)"
    assert words.on_average(0.001, "9 pairs") == (
        "The chance that this holds on average over the ranges of the ledger is less than 1 in "
        "100, from 9 pairs."
    )
    assert words.numbered(0.02) == "almost no chance (1-5 %)"
    assert words.numbered(0.97) == "almost certain (95-99 %)"
    assert words.numbered(0.995) == "more than 99 in 100"
    found, test = tried(
        futures(np.concatenate([np.ones(63), np.zeros(57)])),
        futures(np.concatenate([np.zeros(57), np.ones(63)])),
    )
    assert found["verdict"] == "not settled"
    assert "roughly even chance (45-55 %)" in words.on_average(0.5, "120 pairs")
    assert "%)" in found["likelihood"] and found["likelihood"].endswith("from 120 pairs.")
    against, _ = tried(futures(LASTS), futures(LASTS), against=0.6)
    assert against["likelihood"].endswith("from 200 futures.")


@pytest.mark.parametrize(
    ("count", "n", "says"),
    [(20, 20, "20 of 20 futures"), (0, 99, "0 of 99 futures"), (50, 200, "25 of 100 futures")],
)
def test_a_count_of_few_futures_is_not_blown_up(count, n, says):
    assert words.of_futures(count, n) == says


def test_the_answer_carries_its_number_and_what_failed():
    assert words.answer((1.0, 0.84, 1.0), 60, 20) == (
        "In 20 of 20 futures the regime is still in power after 60 days "
        "(95 % interval: 84 to 100 of 100)."
    )
    assert "500 futures computed" in words.answer((0.62, 0.58, 0.66), 60, 500)
    alone = words.answer((0.0, 0.0, 0.8), 60, 1)
    assert "one future says nothing of how often" in alone and "no longer in power" in alone
    told = words.answer((0.5, 0.4, 0.6), 60, 450, 50, (0.45, 0.55))
    assert "50 of 500 futures failed" in told
    assert "45 of 100 futures would still be in power" in told and "had none, 55 of 100" in told
    assert words.answer((math.nan, 0.0, 1.0), 60, 0, 7) == "No future was finished; 7 failed."
