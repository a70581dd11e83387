"""Ties listed one by one give the same people as ties by words, bit for bit; the graphs are what
they say.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.oracles.plain import neighbours, some_people, unpack
from thermidor.kernels import crowd, graph
from thermidor.mechanisms import citizens
from thermidor.places import graph as graphs


@settings(max_examples=20, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    ring=st.integers(0, 4),
    long=st.integers(0, 4),
    noise=st.sampled_from([0.0, 0.03, 0.25]),
    level=st.sampled_from([-3.5, -1.0, 2.0]),
    able=st.sampled_from([0.1, 1.0]),
    out=st.sampled_from([0.01, 0.4]),
)
def test_a_graph_of_the_same_ties_gives_the_same_people(seed, ring, long, noise, level, able, out):
    rng = np.random.default_rng(seed)
    words, n = 4, 256
    ties = np.empty((long, words), np.uint32)
    for row in ties:
        a, b, turn = *np.split(rng.permutation(words), 2), rng.integers(1, 64, 2)
        row[a], row[b] = b * 64 + turn, a * 64 + (64 - turn)
    away, street = rng.random(n) < 0.1, rng.random(n) < out
    disposition, none = rng.integers(0, 256, n).astype(np.uint8), np.zeros(n, np.uint8)
    people = some_people(
        disposition, none, ties, np.array([words]), out=street, away=away, anger=none, hurt=none
    )
    people.near[:] = 3
    key, utility = np.uint64(rng.integers(0, 2**63)), np.full((1, 1), level)
    counts, shift = np.zeros((1, 1), np.int64), np.zeros((1, 1), np.int64)
    rule = crowd.Rule(tie=0.2, anger=0.0, fade=0.0, noise=noise, able=able)
    crowd.decide(key, people, ring, citizens.LEVELS, utility, utility.max(1), rule, counts, shift)
    near = [neighbours(i, ring, ties, 0, words) for i in range(n)]
    start = np.concatenate([[0], np.cumsum([len(x) for x in near])])
    found = np.zeros(n, np.uint8)
    graph.decide(
        key,
        street.astype(np.uint8),
        away.astype(np.uint8),
        start,
        np.array([j for x in near for j in x], np.int64),
        np.full(n, 0.2),
        level,
        citizens.LEVELS[disposition],
        noise,
        able,
        np.arange(n),
        found,
    )
    assert np.array_equal(found > 0, unpack(people.spare))


@pytest.mark.parametrize("made, degree", [(graphs.ring(50, 3), 6), (graphs.moore(11), 8)])
def test_rings_and_lattices_give_everybody_as_many_different_ties(made, degree):
    start, ties = made
    near = [ties[start[i] : start[i + 1]] for i in range(start.size - 1)]
    assert all(len(set(x)) == len(x) == degree and i not in x for i, x in enumerate(near))
    assert all(i in near[j] for i, x in enumerate(near) for j in x)


def test_a_poisson_graph_has_poisson_ties():
    start, _ = graphs.poisson(20_000, 4.0, np.random.default_rng(1))
    degree = np.diff(start)
    assert degree.mean() == pytest.approx(4, abs=0.06) and degree.var() == pytest.approx(4, abs=0.2)


def test_stars_hold_every_pair_of_ties_and_people_out():
    (start, ties), centre, k, m = graphs.stars(5)
    assert len(centre) == 21 and np.array_equal(np.diff(start)[centre], k) and (m <= k).all()
    assert all(
        set(ties[start[c] : start[c + 1]]) == set(range(c + 1, c + 1 + n))
        for c, n in zip(centre, k, strict=True)
    )
