"""Regressions on a bank of simulated uprisings: how what is seen of a case moves with the
parameters that all countries share.

With u scaled to x in [-1, 1] and phi = (1, x, x^2):

    P(fall) = logistic(a . phi + e_0)
    P(fall | peak) = logistic(a' . phi + (peak - MIDDLE)(b_0 + b . x) + e_0)
    y = (peak, duration, deaths, arrests) = B phi + e + S(x) r,   r ~ t(0, V)           (emulator.1)
    S(x) = diag exp(G x / 2)

The bank has two parts: draws spread over the ledger's ranges, and draws of a first posterior, near
which the regressions must be right; each part has half of the weight. V is the case's own; S (how
far luck scatters, which some parameters move) and the degrees of freedom of the t are those of all
cases. e is what the regressions get wrong for all cases alike, e ~ N(0, E): its variance is that
between draws, over what luck makes of it. Products of parameters, cubes and splines were tried: on
draws held out they explain no more. A future whose largest day is smaller than the smallest of the
table is none that the table would list, and is left out (`SEEN`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

import numpy as np
import polars as pl
from scipy.special import expit, gammaln

from .baseline import needed
from .listing import MIDDLE
from .simulated.bank import SHARED, unit
from .simulated.observe import CONTINUOUS
from .tables.tablefile import rows, table

SEEN = -3.6  # log10 of the smallest largest day of the table, share of residents
RIDGE = 1.0
LEAST_ERROR = 0.1
TAILS = (3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 15.0, 30.0)  # degrees of freedom that are tried
ROUNDS = 30
WEEKLY = {  # file, first week, weeks
    "GDR1989": ("leipzig_mondays_1989.csv", 0, (3, 5, 7)),
    "BLR2020": ("belarus_sundays_2020.csv", 1, (4, 7, 9)),
}


def features(u: np.ndarray) -> np.ndarray:
    """phi(u), float[draws, 1 + 2 parameters]; u in the unit cube."""
    x = 2 * u - 1
    return np.concatenate([np.ones((len(x), 1)), x, x * x], axis=1)


# coefficients and variance of log10 of the crowd of a week over that of the first week
Weekly = tuple[np.ndarray, float]


@dataclass(frozen=True)
class Emulator:
    """How a case's outcomes move with the parameters (emulator.1)."""

    case: str
    chance: np.ndarray  # coefficients of the logit of a fall
    given: np.ndarray  # of the logit of a fall after a largest day of MIDDLE
    mean: np.ndarray  # [features, 4]
    scale: np.ndarray  # V, [4, 4]
    weekly: tuple[Weekly, ...] = ()


@dataclass(frozen=True)
class Common:
    """What the emulators of all cases share: G of (emulator.1), float[parameters, 4], and the
    standard deviation of e, float[5], e_0 last.
    """

    scatter: np.ndarray
    error: np.ndarray
    tails: float  # degrees of freedom
    by_peak: np.ndarray  # (b_0, b) of (emulator.1), float[1 + parameters]

    @property
    def spread(self) -> float:
        """Covariance of the t over its scale."""
        return self.tails / (self.tails - 2)


def emulate(
    bank: pl.DataFrame, values: np.ndarray, traits: Mapping[str, Sequence[float]]
) -> tuple[dict[str, Emulator], Common]:
    """Regressions of all cases' futures on the parameters, by case. values: float[draws,
    parameters], by the bank's `draw`; the bank's column `near`, if there is one, tells its second
    part.

    The cases share their slopes, but for what goes with their traits t (numbers by case, such as
    frailty), so that a case borrows from all others' futures: intercept of the case + b phi(u) +
    sum over traits of t (d u).
    """
    LogisticRegression = needed("sklearn.linear_model").LogisticRegression
    mine = bank.filter((pl.col("peak") >= SEEN) & pl.col("case").is_in(list(traits)))
    names, size, draw = sorted(traits), len(SHARED), mine["draw"].to_numpy()
    near = mine["near"].to_numpy() if "near" in mine.columns else np.zeros(mine.height, bool)
    weight = np.where(near, max(1.0, (~near).sum() / max(near.sum(), 1)), 1.0)
    which = np.array([names.index(c) for c in mine["case"]])  # number of each future's case
    t = np.array([traits[n] for n in names], float)  # [cases, traits]
    phi = features(unit(values))[draw]
    x = phi[:, 1 : 1 + size]
    intercepts = np.eye(len(names))[which]
    with_traits = [t[which, [j]][:, None] * x for j in range(t.shape[1])]
    regressors = np.concatenate([intercepts, phi[:, 1:], *with_traits], axis=1)

    fell, y = mine["fell"].to_numpy(), mine.select(CONTINUOUS).to_numpy()
    logit, after = (
        LogisticRegression(C=1 / RIDGE, max_iter=3000, fit_intercept=False) for _ in range(2)
    )
    logit = logit.fit(regressors, fell, sample_weight=weight)
    z = y[:, :1] - MIDDLE
    after = after.fit(np.concatenate([z, z * x, regressors], 1), fell, sample_weight=weight)
    s = _student(regressors, y, which, x, weight)
    out = {}
    for k, n in enumerate(names):
        here = which == k
        chance = _of_case(logit.coef_.T, k, len(names), t[k])
        given = _of_case(after.coef_.T[1 + size :], k, len(names), t[k])
        mean = _of_case(s.solved, k, len(names), t[k])
        weeks = _weeks(mine.filter(pl.Series(here)), phi[here], weight[here], n)
        out[n] = Emulator(n, chance[:, 0], given[:, 0], mean, s.scale[k], tuple(weeks))

    away = y - regressors @ s.solved
    p = expit(regressors @ logit.coef_[0])
    of_sizes = _between(away * s.pull[:, None], s.pull, draw)
    of_falls = _between((fell - p)[:, None], p * (1 - p), draw)  # the slope of p in the logit
    error = np.sqrt([*of_sizes, *of_falls])
    return out, Common(s.scatter, error, s.tails, after.coef_[0, : 1 + size])


class Student(NamedTuple):
    """The regression of (emulator.1): what is fitted."""

    solved: np.ndarray  # B, [features, 4]
    scatter: np.ndarray  # G, [parameters, 4]
    scale: np.ndarray  # V by group, [groups, 4, 4]
    tails: float  # degrees of freedom
    pull: np.ndarray  # weight of each row in the t


def _student(
    features: np.ndarray, y: np.ndarray, group: np.ndarray, x: np.ndarray, weight: np.ndarray
) -> Student:
    """The regression of (emulator.1) by maximum likelihood.

    features: float[rows, features]. y: float[rows, 4]. group: int[rows]. x: float[rows,
    parameters], scaled to [-1, 1]. weight: float[rows].

    By turns, as an EM algorithm does it (Liu and Rubin 1995). The likelihood of the calibration is
    the one that is maximised here, so that over the bank it leans to no side; least squares lean
    where outcomes are skew or their tails not those assumed.
    """
    size, groups = y.shape[1], group.max() + 1
    solved, scatter, tails = _ridge(features, y, weight), np.zeros((x.shape[1], size)), 8.0
    covariance = np.cov((y - features @ solved).T, aweights=weight).reshape(size, size)
    scale = np.tile(covariance, (groups, 1, 1))
    total, level = np.bincount(group, weight, groups), np.column_stack([x, np.ones(len(x))])
    for _ in range(ROUNDS):
        z = (y - features @ solved) * np.exp(-x @ scatter / 2)
        inverse = np.linalg.inv(scale)
        pz = np.einsum("rij,rj->ri", inverse[group], z)
        d = (z * pz).sum(1)
        volume = -np.linalg.slogdet(scale)[1][group] / 2 - (x @ scatter).sum(1) / 2
        tails = TAILS[int(np.argmax([weight @ (volume + _log_t(d, v, size)) for v in TAILS]))]
        pull = (tails + size) / (tails + d)
        scatter = scatter + _ridge(level, pull[:, None] * z * pz - 1, weight)[:-1]
        weighted, scale = (weight * pull)[:, None] * z, np.empty((groups, size, size))
        for i, j in product(range(size), range(size)):
            scale[:, i, j] = np.bincount(group, weighted[:, i] * z[:, j], groups)
        scale /= total[:, None, None]
        own = np.einsum("rii->ri", inverse)[group] * (weight * pull)[:, None] * np.exp(-x @ scatter)
        solved = np.stack([_ridge(features, y[:, j], own[:, j]) for j in range(size)], 1)
    return Student(solved, scatter, scale, tails, pull)


def _log_t(d: np.ndarray, v: float, size: int) -> np.ndarray:
    """Log density of a t of `size` dimensions and v degrees of freedom at squared distances d, but
    for its volume and a constant.
    """
    constant = gammaln((v + size) / 2) - gammaln(v / 2) - size / 2 * np.log(v)
    return constant - (v + size) / 2 * np.log1p(d / v)


def _between(away: np.ndarray, slope: np.ndarray, draw: np.ndarray) -> np.ndarray:
    """Variance of an error shared by all futures of a draw, by moments: ((sum of residuals)^2 - sum
    of their squares) over (sum of slopes)^2.
    """
    n = draw.max() + 1

    def by_draw(a: np.ndarray) -> np.ndarray:
        return np.stack([np.bincount(draw, column, n) for column in a.T])

    total, squares, slopes = by_draw(away), by_draw(away**2), by_draw(slope[:, None])
    return np.maximum((total**2 - squares).sum(1) / (slopes**2).sum(1), 0.0)


def _of_case(b: np.ndarray, k: int, cases: int, traits: np.ndarray) -> np.ndarray:
    """Coefficients of phi(u) for the case of number k."""
    size = len(SHARED)
    own = np.concatenate([b[[k]], b[cases : cases + 2 * size]])
    for j, trait in enumerate(traits):
        own[1 : 1 + size] += trait * b[cases + (2 + j) * size : cases + (3 + j) * size]
    return own


def _ridge(x: np.ndarray, y: np.ndarray, weight: np.ndarray) -> np.ndarray:
    penalty, weighted = RIDGE * np.eye(x.shape[1]), x.T * weight
    return np.linalg.solve(weighted @ x + penalty, weighted @ y)


def _weeks(mine: pl.DataFrame, phi: np.ndarray, weight: np.ndarray, case: str) -> Iterator[Weekly]:
    """The regressions of a case's weeks; none where the table has no weeks of it."""
    if case not in WEEKLY:
        return
    _, first, weeks = WEEKLY[case]
    for w in weeks:
        ratio = (mine[f"week{w}"] - mine[f"week{first}"]).to_numpy()
        there = np.isfinite(ratio)
        x, y, part = phi[there], ratio[there], weight[there]
        solved = _ridge(x, y, part)
        yield solved, float(np.average((y - x @ solved) ** 2, weights=part))


def weekly(case: str) -> list[tuple[float, float]]:
    """Observed log10 of the crowds of the weeks over that of the first, each with its error."""
    if case not in WEEKLY:
        return []
    file, first, weeks = WEEKLY[case]
    crowds = []
    for r in rows(table(file)):
        low, best, high = (float(r[k]) for k in ("low", "best", "high"))
        crowds.append((math.log10(best), max(LEAST_ERROR, math.log10(high / low) / 2.56)))
    start, error = crowds[0]
    return [(x - start, math.hypot(e, error)) for x, e in (crowds[w - first] for w in weeks)]
