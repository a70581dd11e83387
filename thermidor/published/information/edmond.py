"""Edmond 2013: information manipulation, coordination and regime change.

A regime can spend on looking stronger than it is. Everybody knows this and discounts what is seen,
and yet it helps: weak regimes look alike, nobody can tell those who will fall, and fewer act. The
better each citizen's information, the steeper the crowd's answer to a small pretence, so that
precise signals make the regime harder to overthrow.

Citation: Edmond (2013), Review of Economic Studies 80(4).

Switched off: one kind of citizens, no public signal (alpha = 0), cost of pretence linear
(coordination.3).

Departs: the cost is linear, as in the notes, whose closed form is what is expected here; got is the
citizens' own cut-off, solved from the regimes' best replies and Bayes. In a scenario the forces
play the game with a public signal and no pretence; what pretence is worth is taken from here when
media are opened or propaganda is given up (security.6).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ...kernels import coordination
from ...mechanisms import security
from ..check import Check
from .morris_shin import least

KEY, USES = "Edmond2013", ("kernels.coordination.feigned_cutoff",)
# alpha (precision of a citizen's signal), c (cost of pretence), p (cost of acting): theta*, x*, y*
CASES = {
    (100, 0.5, 0.5): (0.170320, 0.265610, 0.469414),
    (100, 1.0, 0.5): (0.274409, 0.33436, 0.50071),
    (10, 0.5, 0.25): (0.462929, 0.784888, 1.215121),
    (100, 1.0, 0.25): (0.336044, 0.457633, 0.623985),
    (1e4, 0.5, 0.5): (0.02605, 0.04547, 0.07507),
    (1e6, 0.5, 0.5): (0.00331, 0.00603, 0.00968),
}
SHARPEST = ((100, 0.5, 0.5), (10, 0.5, 0.25))


def checks(slow: bool) -> Iterator[Check]:
    for (alpha, c, p), numbers in CASES.items():
        found = coordination.feigned_cutoff(p, alpha, c)
        case, test = (
            f"alpha = {alpha:g}, c = {c}, p = {p}",
            "T7" if (alpha, c, p) in SHARPEST else None,
        )
        for k, name in enumerate(
            ("strength that falls", "signal below which one acts", "strength that is shown")
        ):
            yield Check(
                f"{name}, {case}",
                numbers[k],
                float(found[k]),
                1e-5,
                f"{KEY}: closed form",
                USES,
                test=test if k == 0 else None,
            )
    yield Check(
        "strength that falls, alpha = 1, c = 0.5, p = 0.5: nobody pretends",
        0.5,
        float(coordination.feigned_cutoff(0.5, 1.0, 0.5)[0]),
        1e-9,
        f"{KEY}: closed form",
        USES,
        test="T7",
    )
    for p in (0.25, 0.5, 0.8):
        yield Check(
            f"strength that falls if pretence costs too much, p = {p}",
            least(0.0, 100.0, 0.0, p),
            float(coordination.feigned_cutoff(p, 100.0, 1e6)[0]),
            1e-9,
            f"{KEY}: closed form",
            (*USES, "kernels.coordination.cutoff"),
        )
    for candour, still in (
        (0.0, 0.170320),
        (0.5, 0.274409),
        (1.0, 0.5),
    ):  # cost .5; 1; nobody pretends
        yield Check(
            f"strength lost when {100 * candour:.0f} of 100 closed channels are opened, alpha = "
            "100, c = 0.5, p = 0.5",
            still - 0.170320,
            float(security.unmasked(0.5, 100.0, 0.5, candour)),
            2e-5,
            f"{KEY}: closed form",
            ("mechanisms.security.unmasked",),
        )
    curve = np.diff(
        [
            coordination.feigned_cutoff(0.5, a, 0.5)[0]
            for a in np.logspace(np.log10(2 * np.pi * 0.25) + 0.01, 6, 100)
        ]
    )
    yield Check(
        "steps at which better signals do not help the regime",
        0,
        float((curve >= 0).sum()),
        0.0,
        f"{KEY}: published",
        USES,
        test="T7",
    )


def picture() -> dict[str, Any]:
    alpha = np.logspace(0, 6, 121)
    return {
        "title": "The better citizens see, the safer a regime that can pretend",
        "x": "precision of a citizen's signal",
        "y": "strength that falls",
        "log": "x",
        "lines": [
            {
                "label": f"pretence costs {c:g}",
                "x": alpha,
                "y": [coordination.feigned_cutoff(0.5, a, c)[0] for a in alpha],
            }
            for c in (2.0, 1.0, 0.5)
        ],
        "marks": [{"y": 0.5, "label": "no pretence"}, {"x": 100, "y": 0.170320, "label": "0.170"}],
        "caption": "Cut-off strength when acting costs one half. Until signals are precise enough "
        "nobody pretends, and the cut-off is one half.",
    }
