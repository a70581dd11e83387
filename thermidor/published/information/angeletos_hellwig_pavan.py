"""Angeletos, Hellwig and Pavan 2007: dynamic global games of regime change.

A regime that has stood an attack is known to be stronger than was thought. So no second attack
comes unless people learn something new; and when they have learnt enough of their own, an attack
and no attack are both possible, although the same game played once would have one outcome.
Fundamentals decide whether a regime falls, not when.

Citation: Angeletos, Hellwig and Pavan (2007), Econometrica 75(3).

Switched off: as in the static game (morris_shin); what is added is that all know that strength
exceeds the last cut-off (coordination.2).

Departs: the forces of a scenario do not make survival public news; they use the same function with
that news left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ...kernels import coordination
from .._solve import first, roots
from ..check import Check
from .morris_shin import ALONE, least, lost

KEY, CUTOFF, REPLY = (
    "AngeletosHellwigPavan2007",
    "kernels.coordination.cutoff",
    "kernels.coordination.reply",
)
ALPHA, COST = 1.0, 0.5


def gain(theta: float, stood: float, beta: float, z: float) -> float:
    """Share that acts at this strength if all think that it falls up to it, less the strength; zero
    in an equilibrium.
    """
    return float(coordination.reply(theta, lost(COST), ALONE, ALPHA, beta, z, stood)) - theta


def later(stood: float, beta: float, z: float) -> list[float]:
    """Cut-offs of a second attack, people knowing that strength exceeds that of the first and
    seeing with this precision.
    """
    return roots(lambda t: gain(t, stood, beta, z), stood + 1e-9, 1 - 1e-9, 4000)


def checks(slow: bool) -> Iterator[Check]:
    one = least(ALPHA, 1.0, 1.0, COST)
    yield Check(
        "cut-off of the first attack, z = 1",
        0.216736,
        one,
        1e-5,
        f"{KEY}: solved",
        (CUTOFF,),
        test="T6",
    )
    for beta in (1.0, 10.0):
        yield Check(
            f"cut-offs of a second attack, beta = {beta:g}",
            0,
            float(len(later(one, beta, 1.0))),
            0.0,
            f"{KEY}: solved",
            (REPLY,),
            test="T6",
        )
    for beta, pair in ((100.0, (0.300514, 0.476858)), (1000.0, (0.237786, 0.493612))):
        found = later(one, beta, 1.0)
        test = "T6" if beta == 100 else None
        yield Check(
            f"cut-offs of a second attack, beta = {beta:g}",
            2,
            float(len(found)),
            0.0,
            f"{KEY}: solved",
            (REPLY,),
            test=test,
        )
        for name, theta, got in zip(("lower", "upper"), pair, first(found, 2), strict=True):
            yield Check(
                f"the {name} of them, beta = {beta:g}",
                theta,
                got,
                1e-5,
                f"{KEY}: solved",
                (REPLY,),
                test=test,
            )
    for z, theta in ((0.5, 0.5), (0.0, 0.783)):
        stood = least(ALPHA, 1.0, z, COST)
        yield Check(
            f"cut-off of the first attack, z = {z}",
            theta,
            stood,
            1e-6 if z else 5e-4,
            f"{KEY}: solved",
            (CUTOFF,),
        )
        n = sum(len(later(stood, b, z)) for b in (1.0, 10.0, 100.0, 1000.0))
        yield Check(
            f"cut-offs of a second attack, z = {z}, beta up to 1000",
            0,
            float(n),
            0.0,
            f"{KEY}: solved",
            (REPLY,),
        )
    yield Check(
        "share that acts up to the strength known to stand",
        0,
        float(coordination.reply(one, lost(COST), ALONE, ALPHA, 100.0, 1.0, one)),
        0.0,
        f"{KEY}: published",
        (REPLY,),
    )
    news = least(ALPHA, 4.0, 0.3, COST)
    yield Check(
        "the same game without the news",
        0,
        float(coordination.reply(news, lost(COST), ALONE, ALPHA, 4.0, 0.3, -50.0)) - news,
        1e-9,
        f"{KEY}: closed form",
        (REPLY, CUTOFF),
    )


def picture() -> dict[str, Any]:
    one = least(ALPHA, 1.0, 1.0, COST)
    theta = np.linspace(one + 1e-4, 0.7, 200)
    return {
        "title": "A second attack needs news of one's own",
        "x": "strength up to which all think that it falls",
        "y": "share that acts, less strength",
        "lines": [
            {
                "label": f"private precision {b:g}",
                "x": theta,
                "y": [gain(t, one, b, 1.0) for t in theta],
            }
            for b in (1.0, 10.0, 100.0, 1000.0)
        ],
        "marks": [{"y": 0.0, "label": "equilibrium"}, {"x": one, "label": f"stood {one:.3f}"}],
        "caption": "An attack is an equilibrium where a line crosses zero. With private precision "
        "1 or 10 none does, so nobody acts again; with 100 and "
        "1,000 two cut-offs appear beside no attack at all.",
    }
