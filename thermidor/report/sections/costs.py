"""What it costs citizens, beside whether the regime lasts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numpy as np
import polars as pl

from ...wording import count, listed, part, two
from ..parts.drawing import FEWEST, figure
from .study_view import StudyView, part_between

SAVED = ("cost", "group", "futures", "low", "median", "high")
LIVED = "days lived under it, to the end or the last day"


def costs(view: StudyView) -> dict[str, Any] | None:
    """Costs of all futures; if some ended and some did not, of both kinds apart too."""
    known = [c for c in view.called if c in view.finished.columns]
    if not view.n or not known:
        return None
    groups = [("all futures", view.finished)]
    lasted = view.finished.filter(pl.col("ending") == "in power")
    if lasted.height and view.ended.height:
        groups += [("still in power", lasted), ("ended", view.ended)]
    rows: list[dict[str, Any]] = []
    numbers: list[tuple[Any, ...]] = []
    for c in [*known, "day"]:
        says = view.called.get(c, LIVED)
        whole = (lambda d: f"{d:,.0f}") if c == "day" else two
        cells = [_range(g[c].to_numpy().astype(float), whole) for _, g in groups]
        top = max(x["high"] for x in cells)
        for x, (name, g) in zip(cells, groups, strict=True):
            for where, k in (("from", "low"), ("at", "median"), ("to", "high")):
                x[where] = 100 * x[k] / top if top > 0 else 0.0
            numbers.append((says, name, g.height, x["low"], x["median"], x["high"]))
        rows.append({"says": says, "cells": cells})
    saved = {name: list(v) for name, v in zip(SAVED, zip(*numbers, strict=True), strict=True)}
    middle = {c: cast(float, view.finished[c].median()) for c in known[:3]}
    named = [f"{two(x)} {view.called[c]}" for c, x in middle.items()]
    kept = part_between(lasted.height, view.n, headline=True)
    stay = "stays" if kept.startswith("1 of") else "stay"
    title = f"{kept} {stay} in power; the median future counts {listed(named)}."
    note = (
        "Median, and the range that holds nine of ten futures. A future that ended is counted "
        "to its end only, so fewer days stand behind its costs (last row); what people suffer "
        "afterwards is not in the model."
    )
    if any(g.height < FEWEST for _, g in groups):
        note += (
            f" Fewer than {FEWEST} futures stand behind some columns: read their ranges with care."
        )
    table = [[r["says"], *(f"{c['text']} ({c['range']})" for c in r["cells"])] for r in rows]
    alive = [part(lasted.height, view.n), "all of them", "none of them"][: len(groups)]
    return figure(
        "costs",
        title,
        "",
        note,
        ["cost", *(name for name, _ in groups)],
        table,
        saved,
        groups=[{"name": name, "n": count(g.height, "future")} for name, g in groups],
        costs=rows,
        survival=alive,
    )


def _range(x: np.ndarray, say: Callable[[float], str]) -> dict[str, Any]:
    low, median, high = (float(v) for v in np.quantile(x, [0.05, 0.5, 0.95]))
    return {
        "median": median,
        "low": low,
        "high": high,
        "text": say(median),
        "range": f"{say(low)} to {say(high)}" if len(x) > 1 else "one future",
    }
