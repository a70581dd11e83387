"""Fearon 1995: rationalist explanations for war.

War costs both sides, so there is always a division that both prefer to it: the bargaining range.
War comes all the same when one side does not know the other's costs and asks for too much, or when
power will shift and the rising side cannot promise to be content. If what is divided is itself the
source of power, the decliner is fed slice by slice and no war need come.

Citation: Fearon (1995), International Organization 49(3).

Switched off: all but the rule by which a decliner attacks (adversary.4): one period for the crisis
bargain (patience 0), lump-sum costs of war for the preventive war. The adversary of a scenario uses
the same rule with Powell's costs.

Departs: the form of the preventive war and of the slices is the notes' derivation. The demand is
found as the best reply to the other side's decisions, not put in.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
from scipy.optimize import brentq

from ...mechanisms import adversary
from .._solve import flips
from ..check import Check

KEY, USES, STEP = "Fearon1995", ("mechanisms.adversary.attack_pays",), 1e-4
DEMANDS = {
    (0.5, 0.1, 0.4): (0.65, 0.375),
    (0.5, 0.1, 0.2): (0.55, 0.25),
    (0.5, 0.1, 0.1): (0.5, 0.0),
    (0.6, 0.05, 0.3): (0.725, 5 / 12),
}
PREVENTIVE = {(0.3, 0.34, 0.9, 0.5): 1.0, (0.3, 0.34, 0.9, 0.7): 0.0, (0.3, 0.6, 0.9, 0.1): 1.0}
SLICES = (0.0391, 0.0757, 0.1100, 0.1422)


def fights(power: float, demand: Any, cost: Any) -> Any:
    """Whether the other side fights rather than leave this share to one who would win with chance
    `power`.
    """
    return adversary.attack_pays(power, 0.0, cost, 0.0, demand)


def war(power: float, demand: float, most: float) -> float:
    """Chance of war after a demand, the other side's cost being uniform up to `most`."""
    if fights(power, demand, most):
        return 1.0
    return (
        flips(lambda c: not fights(power, demand, c), 0.0, most) / most
        if fights(power, demand, 0.0)
        else 0.0
    )


@cache
def demand(power: float, cost: float, most: float) -> float:
    """The best demand of a side with this chance to win and cost of war: where its expected share
    is flat, or all that is safe.
    """

    def gain(x: float) -> float:
        w = war(power, x, most)
        return (1 - w) * x + w * (power - cost)

    def slope(x: float) -> float:
        return (gain(x + STEP) - gain(x - STEP)) / (2 * STEP)

    low, high = power + 2 * STEP, power + most - 2 * STEP
    return float(brentq(slope, low, high, xtol=1e-13)) if slope(low) > 0 else power


def prevented(now: float, later: float, patience: float, cost: float) -> bool:
    """Whether the decliner attacks before a shift of power, winner takes all for ever, war costs a
    lump sum.
    """
    return adversary.attack_pays(now, later, cost * (1 - patience) ** 2, patience)


def slices(
    steps: int, floor: float = 0.2, gain: float = 0.6, patience: float = 0.9, cost: float = 0.5
) -> list[float]:
    """Shares that the riser can take one after another, power being floor + gain . share, the
    decliner kept at its value of war.
    """

    def power(x: float) -> float:
        return floor + gain * x

    held = [0.0]
    for _ in range(steps):
        held.append(
            flips(
                lambda x: adversary.attack_pays(
                    power(held[-1]), power(x), cost * (1 - patience) ** 2, patience, x
                ),
                0.0,
                1.0,
            )
        )
    return held[1:]


def checks(slow: bool) -> Iterator[Check]:
    p, mine, theirs = 0.6, 0.15, 0.25
    ends = (
        flips(lambda x: fights(1 - p, 1 - x, mine), 0.0, p),
        flips(lambda x: fights(p, x, theirs), p, 1.0),
    )
    for name, end, got in zip(("lower", "upper"), (p - mine, p + theirs), ends, strict=True):
        yield Check(
            f"{name} end of the bargaining range, p = 0.6, costs 0.15 and 0.25",
            end,
            got,
            1e-9,
            f"{KEY}: closed form",
            USES,
        )
    for case, (x, w) in DEMANDS.items():
        name, test = (
            "p, cost, largest cost = " + ", ".join(map(str, case)),
            "T8" if case == (0.5, 0.1, 0.4) else None,
        )
        best = demand(*case)
        yield Check(f"demand, {name}", x, best, 1e-9, f"{KEY}: closed form", USES, test=test)
        yield Check(
            f"chance of war, {name}",
            w,
            war(case[0], best, case[2]),
            1e-9,
            f"{KEY}: closed form",
            USES,
            test=test,
        )
    p, _, most = case = (0.5, 0.1, 0.4)
    costs = np.random.default_rng(8).uniform(0, most, 100_000)
    yield Check(
        "wars in 100,000 bargains, 0.5, 0.1, 0.4",
        0.375,
        float(fights(p, demand(*case), costs).mean()),
        0.01,
        f"{KEY}: simulated",
        USES,
        test="T8",
    )
    for case, attack in PREVENTIVE.items():
        yield Check(
            "attack, p, later p, patience, cost = " + ", ".join(map(str, case)),
            attack,
            float(prevented(*case)),
            0.0,
            f"{KEY}: closed form",
            USES,
            test="T8" if case[1] == 0.34 else None,
        )
    yield Check(
        "cost of war up to which a shift of 0.3 to 0.34 is prevented",
        0.6,
        flips(lambda c: prevented(0.3, 0.34, 0.9, c), 0.0, 2.0),
        1e-9,
        f"{KEY}: closed form",
        USES,
    )
    for k, (x, got) in enumerate(zip(SLICES, slices(4), strict=True), 1):
        yield Check(f"share after slice {k}", x, got, 5e-5, f"{KEY}: closed form", USES)
    yield Check("share in the end", 0.625, slices(400)[-1], 1e-6, f"{KEY}: closed form", USES)


def picture() -> dict[str, Any]:
    most = np.linspace(0.02, 1.0, 99)
    return {
        "title": "The less is known of the other side's cost, the more wars",
        "x": "largest cost of war that the other side may have",
        "y": "chance of war",
        "lines": [
            {
                "label": f"own cost {c}",
                "x": most,
                "y": [war(0.5, demand(0.5, c, float(m)), float(m)) for m in most],
            }
            for c in (0.05, 0.1, 0.2)
        ],
        "marks": [{"x": 0.4, "y": 0.375, "label": "0.375"}],
        "caption": "One side makes a demand without knowing the other's cost, which is uniform "
        "from zero. Its chance to win is one half. "
        "Below its own cost it asks for no more than is safe, and there is no war.",
    }
