"""A picture of an update, with Matplotlib: bands of each series before and after, with what was
seen, and endings before and after."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from ...study.extras import needed
from ...study.results import Study
from . import weights as weigh
from .update import Update
from .weights import Values

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
BEFORE, AFTER = "#8a8a8a", "#1f5fa8"
SHOWN = 60  # days at least; what was seen would be a blot at the edge of a year


def draw(found: Update, study: Study, path: Path) -> None:
    """Write it as SVG. Needs `pip install 'thermidor[plot]'`."""
    matplotlib = needed("matplotlib", "--picture", "plot")
    matplotlib.use("Agg")
    plt = needed("matplotlib.pyplot", "--picture", "plot")
    names = list(dict.fromkeys(s.series for s in found.sightings))[:3]
    alone = found.enough and not found.branches
    w = found.weights["weight"].to_numpy() if alone else None
    fig, axes = plt.subplots(1, len(names) + 1, figsize=(4.6 * (len(names) + 1), 3.4))
    for ax, name in zip(axes, names, strict=False):
        _series(ax, study, found, name, w)
    _endings(axes[-1], found)
    handles, labels = axes[0].get_legend_handles_labels()
    fig.legend(handles, labels, loc="lower center", ncols=len(labels), frameon=False)
    sample = f"effective sample {found.effective:.0f}"
    told = sample if found.enough else f"cannot tell what is after ({sample})"
    fig.suptitle(f"{found.title}: {told}", fontsize=10)
    fig.tight_layout(rect=(0, 0.07, 1, 1))
    fig.savefig(path, format="svg")
    plt.close(fig)


def _series(ax, study: Study, found: Update, name: str, w: Values | None) -> None:
    table = study.table("series", ["run", "day", name]).sort("day", "run")
    weight = (
        dict(zip(found.weights["run"].to_list(), w.tolist(), strict=True)) if w is not None else {}
    )
    days, before, after = [], [], []
    for (day,), rows in table.group_by("day", maintain_order=True):
        x = rows[name].cast(pl.Float64).to_numpy()
        even = np.full(len(x), 1 / len(x))
        days.append(day)
        before.append([weigh.quantile(even, x, q) for q in LEVELS])
        if weight:
            v = np.array([weight.get(r, 0.0) for r in rows["run"].to_list()])
            after.append([weigh.quantile(v, x, q) if v.sum() else np.nan for q in LEVELS])
    for values, color, label in ((before, BEFORE, "before"), (after, AFTER, "after")):
        if values:
            b = np.array(values)
            ax.fill_between(days, b[:, 0], b[:, 4], color=color, alpha=0.18, lw=0)
            ax.plot(days, b[:, 2], color=color, label=f"{label}: median, 90 of 100")
    mine = [s for s in found.sightings if s.series == name]
    y = np.array([s.value for s in mine])
    spread = np.abs(np.array([[s.low, s.high] for s in mine]).T - y)
    ax.errorbar([s.day for s in mine], y, yerr=spread, fmt="o", color="black", ms=4, label="seen")
    shown = min(study.days, max(SHOWN, 4 * found.day))
    ax.set(xlabel="day", ylabel=name, xlim=(-0.02 * shown, shown))


def _endings(ax, found: Update) -> None:
    some = [(e, b, a) for e, (b, a) in found.endings.items() if b or a]
    at = np.arange(len(some))
    ax.barh(at - 0.2, [100 * b for _, b, _ in some], 0.38, color=BEFORE)
    if found.enough:
        ax.barh(at + 0.2, [100 * a for *_, a in some], 0.38, color=AFTER)
    ax.set_yticks(at, [e for e, *_ in some])
    ax.invert_yaxis()
    ax.set(xlabel="of 100 futures", xlim=(0, 100))
