"""One future told: the one closest to the median of its kind, with its traces and its events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from ...wording import count, two, upper
from ..parts.drawing import figure, look, neat
from ..parts.plain import NAME, TITLE, plain
from ..parts.units import unit_words
from .study_view import CLOSE_IN, POINTS, StudyView, time_axis

TRACES = (  # states drawn together; a prefix with * stands for its members
    ("people in the street", ("turnout_country",)),
    ("strength of the regime, and the cutoff at or below which it falls", ("strength", "cutoff")),
    ("loyalty of the forces", ("loyalty_*",)),
    ("reserves", ("reserves",)),
    ("campaign from the air", ("campaign",)),
)
MOST_MARKS = 24
MOST_LISTED = 120
MOST_LINES = 6


def chosen(view: StudyView) -> tuple[int, str, int]:
    """The future closest to the median of those of the commonest ending, and how many end so.

    'in power' is told only where no future ended.
    """
    ends = view.ended["ending"].to_list()
    ending = min(Counter(ends).items(), key=lambda x: (-x[1], x[0]))[0] if ends else "in power"
    kind = view.finished.filter(pl.col("ending") == ending).sort("run")
    known = {c: kind[c].to_numpy().astype(float) for c in CLOSE_IN if c in kind.columns}
    return int(kind["run"][closest(known)]), ending, kind.height


def closest(known: Mapping[str, np.ndarray]) -> int:
    """Which of some futures lies closest to their median.

    known: by name of CLOSE_IN, what each of them is, float[future].
    """
    distance = np.zeros(len(next(iter(known.values()))))
    for c, x in known.items():
        x = np.log(np.maximum(x, 1e-9)) if c.startswith("peak_turnout") else x
        spread = x.std()
        if np.isfinite(spread) and spread > 0:
            distance += ((x - np.median(x)) / spread) ** 2
    return int(np.argmin(distance))


def title(view: StudyView, run: int, ending: str, last: int) -> str:
    """How a future ends, and when, in a sentence."""
    end = f"ends in {plain(ending, NAME)}" if ending != "in power" else "is still in power"
    return f"Future {run} {end} on day {last:,}, {view.date(last)}."


def one_future(view: StudyView, told: tuple[int, str, int] | None = None) -> dict[str, Any] | None:
    """The traces and events of one future.

    told: which, its ending and how many end so; the chosen one if left out.
    """
    if not view.n or not view.columns("series"):
        return None
    run, ending, alike = told or chosen(view)
    last = int(view.finished.filter(pl.col("run") == run)["day"][0])
    panels = panels_of(view)
    if not panels:
        return None
    days = _traces(view, run, last, panels)
    if not days:
        return None
    events = _events(view, run)
    marks = _marked(events)
    series = [s for p in panels for s in p["series"]]
    summary = _in_words(events, panels)
    when = np.unique(np.linspace(0, len(days) - 1, min(14, len(days))).round().astype(int))
    rows = [
        [f"{days[k]:,}", view.date(days[k]), *(two(s["values"][k], 3) for s in series)]
        for k in when
    ]
    names = [s["name"].replace("_", " ") for s in series]
    saved = {"day": days} | {s["name"]: s["values"] for s in series}
    rest = [e for e in events if not e["mark"]]
    return figure(
        "told",
        title(view, run, ending, last),
        summary,
        how_chosen(plain(ending, NAME), alike, bool(marks), len(rest)),
        ["day", "date", *names],
        rows,
        saved,
        {
            "time": time_axis(last, f"from {view.date(0)}"),
            "day": days,
            "panels": panels,
            "marks": marks,
            "end": look(ending) | {"day": last} if ending != "in power" else None,
        },
        events=[e for e in events if e["mark"]],
        rest=rest[:MOST_LISTED],
        more=max(0, len(rest) - MOST_LISTED),
    )


def _in_words(events: list[dict[str, Any]], panels: list[dict[str, Any]]) -> str:
    """The events and traces in words."""
    said = count(len(events), "event")
    if events:
        said += ", first " + "; ".join(f"day {e['day']}: {e['event']}" for e in events[:6])
    courses = [f"{upper(p['label'])}: {', '.join(map(_course, p['series']))}." for p in panels]
    return " ".join([f"{said}.", *courses])


def how_chosen(ending: str, alike: int, marked: bool, hidden: int) -> str:
    ends = f"end in {ending}" if ending != "in power" else "stay in power"
    caption = (
        f"Of the {count(alike, 'future')} that {ends}, it lies closest to their median in "
        "length, peak of protest, strength, reserves and days of war."
    )
    if alike == 1:
        only = f"ends in {ending}" if ending != "in power" else "stays in power"
        caption = f"It is the only future that {only}."
    caption += " Futures are numbered from 0." + (
        " Numbered lines are its events, which the list names."
        if marked
        else " It holds no events."
    )
    if hidden:
        stand = "has no line and stands" if hidden == 1 else "have no line and stand"
        caption += f" {count(hidden, 'event')} of the commonest kinds {stand} apart."
    return caption


def _traces(view: StudyView, run: int, last: int, panels: list[dict[str, Any]]) -> list[int]:
    """Put the values of one future into its panels, and give the days that they are of."""
    step, day = max(1, -(-last // POINTS)), pl.col("day")
    wanted = [s["name"] for p in panels for s in p["series"]]
    kept = (pl.col("run") == run) & day.is_between(0, last) & ((day % step == 0) | (day == last))
    there = view.scan("series").filter(kept).select("day", *wanted)
    frame = there.unique("day").sort("day").collect()
    days = frame["day"].to_list()
    for p in panels:
        for s in p["series"]:
            x = frame[s["name"]].to_numpy().astype(float)
            if p["log"]:  # nobody is out on day 0
                x = np.where(np.array(days) > 0, np.maximum(x * p["scale"], 1.0), np.nan)
            s["values"] = neat(x, 4)
        p["series"] = [s for s in p["series"] if any(v is not None for v in s["values"])]
    panels[:] = [p for p in panels if p["series"]]
    return days if panels else []


def _course(series: dict[str, Any]) -> str:
    known = [v for v in series["values"] if v is not None]
    return f"{series['label']} from {two(known[0])} to {two(known[-1])}"


def panels_of(
    view: StudyView, traces: Sequence[tuple[str, Sequence[str]]] = TRACES
) -> list[dict[str, Any]]:
    """The traces that this study has, but for states of switched-off mechanisms."""
    known = view.columns("series")
    panels: list[dict[str, Any]] = []
    for label, names in traces:
        series: list[dict[str, Any]] = []
        owner = view.states.get(names[0].rstrip("*").rstrip("_"), {})
        if owner.get("owner") in view.off:
            continue
        for n in names:
            stem = n.rstrip("*")
            family = n.endswith("*")
            for c in known:
                if c == n or family and c.startswith(stem):
                    series.append({"name": c, "label": _short(c, stem if family else "")})
        if series:
            log, unit = names[0] == "turnout_country", owner.get("unit", "")
            words = unit_words(unit)
            if log:
                words = "of a million residents"
                if view.population:
                    words = "people, each step ten times as many"
            panels.append(
                {
                    "label": label,
                    "unit": words,
                    "log": log,
                    "series": series[:MOST_LINES],
                    "share": unit.startswith("share") and not log,
                    "scale": view.population or 1e6,
                }
            )
    return panels


def _short(column: str, stem: str) -> str:
    return plain(column.removeprefix(stem).replace("_country", "").replace("_", " "), NAME)


def _events(view: StudyView, run: int) -> list[dict[str, Any]]:
    if not view.has("events", "run", "day", "mechanism", "event"):
        return []
    text = [pl.col(c).cast(pl.String).str.slice(0, TITLE + 1) for c in ("mechanism", "event")]
    here = (pl.col("run") == run) & pl.col("day").is_between(0, view.days)
    found = view.scan("events").filter(here)
    rows = found.select("day", *text).sort("day", maintain_order=True).collect().iter_rows()
    return worded(view, rows)


def worded(view: StudyView, rows: Iterable[tuple[int, Any, Any]]) -> list[dict[str, Any]]:
    """Events as a reader is told them, but for those of switched-off mechanisms.

    rows: day, mechanism and event of each.
    """
    return [
        {
            "day": d,
            "date": view.date(d, short=True),
            "mechanism": plain(m or "", TITLE),
            "event": plain(e or "", TITLE),
            "mark": None,
        }
        for d, m, e in rows
        if m not in view.off
    ]


def _marked(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Number the events that get a line; if there are too many, the commonest kinds go without."""
    kinds, keep = Counter(e["event"] for e in events), list(events)
    for kind, _ in kinds.most_common():
        if len(keep) <= MOST_MARKS:
            break
        keep = [e for e in keep if e["event"] != kind]
    for k, e in enumerate(keep, 1):
        e["mark"] = k
    return [{"day": e["day"], "n": e["mark"], "event": e["event"]} for e in keep]
