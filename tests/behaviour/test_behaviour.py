"""Each mechanism moves outcomes in the direction that its source says: the sentences of
mechanisms.yaml, on paired futures.
"""

from __future__ import annotations

import dataclasses
import functools
import math
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kstest, wilcoxon

from thermidor.engine.batch import simulate_many
from thermidor.mechanism import BUILT_IN
from thermidor.scenario.ledger import references

SENTENCES = yaml.safe_load((Path(__file__).parent / "mechanisms.yaml").read_text())
PAIRS = 24


@functools.cache
def _futures(scenario, patches: tuple, days: int | None) -> pl.DataFrame:
    made = scenario.patched(dict(patches), days=days)
    return pl.DataFrame(
        [run.outcomes() for run in simulate_many([made] * PAIRS, 1, range(PAIRS))],
        infer_schema_length=None,
    )


@pytest.mark.parametrize(
    "row", SENTENCES, ids=[f"{r['mechanism']}: {r['says']}" for r in SENTENCES]
)
def test_behaviour(small, row):
    base = row.get("base", {})
    arms = [
        _futures(small, tuple(sorted(p.items())), row.get("days"))
        for p in (base, base | row["set"])
    ]
    without, with_ = (
        a.select(pl.sql_expr(row["outcome"]).cast(pl.Float64).alias("x"))["x"].to_numpy()
        for a in arms
    )
    p = wilcoxon(
        with_ - without,
        alternative="greater" if row["goes"] == "above" else "less",
        zero_method="zsplit",
    ).pvalue
    assert p < 0.01, f"{row['says']}: {without.mean():.4g} -> {with_.mean():.4g} (p = {p:.2g})"


def test_every_mechanism_has_a_sentence_and_every_source_is_in_the_references():
    assert {r["mechanism"] for r in SENTENCES} == set(BUILT_IN)
    assert {r["source"] for r in SENTENCES} <= set(references())


def test_ground_forces_stand_where_they_are_spread_over_what_they_took():
    """(adversary.3) with an even pace: force/need, approached as 1 - exp(-need t/days); beyond it
    never.
    """
    from thermidor.mechanisms.adversary import advanced

    at = 0.0
    for _ in range(400):
        at = advanced(at, 0.6, 1.2, 60.0, 1.0)
    assert at == pytest.approx(0.5 * (1 - (1 - 1.2 / 60) ** 400))
    assert advanced(0.9, 0.6, 1.2, 60.0, 1.0) < 0.9
    assert advanced(0.0, 0.0, 1.2, 60.0, 5.0) == 0.0


def test_campaigns_begin_at_random(small):
    """Where waiting is worse the first campaign waits for an occasion, by an exponential law, or
    comes sooner after a sudden step.
    """
    made = small.patched(
        {
            "programme.level": 0.6,
            "adversary.occasions": 1.0,
            "adversary.patience": 0.98,
            "adversary.war_cost": 0.01,
            "adversary.opening": 0.01,
            "proxies.lent": 0.0,
        },
        days=365,
    )
    runs = list(simulate_many([made] * 60, 5, range(60)))
    first = [int((r["campaign"] > 0).argmax()) if (r["campaign"] > 0).any() else 365 for r in runs]
    assert (
        kstest(
            [d for d in first if d < 365],
            lambda x: (1 - np.exp(-np.asarray(x) / 365)) / (1 - np.exp(-1)),
        ).pvalue
        > 1e-3
    )
    assert 0.5 < sum(d < 365 for d in first) / 60 < 1.0  # 1 - 1/e by occasions alone


def test_plotters_hear_more_of_a_crowd_that_media_show():
    """(elites.4): half way at the turnout named, more with free media, never beyond the limit;
    nothing without a crowd.
    """
    from thermidor.mechanisms.elites import heard, young

    assert heard(0.5, 0.02, 0.01) == pytest.approx(0.5)
    assert (
        heard(1.0, 0.02, 0.01)
        > heard(0.5, 0.02, 0.01)
        > heard(0.1, 0.02, 0.01)
        > heard(0.5, 0.0, 0.01)
        == 0.0
    )
    assert heard(1.0, 1.0, 1e-6) < 1.0
    assert young(20.0, 0.25, 20.0, 0.5) == young(90.0, 0.25, 20.0, 0.5) == pytest.approx(1.0)
    assert young(2.5, 0.25, 20.0, 0.5) == pytest.approx((3 / 20.5) ** -0.25)


def test_daily_chances_of_a_coup_sum_to_the_share_of_futures_that_end_in_one(small):
    """The sum of a hazard over the days lived has the mean of the count, whatever the hazard
    depends on.
    """
    made = small.patched(
        {
            "elites.coup_rate": 0.06,
            "elites.coup_protest": 6.0,
            "treasury.patronage": 0.0,
            "events.onset_day": 1,
        },
        days=180,
    )
    runs = list(simulate_many([made] * 200, 3, range(200)))
    coups = np.array([r.ending == "coup" for r in runs])
    risk = np.array([r["coup_risk"][-1] for r in runs])
    assert coups.mean() > 0.05 and risk.std() < coups.std()
    assert abs((coups - risk).mean()) < 3 * (coups - risk).std() / np.sqrt(len(runs))
    assert all((np.diff(r["coup_risk"]) >= 0).all() for r in runs[:20])


@given(
    star=st.floats(0, 1),
    error=st.floats(0.05, 0.25),
    cost=st.floats(0.3, 3),
    candour=st.floats(0, 1),
)
@settings(max_examples=200, deadline=None)
def test_opened_media_take_no_more_than_pretence_was_worth(star, error, cost, candour):
    """(security.6): nothing where nothing is opened, more the more is opened, never more than the
    cut-off itself.
    """
    from thermidor.mechanisms.security import unmasked

    beta = 1 / error**2
    lost, all_of_it = unmasked(star, beta, cost, candour), unmasked(star, beta, cost, 1.0)
    assert unmasked(star, beta, cost, 0.0) == 0.0
    assert -1e-9 <= lost <= all_of_it + 1e-9 <= star + 2e-9


@given(
    theta=st.floats(0.05, 0.95),
    withheld=st.floats(0.0, 1.0),
    crowds=st.lists(st.floats(0.0, 0.3), min_size=3, max_size=3),
)
@settings(max_examples=60, deadline=None)
def test_withheld_forces_count_with_those_who_refuse_where_a_crowd_stands(theta, withheld, crowds):
    """(security.7): those who act among the rest reach theta' exactly when they and the withheld
    together reach theta.
    """
    from thermidor.mechanisms.security import held

    forces, turnout, half = np.array([[3.0, 1.0, 2.0], [1.0, 5.0, 0.5]]), np.array(crowds), 0.02
    bare = (
        withheld
        * sum(forces[k, p] * crowds[p] / (crowds[p] + half) for k in range(2) for p in range(3))
        / forces.sum()
    )
    left = held(theta, withheld, forces, turnout, half)
    assert bare + (1 - bare) * left == pytest.approx(theta)
    assert left <= theta + 1e-12
    assert (
        held(theta, 0.0, forces, turnout, half)
        == held(theta, withheld, forces, 0 * turnout, half)
        == theta
    )


@given(turnout=st.floats(0.0, 1.0), half=st.floats(1e-4, 3e-3))
def test_a_crowd_ten_times_as_large_asks_little_more(turnout, half):
    """f(T) of (security.5): nothing without a crowd, half at `half`, at most all."""
    from thermidor.mechanisms.security import tested

    assert tested(0.0, half) == 0.0 and tested(half, half) == pytest.approx(0.5)
    assert 0.0 <= tested(turnout / 10, half) <= tested(turnout, half) < 1.0


def test_how_hollow_a_regime_is_wanders_about_its_mean(small):
    """(security.8): in sd, whatever the day, and forgotten after some times `within_days`."""
    calm = {"security.within_days": 60.0, "security.crowd_strain": 0.1, "elites.coup_rate": 0.015}
    made = small.patched(calm | {"events.spark_rate": 0.3}, days=4000)
    w = next(simulate_many([made], 1, [0]))["wandering"]
    far = np.corrcoef(w[:-300], w[300:])[0, 1]
    near = np.corrcoef(w[:-10], w[10:])[0, 1]
    assert len(w) > 2000 and abs(w.mean()) < 0.5 and 0.6 < w.std() < 1.4
    assert near == pytest.approx(math.exp(-10 / 60), abs=0.06) and abs(far) < 0.35


def test_a_younger_people_goes_out_more(small):
    """The level of (citizens.3) is that of a usual country, so this one's ages count."""
    young = dataclasses.replace(small.place, young=small.place.young + 0.15)
    younger = dataclasses.replace(small, place=young)
    a, b = (
        [r["turnout_country"][1] for r in simulate_many([s] * 12, 1, range(12))]
        for s in (small, younger)
    )
    assert np.mean(b) > 1.03 * np.mean(a)


def test_no_more_are_killed_than_were_in_the_street(small):
    """Whatever is ordered (citizens.7); here a twentieth of the crowd a day."""
    rate = {"value": 0.05, "low": 0.05, "high": 0.05, "source": "a test"}
    s = small.patched(
        {
            "events.onset_day": 1.0,
            "security.kill_rate": rate,
            "security.kill_spread": 2.5,
            "security.kill_limit": 0.2,
            "ruler.lethality": 20.0,
            "security.strength": 0.8,
            "citizens.population": 1.0,
        },
        days=200,
    )
    shares = [
        run["killed_protest"][-1] / (run["turnout_country"].max() * s.place.population.sum())
        for run in simulate_many([s] * 12, 1, range(12))
    ]
    assert max(shares) <= 1 + 1e-9
    assert shares.count(pytest.approx(1.0)) >= 2  # and the limit is reached


@given(opened=st.floats(0.0, 1.0), bias=st.floats(0.0, 1.0), before=st.floats(0.01, 1.0))
def test_pretence_goes_with_open_channels_and_with_lies_given_up(opened, bias, before):
    """(media.5): nothing on an ordinary day, all of it when all is open or nothing false is told;
    more lies than before add nothing.
    """
    from thermidor.mechanisms.media import candid

    assert candid(opened, before, before) == candid(opened, 1.0, before) == opened
    assert (
        candid(opened, bias, 0.0) == opened
        and candid(1.0, bias, before) == pytest.approx(1.0)
        and candid(opened, 0.0, before) == pytest.approx(1.0)
    )
    assert opened - 1e-12 <= candid(opened, bias, before) <= 1.0 + 1e-12
    assert 1 - candid(opened, bias, before) == pytest.approx((1 - opened) * min(1.0, bias / before))
