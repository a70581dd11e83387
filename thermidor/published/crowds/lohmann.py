"""Lohmann 1993, 1994: the Monday demonstrations of Leipzig as an informational cascade.

Turnout tells people what others know. Moderates go out when their own signal says that the regime
is bad; extremists always go, so the public discounts them one for one, and only turnout beyond what
was expected changes minds. A crowd of moderates can bring a regime down by what it reveals, not by
its strength.

Citation: Lohmann (1994), World Politics 47(1); the model: Lohmann (1993), American Political
Science Review 87(2).

Switched off: ties, anger, deterrence, the street itself. Utility is the logarithm of the odds that
the regime is bad (media.4), the decision is that of the citizens without luck (decision.2).

Departs: the core of the model in the notes' own formulation (two states, signals of one accuracy, a
known number of extremists), not the full game of the paper with its costs and its five cycles of
demonstrations.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from ...mechanisms import media
from ..check import Check
from ._street import Towns

KEY = "Lohmann1993"
TURNOUTS = ((100, 5, 45, 0.6), (100, 5, 65, 0.6), (100, 0, 50, 0.7), (1000, 50, 560, 0.55))
LEIPZIG = (
    ("4 Sep", 1.0, 1.0),
    ("25 Sep", 5.0, 8.0),
    ("2 Oct", 8.0, 25.0),
    ("9 Oct", 50.0, 70.0),
    ("16 Oct", 110.0, 120.0),
    ("23 Oct", 200.0, 300.0),
    ("30 Oct", 300.0, 350.0),
    ("6 Nov", 400.0, 500.0),
)  # thousand people; sources disagree


def shift(moderates: int, extremists: int, out: int, accuracy: float, prior: float = 0.5) -> float:
    """Change of the logarithm of the odds that the regime is bad, from turnout: the news of each
    moderate in turn.
    """
    signal = math.log(accuracy / (1 - accuracy))
    told = out - extremists
    news = [signal] * told + [-signal] * (moderates - told)
    belief = prior
    for k in np.argsort(np.random.default_rng(1).random(moderates), kind="stable"):
        belief = media.believes(belief, news[k])
    return math.log(belief / (1 - belief)) - math.log(prior / (1 - prior))


def turnout(moderates: int, extremists: int, accuracy: float, bad: bool) -> int:
    """People out on a first day: moderates by their own signal, extremists in any case."""
    signal = math.log(accuracy / (1 - accuracy))
    says_bad = np.random.default_rng(3).random(moderates) < (accuracy if bad else 1 - accuracy)
    kind = np.concatenate([np.where(says_bad, 1, 2), np.zeros(extremists, int)])
    levels = np.concatenate(
        [[-1e9, -signal, signal], np.full(253, 1e9)]
    )  # what each kind's doubt takes from the odds
    return int(Towns(kind, levels).day(0.0)[0])


def checks(slow: bool) -> Iterator[Check]:
    uses = ("mechanisms.media.believes",)
    for n, e, k, q in TURNOUTS:
        expected = (2 * (k - e) - n) * math.log(q / (1 - q))
        yield Check(
            f"log-odds from {k} out, {e} of them extremists, {n} moderates, q = {q}",
            expected,
            shift(n, e, k, q),
            1e-9,
            f"{KEY}: closed form",
            uses,
        )
    yield Check(
        "the same from another prior (0.2)",
        15 * math.log(1.5),
        shift(25, 5, 25, 0.6, prior=0.2),
        1e-9,
        f"{KEY}: closed form",
        uses,
    )
    yield Check(
        "log-odds from ten extremists more, all out",
        0,
        shift(100, 15, 75, 0.6) - shift(100, 5, 65, 0.6),
        1e-9,
        f"{KEY}: closed form",
        uses,
    )
    n, e, q = 9_500, 500, 0.7
    spread = 3.5 * math.sqrt(n * q * (1 - q))
    for bad, share in ((True, q), (False, 1 - q)):
        yield Check(
            f"out on the first day, regime {'bad' if bad else 'good'}, 9,500 moderates, 500 "
            "extremists",
            e + share * n,
            float(turnout(n, e, q, bad)),
            spread,
            f"{KEY}: closed form",
            ("kernels.crowd.decide",),
        )


def picture() -> dict[str, Any]:
    weeks = [0, 3, 4, 5, 6, 7, 8, 9]
    return {
        "title": "Leipzig, autumn 1989: each Monday tells the next",
        "x": "weeks after 4 September 1989",
        "y": "thousand people",
        "log": "y",
        "lines": [
            {
                "label": "largest figure",
                "x": weeks,
                "y": [h for _, _, h in LEIPZIG],
                "points": True,
            },
            {
                "label": "smallest figure",
                "x": weeks,
                "y": [low for _, low, _ in LEIPZIG],
                "dash": True,
                "points": True,
            },
        ],
        "marks": [{"x": 5, "label": "9 October"}],
        "caption": "Turnout as reported, smallest and largest figure found for each Monday. Not a "
        "result of the model: what it is meant to explain, "
        "growth of two to three times a week while turnout is news, and decline once it no longer "
        "is.",
    }
