"""The coalition's own life: its quarrels, its factions' interests, who follows a leader."""

from __future__ import annotations

import numpy as np
import pytest

from thermidor.engine.batch import simulate_many
from thermidor.mechanisms.elites import counterweight, interests, quarrel, wages
from thermidor.places.axes import FACTION


def test_quarrels_keep_their_spread():
    """(elites.6): the variance of a day later is that of the first day."""
    for sd, days in ((1.0, 60.0), (2.5, 180.0), (4.0, 500.0)):
        kept, fresh = quarrel(sd, sd, days, 0.0), quarrel(0.0, sd, days, 1.0)
        assert kept**2 + fresh**2 == pytest.approx(sd**2)
        assert kept == pytest.approx(sd * (1 - 1 / days))


def test_lasting_discord_raises_no_mean_of_attempts():
    """(elites.4): the mean of exp(discord/noise - (sd/noise)^2/2) over countries is 1."""
    x, weight = np.polynomial.hermite_e.hermegauss(60)
    for sd, noise in ((2.5, 4.0), (4.0, 2.0)):
        mean = weight @ np.exp(sd * x / noise - (sd / noise) ** 2 / 2) / weight.sum()
        assert mean == pytest.approx(1.0)


def test_factions_have_interests_of_their_own():
    class Assumed:
        zeal_clerics, zeal_generals, unpaid, hardship_weight = 2.0, 1.0, 4.0, 3.0

    ordinary, unpaid = interests(Assumed, 1.0, 0.0), interests(Assumed, 0.5, 0.2)
    assert ordinary.tolist() == [2.0, 1.0, 0.0, 0.0]
    assert (unpaid - ordinary).tolist() == pytest.approx([0.0, -2.0, -0.6, 0.0])
    assert interests(Assumed, 1.5, -1.0).tolist() == ordinary.tolist()
    cut = wages(0.25, 1.5)
    assert cut[FACTION.cronies] == 0.25 and cut[FACTION.clerics] == 0.5
    assert wages(0.0, 1.5).tolist() == [0.0] * 4 and wages(9.0, 1.5).tolist() == [1.5] * 4


def test_a_rival_force_of_nobody_counts_for_nothing():
    assert counterweight(0.0, 0.0) == counterweight(0.0, 0.3) == 0.0
    assert counterweight(0.3, 0.0) == 1.0 and counterweight(0.1, 0.3) == pytest.approx(0.25)


def test_a_succession_is_contested(small):
    """Until the leader dies the quarrels are the same; on the day after one is added, which then
    fades.
    """
    base = {"events.leader_mortality": 0.5, "elites.discord_days": 100.0}
    arms = (small.patched(base | {"elites.rivalry": x}, days=300) for x in (3.0, 0.0))
    for with_, without in zip(*(simulate_many([s] * 8, 1, range(8)) for s in arms), strict=True):
        days = min(with_.day, without.day)
        died = np.flatnonzero(np.diff(without["successions"][: days + 1]) > 0) + 1
        if len(died) and died[0] + 5 < days:
            break
    more = (with_["discord"] - without["discord"][: len(with_["discord"])])[: days + 1]
    day = died[0]
    assert np.all(more[: day + 1] == 0) and more[day + 1] > 0
    assert more[day + 3] == pytest.approx(more[day + 1] * 0.99**2)


def test_members_leave_before_anybody_is_in_the_street(small):
    """In some futures the coalition has come apart in quiet days."""
    made = small.patched({"elites.discord": 4.0, "events.spark_rate": 0.3}, days=120)
    lows = [run["united"].min() for run in simulate_many([made] * 16, 2, range(16))]
    assert sum(x < 0.8 for x in lows) >= 2 and sum(x > 0.95 for x in lows) >= 2
