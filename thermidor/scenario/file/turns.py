"""Choices that turn on a date: `treasury.public@2025-09-01: 4` holds from that day on, and what the
same choice was before it until then.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ...support import numerals
from ...support.faults import Faults, closest
from ..assumption import Assumption, said
from .schema import ScenarioFile, Sourced
from .source import Source

AT = "@"  # between a choice and the day from which it holds
DATE = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")  # so that each day has one name


class Turn(NamedTuple):
    """Choices that hold from a day on, by key."""

    day: int
    choices: Mapping[str, float]


def parted(key: str) -> tuple[str, str]:
    """The choice that a key names, and the date from which it holds; empty for none."""
    name, _, date = key.partition(AT)
    return name, date


def settled(
    file: ScenarioFile,
    source: Source,
    parameters: Mapping[str, Assumption],
    first: int,
    faults: Faults,
    notes: list[str],
) -> tuple[Turn, ...]:
    """The dated choices of a file by day.  first: of the days on which its other choices hold."""
    found: dict[int, dict[str, float]] = {}
    blocks: Sequence[tuple[str, Mapping[str, object]]] = (
        ("assumptions", file.assumptions),
        ("choices", file.choices),
    )
    for block, key, entry in ((b, k, v) for b, rows in blocks for k, v in rows.items() if AT in k):
        name, date = parted(key)
        where, known = source.where((block, key)), parameters.get(name)
        if block == "assumptions" or (known and known.parameter.role != "choice"):
            faults.append(f"{where}: '{key}' has a date; only choices may turn on a day.")
            continue
        if known is None:
            faults.append(
                f"{where}: choices has '{key}', and '{name}' is no parameter of these mechanisms."
                f"{closest(name, list(parameters))}"
            )
            continue
        if isinstance(entry, Sourced):
            faults.append(f"{where}: '{key}' takes a bare number, which holds from that day on.")
            continue
        day = _day(date, file, where, key, faults)
        if day is None:
            continue
        if not max(1, first + 1) <= day <= file.days:
            if source.of_a_longer_run(block, key):
                notes.append(f"{key} lies outside of this run's days: left out.")
                continue
            since = file.start + dt.timedelta(days=max(0, first))
            last = file.start + dt.timedelta(days=file.days)
            faults.append(f"{where}: '{key}' must lie after {since}, and by {last}.")
            continue
        before = len(faults)
        made = said(known, numerals.number(entry), where, faults)
        if len(faults) == before:
            found.setdefault(day, {})[name] = made.value
    return tuple(Turn(day, dict(sorted(found[day].items()))) for day in sorted(found))


def _day(date: str, file: ScenarioFile, where: str, key: str, faults: Faults) -> int | None:
    """The day of the run that a date is."""
    try:
        if not DATE.fullmatch(date):
            raise ValueError
        return (dt.date.fromisoformat(date) - file.start).days
    except ValueError:
        faults.append(
            f"{where}: '{key}' has no date of the calendar after {AT}; write it as "
            f"year-month-day, such as {file.start}."
        )
        return None
