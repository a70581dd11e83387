"""Chance of a fall by largest day: of cases as observed, of their simulated futures as predicted.

Whether crowds decide as much in the model as they did: in four bins of the largest day, and by the
slope b of the log odds for each tenfold crowd,

    log odds of a fall = a + b log10(largest day, share of residents)                      (bins.1)

The interval of an observed share is Jeffreys' (Brown, Cai and DasGupta 2001), 80 of 100. Futures of
a case share what is known of it, so the standard error of their slope is a sandwich by case; cases
are taken to be independent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl
from scipy.special import expit
from scipy.stats import beta

EDGES = (-3.0, -2.5, -2.0, -1.5, 0.0)  # log10 of share of residents: 0.1, 0.32, 1, 3.2, 100 %
LEVEL = 0.8
ROUNDS, CLOSE = 50, 1e-8
FLATTEST = 1e-6  # numerical guard: information below which a slope cannot be told


def by_largest_day(
    rows: Sequence[Mapping[str, Any]], ensembles: Mapping[str, pl.DataFrame]
) -> dict[str, Any]:
    """Bins and slopes. rows: cases of the board.  ensembles: futures of each case by its id, with
    `fell` and `peak` (log10 of share of residents).
    """
    known = [r for r in rows if r["fell"] is not None and r["observed"]["peak"] is not None]
    peaks = np.array([r["observed"]["peak"] for r in known], float)
    fell = np.array([r["fell"] for r in known], float)
    made = [(ensembles[r["id"]], k) for k, r in enumerate(rows) if r["id"] in ensembles]
    parts = [[m[c].to_numpy().astype(float) for m, _ in made] for c in ("peak", "fell")]
    drawn, ended = (np.concatenate([np.zeros(0), *p]) for p in parts)
    case = np.repeat([k for _, k in made], [m.height for m, _ in made])
    return {
        "level": LEVEL,
        "bins": [_bin(low, high, (peaks, fell), (drawn, ended)) for low, high in _pairs()],
        "slope": {"cases": slope(peaks, fell), "futures": slope(drawn, ended, case)},
    }


def _pairs() -> list[tuple[float, float]]:
    return list(zip(EDGES[:-1], EDGES[1:], strict=True))


def _bin(
    low: float,
    high: float,
    cases: tuple[np.ndarray, np.ndarray],
    futures: tuple[np.ndarray, np.ndarray],
) -> dict[str, Any]:
    """Cases and futures whose largest day lies between two values."""
    seen, made = (fell[_inside(peak, low, high)] for peak, fell in (cases, futures))
    least, most = jeffreys(int(seen.sum()), len(seen))
    predicted = float(made.mean()) if len(made) else None
    return {
        "from": 10**low,
        "to": 10**high,
        "cases": len(seen),
        "fell": int(seen.sum()),
        "observed": float(seen.mean()) if len(seen) else None,
        "low": least,
        "high": most,
        "futures": len(made),
        "predicted": predicted,
        "inside": None if predicted is None else least <= predicted <= most,
    }


def _inside(peak: np.ndarray, low: float, high: float) -> np.ndarray:
    """The last bin holds its upper end too."""
    return (peak >= low) & ((peak < high) | (high == EDGES[-1]))


def jeffreys(fell: int, n: int, level: float = LEVEL) -> tuple[float, float]:
    """Interval of a share from a count: quantiles of Beta(fell + 1/2, n - fell + 1/2); down to 0
    where none fell, up to 1 where all did.
    """
    tail = (1 - level) / 2
    low, high = (float(beta.ppf(q, fell + 0.5, n - fell + 0.5)) for q in (tail, 1 - tail))
    return (0.0 if fell == 0 else low), (1.0 if fell == n else high)


def slope(
    peak: np.ndarray, fell: np.ndarray, groups: np.ndarray | None = None
) -> dict[str, float | int | None]:
    """b of (bins.1) by maximum likelihood, with its standard error; None where it cannot be told,
    such as where crowds part those that fell from those that stood.

    groups: of futures that are not independent, a number for each.
    """
    nothing: dict[str, float | int | None] = {"value": None, "se": None, "n": len(peak)}
    if len(peak) < 3 or len(set(fell.tolist())) < 2 or np.ptp(peak) == 0:
        return nothing
    middle = peak.mean()
    x = np.stack([np.ones_like(peak), peak - middle], axis=1)
    b = np.zeros(2)
    for _ in range(ROUNDS):
        p = expit(x @ b)
        weight = p * (1 - p)
        information = x.T @ (weight[:, None] * x)
        if np.linalg.det(information) < FLATTEST:
            return nothing
        step = np.linalg.solve(information, x.T @ (fell - p))
        b += step
        if np.abs(step).max() < CLOSE:
            break
    else:
        return nothing
    covariance = np.linalg.inv(information)
    if groups is not None:
        scores = x * (fell - p)[:, None]
        each = np.stack([scores[groups == g].sum(0) for g in np.unique(groups)])
        covariance = covariance @ (each.T @ each) @ covariance
    return {"value": float(b[1]), "se": float(np.sqrt(covariance[1, 1])), "n": len(peak)}
