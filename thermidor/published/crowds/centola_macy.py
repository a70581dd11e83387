"""Centola and Macy 2007: complex contagions and the weakness of long ties.

What is risky or costly is taken up only when several of one's ties have taken it up, not when one
has. Such a contagion needs wide bridges: on a ring where everybody is tied to the r nearest on each
side, a front that needs a ties advances r - a + 1 people a day, and stops for good once a exceeds
r. Long ties, which speed up news, stop it.

Citation: Centola and Macy (2007), American Journal of Sociology 113(3).

Switched off: everything but ties (citizens.1 with V = 0): a person goes out when at least a of the
own ties are out. The seed is a person with all neighbours, who go in any case.

Departs: none on the ring and the lattice. The random rewiring of the picture moves one end of a tie
and does not keep everybody's number of ties. Adoption by chance below the threshold, which lets
long ties help again, is left out here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ...kernels import graph
from ...places import graph as graphs
from ..check import Check
from ._street import Towns

KEY = "CentolaMacy2007"
FILLS = {
    (2, 1): 249,
    (2, 2): 497,
    (3, 1): 166,
    (3, 2): 248,
    (3, 3): 496,
    (4, 1): 124,
    (4, 2): 165,
    (4, 3): 248,
    (4, 4): 494,
}
LATTICE = {1: 49, 2: 98, 3: 147}
PEOPLE, SIDE = 1000, 101


def spread(graph_: graphs.Graph, needed: int, seed: np.ndarray) -> np.ndarray:
    """People out day by day when each goes with `needed` ties out; the seed goes in any case."""
    start, ties = graph_
    disposition, out = np.full(start.size - 1, float(needed)), np.zeros(start.size - 1, np.uint8)
    disposition[seed], out[seed] = -1e9, 1
    return graph.cascade(out, start, ties, np.ones(out.size), 0.0, disposition, 2000)


def on_ring(radius: int, needed: int) -> np.ndarray:
    return spread(graphs.ring(PEOPLE, radius), needed, np.arange(-radius, radius + 1))


def on_lattice(needed: int) -> np.ndarray:
    row, column = np.divmod(np.arange(9), 3)
    return spread(graphs.moore(SIDE), needed, row * SIDE + column)


def front(radius: int, needed: int) -> float:
    """People whom a front gains a day on each side, on the kernel of the scenarios (a ring of
    1,024).
    """
    town = Towns(np.full(1024, needed), np.arange(256.0), ring=radius)
    town.put(range(512 - radius, 512 + radius + 1))
    sizes = [2 * radius + 1] + [int(town.day(0.0, tie_weight=1.0)[0]) for _ in range(60)]
    gained = np.unique(np.diff(sizes))
    return float(gained[0] / 2) if gained.size == 1 else float("nan")


def checks(slow: bool) -> Iterator[Check]:
    for (radius, needed), days in FILLS.items():
        sizes = on_ring(radius, needed)
        yield Check(
            f"days to fill a ring of 1,000, r = {radius}, a = {needed}",
            days,
            float(sizes.size - 1 if sizes[-1] == PEOPLE else -1),
            0.0,
            f"{KEY}: solved",
            ("kernels.graph.cascade",),
        )
        yield Check(
            f"front a day and side, r = {radius}, a = {needed}",
            radius - needed + 1,
            front(radius, needed),
            0.0,
            f"{KEY}: closed form",
            ("kernels.crowd.decide",),
        )
    for radius in (2, 3, 4):
        yield Check(
            f"people reached beyond the seed, r = {radius}, a = {radius + 1}",
            0,
            float(on_ring(radius, radius + 1)[-1] - 2 * radius - 1),
            0.0,
            f"{KEY}: closed form",
            ("kernels.graph.cascade",),
        )
    for needed, days in LATTICE.items():
        sizes = on_lattice(needed)
        yield Check(
            f"days to fill a lattice of 101 x 101, a = {needed}",
            days,
            float(sizes.size - 1 if sizes[-1] == SIDE**2 else -1),
            0.0,
            f"{KEY}: solved",
            ("kernels.graph.cascade",),
        )
    yield Check(
        "people reached beyond the seed on it, a = 4",
        0,
        float(on_lattice(4)[-1] - 9),
        0.0,
        f"{KEY}: solved",
        ("kernels.graph.cascade",),
    )


def picture() -> dict[str, Any]:
    shares = np.array([0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0])
    lines = []
    for needed in (1, 2, 3):
        reached = []
        for p in shares:
            rng, ends = np.random.default_rng(5), []
            for _ in range(60):
                ends.append(
                    spread(graphs.rewired(PEOPLE, 4, p, rng), needed, np.arange(-4, 5))[-1] / PEOPLE
                )
            reached.append(float(np.mean(ends)))
        lines.append(
            {"label": f"needs {needed} tie{'s' if needed > 1 else ''}", "x": shares, "y": reached}
        )
    return {
        "title": "Long ties carry news and stop what needs several friends",
        "x": "share of ties rewired at random",
        "y": "share reached in the end",
        "log": "x",
        "lines": lines,
        "caption": "A ring of 1,000 people with four ties on each side, the seed one person with "
        "all neighbours; mean of 60 networks.",
    }
