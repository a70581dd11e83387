"""The fast kernel of the citizens against the plain one: the same people, bit for bit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.oracles.plain import decide_plain, look_around, neighbours, pack, some_people, unpack
from thermidor.kernels import crowd
from thermidor.kernels.bits import lanes_below, person_uniform
from thermidor.kernels.draws import Draw
from thermidor.kernels.people import at_home
from thermidor.mechanisms import citizens
from thermidor.places import populate


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    ring=st.integers(0, 4),
    long=st.integers(0, 6),
    noise=st.sampled_from([0.0, 0.03, 0.25, 1.0]),
    level=st.sampled_from([-12.0, -6.0, -3.5, -1.0, 2.0]),
    able=st.sampled_from([0.1, 1.0]),
    out=st.sampled_from([0.0, 0.01, 0.4]),
    hurt=st.sampled_from([0.0, 0.02]),
)
def test_the_fast_kernel_gives_the_same_people(seed, ring, long, noise, level, able, out, hurt):
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
        order, turn = (
            rng.permutation(total)[: total // 2 * 2].reshape(2, -1),
            rng.integers(1, 64, total // 2),
        )
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
