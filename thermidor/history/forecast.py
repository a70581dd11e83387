"""Forecasts of cases by simulation under a posterior, and their scores: the rows and totals of the
score board.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from ..execution.progress import Watch
from . import score
from .emulator import SEEN
from .listing import listed
from .simulated.bank import SHARED, bank
from .simulated.observe import CONTINUOUS
from .tables.case import Case
from .tables.covariates import Covariates

FUTURES = 192
LEFT_OUT = ("theocracy",)  # types of regime without whose cases the board is told too


def forecasts(
    countries: Sequence[Covariates],
    draws: Mapping[str, np.ndarray] | np.ndarray,
    *,
    futures: int = FUTURES,
    seed: int = 11,
    out: Path | None = None,
    processes: int | None = None,
    progress: Watch | None = None,
) -> dict[str, pl.DataFrame]:
    """Futures of each case that become an uprising which a table would list (listing.1), a row
    each. draws: of the posterior, float[draws, parameters + 2], for all cases alike or by case.
    """
    by_case, tilt = {}, {}
    for c in countries:
        of_case = draws if isinstance(draws, np.ndarray) else draws[c.id]
        mine = of_case[np.arange(futures) % len(of_case)]
        by_case[c.id], tilt[c.id] = mine[:, : len(SHARED)], mine[:, len(SHARED) :]
    made = bank(countries, by_case, seed=seed, out=out, processes=processes, progress=progress)
    uprisings = made.filter(pl.col("peak") >= SEEN)
    return {c.id: listed(uprisings.filter(pl.col("case") == c.id), tilt[c.id]) for c in countries}


def chance(ensemble: pl.DataFrame) -> float:
    """Chance of a fall: (falls + 1/2)/(futures + 1), so that no forecast is certain."""
    return float((float(ensemble["fell"].sum()) + 0.5) / (ensemble.height + 1))


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
    fell, p = case.observed.fell, chance(ensemble)
    endings = dict(sorted(ensemble["ending"].value_counts().iter_rows())) if ensemble.height else {}
    found: dict[str, Any] = {
        "id": case.id,
        "country": case.known.country,
        "onset": str(case.known.onset),
        "type": case.known.type,
        "fold": fold,
        "fell": fell,
        "fall": round(p, 4),
        # of any uprising in such a country, listed or not
        "own": round(float(ensemble["own"][0]), 4) if ensemble.height else None,
        "base_rate": round(rate, 4),
        "logistic": round(logistic, 4),
        "frailty": round(c.frailty, 3),
        "backing": c.backing,
        "revolution": c.revolution,
        "endings": {e: round(n / ensemble.height, 3) for e, n in endings.items()},
        "predicted": {k: score.quantiles(ensemble[k].to_numpy()) for k in CONTINUOUS},
        "observed": dict.fromkeys(CONTINUOUS),
        "assumed": list(c.assumed),
        "brier": None if fell is None else round(float(score.brier([p], [fell])[0]), 4),
        "log_score": None if fell is None else round(float(score.log_score([p], [fell])[0]), 4),
        "crps": {},
        "climatology_crps": {},
        "pit": {},
    }
    for k in CONTINUOUS:
        low_best_high = getattr(case.observed, k)
        if low_best_high:
            y, futures = low_best_high[1], ensemble[k].to_numpy()
            climatology = score.crps(others[k], y) if len(others[k]) else None
            found["observed"][k] = y
            found["crps"][k] = round(score.crps(futures, y), 4)
            found["climatology_crps"][k] = None if climatology is None else round(climatology, 4)
            found["pit"][k] = round(score.pit(futures, y), 4)
    return found


def totals(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Scores over cases; intervals by drawing countries anew. Cases whose ending is not known count
    only for the rest. `without`: the scores of endings with the cases of a type left out.
    """
    ended = [r for r in rows if r["fell"] is not None]
    found: dict[str, Any] = {"n": len(ended), "falls": sum(r["fell"] for r in ended)}
    if ended:
        found |= _of_endings(ended)
        found["without"] = {
            kind: {"n": len(rest), "falls": sum(r["fell"] for r in rest)} | _of_endings(rest)
            for kind in LEFT_OUT
            if 0 < len(rest := [r for r in ended if r["type"] != kind]) < len(ended)
        }
    found |= {"coverage": {}, "crps": {}, "pit": {}}
    for k in CONTINUOUS:
        there = [r for r in rows if r["observed"][k] is not None]
        if there:
            found["coverage"][k] = {str(level): _covered(there, k, level) for level in (50, 80)}
            found["coverage"][k]["n"] = len(there)
            compared = [r for r in there if r["climatology_crps"][k] is not None]
            model = float(np.mean([r["crps"][k] for r in compared]))
            other = float(np.mean([r["climatology_crps"][k] for r in compared]))
            found["crps"][k] = {"model": model, "climatology": other, "skill": 1 - model / other}
            counts, _ = np.histogram([r["pit"][k] for r in there], bins=10, range=(0, 1))
            found["pit"][k] = counts.tolist()
    return _plain(found)


def _of_endings(ended: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Scores of the chance of a fall, over cases whose ending is known."""
    p, base, logistic, fell = (
        np.array([r[k] for r in ended], float) for k in ("fall", "base_rate", "logistic", "fell")
    )
    mine, rate = score.brier(p, fell), score.brier(base, fell)
    logit = score.brier(logistic, fell)
    # chances that need no case: always one half, and the share that fell, known only afterwards
    plain = {
        "half": score.brier(np.full(len(fell), 0.5), fell),
        "constant": score.brier(np.full(len(fell), fell.mean()), fell),
    }
    found: dict[str, Any] = {
        "brier": float(mine.mean()),
        "brier_base": float(rate.mean()),
        "skill": score.skill(mine, rate),
        **{f"skill_{k}": score.skill(mine, plain[k]) for k in plain},
        **{f"brier_{k}": float(plain[k].mean()) for k in plain},
        "log_score": float(score.log_score(p, fell).mean()),
        "log_score_base": float(score.log_score(base, fell).mean()),
        "auc": score.auc(p, fell),
        "reliability": score.reliability(p, fell),
        "logistic": {
            "brier": float(logit.mean()),
            "skill": score.skill(logit, rate),
            **{f"skill_{k}": score.skill(logit, plain[k]) for k in plain},
            "auc": score.auc(logistic, fell),
            "log_score": float(score.log_score(logistic, fell).mean()),
        },
    }
    statistics: dict[str, Callable[[np.ndarray], float]] = {
        "brier": lambda i: mine[i].mean(),
        "skill": lambda i: score.skill(mine[i], rate[i]),
        "skill_half": lambda i: score.skill(mine[i], plain["half"][i]),
        "skill_constant": lambda i: score.skill(mine[i], plain["constant"][i]),
        "auc": lambda i: score.auc(p[i], fell[i]),
    }
    groups = [r["fold"] for r in ended]
    several = len(set(groups)) > 1  # from one country nothing follows for others
    for name, statistic in statistics.items():
        interval = score.bootstrap(statistic, groups) if several else (None, None)
        found[f"{name}_low"], found[f"{name}_high"] = interval
    return found


def _covered(rows: Sequence[Mapping[str, Any]], k: str, level: int) -> float:
    """Share of cases whose central interval holds what was seen of a quantity."""
    inside = [score.covered(r["predicted"][k], r["observed"][k], level) for r in rows]
    return float(np.mean(inside))


def _plain(x: Any) -> Any:
    """The same for JSON: what cannot be computed, such as the area under the curve of cases that
    all fell, is null.
    """
    if isinstance(x, dict):
        return {k: _plain(v) for k, v in x.items()}
    if isinstance(x, list):
        return [_plain(v) for v in x]
    return None if isinstance(x, float) and not np.isfinite(x) else x
