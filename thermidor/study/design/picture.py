"""The picture of a sweep: an outcome along what is varied, with its interval; drawn by Matplotlib.

A design over values of one or two parameters is lines along the first, a line for each value of the
second. One at a time and designs that draw their points have a panel for each parameter, of which
no panel mixes levers with assumptions: those are told apart by its title and its colour.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from ...support.writing import whole
from ..extras import needed
from .sweep import Sweep

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_LINES = 8
MOST_PANELS = 12
COLOURS = {"lever": "#1b5e8c", "assumption": "#a0522d"}
BINS = 8


def draw(sweep: Sweep, outcome: str | None = None) -> Path:
    """Write the picture of an outcome, the first if none is named, as sweep.svg; its path.

    Needs `pip install 'thermidor[plot]'`.
    """
    figure_of = needed("matplotlib.figure", "the picture of a sweep", "plot").Figure
    needed("matplotlib.backends.backend_svg", "the picture of a sweep", "plot")
    over = sweep.design["over"]
    outcome = outcome or next(iter(sweep.outcomes))
    apart = any(t.apart for t in sweep.told if t.outcome == outcome)
    column = f"{outcome}_effect" if apart else outcome
    lines = sweep.design["kind"] == "full" and len(over) <= 2
    shown = over[:1] if lines else over[:MOST_PANELS]
    across = min(3, len(shown))
    down = math.ceil(len(shown) / across)
    figure = figure_of(figsize=(max(6.4, 3.6 * across), max(4.0, 2.9 * down)), layout="constrained")
    panels = figure.subplots(down, across, sharey=True, squeeze=False).ravel()
    for panel in panels[len(shown) :]:
        panel.set_axis_off()
    for o, panel in zip(shown, panels, strict=False):
        if lines:
            _lines(panel, sweep, column)
        else:
            _alone(panel, sweep, column, o)
        panel.set_xlabel(f"{o['key']} ({o['unit']}), {_a(o['role'])}", color=COLOURS[o["role"]])
        panel.grid(alpha=0.25, lw=0.5)
    for row in range(down):
        panels[row * across].set_ylabel(
            f"{sweep.outcomes[outcome]}, difference over the days that both lived"
            if apart
            else sweep.heading(outcome)
        )
    path = sweep.path / "sweep.svg"
    whole(path, lambda p: figure.savefig(p, format="svg", metadata={"Date": None}))
    return path


def _a(role: str) -> str:
    return "an assumption" if role == "assumption" else "a lever"


def _lines(panel: Axes, sweep: Sweep, outcome: str) -> None:
    """Along the first parameter, a line for each value of the second."""
    keys = sweep.keys
    rows = sweep.table.filter(pl.col(keys[0]).is_not_null())
    others = rows[keys[1]].unique(maintain_order=True).to_list() if len(keys) == 2 else [None]
    step = max(1, math.ceil(len(others) / MOST_LINES))
    for k, value in enumerate(others[::step]):
        some = rows if value is None else rows.filter(pl.col(keys[1]) == value)
        label = None if value is None else f"{keys[1]} = {_number(value)}"
        _band(panel, some, keys[0], outcome, f"C{k}", label)
    if sweep.based:
        base = sweep.table[outcome][0]
        panel.axhline(base, color="0.4", lw=0.8, ls="--", label="as the scenario stands")
    panel.legend(fontsize=8, frameon=False)


def _alone(panel: Axes, sweep: Sweep, outcome: str, o: dict[str, Any]) -> None:
    """Along one parameter: its own points one at a time, or the mean of all points near a value."""
    key, colour = o["key"], COLOURS[o["role"]]
    rows = sweep.table.filter(pl.col(key).is_not_null()).sort(key)
    if sweep.design["kind"] == "one-at-a-time":
        _band(panel, rows, key, outcome, colour, None)
    elif sweep.design["kind"] == "full" or rows[key].dtype == pl.String:
        means = rows.group_by(key, maintain_order=True).agg(pl.col(outcome).mean())
        panel.plot(means[key].to_list(), means[outcome].to_list(), "o-", color=colour, ms=4)
    else:
        x, y = rows[key].to_numpy(), rows[outcome].to_numpy()
        panel.plot(x, y, ".", color=colour, alpha=0.35, ms=4)
        parts = [p for p in np.array_split(np.arange(len(x)), min(BINS, len(x))) if len(p)]
        panel.plot([x[p].mean() for p in parts], [np.nanmean(y[p]) for p in parts], color=colour)
    if sweep.based:
        panel.axhline(sweep.table[outcome][0], color="0.4", lw=0.8, ls="--")


def _band(
    panel: Axes, rows: pl.DataFrame, key: str, outcome: str, colour: str, label: str | None
) -> None:
    """Means as a line, and their intervals around it."""
    x = rows[key].to_list()
    low, mean, high = (rows[f"{outcome}{end}"].to_numpy() for end in ("_low", "", "_high"))
    panel.plot(x, mean, "o-", color=colour, ms=3.5, lw=1.4, label=label)
    panel.fill_between(x, low, high, color=colour, alpha=0.13, lw=0)


def _number(x: Any) -> str:
    return f"{x:g}" if isinstance(x, float) else str(x)
