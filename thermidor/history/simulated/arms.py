"""Arms of paired futures: countries of the rule (country/rule.py) as they are, and as something is
changed in them, on the same luck.

A future's country has a type and an age of the record: cells of base_rates.csv, by their
regime-years, taken evenly. It is the same in every arm of the same kinds and ages, and so is its
luck; what an arm sets, or lets happen, is all that differs.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from ...country.rule import ABROAD, between, rule
from ...engine.batch import simulate_many
from ...engine.run import Run
from ...mechanism import Parameter, find
from ...scenario.file.source import Source
from ...scenario.machine import Machine
from ...scenario.scenario import Scenario, build
from ...scenario.sheets import Sheets
from ...support.faults import Fault
from ..tables.tablefile import rows, table
from .lives import TYPES, country
from .strikes import FEWEST, STUDIED, luck

COUNTRIES = 60  # that the futures of an arm are of, in turn
OLDEST = 70  # years; in the table those of the last cell are 31 to 200
# mathematics: steps that fill a unit square evenly (powers of the root of x^3 = x + 1)
EVENLY = (0.7548776662466927, 0.5698402909980532)


class Of(NamedTuple):
    """A value given as so many times what the rule says of a parameter."""

    key: str
    times: float


class Says(NamedTuple):
    """A dated event: what is said into a channel, from a day on, for some days."""

    word: str
    value: float
    day: int = 1
    days: int = 100_000  # to the end


Setting = Mapping[str, "float | Of"]


class Arm(NamedTuple):
    """What is played. says: in words, after 'regimes of'.

    kinds: types.  ages: years in power, from and below.  on: mechanisms of the world outside that
    run.  sets: parameters by key; a choice is one from the first day on, and not the way things
    were.  people: of each province, by field.  events: what happens.
    """

    says: str
    days: int = 365
    kinds: tuple[str, ...] = TYPES
    ages: tuple[float, float] = (0, OLDEST)
    on: tuple[str, ...] = ()
    fronts: float = 0.0
    sets: Setting = {}
    people: Mapping[str, float] = {}
    events: tuple[Says, ...] = ()

    def but(self, says: str, **changes: Any) -> Arm:
        """The same with changes; `sets` and `events` are added to those it has."""
        sets = {**self.sets, **changes.pop("sets", {})}
        events = (*self.events, *changes.pop("events", ()))
        return self._replace(says=says, sets=sets, events=events, **changes)


class Learnt(NamedTuple):
    """Draws of a posterior: keys, and a row of values for each future in turn."""

    keys: tuple[str, ...]
    draws: np.ndarray


def cells(kinds: Sequence[str], ages: tuple[float, float]) -> list[tuple[str, float, float, float]]:
    """Type, from which age, to which, and regime-years in it, of the record's cells that lie within
    the ages, as far as they do.
    """
    found = []
    for r in rows(table("base_rates.csv")):
        head, _, kind = r["group"].partition("type x age GWF: ")
        if head or kind not in kinds:
            continue
        first, last = (float(x) for x in r["stratum"].removesuffix("y").split("-"))
        first, end = max(0.0, first), min(last + 1.0, OLDEST)
        low, high = max(first, ages[0]), min(end, ages[1])
        if high > low:
            found.append((kind, low, high, float(r["regime_years"]) * (high - low) / (end - first)))
    return found


def of_record(number: int, kinds: Sequence[str], ages: tuple[float, float]) -> tuple[str, float]:
    """Type and age of the country of a number."""
    some = cells(kinds, ages)
    parts = np.cumsum([c[3] for c in some])
    u, v = ((0.5 + step * number) % 1 for step in EVENLY)
    kind, low, high, _ = some[int(np.searchsorted(parts, u * parts[-1]))]
    return kind, low + v * (high - low)


def parameter(key: str) -> Parameter:
    """A parameter of the package's mechanisms by its key. Raises Fault if there is none."""
    name, _, word = key.partition(".")
    found = find(name).parameters.get(word)
    if found is None:
        raise Fault(f"an arm sets '{key}', which is no parameter of {name}; mend the arm.")
    return found


def scenario_of(arm: Arm, number: int, seed: int) -> tuple[str, Scenario]:
    """The type and the scenario of the country of a number, as the arm has it. Raises Fault for a
    parameter, channel or mechanism that is not there, and for a value outside its range.
    """
    kind, age = of_record(number, arm.kinds, arm.ages)
    data = rule(dataclasses.replace(country(kind, number, seed), age=age), False, arm.days)
    data["assumptions"] = STUDIED | data["assumptions"]
    plan = {**data["choices"], **data["assumptions"]}
    before = dict(data["choices"])
    for key, value in arm.sets.items():
        p = parameter(key)
        if isinstance(value, Of):
            value = between(p.low, value.times * _number(plan, value.key), p.high)
        data["choices" if p.role == "choice" else "assumptions"][key] = value
    data["switched_off"] = [m for m in ABROAD if m not in arm.on]
    place = data["place"]
    place["fronts"] = [{"name": "front", "strength": arm.fronts}]
    place["provinces"] = [{**p, **arm.people} for p in place["provinces"]]
    data["events"] = [
        {"what": s.word, "into": s.word, "value": s.value, "day": s.day, "days": s.days}
        for s in (s._replace(days=min(s.days, arm.days - s.day + 1)) for s in arm.events)
    ]
    source = Source(data, {}, arm.says)
    source.status_quo = before
    return kind, build(source, Machine(FEWEST, threads=1))


def _number(plan: Mapping[str, Any], key: str) -> float:
    """What the rule says of a parameter, or else its default."""
    said = plan.get(key, parameter(key).default)
    return float(said["value"] if isinstance(said, Mapping) else said)


_kept: dict[tuple[str, int], list[tuple[str, Scenario]]] = {}  # of the last arm in this process


def countries(arm: Arm, seed: int) -> list[tuple[str, Scenario]]:
    """Types and scenarios of an arm's countries, built once for the parts that follow each other
    in a process.
    """
    what = repr(arm), seed
    if what not in _kept:
        made = [scenario_of(arm, k, seed) for k in range(COUNTRIES)]
        dated = made[0][1].place.dated  # futures side by side share their dated events
        _kept.clear()
        _kept[what] = [
            (kind, dataclasses.replace(s, place=dataclasses.replace(s.place, dated=dated)))
            for kind, s in made
        ]
    return _kept[what]


def play(
    arm: Arm, numbers: Sequence[int], seed: int, learnt: Learnt | None = None
) -> list[tuple[str, Run]]:
    """Futures of an arm by number, each with its country's type. Equal numbers have equal luck in
    every arm.
    """
    made = countries(arm, seed)
    kinds = [made[k % len(made)][0] for k in numbers]
    models = [made[k % len(made)][1] for k in numbers]
    chance = luck("effects", seed)
    drawn = [m.draw_many(chance, [k]) for m, k in zip(models, numbers, strict=True)]
    before, now = (np.concatenate([getattr(s, w) for s in drawn]) for w in ("before", "now"))
    sheets = Sheets(before, now, drawn[0].form)
    if learnt:
        some = learnt.draws[np.array(numbers) % len(learnt.draws)]
        own = {k: x for k, x in zip(learnt.keys, some.T, strict=True) if k not in arm.sets}
        sheets = sheets.holding(own)
    return list(zip(kinds, simulate_many(models, chance, numbers, sheets), strict=True))


def years(first: int, last: int) -> float:
    """Length of a span of days, both counted, in years."""
    return (last - first + 1) / 365


def outside(rate: float, first: int, last: int) -> float:
    """Chance that an ending which no mechanism follows comes within a span of days (gate.1)."""
    return 1 - math.exp(-rate * years(first, last))
