"""Rubinstein 1982: perfect equilibrium in a bargaining model.

Two sides divide a pie and make offers in turn. Waiting costs each its impatience. The first offer
is accepted at once, and gives the proposer (1 - d2)/(1 - d1 d2): patience is power, and to go first
is worth something only while rounds are slow.

Citation: Rubinstein (1982), Econometrica 50(1).

Switched off: all but the share in negotiation.1; pressure, trust and guarantee play no part.

Departs: nothing. A chance pi that talks break down each round is patience 1 - pi.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from ...mechanisms import negotiation
from ..check import Check

KEY, USES = "Rubinstein1982", ("mechanisms.negotiation.proposer_share",)
SHARES = {(0.9, 0.9): 0.526316, (0.95, 0.9): 0.689655, (0.9, 0.95): 0.344828, (0.5, 0.5): 2 / 3}


def by_rate(first: float, second: float, days: float) -> float:
    """Share of the proposer whose impatience is a rate, for rounds of this length."""
    return negotiation.proposer_share(math.exp(-first * days), math.exp(-second * days))


def checks(slow: bool) -> Iterator[Check]:
    for (d1, d2), share in SHARES.items():
        yield Check(
            f"share of the proposer, patience {d1} and {d2}",
            share,
            negotiation.proposer_share(d1, d2),
            1e-6,
            f"{KEY}: closed form",
            USES,
            test="T9" if (d1, d2) in ((0.9, 0.9), (0.95, 0.9)) else None,
        )
        left = 1 - negotiation.proposer_share(d1, d2)
        yield Check(
            f"what accepting gives over waiting, patience {d1} and {d2}",
            0,
            left - d2 * negotiation.proposer_share(d2, d1),
            1e-12,
            f"{KEY}: closed form",
            USES,
        )
    yield Check(
        "share at rates 0.05 and 0.10, rounds of 0.1",
        0.66833,
        by_rate(0.05, 0.10, 0.1),
        1e-5,
        f"{KEY}: closed form",
        USES,
    )
    yield Check(
        "share at rates 0.05 and 0.10, rounds of no length",
        2 / 3,
        by_rate(0.05, 0.10, 1e-7),
        1e-6,
        f"{KEY}: closed form",
        USES,
    )


def picture() -> dict[str, Any]:
    d = np.linspace(0.0, 0.99, 100)
    return {
        "title": "Patience is power",
        "x": "patience of the proposer",
        "y": "share of the proposer",
        "lines": [
            {"label": f"other side {x}", "x": d, "y": [negotiation.proposer_share(y, x) for y in d]}
            for x in (0.5, 0.9, 0.95)
        ],
        "marks": [{"x": 0.9, "y": 0.526316, "label": "0.526"}],
        "caption": "Share that the side making the first offer gets, accepted at once.",
    }
