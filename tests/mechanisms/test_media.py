"""A broadcaster that lies persuades no fewer than one that does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thermidor.engine.simulate import simulate
from thermidor.mechanism import BUILT_IN
from thermidor.mechanisms.media import compliance, told_bias

SHARE = st.floats(0.05, 0.95)


@given(SHARE, st.floats(0.4, 0.6), st.floats(0.0, 0.15), st.floats(0.0, 1.0))
def test_no_order_makes_propaganda_worse_than_the_truth(prior, standard, spread, ordered):
    """(media.6): what is told is at most what is ordered, and persuades at least as many as any
    smaller bias does.
    """
    told = told_bias(prior, standard, spread, ordered)
    assert 0.0 <= told <= ordered
    complies = compliance(prior, standard, spread, told)
    for k in range(11):
        assert complies >= compliance(prior, standard, spread, ordered * k / 10) - 1e-12


def test_what_persuades_is_told_as_ordered_and_more_is_not():
    """With one standard the bias told is the published b*, at most."""
    most = 0.25 * 0.5 / (0.75 * 0.5)
    assert told_bias(0.25, 0.5, 0.0, 0.2) == 0.2
    assert told_bias(0.25, 0.5, 0.0, 0.9) == pytest.approx(most)


def test_in_a_scenario_too(small):
    """A bias of .35 above the b* = .333 of prior .25 persuaded fewer than honest news."""
    off = [name for name in BUILT_IN if name != "media"]
    patch = {"media.prior": 0.25, "media.standard": 0.5, "media.standard_spread": 0.08}
    lying, honest = (
        simulate(small.patched(patch | {"media.bias": b}, days=5, switched_off=off), 1, 0)
        for b in (0.35, 0.0)
    )
    assert honest["compliance"][-1] == pytest.approx(0.25)
    assert lying["compliance"][-1] > 0.3
