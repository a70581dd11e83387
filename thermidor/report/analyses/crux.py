"""Where two people disagree: each belief's share of the gap between their answers."""

from __future__ import annotations

from typing import Any

from ...wording import count
from ..parts.drawing import figure
from ..parts.plain import NAME, TITLE, plain
from ..sections.study_view import StudyView
from .kept import again, told
from .measured import between, measured, on_axis, saved, says, table
from .shapes import Crux

FILES = ("crux-*.json",)


def crux(view: StudyView) -> dict[str, Any]:
    """What `thermidor crux` found of each claim and two people."""
    return told(view, FILES, Crux, _tell)


def _tell(view: StudyView, found: dict[str, Any], name: str) -> list[dict[str, Any]]:
    a, b = ([plain(h, NAME) for h in found["holders"]] + ["A", "B"])[:2]
    whole = found["gap"]["value"]
    rows = [_row(s, whole, view) for s in found["shares"]]
    answers = zip((a, b), found["answers"], strict=False)
    said = "; ".join(f"{who}: {between(x)}" for who, x in answers)
    return [
        figure(
            name,
            plain(found["sentence"]),
            "",
            f"Dot: the share of each belief in the gap, in units of the outcome; line: 95 % "
            f"interval. The whole gap is {between(found['gap'])}.",
            ["belief about", "share", "low", "high", "of the gap"],
            table(rows),
            saved(rows),
            over=f"Where {a} and {b} disagree on {plain(found['claim'], NAME)}",
            axis=on_axis(rows, "units of the outcome") if rows else None,
            lines=[
                *(plain(m) for m in found["more"]),
                f"Answers: {said}. Test: {plain(found['test'], TITLE)}; "
                f"{count(found['pairs'], 'pair')}, from {plain(found['how'], TITLE)}.",
            ],
            command=again(found["command"], []),
        )
    ]


def _row(s: dict[str, Any], whole: float | None, view: StudyView) -> dict[str, Any]:
    x = s["share"]
    part = f"{100 * x['value'] / whole:.0f} of 100 of the gap" if whole and x["value"] else ""
    return measured(s["key"], x, between(x), says=says(view, s["key"]), note=part)
