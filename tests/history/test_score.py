"""Scores against closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from thermidor.history import score


def test_brier_and_skill_by_hand():
    assert score.brier([0.8, 0.3], [True, False]).tolist() == pytest.approx([0.04, 0.09])
    assert score.skill(np.array([0.04, 0.09]), np.array([0.25, 0.25])) == pytest.approx(
        1 - 0.13 / 0.5
    )
    assert score.log_score([0.8, 0.3], [True, False]).tolist() == pytest.approx(
        [math.log(0.8), math.log(0.7)]
    )


def test_auc_by_counting():
    assert score.auc([0.9, 0.4, 0.4, 0.1], [True, True, False, False]) == pytest.approx(3.5 / 4)
    assert math.isnan(score.auc([0.9, 0.4], [True, True]))


@given(st.lists(st.floats(-5, 5), min_size=2, max_size=30), st.floats(-6, 6))
def test_crps_is_the_integral_of_the_squared_difference(xs, y):
    x = np.array(xs)
    grid = np.linspace(-7, 7, 28001)
    below = (x[None, :] <= grid[:, None]).mean(1)
    integral = np.trapezoid((below - (grid >= y)) ** 2, grid)
    assert score.crps(x, y) == pytest.approx(integral, abs=2e-3)


def test_crps_of_a_normal_ensemble():
    x = norm.ppf((np.arange(20_000) + 0.5) / 20_000)
    y = 0.7
    exact = y * (2 * norm.cdf(y) - 1) + 2 * norm.pdf(y) - 1 / math.sqrt(math.pi)
    assert score.crps(x, y) == pytest.approx(exact, abs=1e-3)


def test_honest_forecasts_cover_at_their_level():
    rng = np.random.default_rng(3)
    hits = {50: 0, 80: 0}
    pits = []
    for _ in range(2000):
        centre = rng.normal()
        seen, ensemble = rng.normal(centre), rng.normal(centre, 1, 400)
        q = score.quantiles(ensemble)
        for level in hits:
            hits[level] += score.covered(q, seen, level)
        pits.append(score.pit(ensemble, seen))
    assert hits[50] / 2000 == pytest.approx(0.5, abs=0.035)
    assert hits[80] / 2000 == pytest.approx(0.8, abs=0.03)
    assert np.histogram(pits, bins=10, range=(0, 1))[0] == pytest.approx(200, abs=60)


def test_a_country_counts_once_in_the_interval():
    """Ten cases of one country and one of another: the interval of their mean must reach both
    countries' own means.
    """
    x = np.array([1.0] * 10 + [0.0])
    low, high = score.bootstrap(lambda i: x[i].mean(), ["a"] * 10 + ["b"])
    assert low == 0.0
    assert high == 1.0


def test_reliability_bins():
    found = score.reliability([0.1, 0.15, 0.9], [False, True, True])
    assert [(b["n"], b["observed"]) for b in found] == [(2, 0.5), (1, 1.0)]
    assert found[0]["low"] < 0.5 < found[0]["high"]
