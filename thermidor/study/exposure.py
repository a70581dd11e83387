"""Equal exposure: the two futures of a pair are read on the same day.

Costs only grow, and a future that ends early stops counting: an arm in which regimes end sooner
would seem to spare lives. So costs are compared up to the earlier of the last days of a pair. Both
futures are cut there: read as if each had been stopped on that day.

What is cut is computed anew from the daily series, which are kept in 32 bits; to round both sides
alike, neither of a pair is, or both are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import polars as pl

from .. import wording as words
from ..engine.run import REDUCERS
from ..expression.parser import parse
from ..expression.tree import columns
from .stats import Interval

EQUAL, WHOLE, NOT_KEPT = words.EQUAL, words.WHOLE, words.NOT_KEPT
ENDS = {"ending": pl.lit("in power"), "survived": pl.lit(1.0)}  # of a future that was cut


class Exposure(NamedTuple):
    """How the days of two futures were counted.

    counted: equal, over the days that both lived; whole, over all days of each; or not kept, the
    same since no daily series tell what was on another day.  cut: pairs in
    which one future outlived the other.  days: last day that counts, on average; NaN if it was not
    looked for.  whole: the effect over all days of each future.
    """

    counted: str
    cut: int
    days: float
    whole: Interval

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        days = self.days if self.days == self.days else None
        return {
            "counted": self.counted,
            "cut": self.cut,
            "days": days,
            "whole": self.whole.as_dict("mean"),
        }


def named(*expressions: str | None) -> list[str]:
    """The columns that outcomes and conditions read, each once."""
    trees = [parse(text) for text in expressions if text]
    return list(dict.fromkeys(c.name for tree in trees for c in columns(tree)))


def reads(names: Iterable[str], states: Iterable[str]) -> bool:
    """Whether one of the columns is a total of these states: by its name, or as final_."""
    totals = {*states, *(f"final_{s}" for s in states)}
    return not totals.isdisjoint(names)


def shared_days(sides: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """The last day that finished futures of the same number share, and whether one outlived it:
    run, until, unequal.
    """
    ended, day = pl.col("ending").is_not_null(), pl.col("day")
    lived = pl.concat([s.filter(ended).select("run", day.cast(pl.Int32)) for s in sides])
    unequal = (day.max() > day.min()).alias("unequal")
    return lived.group_by("run").agg(day.min().alias("until"), unequal).sort("run")


def shared(
    a: pl.DataFrame, b: pl.DataFrame, daily: tuple[pl.LazyFrame, pl.LazyFrame], names: Sequence[str]
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """The futures of two arms, those of unequal length cut to the days that both lived; and those
    that were cut: run, until.

    names: columns that are read.  daily: the series of the two arms.
    """
    until = shared_days([a, b]).filter("unequal").select("run", "until")
    return cut(a, daily[0], until, names), cut(b, daily[1], until, names), until


def first_days(
    runs: pl.DataFrame, daily: pl.LazyFrame, days: int, names: Sequence[str]
) -> pl.DataFrame:
    """All futures as if they had been stopped on a day; those that ended before stay."""
    ended = pl.col("ending").is_not_null()
    least = pl.min_horizontal(pl.col("day"), pl.lit(days)).cast(pl.Int32)
    return cut(runs, daily, runs.filter(ended).select("run", least.alias("until")), names)


def cut(
    runs: pl.DataFrame, daily: pl.LazyFrame, until: pl.DataFrame, names: Sequence[str]
) -> pl.DataFrame:
    """Futures as if they had been stopped on a day of their own: of the named columns those that
    come from a daily series are computed anew, and so are day, ending and survived.

    until: run, and the last day that counts; futures that are not in it stay as they are.
    """
    if not until.height:
        return runs
    series = set(daily.collect_schema().names())
    found = {n: _reduced(n, series) for n in names if n in runs.columns}
    anew = {n: e for n, e in found.items() if e is not None}
    days = daily.join(until.lazy(), on="run").filter(pl.col("day") <= pl.col("until"))
    made = days.group_by("run").agg(e.alias(f"new {n}") for n, e in anew.items()).collect()
    mine = runs
    for other in (until, made):
        mine = mine.join(other, on="run", how="left", maintain_order="left")
    here, outlived = pl.col("until").is_not_null(), pl.col("day") > pl.col("until")
    return mine.with_columns(
        *(
            pl.when(here)
            .then(pl.col(f"new {n}").cast(runs.schema[n]))
            .otherwise(pl.col(n))
            .alias(n)
            for n in anew
        ),
        *(
            pl.when(outlived).then(x).otherwise(pl.col(n)).alias(n)
            for n, x in (*ENDS.items(), ("day", pl.col("until").cast(runs.schema["day"])))
        ),
    ).select(runs.columns)


def _reduced(name: str, series: set[str]) -> pl.Expr | None:
    """How a column of runs follows from the days of its series; None for what has none."""
    if name in ("run", "day"):
        return None
    if name in series:
        return pl.col(name).filter(pl.col("day") == pl.col("until")).first()
    reducer, _, state = name.partition("_")
    if reducer not in REDUCERS or state not in series:
        return None
    x = pl.col(state)
    made: dict[str, pl.Expr] = {
        "final": x.filter(pl.col("day") == pl.col("until")).first(),
        "peak": x.max(),
        "low": x.min(),
        "mean": x.cast(pl.Float64).filter(pl.col("day") > 0).mean(),
        "first": pl.col("day").filter(x > 0).min(),
    }
    return made[reducer]
