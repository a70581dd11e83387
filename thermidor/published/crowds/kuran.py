"""Kuran 1989, 1991: preference falsification, sparks and prairie fires.

People hide what they want while the price of saying it is high, and the price falls with the number
who say it. Each has a threshold: the share in public opposition at which to join it. Opposition
settles at the least share that sustains itself. The same small change of one person sets off a
revolt in one town and nothing in the next, and a town with lower thresholds on average can stay
quiet; so revolts surprise, and look inevitable afterwards.

Citation: Kuran (1989), Public Choice 61; Kuran (1991), World Politics 44(1).

Switched off: ties, anger, media, crowding (c = 0), who is able (a = 1), the chance of the day (s =
0). What is left of the penalty for speaking out is the threshold, which is the disposition of
citizens.1; the street of the town is all that counts.

Departs: ten people in place of a country, as in the papers. The six sequences were not compared
with the printed page; what they lead to was solved beforehand by other code.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..check import Check
from ._street import EXERCISED, PERCENT, Towns, least_turnout
from .granovetter import orders

KEY = "Kuran1989"
SEQUENCES = {
    "A": ([0, 20, 20, 30, 40, 50, 60, 70, 80, 100], 10),
    "A'": ([0, 10, 20, 30, 40, 50, 60, 70, 80, 100], 90),
    "B": ([0, 20, 30, 30, 40, 50, 60, 70, 80, 100], 10),
    "B'": ([0, 10, 30, 30, 40, 50, 60, 70, 80, 100], 20),
    "C": ([0, 20, 20, 20, 20, 20, 20, 20, 60, 100], 10),
    "C'": ([0, 10, 20, 20, 20, 20, 20, 20, 60, 100], 90),
}


def checks(slow: bool) -> Iterator[Check]:
    found = 10 * least_turnout(np.array([t for t, _ in SEQUENCES.values()]), PERCENT)
    for (name, (thresholds, opposed)), got in zip(SEQUENCES.items(), found, strict=True):
        yield Check(
            f"public opposition, sequence {name}",
            opposed,
            float(got),
            0.0,
            f"{KEY}: solved",
            EXERCISED,
            test="T2",
        )
        yield Check(
            f"difference in other orders of deciding, {name}",
            0,
            orders([t // 10 for t in thresholds]),
            0.0,
            f"{KEY}: exact",
            (*EXERCISED, "kernels.graph.decide"),
            test="T2",
        )


def picture() -> dict[str, Any]:
    lines = []
    for name, label in (("A", "A, B and C"), ("A'", "A'"), ("B'", "B'"), ("C'", "C'")):
        path = [10 * int(x[0]) for x in Towns(np.array(SEQUENCES[name][0]), PERCENT).path()]
        path = (path + [path[-1]] * 12)[:11]
        lines.append({"label": label, "x": list(range(len(path))), "y": path, "dash": name == "A"})
    return {
        "title": "The same change of one person: a revolt, a ripple, a revolt",
        "x": "steps from nobody",
        "y": "public opposition, of 100",
        "lines": lines,
        "caption": "Dashed: sequences A, B and C, which all stop at 10. Lines: the same with one "
        "person's threshold lowered from 20 to 10. "
        "A' and C' end at 90, B' at 20, though C is the town with the lowest thresholds on "
        "average.",
    }
