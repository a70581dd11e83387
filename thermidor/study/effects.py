"""The effect of a patch on one outcome, pair by pair, and what failed futures could make of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ..expression.values import holds, numbers
from ..support.faults import Fault
from . import stats
from .exposure import EQUAL, NOT_KEPT, WHOLE, Exposure
from .results import Carrier

Within = tuple[float, float]
Values = NDArray[np.float64]
# the futures of both sides, and those that were cut
Read = Callable[[pl.DataFrame, pl.DataFrame], tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]]


@dataclass(frozen=True)
class Effect:
    """The paired effect of a patch on one outcome, or the distance of an outcome from a number.

    of, against: means of the two sides, in units of the outcome (a share from 0 to 1).  effect:
    mean of the differences, with its 95 % interval.  pairs: of futures that were finished on both
    sides; in `higher` and `lower` of them the first side has more, and less.  failed: pairs lost to
    futures that failed.  valueless: pairs in which the outcome has no value.  bounds: the effect if
    all that failed had gone the worst way, and the best; only for an outcome whose range is known.
    carried_by: assumptions that go with the difference most.  exposure: how the days of both sides
    were counted, where it matters.
    """

    outcome: str
    of: stats.Interval
    against: stats.Interval
    effect: stats.Interval
    pairs: int
    higher: int
    lower: int
    failed: int = 0
    valueless: int = 0
    bounds: Within | None = None
    paired: bool = True
    carried_by: tuple[Carrier, ...] = ()
    exposure: Exposure | None = None

    @property
    def same(self) -> int:
        """Pairs in which both sides have the same value."""
        return self.pairs - self.higher - self.lower

    @property
    def told(self) -> stats.Interval:
        """The effect; without an interval where both sides are identical: it tells nothing of
        chance.
        """
        if self.identical and self.paired:
            return stats.Interval(0.0, np.nan, np.nan)
        return self.effect

    @property
    def identical(self) -> bool:
        """Both sides have the same value in every pair."""
        return self.pairs > 0 and self.higher == self.lower == 0

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        bounds = dict(zip(("low", "high"), self.bounds, strict=True)) if self.bounds else None
        return {
            "outcome": self.outcome,
            "with": self.of.as_dict("mean"),
            "without": self.against.as_dict("mean"),
            "effect": self.told.as_dict("mean"),
            "pairs": self.pairs,
            "higher": self.higher,
            "lower": self.lower,
            "same": self.same,
            "failed": self.failed,
            "valueless": self.valueless,
            "bounds": bounds,
            "exposure": self.exposure.as_dict() if self.exposure else None,
        }

    def to_dict(self) -> dict[str, Any]:
        """As `as_dict`, with what carries it."""
        return self.as_dict() | {"carried_by": [c._asdict() for c in self.carried_by]}


def joined(a: pl.DataFrame, b: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Futures that were finished in both, in the same order."""
    ended = pl.col("ending").is_not_null()
    both = a.filter(ended).select("run").join(b.filter(ended).select("run"), on="run").sort("run")
    first, second = (both.join(side, on="run", maintain_order="left") for side in (a, b))
    return first, second


def effect(
    a: pl.DataFrame,
    b: pl.DataFrame,
    outcome: str,
    given: str | None = None,
    within: Within | None = None,
    read: Read | None = None,
) -> tuple[Effect, Values, pl.DataFrame]:
    """The effect on an outcome over pairs, the difference in each, the futures of the first arm.

    given: condition that both futures of a pair must meet.
    within: smallest and largest value that the outcome can take.
    read: cuts the futures of a pair to the days that both lived; the condition reads them whole.
    """
    every = a.select("run").join(b.select("run"), on="run").height
    first, second = joined(a, b)
    failed = every - first.height
    if given and first.height:
        keep = np.logical_and(_holds(given, first), _holds(given, second))
        first, second = first.filter(keep), second.filter(keep)
    gone = None
    if read is not None:
        first, second, gone = read(first, second)
    x, y = values(outcome, first), values(outcome, second)
    told = np.isfinite(x) & np.isfinite(y)
    valueless = len(x) - int(told.sum())
    first, x, y = first.filter(told), x[told], y[told]
    y = np.where(np.isclose(x, y, rtol=stats.ROUNDING, atol=0.0), x, y)
    binary = _binary(np.concatenate([x, y]))
    nothing = stats.Interval(np.nan, np.nan, np.nan)
    found = Effect(
        outcome,
        _one(x, binary),
        _one(y, binary),
        stats.paired(x, y, binary) if len(x) else nothing,
        len(x),
        int((x > y).sum()),
        int((x < y).sum()),
        failed,
        valueless,
    )
    if failed and within:
        low, high = _lost(a, b, outcome, within)
        if read is not None:  # where one side failed, nobody knows until when both lived
            low, high = (failed * (within[k] - within[1 - k]) for k in (0, 1))
        found = _bounded(found, float((x - y).sum()), low, high)
    if gone is not None:
        each = effect(a, b, outcome, given)[0].told
        days = np.minimum(first["day"].to_numpy(), second["day"].to_numpy())
        mean = float(days.mean()) if len(days) else np.nan
        cut = first["run"].is_in(gone["run"].implode()).sum()
        found = replace(found, exposure=Exposure(EQUAL, int(cut), mean, each))
    return found, x - y, first


def whole(found: Effect, kept: bool) -> Effect:
    """The same, said to be counted over all days of each future. kept: daily series are there."""
    counted = WHOLE if kept else NOT_KEPT
    return replace(found, exposure=Exposure(counted, 0, np.nan, found.told))


def distance(
    a: pl.DataFrame,
    number: float,
    outcome: str,
    given: str | None = None,
    within: Within | None = None,
) -> tuple[Effect, Values, pl.DataFrame]:
    """How far the mean of an outcome lies above a number: as `effect`, with futures for pairs."""
    done = a.filter(pl.col("ending").is_not_null())
    failed = a.height - done.height
    if given and done.height:
        done = done.filter(_holds(given, done))
    x = values(outcome, done)
    told = np.isfinite(x)
    valueless = len(x) - int(told.sum())
    done, x = done.filter(told), x[told]
    of = _one(x, _binary(x))
    above = stats.Interval(*(v - number for v in of))
    found = Effect(
        outcome,
        of,
        stats.Interval(number, np.nan, np.nan),
        above,
        len(x),
        int((x > number).sum()),
        int((x < number).sum()),
        failed,
        valueless,
        paired=False,
    )
    if failed and within:
        low, high = (failed * (end - number) for end in within)
        found = _bounded(found, float((x - number).sum()), low, high)
    return found, x - number, done


def values(outcome: str, runs: pl.DataFrame) -> Values:
    """The outcome in every future, float[futures]; NaN where it has none."""
    if not runs.height:
        return np.zeros(0)
    try:
        return numbers(outcome, runs)
    except Fault as e:
        raise Fault([f"the outcome '{outcome}' cannot be computed: {f}" for f in e.faults]) from e


def _holds(given: str, runs: pl.DataFrame) -> Values:
    try:
        return holds(given, runs)
    except Fault as e:
        raise Fault([f"the condition '{given}' cannot be computed: {f}" for f in e.faults]) from e


def _binary(x: Values) -> bool:
    return len(x) > 0 and set(np.unique(x)) <= {0.0, 1.0}


def _one(x: Values, binary: bool) -> stats.Interval:
    return stats.share(int(x.sum()), len(x)) if binary else stats.mean(x)


def _lost(a: pl.DataFrame, b: pl.DataFrame, outcome: str, within: Within) -> tuple[float, float]:
    """The least and the most that pairs with a failed future could add to the differences' sum."""
    low, high = within
    known = []
    for side in (a, b):
        done = side.filter(pl.col("ending").is_not_null())
        known.append(dict(zip(done["run"].to_list(), values(outcome, done).tolist(), strict=True)))
    least = most = 0.0
    for run in a.select("run").join(b.select("run"), on="run")["run"].to_list():
        if run in known[0] and run in known[1]:
            continue
        x, y = (side.get(run, np.nan) for side in known)
        least += (low if np.isnan(x) else x) - (high if np.isnan(y) else y)
        most += (high if np.isnan(x) else x) - (low if np.isnan(y) else y)
    return least, most


def _bounded(found: Effect, total: float, low: float, high: float) -> Effect:
    """The effect with its bounds over the pairs that were told and those that failed."""
    n = found.pairs + found.failed
    return replace(found, bounds=((total + low) / n, (total + high) / n))
