"""What holds of every monotone cascade: the order of deciding does not matter, the end is the least
fixed point, the inequality is weak.
"""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr, ndtri

from thermidor.kernels import coordination, crowd, decision, graph
from thermidor.mechanisms import citizens, media
from thermidor.places import graph as graphs
from thermidor.published._solve import roots
from thermidor.published.crowds._street import PERCENT, Towns, least_turnout

NOBODY = np.uint64(0)


@st.composite
def networks(draw, most: int = 40):
    """A random graph, pulls of ties as in Watts (a share of them) or Centola and Macy (a number),
    thresholds, those out at first.
    """
    n = draw(st.integers(2, most))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    start, ties = graphs.poisson(n, min(n - 1, draw(st.sampled_from([1.0, 2.5, 6.0]))), rng)
    if draw(st.booleans()):
        pull = 1 / np.maximum(np.diff(start), 1)
        thresholds = rng.choice([0.0, 0.1, 0.18, 0.25, 1 / 3, 0.5, 1.0], n)
    else:
        pull, thresholds = np.ones(n), rng.integers(0, 5, n).astype(float)
    out = (rng.random(n) < 0.1).astype(np.uint8)
    thresholds[out > 0] = -1e9  # the seed goes in any case
    return start, ties, pull, thresholds, out


def one_after_another(network, order) -> np.ndarray:
    start, ties, pull, thresholds, out = network
    out = out.copy()
    while graph.decide(
        NOBODY, out, np.zeros_like(out), start, ties, pull, 0.0, thresholds, 0.0, 1.0, order, out
    ):
        pass
    return out


def together(network) -> np.ndarray:
    start, ties, pull, thresholds, out = network
    out = out.copy()
    graph.cascade(out, start, ties, pull, 0.0, thresholds, 1000)
    return out


@settings(max_examples=60, deadline=None)
@given(network=networks(), seed=st.integers(0, 2**32 - 1))
def test_no_order_of_deciding_changes_where_a_cascade_ends(network, seed):
    rng, n = np.random.default_rng(seed), network[4].size
    end = together(network)
    assert all(
        np.array_equal(one_after_another(network, rng.permutation(n)), end) for _ in range(3)
    )


@settings(max_examples=40, deadline=None)
@given(network=networks(most=9))
def test_a_cascade_ends_in_the_least_fixed_point(network):
    start, ties, pull, thresholds, out = network
    n, end = out.size, together(network)
    for bits in itertools.product((0, 1), repeat=n):
        street, new = np.array(bits, np.uint8), np.zeros(n, np.uint8)
        fixed = (
            graph.decide(
                NOBODY,
                street,
                np.zeros(n, np.uint8),
                start,
                ties,
                pull,
                0.0,
                thresholds,
                0.0,
                1.0,
                np.arange(n),
                new,
            )
            == 0
        )
        if fixed:
            assert (end <= street).all()
    assert (
        graph.decide(
            NOBODY,
            end,
            np.zeros(n, np.uint8),
            start,
            ties,
            pull,
            0.0,
            thresholds,
            0.0,
            1.0,
            np.arange(n),
            end.copy(),
        )
        == 0
    )


@settings(max_examples=40, deadline=None)
@given(
    thresholds=st.lists(st.integers(0, 101), min_size=100, max_size=100),
    lower=st.lists(st.integers(0, 30), min_size=100, max_size=100),
)
def test_on_the_kernel_of_the_scenarios_too(thresholds, lower):
    """Turnout never falls on the way, ends in the least share that sustains itself, in any order of
    people, and lower thresholds never lower it.
    """
    thresholds = np.array(thresholds)
    path = [int(x[0]) for x in Towns(thresholds, PERCENT).path()]
    assert path == sorted(path) and path[-1] == next(
        r for r in range(101) if (thresholds <= r).sum() == r
    )
    assert least_turnout(np.random.default_rng(1).permutation(thresholds), PERCENT)[0] == path[-1]
    assert least_turnout(np.maximum(thresholds - lower, 0), PERCENT)[0] >= path[-1]


@settings(max_examples=200, deadline=None)
@given(k=st.integers(1, 64), m=st.integers(0, 64), above=st.sampled_from([1e-9, 1e-6, 0.01]))
def test_who_is_just_persuaded_goes(k, m, above):
    m = min(m, k)
    for phi in (m / k, 1 - (k - m) / k, sum([1 / k] * m)):
        x = citizens.felt(m / k, 0.0) - phi
        assert decision.goes_out(x) and not decision.goes_out(x - above)
        assert crowd.share_out(m / k, 0.0, np.array([phi]), np.array([1.0])) == 1.0
    start, ties = graphs.from_pairs(k + 1, np.zeros(k, int), np.arange(1, k + 1))
    out = (np.arange(k + 1) <= m).astype(np.uint8)
    out[0] = 0
    for phi, goes in ((m / k, 1), (m / k + above, 0)):
        new = np.zeros(k + 1, np.uint8)
        graph.decide(
            NOBODY,
            out,
            np.zeros(k + 1, np.uint8),
            start,
            ties,
            np.full(k + 1, 1 / k),
            0.0,
            np.full(k + 1, phi),
            0.0,
            1.0,
            np.array([0]),
            new,
        )
        assert new[0] == goes


@settings(max_examples=60, deadline=None)
@given(
    alpha=st.floats(0, 6),
    beta=st.floats(0.2, 50),
    z=st.floats(-0.5, 1.5),
    cost=st.floats(0.05, 0.95),
    more=st.floats(0.001, 0.04),
)
def test_the_cut_off_of_the_forces_is_the_least_and_falls_with_what_they_lose(
    alpha, beta, z, cost, more
):
    one = np.array([1.0])
    star = coordination.cutoff(np.array([ndtri(cost)]), one, alpha, beta, z)
    all_ = roots(
        lambda t: coordination.reply(t, np.array([ndtri(cost)]), one, alpha, beta, z) - t,
        1e-12,
        1 - 1e-12,
        400,
    )
    assert all(star <= t + 1e-6 for t in all_)
    assert coordination.cutoff(np.array([ndtri(cost + more)]), one, alpha, beta, z) <= star + 1e-9


@settings(max_examples=60, deadline=None)
@given(
    steep=st.floats(0.0, 0.999),
    beta=st.floats(0.2, 5000),
    z=st.floats(-0.5, 1.5),
    seed=st.integers(0, 2**32 - 1),
)
def test_where_there_is_one_cut_off_it_is_reached_from_everywhere(steep, beta, z, seed):
    """steep: alpha^2 over 2 pi beta, as a root; at 1 there may be several."""
    rng = np.random.default_rng(seed)
    lost, weight = rng.normal(0, rng.uniform(0.05, 2), 5), rng.dirichlet(np.ones(5))
    alpha = steep * np.sqrt(2 * np.pi * beta)
    found = [coordination.cutoff(lost, weight, alpha, beta, z, x) for x in (0.0, 0.4, 1.0)]
    gaps = [coordination.reply(x, lost, weight, alpha, beta, z) - x for x in found]
    assert np.abs(gaps).max() < 2e-12 and np.ptp(found) < 4e-12 / (1 - steep)


@settings(max_examples=60, deadline=None)
@given(c=st.floats(0.02, 0.98), beta=st.floats(0.2, 5000), cost=st.floats(0.01, 30))
def test_who_has_the_signal_of_the_cut_off_is_indifferent_while_strength_is_feigned(c, beta, cost):
    """The weakest who stands gains nothing by it, and those below are as likely as (coordination.3)
    says: by summing over strengths.
    """
    theta, x, y = coordination.feigned_cutoff(c, beta, cost)
    root = np.sqrt(beta)
    shown = np.linspace(max(theta, y), max(theta, y) + 40 / root, 40_001)
    falls = ndtr(root * (theta - x))
    stands = np.trapezoid(root * np.exp(-0.5 * (root * (x - shown)) ** 2), shown)
    stands = stands / np.sqrt(2 * np.pi)
    stands += (y - theta) * root * np.exp(-0.5 * (root * (x - y)) ** 2) / np.sqrt(2 * np.pi)
    assert falls == pytest.approx(c * (falls + stands), rel=1e-3, abs=1e-12)
    share = ndtr(root * (x - y)) + cost * (y - theta)
    assert share == pytest.approx(theta, abs=1e-9)


@settings(max_examples=100, deadline=None)
@given(prior=st.floats(0.01, 0.98), standard=st.floats(0.02, 0.99), bias=st.floats(0, 1))
def test_no_bias_persuades_beyond_prior_over_standard(prior, standard, bias):
    assert media.persuade(prior, standard, bias) <= min(1.0, prior / standard) + 1e-9
