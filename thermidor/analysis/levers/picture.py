"""A robust search as a picture, with Matplotlib: what was tried, and the finalists with survival
beside."""

from __future__ import annotations

from pathlib import Path

from ...study.extras import needed
from .robust import NOW, Robust


def draw(found: Robust, path: Path) -> None:
    """Write it as SVG. Needs `pip install 'thermidor[plot]'`."""
    matplotlib = needed("matplotlib", "--picture", "plot")
    matplotlib.use("Agg")
    plt = needed("matplotlib.pyplot", "--picture", "plot")
    fig, (left, right) = plt.subplots(1, 2, figsize=(9, 3.8))
    left.plot(found.tried["mean"], found.tried["worst_tenth"], "o", color="0.75", label="searched")
    for f in found.finalists:
        color = "black" if f.name == NOW else "#1f5fa8"
        x, y = f.judged.mean.value, f.judged.worst
        left.plot([x], [y], "o", color=color)
        left.annotate(f" {f.name}", (x, y), color=color)
        alive = [100 * v for v in f.survival]
        ends = [[alive[0] - alive[1]], [alive[2] - alive[0]]]
        right.errorbar([x], alive[:1], yerr=ends, fmt="o", color=color)
        right.annotate(f" {f.name}", (x, alive[0]), color=color)
    better = "high" if found.high_is_better else "low"
    left.set(xlabel=f"mean ({better} is better)", ylabel="worst tenth")
    right.set(xlabel=f"mean ({better} is better)", ylabel="in power, of 100", ylim=(0, 105))
    for ax in (left, right):
        ax.margins(x=0.2)
    left.legend(frameon=False)
    fig.suptitle(f"{found.outcome}: finalists on {found.held_out:,} held-out futures", fontsize=10)
    fig.tight_layout()
    fig.savefig(path, format="svg")
    plt.close(fig)
