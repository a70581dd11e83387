"""What was observed, and where it lies in the futures' bands."""

from __future__ import annotations

from itertools import chain
from typing import Any

import numpy as np

from ...wording import count, hundred, two
from ..parts.drawing import BANDS, figure
from ..parts.plain import NAME, TITLE, plain
from .study_view import StudyView

WIDE, HIGH, LEFT, LOW = 640, 200, 70, 24  # of a picture, and of its margins: pixels


def seen(view: StudyView) -> dict[str, Any] | None:
    """A figure for every series of which something was observed."""
    found = view.seen
    if not found or not view.n:
        return None
    names = dict.fromkeys(str(o["series"]) for o in found["observations"])
    return {
        "title": plain(found["title"], TITLE),
        "figures": [_figure(view, k, s, view.sightings(s)) for k, s in enumerate(names)],
        "missing": [plain(s, NAME) for s in names if not view.sightings(s)],
    }


def _figure(view: StudyView, k: int, series: str, at: list[dict[str, Any]]) -> dict[str, Any]:
    """The bands of a series with what was seen of it."""
    name = plain(series, NAME)
    outside = sum(_outside(p) for p in at)
    title = f"{name}: {count(len(at), 'observation')}"
    if at:
        none = "all lie" if len(at) > 1 else "it lies"
        some = f"{outside} {'lies' if outside == 1 else 'lie'}"
        title += f", of which {some} outside of" if outside else f"; {none} within"
        title += " 95 of 100 futures."
    rows = [
        [
            str(p["date"]),
            two(p["value"], 3),
            f"{two(p['low'], 3)} to {two(p['high'], 3)}",
            _place(p),
            plain(p["source"], TITLE),
            str(p["known"]),
        ]
        for p in at
    ]
    keys = ("date", "day", "value", "low", "high", "below", "within", "futures", "known")
    return figure(
        f"seen-{k}",
        title,
        f"{name}: bands of the futures, and what was observed.",
        "Bands hold 50, 80 and 95 of 100 futures still in power on the day; points are what was "
        "observed, their bars the range that it may have had.",
        ["date", "value", "may have been", "where it lies", "source", "known on"],
        rows,
        {key: [p[key] for p in at] for key in keys},
        picture=_picture(view, series, at) if at else None,
    )


def _outside(p: dict[str, Any]) -> bool:
    """Whether an observation lies beyond the middle 95 of 100 futures."""
    part = p["below"] / p["futures"] if p["futures"] else 0.5
    return not 0.025 <= part <= 0.975


def _place(p: dict[str, Any]) -> str:
    if not p["futures"]:
        return "no future was left on that day"
    return f"above {hundred(p['below'] / p['futures'])} of 100 futures"


def _picture(view: StudyView, series: str, at: list[dict[str, Any]]) -> dict[str, Any]:
    """Paths and points in pixels."""
    _, days, values = view.series(series)
    some = np.isfinite(values).any(axis=0)
    days, values = days[some], values[:, some]
    levels = sorted({0.5, *chain(*BANDS)})
    drawn = dict(zip(levels, np.nanquantile(values, levels, axis=0), strict=True))
    ends = [*drawn[levels[0]], *drawn[levels[-1]], *(p[k] for p in at for k in ("low", "high"))]
    low, high = float(min(ends)), float(max(ends))
    high = high if high > low else low + 1.0

    def x(day: float) -> float:
        return round(LEFT + (WIDE - LEFT - 10) * day / max(view.days, 1), 1)

    def y(value: float) -> float:
        return round(10 + (HIGH - LOW - 10) * (high - value) / (high - low), 1)

    def path(a: float, b: float) -> str:
        there = [(d, v) for d, v in zip(days, drawn[a], strict=True)]
        back = [(d, v) for d, v in zip(days, drawn[b], strict=True)][::-1]
        return "M" + "L".join(f"{x(d)} {y(v)}" for d, v in (*there, *back)) + "Z"

    middle = zip(days, drawn[0.5], strict=True)
    return {
        "bands": [path(a, b) for a, b in BANDS],
        "median": "M" + "L".join(f"{x(d)} {y(v)}" for d, v in middle),
        "points": [
            {"x": x(p["day"]), "y": y(p["value"]), "low": y(p["low"]), "high": y(p["high"])}
            for p in at
        ],
        "ticks": [{"y": y(v), "label": two(v, 3)} for v in (low, high)],
        "days": [{"x": x(d), "label": view.date(d, short=True)} for d in (0, view.days)],
    }
