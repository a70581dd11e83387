"""One person's decision, shared by every kernel: citizens together by words (crowd.py), one by one
(plain.py), on any graph (graph.py).

    x = grievance - risk . deterrence - disposition                                   (decision.1)
    goes out with probability able . logistic(x / noise);
    without noise exactly when x >= 0                                                 (decision.2)

The inequality is weak: who is just persuaded goes. A small guard keeps it so when a share such as
1/3 cannot be written exactly.
"""

from __future__ import annotations

import math

from numba import njit

GUARD = 1e-12


@njit(inline="always")
def net(grievance: float, risk: float, deterrence: float) -> float:
    """What is gained by going out, less the risk (Epstein 2002: G - R P)."""
    return grievance - risk * deterrence  # (decision.1), without the disposition


@njit(inline="always")
def goes_out(utility: float) -> bool:
    """Without chance, a person goes out exactly when the utility is not negative."""
    return utility >= -GUARD  # (decision.2), without noise


@njit(inline="always")
def dares(against: float, u: float, able: float) -> bool:
    """Whether a person with odds exp(-x/noise) against going, and the number u of the day in [0,
    1), goes out.
    """
    return u * (1.0 + against) < able  # (decision.2)


@njit(inline="always")
def decides(utility: float, u: float, noise: float, able: float) -> bool:
    """The same from the utility; without noise there is no chance in it."""
    if noise > 0.0:
        return dares(math.exp(-utility / noise), u, able)
    return goes_out(utility)


@njit(inline="always")
def part_out(weight: float, utility: float, noise: float) -> float:
    """The part of many alike persons, `weight` in all, that goes out when all are able."""
    if noise > 0.0:
        return weight / (1.0 + math.exp(-utility / noise)) if utility > -700.0 * noise else 0.0
    return weight if goes_out(utility) else 0.0
