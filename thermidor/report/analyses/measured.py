"""Numbers with their intervals as rows on one axis that holds zero, and a sentence in place of the
bar where nothing can be told.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from ...wording import two
from ..parts.plain import NAME, TITLE, plain
from ..sections.study_view import StudyView

MOST_ROWS = 16
ROOM = 4.0  # parts of 100 of the axis that are left on each side


def measured(
    name: str,
    x: Mapping[str, float | None],
    text: str,
    *,
    says: str = "",
    note: str = "",
    at_most: bool = False,
) -> dict[str, Any]:
    """A row: what it is, its value with an interval, and how that is said.

    at_most: only the high end can be told, so that no dot is drawn.
    """
    value, low, high = (x.get(k) for k in ("value", "low", "high"))
    return {
        "name": plain(name, TITLE),
        "says": plain(says, TITLE),
        "text": text,
        "note": plain(note, TITLE),
        "value": value,
        "low": low,
        "high": high,
        "open": at_most or value is None,
    }


def on_axis(rows: Sequence[dict[str, Any]], unit: str, times: float = 1.0) -> dict[str, Any]:
    """Rows with their places in parts of 100 of one axis, and the axis.

    times: of a value, as the axis is marked: 100 for shares.
    """
    rows = rows[:MOST_ROWS]
    ends = [v for r in rows for k in ("value", "low", "high") if (v := r[k]) is not None]
    low, high = min([0.0, *ends]), max([0.0, *ends])
    reach = (high - low) or 1.0
    if not math.isfinite(reach):
        raise ValueError("numbers that no axis holds")

    def at(v: float) -> float:
        return round(ROOM + (100 - 2 * ROOM) * (v - low) / reach, 2)

    placed = [
        r
        | {
            "at": None if r["open"] else at(r["value"]),
            "from": 0.0 if r["low"] is None and r["high"] is not None else _at(r["low"], at),
            "to": 100.0 if r["high"] is None and r["low"] is not None else _at(r["high"], at),
        }
        for r in rows
    ]
    marks = [(at(v), two(times * v)) for v in sorted({low, 0.0, high}) if v == 0 or ends]
    return {"rows": placed, "zero": at(0.0), "marks": _apart(marks), "unit": unit}


def _at(v: float | None, at: Any) -> float | None:
    return None if v is None else at(v)


def _apart(marks: list[tuple[float, str]]) -> list[tuple[float, str]]:
    """Marks that do not run into each other; of two the one of zero, which is told first."""
    kept: list[tuple[float, str]] = []
    for m in sorted(marks, key=lambda m: m[1] != "0"):
        if all(abs(m[0] - k[0]) > 12 for k in kept):
            kept.append(m)
    return kept


def says(view: StudyView, key: str) -> str:
    """What the ledger says of an assumption; nothing of what is none."""
    return next((str(r["says"]) for r in view.model["ledger"] if r["key"] == key), "")


def cannot(untold: Sequence[Mapping[str, Any]], seen: str) -> str:
    """The sentence that stands in place of bars for what nothing can be told of."""
    if not untold:
        return ""
    near = [u for u in untold if u.get("needed")]
    text = f"Cannot tell with {seen} of {len(untold):,} more"
    if not near:
        return f"{text}."
    first = min(near, key=lambda u: u["needed"])
    return f"{text}; about {first['needed']:,} would, beginning with {plain(first['name'], NAME)}."


def between(x: Mapping[str, float | None] | None, times: float = 1.0) -> str:
    """A value with its interval in words; nothing where there is none."""
    if not x or x.get("value") is None:
        return "–"
    ends = [x.get(k) for k in ("low", "high")]
    shown = [_end(v, times) for v in ends]
    value = two(times * float(x["value"] or 0.0))
    return f"{value} ({shown[0]} to {shown[1]})" if ends != [None, None] else value


def _end(v: float | None, times: float) -> str:
    return "no end" if v is None else two(times * v)


def table(rows: Sequence[dict[str, Any]], times: float = 1.0) -> list[list[str]]:
    """Rows as a table to read."""
    return [
        [r["name"], *(_end(r[k], times) for k in ("value", "low", "high")), r["note"] or r["says"]]
        for r in rows
    ]


def saved(rows: Sequence[dict[str, Any]]) -> dict[str, list[Any]]:
    """Rows as columns that a reader may keep."""
    return {k: [r[k] for r in rows] for k in ("name", "value", "low", "high", "says", "note")}
