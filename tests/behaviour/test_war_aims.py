"""When a campaign is opened, when it goes on, and what it does to what it is aimed at."""

from __future__ import annotations

import numpy as np
import pytest

from thermidor.engine.batch import simulate_many
from thermidor.engine.simulate import simulate
from thermidor.mechanisms.adversary import another_day_pays
from thermidor.places.axes import KIND

ONLY = {f"adversary.on_{x}": 0.0 for x in ("programme", "military", "guards", "broadcaster")}
WAR = {"adversary.under_way": 1.0, "programme.level": 0.6}


def test_a_campaign_goes_on_while_a_day_gains_more_than_it_costs():
    """(adversary.5): with nothing held back it lasts cost/weary (h p/weary - 1) days."""
    weary, cost, gain, power = 0.005, 0.04, 0.06, 0.4
    spent, days = 0.0, 0
    while another_day_pays(power, gain, weary, spent, 0.0, cost):
        spent, days = spent + weary, days + 1
    assert abs(days - cost / weary * (gain * power / weary - 1)) <= 1
    assert not another_day_pays(power, gain, weary, 0.0, 0.16, cost)  # fronts and brokers
    assert another_day_pays(power, gain, weary, 0.0, -1.0, cost)
    assert not another_day_pays(0.0, gain, weary, 0.0, 0.0, cost)


def test_one_who_can_act_at_any_time_needs_not_act_now(small):
    """The shift that counts is that until the next occasion: with many occasions a year there is
    little of it, and no campaign, though one could be opened on most days.
    """
    made = small.patched(WAR | {"adversary.under_way": 0.0}, days=150)
    often = {"adversary.occasions": {"value": 60.0, "low": 60.0, "high": 60.0, "source": "a test"}}
    now, never = (
        [(run["campaign"] > 0).any() for run in simulate_many([s] * 12, 1, range(12))]
        for s in (made, made.patched(often))
    )
    assert any(now) and not any(never)


def test_strikes_do_what_they_are_aimed_at(small):
    """All strikes on leaders kill commanders and leave the forces' order; all on the army do the
    opposite; all on the economy take income alone.
    """
    made = small.patched(WAR, days=25)
    on_leaders, on_army, on_economy = (
        simulate(made.patched(ONLY | {"adversary.on_leadership": 0.0} | aim), 1, 0, fixed=True)
        for aim in ({"adversary.on_leadership": 1.0}, {"adversary.on_military": 1.0}, {})
    )
    assert on_leaders["commanders_lost"].max() > 0.5 and on_leaders["disorder"].max() == 0
    assert on_army["disorder"].max() > 0.05 and on_army["commanders_lost"].max() == 0
    assert on_economy["oil_damage"].max() > 0.2
    assert on_economy["disorder"].max() == on_economy["commanders_lost"].max() == 0
    assert on_leaders["oil_damage"].max() == on_army["oil_damage"].max() == 0


def test_an_invasion_kills_people_and_forces_and_is_felt(small):
    """Ground forces that are just enough kill so many of a million a day until they are there."""
    plain = {"adversary.intensity": 0.0, "adversary.ground_deaths": 5.0}
    peace, war = (
        simulate(small.patched(plain | {"adversary.ground_force": g}, days=20), 1, 0, fixed=True)
        for g in (0.0, 1.0)
    )
    assert peace["killed_strikes"][-1] == 0
    days = np.diff(war["killed_strikes"])
    assert days == pytest.approx(5.0 * small.place.population.sum() / 1e6)
    assert war["memory_of_war"][-1] > 0.5 > peace["memory_of_war"][-1] == 0
    fewer = []
    simulate(
        small.patched(plain | {"adversary.ground_force": 1.0}, days=20),
        1,
        0,
        fixed=True,
        watch=lambda m: fewer.append(np.asarray(m.now["forces"]).sum(1)),
    )
    assert fewer[-1][KIND.army] < 0.95 * fewer[0][KIND.army]
    assert fewer[-1][KIND.police] == pytest.approx(fewer[0][KIND.police])
