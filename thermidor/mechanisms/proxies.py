"""Armed groups abroad lend deterrence while they are paid and supplied.

    aim_f = start_f . min(1, paid/plan) . supply/supply at the start
    strength_f(t+1) = strength_f + (aim_f - strength_f)/days - losses_f                  (proxies.1)
    deterrence = lent . sum of w_f strength_f / sum of w_f start_f                       (proxies.2)

The deterrence is a cost that an attacker expects, so it is said into `restraint` (Fearon 1995:
costs of war widen the range of peaceful bargains; Powell 2006). Starting strength, share of funding
and weight of each front are facts of the scenario. Departs: groups have no aims of their own here,
and do not start wars (left out).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from ..mechanism import Draw, Yesterday, channel, choice, fact, mechanism, par, state
from ..places import Place
from ..places.axes import USE
from ..support.arrays import Array

LEAST_SUPPLY = 0.01  # numerical guard: what supply is measured by stays above zero


@dataclass(frozen=True)
class Parameters:
    strength: float = par(
        1.0, 0.6, 1.4, "times", "strength of the fronts over what the scenario lists"
    )
    lent: float = par(
        0.03,
        0.0,
        0.08,
        "share of the pie",
        "cost of war that the fronts at full strength add for an attacker",
        "Fearon1995",
        "analogy",
    )
    days: float = par(
        180.0, 60.0, 540.0, "days", "time in which strength follows funding", log=True
    )
    reference: float = fact(
        0.086,
        0.0001,
        60.0,
        "USD million a day",
        "funding at which the fronts hold their strength",
        per="income",
    )
    supply: float = choice(
        0.8, 0.0, 1.0, "share", "part of supply that still gets through", "neighbours"
    )


class Memory(NamedTuple):
    """What the fronts remember of the first day."""

    first: Array  # strength of each, 1 being its best year, float[front]
    supply: float  # part of supply that got through, share


class See(Yesterday):
    spending: Array

    front_losses: Array

    proxy_strength: Array
    memory: Memory
    place: Place


def start(p: Parameters, place: Place, draw: Draw) -> dict[str, Any]:
    first = place.front_strength * p.strength
    return {
        "memory": Memory(first, supply=max(p.supply, LEAST_SUPPLY)),
        "proxy_strength": np.minimum(first, 1.0),
        "deterrence_lent": p.lent,
    }


@mechanism(
    start=start,
    owns={
        "proxy_strength": state(
            "share", "strength of each front, 1 being its best year", by="front"
        ),
        "deterrence_lent": state(
            "share of the pie", "cost of war that the fronts add for an attacker"
        ),
    },
    opens={
        "front_losses": channel(
            "share a day", "strength lost to attack", by="front", low=0.0, high=1.0
        )
    },
    adds=["restraint"],
    cites=["Fearon1995", "Powell2006"],
)
def proxies(see: See, p: Parameters, draw: Draw) -> dict[str, Any]:
    first, strength = see.memory.first, see.proxy_strength
    weight = see.place.front_weight
    paid = min(1.0, float(see.spending[USE.proxies]) / p.reference)
    aim = first * paid * p.supply / see.memory.supply
    strength = strength + (aim - strength) / p.days - see.front_losses  # (proxies.1)
    strength = np.minimum(np.maximum(strength, 0.0), 1.0)
    total = float(weight @ first)
    lent = p.lent * float(weight @ strength) / total if total > 0 else 0.0  # (proxies.2)
    return {"proxy_strength": strength, "deterrence_lent": lent, "restraint": lent}
