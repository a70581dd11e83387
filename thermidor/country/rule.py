"""From covariates to a scenario: one rule for every country, that of the past cases of the score
board and that which `thermidor new` writes a file of.

The country has six provinces in a ring. Its forces follow from its type and population, its budget
from its income, its media from its openness and the year, its frailty from (covariates.1). The
uprising begins with one spark on the first day, whose size is luck. All numbers are judgement
unless a source stands beside them. What all countries share is drawn from the ledger's ranges, or
from the posterior.
"""

from __future__ import annotations

import math
from typing import Any

from .covariates import Covariates

DAYS = 400  # long enough for every case of the table; whoever is in power then has survived
CITIZENS = 10_000  # agents
SHARES = (0.30, 0.20, 0.16, 0.13, 0.11, 0.10)  # of the population, the capital's province first
MECHANISMS = (
    "citizens",
    "security",
    "elites",
    "treasury",
    "media",
    "ruler",
    "events",
    "negotiation",
    "proxies",
    "programme",
    "adversary",
    "broker",
)
ABROAD = ("proxies", "programme", "adversary", "broker")

# Police, militia, guards and army for a thousand residents.
FORCES = {
    "party": (3.0, 2.0, 1.0, 6.0),
    "personal": (3.0, 0.5, 2.5, 5.0),
    "military": (2.5, 0.5, 0.5, 8.0),
    "monarchy": (4.0, 0.5, 3.0, 6.0),
    "theocracy": (3.0, 2.0, 2.2, 4.2),
    "electoral": (3.5, 0.0, 0.5, 3.5),
    "other": (3.0, 0.5, 1.0, 5.0),
}
# Where officers rule the army is the regime's own: its men lose more by refusing than a conscript
# force does elsewhere (sd).
ARMY_OF_OFFICERS = {"value": 0.8, "low": 0.6, "high": 0.9}
# Coups that ended a regime, a regime-year (failure_modes_by_type.csv over base_rates.csv: 21 in
# 2,168, 32 in 1,152, 15 in 579, 7 in 595), over the share that succeeds and over the mean of
# (elites.5) at the ages of the type: attempts a year after twenty years.
COUPS = {
    "party": 0.0170,
    "personal": 0.0439,
    "military": 0.0378,
    "monarchy": 0.0218,
    "theocracy": 0.0170,
    "electoral": 0.0250,
    "other": 0.0250,
}
# Where one was tried in the last five years failures are .092 a year, against .034; the two are
# scaled to a mean of 1 in each type.
AFTER_COUPS, WITHOUT = 2.0, 0.85
# The record counts coups with whatever protest and want of money added to them; in histories of the
# gate they add a quarter to the attempts, so the rate without them is that much lower (by type 1.1
# to 1.6; one number for all).
ADDED = 1.25
STALE = 0.15  # log odds: what frailty may move in a year, as a range
TRIED = {  # share of years
    "party": 0.10,
    "personal": 0.33,
    "military": 0.60,
    "monarchy": 0.09,
    "theocracy": 0.10,
    "electoral": 0.20,
    "other": 0.20,
}


def coup_rate(kind: str, coups: float) -> float:
    """Attempts a year after twenty years in power."""
    usual = TRIED[kind] * AFTER_COUPS + (1 - TRIED[kind]) * WITHOUT
    return COUPS[kind] / ADDED * (AFTER_COUPS if coups > 0 else WITHOUT) / usual


def between(low: float, x: float, high: float) -> float:
    """x, or the bound that it passes."""
    return max(low, min(high, x))


def rule(c: Covariates, onset: bool = True, days: int = DAYS) -> dict[str, Any]:
    """The data of the scenario file of a country; with `onset` an uprising begins on the first
    day.
    """
    # 0 in the poorest, 4 in the richest countries
    wealth = math.log(between(200.0, c.income, 80_000.0) / 500)
    gdp = c.income * c.population / 1e6  # USD million a year
    revenue = max(0.05, 0.20 * gdp / 365)  # USD million a day
    police, militia, guards, army = (
        between(1e3, round(x * c.population / 1e3), 3e6) for x in FORCES[c.type]
    )
    people = {
        "children": between(0.15, 0.45 - 0.07 * wealth, 0.45),
        "young": 0.27,
        "old": between(0.03, 0.03 + 0.025 * wealth, 0.16),
        "minority": 0.2,
        "unemployment": 0.1,
    }
    ids = [f"P{k + 1}" for k in range(len(SHARES))]
    return {
        "thermidor": 1,
        "name": "case-" + "".join(x if x.isalnum() else "-" for x in c.id.lower())[:50],
        "title": f"A country like that of {c.id}",
        "start": c.onset,
        "days": days,
        "posterior": False,
        "place": {
            "country": c.id,
            "capital": "P1",
            "provinces": [
                {"id": i, "name": i, "population": float(s * c.population)} | people
                for i, s in zip(ids, SHARES, strict=True)
            ],
            "neighbours": [[ids[k], ids[(k + 1) % len(ids)]] for k in range(len(ids))],
            "fronts": [{"name": "none", "strength": 0.0}],
        },
        "mechanisms": list(MECHANISMS),
        "switched_off": list(ABROAD),
        "assumptions": {
            # no table has it: what people prefer in private before an uprising
            "citizens.opposition": {"value": 0.5, "low": 0.2, "high": 0.8, "grade": "judgement"},
            "security.police": police,
            "security.militia": militia,
            "security.guards": guards,
            "security.army": army,
            "security.executions": round(c.population / 1e6, 2),
            "security.frailty": _carried(between(-4.0, c.frailty, 4.0), c.carried),
            "security.backing": c.backing,
            "security.revolution": c.revolution,
            **({"security.loyal_army": ARMY_OF_OFFICERS} if c.type == "military" else {}),
            "elites.tenure": between(0.0, c.age, 300.0),
            "elites.coup_rate": _spread(coup_rate(c.type, c.coups), 1.6, "ThermidorBaseRates"),
            "treasury.exports": 0.0,
            "treasury.taxes": between(0.0, revenue, 2000.0),
            "treasury.reserves": between(1.0, 90 * revenue, 3e6),
            "treasury.gdp": between(500.0, gdp, 2e7),
            "treasury.poverty": between(0.02, 0.6 - 0.13 * wealth, 0.8),
            "media.audience": between(0.1, 0.6 - 0.5 * c.openness, 0.6),
            "media.reference": between(0.0001, 0.01 * revenue, 60.0),
            "media.independent": between(
                0.3, 0.3 + 0.4 * c.openness + 0.15 * (c.onset.year >= 2009), 0.75
            ),
            # below the standard: the undecided are not yet persuaded
            "media.prior": between(0.25, 0.38 + 0.01 * c.growth, 0.45),
            "events.onset_day": 1.0 if onset else 0.0,
            "events.spark_rate": _spread(
                between(0.35, 0.4 + 0.06 * c.protests, 1.1), 1.5, "ThermidorCases"
            ),
        },
        "choices": {
            "treasury.forces": between(0.0, 0.15 * revenue, 240.0),
            "treasury.patronage": between(0.0, 0.10 * revenue, 240.0),
            "treasury.public": between(0.0, 0.64 * revenue, 480.0),
            "treasury.propaganda": between(0.0, 0.01 * revenue, 40.0),
            "treasury.proxies": 0.0,
            "treasury.programme": 0.0,
        },
    }


def _carried(x: float, years: int) -> Any:
    """A covariate that was carried forward for so many years: its error grows as a walk's does."""
    if not years:
        return x
    error = STALE * math.sqrt(years)
    return {"value": x, "low": max(-4.0, x - error), "high": min(4.0, x + error)}


def _spread(x: float, times: float, source: str) -> dict[str, Any]:
    return {"value": x, "low": x / times, "high": x * times, "source": source, "grade": "analogy"}
