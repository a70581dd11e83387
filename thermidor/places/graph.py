"""Graphs for published models on networks: who is tied to whom, as lists.

A graph is (start, ties): person i's ties are ties[start[i]:start[i + 1]], as kernels/graph.py reads
them.
"""

from __future__ import annotations

import numpy as np

Graph = tuple[np.ndarray, np.ndarray]


def from_pairs(n: int, a: np.ndarray, b: np.ndarray) -> Graph:
    """A graph of n people from its pairs; each pair is a tie of both."""
    who, whom = np.concatenate([a, b]), np.concatenate([b, a])
    order = np.argsort(who, kind="stable")
    return np.concatenate([[0], np.cumsum(np.bincount(who, minlength=n))]), whom[order].astype(
        np.int64
    )


def ring(n: int, radius: int) -> Graph:
    """A ring of n people, each tied to `radius` neighbours on each side."""
    i = np.repeat(np.arange(n), radius)
    return from_pairs(n, i, (i + np.tile(np.arange(1, radius + 1), n)) % n)


def moore(side: int) -> Graph:
    """A torus of side x side people, each tied to the eight around."""
    row, column = np.divmod(np.arange(side * side), side)
    pairs = [
        ((row + r) % side * side + (column + c) % side)
        for r, c in ((0, 1), (1, -1), (1, 0), (1, 1))
    ]
    return from_pairs(side * side, np.tile(np.arange(side * side), 4), np.concatenate(pairs))


def poisson(n: int, mean: float, rng: np.random.Generator) -> Graph:
    """A random graph in which every pair is tied with the same chance, `mean` ties a person on
    average.
    """
    pairs = rng.integers(0, n, (2, rng.binomial(n * (n - 1) // 2, mean / (n - 1))))
    low, high = pairs.min(0), pairs.max(0)
    keys = np.unique(
        (low * n + high)[low != high]
    )  # a few pairs drawn twice, or of one person, are lost
    return from_pairs(n, keys // n, keys % n)


def rewired(n: int, radius: int, share: float, rng: np.random.Generator) -> Graph:
    """A ring in which this share of the ties has one end moved to anybody."""
    i = np.repeat(np.arange(n), radius)
    j = (i + np.tile(np.arange(1, radius + 1), n)) % n
    moved = rng.random(i.size) < share
    j[moved] = rng.integers(0, n, int(moved.sum()))
    keep = i != j
    return from_pairs(n, i[keep], j[keep])


def stars(most: int) -> tuple[Graph, np.ndarray, np.ndarray, np.ndarray]:
    """A star for each number of ties k up to `most` and each m <= k of them in the street: (graph,
    centres, k, m).

    Of a star's people the centre comes first, then the m in the street, then the others.
    """
    k, m = np.array([(k, m) for k in range(most + 1) for m in range(k + 1)]).T
    centre = np.concatenate([[0], np.cumsum(k + 1)[:-1]])
    leaf = np.concatenate([c + np.arange(1, x + 1) for c, x in zip(centre, k, strict=True)])
    return from_pairs(int((k + 1).sum()), np.repeat(centre, k), leaf), centre, k, m
