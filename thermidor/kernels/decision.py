"""The decision of one person, shared by every kernel of the citizens: together by words (crowd.py), one by one (plain.py), on any graph (graph.py).

    goes out with probability able . logistic(x / noise); without noise exactly when x >= 0                    (decision.1)

x is utility less disposition (citizens.1). The inequality is weak: who is just persuaded goes. A small guard keeps it so when a
share such as 1/3 cannot be written exactly.
"""
from __future__ import annotations

import math

from numba import njit

GUARD = 1e-12


@njit(inline="always")
def goes_out(x, u, noise, able):
    """Whether a person with utility x above disposition goes out; u: the person's number of the day, in [0, 1)."""
    if noise > 0.0:
        return u * (1.0 + math.exp(-x / noise)) < able
    return x >= -GUARD


@njit(inline="always")
def part_out(weight, x, noise):
    """The part of many alike persons, `weight` in all, that goes out when all are able."""
    if noise > 0.0:
        return weight / (1.0 + math.exp(-x / noise)) if x > -700.0 * noise else 0.0
    return weight if x >= -GUARD else 0.0
