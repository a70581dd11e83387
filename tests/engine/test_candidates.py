"""Candidates of crowd.py: rows of bytes against NumPy, large countries with everything at once
against the plain kernel.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit, uint64

from tests.oracles.plain import copied, decide_plain, look_around, some_people, unpack
from thermidor.kernels import crowd
from thermidor.kernels.bits import CHUNK, LEVELS, person_uniform, two_more
from thermidor.kernels.candidates import ROWS, STEPS, TIES, choose, choose_few, draw_levels, reaches
from thermidor.kernels.rows import masked_sum
from thermidor.mechanisms import citizens


@njit
def _choose(few, array, start, size, board, weights, chosen):
    if few:
        choose_few(array, uint64(start), uint64(size), board, weights, chosen)
    else:
        choose(array, uint64(start), uint64(size), board, weights, chosen)


@njit
def _masked_sum(board, first, last, n, weights, into):
    masked_sum(board, uint64(first), uint64(last), uint64(n), weights, into)


@njit
def _draw(key, start, board):
    return draw_levels(key, uint64(start), board)


@njit
def _count(rows):
    c0, c1, c2, c3 = uint64(0), uint64(0), uint64(0), uint64(0)
    for k in range(0, rows.size, 2):
        c0, c1, c2, c3 = two_more(c0, c1, c2, c3, rows[k], rows[k + 1])
    return c0, c1, c2, c3


def board_of(rng) -> np.ndarray:
    board = rng.integers(0, 2**64, (ROWS, CHUNK), np.uint64)
    board[0] = ~np.uint64(0)
    return board


def sums(board: np.ndarray, rows, weights: np.ndarray) -> np.ndarray:
    """What `masked_sum` adds for every person of the board, in plain integers."""
    return np.minimum(sum(unpack(board[r]).astype(int) * int(weights[r]) for r in rows), 255)


@settings(max_examples=50, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    largest=st.sampled_from([3, 40, 255]),
    size=st.integers(1, CHUNK),
    few=st.booleans(),
)
def test_rows_of_bytes_are_added_and_compared_as_numbers_are(seed, largest, size, few):
    rng = np.random.default_rng(seed)
    board, weights = board_of(rng), rng.integers(0, largest + 1, ROWS).astype(np.uint8)
    array = rng.integers(0, 256, 64 * (CHUNK + 3)).astype(np.uint8)
    chosen = np.zeros(CHUNK, np.uint64)
    into = np.empty(64, np.uint8)
    _choose(few, array, 64 * 3, size, board, weights, chosen)
    rows = (0, *STEPS[1:-1], *range(TIES, TIES + (2 if few else 6)))
    want = np.minimum(array[64 * 3 :].astype(int) + 1, 255) <= sums(board, rows, weights)
    assert np.array_equal(unpack(chosen[:size]), want[: 64 * size]) and not chosen[size:].any()
    _masked_sum(board, 2, 9, size - 1, weights, into)
    assert np.array_equal(into, sums(board, range(2, 9), weights)[64 * (size - 1) : 64 * size])


@settings(deadline=None)
@given(seed=st.integers(0, 2**32 - 1), pairs=st.integers(1, 7))
def test_two_at_a_time_are_counted_as_one_by_one(seed, pairs):
    rows = np.random.default_rng(seed).integers(0, 2**64, 2 * pairs, np.uint64)
    planes = [unpack(np.array([c], np.uint64)).astype(int) for c in _count(rows)]
    assert np.array_equal(
        sum(p << k for k, p in enumerate(planes)), unpack(rows).reshape(-1, 64).sum(0)
    )


def test_levels_of_many_words_are_those_of_each_person():
    key, board = np.uint64(99), board_of(np.random.default_rng(1))
    drawn = _draw(key, 5, board)
    u = np.array([person_uniform(key, 64 * 5 + i) for i in range(64 * CHUNK)])
    for j in range(drawn):
        assert np.array_equal(unpack(board[j]), u < 2.0**-j)
    assert drawn == LEVELS + 1 or not (u < 2.0**-drawn).any()


@pytest.mark.parametrize("able", [0.1, 0.25, 0.3, 1.0])
@pytest.mark.parametrize("noise", [0.03, 0.25, 5.0])
def test_beyond_the_reach_of_a_level_nobody_goes_out(noise, able):
    """candidates.1: with the least number of a level, whoever is a little more reluctant than its
    reach stays, a little less goes.
    """
    reach, previous = reaches(noise, able), 0
    for r, last in zip(reach[:-1], STEPS[1:-1], strict=True):
        u = 2.0**-last
        goes = (
            [u * (1 + np.exp(-x / noise)) < able for x in (-r - 1e-6, -r + 1e-6)]
            if np.isfinite(r)
            else [u < able]
        )
        assert goes == ([False, True] if np.isfinite(r) else [False]) and last > previous
        previous = last
    assert reach[-1] == np.inf


@settings(max_examples=12, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    noise=st.sampled_from([0.0, 0.25, 3.0]),
    level=st.sampled_from([-3.4, -1.4, 1.0]),
    weight=st.sampled_from([0.0, 0.08, 0.8, 3.0]),
    even=st.booleans(),
    out=st.sampled_from([0.002, 0.1, 0.9]),
)
def test_more_words_than_a_chunk_and_any_levels(seed, noise, level, weight, even, out):
    """Provinces longer than a chunk, blocks that end within one, dispositions that are not evenly
    spaced, ties that outweigh a byte.
    """
    rng = np.random.default_rng(seed)
    words, total = np.array([CHUNK + 7, 2, 3]), CHUNK + 12
    n = 64 * total
    blocks = np.array([0, 40, CHUNK + 7, CHUNK + 9, total])
    ties = np.empty((5, total), np.uint32)
    for row in ties:
        order, turn = rng.permutation(total), rng.integers(1, 64, total // 2)
        a, b = order[: total // 2], order[total // 2 : total // 2 * 2]
        row[order[-1]] = order[-1] * 64 + 32
        row[a], row[b] = b * 64 + turn, a * 64 + (64 - turn)
    levels = citizens.LEVELS if even else np.sort(rng.normal(0, 2, 256))
    disposition = np.clip(rng.normal(128, 26, n), 0, 255).astype(np.uint8)
    group = rng.integers(0, 16, n).astype(np.uint8)
    away, street, hurt = rng.random(n) < 0.05, rng.random(n) < out, rng.random(n) < 0.002
    anger = rng.integers(0, 4, n) * (rng.random(n) < 0.02)
    utility, key = rng.normal(level, 0.3, (3, 16)), np.uint64(rng.integers(0, 2**63))
    utility[:, 0] = -1e9
    before = some_people(
        disposition, group, ties, words, blocks, out=street, away=away, anger=anger, hurt=hurt
    )
    rule = crowd.Rule(tie=weight, anger=0.3, fade=0.1, noise=noise, able=0.8)
    want, angry, would = decide_plain(key, before, 2, levels, utility, rule)
    for kernel in (crowd.decide, crowd.decide_threaded):
        people = copied(before)
        counts, shift = np.zeros((4, 16), np.int64), np.zeros((4, 16), np.int64)
        look_around(people)
        kernel(key, people, 2, levels, utility, utility.max(1), rule, counts, shift)
        assert np.array_equal(unpack(people.spare), want)
        assert np.array_equal(unpack(people.anger0) + 2 * unpack(people.anger1), angry)
        for b in range(4):
            inside = slice(64 * blocks[b], 64 * blocks[b + 1])
            assert np.array_equal(counts[b], np.bincount(group[inside], want[inside], 16))
            assert np.array_equal(
                shift[b],
                np.bincount(group[inside], want[inside], 16)
                - np.bincount(group[inside], would[inside], 16),
            )
