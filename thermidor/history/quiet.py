"""Quiet times: how often the forces of a regime break before a crowd when no uprising is planted,
and how that moves with what all countries share. It enters the fit beside the cases, so that a
model in which past uprisings go as they went does not bring them every other year.

A history is one of simulated/lives.py, for each of four types: five years long under each draw of
the bank, and twenty years under draws of a first posterior, near which the regression must be
right. With d the days lived and k whether it ended in an uprising or a collapse,

    k ~ Poisson(d/365 . exp(a_type + b . x))
    observed K_type ~ Poisson(Y_type . exp(a_type + b . x + 0.25 e))                      (quiet.1)

where x is u scaled to [-1, 1], K are the popular uprisings of the table in Y regime-years, and e is
what the regression gets wrong.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from ..execution.progress import Watch
from .baseline import needed
from .simulated.bank import unit
from .simulated.lives import TYPES, lives, record
from .simulated.work import Job, over
from .tables.tablefile import rows, table

DAYS, LONG = 5 * 365, 20 * 365
BROKEN = ("uprising", "collapse")
ERROR = 0.25  # standard deviation of the regression's error, on the log of the rate (judgement)
RIDGE = 1e-4


def quiet(
    values: np.ndarray,
    days: int = DAYS,
    *,
    seed: int = 1,
    out: Path | None = None,
    chunk: int = 32,
    processes: int | None = None,
    progress: Watch | None = None,
) -> pl.DataFrame:
    """A history of each type under each row of values (of bank.SHARED): type, number of the row,
    days lived, ending.

    out: folder for finished parts, each named by what it was made of; the same call again goes on
    from them.
    """
    jobs: list[Job] = []
    what = hashlib.sha256(np.ascontiguousarray(values).tobytes()).hexdigest()[:12]
    for first in range(0, len(values), chunk):
        count = min(chunk, len(values) - first)
        for t in TYPES:
            path = out / f"{t}-{first}-{count}-{seed}-{days}-{what}.parquet" if out else None
            jobs.append(Job(lives, (t, first, count, seed, values, days), path))
    return pl.concat(over(jobs, processes, progress)).select("type", "number", "days", "ending")


@dataclass(frozen=True)
class Breaks:
    """(quiet.1) as the table has it, beside the regression: log of the yearly rate by type and its
    slopes.
    """

    level: np.ndarray  # [types]
    slope: np.ndarray  # [parameters]
    years: np.ndarray  # [types], regime-years of the table
    seen: np.ndarray  # [types], uprisings of the table

    def __call__(self, u: np.ndarray, e: np.ndarray) -> np.ndarray:
        """Log of the chance of the table's counts, but for a constant. u: float[draws, parameters];
        e: float[draws].
        """
        log_rate = self.level + ((2 * u - 1) @ self.slope + ERROR * e)[:, None]
        return (self.seen * log_rate - self.years * np.exp(log_rate)).sum(1)


def breaks(*parts: tuple[pl.DataFrame, np.ndarray]) -> Breaks:
    """The regression on histories, each part with the values whose rows they were made under, and
    the table's counts.
    """
    PoissonRegressor = needed("sklearn.linear_model").PoissonRegressor
    u = [unit(values)[lived["number"].to_numpy()] for lived, values in parts]
    x = 2 * np.concatenate(u) - 1
    histories = pl.concat([lived for lived, _ in parts])
    kind = np.array([[t == k for k in TYPES] for t in histories["type"]], float)
    years = histories["days"].to_numpy() / 365
    broke = histories["ending"].is_in(list(BROKEN)).to_numpy()
    fit = PoissonRegressor(alpha=RIDGE, max_iter=3000)
    fit = fit.fit(np.concatenate([kind, x], 1), broke / years, sample_weight=years)
    modes = rows(table("failure_modes_by_type.csv"))
    counts = next(r for r in modes if r["mode"] == "popular uprising")
    return Breaks(
        fit.intercept_ + fit.coef_[:4],
        fit.coef_[4:],
        np.array([float(record()[t]["regime_years"]) for t in TYPES]),
        np.array([float(counts[t]) for t in TYPES]),
    )
