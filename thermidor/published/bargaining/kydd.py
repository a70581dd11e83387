"""Kydd 2003: which side are you on? Bias, credibility and mediation.

A mediator who only wants peace will always say that the other side would fight, so that nobody
risks anything; therefore nothing that it says is believed. One who cares enough for the listener's
share will say that the other side can yield only when it can. The credible mediator is the biased
one.

Citation: Kydd (2003), American Journal of Political Science 47(4).

Switched off: all but broker.2.

Departs: the notes' own reduced form; the threshold is checked against the mediator's two payoffs,
there is no number of the paper.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ...mechanisms import broker
from ..check import Check

KEY, USES = "Kydd2003", ("mechanisms.broker.weight_needed",)
CASE = {
    "peace_value": 0.3,
    "error": 0.2,
    "share_high": 0.6,
    "chance": 0.5,
    "cost": 0.1,
    "share_low": 0.3,
}


def honest_over_false(
    weight: float,
    peace_value: float,
    error: float,
    share_high: float,
    chance: float,
    cost: float,
    share_low: float,
) -> float:
    """What a mediator gains by saying 'he will yield' when he will (and fights all the same by
    `error`), over 'he will fight'.
    """
    told = (1 - error) * (peace_value + weight * share_high) + error * weight * (chance - cost)
    return told - (peace_value + weight * share_low)


def checks(slow: bool) -> Iterator[Check]:
    for error in (0.1, 0.2, 0.3):
        case = CASE | {"error": error}
        needed = broker.weight_needed(**case)
        gain = (1 - error) * 0.6 + error * 0.4 - 0.3
        yield Check(
            f"weight of the listener's share that is needed, q = {error}",
            error * 0.3 / gain,
            needed,
            1e-12,
            f"{KEY}: closed form of the reduced form",
            USES,
        )
        yield Check(
            f"honesty over a false alarm at that weight, q = {error}",
            0,
            honest_over_false(needed, **case),
            1e-12,
            f"{KEY}: closed form of the reduced form",
            USES,
        )
        yield Check(
            f"an unbiased mediator is believed, q = {error}",
            0,
            float(needed <= 0),
            0.0,
            f"{KEY}: published",
            USES,
        )
    yield Check(
        "weight needed when nobody ever fights by error",
        0,
        broker.weight_needed(**(CASE | {"error": 0.0})),
        0.0,
        f"{KEY}: closed form of the reduced form",
        USES,
    )


def picture() -> dict[str, Any]:
    error = np.linspace(0, 0.6, 121)
    return {
        "title": "Only a mediator who takes a side is believed",
        "x": "chance that one who could yield fights all the same",
        "y": "weight of the listener's share needed",
        "ylim": (0.0, 2.0),
        "lines": [
            {
                "label": f"peace worth {m}",
                "x": error,
                "y": [
                    broker.weight_needed(**(CASE | {"error": q, "peace_value": m})) for q in error
                ],
            }
            for m in (0.6, 0.3, 0.1)
        ],
        "caption": "Below a line the mediator always cries danger and is not believed. At weight "
        "zero, no side taken, this holds wherever there is any risk.",
    }
