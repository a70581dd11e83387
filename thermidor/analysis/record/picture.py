"""The calibration of a record as a picture, with Matplotlib."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ...study.extras import needed

KINDS = (("scores", "C0", "sealed before the day"), ("late", "C1", "sealed after it"))
ROOM = (-4, 104)  # so that a point at the end is whole


def draw(told: dict[str, Any], path: Path) -> None:
    """Write it as SVG. Needs `pip install 'thermidor[plot]'`."""
    matplotlib = needed("matplotlib", "--picture", "plot")
    matplotlib.use("Agg")
    plt = needed("matplotlib.pyplot", "--picture", "plot")
    fig, ax = plt.subplots(figsize=(4.4, 4.2))
    ax.plot([0, 100], [0, 100], color="0.6", lw=1, label="perfect")
    for key, color, label in KINDS:
        for k, c in enumerate(told[key]["calibration"] if told[key] else ()):
            x, y = 100 * c["said"], 100 * c["true"]
            ends = [[y - 100 * c["low"]], [100 * c["high"] - y]]
            ax.errorbar([x], [y], yerr=ends, fmt="o", color=color, label=None if k else label)
            ax.annotate(f"  {c['n']}", (x, y), va="center")
    ax.set(xlabel="chance, of 100", ylabel="came true, of 100", xlim=ROOM, ylim=ROOM)
    ax.legend(frameon=False, loc="upper left")
    fig.tight_layout()
    fig.savefig(path, format="svg")
    plt.close(fig)
