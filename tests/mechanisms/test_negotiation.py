"""A promise is believed by a part of the people, and by all or none where all think alike."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thermidor.engine.simulate import simulate
from thermidor.mechanism import BUILT_IN
from thermidor.mechanisms.negotiation import Parameters, believing, promise_threshold

SHARE = st.floats(0.0, 1.0)


@given(SHARE, SHARE)
def test_without_a_spread_the_published_step(cost, needed):
    assert believing(cost, needed, 0.0) == float(cost >= needed)
    if abs(cost - needed) > 1e-3:
        assert believing(cost, needed, 1e-6) == pytest.approx(float(cost > needed), abs=1e-9)


def test_under_a_great_crowd_few_believe():
    """A revolution that destroys less than theta threatens, and a promise does not avert it."""
    p = Parameters()
    needed = promise_threshold(p.rich_income, p.rich, p.people_patience, p.threat_chance)
    shares = [
        believing(p.revolution_cost - p.revolution_eased * street, needed, p.belief_spread)
        for street in (0.0, 0.3, 0.8)
    ]
    assert shares[0] > 0.85 > shares[1] > 0.4 and shares[2] < 0.05


@pytest.mark.parametrize(
    "name",
    ["people_patience", "rich", "rich_income", "threat_chance", "revolution_cost", "belief_spread"],
)
def test_what_is_believed_of_a_promise_depends_on(small, name):
    """Parameters that did nothing, low and high in the same future."""
    field = next(f for f in dataclasses.fields(Parameters) if f.name == name)
    patch = {"negotiation.pact_day": 3, "negotiation.transfer": 0}
    off = [x for x in BUILT_IN if x != "negotiation"]
    low, high = (
        simulate(small.patched(patch | {f"negotiation.{name}": x}, days=6, switched_off=off), 1, 0)[
            "pact_believed"
        ][-1]
        for x in (field.metadata["low"], field.metadata["high"])
    )
    assert low != high and min(low, high) > 0 and max(low, high) < 1


def test_a_transfer_of_power_is_believed(small):
    off = [x for x in BUILT_IN if x != "negotiation"]
    run = simulate(small.patched({"negotiation.pact_day": 3}, days=6, switched_off=off), 1, 0)
    assert run["pact_believed"][-1] == 1.0
