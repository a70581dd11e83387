"""Scores of forecasts against what was observed, and the baselines beside them.

Ending: Brier score and its skill against the base rate of the other cases, log score, area under
the ROC curve. Peak, duration, deaths: continuous ranked probability score of the ensemble, its
skill against the other cases' values (climatology), coverage of central intervals, probability
integral transform.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy.stats import mannwhitneyu

from ..study.stats import share

Chances = Sequence[float] | np.ndarray
Outcomes = Sequence[float | bool | None] | np.ndarray  # true, or 1: fell

BOOT = 2000
LEVELS = (0.10, 0.25, 0.50, 0.75, 0.90)


def brier(p: Chances, fell: Outcomes) -> np.ndarray:
    """Squared error of each forecast probability."""
    return (np.asarray(p, float) - np.asarray(fell, float)) ** 2


def log_score(p: Chances, fell: Outcomes) -> np.ndarray:
    """Natural logarithm of the probability given to what happened (0 is best)."""
    chance = np.asarray(p, float)
    return np.log(np.where(np.asarray(fell, bool), chance, 1 - chance))


def skill(score: np.ndarray, reference: np.ndarray) -> float:
    """1 - mean score / mean reference: 1 is perfect, 0 no better than the reference, less worse.
    nan against a reference that is never wrong.
    """
    return float(1 - score.mean() / reference.mean()) if reference.mean() else float("nan")


def auc(p: Chances, fell: Outcomes) -> float:
    """Chance that a case that fell was given more than one that stood; ties count half. nan without
    both kinds.
    """
    chance, down = np.asarray(p, float), np.asarray(fell, bool)
    if down.all() or not down.any():
        return float("nan")
    above = mannwhitneyu(chance[down], chance[~down]).statistic
    return float(above / (down.sum() * (~down).sum()))


def bootstrap(
    statistic: Callable[[np.ndarray], float],
    groups: Sequence[str],
    seed: int = 1,
    level: float = 0.95,
) -> tuple[float, float]:
    """Interval of a statistic of case indices when countries are drawn anew with replacement (a
    country's cases stay together).
    """
    rng = np.random.default_rng(seed)
    names = sorted(set(groups))
    members = {g: np.flatnonzero(np.asarray(groups) == g) for g in names}
    values = []
    for _ in range(BOOT):
        drawn = rng.integers(0, len(names), len(names))
        values.append(statistic(np.concatenate([members[names[k]] for k in drawn])))
    found = np.asarray(values)
    if not np.isfinite(found).any():
        return float("nan"), float("nan")
    low, high = np.nanquantile(found, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def crps(ensemble: np.ndarray, seen: float) -> float:
    """E|X - y| - E|X - X'|/2 over the ensemble (Gneiting and Raftery 2007), in the units of y."""
    x = np.sort(np.asarray(ensemble, float))
    n = x.size
    spread = 2 * np.sum((2 * np.arange(1, n + 1) - n - 1) * x) / n**2
    return float(np.abs(x - seen).mean() - spread / 2)


def pit(ensemble: np.ndarray, seen: float) -> float:
    """Share of the ensemble below what was seen; ties count half."""
    x = np.asarray(ensemble, float)
    return float((x < seen).mean() + (x == seen).mean() / 2)


def quantiles(ensemble: np.ndarray) -> dict[str, float]:
    """Quantiles of the ensemble by name: q10, q25 and so on."""
    return {f"q{round(100 * q)}": round(float(np.quantile(ensemble, q)), 4) for q in LEVELS}


def covered(q: dict[str, float], seen: float, level: int) -> bool:
    """Whether the central interval of 50 or 80 % holds what was seen."""
    low, high = (q["q25"], q["q75"]) if level == 50 else (q["q10"], q["q90"])
    return low <= seen <= high


def reliability(
    p: Chances, fell: Outcomes, edges: Sequence[float] = (0, 0.2, 0.4, 0.6, 0.8, 1.0)
) -> list[dict[str, float]]:
    """Forecasts in bins: how many, their mean, the share that fell with a Wilson interval. Empty
    bins are left out.
    """
    chance, down = np.asarray(p, float), np.asarray(fell, bool)
    out = []
    for low, high in zip(edges[:-1], edges[1:], strict=True):
        mine = (chance >= low) & ((chance < high) | (high == edges[-1]))
        if mine.any():
            s = share(int(down[mine].sum()), int(mine.sum()))
            out.append(
                {
                    "from": low,
                    "to": high,
                    "n": int(mine.sum()),
                    "predicted": float(chance[mine].mean()),
                    "observed": s.value,
                    "low": s.low,
                    "high": s.high,
                }
            )
    return out
