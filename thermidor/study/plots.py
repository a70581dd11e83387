"""Pictures of results with Matplotlib, for notebooks; the report draws its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl

from .extras import needed
from .stats import Curve, Interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Bar(NamedTuple):
    """An effect to be drawn: its name, its estimate, and the smallest that matters, if there is
    one.
    """

    name: str
    effect: Interval
    margin: float | None = None


def _axes(ax: Axes | None, what: str) -> Axes:
    if ax is not None:
        return ax
    made: Axes = needed("matplotlib.pyplot", what, "plot").subplots()[1]
    return made


def survival(curve: Curve, ax: Axes | None = None) -> Axes:
    """The share of futures in power by day, as steps, with its interval."""
    ax = _axes(ax, "plot_survival()")
    (line,) = ax.step(curve.day, curve.alive, where="post")
    # where none ended, no step is there to hang the interval on: the last day's serves for all
    low = curve.low if curve.alive[-1] < 1 else [curve.low[-1]] * len(curve.low)
    ax.fill_between(
        curve.day, low, curve.high, step="post", alpha=0.2, color=line.get_color(), lw=0
    )
    ax.set(xlabel="day", ylabel="share of futures in power", ylim=(0, 1.02))
    return ax


def series(table: pl.DataFrame, column: str, unit: str, ax: Axes | None = None) -> Axes:
    """A daily series: its median over the futures that last so long, and their middle ranges."""
    ax = _axes(ax, "plot_series()")
    levels = (0.05, 0.25, 0.5, 0.75, 0.95)
    found = (
        table.group_by("day")
        .agg(*(pl.col(column).quantile(q, "linear").alias(str(q)) for q in levels))
        .sort("day")
    )
    day = found["day"].to_numpy()
    (line,) = ax.plot(day, found["0.5"].to_numpy())
    for low, high in ((0.05, 0.95), (0.25, 0.75)):
        below, above = (found[str(q)].to_numpy() for q in (low, high))
        ax.fill_between(day, below, above, alpha=0.2, color=line.get_color(), lw=0)
    ax.set(xlabel="day", ylabel=f"{column} ({unit})" if unit else column)
    return ax


def effects(bars: Sequence[Bar], what: str, ax: Axes | None = None) -> Axes:
    """Effects with their intervals, each in units of its own widest end, zero in the middle."""
    ax = _axes(ax, what)
    names = []
    for k, bar in enumerate(bars):
        ends = [x for x in (*bar.effect, bar.margin) if x is not None and np.isfinite(x)]
        size = max((abs(x) for x in ends), default=0.0) or 1.0
        ax.plot(bar.effect.value / size, k, "o", color="C0")
        ax.plot([bar.effect.low / size, bar.effect.high / size], [k, k], color="C0")
        if bar.margin is not None:
            ax.plot([bar.margin / size], [k], "|", color="C1", markersize=12)
        names.append(f"{bar.name}: {bar.effect.value:+.3g}")
    ax.axvline(0, color="0.6", lw=0.8)
    ax.set_yticks(range(len(names)), names)
    ax.invert_yaxis()
    ax.set(xlabel="effect, each by its own scale", xlim=(-1.1, 1.1))
    return ax
