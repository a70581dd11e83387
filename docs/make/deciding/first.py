"""Who moves first in an uprising that ends a regime: the street, or elites and forces?

The peak is the largest day of the street in the last half year of a regime that ends otherwise than
from outside, and it is an uprising if at least 0.1 % of residents were out on it. It begins a month
before the first such day of that half year, or on the first day of the future. From there to the
day before the peak elites have moved if on some day 5 of 100 members fewer stay with the coalition
than on the first of these days, and forces if more than a tenth would refuse an order, who on the
first of these days were not.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from thermidor.endings import CROWD
from thermidor.engine.run import Run

from .worlds import World, made, play

LEFT, REFUSE = 0.05, 0.10  # share of members; share of the forces
LAST, BEFORE = 180, 30  # days
ENDED = ("uprising", "collapse", "pact", "coup")
HOW = ("elites", "forces", "either", "before the crowd")
DAYS = ("rise", "left")  # from the first day with a crowd to the peak; from there to the end


def moves(run: Run) -> dict[str, bool | int | None]:
    """Whether it is an uprising that ended the regime, and who moved before its peak, and before
    the first day with 0.1 % of residents; days from there to the peak, and from the peak to the
    end. None where it is none.
    """
    turnout = run["turnout_country"]
    begin = max(1, run.day - LAST + 1)
    peak = begin + int(turnout[begin:].argmax())
    if run.ending not in ENDED or turnout[peak] < CROWD:
        return {"ended": False} | dict.fromkeys((*HOW, *DAYS), None)
    crowd = begin + int(np.flatnonzero(turnout[begin:] >= CROWD)[0])
    onset = max(1, crowd - BEFORE)
    elites = run["united"][onset:] <= run["united"][onset] - LEFT
    forces = (run["refusing"][onset:] > REFUSE) & (run["refusing"][onset] <= REFUSE)
    either = elites | forces
    span, quiet = peak - onset, crowd - onset
    return {
        "ended": True,
        "elites": bool(elites[:span].any()),
        "forces": bool(forces[:span].any()),
        "either": bool(either[:span].any()),
        "before the crowd": bool(either[:quiet].any()),
        "rise": peak - crowd,
        "left": run.day - peak,
    }


def planted(world: World, first: int, count: int, turn: int) -> pl.DataFrame:
    """Futures of a world whose uprising is planted, a row each."""
    numbers = range(first, first + count)
    rows = [37 * turn + k for k in numbers]
    out = []
    for k, run in zip(numbers, play(world, made(world), numbers, rows), strict=True):
        out.append({"world": world.name, "number": k} | moves(run))
    return pl.DataFrame(out, infer_schema_length=None)
