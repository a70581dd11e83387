"""Where an outcome tips: the limits of a box within the ranges of the ledger."""

from __future__ import annotations

import math
from typing import Any

from ...wording import exact, hundred, span
from ..parts.drawing import figure
from ..parts.plain import NAME, TITLE, plain
from ..sections.study_view import StudyView
from .kept import again, told
from .measured import measured, on_axis
from .shapes import Tips

FILES = ("discover/discover.json", "discover.json")
MOST_SIGNS = 12


def tips(view: StudyView) -> dict[str, Any]:
    """What `thermidor discover` found."""
    return told(view, FILES, Tips, _tell)


def _tell(view: StudyView, found: dict[str, Any], name: str) -> list[dict[str, Any]]:
    command = again(found["command"], ["thermidor", "discover", str(view.path)])
    ledger = {r["key"]: r for r in view.model["ledger"]}
    out = []
    for k, part in enumerate(found["parts"], 1):
        box = [_side(s, ledger.get(s["name"])) for s in part["box"]]
        rows = _shares(part)
        head = ["limit", "of 100 that end so", "of 100 others", "in boxes from halves"]
        shown = [[f"{b['name']} {b['words']}", b["so"], b["other"], b["stable"]] for b in box]
        columns = {c: [s[c] for s in part["box"]] for c in ("name", "low", "high", "so", "other")}
        out.append(
            figure(
                f"{name}-{k}",
                plain(part["sentence"]),
                "",
                "Thick: the values within the limit, on the range of the ledger; below: of 100 "
                "futures, with what boxes did in futures that they were not found in (line).",
                head,
                shown,
                columns,
                over=f"Where it tips: {plain(part['role'], NAME)}s",
                box=box,
                axis=on_axis(rows, "of 100 futures", 100) if rows else None,
                lines=[plain(t) for t in (part["stability"], part["other"]) if t],
                command=command,
            )
        )
    if out and found["watch"]:
        out[-1]["watch"] = [plain(w) for w in found["watch"][:MOST_SIGNS]]
    return out


def _side(s: dict[str, Any], row: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "name": plain(s["name"], TITLE),
        "says": plain(s["says"], TITLE),
        "words": plain(s["words"], TITLE),
        "so": hundred(s["so"]),
        "other": hundred(s["other"]),
        "stable": f"{s['stable']:,}",
        "bar": _bar(s, row),
        "range": f"{exact(row['low'])} to {exact(row['high'])}" if row and _bar(s, row) else "",
    }


def _bar(s: dict[str, Any], row: dict[str, Any] | None) -> dict[str, float] | None:
    """Where the limits lie within the range that the ledger has, in parts of 100."""
    if row is None or row["low"] is None or row["high"] is None:
        return None
    low, high = float(row["low"]), float(row["high"])
    scale = math.log if row["scale"] == "log" and low > 0 else float
    if not low < high:
        return None

    def at(x: float) -> float:
        x = min(high, max(low, x))
        return round(100 * (scale(x) - scale(low)) / (scale(high) - scale(low)), 1)

    return {
        "from": 0.0 if s["low"] is None else at(s["low"]),
        "to": 100.0 if s["high"] is None else at(s["high"]),
    }


def _shares(part: dict[str, Any]) -> list[dict[str, Any]]:
    """How often the outcome holds in the box and in all, and how much of it the box holds."""
    if part["density"] is None or part["coverage"] is None:
        return []
    held = part["kept_aside"] or {}
    rows = []
    for key, what in (
        ("density", "within the box it holds in"),
        ("coverage", "of all its cases, those within the box"),
    ):
        ends = held.get(key, [])
        x = {"value": part[key], "low": None, "high": None}
        text = f"{hundred(part[key])} of 100"
        if len(ends) == 3:
            x |= {"low": ends[0], "high": ends[2]}
            text += f" ({span(ends[0], ends[2])} in futures kept aside)"
        rows.append(measured(key, x, text, says=what))
    if part["futures"] > 0:
        usual = part["cases"] / part["futures"]
        x = {"value": usual, "low": None, "high": None}
        rows.insert(1, measured("all", x, f"{hundred(usual)} of 100", says="in all futures in"))
    return rows
