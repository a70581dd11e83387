"""Morris and Shin 1998, 2003: the static global game of regime change, with a public signal.

A regime falls if enough act against it, and who acts wants to do so only if it falls. With common
knowledge anything can happen. If each sees strength with a little error of one's own there is one
cut-off: the regime falls exactly when it is weaker than one less the cost of acting, however small
the error. A public signal that is good enough against the private ones brings many equilibria back.

Citation: Morris and Shin (1998), American Economic Review 88(3); Morris and Shin (2003); with the
public signal as in Angeletos, Hellwig and Pavan (2007), Econometrica 75(3).

Switched off: one kind of forces in one place; loyalty is the cost of acting (L = Phi^-1(c)); no
bonds, orders, fatigue. This is security.4 and .5, whose cut-off a scenario computes each day
(kernels/coordination.py).

Departs: nothing. A scenario takes the least cut-off where there are several.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy.special import ndtr, ndtri

from ...kernels import coordination
from .._solve import first, flips, roots
from ..check import Check

KEY, PUBLIC = "MorrisShin2003", "AngeletosHellwigPavan2007"
CUTOFF, REPLY, SIGNAL, ACTING = (
    f"kernels.coordination.{f}" for f in ("cutoff", "reply", "signal", "acting")
)
LEAST = {
    (1, 1, 0.5, 0.4): 0.717682,
    (1, 1, 1, 0.4): 0.407353,
    (1, 1, 1, 0.5): 0.216736,
    (1, 4, 0.3, 0.5): 0.549674,
    (1, 100, 0.5, 0.4): 0.604519,
}
ALONE = np.array([1.0])


def lost(cost: float) -> np.ndarray:
    return np.array([ndtri(cost)])


def least(alpha: float, beta: float, z: float, cost: float, start: float = 0.0) -> float:
    return float(coordination.cutoff(lost(cost), ALONE, alpha, beta, z, start))


def equilibria(alpha: float, beta: float, z: float, cost: float) -> list[float]:
    return roots(
        lambda t: coordination.reply(t, lost(cost), ALONE, alpha, beta, z) - t, 1e-9, 1 - 1e-9
    )


def steepest(alpha: float, beta: float) -> float:
    """Slope of the reply where it is steepest (z = c = one half)."""
    step = 1e-5
    high, low = (
        coordination.reply(0.5 + d, lost(0.5), ALONE, alpha, beta, 0.5) for d in (step, -step)
    )
    return float(high - low) / (2 * step)


def checks(slow: bool) -> Iterator[Check]:
    for beta in (0.1, 1.0, 100.0):
        for cost in (0.2, 0.4, 0.75):
            yield Check(
                f"cut-off without public signal, c = {cost}, beta = {beta:g}",
                1 - cost,
                least(0.0, beta, 0.5, cost),
                1e-9,
                f"{KEY}: closed form",
                (CUTOFF,),
                test="T5" if cost == 0.4 else None,
            )
    star = least(0.0, 4.0, 0.0, 0.4)
    yield Check(
        "signal below which one acts, c = 0.4, beta = 4",
        0.726674,
        float(coordination.signal(ndtri(0.4), star, 0.0, 4.0, 0.0)),
        1e-6,
        f"{KEY}: closed form",
        (SIGNAL, CUTOFF),
    )
    for cost, beta in ((0.3, 1.0), (0.6, 50.0)):
        star = least(0.0, beta, 0.0, cost)
        edge = flips(
            lambda t, c=cost, b=beta, s=star: (
                float(coordination.acting(lost(c), s, t, 0.0, b, 0.0)[0]) >= t
            ),
            0.0,
            1.0,
        )
        yield Check(
            f"strength up to which enough act, c = {cost}, beta = {beta:g}",
            1 - cost,
            edge,
            1e-9,
            f"{KEY}: closed form",
            (ACTING, CUTOFF),
        )
    for case, theta in LEAST.items():
        yield Check(
            "cut-off, alpha, beta, z, c = " + ", ".join(map(str, case)),
            theta,
            least(*case),
            1e-5 if case == (1, 1, 0.5, 0.4) else 1e-6,
            f"{PUBLIC}: solved",
            (CUTOFF,),
            test="T5" if case == (1, 1, 0.5, 0.4) else None,
        )
    yield Check(
        "equilibria, 4, 2.55, 0.5, 0.5",
        1,
        float(len(equilibria(4, 2.55, 0.5, 0.5))),
        0.0,
        f"{PUBLIC}: solved",
        (REPLY,),
        test="T5",
    )
    many = equilibria(4, 2.5, 0.5, 0.5)
    yield Check(
        "equilibria, 4, 2.5, 0.5, 0.5",
        3,
        float(len(many)),
        0.0,
        f"{PUBLIC}: solved",
        (REPLY,),
        test="T5",
    )
    for name, theta, got in zip(
        ("least", "middle", "greatest"), (0.406904, 0.5, 0.593096), first(many, 3), strict=True
    ):
        yield Check(
            f"the {name} of them", theta, got, 1e-5, f"{PUBLIC}: solved", (REPLY,), test="T5"
        )
    yield Check(
        "the cut-off of the forces, the same",
        0.406904,
        least(4, 2.5, 0.5, 0.5),
        1e-5,
        f"{PUBLIC}: solved",
        (CUTOFF,),
        test="T5",
    )
    yield Check(
        "reached from the other end, the same",
        0.593096,
        least(4, 2.5, 0.5, 0.5, start=1.0),
        1e-5,
        f"{PUBLIC}: solved",
        (CUTOFF,),
    )
    yield Check(
        "private precision below which there are many, alpha = 4",
        2.546479,
        flips(lambda b: steepest(4, b) > 1, 1.0, 5.0),
        1e-6,
        f"{PUBLIC}: closed form",
        (REPLY,),
    )
    theta, beta, star = 0.7, 4.0, least(1, 4, 0.3, 0.5)
    share = float(coordination.acting(lost(0.5), star, theta, 1.0, beta, 0.3)[0])
    revealed = float(coordination.signal(ndtri(0.5), star, 1.0, beta, 0.3)) - ndtri(
        share
    ) / math.sqrt(beta)
    yield Check(
        "strength of 0.7 as those who act reveal it",
        theta,
        revealed,
        1e-9,
        f"{PUBLIC}: closed form",
        (ACTING, SIGNAL),
    )


def picture() -> dict[str, Any]:
    theta = np.unique(
        np.concatenate([np.linspace(0.002, 0.998, 200), ndtr(np.linspace(-5.5, 5.5, 80))])
    )
    lines = []
    for beta, name in (
        (1.0, "private view poor"),
        (2.546, "at the edge"),
        (10.0, "private view good"),
    ):
        z = [
            flips(
                lambda x, t=t, b=beta: coordination.reply(t, lost(0.5), ALONE, 4.0, b, x) < t,
                -30.0,
                30.0,
            )
            for t in theta
        ]
        lines.append({"label": f"{name} (beta {beta:g})", "x": z, "y": theta})
    return {
        "title": "What all can see lets a regime stand or fall by rumour",
        "x": "public signal of the regime's strength",
        "y": "strength that falls",
        "lines": lines,
        "xlim": (-0.2, 1.2),
        "marks": [{"x": 0.5, "label": "three cut-offs at beta 1"}],
        "caption": "Cut-off strength for each public signal (precision 4, cost of acting one "
        "half). Where the private view is poor the curve folds: "
        "between the folds the same regime can stand or fall.",
    }
