"""Futures weighed by a reader's own beliefs: what the page's script needs to do it offline.

Each future was drawn from the triangles of the ledger (prior.1). With t the part of the way from
the low to the high end of an assumption's range (of logarithms where it is drawn on them) and m
that of the ledger's value, they have the density

    p(t) = 2 t/m  where t < m,   2 (1 - t)/(1 - m)  otherwise                          (believe.1)

The reader gives a central value c and how sure s he is, 0 to 0.9: a triangle that peaks at c over
the range from a = s c to b = s c + 1 - s, the ledger's range drawn in towards c,

    q(t) = 2 (t - a)/((1 - s)(c - a))  where a < t < c,
           2 (b - t)/((1 - s)(b - c))  where c <= t < b,   0  elsewhere                (believe.2)

so that each future counts as the product over the assumptions in which the reader differs

    w = product of q(t)/p(t)                                                           (believe.3)

and all of them as so many equally weighted ones (Kish 1965):

    (sum of w)^2 / sum of w^2                                                          (believe.4)

With c = m and s = 0 it counts as it did. The same triangle is what a file of beliefs says with
value, low and high, so that fresh futures can be drawn from it.

What is drawn from past uprisings has no slider: those rows say of several assumptions together what
no density of one does. Nor have forms, or what a design varied.
"""

from __future__ import annotations

import base64
import math
import re
from typing import Any

import numpy as np
import polars as pl

from ...wording import count
from ..parts.drawing import look, neat
from ..parts.plain import TITLE, plain
from ..parts.units import unit_words
from ..sections.provenance import under_beliefs
from ..sections.study_view import StudyView

ENOUGH = 100  # effective futures below which nothing is told
MOST = 5_000  # futures that the page holds
FIRST, FEWEST = 8, 3  # assumptions whose sliders stand there from the beginning
STEPS = 65_535  # of the way from the low to the high end: two bytes a number
KEY = re.compile(r"[A-Za-z_]\w*\.[A-Za-z_]\w*")


def drawn(view: StudyView) -> bool:
    """Whether the futures differ by what was drawn from the ledger, and not by a design."""
    m = view.manifest
    return not (m["fixed"] or m["design"] or m["sweep"])


def believe(view: StudyView) -> dict[str, Any]:
    """The futures and their assumptions as the page's script reads them, or why there is nothing
    to weigh.
    """
    bare: dict[str, Any] = {"id": "believe", "saved": {}, "data": None, "note": "", "command": ""}
    if view.n < ENOUGH:
        none = (
            f"This study has {count(view.n, 'finished future')}; below {ENOUGH} none are weighed "
            "by other beliefs."
        )
        return bare | {"title": none}
    runs = view.scan("runs").filter(pl.col("ending").is_not_null()).sort("run").head(MOST)
    rows, parts = _sliders(view, runs)
    if not rows:
        none = "No assumption of this study was drawn from a range of its own, so none is weighed."
        return bare | {"title": none}
    there = [c for c in view.called if c in view.finished.columns]
    done = runs.select("ending", "day", *there).collect()
    kinds = [e for e, n in view.endings.items() if n]
    file = f"{view.manifest['scenario']}-beliefs.yaml"
    data = {
        "n": done.height,
        "enough": ENOUGH,
        "days": view.days,
        "time": view.time,
        "endings": [look(e) for e in kinds],
        "ending": [kinds.index(e) if e in kinds else -1 for e in done["ending"].to_list()],
        "day": done["day"].to_list(),
        "costs": [{"says": view.called[c], "values": neat(done[c].to_numpy())} for c in there],
        "rows": rows,
        "first": _first(view, {r["key"] for r in rows}),
        "parts": base64.b64encode(parts.tobytes()).decode(),
        "of": plain(view.manifest["scenario"], TITLE),
    }
    return bare | {
        "title": "What if you believe otherwise?",
        "data": data,
        "note": _note(view, done.height, len(rows)),
        "claims": bool(view.model["claims"]),
        "command": under_beliefs(view, file),
    }


def _note(view: StudyView, held: int, sliders: int) -> str:
    learnt = sum(bool(r["posterior"]) for r in view.model["ledger"])
    note = f"{count(sliders, 'assumption')} can be believed otherwise within their range."
    if learnt:
        note += (
            f" {learnt} are drawn together from what past uprisings say, so that no weight of one "
            "stands for them: believe otherwise of them in fresh futures."
        )
    if held < view.n:
        note += f" The page holds the first {held:,} of {view.n:,} futures."
    return note


def _first(view: StudyView, known: set[str]) -> list[str]:
    """The assumptions that go with survival beyond luck, strongest first; a few where none do."""
    found = [c for c in view.carriers if c["assumption"] in known]
    sure = [c for c in found if c["beyond_luck"]][:FIRST]
    return [c["assumption"] for c in (sure or found[:FEWEST])]


def _sliders(view: StudyView, runs: pl.LazyFrame) -> tuple[list[dict[str, Any]], np.ndarray]:
    """Rows of assumptions, and the parts of the way at which each future has them:
    uint16[assumptions, futures], 1 to 65534.
    """
    offered = [r for r in view.model["ledger"] if _offered(r, view)]
    values = runs.select(r["key"] for r in offered).collect() if offered else pl.DataFrame()
    rows, parts = [], []
    for r in offered:
        x = values[r["key"]].to_numpy().astype(float)
        low, mode, high = (float(r[k]) for k in ("low", "value", "high"))
        scale = np.log if r["scale"] == "log" else np.asarray
        a, m, b = scale(np.array([low, mode, high]))
        t = (scale(np.clip(x, low, high)) - a) / (b - a)
        if not np.isfinite(t).all() or np.ptp(t) == 0 or (x < low).any() or (x > high).any():
            continue
        rows.append(
            {
                "key": r["key"],
                "says": plain(r["says"], TITLE),
                "unit": plain(unit_words(r["unit"]), TITLE),
                "low": low,
                "value": mode,
                "high": high,
                "log": r["scale"] == "log",
                "mode": float((m - a) / (b - a)),
                "source": _needs_source(r),
            }
        )
        parts.append(np.clip(np.round(STEPS * t), 1, STEPS - 1).astype("<u2"))
    return rows, np.stack(parts) if parts else np.zeros((0, 0), "<u2")


def _offered(r: dict[str, Any], view: StudyView) -> bool:
    """Whether a row of the ledger was drawn from a triangle of its own, and its draws are here."""
    key, ends = r["key"], [r["low"], r["value"], r["high"]]
    if r["role"] != "assumption" or not r["drawn"] or r["posterior"] or r["drawn_from"]:
        return False
    if not KEY.fullmatch(key) or key not in view.parameters or key.partition(".")[0] in view.off:
        return False
    if any(not isinstance(x, int | float) or not math.isfinite(x) for x in ends):
        return False
    low, value, high = ends
    return low <= value <= high and low < high and (r["scale"] != "log" or low > 0)


def _needs_source(r: dict[str, Any]) -> str | None:
    """The source that a belief needs whose range leaves what the mechanism declares."""
    ends = [(r["declared"] or {}).get(k) for k in ("low", "high")]
    known = [float(x) for x in ends if isinstance(x, int | float)]
    inside = len(known) == 2 and known[0] <= r["low"] and r["high"] <= known[1]
    return None if inside else r["source"]
