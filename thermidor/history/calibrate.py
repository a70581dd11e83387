"""The calibration: what past uprisings say about the parameters that all countries share.

Simulation-based inference with a synthetic likelihood (Wood 2010), sampled with emcee (Foreman-Mackey and others 2013). A future
costs a tenth of a second and 37 cases must be fitted some thirty times over, once for each country left out; sequential ABC would
simulate anew each time. Here one bank of futures serves all: regressions on it say how the chance of a fall and the mean of what
is seen of a case move with the parameters, u in [-1, 1] after scaling, phi(u) = (1, u, u^2):

    P(fall) = logistic(a . phi(u)),   y = (peak, duration, deaths, arrests) = B phi(u) + c fall + e,   e ~ t_4(0, S + observation error)  (calibrate.1)

    log p(u | cases) = log prior(u) + sum over cases of [log P(fall or not) + log t_4(y - B phi(u) - c fall)]         (calibrate.2)

The prior is what a future would draw anyway: triangular over the ledger's range with its peak at the ledger's value. A future in
which fewer than one in 10,000 went out is no uprising that a table would list, and is left out on both sides (`SEEN`).
Observation error: half of the table's low to high, as 1.28 standard deviations, at least 0.1. For Leipzig 1989 and Belarus 2020
the weekly crowds against those of the first week are data too.
"""
from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl

from .bank import SHARED, parameters, unit
from .baseline import needed
from .cases import Case, Observed, rows, table
from .observe import CONTINUOUS

SEEN = -4.0  # log10 of the smallest largest day that makes an uprising
TAILS = 4.0  # degrees of freedom of the residuals
LEAST_ERROR = 0.1
RIDGE = 1.0
WALKERS, STEPS, BURN = 64, 3000, 1000
WEEKLY = {"GDR1989": ("leipzig_mondays_1989.csv", 0, (3, 5, 7)), "BLR2020": ("belarus_sundays_2020.csv", 1, (4, 7, 9))}  # file, first week, weeks


def features(u: np.ndarray) -> np.ndarray:
    """phi(u), float[draws, 1 + 2 parameters]; u in the unit cube."""
    x = 2 * u - 1
    return np.concatenate([np.ones((len(x), 1)), x, x * x], axis=1)


@dataclass(frozen=True)
class Emulator:
    """How a case's outcomes move with the parameters (calibrate.1)."""

    case: str
    chance: np.ndarray  # coefficients of the logit of a fall
    mean: np.ndarray  # [features, 4]
    shift: np.ndarray  # of a fall, [4]
    covariance: np.ndarray  # of the residuals, [4, 4]
    weekly: tuple[tuple[np.ndarray, float], ...] = ()  # coefficients and variance of log10 of week over first week


@dataclass(frozen=True)
class Facts:
    """What was seen of a case: fell (1, 0 or not known), y and its error (nan where not known), weeks over the first week."""

    fell: float | None
    value: np.ndarray
    error: np.ndarray
    weeks: Sequence[tuple[float, float]] = ()


def emulate(bank: pl.DataFrame, values: np.ndarray, traits: Mapping[str, Sequence[float]]) -> dict[str, Emulator]:
    """Regressions of all cases' futures on the parameters, by case. values: float[draws, parameters], by the bank's `draw`.

    The cases share their slopes, but for what goes with their traits x (numbers by case, such as frailty), so that a case borrows
    from all others' futures: intercept of the case + b phi(u) + sum over traits of x (d u).
    """
    LogisticRegression = needed("sklearn.linear_model").LogisticRegression
    mine = bank.filter((pl.col("peak") >= SEEN) & pl.col("case").is_in(list(traits)))
    names, size = sorted(traits), len(SHARED)
    which = np.array([names.index(c) for c in mine["case"]])
    x = np.array([traits[n] for n in names], float)
    phi = features(unit(values))[mine["draw"].to_numpy()]
    linear = phi[:, 1:1 + size]
    both = np.concatenate([np.eye(len(names))[which], phi[:, 1:], *(x[which, [j]][:, None] * linear for j in range(x.shape[1]))], axis=1)
    fell, y = mine["fell"].to_numpy(), mine.select(CONTINUOUS).to_numpy()
    logit = LogisticRegression(C=1 / RIDGE, max_iter=3000, fit_intercept=False).fit(both, fell).coef_.T
    solved = _ridge(np.column_stack([both, fell]), y)
    out = {}
    for k, n in enumerate(names):
        here = which == k
        chance, mean = (_of_case(b, k, len(names), x[k]) for b in (logit, solved))
        away = y[here] - phi[here] @ mean - fell[here, None] * solved[-1]
        out[n] = Emulator(n, chance[:, 0], mean, solved[-1], np.cov(away.T), tuple(_weeks(mine.filter(pl.Series(here)), phi[here], n)))
    return out


def _of_case(b: np.ndarray, k: int, cases: int, x: np.ndarray) -> np.ndarray:
    """Coefficients of phi(u) for the case of number k with traits x."""
    size = len(SHARED)
    own = np.concatenate([b[[k]], b[cases:cases + 2 * size]])
    for j, trait in enumerate(x):
        own[1:1 + size] += trait * b[cases + (2 + j) * size:cases + (3 + j) * size]
    return own


def _ridge(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    penalty = RIDGE * np.eye(x.shape[1])
    return np.linalg.solve(x.T @ x + penalty, x.T @ y)


def _weeks(mine: pl.DataFrame, phi: np.ndarray, case: str):
    if case in WEEKLY:
        _, first, weeks = WEEKLY[case]
        for w in weeks:
            ratio = (mine[f"week{w}"] - mine[f"week{first}"]).to_numpy()
            there = np.isfinite(ratio)
            solved = _ridge(phi[there], ratio[there])
            yield solved, float(np.var(ratio[there] - phi[there] @ solved))


def weekly(case: str) -> list[tuple[float, float]]:
    """Observed log10 of the crowds of the weeks over that of the first, each with its error."""
    if case not in WEEKLY:
        return []
    file, first, weeks = WEEKLY[case]
    found = [{k: float(r[k]) for k in ("low", "best", "high")} for r in rows(table(file))]
    log = [(math.log10(r["best"]), max(LEAST_ERROR, math.log10(r["high"] / r["low"]) / 2.56)) for r in found]
    start = log[0]
    return [(log[w - first][0] - start[0], math.hypot(log[w - first][1], start[1])) for w in weeks]


def target(seen: Observed) -> tuple[np.ndarray, np.ndarray]:
    """Observed values (nan where the table has none) and their errors, float[4] each."""
    three = [getattr(seen, k) for k in CONTINUOUS]
    value = np.array([math.nan if t is None else t[1] for t in three])
    error = np.array([LEAST_ERROR if t is None else max(LEAST_ERROR, (t[2] - t[0]) / 2.56) for t in three])
    return value, error


@cache
def modes() -> np.ndarray:
    """The ledger's values in the unit cube."""
    return unit(np.array([[p.default for p in parameters().values()]]))[0]


def log_prior(u: np.ndarray) -> np.ndarray:
    """Triangular over the ledger's range, peaked at its value; float[draws] for u in the unit cube."""
    mode = modes()
    inside = ((u > 0) & (u < 1)).all(1)
    x = np.clip(u, 1e-12, 1 - 1e-12)
    density = np.where(x < mode, x / np.maximum(mode, 1e-12), (1 - x) / np.maximum(1 - mode, 1e-12))
    return np.where(inside, np.log(2 * density).sum(1), -np.inf)


class Likelihood:
    """(calibrate.2) without the prior, for many u at once."""

    def __init__(self, emulators: Sequence[Emulator], seen: Mapping[str, Facts]):
        known = [seen[e.case] for e in emulators]
        self.sign = np.array([0.0 if f.fell is None else 2 * f.fell - 1 for f in known])  # 1 fell, -1 stood, 0 not known
        self.chance = np.stack([e.chance for e in emulators], axis=1)
        self.mean = np.concatenate([e.mean for e in emulators], axis=1)  # [features, 4 cases]
        there = np.array([np.isfinite(f.value) for f in known])
        self.value = np.array([np.where(t, f.value, 0.0) - (f.fell or 0.0) * e.shift for e, f, t in zip(emulators, known, there, strict=True)])
        self.inverse = np.zeros((len(known), 4, 4))
        for k, (e, f) in enumerate(zip(emulators, known, strict=True)):
            at = np.ix_(there[k], there[k])
            self.inverse[k][at] = np.linalg.inv(e.covariance[at] + np.diag(f.error[there[k]] ** 2))
        self.power = np.where(there.any(1), (TAILS + there.sum(1)) / 2, 0.0)
        weeks = [(solved, variance + error**2, ratio) for e, f in zip(emulators, known, strict=True)
                 for (solved, variance), (ratio, error) in zip(e.weekly, f.weeks, strict=True)]
        self.weekly = np.stack([w[0] for w in weeks], axis=1) if weeks else np.zeros((len(self.chance), 0))
        self.spread, self.ratio = np.array([w[1] for w in weeks]), np.array([w[2] for w in weeks])

    def __call__(self, u: np.ndarray) -> np.ndarray:
        phi = features(np.atleast_2d(u))
        falls = -np.logaddexp(0.0, -self.sign * (phi @ self.chance)) * (self.sign != 0)
        away = self.value - (phi @ self.mean).reshape(len(phi), -1, 4)
        distance = np.einsum("wci,cij,wcj->wc", away, self.inverse, away)
        seen = -self.power * np.log1p(distance / TAILS)
        weeks = -(TAILS + 1) / 2 * np.log1p((self.ratio - phi @ self.weekly) ** 2 / self.spread / TAILS)
        return falls.sum(1) + seen.sum(1) + weeks.sum(1)


def facts(case: Case) -> Facts:
    """What the likelihood needs of a case."""
    fell = case.observed.fell
    return Facts(None if fell is None else float(fell), *target(case.observed), weekly(case.id))


def sample(likelihood: Likelihood, draws: int, seed: int, steps: int = STEPS, burn: int = BURN) -> tuple[np.ndarray, float]:
    """Draws of the posterior in the unit cube, float[draws, parameters], and the longest autocorrelation time in steps."""
    emcee = needed("emcee")
    rng = np.random.default_rng(seed)
    size = len(SHARED)
    start = rng.uniform(0.2, 0.8, (WALKERS, size))
    sampler = emcee.EnsembleSampler(WALKERS, size, lambda u: log_prior(u) + _finite(likelihood, u), vectorize=True,
                                    moves=[(emcee.moves.DEMove(), 0.8), (emcee.moves.DESnookerMove(), 0.2)])
    sampler.random_state = np.random.RandomState(seed).get_state()
    sampler.run_mcmc(start, steps)
    chain = sampler.get_chain(discard=burn)
    flat = chain.reshape(-1, size)
    return flat[rng.choice(len(flat), draws, replace=False)], float(np.max(emcee.autocorr.integrated_time(chain, tol=0, quiet=True)))


def _finite(likelihood: Likelihood, u: np.ndarray) -> np.ndarray:
    inside = ((u > 0) & (u < 1)).all(1)
    out = np.zeros(len(u))
    if inside.any():
        out[inside] = likelihood(u[inside])
    return out
