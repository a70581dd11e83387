"""Granovetter 1978: threshold models of collective behaviour.

Everybody riots once enough others do; people differ in how many that is. Two crowds with nearly the
same thresholds can end in nothing and in a riot of all. For thresholds that are normal with mean 25
of a hundred, the least equilibrium jumps from six rioters to all of them as the standard deviation
passes 12.22. The jump belongs to the continuous distribution: with a hundred people drawn at random
it is smeared over 10 to 16, so that a replication with draws finds another number (one reports 10
in place of 12). Taking out those whose threshold is at or below zero leaves nobody to begin: no
riot at any spread.

Citation: Granovetter (1978), American Journal of Sociology 83(6).

Switched off: grievance, ties, anger, deterrence, media, crowding (c = 0), who is able (a = 1), the
chance of the day (s = 0). The street of the whole town is all that counts (citizens.1 and .2).

Departs: the continuous distribution is held as 36,001 levels, with s = 0.0005 standard deviations
in place of 0, so that the share that goes out is smooth. A person joins at a share of at least the
threshold (some implementations ask for more than it).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
from scipy.optimize import brentq, minimize_scalar
from scipy.special import ndtr, ndtri

from ...kernels import crowd, graph
from ...mechanisms import citizens
from ...places.graph import from_pairs
from ..check import Check
from ._street import EXERCISED, PERCENT, least_turnout

KEY, NOISE = "Granovetter1978", 0.0005
LEAST = {
    10: 0.7696,
    11: 1.713,
    12: 4.0211,
    12.2: 5.479,
    12.22: 5.976,
    12.23: 100.0,
    30: 99.339,
    50: 90.485,
    100: 65.857,
    1e6: 50.0,
}
ONE_OF_TEN = (10, 12, 12.22, 12.23, 30, 50)
CRITICAL = {
    20: (9.144, 4.30),
    25: (12.222087, 6.200325),
    30: (15.668, 8.58),
    35: (19.578, 11.64),
    40: (24.135, 15.80),
}
DRAWN = {10: 0.002, 11: 0.035, 12: 0.156, 12.2: 0.199, 13: 0.373, 14: 0.620, 16: 0.908, 20: 0.996}
TOWNS = 4000


@cache
def _standard() -> tuple[np.ndarray, np.ndarray]:
    """A standard normal distribution as levels and their weights."""
    levels = np.linspace(-9, 9, 36_001)
    below = np.concatenate([[0.0], ndtr((levels[1:] + levels[:-1]) / 2), [1.0]])
    return levels, np.diff(below)


def share(seen: float, mean: float, sigma: float, instigators: bool = True) -> float:
    """Share that goes out when a share is seen to be out, thresholds N(mean, sigma); without those
    at or below 0 if so asked.
    """
    levels, weights = _standard()
    kept = weights if instigators else weights * (mean + sigma * levels > 0)
    return crowd.share_out(
        (citizens.felt(seen, 0.0) - mean) / sigma,
        NOISE if instigators else 0.0,
        levels,
        kept / kept.sum(),
    )


def least(mean: float, sigma: float, instigators: bool = True, most: int = 20_000) -> float:
    """The least fixed point of turnout, by iteration from nobody."""
    seen = 0.0
    for _ in range(most):
        new = share(seen, mean, sigma, instigators)
        if abs(new - seen) < 1e-11:
            break
        seen = new
    return seen


def critical(mean: float) -> tuple[float, float]:
    """(sigma, share): where the lower equilibrium is lost, F touching the diagonal from above."""

    def touching(sigma: float) -> Any:
        return minimize_scalar(
            lambda r: share(r, mean, sigma) - r,
            bounds=(0.0, mean),
            method="bounded",
            options={"xatol": 1e-10},
        )

    sigma = brentq(lambda s: touching(s).fun, mean / 4, mean, xtol=1e-10)
    return sigma, float(touching(sigma).x)


def orders(thresholds: list[int], trials: int = 20) -> float:
    """Largest difference between a day for all at once and people who decide one after another, in
    random orders.
    """
    people, rng, together = (
        len(thresholds),
        np.random.default_rng(1),
        int(least_turnout(np.array(thresholds), np.arange(256) / len(thresholds))[0]),
    )
    start, ties = from_pairs(people, *np.triu_indices(people, 1))
    worst = 0
    for _ in range(trials):
        out = np.zeros(people, np.uint8)
        while graph.decide(
            np.uint64(0),
            out,
            np.zeros(people, np.uint8),
            start,
            ties,
            np.full(people, 1 / people),
            0.0,
            np.array(thresholds) / people,
            0.0,
            1.0,
            rng.permutation(people),
            out,
        ):
            pass
        worst = max(worst, abs(int(out.sum()) - together))
    return float(worst)


def drawn(sigma: float, towns: int = TOWNS, seed: int = 1) -> float:
    """Part of many towns of a hundred, thresholds drawn from N(25, sigma), in which more than half
    riot.
    """
    thresholds = np.random.default_rng(seed).normal(25, sigma, (towns, 100))
    return float(
        (least_turnout(np.clip(np.ceil(thresholds), 0, 255).astype(np.uint8), PERCENT) > 50).mean()
    )


def checks(slow: bool) -> Iterator[Check]:
    chain, broken = list(range(100)), [0, 2, *range(2, 100)]
    yield Check(
        "rioters, thresholds 0 to 99",
        100,
        float(least_turnout(chain, PERCENT)[0]),
        0.0,
        f"{KEY}: published",
        EXERCISED,
        test="T2",
    )
    yield Check(
        "rioters, the 1 made a 2",
        1,
        float(least_turnout(broken, PERCENT)[0]),
        0.0,
        f"{KEY}: published",
        EXERCISED,
        test="T2",
    )
    for name, thresholds in (("0 to 99", chain), ("the 1 made a 2", broken)):
        yield Check(
            f"difference in other orders of deciding, {name}",
            0,
            orders(thresholds),
            0.0,
            f"{KEY}: exact",
            (*EXERCISED, "kernels.graph.decide"),
            test="T2",
        )
    uses = ("kernels.crowd.share_out", "mechanisms.citizens.felt")
    for mean, (sigma, touched) in CRITICAL.items():
        got = critical(mean / 100)
        exact, test = mean == 25, "T1" if mean == 25 else None
        yield Check(
            f"critical sigma, mean {mean}",
            sigma,
            100 * got[0],
            1e-4 if exact else 5e-4,
            f"{KEY}: closed form",
            uses,
            test=test,
        )
        yield Check(
            f"rioters at it, mean {mean}",
            touched,
            100 * got[1],
            1e-4 if exact else 5e-3,
            f"{KEY}: closed form",
            uses,
            test=test,
        )
    for sigma, rioters in LEAST.items():
        yield Check(
            f"rioters, N(25, {sigma:g})",
            rioters,
            100 * least(0.25, sigma / 100),
            2e-3,
            f"{KEY}: solved",
            uses,
            test="T1" if sigma in ONE_OF_TEN else None,
        )
    yield Check(
        "rioters, N(25, 30) without those at or below 0",
        0,
        100 * least(0.25, 0.3, instigators=False),
        0.0,
        f"{KEY}: exact",
        uses,
    )
    ranks = (np.arange(100) + 0.5) / 100
    for sigma, rioters in ((12.5, 5), (13, 100)):
        found = least_turnout(
            np.clip(np.ceil(ndtri(ranks) * sigma + 25), 0, 255).astype(np.uint8), PERCENT
        )
        yield Check(
            f"rioters, a hundred quantiles of N(25, {sigma:g})",
            rioters,
            float(found[0]),
            0.0,
            f"{KEY}: solved",
            EXERCISED,
        )
    for sigma, p in DRAWN.items():
        spread = (
            3.5 * (2 * p * (1 - p) / TOWNS) ** 0.5 + 5e-4
        )  # both sides rest on 4,000 draws; three decimals are given
        yield Check(
            f"towns in which more than half riot, 100 draws of N(25, {sigma:g})",
            p,
            drawn(sigma),
            spread,
            f"{KEY}: measured",
            EXERCISED,
        )


def picture() -> dict[str, Any]:
    sigmas = np.concatenate(
        [
            np.arange(4, 12, 0.5),
            np.arange(12, 12.22, 0.02),
            [12.222, 12.223],
            np.arange(12.25, 13, 0.25),
            np.arange(13, 41, 1),
        ]
    )
    few = np.arange(6, 41, 0.5)
    return {
        "title": "A little more diversity, and six rioters become a hundred",
        "x": "standard deviation of the thresholds (mean 25 of 100)",
        "y": "rioters of 100",
        "lines": [
            {
                "label": "everybody of a very large town",
                "x": sigmas,
                "y": [100 * least(0.25, s / 100) for s in sigmas],
            },
            {
                "label": "mean of towns of 100, drawn",
                "x": few,
                "y": [_mean_drawn(s) for s in few],
                "dash": True,
            },
        ],
        "marks": [{"x": 12.2221, "label": "12.22"}],
        "caption": "Line: least equilibrium of the continuous distribution. Dashed: mean of 400 "
        "towns of a hundred people each, "
        "thresholds drawn; the jump is smeared, so finding it elsewhere is no refutation.",
    }


def _mean_drawn(sigma: float) -> float:
    thresholds = np.random.default_rng(1).normal(25, sigma, (400, 100))
    return float(
        least_turnout(np.clip(np.ceil(thresholds), 0, 255).astype(np.uint8), PERCENT).mean()
    )
