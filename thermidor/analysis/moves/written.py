"""What moves an outcome, kept: drivers.json, tables as CSV and Parquet, a picture for each role.

Assumptions and levers are never in one picture. What cannot be told has a sentence where its bar
would be.
"""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from ...study.extras import needed
from ...support.writing import whole, write_json
from .drivers import Drivers
from .overtime import LINES, OverTime
from .parts import RANKS, SHIFT, SOBOL, Part
from .sample import SURVIVAL

WIDE = 46  # letters of a line beside a bar
FIRST, TOTAL, QUIET = "#3b6ea5", "#a9c4de", "#666666"


def write(found: Drivers, folder: Path) -> list[str]:
    """Write all of it into a folder, which is made; names of the files."""
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / "drivers.json", found.to_dict())
    names = ["drivers.json", *_table(found.table, folder, "drivers")]
    for part in found.parts:
        if not part.why:
            names.append(picture(_bars(part), folder, f"drivers-{part.role}s-{part.what}.svg"))
    if found.over_time:
        names += _table(found.over_time.table, folder, "drivers-by-day")
        for role in ("assumption", "lever"):
            if found.over_time.lines(role):
                made = _lines(found.over_time, role)
                names.append(picture(made, folder, f"drivers-by-day-{role}s.svg"))
    return names


def _table(table: pl.DataFrame, folder: Path, name: str) -> list[str]:
    whole(folder / f"{name}.csv", table.write_csv)
    whole(folder / f"{name}.parquet", table.write_parquet)
    return [f"{name}.csv", f"{name}.parquet"]


def picture(drawn: Any, folder: Path, name: str) -> str:
    """Write a figure of Matplotlib as SVG, the same bytes each time; its name."""
    with needed("matplotlib", "drivers", "studies").rc_context({"svg.hashsalt": "thermidor"}):
        whole(
            folder / name,
            lambda p: drawn.savefig(
                p, format="svg", bbox_inches="tight", metadata={"Date": None, "Creator": None}
            ),
        )
    return name


def figure(height: float) -> tuple[Any, Any]:
    """A figure of Matplotlib of this height in inches, and its axes."""
    made = needed("matplotlib.figure", "drivers", "studies").Figure(figsize=(8.5, height))
    axes = made.subplots()
    axes.spines[["top", "right"]].set_visible(False)
    return made, axes


def _bars(part: Part) -> Any:
    """A bar for each input beyond luck, with its interval; a sentence for the others."""
    drawn, axes = figure(1.6 + 0.55 * len(part.found) if part.found else 0.4)
    for k, d in enumerate(part.found):
        if part.by == SOBOL and d.total:
            axes.barh(k, d.total.value, 0.7, color=TOTAL)
            axes.plot([d.total.low, d.total.high], [k + 0.25] * 2, color=QUIET, lw=1)
        if d.measure.value > 0 and (d.measure.low > 0 or part.by == SOBOL):
            axes.barh(k, d.measure.value, 0.4 if d.total else 0.6, color=FIRST)
        axes.plot([d.measure.low, d.measure.high], [k, k], color="black", lw=1.2)
    labels = [
        textwrap.fill(f"{d.name} ({_way(d.direction)}): {d.says}", WIDE, max_lines=2)
        for d in part.found
    ]
    axes.set_yticks(range(len(labels)), labels, fontsize=8)
    widest = max((m.high for d in part.found for m in (d.measure, d.total) if m), default=1.0)
    axes.set_xlim(0, max(0.05, 1.05 * widest))
    axes.set_xlabel(_scale(part), fontsize=9)
    if part.found:
        axes.set_ylim(len(part.found) - 0.4, -0.6)
    else:  # the sentence alone: an axis without bars would look like shares of nothing
        axes.set_axis_off()
    _words(drawn, part.sentence, part.others)
    return drawn


def _words(drawn: Any, above: str, below: str) -> None:
    """A sentence above the axes and one below their label, at distances in inches, so that a low
    figure has room for them.
    """
    height = drawn.get_figheight()
    drawn.suptitle(
        textwrap.fill(above, 100), fontsize=10, x=0.02, ha="left", y=1 - 0.2 / height, va="bottom"
    )
    drawn.text(0.02, -0.25 / height, textwrap.fill(below, 110), fontsize=8, color=QUIET, va="top")


def _scale(part: Part) -> str:
    if part.by == SHIFT:
        return "distance between the futures that end so and the others (0 to 1), 95 % interval"
    if part.by == SOBOL:
        return "share of the variance: alone (dark), with all it takes part in (light); 95 %"
    of = "of the ranks' variance" if part.by == RANKS else "of the variance"
    return f"share {of} that goes with it alone, 95 % interval"


def _way(direction: float) -> str:
    if not np.isfinite(direction):
        return "either way"
    return "+" if direction > 0 else "−"


def _label(found: OverTime) -> str:
    ranks = any(p.by == RANKS for d in found.days for p in d.parts)
    what = "being in power" if found.outcome == SURVIVAL else found.outcome
    return f"share of the variance of {what}{', by ranks' if ranks else ''}"


def _lines(found: OverTime, role: str) -> Any:
    """Shares by day; a gap where an input cannot be told from luck."""
    drawn, axes = figure(4.2)
    days = [d.day for d in found.days]
    lines = list(found.lines(role).items())
    for name, line in lines[:LINES]:
        axes.plot(days, np.maximum(line, 0), marker="o", ms=4, lw=1.5, label=name)
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1), frameon=False, fontsize=8)
    axes.set(xlabel="day", ylabel=_label(found), ylim=(0, None))
    axes.set_xlim(0, 1.02 * days[-1])
    said = " ".join(s for s in found.sentences if role in s.lower())
    _words(drawn, said, "No point: cannot be told from luck on that day.")
    return drawn
