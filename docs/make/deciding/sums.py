"""What is made of many futures: an odds ratio over clusters, and the spread of an effect over the
draws of a posterior without the noise of few futures.

Odds ratio. With a, b the units with a condition in which something came and did not, c, d those
without it, each summed over histories, and a_i, ... what history i adds,

    ln OR = ln(a d/(b c)),   e_i = a_i/a - b_i/b - c_i/c + d_i/d,   var = sum of e_i^2 . n/(n - 1)
                                                                                          (sums.1)

(the sandwich over histories; for histories of one unit each it is Woolf's 1/a + 1/b + 1/c + 1/d).
Where a cell is empty a half is added to each, and the interval is Woolf's, for the sandwich sees no
luck in what never came.

Spread. Draw d has the mean x_d over its futures and the noise v_d of that mean, from the spread of
futures within a draw and a case,

    tau^2 = max(0, var(x_d) - mean v_d),   y_d = mean x + tau/sd(x) . (x_d - mean x)      (sums.2)

The noise does not depend on the draw's effect, so y has the spread that the effects have without
it; shares and the 80 % interval are those of y. It takes the noise out of the spread, not out of
which draw is which.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import polars as pl

from thermidor.study.stats import Z95, Interval, mean


def odds_ratio(counts: np.ndarray) -> Interval:
    """(sums.1) with its 95 % interval. counts: float[histories, 4], a to d of each."""
    total = counts.sum(0)
    if not (total[0] + total[2]) or not (total[0] + total[1]):
        return Interval(math.nan, math.nan, math.nan)
    n, empty = len(counts), bool((total == 0).any())
    a, b, c, d = cells = total + 0.5 if empty else total
    if empty:
        error = math.sqrt(float((1 / cells).sum()))
    else:
        e = counts / cells @ np.array([1.0, -1.0, -1.0, 1.0])
        error = math.sqrt(float(e @ e) * (n / (n - 1) if n > 1 else 1.0))
    value = math.log(a * d / (b * c))
    return Interval(*(math.exp(value + k * Z95 * error) for k in (0, -1, 1)))


class Spread(NamedTuple):
    """An effect over draws. mean: with its 95 % interval.  low, high: 10 and 90 % of draws.

    above, below: share of draws with either sign.  noise: share of the variance between the draws'
    means that is noise.
    """

    mean: Interval
    low: float
    high: float
    above: float
    below: float
    noise: float
    draws: int


def spread(x: np.ndarray, noise: np.ndarray) -> Spread:
    """(sums.2). x: float[draws], mean effects.  noise: float[draws], the variance of each."""
    found = mean(x)
    total = float(np.var(x, ddof=1)) if len(x) > 1 else 0.0
    kept = max(0.0, 1 - float(np.mean(noise)) / total) if total > 0 else 0.0
    y = found.value + math.sqrt(kept) * (x - found.value)
    low, high = (float(q) for q in np.quantile(y, (0.1, 0.9)))
    above, below = float(np.mean(y > 0)), float(np.mean(y < 0))
    return Spread(found, low, high, above, below, 1 - kept, len(x))


def by_draw(pairs: pl.DataFrame, quantity: str) -> tuple[np.ndarray, np.ndarray]:
    """Mean of a quantity and its noise by draw. pairs: a row each, with `draw` and `world`.

    Noise is that of futures within a draw and a world; a world with one future takes the mean of
    the others.
    """
    some = pairs.filter(pl.col(quantity).is_not_nan())
    cells = some.group_by("draw", "world").agg(
        pl.col(quantity).sum().alias("sum"),
        pl.len().cast(pl.Float64).alias("n"),
        pl.col(quantity).var(ddof=1).alias("var"),
    )
    cells = cells.with_columns(pl.col("var").fill_null(pl.col("var").mean()).fill_null(0.0))
    found = (
        cells.group_by("draw")
        .agg(
            pl.col("sum").sum() / pl.col("n").sum(),
            ((pl.col("n") * pl.col("var")).sum() / pl.col("n").sum() ** 2).alias("noise"),
        )
        .sort("draw")
    )
    return found["sum"].to_numpy(), found["noise"].to_numpy()
