"""The fast kernel of the citizens against the plain one: the same people, bit for bit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.oracles.plain import decide_plain, look_around, neighbours, pack, some_people, unpack
from thermidor.chance.draws import Draw
from thermidor.kernels import crowd
from thermidor.kernels.bits import lanes_below, person_uniform, person_unit
from thermidor.kernels.people import at_home
from thermidor.mechanisms import citizens
from thermidor.places import populate
from thermidor.places.people import first_guesses, match, spread, spread_threaded


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    ring=st.integers(0, 4),
    long=st.integers(0, 9),
    noise=st.sampled_from([0.0, 0.03, 0.25, 1.0]),
    level=st.sampled_from([-12.0, -6.0, -3.5, -1.0, 2.0]),
    able=st.sampled_from([0.1, 1.0]),
    out=st.sampled_from([0.0, 0.01, 0.4]),
    hurt=st.sampled_from([0.0, 0.02]),
)
def test_the_fast_kernel_gives_the_same_people(seed, ring, long, noise, level, able, out, hurt):
    assume(2 * ring + long <= 15)
    rng = np.random.default_rng(seed)
    words = rng.integers(1, 4, 3)
    total, n = int(words.sum()), 64 * int(words.sum())
    ties = np.empty((long, total), np.uint32)
    for t in range(long):
        order, half, turn = rng.permutation(total), total // 2, rng.integers(1, 64, total // 2)
        a, b = order[:half], order[half : 2 * half]
        ties[t, a], ties[t, b] = b * 64 + turn, a * 64 + (64 - turn)
        ties[t, order[2 * half :]] = order[2 * half :] * 64 + 32
    disposition = rng.integers(0, 256, n).astype(np.uint8)
    group = rng.integers(0, 16, n).astype(np.uint8)
    away = rng.random(n) < 0.1
    street, harmed = (rng.random(n) < out) & ~away, rng.random(n) < hurt
    anger = rng.integers(0, 4, n) * (rng.random(n) < 0.3)
    people = some_people(
        disposition, group, ties, words, out=street, away=away, anger=anger, hurt=harmed
    )
    utility, key = rng.normal(level, 0.5, (3, 16)), np.uint64(rng.integers(0, 2**63))
    rule = crowd.Rule(tie=0.2, anger=0.3, fade=0.1, noise=noise, able=able)
    want, angry, would = decide_plain(key, people, ring, citizens.LEVELS, utility, rule)
    counts, shift = np.zeros((3, 16), np.int64), np.zeros((3, 16), np.int64)
    look_around(people)
    crowd.decide(key, people, ring, citizens.LEVELS, utility, utility.max(1), rule, counts, shift)
    assert np.array_equal(unpack(people.spare), want)
    assert np.array_equal(unpack(people.anger0) + 2 * unpack(people.anger1), angry)
    assert counts.sum() == want.sum() and shift.sum() == int(want.sum()) - int(would.sum())


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), active=st.integers(0, 30), ring=st.integers(0, 2))
def test_whoever_has_a_tie_in_the_street_is_told(seed, active, ring):
    """A word that is not marked has no active tie; with few in the street most words are left in
    peace.
    """
    rng = np.random.default_rng(seed)
    words = rng.integers(50, 80, 3)
    total = int(words.sum())
    ties, nobody = np.empty((4, total), np.uint32), np.zeros(total * 64, np.uint8)
    for row in ties:
        order = rng.permutation(total)[: total // 2 * 2].reshape(2, -1)
        turn = rng.integers(1, 64, total // 2)
        row[:] = np.arange(total) * 64 + 32
        row[order[0]], row[order[1]] = order[1] * 64 + turn, order[0] * 64 + (64 - turn)
    street, people = np.zeros(total * 64, bool), at_home(nobody, nobody, ties, words)
    street[rng.integers(0, total * 64, active)] = True
    people.out[:] = pack(street)
    look_around(people)
    near, province, first = people.near, people.province, people.first
    friends = np.array(
        [
            any(
                street[k]
                for k in neighbours(
                    i, ring, ties, int(first[province[i >> 6]]), int(words[province[i >> 6]])
                )
            )
            for i in range(street.size)
        ]
    )
    assert not friends.reshape(-1, 64).any(1)[(near & 1) == 0].any() and not (near & 2).any()
    assert active > 10 or (near & 1).sum() <= 7 * active


@settings(max_examples=30, deadline=None)
@given(
    key=st.integers(0, 2**63), probability=st.sampled_from([0.0, 1e-7, 1e-3, 0.03, 0.3, 0.8, 1.0])
)
def test_thinning_by_levels_is_exact(key, probability):
    key = np.uint64(key)
    for w in range(20):
        found = unpack(
            np.array([lanes_below(key, w, probability, np.uint64(2**64 - 1))], np.uint64)
        )
        assert list(found) == [
            person_uniform(key, w * 64 + lane) < probability for lane in range(64)
        ]


def test_the_numbers_of_people_are_uniform():
    x = np.array([person_uniform(np.uint64(11), i) for i in range(60_000)])
    counts, _ = np.histogram(x, 32, (0, 1))
    assert (
        (counts - len(x) / 32) ** 2 / (len(x) / 32)
    ).sum() < 61  # chi-square, 31 degrees, one in a thousand is 61.1
    assert (x < 2.0**-12).sum() == pytest.approx(len(x) / 4096, abs=4 * np.sqrt(len(x) / 4096))


def test_threads_change_nothing(small):
    place = small.place
    out = []
    for kernel in (crowd.decide, crowd.decide_threaded):
        people = populate(place, citizens.disposition_weights(), 2, 6, 0.67, Draw(1, 1, "citizens"))
        blocks = len(people.blocks) - 1
        counts, shift = np.zeros((blocks, 16), np.int64), np.zeros((blocks, 16), np.int64)
        utility = np.full((3, 16), -1.5)
        people.near[:] = 3
        for day in range(5):
            counts[:] = shift[:] = 0
            kernel(
                np.uint64(day),
                people,
                2,
                citizens.LEVELS,
                utility,
                utility.max(1),
                crowd.Rule(tie=0.1, anger=0.2, fade=0.1, noise=0.25, able=1.0),
                counts,
                shift,
            )
            people.out[:] = people.spare
        out.append((people.out.copy(), counts.copy(), shift.copy()))
    assert all(np.array_equal(a, b) for a, b in zip(*out, strict=True)) and out[0][1].sum() > 100


def test_ties_are_mutual_and_everybody_has_as_many(small):
    people = populate(
        small.place, citizens.disposition_weights(), 2, 6, 0.67, Draw(1, 1, "citizens")
    )
    n = people.group.size
    of = [
        neighbours(
            i,
            2,
            people.ties,
            int(people.first[people.province[i >> 6]]),
            int(people.words[people.province[i >> 6]]),
        )
        for i in range(n)
    ]
    assert all(len(t) == 10 for t in of)
    assert all(of[j].count(i) == of[i].count(j) for i in range(0, n, 7) for j in of[i])


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), members=st.sampled_from([2, 16, 256]))
def test_a_table_is_looked_up_exactly_on_any_number_of_threads(seed, members):
    """The guess where to begin saves steps and decides nothing, with empty members too."""
    rng = np.random.default_rng(seed)
    shares = rng.dirichlet(np.full(members, 0.1), 3) * rng.integers(0, 2, (3, members))
    tables = np.cumsum(shares / np.maximum(shares.sum(1, keepdims=True), 1e-9), axis=1)
    key, province = np.uint64(rng.integers(0, 2**63)), np.array([0, 1, 1, 2], np.int16)
    found = [np.empty(256, np.uint8) for _ in range(2)]
    for look, out in zip((spread, spread_threaded), found, strict=True):
        look(key, tables, first_guesses(tables), province, out)
    want = [
        min(members - 1, np.searchsorted(tables[province[i >> 6]], person_unit(key, i), "right"))
        for i in range(256)
    ]
    assert np.array_equal(found[0], want) and np.array_equal(found[0], found[1])


def test_words_are_paired_at_random():
    """Each pair and each turn equally often; ties of the province stay there; one that is left over
    is joined to itself.
    """
    first, words = np.array([0, 5]), np.array([5, 6])
    partner, turns, near = np.zeros((11, 11)), np.zeros(64), np.zeros((11, 11))
    for k in range(4000):
        ties = np.empty((2, 11), np.uint32)
        match(np.uint64(k), first, words, 1, ties)
        near[np.arange(11), ties[0] >> 6] += 1
        partner[np.arange(11), ties[1] >> 6] += 1
        turns += np.bincount(ties[1] & 63, minlength=64)
    assert not near[:5, 5:].any() and not near[5:, :5].any()
    assert not np.diag(near)[5:].any() and near[:5, :5] == pytest.approx(800, abs=110)
    assert near[5:, 5:][~np.eye(6, dtype=bool)] == pytest.approx(800, abs=110)
    assert partner == pytest.approx(4000 / 11, abs=80)
    alone = np.diag(partner).sum()
    turns[32] -= alone
    assert alone == 4000 and turns[0] == 0 and turns[1:] == pytest.approx(40_000 / 63, abs=140)


def test_people_are_drawn_as_the_place_says(small):
    big = small.sized(60_000)
    people = populate(big.place, citizens.disposition_weights(), 2, 6, 0.67, Draw(1, 1, "citizens"))
    for p in range(3):
        inside = slice(int(people.first[p]) * 64, int(people.first[p] + people.words[p]) * 64)
        n, share = people.words[p] * 64, big.place.composition[p]
        found = np.bincount(people.group[inside], minlength=16) / n
        assert np.all(np.abs(found - share) <= 4.5 * np.sqrt(share * (1 - share) / n) + 1e-12)
    z = citizens.LEVELS[people.disposition]
    assert abs(z.mean()) < 0.02 and abs(z.std() - 1) < 0.02


@pytest.mark.parametrize("noise", [0.0, 0.1, 0.25, 0.5])
def test_the_table_of_shares_holds_the_share_at_each_utility(noise):
    weights = citizens.disposition_weights()
    table = crowd.shares_out(citizens.UTILITIES, noise, citizens.LEVELS, weights)
    want = [crowd.share_out(u, noise, citizens.LEVELS, weights) for u in citizens.UTILITIES]
    assert table == pytest.approx(np.array(want), rel=1e-10, abs=0)


@pytest.mark.parametrize("noise", [0.1, 0.25, 0.5])
@pytest.mark.parametrize("quiet", [4e-6, 6e-5])
def test_the_quiet_level_gives_the_quiet_turnout(noise, quiet):
    """By the rule itself and not by the table in which the level was looked for."""
    weights, able = citizens.disposition_weights(), 0.25
    by_group, offset = np.full(16, 1 / 16), np.linspace(-0.5, 0.5, 16)
    offset[:2] = citizens.AT_HOME
    grid = citizens.UTILITIES
    shares = able * crowd.shares_out(grid, noise, citizens.LEVELS, weights)
    level = citizens.quiet_level(quiet, by_group, offset, grid, np.log(shares))
    out = [crowd.share_out(level + o, noise, citizens.LEVELS, weights) for o in offset[2:]]
    assert able * sum(out) / 16 == pytest.approx(quiet, rel=5e-4)


def test_turnout_as_told_has_the_mean_of_the_count_and_less_noise(small):
    """citizens.7: share of the distribution plus what ties, anger and absence change, against a
    count of agents.
    """
    utility, weights = np.full((3, 16), -1.0), citizens.disposition_weights()
    log_share = np.log(
        [crowd.share_out(u, 0.25, citizens.LEVELS, weights) for u in citizens.UTILITIES]
    )
    told, counted = [], []
    for k in range(60):
        people = populate(small.place, weights, 2, 6, 0.67, Draw(1, k, "citizens"))
        people.near[:] = 3
        blocks = len(people.blocks) - 1
        counts, shift = np.zeros((blocks, 16), np.int64), np.zeros((blocks, 16), np.int64)
        for day in range(2):
            counts[:] = shift[:] = 0
            crowd.decide(
                np.uint64(1000 * k + day),
                people,
                2,
                citizens.LEVELS,
                utility,
                utility.max(1),
                crowd.Rule(tie=0.1, anger=0.2, fade=0.1, noise=0.25, able=1.0),
                counts,
                shift,
            )
            people.out[:] = people.spare
        share = crowd.turnout(
            utility,
            citizens.UTILITIES[0],
            citizens.UTILITIES[1] - citizens.UTILITIES[0],
            log_share,
            small.place.composition,
            shift,
            people.block_province,
            small.place.agents,
        )
        told.append(float(share.sum(1) @ small.place.weights))
        counted.append(
            float(
                (
                    np.array([counts[people.block_province == p].sum() for p in range(3)])
                    / small.place.agents
                )
                @ small.place.weights
            )
        )
    assert np.mean(told) == pytest.approx(np.mean(counted), abs=4 * np.std(counted) / np.sqrt(60))
    assert np.std(told) < 0.7 * np.std(counted)
