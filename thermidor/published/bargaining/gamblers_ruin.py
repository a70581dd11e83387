"""Gambler's ruin: how long a treasury lasts when income is a random walk.

Spending is fixed and income comes and goes. With a loss on average reserves last, in the mean, as
many days as reserves over the loss. With a gain on average they may still run out, with a chance
that falls exponentially with reserves: a regime that looks solvent can be ruined by a run of bad
years, and twice the reserves square that chance.

Citation: Redner (2001), A Guide to First-Passage Processes, Cambridge University Press.

Switched off: printing money, siphoning, prices; what is left is treasury.2, the settling of a day's
accounts.

Departs: income is one unit above or below spending, so that every path can be followed exactly;
chances and times are solved from the accounts of one day at each level of reserves, not simulated.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from ...mechanisms import treasury
from ..check import Check

KEY, USES, TOP, SPENDING = "Redner2001", ("mechanisms.treasury.settle_accounts",), 600, 5.0


def _walk(up: float) -> np.ndarray:
    """Chance of each level of reserves tomorrow given today's, for those between empty and TOP."""
    chance = np.zeros((TOP + 1, TOP + 1))
    for reserves in range(1, TOP):
        for income, p in ((SPENDING + 1, up), (SPENDING - 1, 1 - up)):
            tomorrow = min(
                treasury.settle_accounts(float(reserves), income, SPENDING, 0.0, 0.0)[0], TOP - 1e-9
            )
            level = int(tomorrow)
            chance[reserves, level] += p * (
                1 - (tomorrow - level)
            )  # a level between two is shared between them
            chance[reserves, level + 1] += p * (tomorrow - level)
    return chance


def ruined(up: float, reserves: int) -> float:
    """Chance that reserves are ever empty."""
    walk = _walk(up)
    inner = slice(1, TOP)
    return float(
        np.linalg.solve(np.eye(TOP - 1) - walk[inner, inner], walk[inner, 0])[reserves - 1]
    )


def time(up: float, reserves: int) -> tuple[float, float]:
    """Mean and variance of the days until they are empty, for a loss on average."""
    inner = slice(1, TOP)
    a = np.eye(TOP - 1) - _walk(up)[inner, inner]
    mean = np.linalg.solve(a, np.ones(TOP - 1))
    square = np.linalg.solve(a, 2 * mean - 1)
    return float(mean[reserves - 1]), float((square - mean**2)[reserves - 1])


def checks(slow: bool) -> Iterator[Check]:
    for up, reserves in ((0.55, 6), (0.6, 10), (0.55, 12)):
        yield Check(
            f"chance of ruin, up with {up}, reserves {reserves}",
            ((1 - up) / up) ** reserves,
            ruined(up, reserves),
            1e-9,
            f"{KEY}: closed form",
            USES,
        )
    for up, reserves in ((0.505, 50), (0.51, 40)):
        drift = 2 * up - 1
        yield Check(
            f"chance of ruin by the Brownian limit, up with {up}, reserves {reserves}",
            math.exp(-2 * drift * reserves),
            ruined(up, reserves),
            1e-3,
            f"{KEY}: closed form",
            USES,
        )
    for up, reserves in ((0.3, 8), (0.4, 20)):
        mean, variance = time(up, reserves)
        loss = 1 - 2 * up
        yield Check(
            f"mean days to ruin, up with {up}, reserves {reserves}",
            reserves / loss,
            mean,
            1e-6,
            f"{KEY}: closed form",
            USES,
        )
        yield Check(
            f"variance of them, up with {up}, reserves {reserves}",
            reserves * (1 - loss**2) / loss**3,
            variance,
            1e-4,
            f"{KEY}: closed form",
            USES,
        )


def picture() -> dict[str, Any]:
    reserves = np.arange(1, 61)
    lines = []
    for up in (0.51, 0.53, 0.55):
        walk = _walk(up)[1:TOP, :TOP]
        lines.append(
            {
                "label": f"gain {2 * up - 1:.0%} of a day's swing",
                "x": reserves,
                "y": np.linalg.solve(np.eye(TOP - 1) - walk[:, 1:], walk[:, 0])[reserves - 1],
            }
        )
    return {
        "title": "Even a treasury that gains on average can be emptied",
        "x": "reserves, in a day's swing of income",
        "y": "chance that they are ever empty",
        "lines": lines,
        "ylim": (0.0, 1.0),
        "marks": [{"x": 6, "y": (0.45 / 0.55) ** 6, "label": "0.300"}],
        "caption": "Income is one above or below spending each day.",
    }
