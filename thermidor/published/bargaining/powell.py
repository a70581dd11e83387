"""Powell 2004, 2006: war as a commitment problem.

A side that will be much stronger tomorrow cannot promise today not to use it. If what it will gain
exceeds what war destroys, no division keeps the peace: preventive, preemptive and other wars are
one case. A broker can keep a deal only if whoever breaks it forfeits at least what breaking brings;
that is the guarantee.

Citation: Powell (2004), American Political Science Review 98(2); Powell (2006), International
Organization 60(1).

Switched off: all but adversary.1 (when waiting is worse) and negotiation.2 (the guarantee). No
trust, no face, no chance.

Departs: the guarantee is the notes' derivation from the inequality.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ...mechanisms import adversary, negotiation
from .._solve import flips
from ..check import Check

KEY = "Powell2006"
ATTACK, DEAL, BOTH = (
    ("mechanisms.adversary.waiting_is_worse",),
    ("mechanisms.negotiation.guarantee_needed",),
    ("mechanisms.negotiation.gain_of_breaking",),
)


def checks(slow: bool) -> Iterator[Check]:
    now, destroyed, patience = 0.3, 0.1, 0.95
    for later, war, guarantee in ((0.5, 1, 1.15), (0.35, 0, 0.0)):
        case = (now, later, destroyed, patience)
        yield Check(
            f"attack, power from 0.3 to {later}",
            war,
            float(adversary.waiting_is_worse(*case)),
            0.0,
            f"{KEY}: closed form",
            ATTACK,
            test="T8",
        )
        yield Check(
            f"guarantee needed, power from 0.3 to {later}",
            guarantee,
            negotiation.guarantee_needed(*case),
            1e-9,
            f"{KEY}: closed form",
            DEAL,
            test="T8",
        )
    edge = (now + destroyed / (1 - destroyed)) / patience
    yield Check(
        "power tomorrow from which it is attacked today",
        edge,
        flips(lambda x: adversary.waiting_is_worse(now, x, destroyed, patience), 0.0, 1.0),
        1e-9,
        f"{KEY}: closed form",
        ATTACK,
    )
    yield Check(
        "power tomorrow from which a guarantee is needed",
        edge,
        flips(lambda x: negotiation.guarantee_needed(now, x, destroyed, patience) > 0, 0.0, 1.0),
        1e-9,
        f"{KEY}: closed form",
        DEAL,
    )
    for guarantee, broken in ((1.14, 1), (1.16, 0)):
        gain = negotiation.gain_of_breaking(now, 0.5, destroyed, patience)
        yield Check(
            f"breaking pays under a guarantee of {guarantee}",
            broken,
            float(gain > guarantee),
            0.0,
            f"{KEY}: closed form",
            BOTH,
        )
    grid = [
        (p, q, d, b)
        for p in np.linspace(0.1, 0.9, 9)
        for q in np.linspace(0.05, 0.95, 10)
        for d in (0.03, 0.11, 0.23)
        for b in (0.5, 0.9, 0.97)
    ]
    differ = sum(
        bool(adversary.waiting_is_worse(*g)) != (negotiation.gain_of_breaking(*g) > 0) for g in grid
    )
    yield Check(
        f"of {len(grid)} cases, those in which the two forms of the inequality differ",
        0,
        float(differ),
        0.0,
        f"{KEY}: closed form",
        ATTACK + BOTH,
    )


def picture() -> dict[str, Any]:
    later = np.linspace(0.2, 1.0, 161)
    lines = [
        {
            "label": f"war destroys {d:.0%}",
            "x": later,
            "y": [negotiation.guarantee_needed(0.3, x, d, 0.95) for x in later],
        }
        for d in (0.05, 0.1, 0.2)
    ]
    edge = flips(lambda x: adversary.waiting_is_worse(0.3, x, 0.1, 0.95), 0.0, 1.0)
    return {
        "title": "Past the edge peace needs a guarantee, and ever more of it",
        "x": "power of the riser tomorrow (today 0.3)",
        "y": "guarantee needed, years of the pie",
        "lines": lines,
        "marks": [
            {"x": edge, "label": f"{edge:.3f}, where war destroys 10%"},
            {"x": 0.5, "y": 1.15, "label": "1.15"},
        ],
        "caption": "Left of where a line leaves zero a bargain holds by itself. Right of it the "
        "decliner attacks, unless breaking a deal costs "
        "the riser at least this much. Patience 0.95 a year.",
    }
