"""What stands beside an answer: one of its futures told, where its people were out, and who moved
whom in it. In the figures, the words and the steps of the report.
"""

from __future__ import annotations

from typing import Any

from ...report.parts.drawing import neat
from ...report.sections.movers import movers
from ...report.sections.one_future import one_future
from ...wording import two, upper
from .frames import outlines, quantities
from .kinds import Kind
from .story import Story
from .view import View

MOST_GROUPS = 24
LEAST = 0.1  # of 100 parts: who says less stands in the table alone
PEAK = ".peak"


def beside(story: Story, view: View, kind: Kind) -> dict[str, Any]:
    """Of a future that was played to its end.  view: with its tables."""
    return {
        "run": story.run,
        "ending": kind.ending,
        "told": told(view, kind),
        "where": where(story, view),
        "moved": moved(view),
    }


def told(view: View, kind: Kind) -> dict[str, Any] | None:
    """Its traces and events."""
    made = one_future(view, (kind.closest, kind.ending, len(kind.runs)))
    if made is None:
        return None
    data = made["data"]
    panels = [
        {
            "title": upper(p["label"]),
            "unit": p["unit"],
            "log": p["log"],
            "lines": [s["label"] for s in p["series"]],
            "values": [s["values"] for s in p["series"]],
        }
        for p in data["panels"]
    ]
    return {
        "title": made["title"],
        "caption": made["caption"],
        "panels": panels,
        "days": data["day"],
        "until": max(1, data["day"][-1]),
        "events": made["events"] + made["rest"],
        "table": {"head": made["head"], "rows": made["rows"]},
    }


def where(story: Story, view: View) -> dict[str, Any]:
    """The largest value of each state by province, and the sentence on where it was largest."""
    assert story.whole
    names = {p["id"]: p["name"] for p in view.model["provinces"]}
    shown = []
    for q in quantities(view, story.local):
        values = story.whole.provinces[q["key"] + PEAK] * q["times"]
        most, least = int(values.argmax()), int(values.argmin())
        unit = q["unit"]
        high, low = (f"{names[story.places[k]]} ({two(float(values[k]))})" for k in (most, least))
        sentence = f"On its largest day, most in {high} and least in {low}; {unit}."
        if len(story.places) == 1:
            sentence = f"On its largest day, in {high}; {unit}."
        if not values.any():
            sentence = "Nothing in any province."
        shown.append(
            {"key": q["key"], "title": q["title"], "values": neat(values, 3), "sentence": sentence}
        )
    return {
        "quantities": shown,
        "provinces": [{"id": i, "name": names[i]} for i in story.places],
        "outlines": outlines(view, tuple(story.places)),
    }


def moved(view: View) -> dict[str, Any] | None:
    """Who said how much into which channel, from its record."""
    made = movers(view)
    if made is None:
        return None
    groups = [
        {k: g[k] for k in ("name", "says", "unit", "listener")}
        | {"speakers": [s for s in g["speakers"] if s["part"] >= LEAST]}
        for g in made["groups"][:MOST_GROUPS]
    ]
    return {
        "title": made["title"],
        "caption": made["caption"],
        "groups": groups,
        "table": {"head": made["head"], "rows": made["rows"]},
    }
