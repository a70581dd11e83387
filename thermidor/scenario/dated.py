"""The dated events of a scenario: on which day, into which channel, to whom, and how much."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np

from ..declaration.quantity import Quantity
from ..engine.columns import Columns
from ..engine.dated import TELLER, Dated
from ..engine.wiring import Wiring
from ..places import Place
from ..support import names as identity
from ..support.faults import Faults, near
from .file.schema import Event, ScenarioFile
from .file.source import Source

SHOWN = 12  # names that a sentence lists


def settled(
    file: ScenarioFile,
    source: Source,
    wiring: Wiring,
    place: Place,
    faults: Faults,
    notes: list[str],
) -> tuple[Dated, ...]:
    """The events as the loop has them."""
    dated: list[tuple[int, int, str, Event]] = []
    later = 0
    for k, e in enumerate(file.events):
        where = source.where(("events", k))
        if e.date is not None and e.day is None:
            day = (e.date - file.start).days
        elif e.day is not None and e.date is None:
            day = e.day
        else:
            faults.append(f"{where}: event '{e.what}' needs either a date or a day.")
            continue
        if 1 <= day <= file.days:
            faults += _said(e, where, wiring, place)
            dated.append((day, day + e.days - 1, e.into, e))
        elif source.of_a_longer_run("events", k):
            later += 1
        else:
            faults.append(
                f"{where}: event '{e.what}' on {e.date or f'day {day}'} is outside the run, "
                f"which goes from {_span(e, file)}."
            )
    if faults:
        return ()
    if later:
        notes.append(f"{_events(later)} outside of this run's {file.days} days: left out.")
    notes += _unheard(dated, wiring)
    notes += (
        f"Event '{e.what}' is given {n} times for one day; it then counts {n} times."
        for e, n in Counter(e for *_, e in dated).items()
        if n > 1
    )
    return tuple(
        Dated(first, last, word, _value(e, wiring, place), e.what) for first, last, word, e in dated
    )


def _unheard(dated: list[tuple[int, int, str, Event]], wiring: Wiring) -> Iterable[str]:
    """Events that nobody hears, since a mechanism is switched off."""
    teller = _teller(wiring)
    if teller in wiring.off:
        yield f"{teller} is switched off: {_events(len(dated))} will not happen."
        return
    for word, n in Counter(word for _, _, word, _ in dated).items():
        if wiring.listener[word] in wiring.off:
            listener = wiring.listener[word]
            yield f"{listener} is switched off: {_events(n)} into '{word}' will change nothing."


def _events(n: int) -> str:
    return f"{n} dated event{'s' if n > 1 else ''}"


def _span(e: Event, file: ScenarioFile) -> str:
    if e.date is None:
        return f"day 1 to day {file.days}"
    return f"the day after {file.start} to {file.start + dt.timedelta(days=file.days)}"


def _said(e: Event, where: str, wiring: Wiring, place: Place) -> Iterable[str]:
    """What is wrong with what an event says: into which channel, to whom, how much."""
    q = wiring.channels.get(e.into)
    if _teller(wiring) is None:
        yield f"{where}: dated events need the mechanism 'events'; add it to mechanisms."
    elif q is None:
        yield (
            f"{where}: event '{e.what}' speaks into '{e.into}', which no mechanism here listens to."
            f"{near(e.into, wiring.channels)}"
        )
    elif wiring.listener[e.into] == _teller(wiring):
        said = f"event '{e.what}' speaks into '{e.into}'"
        yield f"{where}: {said}, which is the channel of {_teller(wiring)} itself."
    else:
        if not q.low <= e.value <= q.high:
            yield (
                f"{where}: event '{e.what}' says {e.value} into '{e.into}' ({q.unit}: {q.why}), "
                f"which takes {q.low:g} to {q.high:g}."
            )
        members = _members(q, wiring, place)
        if e.where is not None and e.where not in members:
            names = place.names if _axis(q.by) == "province" else ()
            if e.where in names:
                yield f"{where}: {identity.unknown('where', e.where, place.ids, names)}"
            else:
                allowed = f"allowed: {_listed(members)}.{near(e.where, members)}"
                yield f"{where}: '{e.where}' is no member of {q.by}; {allowed}"


def _axis(by: str) -> str:
    """The axis of which an event may name a member: the last, as in 'fate x province'."""
    return by.rsplit(" x ", 1)[-1]


def _members(q: Quantity, wiring: Wiring, place: Place) -> tuple[str, ...]:
    """Who may be named in an event that speaks into a channel."""
    axis = {**place.axes, **wiring.axes}.get(_axis(q.by))
    return axis.members if axis else ()


def _teller(wiring: Wiring) -> str | None:
    """The mechanism that tells dated events, if it is there."""
    return next((m.name for m in wiring.mechanisms if m.name == TELLER), None)


def _listed(members: Iterable[str]) -> str:
    names = [str(m) for m in members]
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more or "nothing, it is one number"


def _value(e: Event, wiring: Wiring, place: Place) -> Any:
    """What an event says, for each member of the channel's axes."""
    q, value = wiring.channels[e.into], float(e.value)
    shape = Columns(wiring, place.axes).shape(q.by)
    if not shape:
        return value
    if e.where is None:
        return np.full(shape, value)
    return np.zeros(shape) + value * (np.array(_members(q, wiring, place)) == e.where)
