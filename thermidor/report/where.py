"""Where protest peaks: provinces in five steps of one hue, on their outlines if the scenario has them."""
from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from ..faults import Fault
from ..outlines import matched
from ..words import number
from .figures import figure
from .phrases import count, two
from .reading import Reading

STEPS = 5
GRID = 900  # outlines are snapped to a grid of so many cells across: neighbours keep their common border
NAMED = 4  # provinces named on the map
MOST_BARS = 40
MEASURES = (("turnout.peak", "peak of protest", 1e3), ("turnout.mean", "mean protest, of a million residents", 1e6),
            ("hardship.mean", "real income lost, log", 1.0), ("fatigue.mean", "how worn out the forces are, share", 1.0))


def provinces(read: Reading) -> dict[str, Any] | None:
    """Means over futures by province, with the range over futures of the peak."""
    if not read.n or not read.has("provinces", "run", "province", "turnout.peak"):
        return None
    known = read.columns("provinces")
    shown = [m for m in MEASURES if m[0] in known]
    table = (read.scan("provinces").filter(pl.col("run").is_in(read.finished["run"].to_list())).group_by("province", maintain_order=True).agg(
        *(pl.col(c).mean() for c, _, _ in shown), pl.col("turnout.peak").quantile(0.05).alias("low"), pl.col("turnout.peak").quantile(0.95).alias("high"),
        pl.col("turnout.peak").median().alias("middle"),
        *([pl.col("killed_here.final").mean().alias("killed")] if "killed_here.final" in known else [])).collect().sort("turnout.peak", descending=True))
    about = {p["id"]: p for p in read.model.get("provinces", [])}
    name = {i: about.get(i, {}).get("name", i) for i in table["province"].to_list()}
    values = 1e3 * table["turnout.peak"].to_numpy().astype(float)
    cuts, step = steps(values)
    rows, cells = [], []
    for k, r in enumerate(table.iter_rows(named=True)):
        people = about.get(r["province"], {}).get("population")
        rows.append([name[r["province"]], number(people) if people else "–", f"{step[k]}",
                     two(values[k]), *([f"{two(1e3 * r['middle'])} ({two(1e3 * r['low'])} to {two(1e3 * r['high'])})"] if read.n > 1 else []),
                     *([two(1e6 * r["killed"] / people) if people else "–"] if "killed" in r else []), *(two(r[c] * scale) for c, _, scale in shown[1:])])
        cells.append({"id": r["province"], "name": name[r["province"]], "step": int(step[k]), "value": float(f"{values[k]:.3g}"), "text": two(values[k]),
                      "middle": two(1e3 * r["middle"])})
    most, least = cells[0], cells[-1]
    half = lambda c, words: f"; {words}{c['middle']}" if read.n > 1 else ""  # noqa: E731
    title = (f"On average protest peaks highest in {most['name']} ({most['text']} of 1,000 residents{half(most, 'in half of futures it stays below ')}) "
             f"and lowest in {least['name']} ({least['text']}{half(least, 'half below ')})." if len(cells) > 1 else
             f"In {most['name']} protest peaks at {most['text']} of 1,000 residents{half(most, 'in half of futures it stays below ')}.")
    title = "No future sees protest in any province." if most["value"] == 0 else title
    summary = "Peak of protest of 1,000 residents, mean over futures: " + ", ".join(f"{c['name']} {c['text']}" for c in cells[:6]) + (
        f", and {count(len(cells) - 6, 'other province')} below." if len(cells) > 6 else ".")
    head = ["province", "residents", "step", "peak of protest, mean, of 1,000 residents", *(["median (90 of 100 futures)"] if read.n > 1 else []),
            *(["killed in protest, of a million"] if "killed_here.final" in known else []), *(m[1] for m in shown[1:])]
    outlines = drawn(read.model.get("outlines"), {c["id"]: c["name"] for c in cells})
    legend = [{"step": k + 1, "text": f"{two(a)} to {two(b)}" if a != b else two(a)} for k, (a, b) in enumerate(cuts)]
    caption = (f"The largest share of residents in the street on one day, mean over {count(read.n, 'future')}. "
               + (f"The digit is the step, 1 lowest to {len(cuts)} highest; medians and ranges are in the table." if outlines else
                  f"{_undrawn(read.model.get('outlines'))}, so provinces stand as bars; "
                  "medians and ranges are in the table."))
    caption += "".join(f" {note}" for note in _notes(read.model.get("outlines")))
    if float(table["middle"][0]) * 5e3 < values[0]:
        caption += " A few futures with very large crowds carry the mean."
    return figure("map", title, summary, caption, head, rows,
                  {"outlines": outlines, "cells": cells if outlines else [], "named": [c["id"] for c in cells[:NAMED]]}, legend=legend,
                  bars=[c | {"part": 100 * c["value"] / max(most["value"], 1e-12)} for c in cells[:MOST_BARS]], hidden=max(0, len(cells) - MOST_BARS))


def _notes(outlines: Any) -> list[str]:
    """Which provinces have no outline, and which outlines are of no province, as the study said."""
    notes = outlines.get("notes") if isinstance(outlines, dict) else None
    return [n for n in notes if isinstance(n, str)] if isinstance(notes, list) else []


def _undrawn(outlines: Any) -> str:
    if outlines:
        return "Fewer than half of the provinces have an outline"
    return "The scenario gives no outlines"


def steps(values: np.ndarray) -> tuple[list[tuple[float, float]], np.ndarray]:
    """Up to five steps with as many provinces each, and the step of every province."""
    n = min(STEPS, len(np.unique(values)))
    cuts = np.unique(np.quantile(values, np.linspace(0, 1, n + 1)[1:-1]))
    step = 1 + np.searchsorted(cuts, values, side="left")
    used = np.unique(step)
    step = 1 + np.searchsorted(used, step)
    return [(float(values[step == k].min()), float(values[step == k].max())) for k in range(1, len(used) + 1)], step


def drawn(outlines: Any, provinces: Mapping[str, str] | set[str]) -> list[dict[str, Any]]:
    """Outlines on a plane, thinned: all rings of each province that the study knows.

    provinces: names by id, or ids.
    """
    provinces = provinces if isinstance(provinces, Mapping) else {i: i for i in provinces}
    features = outlines.get("features") if isinstance(outlines, dict) else None
    if not isinstance(features, list) or not all(isinstance(f, dict) for f in features):
        return []
    try:
        polygons = matched(features, provinces).polygons
    except Fault:  # a folder changed by hand; those of a scenario are checked before a study begins
        return []
    found = {}
    for i, parts in polygons.items():
        found[i] = [np.array([p[:2] for p in ring], float) for rings in parts for ring in rings]
    if not found or len(found) < len(provinces) / 2:
        return []
    every = np.concatenate([r for rings in found.values() for r in rings])
    (x0, y0), (x1, y1) = every.min(0), every.max(0)
    narrow = math.cos(math.radians((y0 + y1) / 2)) if -90 < y0 < y1 < 90 else 1.0  # a degree of longitude is shorter than one of latitude
    size = max((x1 - x0) * narrow, y1 - y0) or 1.0
    out = []
    for key, rings in found.items():
        kept = []
        for r in rings:
            xy = np.round(np.stack([(r[:, 0] - x0) * narrow, r[:, 1] - y0], 1) * GRID / size).astype(int)
            xy = xy[np.r_[True, (np.diff(xy, axis=0) != 0).any(1)]]
            if len(xy) > 3:
                kept.append(xy.tolist())
        if kept:
            out.append({"id": key, "rings": kept})
    return out
