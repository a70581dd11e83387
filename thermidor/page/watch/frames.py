"""A future as frames, a day each: the values of the traces that are shown, of every province, and
what happened. Played or kept, the frames are the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from ... import __version__
from ...report.parts.drawing import look, neat
from ...report.parts.plain import NAME, TITLE, plain
from ...report.parts.units import unit_words
from ...report.sections.one_future import TRACES, panels_of, title, worded
from ...report.sections.provinces import OF_1000, thinned
from ...report.sections.study_view import StudyView
from ...support.faults import Fault, near
from ...wording import upper
from .story import Story

SHOWN = ("turnout_country", "strength", "loyalty", "reserves", "killed_protest")
MOST_TRACES = 6
FIGURES = 5  # of a value in a frame
QUANTITY = "turnout"  # that the map shows at first
SHARE = "share of residents"
Traces = Mapping[str, tuple[str, tuple[str, ...]]]


def traces(view: StudyView) -> Traces:
    """What may be drawn over the days, by key: those of the report, then every single state."""
    out = {names[0].rstrip("*").rstrip("_"): (label, names) for label, names in TRACES}
    told = {n for _, names in out.values() for n in names}
    known = set(view.columns("series"))
    for name, q in view.states.items():
        if name in known and name not in told and q["owner"] not in view.off:
            out[name] = upper(str(q.get("says") or name)), (name,)
    return {k: x for k, x in out.items() if panels_of(view, [x])}


def quantities(view: StudyView, names: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The states by province that a map may show.  names: of those that there are."""
    out = []
    for name, q in view.states.items():
        if name in names and q["owner"] not in view.off:
            share = q.get("unit") == SHARE
            unit = "of 1,000 residents" if share else unit_words(q.get("unit", ""))
            label = f"{upper(str(q.get('says') or name))}, {unit}"
            times = OF_1000 if share else 1.0
            out.append({"key": name, "title": label, "unit": unit, "times": times})
    return sorted(out, key=lambda q: q["key"] != QUANTITY)


@lru_cache(maxsize=16)
def outlines(view: StudyView, places: tuple[str, ...]) -> list[dict[str, Any]]:
    """The outlines of these provinces, as the report draws them."""
    names = {p["id"]: plain(p["name"], NAME) for p in view.model["provinces"]}
    return thinned(view.model["outlines"], {i: names.get(i, i) for i in places})


class Shown:
    """What of a story is shown.

    keys: of the traces, those of SHOWN if none is named.  quantity: of the map.  Raises Fault for
    what there is not.
    """

    def __init__(self, story: Story, keys: str = "", quantity: str = ""):
        self.story, view = story, story.view
        self.traces = traces(view)
        wanted = [k for k in keys.split(",") if k] or [k for k in SHOWN if k in self.traces]
        if len(wanted) > MOST_TRACES:
            raise Fault(f"at most {MOST_TRACES} traces are drawn at once, not {len(wanted)}.")
        for k in wanted:
            if k not in self.traces:
                raise Fault(f"there is no trace '{plain(k, NAME)}'.{near(k, self.traces)}")
        self.keys = list(dict.fromkeys(wanted))
        self.panels = [panels_of(view, [self.traces[k]])[0] for k in self.keys]
        drawn = [
            (s["name"], p["scale"] if p["log"] else 1.0) for p in self.panels for s in p["series"]
        ]
        self.columns = [story.names.index(name) for name, _ in drawn]
        self.times = np.array([times for _, times in drawn])
        self.quantities = quantities(view, story.local or story.peaks)
        known = {q["key"]: q for q in self.quantities}
        if quantity and quantity not in known:
            raise Fault(
                f"there is no quantity '{plain(quantity, NAME)}' by province."
                f"{near(quantity, known)}"
            )
        self.quantity = known.get(quantity) or next(iter(known.values()), None)

    def head(self) -> dict[str, Any]:
        """What all frames have in common."""
        story, view = self.story, self.story.view
        names = {p["id"]: plain(p["name"], NAME) for p in view.model["provinces"]}
        return {
            "kind": "head",
            "run": story.run,
            "seed": story.seed,
            "hash": story.hash,
            "version": __version__,
            "title": plain(view.manifest["title"], TITLE),
            "days": view.days,
            "start": view.date(0, short=True),
            "traces": [{"key": k, "title": upper(label)} for k, (label, _) in self.traces.items()],
            "panels": [
                {"key": k, "title": upper(p["label"]), "unit": p["unit"], "log": p["log"]}
                | {"share": p["share"], "lines": [s["label"] for s in p["series"]]}
                for k, p in zip(self.keys, self.panels, strict=True)
            ],
            "quantities": [{"key": q["key"], "title": q["title"]} for q in self.quantities],
            "quantity": self.quantity and self.quantity["key"],
            "daily": bool(story.local),
            "provinces": [{"id": i, "name": names.get(i, i)} for i in story.places],
            "outlines": outlines(view, tuple(story.places)),
        }

    def values(self, day: int) -> list[float | None]:
        """The traces on a day."""
        return neat(self.story.series[day, self.columns] * self.times, FIGURES)

    def provinces(self, day: int) -> list[float | None] | None:
        """The quantity by province on a day, or its peak where a study keeps no more."""
        q, story = self.quantity, self.story
        if q is None:
            return None
        found = story.local[q["key"]][day] if story.local else story.peaks[q["key"]]
        return neat(found * q["times"], FIGURES - 2)

    def frame(self, day: int) -> dict[str, Any]:
        """A day."""
        story = self.story
        new = worded(story.view, (h for h in story.happened if h[0] == day))
        return {
            "kind": "frame",
            "day": day,
            "date": story.view.date(day, short=True),
            "values": self.values(day),
            "events": [{k: e[k] for k in ("mechanism", "event")} for e in new],
        } | ({"provinces": self.provinces(day)} if story.local or not day else {})

    def frames(self, after: int, until: int) -> Iterator[dict[str, Any]]:
        """The days after one, to another."""
        return (self.frame(day) for day in range(after + 1, until + 1))

    def end(self) -> dict[str, Any]:
        """How it ends."""
        s = self.story
        assert s.ending is not None
        told = title(s.view, s.run, s.ending, s.day)
        return {"kind": "end", "day": s.day, "sentence": told} | look(s.ending)

    def table(self) -> tuple[list[str], list[list[Any]]]:
        """The traces that are shown as a table, a day a row."""
        names = [s["name"] for p in self.panels for s in p["series"]]
        days = range(self.story.day + 1)
        rows = [[d, self.story.view.date(d, short=True), *self.values(d)] for d in days]
        return ["day", "date", *names], rows
