"""Two forecasts that need no model: the base rate of the other cases, and a plain logistic
regression on the same covariates.
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..support.faults import Fault
from .tables.covariates import Covariates

KINDS = ("party", "personal", "military", "monarchy", "theocracy")
NAMES = (
    "age",
    "income",
    "growth",
    "population",
    "openness",
    "protests",
    "coups",
    "conflict",
    "backing",
    "revolution",
    *KINDS,
)


def needed(module: str) -> Any:
    """A module of the extra `calibrate`."""
    try:
        return importlib.import_module(module)
    except ImportError as e:
        raise Fault(
            f"calibration needs {e.name}, which is not installed; `pip install "
            "'thermidor[calibrate]'` brings it."
        ) from e


def covariate_row(c: Covariates) -> np.ndarray:
    """The covariates as numbers, float[15]: logs of age, income, population and protests + 1; type
    as 0 or 1.
    """
    return np.array(
        [
            math.log(max(c.age, 1.0)),
            math.log(c.income),
            max(-20.0, min(20.0, c.growth)),
            math.log(c.population),
            c.openness,
            math.log1p(c.protests),
            float(c.coups > 0),
            float(c.conflict > 0),
            c.backing,
            c.revolution,
            *(float(c.type == k) for k in KINDS),
        ]
    )


def base_rate(fell: Sequence[bool]) -> float:
    """Share of the other cases that fell."""
    return float(np.mean(fell))


def fit_logistic(known: Sequence[Covariates], fell: Sequence[bool]) -> dict[str, Any]:
    """A logistic regression with a ridge of 1 on standardised covariates, as plain data."""
    LogisticRegression = needed("sklearn.linear_model").LogisticRegression
    x = np.stack([covariate_row(c) for c in known])
    mean, spread = x.mean(0), np.where(x.std(0) > 0, x.std(0), 1.0)
    fit = LogisticRegression(C=1.0, max_iter=1000).fit((x - mean) / spread, np.asarray(fell, bool))
    return {
        "names": list(NAMES),
        "mean": mean.tolist(),
        "spread": spread.tolist(),
        "coefficients": fit.coef_[0].tolist(),
        "intercept": float(fit.intercept_[0]),
    }


def by_logistic(fit: Mapping[str, Any], c: Covariates) -> float:
    """Its chance of a fall."""
    x = (covariate_row(c) - np.array(fit["mean"])) / np.array(fit["spread"])
    return float(1 / (1 + math.exp(-(fit["intercept"] + x @ np.array(fit["coefficients"])))))
