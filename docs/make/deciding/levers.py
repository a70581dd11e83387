"""Levers under an uprising: each low and high, or with and without, on the same futures.

What is read off a pair: the chance of a fall within a year (coups by their daily chances, as the
gate of effects has it), the largest turnout, coups, real income lost over the days that both
futures live, and regimes followed by a democracy by the shares of E14.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from thermidor.engine.run import Run
from thermidor.history.simulated.arms import Of
from thermidor.history.simulated.effects import HALF_OIL
from thermidor.history.simulated.quantities import ALL, DEMOCRACY, LEAST, Future
from thermidor.study.stats import Interval, mean

from .worlds import NOTHING, YEAR, Change, World, made, play

MOVED = ("fall", "largest", "coups", "hardship", "democracy")
FORCES = ("security.police", "security.militia", "security.guards", "security.army")
OPPOSITION = "opposition .8 against .2"
OIL_STATE = {
    "treasury.exports": Of("treasury.taxes", HALF_OIL),
    "treasury.taxes": Of("treasury.taxes", 0.5),
}


class Lever(NamedTuple):
    """Two changes of one world. row: of effects.csv, whose source speaks of it, or none.

    unit: how the row's unit is made of the pairs, a key of UNITS.  says: what the row is to the
    lever.  own: of these changes for Iran, which sells oil.
    """

    name: str
    treated: Change
    control: Change
    row: str | None
    unit: str
    says: str
    own: tuple[Change, Change] | None = None


LEVERS: tuple[Lever, ...] = (
    Lever(
        OPPOSITION,
        Change({"citizens.opposition": 0.8}),
        Change({"citizens.opposition": 0.2}),
        None,
        "points",
        "no row; asked for here: at least 15 points",
    ),
    Lever(
        "poverty .6 against .1",
        Change({"treasury.poverty": 0.6}),
        Change({"treasury.poverty": 0.1}),
        "E16",
        "times",
        "of a fall of income; no row speaks of the level of poverty",
    ),
    Lever(
        "young residents .37 against .17",
        Change(people={"young": 0.37}),
        Change(people={"young": 0.17}),
        "E60",
        "odds a point",
        "of armed conflict, aged 15 to 24 among adults; here 15 to 29 among residents",
    ),
    Lever(
        "forces a tenth against as they are",
        Change({k: Of(k, 0.1) for k in FORCES}),
        NOTHING,
        "E33",
        "points",
        "of forces that leave; no row speaks of their size",
    ),
    Lever(
        "a year without oil and reserves against an oil state",
        Change({**OIL_STATE, "treasury.exports": 0.0, "treasury.reserves": 1.0}),
        Change(OIL_STATE),
        "E23",
        "points, less",
        "more oil, fewer falls: so without it more",
        own=(Change({"treasury.exports": 0.0, "treasury.reserves": 1.0}), NOTHING),
    ),
    Lever(
        "the leader killed at once against not",
        Change(killed=True),
        NOTHING,
        "E07",
        "democracies",
        "against an attempt that failed, and without an uprising",
    ),
)


def seen(treated: Run, control: Run, kind: str) -> dict[str, float]:
    """What is read off a pair, both sides: `quantity` and `quantity_0`."""
    both = min(treated.day, control.day)
    row = {}
    for run, end in ((treated, ""), (control, "_0")):
        f = Future(run, kind, 1, YEAR)
        row[f"fall{end}"] = f.by_chance(ALL)
        row[f"largest{end}"] = math.log(max(LEAST, float(run["turnout_country"].max())))
        row[f"coups{end}"] = f.gained("coup_risk")
        row[f"hardship{end}"] = float(run["hardship_country"][1 : both + 1].mean())
        row[f"democracy{end}"] = f.by_chance(DEMOCRACY)
    return row


def pairs(world: World, levers: Sequence[str], first: int, count: int, turn: int) -> pl.DataFrame:
    """Pairs of futures of a world under levers by name.  turn: of the world among all, from which
    its first row of the posterior follows.
    """
    numbers = range(first, first + count)
    rows, out = [37 * turn + k for k in numbers], []
    kept: dict[str, list[Run]] = {}
    for lever in (x for x in LEVERS if x.name in levers):
        treated, control = (world.known is None and lever.own) or (lever.treated, lever.control)
        what = repr(control)
        if what not in kept:
            kept[what] = play(world, made(world, control), numbers, rows)
        runs = play(world, made(world, treated), numbers, rows)
        for k, a, b in zip(numbers, runs, kept[what], strict=True):
            about = {"world": world.name, "lever": lever.name, "number": k}
            out.append({**about, **seen(a, b, world.kind)})
    return pl.DataFrame(out)


def difference(some: pl.DataFrame, quantity: str) -> Interval:
    """Treated less control, with its 95 % interval."""
    return mean((some[quantity] - some[f"{quantity}_0"]).to_numpy())


def times(some: pl.DataFrame) -> Interval:
    """Chance of a fall, treated over control (effects.2)."""
    a, b = some["fall"].to_numpy(), some["fall_0"].to_numpy()
    if not a.sum() or not b.sum():
        return Interval(math.nan, math.nan, math.nan)
    log = math.log(a.mean() / b.mean())
    return _around(log, a / a.mean() - b / b.mean(), math.exp)


def odds_a_point(some: pl.DataFrame, points: float = 20.0) -> Interval:
    """Per cent by which the odds of a fall rise with each point."""
    a, b = some["fall"].to_numpy(), some["fall_0"].to_numpy()
    x, y = float(a.mean()), float(b.mean())
    if not (0 < x < 1 and 0 < y < 1):
        return Interval(math.nan, math.nan, math.nan)
    log = math.log(x / (1 - x)) - math.log(y / (1 - y))
    e = a / (x * (1 - x)) - b / (y * (1 - y))
    return _around(log, e, lambda v: 100 * math.expm1(v / points))


def _around(log: float, e: np.ndarray, back: Callable[[float], float]) -> Interval:
    found = mean(e)
    if math.isnan(found.low):
        return Interval(*(back(log) for _ in range(3)))
    return Interval(*(back(log + x - found.value) for x in found))


def in_unit(some: pl.DataFrame, unit: str) -> Interval:
    """The effect in the unit of its row."""
    return UNITS[unit](some)


def _points(quantity: str, sign: float) -> Callable[[pl.DataFrame], Interval]:
    def of(some: pl.DataFrame) -> Interval:
        v, low, high = (100 * sign * x for x in difference(some, quantity))
        return Interval(v, min(low, high), max(low, high))

    return of


UNITS: Mapping[str, Callable[[pl.DataFrame], Interval]] = {
    "points": _points("fall", 1),
    "points, less": _points("fall", -1),
    "times": times,
    "odds a point": odds_a_point,
    "democracies": _points("democracy", 1),
}
