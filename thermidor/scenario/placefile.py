"""The place of a scenario file, checked: provinces, neighbours, calendar, and how many agents."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np

from ..declaration.parameter import MEDIAN
from ..engine.wiring import Wiring
from ..places import Place
from ..places.place import FEWEST, fewest
from ..support import names as identity
from ..support import numerals
from ..support.faults import Faults
from . import dated
from .file.schema import ScenarioFile, Sourced
from .file.source import Source

MOST_CITIZENS = 2_000_000_000
FIRST_YEAR = 1000  # a year before is a slip of the pen
GDP = "treasury.gdp"
FEW = 500_000  # people: of a country, fewer are rare
TOLERANCE = 1e-9  # of a sum of shares, which decimals rarely hit
_COLUMNS = ("population", "children", "young", "old", "minority", "unemployment")


def size_of(file: ScenarioFile) -> dict[str, float]:
    """Residents (persons) and income (gross domestic product, USD million a year) of a file's
    country; an income that the file does not give is the median autocracy's, a head.
    """
    residents = float(sum(r.population for r in file.place.provinces))
    entry: Any = file.assumptions.get(GDP)
    gdp = numerals.number(entry.value if isinstance(entry, Sourced) else entry)
    if not isinstance(gdp, (int, float)):
        gdp = MEDIAN["income"] * residents / MEDIAN["residents"]
    return {"residents": residents, "income": float(gdp)}


def settled(
    file: ScenarioFile,
    source: Source,
    citizens: int | str | None,
    wiring: Wiring,
    faults: Faults,
    notes: list[str],
) -> Place | None:
    """The place with its dated events; None if it cannot be, for the reasons added to the faults.

    citizens: agents, "full" for one a person, None for what the file suggests.
    notes: what is left out, and why.
    """
    before, rows = len(faults), file.place.provinces
    ids = [r.id for r in rows]
    faults += _provinces(file, source)
    faults += _neighbours(file, source, ids)
    faults += _calendar(file, source, notes)
    agents = resolution(file, source, citizens, faults)
    if len(faults) > before:
        return None
    columns = {c: np.array([getattr(r, c) for r in rows], float) for c in _COLUMNS}
    place = Place(
        file.place.country,
        tuple(ids),
        tuple(r.name for r in rows),
        **columns,  # type: ignore[arg-type]
        capital=ids.index(file.place.capital),
        neighbours=tuple((a, b) for a, b in file.place.neighbours),
        front_rows=tuple(file.place.fronts),
        citizens=agents,
        record=tuple(file.observed),
    )
    notes += _remarks(file)
    events = dated.settled(file, source, wiring, place, faults, notes)
    return dataclasses.replace(place, dated=events)


def _provinces(file: ScenarioFile, source: Source) -> Iterable[str]:
    rows, names = file.place.provinces, [r.name for r in file.place.provinces]
    at = [source.where(("place", "provinces", k)) for k in range(len(rows))]
    yield from identity.faults("province id", zip(at, (r.id for r in rows), strict=True))
    fronts = [
        (source.where(("place", "fronts", k)), f.name) for k, f in enumerate(file.place.fronts)
    ]
    yield from identity.faults("front", fronts)
    for where, r in zip(at, rows, strict=True):
        if r.children + r.young + r.old > 1 + TOLERANCE:
            total = f"{r.children + r.young + r.old:.9g}; at most 1"
            yield f"{where}: shares of children, young and old in {r.name} sum to {total}."
        if r.population < FEWEST:
            yield (
                f"{where}: population = {r.population} of {r.name} is in persons, and a province "
                f"has at least {FEWEST}; millions are written out, {r.population:g} million as "
                f"{round(r.population * 1e6):_}."
            )
    ids = [r.id for r in rows]
    if file.place.capital not in ids:
        said = identity.unknown("capital", file.place.capital, ids, names)
        yield f"{source.where(('place', 'capital'))}: {said}"


def _remarks(file: ScenarioFile) -> Iterable[str]:
    """What is allowed, and rarely meant."""
    rows, people = file.place.provinces, sum(r.population for r in file.place.provinces)
    if people < FEW:
        yield (
            f"{file.place.country} has {people:,.0f} people in all; "
            "population is in persons, not in thousands."
        )
    for name, n in Counter(r.name for r in rows).items():
        if n > 1:
            yield f"{n} provinces are called '{name}'; in tables their ids alone tell them apart."


def _neighbours(file: ScenarioFile, source: Source, ids: list[str]) -> Iterable[str]:
    known, names = set(ids), [r.name for r in file.place.provinces]
    for k, (a, b) in enumerate(file.place.neighbours):
        where = source.where(("place", "neighbours", k))
        for i in (a, b):
            if i not in known:
                yield f"{where}: {identity.unknown('neighbour', i, ids, names)}"
        if a == b:
            yield f"{where}: '{a}' neighbours itself; a pair holds two provinces."


def _calendar(file: ScenarioFile, source: Source, notes: list[str]) -> Iterable[str]:
    where, last = source.where(("start",)), last_day(file.start, file.days)
    if file.start.year < FIRST_YEAR:
        yield f"{where}: start = {file.start} lies before the year {FIRST_YEAR}; write four digits."
    if last is None:
        yield (
            f"{where}: start = {file.start} and {file.days} days end after {dt.date.max}, "
            "the last day of the calendar."
        )
    elif file.choices_from and not file.start <= file.choices_from < last:
        given = f"choices_from = {file.choices_from}"
        if source.of_a_longer_run("choices_from"):
            held = "hold from the first day" if file.choices_from < file.start else "never hold"
            notes.append(f"{given} lies outside of this run; the choices of the file {held}.")
        else:
            where = source.where(("choices_from",))
            yield f"{where}: {given} must lie between {file.start} and the day before {last}."


def last_day(start: dt.date, days: int) -> dt.date | None:
    """Last day of a run, None where the calendar ends before."""
    try:
        return start + dt.timedelta(days=days)
    except OverflowError:
        return None


def resolution(
    file: ScenarioFile, source: Source, citizens: int | str | None, faults: Faults
) -> int:
    """Agents: as asked for or suggested, or else what the place needs and has people for."""
    provinces, suggested = len(file.place.provinces), file.suggest.citizens
    people = round(sum(r.population for r in file.place.provinces))
    least, most = fewest(provinces), min(people, MOST_CITIZENS)
    between = (
        f"must lie between {least} ({FEWEST} for each of {provinces} provinces) and "
        f"{most}{' (one a person)' if most == people else ''}."
    )
    for_it = source.level("suggest", "citizens") <= source.level("place", "provinces")
    given = "citizens" in file.suggest.model_fields_set and for_it  # or for a parent's place
    if given and least <= most and not least <= suggested <= most:
        faults.append(
            f"{source.where(('suggest', 'citizens'))}: suggest.citizens = {suggested} {between}"
        )
    if citizens is None:
        return suggested if given else max(least, min(suggested, most))
    if citizens == "full":
        citizens = people
    if not isinstance(citizens, int) or isinstance(citizens, bool):
        faults.append(f"citizens = {citizens!r} must be a whole number or 'full'.")
        return least
    if least <= most and not least <= citizens <= most:
        faults.append(f"citizens = {citizens} {between}")
    return citizens
