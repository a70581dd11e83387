"""Thirty times the deaths at equal crowds: the same uprisings with the rate at which people out are
killed, and thirty times that rate, under each row of the posterior.

All is read over the days that both futures live, but the chance of a fall, which is that of a year.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import polars as pl

from thermidor.engine.run import Run
from thermidor.history.simulated.quantities import ALL, LEAST, Future

from .worlds import YEAR, World, made, play

TIMES = {"security.kill_rate": 30.0}
WEEK, LATER = 8, 60  # later crowds: those of these days, both counted
SUMS = {
    "refusing": "who would refuse, mean of the first 60 days (points of the forces)",
    "most refusing": "who would refuse, largest (points of the forces)",
    "later": f"later crowds, days {WEEK} to {LATER} (log10 of their share of residents)",
    "fall": "chance of a fall within a year (points)",
    "dead": "killed in protest (log10 of persons + 1)",
}
IN_POINTS = ("refusing", "most refusing", "fall")


def contrast(more: Run, less: Run, kind: str) -> dict[str, float]:
    """What thirty times the deaths move in a pair; NaN for later crowds where one has ended."""
    both = min(more.day, less.day)
    a, b = (_seen(run, kind, both) for run in (more, less))
    return {k: a[k] - b[k] for k in a}


def _seen(run: Run, kind: str, both: int) -> dict[str, float]:
    refusing = run["refusing"][1 : both + 1]
    later = np.log10(np.maximum(run["turnout_country"][WEEK : min(LATER, both) + 1], LEAST))
    return {
        "refusing": 100 * float(refusing[:LATER].mean()),
        "most refusing": 100 * float(refusing.max()),
        "later": float(later.mean()) if later.size else math.nan,
        "fall": 100 * Future(run, kind, 1, YEAR).by_chance(ALL),
        "dead": math.log10(float(run["killed_protest"][both]) + 1),
    }


def killed_of_crowd(run: Run, people: float) -> float:
    """Killed in protest over the largest number that was in the street on a day.  people: as the
    provinces are listed.
    """
    largest = float(run["turnout_country"].max()) * people * run.parameters["citizens"].population
    return float(run["killed_protest"][-1]) / max(largest, 1.0)


def sums(world: World, draws: Sequence[int], each: int) -> pl.DataFrame:
    """Pairs of a world under rows of the posterior, `each` under every one, no two with the same
    luck.
    """
    scenario = made(world)
    numbers = [each * d + k for d in draws for k in range(each)]
    rows = [d for d in draws for _ in range(each)]
    less = play(world, scenario, numbers, rows)
    more = play(world, scenario, numbers, rows, TIMES)
    people = float(scenario.place.population.sum())
    out = []
    for d, n, a, b in zip(rows, numbers, more, less, strict=True):
        about = {"world": world.name, "draw": d, "number": n}
        ratio = {"killed_of_crowd": max(killed_of_crowd(x, people) for x in (a, b))}
        out.append({**about, **contrast(a, b, world.kind), **ratio})
    return pl.DataFrame(out)
