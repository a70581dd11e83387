"""The place of a scenario file and its dated events, checked against each other and against what listens."""
from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import numpy as np

from .faults import near
from .places import Place
from .places.place import FEWEST_WORDS
from .scenariofile import Source
from .schema import Event, ScenarioFile
from .world import Wiring

MOST_CITIZENS = 2_000_000_000


def settled(file: ScenarioFile, source: Source, citizens: int | str, threads: int, wiring: Wiring, faults: list[str]) -> Place | None:
    rows, where = file.place.provinces, source.where(("place",))
    ids = [r.id for r in rows]
    for k, r in enumerate(rows):
        at = source.where(("place", "provinces", k))
        if ids.count(r.id) > 1 and ids.index(r.id) != k:
            faults.append(f"{at}: province id '{r.id}' is given twice.")
        if r.children + r.young + r.old > 1:
            faults.append(f"{at}: shares of children, young and old in {r.name} sum to {r.children + r.young + r.old:.2f}; at most 1.")
    if file.place.capital not in ids:
        faults.append(f"{where}: capital '{file.place.capital}' is no province id.{near(file.place.capital, ids)}")
    for a, b in file.place.neighbours:
        for i in (a, b):
            if i not in ids:
                faults.append(f"{source.where(('place', 'neighbours'))}: neighbour '{i}' is no province id.{near(i, ids)}")
    last = file.start + dt.timedelta(days=file.days)
    if file.choices_from and not file.start <= file.choices_from < last:
        faults.append(f"{source.where(('choices_from',))}: choices_from = {file.choices_from} must lie between {file.start} and the day before {last}.")
    people = sum(r.population for r in rows)
    fewest = 64 * FEWEST_WORDS * len(rows)
    if citizens == "full":
        citizens = round(people)
    if not isinstance(citizens, int) or isinstance(citizens, bool):
        faults.append(f"citizens = {citizens!r} must be a whole number or 'full'.")
    elif not fewest <= citizens <= MOST_CITIZENS:
        faults.append(f"citizens = {citizens} must lie between {fewest} ({64 * FEWEST_WORDS} for each of {len(rows)} provinces) and {MOST_CITIZENS}.")
    if threads < 0:
        faults.append(f"threads = {threads} must be at least 1, or 0 to have them chosen.")
    if faults:
        return None
    columns = {c: np.array([getattr(r, c) for r in rows], float) for c in ("population", "children", "young", "old", "minority", "unemployment")}
    place = Place(file.place.country, tuple(ids), tuple(r.name for r in rows), **columns, capital=ids.index(file.place.capital),
                  neighbours=tuple((a, b) for a, b in file.place.neighbours), front_rows=tuple(file.place.fronts),
                  citizens=citizens, threads=threads, record=tuple(file.observed))
    dated = []
    for k, e in enumerate(file.events):
        event = _event(e, source.where(("events", k)), file, wiring, place, faults)
        if event:
            dated.append(event)
    return dataclasses.replace(place, dated=tuple(dated))


def _event(e: Event, where: str, file: ScenarioFile, wiring: Wiring, place: Place, faults: list[str]) -> tuple | None:
    before = len(faults)
    if (e.date is None) == (e.day is None):
        faults.append(f"{where}: event '{e.what}' needs either a date or a day.")
        return None
    day = e.day if e.day is not None else (e.date - file.start).days
    if e.date is not None and not 1 <= day <= file.days:
        last = file.start + dt.timedelta(days=file.days)
        faults.append(f"{where}: event '{e.what}' on {e.date} is outside the run, which goes from the day after {file.start} to {last}.")
    q = wiring.channels.get(e.into)
    if "events" not in wiring.owner.values():
        faults.append(f"{where}: dated events need the mechanism 'events'; add it to mechanisms.")
    elif q is None:
        faults.append(f"{where}: event '{e.what}' speaks into '{e.into}', which no mechanism here listens to.{near(e.into, wiring.channels)}")
    elif wiring.listener[e.into] == "events":
        faults.append(f"{where}: event '{e.what}' speaks into '{e.into}', which is the channel of events itself.")
    elif e.where is not None:
        members = place.axes.get(q.by, ())
        if e.where not in members:
            allowed = ", ".join(map(str, members)) or "nothing, it is one number"
            faults.append(f"{where}: '{e.where}' is no member of {q.by}; allowed: {allowed}.{near(e.where, members)}")
    if len(faults) > before:
        return None
    value: Any = float(e.value)
    shape = place.sizes[q.by]
    if shape:
        value = np.full(shape, value) if e.where is None else value * (np.array(place.axes[q.by]) == e.where)
    return day, day + e.days - 1, e.into, value, e.what
