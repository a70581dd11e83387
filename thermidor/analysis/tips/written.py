"""Where an outcome tips, kept: discover.json, its tables, and a picture of the futures and the box.

The picture shows the two inputs of the box that part most, each future a point; assumptions and
levers have pictures of their own.
"""

from __future__ import annotations

import math
import textwrap
from pathlib import Path
from typing import Any

import numpy as np

from ...support.writing import whole, write_json
from ..moves.written import figure, picture
from .discover import Discovery, Found, Side

POINTS = 3_000  # futures that are drawn
SO, OTHER, EDGE = "#b5452c", "#b9c3cc", "#222222"


def write(found: Discovery, folder: Path) -> list[str]:
    """Write all of it into a folder, which is made; names of the files."""
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / "discover.json", found.to_dict())
    whole(folder / "discover.csv", found.table.write_csv)
    whole(folder / "discover.parquet", found.table.write_parquet)
    names = ["discover.json", "discover.csv", "discover.parquet"]
    for part in found.parts:
        if part.sides:
            names.append(picture(_drawn(found, part), folder, f"discover-{part.role}s.svg"))
    return names


def _drawn(found: Discovery, part: Found) -> Any:
    """Futures as points over one or two inputs of the box, which is drawn as a frame."""
    shown, _ = found.points[part.role]
    by_part = sorted(range(len(part.sides)), key=lambda k: part.sides[k].other - part.sides[k].so)
    first, second = by_part[0], by_part[1] if len(by_part) > 1 else None
    drawn, axes = figure(5.2)
    some = np.random.default_rng(1).permutation(len(shown.y))[:POINTS]
    x = shown.values[some, first]
    y = (
        np.random.default_rng(2).random(len(some))  # one input: spread upwards, to be seen
        if second is None
        else shown.values[some, second]
    )
    so = shown.y[some] == 1
    for mask, colour, label in (
        (~so, OTHER, "does not hold"),
        (so, SO, f"{found.outcome} holds"),
    ):
        axes.scatter(x[mask], y[mask], s=9, color=colour, label=label, lw=0)
    _frame(axes, part.sides[first], None if second is None else part.sides[second])
    axes.set_xlabel(_label(part.sides[first]), fontsize=9)
    if second is None:
        axes.set_yticks([])
    else:
        axes.set_ylabel(_label(part.sides[second]), fontsize=9)
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1), frameon=False, fontsize=8)
    drawn.suptitle(textwrap.fill(part.sentence, 105), fontsize=9, x=0.02, ha="left", va="bottom")
    return drawn


def _frame(axes: Any, first: Side, second: Side | None) -> None:
    """The box, as far as its limits go."""
    left, right = axes.get_xlim()
    below, above = axes.get_ylim()
    x = [_kept(first.limit.low, left), _kept(first.limit.high, right)]
    y = [below, above]
    if second is not None:
        y = [_kept(second.limit.low, below), _kept(second.limit.high, above)]
    axes.plot([x[0], x[1], x[1], x[0], x[0]], [y[0], y[0], y[1], y[1], y[0]], color=EDGE, lw=1.5)
    axes.set(xlim=(left, right), ylim=(below, above))


def _kept(limit: float, end: float) -> float:
    return limit if math.isfinite(limit) else end


def _label(side: Side) -> str:
    unit = f" ({side.unit})" if side.unit else ""
    return textwrap.fill(f"{side.name}: {side.says}{unit}", 60)
