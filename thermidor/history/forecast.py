"""Forecasts of cases by simulation under a posterior, and their scores: the rows and totals of the
score board.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from . import score
from .emulator import SEEN
from .simulated.bank import bank
from .simulated.observe import CONTINUOUS
from .simulated.work import Counted
from .tables.case import Case
from .tables.covariates import Covariates

FUTURES = 192


def forecasts(
    countries: Sequence[Covariates],
    draws: Mapping[str, np.ndarray] | np.ndarray,
    *,
    futures: int = FUTURES,
    seed: int = 11,
    out: Path | None = None,
    processes: int | None = None,
    progress: Counted | None = None,
) -> dict[str, pl.DataFrame]:
    """Futures of each case that become an uprising, a row each. draws: of the posterior, for all
    cases alike or by case.
    """
    by_case = {
        c.id: _repeat(draws if isinstance(draws, np.ndarray) else draws[c.id], futures)
        for c in countries
    }
    made = bank(countries, by_case, seed=seed, out=out, processes=processes, progress=progress)
    return {
        c.id: made.filter((pl.col("case") == c.id) & (pl.col("peak") >= SEEN)) for c in countries
    }


def _repeat(draws: np.ndarray, n: int) -> np.ndarray:
    return draws[np.arange(n) % len(draws)]


def chance(ensemble: pl.DataFrame) -> float:
    """Chance of a fall: (falls + 1/2)/(futures + 1), so that no forecast is certain."""
    return float((ensemble["fell"].sum() + 0.5) / (ensemble.height + 1))


def row(
    case: Case,
    c: Covariates,
    ensemble: pl.DataFrame,
    rate: float,
    logistic: float,
    others: Mapping[str, np.ndarray],
    fold: str,
) -> dict[str, Any]:
    """A case of the board. others: what was observed of the cases that the forecast was fitted to,
    by quantity (climatology).
    """
    seen = {k: (three[1] if (three := getattr(case.observed, k)) else None) for k in CONTINUOUS}
    fell, p = case.observed.fell, chance(ensemble)
    endings = (
        {
            e: round(n / ensemble.height, 3)
            for e, n in sorted(ensemble["ending"].value_counts().iter_rows())
        }
        if ensemble.height
        else {}
    )
    told: dict[str, Any] = {
        "id": case.id,
        "country": case.known.country,
        "onset": str(case.known.onset),
        "type": case.known.type,
        "fold": fold,
        "fell": fell,
        "fall": round(p, 4),
        "base_rate": round(rate, 4),
        "logistic": round(logistic, 4),
        "frailty": round(c.frailty, 3),
        "backing": c.backing,
        "revolution": c.revolution,
        "endings": endings,
        "predicted": {k: score.quantiles(ensemble[k].to_numpy()) for k in CONTINUOUS},
        "observed": seen,
        "assumed": list(c.assumed),
        "brier": None if fell is None else round(float(score.brier([p], [fell])[0]), 4),
        "log_score": None if fell is None else round(float(score.log_score([p], [fell])[0]), 4),
        "crps": {},
        "climatology_crps": {},
        "pit": {},
    }
    for k, y in seen.items():
        if y is not None:
            told["crps"][k] = round(score.crps(ensemble[k].to_numpy(), y), 4)
            told["climatology_crps"][k] = (
                round(score.crps(others[k], y), 4) if len(others[k]) else None
            )
            told["pit"][k] = round(score.pit(ensemble[k].to_numpy(), y), 4)
    return told


def totals(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Scores over cases; intervals by drawing countries anew. Cases whose ending is not known count
    only for the rest.
    """
    ended = [r for r in rows if r["fell"] is not None]
    told: dict[str, Any] = {"n": len(ended), "falls": sum(r["fell"] for r in ended)}
    if ended:
        p, base, plain, fell = (
            np.array([r[k] for r in ended], float)
            for k in ("fall", "base_rate", "logistic", "fell")
        )
        groups = [r["fold"] for r in ended]
        mine, rate, logit = score.brier(p, fell), score.brier(base, fell), score.brier(plain, fell)
        told |= {
            "brier": float(mine.mean()),
            "brier_base": float(rate.mean()),
            "skill": score.skill(mine, rate),
            "log_score": float(score.log_score(p, fell).mean()),
            "log_score_base": float(score.log_score(base, fell).mean()),
            "auc": score.auc(p, fell),
            "reliability": score.reliability(p, fell),
            "logistic": {
                "brier": float(logit.mean()),
                "skill": score.skill(logit, rate),
                "auc": score.auc(plain, fell),
                "log_score": float(score.log_score(plain, fell).mean()),
            },
        }
        statistics = {
            "brier": lambda i: mine[i].mean(),
            "skill": lambda i: score.skill(mine[i], rate[i]),
            "auc": lambda i: score.auc(p[i], fell[i]),
        }
        for name, statistic in statistics.items():
            several = len(set(groups)) > 1  # from one country nothing follows for others
            interval = score.bootstrap(statistic, groups) if several else (None, None)
            told[f"{name}_low"], told[f"{name}_high"] = interval
    told |= {"coverage": {}, "crps": {}, "pit": {}}
    for k in CONTINUOUS:
        there = [r for r in rows if r["observed"][k] is not None]
        if there:
            told["coverage"][k] = {
                str(level): float(
                    np.mean(
                        [score.covered(r["predicted"][k], r["observed"][k], level) for r in there]
                    )
                )
                for level in (50, 80)
            }
            told["coverage"][k]["n"] = len(there)
            model, other = (
                float(np.mean([r[w][k] for r in there if r["climatology_crps"][k] is not None]))
                for w in ("crps", "climatology_crps")
            )
            told["crps"][k] = {"model": model, "climatology": other, "skill": 1 - model / other}
            told["pit"][k] = np.histogram([r["pit"][k] for r in there], bins=10, range=(0, 1))[
                0
            ].tolist()
    return _plain(told)


def _plain(x: Any) -> Any:
    """The same for JSON: what cannot be computed, such as the area under the curve of cases that
    all fell, is null.
    """
    if isinstance(x, dict):
        return {k: _plain(v) for k, v in x.items()}
    if isinstance(x, list):
        return [_plain(v) for v in x]
    return None if isinstance(x, float) and not np.isfinite(x) else x
