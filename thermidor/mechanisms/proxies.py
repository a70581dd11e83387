"""Armed groups abroad lend deterrence while they are paid and supplied.

    strength_f(t+1) = strength_f + (start_f . min(1, paid/plan) . supply/supply at the start - strength_f)/days - losses_f        (proxies.1)
    deterrence = lent . sum of w_f strength_f / sum of w_f start_f                                           (proxies.2)

The deterrence is a cost that an attacker expects, so it is said into `restraint` (Fearon 1995:
costs of war widen the range of peaceful bargains; Powell 2006). Starting strength, share of funding
and weight of each front are facts of the scenario. Departs: groups have no aims of their own here,
and do not start wars (left out).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..mechanism import channel, choice, fact, mechanism, par, state


@dataclass(frozen=True)
class P:
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
        2.7, 0.0001, 60.0, "USD million a day", "funding at which the fronts hold their strength"
    )
    supply: float = choice(
        0.8, 0.0, 1.0, "share", "part of supply that still gets through", "neighbours"
    )


def start(p, place, draw):
    first = np.array([f.strength for f in place.front_rows]) * p.strength
    weight = np.array([f.weight for f in place.front_rows])
    return {
        "memory": {"first": first, "weight": weight, "supply": max(p.supply, 0.01)},
        "proxy_strength": np.minimum(first, 1.0),
        "deterrence_lent": p.lent,
    }


@mechanism(
    params=P,
    start=start,
    reads=["spending"],
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
def proxies(see, p, draw):
    first, weight = see.memory["first"], see.memory["weight"]
    paid = min(1.0, float(see.spending[4]) / p.reference)
    strength = np.clip(
        see.proxy_strength
        + (first * paid * p.supply / see.memory["supply"] - see.proxy_strength) / p.days
        - see.front_losses,
        0.0,
        1.0,
    )
    total = float(weight @ first)
    lent = p.lent * float(weight @ strength) / total if total > 0 else 0.0
    return {"proxy_strength": strength, "deterrence_lent": lent, "restraint": lent}
