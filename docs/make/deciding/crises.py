"""Uprisings that nobody planted: do they begin without sparks, and after crises?

A history is a country of the record's types and ages, ten years long or until its regime ends, no
uprising planted; with `events` switched off there are no sparks and no leader dies. An uprising
begins on a day with at least 0.1 % of residents in the street (the threshold of endings.py) after
a quarter without such a day. A crisis is a day on which prices rise at least twice as fast as a
year before (and by a tenth a year at least), or real incomes are 10 % below those of a year before,
or reserves come to be empty (less than a day's income). A year before the first is the first day.
"""

from __future__ import annotations

import math

import numpy as np
import polars as pl

from thermidor.endings import CROWD
from thermidor.engine.run import Run

from .first import moves
from .worlds import Change, made, of_the_record, play

DAYS, MONTH, YEAR = 3650, 30, 365
APART = 90  # days without a crowd after which another is a new uprising
TWICE, LEAST_RISE = 2.0, 0.10  # times; a year
LOST = -math.log(0.9)  # log real income
WITHOUT = "without events"
CHANGES = {WITHOUT: Change(off=("events",)), "with events": Change()}
KINDS = ("prices", "incomes", "reserves", "any")


def beginnings(turnout: np.ndarray) -> np.ndarray:
    """Days on which an uprising begins. turnout: share of residents by day, from day 0."""
    large = np.flatnonzero(turnout >= CROWD)
    return large[np.diff(large, prepend=-APART - 1) > APART]


def in_crisis(run: Run) -> dict[str, np.ndarray]:
    """Whether each day from day 0 is one of a crisis, by its kind."""
    inflation, hardship = run["inflation"], run["hardship_country"]
    ago = np.maximum(np.arange(len(inflation)) - YEAR, 0)
    empty = run["reserves"] < run["income"]
    kinds = {
        "prices": inflation >= np.maximum(TWICE * inflation[ago], LEAST_RISE),
        "incomes": hardship - hardship[ago] >= LOST,
        "reserves": empty & ~np.concatenate([[True], empty[:-1]]),
    }
    return kinds | {"any": np.any(list(kinds.values()), axis=0)}


def months(begins: np.ndarray, crisis: np.ndarray) -> tuple[float, float, float, float]:
    """Months after a crisis in the year before, in which an uprising begins and does not, and those
    without one likewise (a to d of sums.1). Months end with the history.
    """
    counts = np.zeros(4)
    days = np.flatnonzero(crisis)
    for first in range(1, len(crisis), MONTH):
        after = bool(((days >= first - YEAR) & (days < first)).any())
        came = bool(((begins >= first) & (begins < first + MONTH)).any())
        counts[2 * (not after) + (not came)] += 1
    return tuple(counts.tolist())  # type: ignore[return-value]


def histories(country: int, first: int, count: int, days: int, change: str) -> pl.DataFrame:
    """Histories of a country of the record, a row each."""
    world = of_the_record(country, days)
    numbers = range(first, first + count)
    rows = [37 * country + k for k in numbers]
    out = []
    for k, run in zip(
        numbers, play(world, made(world, CHANGES[change]), numbers, rows), strict=True
    ):
        begins = beginnings(run["turnout_country"])
        row = {
            "world": world.name,
            "kind": world.kind,
            "number": k,
            "events": change,
            "years": run.day / YEAR,
            "ending": run.ending,
            "begin": len(begins),
            "emptied": bool((run["reserves"] < run["income"]).any()),
        }
        for kind, crisis in in_crisis(run).items():
            for word, n in zip("abcd", months(begins, crisis), strict=True):
                row[f"{kind}_{word}"] = n
        out.append(row | moves(run))
    return pl.DataFrame(out, infer_schema_length=None)
