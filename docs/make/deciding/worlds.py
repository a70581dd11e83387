"""Worlds in which futures are played: the cases of the table, a country of the record, and Iran in
June 2025; each as it is, and as something is changed in it, on the same luck.

A future's luck follows from its world's name and its number, so that it is the same under every
change; what all countries share comes from a row of the posterior.
"""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from thermidor.country.rule import between, rule
from thermidor.declaration.loading import load_file
from thermidor.engine.batch import simulate_many
from thermidor.engine.run import Run
from thermidor.fitted.posterior import load as posterior
from thermidor.history.simulated.arms import OLDEST, Of, Setting, of_record, parameter
from thermidor.history.simulated.lives import TYPES, country
from thermidor.history.simulated.strikes import FEWEST, luck
from thermidor.history.tables.cases import read_cases
from thermidor.history.tables.covariates import Covariates, covariates
from thermidor.scenario.file.gather import gather
from thermidor.scenario.file.source import Source
from thermidor.scenario.machine import Machine
from thermidor.scenario.scenario import Scenario, build

IRAN, AGENTS = "iran-2025", 8_000
SEED = 1
ATTEMPT = Path(__file__).parent / "attempt.py"
YEAR = 365


class World(NamedTuple):
    """A country. known: covariates of the rule in country.py; without, it is Iran.

    onset: whether an uprising begins on the first day.
    """

    name: str
    kind: str
    known: Covariates | None
    onset: bool = True
    days: int = YEAR


class Change(NamedTuple):
    """What is changed. sets: parameters by key.  people: of each province, by field.  killed:
    whether the leader is killed at once.  off: mechanisms switched off.
    """

    sets: Setting = {}
    people: Mapping[str, float] = {}
    killed: bool = False
    off: tuple[str, ...] = ()


NOTHING = Change()


@cache
def cases() -> tuple[World, ...]:
    """Those of the table, each with its uprising planted. No panel of covariates is read, so that a
    country has what its row says, and else what is usual.
    """
    known = [covariates(c.known, None) for c in read_cases()[0]]
    return tuple(World(c.id, c.type, c) for c in known)


def iran(days: int = YEAR) -> World:
    """Iran in June 2025, with an uprising planted."""
    return World(IRAN, "theocracy", None, days=days)


def of_the_record(number: int, days: int) -> World:
    """A country with type and age of the record, left to itself."""
    kind, age = of_record(number, TYPES, (0, OLDEST))
    known = dataclasses.replace(country(kind, number, SEED), age=age)
    return World(f"{kind} {number}", kind, known, onset=False, days=days)


def made(world: World, change: Change = NOTHING) -> Scenario:
    """The scenario of a world with a change. Raises Fault for what is not there."""
    if world.known is None:
        source = gather(IRAN)
        data: dict[str, Any] = copy.deepcopy(source.data)
        data["days"], agents = world.days, AGENTS
    else:
        data, agents = rule(world.known, world.onset, world.days), FEWEST
        source = Source(data, {}, world.name)
        source.status_quo = dict(data["choices"])
    plan = {**data["assumptions"], **data["choices"]}
    if world.onset:
        data["assumptions"]["events.onset_day"] = 1.0
    for key, value in change.sets.items():
        p = parameter(key)
        if isinstance(value, Of):
            value = between(p.low, value.times * _number(plan, value.key), p.high)
        data["choices" if p.role == "choice" else "assumptions"][key] = value
    data["switched_off"] = [*data.get("switched_off", ()), *change.off]
    place = data["place"]
    place["provinces"] = [{**p, **change.people} for p in place["provinces"]]
    added = [load_file(ATTEMPT)] if change.killed else []
    return build(source.changed(data), Machine(agents, threads=1), added)


def _number(plan: Mapping[str, Any], key: str) -> float:
    said = plan.get(key, parameter(key).default)
    return float(said["value"] if isinstance(said, Mapping) else said)


def play(
    world: World,
    scenario: Scenario,
    numbers: Sequence[int],
    draws: Sequence[int],
    times: Mapping[str, float] | None = None,
) -> list[Run]:
    """Futures of a world by number, each under its row of the posterior; a parameter the scenario
    gives itself keeps its value.  times: by which parameters are multiplied, whatever their range.
    """
    chance = luck(f"decides {world.name}", SEED)
    sheets = scenario.draw_many(chance, list(numbers))
    fit = posterior()
    if fit:
        free = scenario.fitted if world.known is None else fit.keys
        given = scenario.source.data["assumptions"]
        rows = fit.draws[np.asarray(draws) % len(fit.draws)]
        own = {k: x for k, x in zip(fit.keys, rows.T, strict=True) if k in free and k not in given}
        sheets = sheets.holding(own)
    for key, factor in (times or {}).items():
        k = sheets.form.keys.index(key)
        sheets = sheets.holding({key: sheets.now[:, k] * factor})
    return list(simulate_many([scenario] * len(numbers), chance, list(numbers), sheets))


def posterior_rows() -> int:
    """Rows of the posterior that comes with the package; 1 without one."""
    fit = posterior()
    return len(fit.draws) if fit else 1
