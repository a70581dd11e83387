"""The state of the page, as it stands in its address: country, choices, assumptions, seed.

    /?country=iran-2025&c.adversary.intensity=0&a.security.wage=0.2&seed=7

c. begins a choice, a. an assumption; what is not named is as the country has it. A choice may hold
from a date on: c.treasury.public@2025-09-01=4.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl

from ..scenario.assumption import Assumption
from ..scenario.file.turns import parted
from ..scenario.scenario import Scenario
from ..support.faults import Fault, closest, near

PREFIX = {"c": "choice", "a": "assumption"}
SHOWN: tuple[str, ...] = (
    *("left", "right", "tab", "v", "guide", "seen"),
    *("with", "claim", "argument", "future", "day", "study", "show"),
    *("traces", "quantity", "scale", "ending"),  # of one future
    *("outcome", "tips", "of", "grade", "only"),  # of a study and of the model
)
SETTINGS = ("country", "seed", *SHOWN)  # those that are shown change no number
MOST_CHANGES = 100
BEGINS = "file-"  # the name of a file that was dropped on the page, before its fingerprint
MOST_SEED = 2**31 - 1
LONGEST = 100  # letters of a key or of a value
DIGITS = 20  # that a whole number has less of


@dataclass(frozen=True)
class State:
    """What a page asks for.  choices, assumptions: values by key."""

    country: str
    choices: Mapping[str, Any] = field(default_factory=dict)
    assumptions: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 1


def pairs(query: str) -> list[tuple[str, str]]:
    """The names and values of a query. Raises Fault where it has too many."""
    try:
        return parse_qsl(query, keep_blank_values=True, max_num_fields=2 * MOST_CHANGES)
    except ValueError as e:
        raise Fault("the address cannot be read.") from e


def read(pairs: Iterable[tuple[str, str]], countries: Mapping[str, Any]) -> State:
    """The state of an address.

    pairs: of its query.  countries: that are served, the first if none is named. Raises Fault with
    a sentence for each fault.
    """
    faults: list[str] = []
    settings: dict[str, str] = {}
    values: dict[str, dict[str, Any]] = {"c": {}, "a": {}}
    for k, (key, text) in enumerate(pairs):
        if k >= MOST_CHANGES:
            raise Fault(f"the address changes more than {MOST_CHANGES} things; make a file of it.")
        if len(key) > LONGEST or len(text) > LONGEST:
            raise Fault(f"a part of the address has more than {LONGEST} letters.")
        kind, dot, name = key.partition(".")
        if key in SETTINGS:
            settings[key] = text
        elif dot and kind in PREFIX:
            values[kind][name] = _value(text)
        else:
            faults.append(
                f"the address has '{_plain(key)}', which means nothing; choices begin with c., "
                f"assumptions with a., and there are {', '.join(SETTINGS)}."
            )
    country = settings.get("country") or next(iter(countries))
    if country not in countries and country.startswith(BEGINS):
        faults.append(gone(country))
    elif country not in countries:
        faults.append(
            f"'{_plain(country)}' is not served; there are {', '.join(countries)}."
            f"{near(country, countries)}"
        )
    try:
        seed = number(settings.get("seed", "1"), "seed", MOST_SEED)
    except Fault as e:
        faults += e.faults
    if faults:
        raise Fault(faults)
    return State(country, values["c"], values["a"], seed)


def number(text: str, what: str, most: int) -> int:
    """A whole number from 0. Raises Fault."""
    if text.isascii() and text.isdigit() and len(text) < DIGITS and int(text) <= most:
        return int(text)
    raise Fault(f"{what} = {_plain(text)} must be a whole number from 0 to {most:,}.")


def _value(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text


def gone(key: str) -> str:
    """What is said of a dropped file that an address names and this server does not have."""
    return (
        f"this server no longer has the file '{_plain(key)}' that the address names; "
        "drop it on the page again."
    )


def _plain(text: str) -> str:
    """A stranger's word as a sentence may show it."""
    return "".join(c if c.isprintable() else " " for c in text)[:40]


def check(state: State, scenario: Scenario) -> None:
    """Raises Fault for a value that the country does not take, or that is in the wrong list."""
    faults = []
    for role, given in (("choice", state.choices), ("assumption", state.assumptions)):
        for key, value in given.items():
            name = parted(key)[0] if role == "choice" else key
            known = scenario.parameters.get(name)
            if known is None:
                meant = closest(name, list(scenario.parameters))
                faults.append(f"there is no {role} '{_plain(key)}'.{meant}")
            elif known.parameter.role != role:
                its = {"choice": "a choice", "assumption": "an assumption"}
                faults.append(f"{key} is {its[known.parameter.role]}, not {its[role]}.")
            else:
                faults += _faults(known, value)
    if faults:
        raise Fault(faults)


def of_file(scenario: Scenario) -> dict[str, dict[str, Any]]:
    """The choices of a country's file that turn on a date: values by key, by date."""
    found: dict[str, dict[str, Any]] = {}
    for turn in scenario.later:
        date = str(scenario.start + dt.timedelta(days=turn.day))
        for key, value in turn.choices.items():
            found.setdefault(key, {})[date] = value
    return found


def idle(state: State, scenario: Scenario) -> list[str]:
    """Choices of a state, which `check` has found, that change nothing: without such a one the same
    value would hold.  scenario: the country as it is.
    """
    turns, found = of_file(scenario), []
    for key, value in state.choices.items():
        name, date = parted(key)
        own, of_its = scenario.parameters[name], turns.get(name, {})
        given = {parted(k)[1]: v for k, v in state.choices.items() if parted(k)[0] == name}
        every = {"": own.value} | of_its | given  # dates sort as texts, the first day before all
        before = every[max(d for d in every if d < date)] if date else own.value
        drawn = not date and own.low < own.high and not own.parameter.options
        if not drawn and value == of_its.get(date, before):
            found.append(key)
    return found


def acting(state: State, scenario: Scenario) -> State:
    """The same without the choices that change nothing."""
    without = idle(state, scenario)
    return replace(state, choices={k: v for k, v in state.choices.items() if k not in without})


def _faults(known: Assumption, value: Any) -> Iterable[str]:
    p = known.parameter
    if p.options:
        if value not in p.options:
            yield f"{p.key} = '{_plain(str(value))}'; allowed: {', '.join(p.options)}."
        return
    low, high = min(p.low, known.low), max(p.high, known.high)
    if not isinstance(value, float) or not math.isfinite(value):
        yield f"{p.key} = '{_plain(str(value))}' must be a number ({p.unit})."
    elif not low <= value <= high:
        yield f"{p.key} = {value:g} lies outside {low:g} to {high:g} {p.unit} ({p.why})."
