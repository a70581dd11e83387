"""Kamenica and Gentzkow 2011; Gehlbach and Sonin 2014: how far biased news can persuade.

A broadcaster tells good news as it is and bad news as good with some bias. Citizens know the bias.
They comply when what they are told makes it likely enough that the regime rules well. The best bias
leaves those who hear good news just persuaded; any more, and nobody believes a word. So compliance
is at most q/m, the prior over the standard.

Citation: Kamenica and Gentzkow (2011), American Economic Review 101(6); Gehlbach and Sonin (2014),
Journal of Public Economics 118.

Switched off: differences between citizens (spread 0), reach, credibility, doubt; what is left is
media.2.

Departs: nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from ...mechanisms import media
from .._solve import flips
from ..check import Check

KEY, USES = "KamenicaGentzkow2011", ("mechanisms.media.persuade",)
CASES = {(0.3, 0.5): (0.428571, 0.6), (0.2, 0.6): (0.166667, 1 / 3), (0.45, 0.5): (0.818182, 0.9)}


def checks(slow: bool) -> Iterator[Check]:
    biases = np.linspace(0, 1, 2001)
    for (q, m), (bias, complies) in CASES.items():
        name = f"prior {q}, standard {m}"
        most = flips(lambda b, q=q, m=m: media.persuade(q, m, b) == 0, 0.0, 1.0)
        yield Check(
            f"largest bias that is believed, {name}", bias, most, 1e-6, f"{KEY}: closed form", USES
        )
        yield Check(
            f"compliance just below it, {name}",
            complies,
            media.persuade(q, m, most - 1e-9),
            1e-6,
            f"{KEY}: closed form",
            USES,
        )
        yield Check(
            f"compliance just above it, {name}",
            0,
            media.persuade(q, m, most + 1e-9),
            0.0,
            f"{KEY}: closed form",
            USES,
        )
        yield Check(
            f"largest compliance at any bias over the bound q/m, {name}",
            0,
            max(0.0, max(media.compliance(q, m, 0.0, b) for b in biases) - q / m),
            1e-9,
            f"{KEY}: closed form",
            ("mechanisms.media.compliance",),
        )
        yield Check(
            f"belief after good news at that bias, {name}",
            m,
            media.believes(q, -math.log(most)),
            1e-6,
            f"{KEY}: closed form",
            (*USES, "mechanisms.media.believes"),
        )
        yield Check(
            f"compliance with honest news, {name}",
            q,
            media.persuade(q, m, 0.0),
            0.0,
            f"{KEY}: closed form",
            USES,
        )
    yield Check(
        "compliance when the prior meets the standard, whatever is told",
        1,
        media.persuade(0.5, 0.5, 1.0),
        0.0,
        f"{KEY}: closed form",
        USES,
    )


def picture() -> dict[str, Any]:
    bias = np.linspace(0, 1, 501)
    return {
        "title": "Bias persuades up to a point, and then nobody",
        "x": "chance that bad news is told as good",
        "y": "citizens who comply",
        "lines": [
            {
                "label": f"prior {q}, standard {m}",
                "x": bias,
                "y": [media.persuade(q, m, b) for b in bias],
            }
            for q, m in CASES
        ],
        "marks": [{"x": b, "y": c, "label": f"q/m = {c:.3g}"} for b, c in CASES.values()],
        "ylim": (-0.03, 1.05),
        "caption": "Each line rises to q/m at the largest bias that is believed, and falls to "
        "nothing beyond it.",
    }
