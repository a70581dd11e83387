"""Siegel 2009: social networks and collective action, everybody tied to everybody.

A person takes part when net internal motivation exceeds the inhibition that comes from others,
which fades towards the share of one's ties who stay at home. Where all are tied to all this is
Granovetter's model with thresholds of one less motivation, and the end does not depend on how
slowly inhibition fades.

Citation: Siegel (2009), American Journal of Political Science 53(1).

Switched off: ties, anger, deterrence, media, crowding; motivation is minus the disposition of
citizens.1, the whole street is seen.

Departs: only the complete network, for which there is a closed form; small worlds, villages and
hierarchies are left out. What fades slowly is what is seen of turnout (a weight of the day before),
which the citizens of a scenario do not have. Strict and weak inequality are the same here, since
motivation is continuous.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..check import Check
from .granovetter import critical, least, share

KEY = "Siegel2009"
SETTLES = {
    (0.6, 0.20): 0.0334,
    (0.6, 0.25): 0.9910,
    (0.6, 0.30): 0.9716,
    (0.5, 0.25): 0.0301,
    (0.7, 0.20): 0.9998,
    (0.75, 0.1222): 0.0598,
    (0.75, 0.1223): 1.0,
}
USES = ("kernels.crowd.share_out", "mechanisms.citizens.felt")


def slowly(motivation: float, spread: float, keep: float) -> float:
    """Participation in the end when a part of yesterday's inhibition is kept each day."""
    inhibition = 1.0
    while True:
        out = share(1 - inhibition, 1 - motivation, spread)
        new = keep * inhibition + (1 - keep) * (1 - out)
        if abs(new - inhibition) < 1e-11 * (1 - keep):
            return out
        inhibition = new


def checks(slow: bool) -> Iterator[Check]:
    for (motivation, spread), r in SETTLES.items():
        yield Check(
            f"participation, motivation N({motivation}, {spread})",
            r,
            least(1 - motivation, spread),
            1e-4,
            f"{KEY}: solved",
            USES,
        )
    spread, touched = critical(0.4)
    yield Check(
        "critical spread of motivation, mean 0.6",
        0.24135,
        spread,
        1e-5,
        f"{KEY}: closed form",
        USES,
    )
    yield Check("participation at it", 0.15803, touched, 1e-5, f"{KEY}: closed form", USES)
    for keep in (0.5, 0.9):
        yield Check(
            f"participation, N(0.6, 0.2), {keep} of inhibition kept a day",
            0.0334,
            slowly(0.6, 0.2, keep),
            1e-4,
            f"{KEY}: solved",
            USES,
        )


def picture() -> dict[str, Any]:
    spreads = np.unique(
        np.concatenate(
            [
                np.arange(0.05, 0.12, 0.01),
                np.arange(0.12, 0.26, 0.0025),
                np.arange(0.26, 0.41, 0.01),
                [0.1222, 0.1223, 0.2413, 0.2414, 0.3911, 0.3916, 0.392],
            ]
        )
    )
    return {
        "title": "More varied motives, and few become nearly all",
        "x": "spread of motivation",
        "y": "share that takes part",
        "lines": [
            {"label": f"mean motivation {m}", "x": spreads, "y": [least(1 - m, s) for s in spreads]}
            for m in (0.75, 0.6, 0.5)
        ],
        "marks": [{"x": 0.24135, "label": "0.241"}],
        "caption": "Least equilibrium where everybody is tied to everybody. The mark is the "
        "critical spread for a mean motivation of 0.6.",
    }
