"""Is the calibration sound? Outcomes dealt out anew must give no skill, and parameters that were
planted must come back.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from scipy.special import expit

from ..execution.progress import Watch
from .calibration import Ask, Calibration, posteriors
from .emulator import SEEN, WEEKLY, features
from .likelihood import Facts, target
from .score import brier, skill
from .simulated.bank import SHARED, unit
from .simulated.observe import CONTINUOUS


def shuffled(
    c: Calibration, repeats: int, processes: int | None = 1, progress: Watch | None = None
) -> list[float]:
    """Skill out of sample when the outcomes have been dealt out anew among the cases; forecasts by
    the emulators.
    """
    rng, ids = np.random.default_rng(c.seed), [x.id for x in c.cases]
    dealt, asks = [], []
    for _ in range(repeats):
        facts = {}
        for i, k in zip(ids, rng.permutation(len(ids)), strict=True):
            seen = c.cases[k].observed
            value, error = target(seen)
            facts[i] = Facts(float(bool(seen.fell)), value, error, c.facts[i].weeks)
        parts = np.array_split(rng.permutation(len(ids)), 5)
        dealt.append((facts, parts))
        for part in parts:
            inside = [i for k, i in enumerate(ids) if k not in part]
            asks.append(Ask(inside, 200, facts, steps=1500))
    drawn = iter(posteriors(c, asks, processes, progress))
    found = []
    for facts, parts in dealt:
        p, rates, fell = [], [], []
        for part in parts:
            made = next(drawn)
            u, falls = made[:, : len(SHARED)], made[:, len(SHARED)]
            inside = [i for k, i in enumerate(ids) if k not in part]
            for k in part:
                p.append(float(expit(features(u) @ c.emulators[ids[k]].chance + falls).mean()))
                rates.append(float(np.mean([float(bool(facts[i].fell)) for i in inside])))
                fell.append(facts[ids[k]].fell)
        found.append(skill(brier(p, fell), brier(rates, fell)))
    return found


def recovery(
    c: Calibration,
    again: pl.DataFrame,
    truths: np.ndarray,
    processes: int | None = 1,
    progress: Watch | None = None,
) -> dict[str, Any]:
    """Simulation-based calibration (Talts and others 2018): parameters planted in simulated cases,
    and where they come back.

    again: futures of every case under each row of truths (drawn from the prior). The rank of a
    truth among the draws of its posterior is uniform if all is well, and lies inside the central 80
    % in 80 of 100.
    """
    planted, draws, asks = unit(truths), [], []
    for (m,), mine in again.filter(pl.col("peak") >= SEEN).group_by("draw", maintain_order=True):
        facts: dict[str, Facts] = {}
        for r in mine.iter_rows(named=True):
            real = c.facts[r["case"]]
            rng = np.random.default_rng([c.seed, m, len(facts)])
            seen = [r[k] for k in CONTINUOUS] + rng.normal(0, real.error)
            y = np.where(np.isfinite(real.value), seen, np.nan)
            facts[r["case"]] = Facts(r["fell"], y, real.error, _weeks(c, r, rng))
        draws.append(m)
        asks.append(Ask(list(facts), 200, facts, base_rates=False))
    found = posteriors(c, asks, processes, progress)
    size = len(SHARED)
    ranks = np.array(
        [(u[:, :size] < planted[m]).mean(0) for m, u in zip(draws, found, strict=True)]
    )
    inside = (ranks > 0.1) & (ranks < 0.9)
    counts = [np.histogram(column, bins=10, range=(0, 1))[0].tolist() for column in ranks.T]
    return {
        "draws": len(ranks),
        "inside80": float(inside.mean()),
        "by_parameter": dict(zip(SHARED, inside.mean(0).round(3).tolist(), strict=True)),
        "ranks": dict(zip(SHARED, counts, strict=True)),
    }


def _weeks(
    c: Calibration, r: dict[str, Any], rng: np.random.Generator
) -> list[tuple[float, float]]:
    """Weeks over the first of a simulated case, with the errors of the real one; a week says
    nothing where the regime had ended.
    """
    weeks = c.facts[r["case"]].weeks
    if not weeks:
        return []
    _, first, at_weeks = WEEKLY[r["case"]]
    out = []
    for w, (_, error) in zip(at_weeks, weeks, strict=True):
        ratio = r[f"week{w}"] - r[f"week{first}"]
        there = np.isfinite(ratio)
        out.append((ratio + rng.normal(0, error), error) if there else (0.0, np.inf))
    return out
