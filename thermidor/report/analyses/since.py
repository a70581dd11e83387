"""What was seen since, and which levers hold up; costs beside survival."""

from __future__ import annotations

from typing import Any

from ...wording import count, two
from ..parts.drawing import figure
from ..parts.plain import NAME, TITLE, plain
from ..sections.study_view import StudyView
from .kept import again, told
from .measured import between, measured, on_axis, saved, table
from .shapes import Robust, Update

UPDATES, ROBUST = ("updates/*/update.json",), ("robust.json", "robust/robust.json")
MOST_COSTS = 6


def update(view: StudyView) -> dict[str, Any]:
    """What `thermidor update` found of each file of observations."""
    return told(view, UPDATES, Update, _update)


def robust(view: StudyView) -> dict[str, Any]:
    """What `thermidor robust` found."""
    return told(view, ROBUST, Robust, _robust)


def _update(view: StudyView, found: dict[str, Any], name: str) -> list[dict[str, Any]]:
    rows = []
    for o in [] if found["cannot_tell"] else found["outcomes"]:
        for when in ("before", "after"):
            what = f"{plain(o['outcome'], NAME)}, {when}"
            rows.append(measured(what, o[when], between(o[when])))
    seen = count(found["futures"], "future")
    return [
        figure(
            name,
            plain(found["answer"]),
            "",
            f"Mean of each outcome before and after what was seen; line: 95 % interval. "
            f"{seen}, which count as {found['effective']:,.0f} under the observations.",
            ["outcome", "mean", "low", "high", ""],
            table(rows),
            saved(rows),
            over=f"Seen up to {plain(found['as_of'], NAME)}" if found["as_of"] else "Seen since",
            axis=on_axis(rows, "") if rows else None,
            command=again(found["command"], []),
        )
    ]


def _robust(view: StudyView, found: dict[str, Any], name: str) -> list[dict[str, Any]]:
    rows = [_setting(f, view) for f in found["finalists"]]
    return [
        figure(
            name,
            plain(found["answer"]),
            "",
            "Levers of outsiders and of society alone. Dot: mean of "
            f"{plain(found['outcome'], NAME)} over "
            f"{count(found['held_out'], 'future')} that the search did not see; line: 95 % "
            "interval. Beside it survival and what citizens pay, mean of each.",
            ["setting", "mean", "low", "high", "survival and costs"],
            table(rows),
            saved(rows),
            over="Which levers hold up",
            axis=on_axis(rows, plain(found["outcome"], NAME)) if rows else None,
            command=again(found["command"], []),
        )
    ]


def _setting(f: dict[str, Any], view: StudyView) -> dict[str, Any]:
    sets = ", ".join(
        f"{k} {v if isinstance(v, str) else two(float(v))}" for k, v in f["set"].items()
    )
    notes = []
    p = f["survival"].get("p")
    if p is not None:
        notes.append(f"still in power in {two(100 * p)} of 100")
    costs = [(c, v) for c, v in f["costs"].items() if v is not None][:MOST_COSTS]
    notes += [f"{view.called.get(c, c)} {two(v)}" for c, v in costs]
    if f["regret"] is not None:
        notes.append(f"regret {two(f['regret'])}")
    if f["worst_tenth"] is not None:
        notes.append(f"worst tenth {two(f['worst_tenth'])}")
    text = between(f["mean"])
    return measured(f["name"], f["mean"], text, says=plain(sets, TITLE), note="; ".join(notes)) | {
        "note": plain("; ".join(notes))
    }
