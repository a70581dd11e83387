"""Bikhchandani, Hirshleifer and Welch 1992: informational cascades.

People decide one after another whether to adopt. Each has a private signal that is right with
chance p and sees what all before have done, not why. Soon it is rational to follow the others
whatever one's own signal says, and from then on nothing more is learnt: a cascade, which is wrong
with a chance that stays above zero however many have decided.

Citation: Bikhchandani, Hirshleifer and Welch (1992), Journal of Political Economy 100(5).

Switched off: everything but belief (media.4: Bayes) and the decision without luck (decision.2).
Utility is the logarithm of the odds that adopting is right; who is just indifferent tosses a coin.

Departs: nothing; every history of a given length is followed, with its chance, in place of a
simulation.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np

from ...kernels import decision
from ...mechanisms import media
from ..check import Check

KEY = "BikhchandaniHirshleiferWelch1992"
USES = ("mechanisms.media.believes", "kernels.decision.goes_out")


def adopts(belief: float) -> float:
    """Chance of adopting at this belief that it is right: by the citizens' weak inequality, a coin
    where both are as good.
    """
    x = math.log(belief / (1 - belief))
    for_it, against = decision.goes_out(x), decision.goes_out(-x)
    return 0.5 if for_it and against else float(for_it)


def after(accuracy: float, movers: int) -> tuple[float, float, float]:
    """Chance of a cascade on the right choice, of none, and of one on the wrong choice; adopting is
    right.
    """
    signal = math.log(accuracy / (1 - accuracy))
    public = {0.5: 1.0}  # belief that all can have from what was done: its chance
    settled = [0.0, 0.0]
    for _ in range(movers):
        new: dict[float, float] = defaultdict(float)
        for belief, chance in public.items():
            good, bad = (adopts(media.believes(belief, s)) for s in (signal, -signal))
            if good == bad:  # nobody's signal matters any more
                settled[0 if good else 1] += chance
                continue
            if_right, if_wrong = (
                accuracy * good + (1 - accuracy) * bad,
                (1 - accuracy) * good + accuracy * bad,
            )
            for r, w in ((if_right, if_wrong), (1 - if_right, 1 - if_wrong)):  # adopts, does not
                if r > 0:
                    new[round(media.believes(belief, math.log(r / w)), 12)] += chance * r
        public = new
    for belief, chance in list(public.items()):
        good, bad = (adopts(media.believes(belief, s)) for s in (signal, -signal))
        if good == bad:
            settled[0 if good else 1] += chance
            del public[belief]
    return settled[0], sum(public.values()), settled[1]


def checks(slow: bool) -> Iterator[Check]:
    for p in (0.6, 0.7, 0.8):
        right, none, wrong = after(p, 2)
        yield Check(
            f"right cascade after two, p = {p}",
            p * (p + 1) / 2,
            right,
            1e-9,
            f"{KEY}: closed form",
            USES,
        )
        yield Check(
            f"no cascade after two, p = {p}", p - p * p, none, 1e-9, f"{KEY}: closed form", USES
        )
        yield Check(
            f"wrong cascade after two, p = {p}",
            (p - 2) * (p - 1) / 2,
            wrong,
            1e-9,
            f"{KEY}: closed form",
            USES,
        )
        yield Check(
            f"no cascade after ten, p = {p}",
            (p - p * p) ** 5,
            after(p, 10)[1],
            1e-9,
            f"{KEY}: closed form",
            USES,
        )
    for p, limit in ((0.6, 0.63158), (0.7, 0.75316), (0.8, 0.85714)):
        yield Check(
            f"right cascade in the end, p = {p}",
            limit,
            after(p, 200)[0],
            1e-5,
            f"{KEY}: closed form",
            USES,
        )


def picture() -> dict[str, Any]:
    p = np.linspace(0.51, 0.99, 49)
    return {
        "title": "A crowd that learns from itself is little wiser than one person",
        "x": "accuracy of one person's signal",
        "y": "chance of being right",
        "lines": [
            {"label": "crowd, in the end", "x": p, "y": [after(x, 200)[0] for x in p]},
            {"label": "one person", "x": p, "y": p, "dash": True},
        ],
        "caption": "Chance that the cascade in which a long line of people ends is the right one, "
        "against that of a single signal.",
    }
