"""Is the calibration sound? Outcomes dealt out anew must give no skill, and parameters that were
planted must come back.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from scipy.special import expit

from .calibration import Calibration
from .emulator import SEEN, WEEKLY, features
from .likelihood import Facts, target
from .score import brier, skill
from .simulated.bank import SHARED, unit
from .simulated.observe import CONTINUOUS


def shuffled(c: Calibration, repeats: int) -> list[float]:
    """Skill out of sample when the outcomes have been dealt out anew among the cases; forecasts by
    the emulators.
    """
    rng, ids = np.random.default_rng(c.seed), [c.id for c in c.cases]
    found = []
    for _ in range(repeats):
        dealt = dict(zip(ids, (c.cases[k] for k in rng.permutation(len(ids))), strict=True))
        facts = {
            i: Facts(float(x.observed.fell), *target(x.observed), c.facts[i].weeks)
            for i, x in dealt.items()
        }
        p, rates, fell = [], [], []
        for part in np.array_split(rng.permutation(len(ids)), 5):
            inside = [i for k, i in enumerate(ids) if k not in part]
            u, _ = c.posterior(inside, 200, facts, steps=1500)
            for k in part:
                p.append(expit(features(u) @ c.emulators[ids[k]].chance).mean())
                rates.append(np.mean([facts[i].fell for i in inside]))
                fell.append(facts[ids[k]].fell)
        found.append(skill(brier(p, fell), brier(rates, fell)))
    return found


def recovery(c: Calibration, again: pl.DataFrame, truths: np.ndarray) -> dict[str, Any]:
    """Simulation-based calibration (Talts and others 2018): parameters planted in simulated cases,
    and where they come back.

    again: futures of every case under each row of truths (drawn from the prior). The rank of a
    truth among the draws of its posterior is uniform if all is well, and lies inside the central 80
    % in 80 of 100.
    """
    planted, ranks = unit(truths), []
    for m, mine in again.filter(pl.col("peak") >= SEEN).group_by("draw", maintain_order=True):
        facts = {}
        for r in mine.iter_rows(named=True):
            real = c.facts[r["case"]]
            rng = np.random.default_rng([c.seed, m[0], len(facts)])
            y = np.where(
                np.isfinite(real.value),
                [r[k] for k in CONTINUOUS] + rng.normal(0, real.error),
                np.nan,
            )
            facts[r["case"]] = Facts(r["fell"], y, real.error, _weeks(c, r, rng))
        u, _ = c.posterior(list(facts), 200, facts, base_rates=False)
        ranks.append((u < planted[m[0]]).mean(0))
    ranks = np.array(ranks)
    inside = (ranks > 0.1) & (ranks < 0.9)
    return {
        "draws": len(ranks),
        "inside80": float(inside.mean()),
        "by_parameter": dict(zip(SHARED, inside.mean(0).round(3).tolist(), strict=True)),
        "ranks": {
            k: np.histogram(ranks[:, i], bins=10, range=(0, 1))[0].tolist()
            for i, k in enumerate(SHARED)
        },
    }


def _weeks(
    c: Calibration, r: dict[str, Any], rng: np.random.Generator
) -> list[tuple[float, float]]:
    weeks = c.facts[r["case"]].weeks
    if not weeks:
        return []
    _, first, at_weeks = WEEKLY[r["case"]]
    ratios = [
        r[f"week{w}"] - r[f"week{first}"] for w in at_weeks
    ]  # not finite where the regime had ended: then it says nothing
    return [
        (x + rng.normal(0, error), error) if np.isfinite(x) else (0.0, np.inf)
        for x, (_, error) in zip(ratios, weeks, strict=True)
    ]
