"""Published numbers from the code that the runs use. Values and tolerances are those of the theory notes (T1 to T10)."""
from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import ndtri

from thermidor.kernels import crowd
from thermidor.mechanisms import adversary, broker, elites, media, negotiation, security, treasury
from thermidor.mechanisms.citizens import felt


class Street:
    """People with fixed thresholds on the citizens' kernel: one province, one group, no luck."""

    def __init__(self, levels: np.ndarray, dispositions: np.ndarray, ring: int = 0):
        n = len(dispositions)
        words = -(-n // 64)
        self.n, self.ring, self.levels = n, ring, levels.astype(float)
        self.disposition = np.zeros(words * 64, np.uint8)
        self.disposition[:n] = dispositions
        self.away = np.zeros(words, np.uint64)
        for i in range(n, words * 64):
            self.away[i >> 6] |= np.uint64(1) << np.uint64(i & 63)
        self.out = np.zeros(words, np.uint64)
        self.words = words

    def seed(self, people: range) -> None:
        for i in people:
            self.out[i >> 6] |= np.uint64(1) << np.uint64(i & 63)

    def day(self, common: float, tie_weight: float = 0.0) -> int:
        """Play a day with this common utility; people out."""
        zero, w = np.zeros(self.words, np.uint64), self.words
        new, counts, shift = zero.copy(), np.zeros((1, 1), np.int64), np.zeros((1, 1), np.int64)
        crowd.decide(np.uint64(7), self.out, self.away, zero.copy(), zero.copy(), zero, False, 0.0, np.zeros((0, w), np.uint32), self.ring,
                     self.disposition, self.disposition.reshape(w, 64).min(1), np.zeros(w * 64, np.uint8), self.levels, np.zeros(w, np.int16),
                     np.array([0]), np.array([w]), np.array([0, w]), np.array([[common]]), np.array([common]), tie_weight, 0.0, 0.0, 1.0, new, counts, shift)
        self.out = new
        return int(counts.sum())

    def settle(self) -> int:
        """The least fixed point of turnout from nobody, each seeing the share of all (citizens.1 with country = 1, c = 0)."""
        out = 0
        while True:
            new = self.day(felt(out / self.n, 0.0))
            if new == out:
                return out
            out = new


def test_granovetter_hundred_rioters_and_one():
    levels = np.arange(256) / 100
    assert Street(levels, np.arange(100)).settle() == 100
    broken = np.arange(100)
    broken[1] = 2
    assert Street(levels, broken).settle() == 1


@pytest.mark.parametrize("order", [0, 1, 2])
def test_granovetter_does_not_depend_on_the_order_of_people(order):
    people = np.random.default_rng(order).permutation(100)
    assert Street(np.arange(256) / 100, people).settle() == 100


@pytest.mark.parametrize("thresholds, settles", [
    ([0, 20, 20, 30, 40, 50, 60, 70, 80, 100], 10), ([0, 10, 20, 30, 40, 50, 60, 70, 80, 100], 90),
    ([0, 20, 30, 30, 40, 50, 60, 70, 80, 100], 10), ([0, 10, 30, 30, 40, 50, 60, 70, 80, 100], 20),
    ([0] + [20] * 7 + [60, 100], 10), ([0, 10] + [20] * 6 + [60, 100], 90)])
def test_kuran_six_sequences(thresholds, settles):
    assert 10 * Street(np.arange(256) / 100, np.array(thresholds)).settle() == settles


GRID = np.linspace(-9, 9, 400_001)


def riot(sigma: float, mean: float = 25.0) -> float:
    """Least fixed point for thresholds N(mean, sigma) among a hundred, from the share that goes out in citizens.7."""
    edges = (GRID[1:] + GRID[:-1]) / 2
    below = np.array([0.0, *(0.5 * math.erfc(-x / math.sqrt(2)) for x in edges), 1.0]) if not hasattr(riot, "weights") else None
    riot.weights = np.diff(below) if below is not None else riot.weights
    r = 0.0
    for _ in range(4000):
        new = 100 * crowd.share_out((100 * felt(r / 100, 0.0) - mean) / sigma, 0.0, GRID, riot.weights)
        if abs(new - r) < 1e-9:
            break
        r = new
    return r


@pytest.mark.parametrize("sigma, rioters", [(10, 0.7699), (11, 1.7129), (12, 4.0211), (30, 99.339), (50, 90.485), (100, 65.857)])
def test_granovetter_normal_thresholds(sigma, rioters):
    assert riot(sigma) == pytest.approx(rioters, abs=2e-3)


def test_granovetter_jump_between_12_22_and_12_23():
    assert riot(12.22) < 6.2 and riot(12.23) > 99.9


@pytest.mark.parametrize("radius", [2, 3, 4])
def test_centola_macy_front_on_a_ring(radius):
    n = 1024
    for needed in range(1, radius + 2):
        street = Street(np.arange(256, dtype=float), np.full(n, needed), ring=radius)
        street.seed(range(n // 2 - radius, n // 2 + radius + 1))
        sizes = [2 * radius + 1]
        while len(sizes) < 600 and sizes[-1] < n:
            sizes.append(street.day(0.0, tie_weight=1.0))
        if needed > radius:
            assert max(sizes[1:]) <= 2 * radius + 1  # blocked
            continue
        steps = np.diff(sizes[:len(sizes) - 3])
        assert set(steps) == {2 * (radius - needed + 1)}
        expected = math.ceil((n - 2 * radius - 1) / (2 * (radius - needed + 1)))
        assert expected - 2 <= len(sizes) - 1 <= expected


@pytest.mark.parametrize("beta", [0.1, 1.0, 100.0])
@pytest.mark.parametrize("c", [0.2, 0.4, 0.75])
def test_global_game_cut_off_is_one_minus_c(beta, c):
    assert security.cutoff(np.array([ndtri(c)]), np.array([1.0]), 0.0, beta, 0.5) == pytest.approx(1 - c, abs=1e-9)


@pytest.mark.parametrize("alpha, beta, z, c, least", [(1, 1, .5, .4, .717682), (1, 1, 1, .4, .407353), (1, 1, 1, .5, .216736),
                                                      (1, 4, .3, .5, .549674), (1, 100, .5, .4, .604519), (4, 2.5, .5, .5, .406904)])
def test_global_game_with_a_public_signal(alpha, beta, z, c, least):
    assert security.cutoff(np.array([ndtri(c)] * 3), np.array([.2, .3, .5]), alpha, beta, z) == pytest.approx(least, abs=2e-6)


@pytest.mark.parametrize("c", [0.3, 0.6])
@pytest.mark.parametrize("beta", [1.0, 50.0])
def test_the_share_that_refuses_reaches_the_strength_exactly_at_the_cut_off(c, beta):
    courage, weight = np.array([ndtri(c)]), np.array([1.0])
    star = security.cutoff(courage, weight, 0.0, beta, 0.0)
    for theta, falls in ((star - 1e-4, True), (star + 1e-4, False)):
        refusing = security.refusal(courage, star, theta, 0.0, beta, 0.0)[0]
        assert (refusing >= theta) == falls


def test_epstein_arrest_chance_in_its_four_forms():
    literal, floor, smooth, rounded = range(4)
    assert security.FORMS == ("literal", "floor", "smooth", "rounded")
    ratios = (0.25, 1 / 3, 0.5, 1.0, 2.0)
    assert [security.arrest_chance(x, 2.3, literal) for x in ratios] == pytest.approx([.4373, .5354, .6834, .899741, .9899], abs=5e-5)
    assert [security.arrest_chance(x, 2.3, floor) for x in ratios] == pytest.approx([0, 0, 0, .899741, .9899], abs=5e-5)
    assert security.arrest_chance(1 / 2.3, 2.3, smooth) == pytest.approx(0.5)
    nearest = [security.arrest_chance(x, 1.0, rounded) for x in (0.5, 0.51, 1.0, 1.49, 1.5, 2.5)]
    assert nearest == pytest.approx([1 - math.exp(-x) for x in (0, 1, 1, 1, 2, 2)])


@pytest.mark.parametrize("d1, d2, share", [(.9, .9, .526316), (.95, .9, .689655), (.9, .95, .344828), (.5, .5, 2 / 3)])
def test_rubinstein_share(d1, d2, share):
    assert negotiation.proposer_share(d1, d2) == pytest.approx(share, abs=1e-6)


def test_powell_two_sides_of_the_inequality():
    assert adversary.waiting_is_worse(.3, .5, .1, .95)
    assert not adversary.waiting_is_worse(.3, .35, .1, .95)
    assert negotiation.guarantee_needed(.3, .5, .1, .95) == pytest.approx(1.15, abs=1e-9)
    assert negotiation.guarantee_needed(.3, .35, .1, .95) == 0.0


@pytest.mark.parametrize("coalition, selectorate, share", [(10, 1000, .014088), (10, 100, .016649), (500, 1000, .503642), (1000, 1000, 1.0)])
def test_selectorate_spending(coalition, selectorate, share):
    assert elites.patronage_share(coalition, selectorate, .9, 50) == pytest.approx(share, abs=1e-6)


def test_selectorate_welfare_of_a_member_is_least_at_a_coalition_of_27():
    w = np.arange(1, 1001)
    spent = elites.patronage_share(w, 1000, .9, 50)
    private, public = elites.private_part(w, 50) * spent / w, (1 - elites.private_part(w, 50)) * spent / 50
    assert w[(np.sqrt(private) + np.sqrt(public)).argmin()] == 27


@pytest.mark.parametrize("theta, delta, beta, q, mu", [(.8, .2, .95, .3, .724625), (.8, .2, .95, .7, .639125), (.5, .2, .9, .25, .481719),
                                                       (.9, .1, .95, .1, .848444)])
def test_acemoglu_robinson_promise(theta, delta, beta, q, mu):
    assert negotiation.promise_threshold(theta, delta, beta, q) == pytest.approx(mu, abs=1e-6)


@pytest.mark.parametrize("q, m, bias, complies", [(.3, .5, .428571, .6), (.2, .6, .166667, .333333), (.45, .5, .818182, .9)])
def test_persuasion_reaches_q_over_m_and_more_bias_is_worthless(q, m, bias, complies):
    most = q * (1 - m) / ((1 - q) * m)
    assert most == pytest.approx(bias, abs=1e-6)
    assert media.persuade(q, m, most) == pytest.approx(complies, abs=1e-5)
    assert media.persuade(q, m, most + 1e-3) == 0.0
    assert max(media.persuade(q, m, b) for b in np.linspace(0, 1, 2001)) <= q / m + 1e-9


def test_kydd_an_unbiased_broker_is_not_believed():
    needed = broker.weight_needed(peace_value=0.3, error=0.2, share_high=0.6, chance=0.5, cost=0.1, share_low=0.3)
    assert needed == pytest.approx(0.2 * 0.3 / (0.8 * 0.6 + 0.2 * 0.4 - 0.3)) and needed > 0


def ruin(up: float, start: float, days: int, runs: int, seed: int) -> np.ndarray:
    """Days until reserves of a treasury with fair spending and a random income of +-1 are empty (-1: never)."""
    steps = np.random.default_rng(seed).random((runs, days)) < up
    out = np.full(runs, -1)
    for k in range(runs):
        reserves = start
        for day in range(days):
            reserves, printed, _ = treasury.settle_accounts(reserves, 1.0 if steps[k, day] else -1.0, 0.0, 0.0, 0.0)
            if reserves <= 0:
                out[k] = day + 1
                break
    return out


def test_gamblers_ruin_chance_with_a_gain_on_average():
    n, p = 3000, (0.45 / 0.55) ** 6
    found = (ruin(0.55, 6, 400, n, 1) > 0).mean()
    assert found == pytest.approx(p, abs=3.5 * math.sqrt(p * (1 - p) / n))


def test_gamblers_ruin_time_with_a_loss_on_average():
    n, drift = 3000, 0.4
    time = ruin(0.3, 8, 600, n, 2)
    assert (time > 0).all()
    spread = math.sqrt(8 * (1 - drift**2) / drift**3 / n)  # variance of the first passage of a simple walk (Redner 2001)
    assert time.mean() == pytest.approx(8 / drift, abs=3.5 * spread)
