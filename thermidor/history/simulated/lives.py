"""Simulated histories: what becomes of regimes that are left to themselves.

A history is a country of the rule (country/rule.py) from the year in which its regime begins, with
no uprising planted, until it ends or 20 years have passed. Its income, population and openness are
drawn from what regimes of its type had, attempts of a coup and armed conflict before the first day
by their frequency; they stay, and its frailty is that of a regime of eight years.

Some endings no mechanism here follows: lost elections, insurgents, foreign imposition, rules
changed from inside, the end of the state (106 of 219 in the table). They are drawn apart from it,
at the yearly rate that the table has for the type, and end a history where they come before its own
ending:

    rate = -ln(1 - failures/regime-years) . their share of failures, a year
    waiting time ~ Exp(rate)                                                               (gate.1)
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import polars as pl

from ...chance.draws import Draw
from ...country.covariates import Covariates
from ...engine.batch import simulate_many
from ..tables.tablefile import rows, table
from .strikes import FEWEST, luck, quiet_country, rivals, row

TYPES = ("party", "personal", "military", "monarchy")
AGE = 8.0  # years at which the frailty of a whole history is taken; time in power runs from 0
FIRST_DAY = dt.date(1978, 1, 1)  # the middle of the table's 1946 to 2010
# What regimes of a type had, 1946 to 2010, from the panel of covariates.py: tenth, fiftieth and
# ninetieth percentile of regime-years for income (USD of 2015 a head), population (persons) and
# openness (0 to 1); median growth (per cent a year); mean protests a year since 1990; share of
# regime-years with an attempt of a coup in the five years before, and with an armed conflict in the
# year before.
TYPICAL: dict[str, dict[str, Any]] = {
    "party": {
        "income": (455, 1539, 6280),
        "population": (1.47e6, 10.12e6, 62.3e6),
        "openness": (0.084, 0.177, 0.381),
        "growth": 2.50,
        "protests": 1.77,
        "coups": 0.103,
        "conflict": 0.115,
    },
    "personal": {
        "income": (372, 1092, 5366),
        "population": (1.90e6, 7.18e6, 30.8e6),
        "openness": (0.081, 0.184, 0.349),
        "growth": 1.40,
        "protests": 2.16,
        "coups": 0.332,
        "conflict": 0.247,
    },
    "military": {
        "income": (259, 1585, 6086),
        "population": (2.95e6, 13.78e6, 85.7e6),
        "openness": (0.077, 0.146, 0.311),
        "growth": 2.13,
        "protests": 2.20,
        "coups": 0.605,
        "conflict": 0.314,
    },
    "monarchy": {
        "income": (330, 3438, 39666),
        "population": (0.68e6, 4.59e6, 23.2e6),
        "openness": (0.014, 0.105, 0.235),
        "growth": 1.56,
        "protests": 0.94,
        "coups": 0.090,
        "conflict": 0.096,
    },
}
FOLLOWED = ("military coup", "popular uprising")  # modes of failure that the mechanisms follow
HISTORY: dict[str, Any] = {
    "type": pl.String,
    "number": pl.Int64,
    "days": pl.Int64,
    "ending": pl.String,
    "attempts": pl.List(pl.Int64),
}
CAMPAIGN: dict[str, Any] = {"pair": pl.Int64, "day": pl.Int64, "chance": pl.Float64}


@cache
def record() -> dict[str, dict[str, Any]]:
    """The table by type: regime_years, failures, modes left out here with their counts, and the
    yearly rate of these (gate.1).
    """
    known = [r for r in rows(table("base_rates.csv")) if r["group"] == "type GWF 1946-2010"]
    years = {r["stratum"]: int(r["regime_years"]) for r in known}
    failures = {r["stratum"]: int(r["failures"]) for r in known}
    modes, out = rows(table("failure_modes_by_type.csv")), {}
    for t in TYPES:
        outside = {r["mode"]: float(r[t]) for r in modes if r["mode"] not in FOLLOWED}
        rate = -math.log(1 - failures[t] / years[t]) * sum(outside.values()) / failures[t]
        out[t] = {
            "regime_years": years[t],
            "failures": failures[t],
            "outside": outside,
            "rate": rate,
        }
    return out


def country(kind: str, number: int, seed: int) -> Covariates:
    """The country of a history: linear between the percentiles (income and population: of their
    logarithm), none beyond the outer two.
    """
    u, usual = Draw(seed, number, f"gate {kind}"), TYPICAL[kind]
    income, population = (
        float(np.exp(np.interp(u.uniform(k), (0.1, 0.5, 0.9), np.log(usual[k]))))
        for k in ("income", "population")
    )
    openness = float(np.interp(u.uniform("openness"), (0.1, 0.5, 0.9), usual["openness"]))
    coups, conflict = (float(u.happens(k, usual[k])) for k in ("coups", "conflict"))
    return Covariates(
        f"{kind} {number}",
        kind,
        FIRST_DAY,
        population,
        AGE,
        income,
        usual["growth"],
        openness,
        usual["protests"],
        coups,
        conflict,
    )


def lives(
    kind: str,
    first: int,
    count: int,
    seed: int,
    values: np.ndarray | None,
    days: int,
    assumptions: Mapping[str, Any] | None = None,
) -> pl.DataFrame:
    """Histories of a type: days lived, ending in the simulation, and the days on which a coup was
    attempted.
    """
    assumed = {"elites.tenure": 0.0} | dict(assumptions or {})
    numbers = range(first, first + count)
    countries = [
        quiet_country(
            country(kind, k, seed),
            min(days, outside_day(kind, k, seed)),  # nothing later would count
            FEWEST,
            assumptions=assumed,
            values=row(values, k),
        )
        for k in numbers
    ]
    found: list[tuple[Any, ...]] = []
    for run in simulate_many(countries, luck(kind, seed), numbers):
        attempts = (np.flatnonzero(np.diff(run["attempts"]) > 0) + 1).tolist()
        found.append((kind, run.run, run.day, run.ending, attempts))
    return pl.DataFrame(found, schema=HISTORY, orient="row")


def wars(first: int, count: int, seed: int, values: np.ndarray | None, days: int) -> pl.DataFrame:
    """Campaigns begun against countries with a rival, the types in turn: pair, day, the adversary's
    chance to prevail.
    """
    countries = {k: country(TYPES[k % len(TYPES)], k, seed) for k in range(first, first + count)}
    found = sorted(rivals(countries, seed, values, days))
    return pl.DataFrame(found, schema=CAMPAIGN, orient="row")


def outside_day(kind: str, number: int, seed: int) -> int:
    """Day on which an ending that no mechanism follows would come (gate.1)."""
    waiting = Draw(seed, number, f"outside {kind}").exponential("day")
    return math.ceil(waiting / record()[kind]["rate"] * 365)


def compete(histories: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Histories with the outside endings that come before their own (gate.1); `ending` is then the
    mode's name, `outside` true.
    """
    out = []
    for h in histories.iter_rows(named=True):
        kind, number = h["type"], h["number"]
        day = outside_day(kind, number, seed)
        if day <= h["days"]:
            modes = record()[kind]["outside"]
            total = np.cumsum(list(modes.values()))
            u = Draw(seed, number, f"outside {kind}").uniform("mode")
            mode = list(modes)[int(np.searchsorted(total, u * total[-1]))]
            h |= {"ending": mode, "attempts": [d for d in h["attempts"] if d <= day]}
        out.append(h | {"days": min(day, h["days"]), "outside": day <= h["days"]})
    return pl.DataFrame(out, schema=HISTORY | {"outside": pl.Boolean})
