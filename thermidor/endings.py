"""How a future ends. Frozen before each calibration: to move a definition is a change of its own in
the CHANGELOG. CROWD was .002 until the third fit, whose rules moved it with two fits known.

The codes follow Geddes, Wright and Frantz (2014), who record when the group in power loses control
over who governs and by which rules. A successor from within the group is an event, not an ending.
Elections are not modelled (left out).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# share of residents in the street above which a break of the forces counts as an uprising
CROWD = 0.001  # Kyrgyzstan 2010, 0.19 % on its largest day, is coded as one

# states of which one is 1 on the day of an ending; on all other days `judge` finds none
ENDS = ("occupied", "coup", "broken", "transfer")

ENDINGS = {
    "in power": "The group in power still holds it on the last day; what comes later is not known "
    "(censored).",
    "imposed": "Foreign ground forces hold the capital. Air power alone cannot do it. "
    "(GWF: foreign imposition)",
    "coup": "An attempt from inside the winning coalition succeeds and removes the group. "
    "(GWF: military coup)",
    "uprising": "More of the forces refuse than the regime can lose, while at least 0.1 % of "
    "residents are in the street. (GWF: popular uprising)",
    "collapse": "More of the forces refuse than the regime can lose, without a crowd in the "
    "street. (GWF: state loses control)",
    "pact": "Power is handed over under an agreement, at home or by a ruler who leaves under "
    "guarantees. (GWF: negotiated or elected transition)",
}


def judge(world: Mapping[str, Any]) -> str | None:
    """The ending of the day, or None. Rules are tried in the order of force: from outside, from
    inside, from below.
    """
    if world.get("occupied", 0.0) >= 1.0:
        return "imposed"
    if world.get("coup", 0.0) >= 1.0:
        return "coup"
    if world.get("broken", 0.0) >= 1.0:
        return "uprising" if world.get("turnout_country", 0.0) >= CROWD else "collapse"
    if world.get("transfer", 0.0) >= 1.0:
        return "pact"
    return None
