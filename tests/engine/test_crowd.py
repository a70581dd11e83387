"""The fast kernel of the citizens against the plain one: the same people, bit for bit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.oracles.plain import decide_plain, neighbours
from thermidor.kernels import crowd
from thermidor.kernels.bits import lanes_below, person_uniform
from thermidor.kernels.draws import Draw
from thermidor.mechanisms import citizens
from thermidor.places import settle


def pack(bits: np.ndarray) -> np.ndarray:
    return (bits.reshape(-1, 64).astype(np.uint64) << np.arange(64, dtype=np.uint64)).sum(
        1, dtype=np.uint64
    )


def unpack(words: np.ndarray) -> np.ndarray:
    return ((words[:, None] >> np.arange(64, dtype=np.uint64)) & np.uint64(1)).astype(bool).ravel()


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
    total, first = int(words.sum()), np.concatenate([[0], np.cumsum(words)[:-1]])
    province, n = np.repeat(np.arange(3, dtype=np.int16), words), 64 * int(words.sum())
    ties = np.empty((long, total), np.uint32)
    for t in range(long):
        order, half, turn = rng.permutation(total), total // 2, rng.integers(1, 64, total // 2)
        a, b = order[:half], order[half : 2 * half]
        ties[t, a], ties[t, b] = b * 64 + turn, a * 64 + (64 - turn)
        ties[t, order[2 * half :]] = order[2 * half :] * 64 + 32
    disposition = rng.integers(0, 256, n).astype(np.uint8)
    group = rng.integers(0, 16, n).astype(np.uint8)
    away = rng.random(n) < 0.1
    street = (rng.random(n) < out) & ~away
    harmed = rng.random(n) < hurt
    anger = rng.integers(0, 4, n) * (rng.random(n) < 0.3)
    utility, key = rng.normal(level, 0.5, (3, 16)), np.uint64(rng.integers(0, 2**63))
    a0, a1, new = pack((anger & 1) > 0), pack((anger & 2) > 0), np.zeros(total, np.uint64)
    counts, shift = np.zeros((3, 16), np.int64), np.zeros((3, 16), np.int64)
    near = np.empty(total, np.uint8)
    crowd.look_around(pack(street), pack(harmed), ties, province, first, words, near)
    crowd.decide(
        key,
        pack(street),
        pack(away),
        a0,
        a1,
        pack(harmed),
        near,
        0.1,
        ties,
        ring,
        disposition,
        disposition.reshape(total, 64).min(1),
        group,
        citizens.LEVELS,
        province,
        first,
        words,
        np.concatenate([first, [total]]),
        utility,
        utility.max(1),
        0.2,
        0.3,
        noise,
        able,
        new,
        counts,
        shift,
    )
    want, angry, would = decide_plain(
        key,
        street,
        away,
        anger,
        harmed,
        0.1,
        ties,
        ring,
        disposition,
        group,
        citizens.LEVELS,
        province,
        first,
        words,
        utility,
        0.2,
        0.3,
        noise,
        able,
    )
    assert np.array_equal(unpack(new), want) and np.array_equal(unpack(a0) + 2 * unpack(a1), angry)
    assert counts.sum() == want.sum() and shift.sum() == int(want.sum()) - int(would.sum())


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), active=st.integers(0, 30), ring=st.integers(0, 2))
def test_whoever_has_a_tie_in_the_street_is_told(seed, active, ring):
    """A word that is not marked has no active tie; with few in the street most words are left in
    peace.
    """
    rng = np.random.default_rng(seed)
    words = rng.integers(50, 80, 3)
    total, first = int(words.sum()), np.concatenate([[0], np.cumsum(words)[:-1]])
    province, ties = np.repeat(np.arange(3, dtype=np.int16), words), np.empty((4, total), np.uint32)
    for row in ties:
        order = rng.permutation(total)[: total // 2 * 2].reshape(2, -1)
        turn = rng.integers(1, 64, total // 2)
        row[:] = np.arange(total) * 64 + 32
        row[order[0]], row[order[1]] = order[1] * 64 + turn, order[0] * 64 + (64 - turn)
    street, near = np.zeros(total * 64, bool), np.empty(total, np.uint8)
    street[rng.integers(0, total * 64, active)] = True
    crowd.look_around(pack(street), pack(np.zeros_like(street)), ties, province, first, words, near)
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
        people = settle(place, citizens.disposition_weights(), 2, 6, 0.67, Draw(1, 1, "citizens"))
        blocks, groups = len(people.blocks) - 1, 16
        counts = np.zeros((blocks, groups), np.int64)
        shift = np.zeros((blocks, groups), np.int64)
        utility = np.full((3, groups), -1.5)
        for day in range(5):
            counts[:] = shift[:] = 0
            kernel(
                np.uint64(day),
                people.out,
                people.away,
                people.anger0,
                people.anger1,
                people.hurt,
                np.full_like(people.near, 3),
                0.1,
                people.ties,
                2,
                people.disposition,
                people.least,
                people.group,
                citizens.LEVELS,
                people.province,
                people.first,
                people.words,
                people.blocks,
                utility,
                utility.max(1),
                0.1,
                0.2,
                0.25,
                1.0,
                people.spare,
                counts,
                shift,
            )
            people.out[:] = people.spare
        out.append((people.out.copy(), counts.copy(), shift.copy()))
    assert all(np.array_equal(a, b) for a, b in zip(*out, strict=True)) and out[0][1].sum() > 100


def test_ties_are_mutual_and_everybody_has_as_many(small):
    people = settle(small.place, citizens.disposition_weights(), 2, 6, 0.67, Draw(1, 1, "citizens"))
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
    people = settle(big.place, citizens.disposition_weights(), 2, 6, 0.67, Draw(1, 1, "citizens"))
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
        people = settle(small.place, weights, 2, 6, 0.67, Draw(1, k, "citizens"))
        blocks = len(people.blocks) - 1
        counts, shift = np.zeros((blocks, 16), np.int64), np.zeros((blocks, 16), np.int64)
        for day in range(2):
            counts[:] = shift[:] = 0
            crowd.decide(
                np.uint64(1000 * k + day),
                people.out,
                people.away,
                people.anger0,
                people.anger1,
                people.hurt,
                np.full_like(people.near, 3),
                0.1,
                people.ties,
                2,
                people.disposition,
                people.least,
                people.group,
                citizens.LEVELS,
                people.province,
                people.first,
                people.words,
                people.blocks,
                utility,
                utility.max(1),
                0.1,
                0.2,
                0.25,
                1.0,
                people.spare,
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
