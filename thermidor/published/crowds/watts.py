"""Watts 2002: global cascades on random networks, with the sizes of Gleeson and Cahalane 2007.

Each person adopts once a share of its ties has. From one person a cascade can take nearly the whole
network, but only where ties are neither too few (it cannot travel) nor too many (nobody is moved by
one tie): the window. Inside its upper edge cascades are rare and nearly total, so a network can
look stable for long.

Citation: Watts (2002), PNAS 99(9); sizes: Gleeson and Cahalane (2007), Physical Review E 75(5).

Switched off: everything but ties (citizens.1 with V = 0): a person goes out if the share of own
ties in the street is at least phi. The seed is a person who goes in any case, so that nobody who
has gone out comes back, and adoption needs no rule of its own.

Departs: ties are listed one by one, with any number a person (kernels/graph.py), while the citizens
of a scenario all have as many ties. The network is a random graph of N people with a Poisson number
of ties. Sizes are counted as global from a tenth of all.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
from scipy.stats import binom, poisson

from ...kernels import graph
from ...places import graph as graphs
from .._solve import first, roots
from ..check import Check

KEY, SIZES = "Watts2002", "GleesonCahalane2007"
WINDOWS = {
    0.10: (1.0000, 13.659),
    0.12: (1.0001, 10.657),
    0.14: (1.0006, 9.097),
    0.16: (1.0037, 7.477),
    0.18: (1.0207, 5.7647),
    0.24: (1.1141, 3.8631),
}
GLOBAL = {
    1.5: (0.5489, 0.5803),
    2.0: (0.7542, 0.7966),
    3.0: (0.8735, 0.9405),
    4.0: (0.8653, 0.9802),
    5.0: (0.6953, 0.9930),
    5.7: (0.1144, 0.9966),
}
MOST = 60  # ties; a Poisson number with a mean of 14 exceeds it with a chance below 1e-18
PEOPLE, GRAPHS, SEEDS = 10_000, 20, 50
K = np.arange(MOST + 1)


@cache
def response(phi: float) -> np.ndarray:
    """F(m/k): whether a person with k ties goes out when m of them are in the street, bool[k, m],
    asked of the kernel star by star.
    """
    (start, ties), centre, k, m = graphs.stars(MOST)
    n = start.size - 1
    out = np.zeros(n, np.uint8)
    for c, x in zip(centre, m, strict=True):
        out[c + 1 : c + 1 + x] = 1
    new = np.zeros(n, np.uint8)
    graph.decide(
        np.uint64(0),
        out,
        np.zeros(n, np.uint8),
        start,
        ties,
        1 / np.maximum(np.diff(start), 1),
        0.0,
        np.full(n, phi),
        0.0,
        1.0,
        np.arange(n),
        new,
    )
    goes = np.zeros((MOST + 1, MOST + 1), bool)
    goes[k, m] = new[centre]
    return goes


def reach(z: float, phi: float) -> float:
    """New vulnerable people per vulnerable person reached: sum of k(k - 1) rho_k p_k, over z; a
    cascade spreads above 1.
    """
    return float((K * (K - 1) * response(phi)[:, 1] * poisson.pmf(K, z)).sum() / z)


def window(phi: float) -> list[float]:
    return roots(lambda z: reach(z, phi) - 1, 0.5, 20, 400)


def chance(z: float, phi: float) -> float:
    """Chance that one random person starts a global cascade: size of the extended vulnerable
    cluster.
    """
    spreads = response(phi)[:, 1] * poisson.pmf(K, z) * K / z
    u = 0.0
    for _ in range(100_000):
        new = 1 - spreads.sum() + (spreads * u ** np.maximum(K - 1, 0)).sum()
        if abs(new - u) < 1e-14:
            break
        u = new
    return float(1 - np.exp(z * (u - 1)))


def size(z: float, phi: float, seed: float) -> float:
    """Share that ends out when this share is out at first (Gleeson and Cahalane 2007), F asked of
    the kernel.
    """
    goes, p = response(phi), poisson.pmf(K, z)
    q = seed
    for _ in range(20_000):
        ties_out = binom.pmf(K[None, :], np.maximum(K[:, None] - 1, 0), q)
        new = seed + (1 - seed) * float((K * p / z * (ties_out * goes).sum(1)).sum())
        if abs(new - q) < 1e-12:
            break
        q = new
    return seed + (1 - seed) * float(
        (p * (binom.pmf(K[None, :], K[:, None], q) * goes).sum(1)).sum()
    )


def simulate(
    z: float, phi: float, graphs_: int = GRAPHS, seeds: int = SEEDS, people: int = PEOPLE
) -> np.ndarray:
    """Sizes of the cascades from single random people, as shares, on random graphs."""
    rng, sizes = np.random.default_rng(20020), []
    for _ in range(graphs_):
        start, ties = graphs.poisson(people, z, rng)
        pull = 1 / np.maximum(np.diff(start), 1)
        for seed in rng.integers(0, people, seeds):
            disposition, out = np.full(people, phi), np.zeros(people, np.uint8)
            disposition[seed], out[seed] = -1e9, 1
            sizes.append(graph.cascade(out, start, ties, pull, 0.0, disposition, 1000)[-1] / people)
    return np.array(sizes)


def checks(slow: bool) -> Iterator[Check]:
    uses = ("kernels.graph.decide",)
    for phi, edges in WINDOWS.items():
        exact = phi in (0.18, 0.24)
        for name, edge, got in zip(("lower", "upper"), edges, first(window(phi), 2), strict=True):
            yield Check(
                f"{name} edge of the window, phi = {phi:.2f}",
                edge,
                got,
                1e-4 if exact or name == "lower" else 5e-4,
                f"{KEY}: closed form",
                uses,
                test="T3" if exact else None,
            )
    yield Check(
        "edges of a window, phi = 0.26",
        0,
        len(window(0.26)),
        0.0,
        f"{KEY}: closed form",
        uses,
        test="T3",
    )
    yield Check(
        "largest reach, phi = 0.26",
        0.840,
        max(reach(z, 0.26) for z in np.arange(0.5, 6, 0.01)),
        5e-4,
        f"{KEY}: closed form",
        uses,
    )
    for z, (p, r) in GLOBAL.items():
        yield Check(
            f"chance of a global cascade, z = {z}, theory",
            p,
            chance(z, 0.18),
            1e-4,
            f"{KEY}: solved",
            uses,
        )
        yield Check(
            f"its size, z = {z}, theory, seed of 1 in 10,000",
            r,
            size(z, 0.18, 1e-4),
            1e-4,
            f"{SIZES}: solved",
            uses,
        )
    yield Check(
        "chance of a global cascade, z = 6.5, theory",
        0,
        chance(6.5, 0.18),
        1e-6,
        f"{KEY}: solved",
        uses,
    )
    yield Check(
        "size from a seed of 1 in 100, z = 6",
        0.9975,
        size(6.0, 0.18, 0.01),
        1e-4,
        f"{SIZES}: solved",
        uses,
    )
    yield Check(
        "size from a seed of 1 in 10,000, z = 6",
        0.0024,
        size(6.0, 0.18, 1e-4),
        1e-4,
        f"{SIZES}: solved",
        uses,
    )
    if slow:
        yield from _simulated()


def _simulated() -> Iterator[Check]:
    uses = ("kernels.graph.cascade",)
    for z in (1.5, 2.0, 3.0, 4.0, 5.0):
        sizes, (p, r) = simulate(z, 0.18), GLOBAL[z]
        test = "T3" if z == 4 else None
        yield Check(
            f"chance of a global cascade, z = {z}, 1,000 runs",
            p,
            float((sizes > 0.1).mean()),
            0.03,
            f"{KEY}: simulated",
            uses,
            True,
            test,
        )
        yield Check(
            f"its size, z = {z}, 1,000 runs",
            r,
            float(sizes[sizes > 0.1].mean()),
            0.005,
            f"{SIZES}: simulated",
            uses,
            True,
            test,
        )
    yield Check(
        "chance of a global cascade, z = 6.5, 1,000 runs",
        0,
        float((simulate(6.5, 0.18) > 0.1).mean()),
        0.001,
        f"{KEY}: simulated",
        uses,
        True,
        "T3",
    )


def picture() -> dict[str, Any]:
    z = np.concatenate(
        [
            np.arange(0.5, 1.02, 0.1),
            np.arange(1.0207, 5.7, 0.1),
            [5.7, 5.74, 5.76, 5.7647, 5.77, 6, 6.5, 7],
        ]
    )
    few = [1.5, 2.0, 3.0, 4.0, 5.0, 5.5, 6.5]
    return {
        "title": "Cascades need neither too few ties nor too many",
        "x": "mean number of ties",
        "y": "chance, size (share)",
        "lines": [
            {"label": "chance of a global cascade", "x": z, "y": [chance(x, 0.18) for x in z]},
            {
                "label": "its size",
                "x": [x for x in z if 1.0207 < x < 5.7647],
                "y": [size(x, 0.18, 1e-4) for x in z if 1.0207 < x < 5.7647],
                "dash": True,
            },
            {
                "label": "simulated, 10,000 people",
                "x": few,
                "y": [float((simulate(x, 0.18, 5, 40) > 0.1).mean()) for x in few],
                "points": True,
            },
        ],
        "marks": [{"x": 1.0207, "label": "1.02"}, {"x": 5.7647, "label": "5.76"}],
        "caption": "Threshold 0.18 of one's ties, one person at first. Points: share of 200 runs "
        "on five graphs that reach a tenth of all. "
        "At the upper edge a cascade is rare and takes nearly everybody.",
    }
