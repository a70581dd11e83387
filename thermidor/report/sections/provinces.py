"""Where protest peaks: provinces in five steps of one hue, on their outlines if there are any."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np
import polars as pl

from ...scenario.outlines import matched
from ...support.faults import Fault
from ...wording import count, listed, number, two
from ..parts.drawing import figure, neat
from ..parts.plain import NAME, TITLE, plain
from ..parts.rows import MOST_PROVINCES
from .study_view import StudyView

STEPS = 5
GRID = 900  # cells across, to which outlines are snapped: neighbours keep their common border
PLACES = 12  # across and down an outline, of which one has most room
NAMED = 4  # provinces named on the map
MOST_NAMED = 6  # provinces named in a sentence
MOST_BARS = 40
MEASURES = (
    ("turnout.peak", "peak of protest", 1e3),
    ("turnout.mean", "mean protest, of a million residents", 1e6),
    ("hardship.mean", "real income lost, logarithm", 1.0),
    ("fatigue.mean", "how worn out the forces are, share", 1.0),
)
PEAK = "turnout.peak"
OF_1000 = 1e3


def provinces(view: StudyView) -> dict[str, Any] | None:
    """Means over futures by province, with the range over futures of the peak."""
    if not view.n or not view.has("provinces", "run", "province", PEAK):
        return None
    table = _means(view)
    if not table.height:
        return None
    about = {p["id"]: p for p in view.model["provinces"]}
    name = {}
    for i in table["province"].to_list():
        known = about.get(i, {})
        name[i] = plain(known.get("name", i), NAME)
    values = OF_1000 * table[PEAK].to_numpy()
    cuts, step = steps(values)
    cells = []
    for value, k, r in zip(values, step, table.iter_rows(named=True), strict=True):
        cells.append(
            {
                "id": r["province"],
                "name": name[r["province"]],
                "step": int(k),
                "value": float(f"{value:.3g}"),
                "text": two(value),
                "middle": two(OF_1000 * r["middle"]),
            }
        )
    outlines = thinned(view.model["outlines"], {c["id"]: c["name"] for c in cells})
    shapes = {o["id"] for o in outlines}
    legend = []
    for k, (low, high) in enumerate(cuts, 1):
        legend.append(
            {"step": k, "text": f"{two(low)} to {two(high)}" if low != high else two(low)}
        )
    head, rows = _table(view, table, name, about, step)
    saved = {"id": table["province"].to_list(), "name": list(name.values())}
    saved |= {c: neat(table[c].to_numpy()) for c in table.columns if c != "province"}
    most = cells[0]["value"]
    few_carry = float(table["middle"][0]) * 5e3 < values[0]  # the mean is five medians or more
    caption = _how_to_read(view, bool(outlines), len(cuts), few_carry)
    return figure(
        "map",
        _highest(view, cells),
        _in_words(cells),
        caption + _notes(view.model["outlines"], cells, shapes),
        head,
        rows,
        saved,
        {
            "outlines": outlines,
            "cells": cells if outlines else [],
            "named": [c["id"] for c in cells[:NAMED]],
        },
        legend=legend,
        bars=[c | {"part": 100 * c["value"] / max(most, 1e-12)} for c in cells[:MOST_BARS]],
        hidden=max(0, len(cells) - MOST_BARS),
    )


def _means(view: StudyView) -> pl.DataFrame:
    """One row a province, the highest peak first."""
    known = view.columns("provinces")
    shown = [c for c, _, _ in MEASURES if c in known]
    peak = pl.col(PEAK).cast(pl.Float64)
    killed = "killed_here.final"
    also = [pl.col(killed).mean().alias("killed")] if killed in known else []
    done = pl.col("run").is_in(view.finished["run"].to_list())
    province = pl.col("province").cast(pl.String).str.slice(0, NAME)
    table = (
        view.scan("provinces")
        .filter(done)
        .group_by(province, maintain_order=True)
        .agg(
            *(pl.col(c).cast(pl.Float64).mean() for c in shown),
            peak.quantile(0.05).alias("low"),
            peak.quantile(0.95).alias("high"),
            peak.median().alias("middle"),
            *also,
        )
        .collect()
    )
    there = pl.col(PEAK, "low", "high", "middle").is_finite()
    kept = pl.all_horizontal(there) & pl.col("province").is_not_null()
    return table.filter(kept).sort(PEAK, descending=True).head(MOST_PROVINCES)


def _highest(view: StudyView, cells: list[dict[str, Any]]) -> str:
    """The sentence on where protest peaks highest, and where lowest."""
    most, least = cells[0], cells[-1]
    if most["value"] == 0:
        return "No future sees protest in any province."
    many = view.n > 1
    half = f"; in half of {count(view.n, 'future')} it stays below {most['middle']}" if many else ""
    if len(cells) == 1:
        return f"In {most['name']} protest peaks at {most['text']} of 1,000 residents{half}."
    low = f"; half below {least['middle']}" if many else ""
    return (
        f"On average protest peaks highest in {most['name']} ({most['text']} of 1,000 residents"
        f"{half}) and lowest in {least['name']} ({least['text']}{low})."
    )


def _in_words(cells: list[dict[str, Any]]) -> str:
    rest = len(cells) - MOST_NAMED
    return (
        "Peak of protest of 1,000 residents, mean over futures: "
        + ", ".join(f"{c['name']} {c['text']}" for c in cells[:MOST_NAMED])
        + (f", and {count(rest, 'other province')} below." if rest > 0 else ".")
    )


def _how_to_read(view: StudyView, mapped: bool, steps: int, carried: bool) -> str:
    if mapped:
        shown = f"The digit is the step, 1 lowest to {steps} highest"
    elif view.model["outlines"] is None:
        shown = "The scenario gives no outlines, so provinces stand as bars"
    else:
        shown = "The outlines do not fit the provinces of this study, so provinces stand as bars"
    caption = (
        f"The largest share of residents in the street on one day, mean over "
        f"{count(view.n, 'future')}. {shown}; medians and ranges are in the table."
    )
    return caption + (" A few futures with very large crowds carry the mean." if carried else "")


def _notes(outlines: Any, cells: list[dict[str, Any]], shapes: set[str]) -> str:
    """Provinces without outline, outlines without province: as the study said, or as seen here."""
    notes = outlines.get("notes") if isinstance(outlines, dict) else None
    if isinstance(notes, list):
        return "".join(f" {plain(n, TITLE)}" for n in notes[:MOST_NAMED] if isinstance(n, str))
    missing = [c["name"] for c in cells if c["id"] not in shapes]
    if not shapes or not missing:
        return ""
    more = [f"{len(missing) - MOST_NAMED} more"] if len(missing) > MOST_NAMED else []
    return f" Without an outline, so not on the map: {listed(missing[:MOST_NAMED] + more)}."


def _table(
    view: StudyView,
    table: pl.DataFrame,
    name: dict[str, str],
    about: dict[str, Any],
    step: np.ndarray,
) -> tuple[list[str], list[list[str]]]:
    """The numbers by province."""
    many, killed = view.n > 1, "killed" in table.columns
    more = [m for m in MEASURES[1:] if m[0] in table.columns]
    rows = []
    for k, r in enumerate(table.iter_rows(named=True)):
        people = about.get(r["province"], {}).get("population")
        row = [
            name[r["province"]],
            number(people) if people else "–",
            f"{step[k]}",
            two(OF_1000 * r[PEAK]),
        ]
        if many:
            middle, low, high = (two(OF_1000 * r[c]) for c in ("middle", "low", "high"))
            row.append(f"{middle} ({low} to {high})")
        if killed:
            known = people and r["killed"] is not None
            row.append(two(1e6 * r["killed"] / people) if known else "–")
        rows.append(row + [two(None if r[c] is None else r[c] * scale) for c, _, scale in more])
    head = ["province", "residents", "step", "peak of protest, mean, of 1,000 residents"]
    head += ["median (nine of ten futures)"] if many else []
    head += ["killed in protest, of a million"] if killed else []
    return head + [m[1] for m in more], rows


def steps(values: np.ndarray) -> tuple[list[tuple[float, float]], np.ndarray]:
    """Up to five steps with as many provinces each, and the step of every province."""
    n = min(STEPS, len(np.unique(values)))
    cuts = np.unique(np.quantile(values, np.linspace(0, 1, n + 1)[1:-1]))
    step = 1 + np.searchsorted(cuts, values, side="left")
    used = np.unique(step)
    step = 1 + np.searchsorted(used, step)
    of = [values[step == k] for k in range(1, len(used) + 1)]
    return [(float(v.min()), float(v.max())) for v in of], step


def thinned(outlines: Any, provinces: Mapping[str, str] | set[str]) -> list[dict[str, Any]]:
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
    found: dict[str, list[np.ndarray]] = {}
    for i, parts in polygons.items():
        rings = [ring for polygon in parts for ring in polygon]
        found[i] = [np.array([point[:2] for point in ring], float) for ring in rings]
    if not found or len(found) < len(provinces) / 2:
        return []
    every = np.concatenate(list(chain(*found.values())))
    (x0, y0), (x1, y1) = every.min(0), every.max(0)
    narrow = 1.0  # a degree of longitude is shorter than one of latitude
    if -90 < y0 < y1 < 90:
        narrow = math.cos(math.radians((y0 + y1) / 2))
    size = max((x1 - x0) * narrow, y1 - y0) or 1.0
    out = []
    for key, outline in found.items():
        kept = []
        for r in outline:
            plane = np.stack([(r[:, 0] - x0) * narrow, r[:, 1] - y0], 1)
            cells = np.round(plane * GRID / size).astype(int)
            moved = (np.diff(cells, axis=0) != 0).any(1)
            cells = cells[np.r_[True, moved]]
            if len(cells) > 3:
                kept.append(cells.tolist())
        if kept:
            out.append({"id": key, "rings": kept, "at": _room(kept)})
    return out


def _room(rings: Sequence[Sequence[Sequence[int]]]) -> list[int]:
    """Where an outline has most room for a word: within it, and far from its corners. A city that
    lies in a province so leaves that one's word beside its own.
    """
    every = np.concatenate([np.array(r) for r in rings])
    low, high = every.min(0), every.max(0)
    part = (np.arange(PLACES) + 0.5) / PLACES
    x, y = (low[k] + (high[k] - low[k]) * part for k in (0, 1))
    at = np.stack(np.meshgrid(x, y), -1).reshape(-1, 2)
    odd = np.zeros(len(at), bool)  # what lies within two rings is a hole
    for ring in rings:
        a, c = np.array(ring, float), np.roll(np.array(ring, float), 1, axis=0)
        rise = np.where(a[:, 1] == c[:, 1], 1.0, c[:, 1] - a[:, 1])
        between = (a[:, 1] > at[:, 1:]) != (c[:, 1] > at[:, 1:])
        left = at[:, :1] < a[:, 0] + (c[:, 0] - a[:, 0]) * (at[:, 1:] - a[:, 1]) / rise
        odd ^= (between & left).sum(1) % 2 == 1
    if not odd.any():
        return np.round((low + high) / 2).astype(int).tolist()
    far = np.hypot(*(at[:, None] - every).transpose(2, 0, 1)).min(1)
    return np.round(at[np.where(odd, far, -1.0).argmax()]).astype(int).tolist()
