"""What moves an outcome: assumptions and levers in figures of their own, and by day."""

from __future__ import annotations

import math
from typing import Any

from ...wording import hundred, signed, upper
from ..parts.drawing import figure
from ..parts.plain import NAME, TITLE, plain
from ..sections.study_view import StudyView
from .kept import again, told
from .measured import between, measured, on_axis, saved, table
from .shapes import Drivers

FILES = ("drivers/drivers.json", "drivers.json")
SCALES = {
    "shift": "distance between the futures that end so and the others, of 100",
    "first and total share": "of 100 of the variance, alone",
}
SHARE = "of 100 of the variance that goes with it alone"
MOST_LINES, MOST_DAYS = 8, 40


def drivers(view: StudyView) -> dict[str, Any]:
    """What `thermidor drivers` found."""
    return told(view, FILES, Drivers, _tell)


def _tell(view: StudyView, found: dict[str, Any], name: str) -> list[dict[str, Any]]:
    command = again(found["command"], ["thermidor", "drivers", str(view.path)])
    out = []
    for k, part in enumerate(found["parts"], 1):
        rows = [_row(d) for d in part["drivers"]]
        head = [part["role"], "of 100", "low", "high", "what it says"]
        out.append(
            figure(
                f"{name}-{k}",
                plain(part["sentence"]),
                "",
                f"{upper(plain(part['role'], NAME))}s alone. Dot: the estimate; line: its 95 % "
                "interval; a line without a dot: it cannot be told from nothing, and is at most "
                "as far as the line goes.",
                head,
                table(rows, 100),
                saved(rows),
                over=f"What moves {plain(found['outcome'], NAME)}: {plain(part['role'], NAME)}s",
                axis=on_axis(rows, SCALES.get(part["by"], SHARE), 100) if rows else None,
                untold=upper(plain(part["others"])) + ("." if part["others"] else ""),
                command=command,
            )
        )
    days = found["over_time"]
    for role in dict.fromkeys(p["role"] for d in days["days"] for p in d["parts"]) if days else ():
        made = _by_day(days, role, f"{name}-by-day-{len(out) + 1}")
        out += [made | {"command": command}] if made else []
    return out


def _row(d: dict[str, Any]) -> dict[str, Any]:
    m, total = d["measure"], d["total"]
    at_most = m["low"] == 0 and not total
    text = f"{between(m, 100)} of 100"
    if at_most and m["high"] is not None:
        text = f"at most {hundred(m['high'])} of 100"
    way = d["direction"]
    notes = [] if way is None else [f"{signed(way)} by rank"]
    if total:
        notes.append(f"with all in which it takes part {between(total, 100)}")
    return measured(d["name"], m, text, says=d["says"], note="; ".join(notes), at_most=at_most)


def _by_day(found: dict[str, Any], role: str, name: str) -> dict[str, Any] | None:
    """Shares by day as small columns; a gap where nothing can be told."""
    days = found["days"][:MOST_DAYS]
    lines: dict[str, list[float | None]] = {}
    says: dict[str, str] = {}
    for k, day in enumerate(days):
        for d in (d for p in day["parts"] if p["role"] == role for d in p["drivers"]):
            value = d["measure"]["value"]
            if value is not None:
                lines.setdefault(d["name"], [None] * len(days))[k] = max(0.0, value)
                says[d["name"]] = d["says"]
    if not lines:
        return None
    top = max(v for line in lines.values() for v in line if v is not None) or 1.0
    order = sorted(lines, key=lambda n: -max(v for v in lines[n] if v is not None))
    marks = [f"{d['day']:,}" for d in days]
    rows: list[dict[str, Any]] = []
    for n in order[:MOST_LINES]:
        best = max(range(len(days)), key=lambda k: -1.0 if (v := lines[n][k]) is None else v)
        rows.append(
            {
                "name": plain(n, TITLE),
                "says": plain(says[n], TITLE),
                "columns": [None if v is None else round(100 * v / top, 1) for v in lines[n]],
                "text": f"most on day {marks[best]}: {hundred(lines[n][best] or 0.0)} of 100",
            }
        )
    said = [s for s in found["sentences"] if role in s.lower()]
    shown: list[list[str]] = [
        [r["name"], *(_cell(v) for v in lines[n])] for r, n in zip(rows, order, strict=False)
    ]
    columns = {m: [lines[n][k] for n in order] for k, m in enumerate(marks)}
    return figure(
        name,
        plain(" ".join(said) or f"{upper(role)}s by day"),
        "",
        f"A column for each of the days {marks[0]} to {marks[-1]}; none where it cannot be told "
        "from luck.",
        [plain(role, NAME), *(f"day {m}" for m in marks)],
        shown,
        {role: [plain(n, TITLE) for n in order]} | columns,
        over="Day by day",
        strips=rows,
        wide=round(100 / max(1, len(days)), 2),
    )


def _cell(v: float | None) -> str:
    return "–" if v is None or not math.isfinite(v) else hundred(v)
