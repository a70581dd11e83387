"""A bank of simulated uprisings: many draws of what all countries share, each played once in every
case.

The shared parameters are spread evenly over the ledger's ranges (Sobol sequence); all others are
drawn as in any future and count as luck. The bank is computed once; every calibration, on whichever
cases, reads from it.
"""

from __future__ import annotations

import dataclasses
import hashlib
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from scipy.stats import qmc

from ...country.covariates import Covariates
from ...declaration.prior import Prior
from ...engine.batch import simulate_many
from ...execution.progress import Watch
from ...mechanism import Parameter, find
from ...scenario.scenario import Scenario
from .country import scenario
from .observe import observe
from .work import Job, over

SHARED = (  # what the cases can speak to, and what no country has for itself
    "events.onset",
    "events.onset_luck",
    "events.onset_thin",
    "events.onset_days",
    "events.onset_spread",
    "events.spark_size",
    "citizens.crowding",
    "citizens.country",
    "citizens.weariness",
    "citizens.outrage",
    "citizens.dread",
    "security.severity",
    "security.strength",
    "security.frailty_weight",
    "security.backing_weight",
    "security.revolution_weight",
    "security.bond",
    "security.indignation",
    "security.crowd_strain",
    "security.crowd_half",
    "security.crowd_days",
    "security.between",
    "security.arrest_rate",
    "security.arrest_spread",
    "security.kill_rate",
    "security.kill_spread",
    "ruler.lethality",
    "elites.coup_protest",
    "elites.discord",
    "elites.split_strain",
    "elites.crowd_doubt",
)


def parameters() -> dict[str, Parameter]:
    """The shared parameters as the ledger has them."""
    return {k: find(k.split(".")[0]).parameters[k.split(".")[1]] for k in SHARED}


def priors() -> list[Prior]:
    """What is believed of them before any case."""
    return [Prior(p.low, p.default, p.high, p.log) for p in parameters().values()]


def at(unit: np.ndarray) -> np.ndarray:
    """Values of the shared parameters from points of the unit cube, float[draws, parameters]."""
    out = np.empty_like(unit)
    for k, prior in enumerate(priors()):
        out[:, k] = prior.at(unit[:, k])
    return out


def unit(values: np.ndarray) -> np.ndarray:
    """The points of the unit cube that `at` maps to values."""
    out = np.empty_like(values)
    for k, prior in enumerate(priors()):
        out[:, k] = prior.part(values[:, k])
    return out


def held(base: Scenario, values: Mapping[str, float]) -> Scenario:
    """A scenario with parameters held at values."""
    new = {
        k: dataclasses.replace(base.parameters[k], value=float(v), low=float(v), high=float(v))
        for k, v in values.items()
    }
    return dataclasses.replace(
        base,
        parameters={**base.parameters, **new},
        fitted=tuple(k for k in base.fitted if k not in values),
    )


def design(draws: int, seed: int) -> np.ndarray:
    """Draws of the shared parameters, float[draws, parameters]."""
    return at(qmc.Sobol(len(SHARED), scramble=True, rng=seed).random(draws))


def play(
    base: Scenario, name: str, values: np.ndarray, first: int, seed: int
) -> list[dict[str, Any]]:
    """What is seen of a case under each row of values; random draws follow from the case's name,
    the seed and the row's number.
    """
    luck = zlib.crc32(name.encode()) ^ (seed << 32)
    draws = range(first, first + len(values))
    sheets = base.draw_many(luck, draws).holding(dict(zip(SHARED, values.T, strict=True)))
    runs = simulate_many([base] * len(draws), luck, draws, sheets)
    return [{"case": name, "draw": run.run} | observe(run) for run in runs]


def _job(c: Covariates, values: np.ndarray, first: int, seed: int) -> pl.DataFrame:
    """A part of the bank."""
    return pl.DataFrame(play(scenario(c), c.id, values, first, seed))


def bank(
    countries: Sequence[Covariates],
    values: Mapping[str, np.ndarray] | np.ndarray,
    *,
    seed: int = 1,
    out: Path | None = None,
    chunk: int = 64,
    processes: int | None = None,
    progress: Watch | None = None,
) -> pl.DataFrame:
    """Every case under every draw: a row each, sorted by case and draw. values: for all cases
    alike, or by case.

    out: folder for finished parts, each named by what it was made of (scenario, values, seed); the
    same call again goes on from them.
    """
    by_case = values if isinstance(values, Mapping) else {c.id: values for c in countries}
    made_of = {c.id: scenario(c).hash for c in countries} if out else {}
    jobs = []
    for first in range(0, max(map(len, by_case.values()), default=0), chunk):
        for c in countries:
            mine = by_case[c.id][first : first + chunk]
            if not len(mine):
                continue
            path = None
            if out:
                what = f"{c.id} {made_of[c.id]} {first} {seed}".encode() + mine.tobytes()
                path = out / f"{hashlib.sha256(what).hexdigest()[:24]}.parquet"
            jobs.append(Job(_job, (c, mine, first, seed), path))
    done = over(jobs, processes, progress)
    return pl.concat(done).sort("case", "draw") if done else pl.DataFrame()
