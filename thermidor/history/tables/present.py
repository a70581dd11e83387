"""The autocracies of the present (autocracies.csv): covariates for the rule, and facts that stand
in place of what the rule would guess, each with its range and its giver.

    leader mortality = 0.12 exp(0.1 (age - 86)), a chance a year: a man of 86 has 0.12, and each
    seven years double it                                                             (present.1)

Income from oil is part of the revenue that the rule reckons with, so what it brings is taken from
the taxes.
"""

from __future__ import annotations

import datetime as dt
import math
from typing import Any, NamedTuple

from ...country.known import Fact, Giver
from ...library.autocracies import Cell, autocracies
from ...mechanism import find

COVARIATES = ("population", "income", "growth", "openness", "coups", "conflict")
AS_THEY_ARE = {  # fields that are parameters in the same unit, or in per cent of it
    "security.army": ("army", 1.0),
    "security.guards": ("guards", 1.0),
    "security.militia": ("militia", 1.0),
    "security.police": ("police", 1.0),
    "treasury.exports": ("oil_exports", 1.0),
    "broker.sanctions": ("sanctions", 1.0),
    "treasury.reserves": ("reserves", 1.0),
    "treasury.inflation": ("inflation", 0.01),
    "treasury.inflation_base": ("inflation", 0.01),
}
PEOPLE = ("children", "old", "minority", "unemployment")
OLDEST, AT_OLDEST, YEARLY = 86, 0.12, 0.1  # (present.1)
LOW, HIGH = 0.5, 1.7  # its range, times its value; judgement


class Present(NamedTuple):
    """A row. values, givers: of covariates.  facts: by parameter.  people: by field."""

    values: dict[str, Any]
    givers: dict[str, Giver]
    facts: dict[str, Fact]
    people: dict[str, Fact]


def present(state: str, day: dt.date) -> Present | None:
    """What the table has of a state on a day; None if it is no autocracy there."""
    found = autocracies().get(state)
    if found is None:
        return None
    values: dict[str, Any] = {"type": found["regime"].text}
    givers = {"type": _giver(found["regime"]), "age": _giver(found["began"])}
    values["age"] = float(max(0, day.year - int(found["began"].value)))
    for key in COVARIATES:
        if key in found:
            values[key], givers[key] = found[key].value, _giver(found[key])
    facts = {
        key: _fact(key, found[field], times)
        for key, (field, times) in AS_THEY_ARE.items()
        if field in found
    }
    if "ruler_born" in found:
        key, old = "events.leader_mortality", day.year - int(found["ruler_born"].value)
        chance = AT_OLDEST * math.exp(YEARLY * (old - OLDEST))
        giver = Giver(f"a ruler of {old} (present.1)", found["ruler_born"].status)
        value, low, high = (_within(key, x) for x in (chance, LOW * chance, HIGH * chance))
        facts[key] = Fact(value, low, high, giver)
    people = {f: Fact(*found[f][:3], _giver(found[f])) for f in PEOPLE if f in found}
    return Present(values, givers, facts, people)


def _giver(cell: Cell) -> Giver:
    year = f", {cell.year}" if cell.year else ""
    source = cell.source if cell.source != "memory" else "autocracies.csv"
    return Giver(f"{source}{year}", cell.status)


def _fact(key: str, cell: Cell, times: float) -> Fact:
    value, low, high = (_within(key, times * x) for x in cell[:3])
    return Fact(value, low, high, _giver(cell))


def _within(key: str, x: float) -> float:
    """x, or the bound of the parameter that it passes."""
    name, _, word = key.partition(".")
    p = find(name).parameters[word]
    return float(max(p.low, min(p.high, x)))
