"""Kreps and Wilson 1982: reputation and imperfect information, the chain store.

A ruler of unknown type meets challengers one after another. A tough one always fights; a weak one
would rather yield, but fights early to be thought tough. Challengers stay out while many are still
to come and the ruler may be tough; near the end the bluff is called. A small doubt deters for long:
the horizon grows only with the logarithm of the doubt.

Citation: Kreps and Wilson (1982), Journal of Economic Theory 27(2).

Switched off: all but Bayes (media.4) and the rule by which one who risks failure acts (the guard's
temptation of elites.py): a challenger enters when (1 - f) b - f (1 - b) > 0, f being the chance of
a fight.

Departs: nothing; the weak ruler's mixing is found from what makes the next challenger indifferent.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache
from typing import Any

from ...mechanisms import elites, media
from .._solve import flips
from ..check import Check

KEY, USES = "KrepsWilson1982", ("mechanisms.elites.temptation", "mechanisms.media.believes")


def enters(fight: float, gain: float) -> bool:
    """Whether a challenger comes in: gain if let in, gain - 1 if fought."""
    return elites.temptation(1 - fight, gain, 1 - gain, 0.0, 0.0) > 0


def bluff(belief: float, left: int, gain: float) -> float:
    """Chance that a weak ruler fights with `left` challengers left: just enough that a fight leaves
    the next one indifferent.
    """
    if left == 1:
        return 0.0
    needed = deterrent(left - 1, gain)
    if belief >= needed:
        return 1.0
    return flips(lambda y: media.believes(belief, -math.log(y)) < needed, 1e-300, 1.0)


def fights(belief: float, left: int, gain: float) -> float:
    """Chance of a fight as a challenger sees it."""
    return belief + (1 - belief) * bluff(belief, left, gain)


@cache
def deterrent(left: int, gain: float) -> float:
    """Belief in a tough ruler from which a challenger stays out with `left` of them left."""
    return flips(lambda p: not enters(fights(p, left, gain), gain), 1e-9, 1 - 1e-9)


def horizon(belief: float, gain: float) -> int:
    """Challengers left from which the first stays out."""
    left = 1
    while enters(fights(belief, left, gain), gain):
        left += 1
    return left


def checks(slow: bool) -> Iterator[Check]:
    for gain in (0.5, 0.7):
        for left in (1, 2, 3, 4):
            yield Check(
                f"belief that deters, {left} left, b = {gain}",
                gain**left,
                deterrent(left, gain),
                1e-9,
                f"{KEY}: closed form",
                USES[:1] if left == 1 else USES,
            )
    p, gain, left = 0.05, 0.5, 3
    target = gain ** (left - 1)
    yield Check(
        "chance that the weak fight, p = 0.05, 3 left, b = 0.5",
        p * (1 - target) / ((1 - p) * target),
        bluff(p, left, gain),
        1e-9,
        f"{KEY}: closed form",
        USES,
    )
    yield Check(
        "chance of a fight, the same",
        p / target,
        fights(p, left, gain),
        1e-9,
        f"{KEY}: closed form",
        USES,
    )
    yield Check(
        "belief after a fight, the same",
        target,
        media.believes(p, -math.log(bluff(p, left, gain))),
        1e-9,
        f"{KEY}: closed form",
        USES,
    )
    for p, gain in ((0.1, 0.5), (0.01, 0.5), (0.01, 0.8)):
        yield Check(
            f"challengers left from which all stay out, p = {p}, b = {gain}",
            math.ceil(math.log(p) / math.log(gain)),
            float(horizon(p, gain)),
            0.0,
            f"{KEY}: closed form",
            USES,
        )


def picture() -> dict[str, Any]:
    left = list(range(1, 11))
    return {
        "title": "With many challengers to come, a small doubt deters",
        "x": "challengers left",
        "y": "belief in a tough ruler that deters",
        "log": "y",
        "lines": [
            {"label": f"gain {b}", "x": left, "y": [deterrent(n, b) for n in left], "points": True}
            for b in (0.8, 0.7, 0.5)
        ],
        "marks": [{"y": 0.1, "label": "one in ten"}],
        "caption": "A challenger stays out where belief is above the points. The gain is what one "
        "who is let in gets; a fight costs one.",
    }
