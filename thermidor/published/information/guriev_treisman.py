"""Guriev and Treisman 2019, 2020: informational autocracy, in a reduced form.

A ruler can hold power by fear or by spin. Fear grows dearer the larger the educated elite is; spin
has to bribe or censor each of them. So as the informed elite grows, violence gives way to spin, and
spin to democracy once they are too many to be bought with what the ruler has. Oil money moves the
second line and not the first.

Citation: Guriev and Treisman (2019), Journal of Economic Perspectives 33(4); Guriev and Treisman
(2020), Journal of Public Economics 186.

Switched off: all but the ruler's choice (quantal response, ruler.py) with its noise next to
nothing, between three ways of which only the cost counts: fear R(e) = r e^2, spin I(e) = F + k e,
letting go, which costs all that there is to spend, B. B is oil income (treasury.1).

Departs: the notes' own reduced form of the ordering; the papers' equations are not used. Its
numbers (r = 10, F = 1, k = 2) stand for no country, so what is checked is where the choice changes,
against the closed form.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from ...mechanisms import ruler, treasury
from .._solve import flips
from ..check import Check

KEY, CHOICE, OIL = (
    "GurievTreisman2020",
    "mechanisms.ruler.chances",
    "mechanisms.treasury.oil_income",
)
FEAR, FIXED, EACH, NOISE = 10.0, 1.0, 2.0, 1e-6
WAYS = ("fear", "spin", "letting go")


def budget(price: float) -> float:
    """What a barrel a day brings."""
    return treasury.oil_income(1.0, price, 0.0, 1.0, 0.0)


def chosen(elite: float, money: float) -> int:
    """The way that the ruler chooses at this share of informed elite."""
    return int(
        ruler.chances(-np.array([FEAR * elite**2, FIXED + EACH * elite, money]), NOISE).argmax()
    )


def checks(slow: bool) -> Iterator[Check]:
    first = (EACH + math.sqrt(EACH**2 + 4 * FEAR * FIXED)) / (2 * FEAR)
    for price in (2.2, 2.6, 3.0):
        b = budget(price)
        yield Check(
            f"informed elite from which spin is chosen, B = {price}",
            first,
            flips(lambda e, b=b: chosen(e, b) != 0, 0.0, 1.0),
            1e-9,
            f"{KEY}: closed form of the reduced form",
            (CHOICE, OIL),
        )
        yield Check(
            f"informed elite from which the ruler lets go, B = {price}",
            (price - FIXED) / EACH,
            flips(lambda e, b=b: chosen(e, b) == 2, first, 1.2),
            1e-9,
            f"{KEY}: closed form of the reduced form",
            (CHOICE, OIL),
        )
    order = [chosen(e, budget(2.6)) for e in np.linspace(0.01, 1, 100)]
    yield Check(
        "steps back from spin to fear or from letting go, as the elite grows",
        0,
        float((np.diff(order) < 0).sum()),
        0.0,
        f"{KEY}: published",
        (CHOICE,),
    )
    even = ruler.chances(-np.array([FEAR * first**2, FIXED + EACH * first]), 1.0)
    yield Check(
        "chance of fear where both cost the same",
        0.5,
        float(even[0]),
        1e-9,
        "McKelveyPalfrey1995: closed form",
        (CHOICE,),
    )


def picture() -> dict[str, Any]:
    elite = np.linspace(0, 1, 101)
    first = flips(lambda e: chosen(e, budget(2.6)) != 0, 0.0, 1.0)
    second = flips(lambda e: chosen(e, budget(2.6)) == 2, first, 1.0)
    return {
        "title": "Fear, then spin, then neither, as the informed elite grows",
        "x": "informed elite, share of the people",
        "y": "cost",
        "ylim": (0.0, 5.0),
        "lines": [
            {"label": "fear", "x": elite, "y": FEAR * elite**2},
            {"label": "spin", "x": elite, "y": FIXED + EACH * elite},
            {
                "label": "all the money there is",
                "x": elite,
                "y": np.full(elite.size, budget(2.6)),
                "dash": True,
            },
        ],
        "marks": [
            {"x": first, "label": f"spin from {first:.3f}"},
            {"x": second, "label": f"neither from {second:.1f}"},
        ],
        "caption": "The ruler takes what is cheapest. More oil money lifts the dashed line and "
        "moves the right mark only. Numbers stand for no country.",
    }
