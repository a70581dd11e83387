"""What to find out: what it would be worth to know an assumption, or all that rests on a source."""

from __future__ import annotations

from typing import Any

from ...wording import count, two
from ..parts.drawing import figure
from ..parts.plain import NAME, TITLE, plain
from ..sections.study_view import StudyView
from .kept import again, of_claim, told
from .measured import between, cannot, measured, on_axis, saved, says, table
from .shapes import Learning

FILES = ("learn-*.json",)


def learning(view: StudyView) -> dict[str, Any]:
    """What `thermidor learn` found of each claim."""
    return told(view, FILES, Learning, _tell)


def _tell(view: StudyView, found: dict[str, Any], name: str) -> list[dict[str, Any]]:
    rows = [_row(v, view) for v in found["values"] if v["moves"]]
    all_ = found["foresight"]
    seen = plain(found["seen"], NAME) or count(found["pairs"], "pair")
    lines = [f"Test: {plain(found['test'], TITLE)}."]
    if all_ is not None:
        lines.append(
            f"To know everything, the luck of each future too, would be worth {two(all_)}: more "
            "than anybody can find out."
        )
    return [
        figure(
            name,
            plain(found["sentence"]),
            "",
            "Dot: by how much knowing it would move the answer on average, either way, in units "
            "of the outcome; line: 95 % interval over futures drawn again.",
            ["to find out", "moves it by", "low", "high", "how"],
            table(rows),
            saved(rows),
            over=f"What to find out on {plain(found['claim'], NAME)}",
            axis=on_axis(rows, "units of the outcome") if rows else None,
            untold=cannot(found["cannot_tell"], seen),
            lines=lines,
            command=again(found["command"], of_claim(view, "learn", found["claim"])),
        )
    ]


def _row(v: dict[str, Any], view: StudyView) -> dict[str, Any]:
    notes = [plain(v["kind"], NAME)]
    if v["turns"]:
        notes.append(f"turns the verdict in {between(v['turns'], 100)} of 100")
    if v["perfect"]:
        notes.append(f"worth {between(v['perfect'])} to know")
    if v["partial"]:
        notes.append(f"{between(v['partial'])} to study")
    return measured(
        v["name"],
        v["moves"],
        between(v["moves"]),
        says=says(view, v["name"]),
        note="; ".join(notes),
    )
