"""What would overturn a claim: the least changes of belief that turn it, in bits."""

from __future__ import annotations

from typing import Any

from ...wording import count, two
from ..parts.drawing import figure
from ..parts.plain import NAME, TITLE, plain
from ..sections.study_view import StudyView
from .kept import again, of_claim, told
from .measured import cannot, measured, on_axis, saved, says, table
from .shapes import Stress

FILES = ("stress-*.json",)
MOST_EVENTS = 40


def stress(view: StudyView) -> dict[str, Any]:
    """What `thermidor stress` found of each claim."""
    return told(view, FILES, Stress, _tell)


def _tell(view: StudyView, found: dict[str, Any], name: str) -> list[dict[str, Any]]:
    turning = [c for c in found["changes"] if c["bits"] is not None]
    held = [plain(c["name"], NAME) for c in found["changes"] if c["bits"] is None]
    rows = [_row(c, view) for c in turning]
    lines = [f"No belief over their range turns it: {plain('; '.join(held), TITLE)}."] * bool(held)
    story = found["failing"]
    seen = plain(found["seen"], NAME) or count(found["pairs"], "pair")
    return [
        figure(
            name,
            plain(found["sentence"]),
            "",
            "Dot: the least change of belief that turns the verdict, in bits of relative entropy; "
            "the less, the easier it turns. 0.72 bits move a bell-shaped belief by its standard "
            "deviation. Line: 95 % interval over futures drawn again; to the edge where in some "
            "no belief turns it.",
            ["belief about", "bits", "low", "high", "how"],
            table(rows),
            saved(rows),
            over=f"What would overturn {plain(found['claim'], NAME)}",
            axis=on_axis(rows, "bits") if rows else None,
            untold=cannot(found["cannot_tell"], seen),
            lines=[*lines, f"Test: {plain(found['test'], TITLE)}."],
            story=_story(story) if story else None,
            command=again(found["command"], of_claim(view, "stress", found["claim"])),
        )
    ]


def _row(c: dict[str, Any], view: StudyView) -> dict[str, Any]:
    end = "no end" if c["high"] is None else two(c["high"])
    text = two(c["bits"])
    if c["low"] is not None:
        text += f" ({two(c['low'])} to {end})"
    notes = [plain(c["kind"], NAME)]
    if len(c["keys"]) == 1 and c["moved"] and c["moved"][0]["before"] and c["moved"][0]["after"]:
        m = c["moved"][0]
        unit = plain(m["unit"], NAME)
        notes.append(f"from {two(m['before'][0], 3)} to {two(m['after'][0], 3)} {unit} on average")
    if c["turned"] is not None:
        notes.append("fresh futures agree" if c["turned"] else "fresh futures do not turn")
    elif c["effective"] is not None:
        notes.append(f"the weighed pairs count as {c['effective']:,.0f}")
    return measured(
        c["name"],
        {"value": c["bits"], "low": c["low"], "high": c["high"]},
        f"{text} bits",
        says=says(view, c["name"]),
        note="; ".join(notes),
    )


def _story(found: dict[str, Any]) -> dict[str, Any]:
    """The most ordinary future in which the claim fails, day by day."""
    events = [_event(e) for e in found["story"]]
    return {
        "says": plain(found["sentence"]),
        "events": [plain(e, TITLE) for e in events[:MOST_EVENTS]],
        "rest": max(0, len(events) - MOST_EVENTS),
    }


def _event(e: dict[str, Any]) -> str:
    date = f", {e['date']}" if e["date"] else ""
    side = "" if e["side"] in ("", "both") else f" (only {e['side']})"
    return f"day {e['day']:,}{date}: {e['what']}{side}"
