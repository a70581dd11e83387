"""One future told: the one closest to the median of its kind, with its traces and its events."""
from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import polars as pl

from .answer import look
from .figures import figure, neat
from .phrases import count, two, upper
from .reading import Reading, time_axis

CLOSE_IN = ("day", "peak_turnout_country", "mean_strength", "mean_reserves", "mean_campaign")  # what "closest" is measured in
TRACES = (  # states drawn together; a prefix with * stands for its members
    ("people in the street", ("turnout_country",)), ("strength of the regime, and the cutoff at or below which it falls", ("strength", "cutoff")),
    ("loyalty of the forces", ("loyalty_*",)), ("reserves", ("reserves",)), ("campaign from the air", ("campaign",)))
MOST_MARKS = 24
MOST_LISTED = 120


def chosen(read: Reading) -> tuple[int, str, int]:
    """The future closest to the median of the most frequent ending that is not 'in power', and how many end so."""
    ends = read.ended["ending"].to_list()
    ending = min(Counter(ends).items(), key=lambda x: (-x[1], x[0]))[0] if ends else "in power"
    kind = read.finished.filter(pl.col("ending") == ending).sort("run")
    distance = np.zeros(kind.height)
    for c in CLOSE_IN:
        if c in kind.columns:
            x = kind[c].to_numpy().astype(float)
            x = np.log(np.maximum(x, 1e-9)) if c.startswith("peak_turnout") else x
            spread = x.std()
            if np.isfinite(spread) and spread > 0:
                distance += ((x - np.median(x)) / spread) ** 2
    return int(kind["run"][int(np.argmin(distance))]), ending, kind.height


def told(read: Reading) -> dict[str, Any] | None:
    """The traces and events of that future."""
    if not read.n or not read.columns("series"):
        return None
    run, ending, alike = chosen(read)
    last = int(read.finished.filter(pl.col("run") == run)["day"][0])
    panels, wanted = _panels(read)
    if not panels:
        return None
    step = max(1, -(-last // 183))
    day = pl.col("day")
    frame = (read.scan("series").filter((pl.col("run") == run) & ((day % step == 0) | (day == last))).select("day", *wanted).sort("day").collect())
    days = frame["day"].to_list()
    for p in panels:
        scale = (read.population or 1e6) if p["log"] else 1.0
        for s in p["series"]:
            x = frame[s["name"]].to_numpy().astype(float) * scale
            s["values"] = neat(np.where(np.array(days) > 0, np.maximum(x, 1.0), np.nan) if p["log"] else x, 4)  # nobody is out on day 0
    events = _events(read, run)
    marks = _marked(events)
    end = f"ends in {ending}" if ending != "in power" else "is still in power"
    title = f"Future {run} {end} on day {last:,}, {read.date(last)}."
    why = (f"Of the {count(alike, 'future')} that {'end in ' + ending if ending != 'in power' else 'stay in power'}, it lies closest to their median "
           "in length, peak of protest, strength, reserves and days of war." if alike > 1 else
           f"It is the only future that {'ends in ' + ending if ending != 'in power' else 'was computed'}.")
    told_first = "; ".join(f"day {e['day']}: {e['event']}" for e in events[:6])
    summary = f"{count(len(events), 'event')}{f', first {told_first}' if events else ''}. " + " ".join(
        f"{upper(p['label'])}: {', '.join(_course(s) for s in p['series'])}." for p in panels)
    when = np.unique(np.linspace(0, len(days) - 1, min(14, len(days))).round().astype(int))
    rows = [[f"{days[k]:,}", read.date(days[k]), *(two(s["values"][k], 3) for p in panels for s in p["series"])] for k in when]
    head = ["day", "date", *(s["name"].replace("_", " ") for p in panels for s in p["series"])]
    hidden = sum(not e["mark"] for e in events)
    caption = why + " Futures are numbered from 0." + (" Numbered lines are its events, which the list names." if marks else " It holds no events.")
    if hidden:
        caption += f" {count(hidden, 'event')} of the commonest kinds {'has no line and stands' if hidden == 1 else 'have no line and stand'} apart."
    return figure("told", title, summary, caption, head, rows, {
        "time": time_axis(last, f"from {read.date(0)}"), "day": days, "panels": panels, "marks": marks,
        "end": look(ending) | {"day": last} if ending != "in power" else None},
        events=[e for e in events if e["mark"]], rest=[e for e in events if not e["mark"]][:MOST_LISTED], more=max(0, hidden - MOST_LISTED))


def _course(series: dict[str, Any]) -> str:
    first = next((v for v in series["values"] if v is not None), None)
    return f"{series['label']} from {two(first)} to {two(series['values'][-1])}"


def _panels(read: Reading) -> tuple[list[dict[str, Any]], list[str]]:
    """The traces that this study has."""
    known, panels, wanted = read.columns("series"), [], []
    for label, names in TRACES:
        series = []
        for n in names:
            members = [c for c in known if c.startswith(n[:-1])] if n.endswith("*") else [n] if n in known else []
            series += [{"name": c, "label": (c[len(n) - 1:] if n.endswith("*") else c).replace("_country", "").replace("_", " ")} for c in members]
        if series:
            unit = read.states.get(names[0].rstrip("*").rstrip("_"), {}).get("unit", "")
            log = names[0] == "turnout_country"
            panels.append({"label": label, "unit": ("people, each step ten times as many" if read.population else "of a million residents") if log else unit,
                           "log": log, "series": series[:6], "share": unit.startswith("share") and not log})
            wanted += [s["name"] for s in series[:6]]
    return panels, wanted


def _events(read: Reading, run: int) -> list[dict[str, Any]]:
    if not read.has("events", "run", "day", "mechanism", "event"):
        return []
    found = read.scan("events").filter(pl.col("run") == run).sort("day", maintain_order=True).collect()
    rows = found.select("day", "mechanism", "event").iter_rows()
    return [{"day": d, "date": read.date(d, short=True), "mechanism": m, "event": e, "mark": None} for d, m, e in rows]


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
