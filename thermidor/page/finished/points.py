"""The points of a study over a design: what each holds, its outcomes with intervals, a picture."""

from __future__ import annotations

import math
from typing import Any

from ...report.analyses.measured import measured, on_axis
from ...report.parts.files import TROUBLE, regular, said
from ...report.parts.plain import NAME, TITLE, plain
from ...study.design.sweep import Sweep
from ...support.faults import Fault
from ...wording import exact, signed, two
from .folder import Folder

MOST = 200  # points of the table
MOST_BARS = 16
MOST_OUTCOMES = 12
SIDES = {"lever": "chosen", "assumption": "assumed"}


def points(folder: Folder) -> dict[str, Any]:
    """The answer, the picture and the table; or why there is none."""
    try:
        if not regular(folder.path / "points.parquet"):
            raise Fault("points.parquet is missing or no file of its own, so its points are lost.")
        return _told(Sweep(folder.path))
    except Fault as e:
        return {"figures": [], "lost": e.faults}
    except TROUBLE as e:
        return {"figures": [], "lost": [f"points.parquet holds what cannot be told ({said(e)})."]}


def _told(found: Sweep) -> dict[str, Any]:
    if not len(found.points) or len(found.points) > 1_000_000:
        raise Fault("points.parquet holds no points, or more than a page shows.")
    first, every = found.told[0], found.told[:MOST_OUTCOMES]
    count = min(len(found.points), MOST)
    names = [plain(found.heading(t.outcome), NAME) for t in every]
    held = [found.points.row(k)[1:] for k in range(count)]
    rows = [
        [*(_value(v) for v in held[k]), *(_cell(t.told(k), t.apart and k > 0) for t in every)]
        for k in range(count)
    ]
    keys = [plain(k, NAME) for k in found.keys]
    made: dict[str, Any] = {
        "over": "",
        "title": plain(found.answer()),
        "caption": f"{plain(found.outcomes[first.outcome], TITLE)}: mean of each point; band or "
        "line: 95 % interval. All points stand on the same luck. "
        + plain(found.said_of_costs() or ""),
        "head": [*keys, *names],
        "rows": rows,
        "side": SIDES.get(found.design["over"][0].get("role"), "studied"),
        "lines": [],
    }
    if len(found.points) > MOST:
        made["lines"] = [f"{len(found.points) - MOST:,} more points are in sweep.csv."]
    line = _line(found, held, first)
    if line:
        made["chart"] = line | {"side": made["side"]}
    else:
        bars = [
            measured(
                plain(found.place(k), TITLE), first.told(k).as_dict("value"), _cell(first.told(k))
            )
            for k in range(1 if first.apart else 0, min(count, MOST_BARS))
        ]
        made["axis"] = on_axis(bars, names[0])
    return {"figures": [made], "lost": []}


def _line(found: Sweep, held: list[Any], first: Any) -> dict[str, Any] | None:
    """The outcome along the one number that is varied."""
    if len(found.keys) != 1:
        return None
    places = [
        (float(v[0]), first.told(k))
        for k, v in enumerate(held)
        if isinstance(v[0], int | float) and math.isfinite(v[0])
    ]
    if len(places) < 3:
        return None
    places.sort(key=lambda p: p[0])
    over = found.design["over"][0]
    unit = plain(over.get("unit") or "", NAME)
    return {
        "x_label": f"{plain(over['key'], NAME)} ({unit})",
        "x": [p[0] for p in places],
        "name": plain(found.outcomes[first.outcome], NAME),
        "y": [p[1].value for p in places],
        "low": [p[1].low for p in places],
        "high": [p[1].high for p in places],
    }


def _value(v: Any) -> str:
    if v is None:
        return "as it stands"
    return exact(v) if isinstance(v, float) else plain(v, NAME)


def _cell(x: Any, apart: bool = False) -> str:
    """A mean with its interval; a difference with its sign."""
    if not math.isfinite(x.value):
        return "–"
    value, low, high = map(signed if apart else two, x)
    return value + (f" ({low} to {high})" if math.isfinite(x.low) else "")
