"""The ruler may be convinced, and leaves when little is left to keep."""

from __future__ import annotations

import dataclasses

import pytest

from thermidor.engine.batch import simulate_many
from thermidor.mechanism import BUILT_IN
from thermidor.mechanisms.ruler import (
    ABROAD,
    HOME,
    Parameters,
    Threats,
    chances,
    cost_of_leaving,
    worth_abroad,
    worth_home,
)

P, AT_EASE = Parameters(), Threats(0.0, 0.0, 0.0, 0.0)
CORNERED = Threats(0.95, 0.3, 0.0, 0.5)


def leaves(p: Parameters, threats: Threats, offer: float, refusing: float = 0.0) -> float:
    """Chance that the ruler leaves."""
    return float(chances(worth_home(p, threats, offer, refusing), p.noise)[HOME.leave])


def test_leaving_costs_what_would_be_kept():
    assert cost_of_leaving(P, 0.0, 0.0) == P.leaving_cost
    assert cost_of_leaving(P, 1.0, 0.0) == pytest.approx(P.leaving_cost * (1 - P.lost_anyway))
    assert cost_of_leaving(P, 0.5, 2.0) < cost_of_leaving(P, 0.5, 1.0)


def test_some_leave_when_the_forces_waver_and_nobody_at_ease():
    """(ruler.3), and the better the way out the more do."""
    assert leaves(P, AT_EASE, 8.0) < 1e-4
    assert leaves(P, CORNERED, 0.5) < 0.02 < leaves(P, CORNERED, 0.5, 0.35) < 0.5
    assert leaves(P, CORNERED, 8.0, 0.35) > 0.9
    worth_less, worth_more = (dataclasses.replace(P, exit_worth=x) for x in (0.02, 0.12))
    for offer in (0.5, 2.0):
        assert leaves(worth_more, CORNERED, offer, 0.35) > 1.5 * leaves(
            worth_less, CORNERED, offer, 0.35
        )


def test_what_a_way_out_is_worth_decides_who_goes(small):
    """Great crowds and a way out: with a higher worth more rulers take it."""
    patch = {"broker.exit_offer": 4, "events.onset_day": 1, "events.onset": 4.5}
    patch |= {"citizens.country": 0.9}
    off = [x for x in BUILT_IN if x not in ("ruler", "citizens", "events", "broker", "negotiation")]
    gone = [
        sum(run["leaving"].max() > 0 for run in simulate_many([s] * 8, 1, range(8)))
        for s in (
            small.patched(patch | {"ruler.exit_worth": x}, days=60, switched_off=off)
            for x in (0.02, 0.12)
        )
    ]
    assert gone[0] < gone[1]


def test_a_ruler_may_concede_from_conviction():
    """With nothing that threatens: not by default, but where what the regime stands for says so."""
    assert worth_abroad(P, AT_EASE)[ABROAD.concede] < 0
    convinced = dataclasses.replace(P, ideology=0.6, ideology_deal=1.0)
    assert worth_abroad(convinced, AT_EASE)[ABROAD.concede] > 0


def test_the_range_of_conviction_spans_both():
    """At its low end a ruler who believes refuses the more, at its high end concedes the more."""
    field = next(f for f in dataclasses.fields(Parameters) if f.name == "ideology_deal")
    low, high = (
        [
            worth_abroad(dataclasses.replace(P, ideology=i, ideology_deal=x), AT_EASE)
            for i in (0.0, 0.6)
        ]
        for x in (field.metadata["low"], field.metadata["high"])
    )
    assert low[1][ABROAD.concede] < low[0][ABROAD.concede] == high[0][ABROAD.concede] < 0
    assert high[1][ABROAD.concede] > 0
