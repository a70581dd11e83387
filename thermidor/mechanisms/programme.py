"""A strategic programme grows when it is paid for, is set back by strikes, frozen by a deal, and
gives leverage.

    level(t+1) = level + pace/365 . paid . (1 - freeze) (1 - level)
                 - (level - hardened) (1 - exp(-h . hits))
                 - rollback/365 . freeze . level                                       (programme.1)

The level is abstract: 0 nothing, 1 as far as it can go. Growth in small steps can be absorbed by
bargains; a sudden step (breakout, on the ruler's order) is what makes prevention rational (Powell
2004, 2006). A part is hardened against strikes. Nothing technical about any real programme is in
here beyond public headline figures.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

from ..mechanism import Draw, Yesterday, channel, fact, mechanism, par, state, when
from ..places import Place
from ..places.axes import USE
from ..support.arrays import Array


@dataclass(frozen=True)
class Parameters:
    level: float = fact(0.0, 0.0, 1.0, "share", "level on the first day")
    pace: float = par(
        0.40,
        0.10,
        1.20,
        "a year",
        "growth of what is missing in a year of full funding",
        "IAEA2025",
        "analogy",
        log=True,
    )
    reference: float = fact(
        0.086,
        0.0001,
        60.0,
        "USD million a day",
        "funding at which it grows at its pace",
        per="income",
    )
    hardened: float = par(0.50, 0.20, 0.80, "share of the level", "part that strikes cannot reach")
    hit: float = par(
        0.010, 0.003, 0.030, "share per strike", "part of the rest that a strike destroys", log=True
    )
    rollback: float = par(
        0.8, 0.3, 1.5, "a year", "rate at which a deal in force takes the programme down"
    )
    breakout: float = par(
        0.20, 0.05, 0.40, "share", "sudden step when the ruler orders it", "Powell2006", "analogy"
    )
    most_paid: float = par(
        2.0, 1.0, 3.0, "times", "funding over the reference beyond which more money speeds nothing"
    )
    frozen: float = par(
        0.5, 0.25, 0.75, "share", "freeze from which on there can be no sudden step"
    )


class Memory(NamedTuple):
    safe: float  # level that strikes cannot reach, share


class See(Yesterday):
    spending: Array
    breakout_order: float

    programme_hits: float
    freeze: float

    programme_level: float
    breakouts: float
    memory: Memory


def start(p: Parameters, place: Place, draw: Draw) -> dict[str, Any]:
    return {
        "memory": Memory(safe=p.hardened * p.level),
        "programme_level": p.level,
        "leverage": p.level,
        "breakouts": 0.0,
    }


@mechanism(
    start=start,
    owns={
        "programme_level": state("share", "how far the programme is"),
        "leverage": state("share", "what it is worth in talks"),
        "breakouts": state("count", "sudden steps since the start"),
    },
    opens={
        "programme_hits": channel(
            "strikes a day", "strikes on the programme", low=0.0, high=5000.0
        ),
        "freeze": channel(
            "share", "part of the programme that is frozen and inspected", low=0.0, high=1.0
        ),
    },
    tells=["the programme is pushed ahead"],
    cites=["Powell2004", "Powell2006"],
)
def programme(see: See, p: Parameters, draw: Draw) -> dict[str, Any]:
    level, freeze = see.programme_level, min(1.0, max(0.0, see.freeze))
    paid = min(p.most_paid, float(see.spending[USE.programme]) / p.reference)
    exposed = max(0.0, see.programme_level - see.memory.safe)
    level += p.pace / 365 * paid * (1 - freeze) * (1 - level)
    level -= exposed * (1 - math.exp(-p.hit * see.programme_hits))
    level -= p.rollback / 365 * freeze * see.programme_level  # (programme.1)
    step = see.breakout_order >= 1.0 and freeze < p.frozen
    level = min(1.0, max(0.0, level + (p.breakout if step else 0.0)))
    return {
        "programme_level": level,
        "leverage": level * (1 - freeze),
        "breakouts": see.breakouts + step,
        "the programme is pushed ahead": when(step, level),
    }
