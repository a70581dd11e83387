"""Bueno de Mesquita, Smith, Siverson and Morrow 2003: selectorate theory.

A leader stays by paying a winning coalition of W out of a selectorate of S, in private goods for
its members and public goods for all. A defector may not be in the next coalition (chance W/S), so
where the coalition is small in a large selectorate loyalty is cheap and most of the income can be
kept. A larger coalition costs more and turns spending to public goods; its members fare worst in
between.

Citation: Bueno de Mesquita, Smith, Siverson and Morrow (2003), The Logic of Political Survival, MIT
Press.

Switched off: all but elites.1, in which the utility of a member is sqrt x + sqrt g.

Departs: the closed form is the notes' own derivation for this utility, checked against the
incumbency condition itself, which is how the book states it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ...mechanisms import elites
from ..check import Check

KEY, PATIENCE, PRICE = "BuenoDeMesquita2003", 0.9, 50
SPENT = {(10, 1000): 0.014088, (10, 100): 0.016649, (500, 1000): 0.503642, (1000, 1000): 1.0}
USES = ("mechanisms.elites.patronage_share", "mechanisms.elites.private_part")


def worth(coalition: Any, money: Any, member: bool = True) -> Any:
    """Utility of one who gets the best bundle that this money buys for a coalition: sqrt x + sqrt
    g, or sqrt g outside it.
    """
    private = elites.private_part(coalition, PRICE)
    public = np.sqrt((1 - private) * money / PRICE)
    return public + np.sqrt(private * money / coalition) if member else public


def spent(coalition: Any, selectorate: Any) -> Any:
    return elites.patronage_share(coalition, selectorate, PATIENCE, PRICE)


def slack(coalition: float, selectorate: float) -> float:
    """What a member gains by staying over joining a challenger who spends everything today (the
    incumbency condition).
    """
    m, weight = spent(coalition, selectorate), PATIENCE / (1 - PATIENCE)
    inside = coalition / selectorate
    stay = worth(coalition, m) * (1 + weight)
    go = worth(coalition, 1.0) + weight * (
        inside * worth(coalition, m) + (1 - inside) * worth(coalition, m, member=False)
    )
    return float(stay - go)


def checks(slow: bool) -> Iterator[Check]:
    for (w, s), share in SPENT.items():
        yield Check(
            f"share of income spent, W = {w}, S = {s}",
            share,
            float(spent(w, s)),
            1e-6,
            f"{KEY}: closed form",
            USES[:1],
            test=None if s == 100 else "T9",
        )
        yield Check(
            f"slack of the incumbency condition, W = {w}, S = {s}",
            0,
            slack(w, s),
            1e-12,
            f"{KEY}: closed form",
            USES,
        )
    w = np.arange(1, 1001)
    member = worth(w, spent(w, 1000))
    yield Check(
        "coalition at which a member fares worst, S = 1000",
        27,
        float(w[member.argmin()]),
        0.0,
        f"{KEY}: solved",
        USES,
        test="T9",
    )
    for size in (10, 50, 500):
        yield Check(
            f"public part of spending, W = {size}",
            size / (PRICE + size),
            1 - elites.private_part(size, PRICE),
            1e-12,
            f"{KEY}: closed form",
            USES[1:],
        )
    for name, series, sign in (
        ("spending does not rise with W", spent(w, 1000), 1),
        ("spending does not fall with S", spent(20, np.arange(20, 1001)), -1),
        ("the public part does not rise with W", 1 - elites.private_part(w, PRICE), 1),
        (
            "a member's private good does not fall with W",
            elites.private_part(w, PRICE) * spent(w, 1000) / w,
            -1,
        ),
    ):
        yield Check(
            f"steps at which {name}",
            0,
            float((sign * np.diff(series) <= 0).sum()),
            0.0,
            f"{KEY}: published",
            USES,
        )


def picture() -> dict[str, Any]:
    w = np.unique(np.round(np.logspace(0, 3, 80)).astype(int))
    member = worth(w, spent(w, 1000))
    return {
        "title": "Small coalitions are cheap; those in middling ones fare worst",
        "x": "size of the winning coalition (of 1,000)",
        "y": "share",
        "log": "x",
        "lines": [
            {"label": "income spent", "x": w, "y": spent(w, 1000)},
            {"label": "of it public", "x": w, "y": 1 - elites.private_part(w, PRICE)},
            {
                "label": "a member's welfare (W = 1: 1)",
                "x": w,
                "y": member / member[0],
                "dash": True,
            },
        ],
        "marks": [{"x": 27, "label": "W = 27"}],
        "caption": "Patience 0.9, price of public goods 50. What is not spent is the leader's to "
        "keep.",
    }
