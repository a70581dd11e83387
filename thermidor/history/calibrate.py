"""The whole calibration: bank, posterior, one posterior for each country left out, forecasts,
recovery, shuffled outcomes.

Results: posterior.json (the posterior of all cases, with the logistic baseline), folds.parquet (the
others), board.json.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from .. import __version__
from ..execution.progress import Watch, renamed
from .baseline import base_rate, fit_logistic
from .calibration import Ask, Calibration, both, posteriors, prior
from .calibration import values as with_values
from .diagnostics import recovery, shuffled
from .folds import fingerprint, folds, out_of_sample
from .listing import LISTING
from .quiet import LONG, breaks, quiet
from .simulated.bank import SHARED, at, bank, design, parameters, unit
from .simulated.gate import gate
from .simulated.strikes import strikes
from .tables.case import Case
from .tables.covariates import Covariates

DRAWS, FOLD_DRAWS = 256, 128
NEAR = 64  # draws of a first posterior, for futures of the cases near it
LIVES = 200  # draws of a second posterior, for quiet times near it


def calibrate(
    cases: Sequence[Case],
    known: Sequence[Covariates],
    out: Path,
    *,
    campaigns: Collection[str] = (),
    draws: int = 512,
    recoveries: int = 128,
    shuffles: int = 10,
    histories: int = 1000,
    seed: int = 1,
    panel: str | None = None,
    processes: int | None = None,
    progress: Watch | None = None,
) -> dict[str, Any]:
    """The whole calibration, kept in `out` as it is made; the same call goes on from there. Returns
    the board.

    campaigns: ids of the cases of which only the ending is known; they are fitted with the others
    and scored apart.
    """
    out.mkdir(parents=True, exist_ok=True)

    def futures(part: str, stage: str, values: np.ndarray, seed: int) -> pl.DataFrame:
        tick = renamed(progress, stage)
        return bank(known, values, seed=seed, out=out / part, processes=processes, progress=tick)

    def quiet_times(stage: str, values: np.ndarray, *days: int) -> pl.DataFrame:
        tick = renamed(progress, stage)
        return quiet(
            values, *days, seed=seed, out=out / "quiet", processes=processes, progress=tick
        )

    values, ids = design(draws, seed), [x.id for x in cases]
    made = futures("bank", "bank", values, seed)
    lived = quiet_times("quiet times", values)
    rates = breaks((lived, values))
    size = len(SHARED)
    start = Calibration(cases, known, made, values, seed, rates).posterior(ids, NEAR)[0]
    first = at(start[:, :size])
    near = futures("near", "bank near the posterior", first, seed + 50)
    every, of_every = both(made, near, draws), np.concatenate([values, first])
    c = Calibration(cases, known, every, of_every, seed, rates)
    second = at(c.posterior(ids, DRAWS)[0][:LIVES, :size])
    long = quiet_times("quiet times near it", second, LONG)
    c.quiet = breaks((lived, values), (long, second))

    drawn, tau = c.posterior(ids, DRAWS)
    everyone = drawn[:, :size]
    folded = _folded(c, campaigns, processes, progress)
    tables = [
        pl.DataFrame(v.astype(np.float32), schema=[*SHARED, *LISTING]).with_columns(fold=pl.lit(k))
        for k, v in folded.items()
    ]
    pl.concat(tables).write_parquet(out / "folds.parquet")
    alone = [x for x in cases if x.id not in campaigns]
    fell = [bool(x.observed.fell) for x in alone]
    posterior = {
        "made": {
            "version": __version__,
            "cases": fingerprint(),
            "panel": panel,
            "seed": seed,
            "draws": draws,
            "campaigns": len(campaigns),
            "autocorrelation_steps": round(tau, 1),
            "date": str(dt.date.today()),
        },
        "keys": list(SHARED),
        "draws": [[float(f"{x:.5g}") for x in r] for r in at(everyone)],
        "listing": [[float(f"{x:.4g}") for x in r] for r in drawn[:, size:]],
        "logistic": fit_logistic([c.known[x.id] for x in alone], fell)
        | {"base_rate": base_rate(fell)},
    }
    text = json.dumps(posterior, indent=None, separators=(",", ":"))
    (out / "posterior.json").write_text(text, encoding="utf-8")

    # the power of the likelihood was set with truths of seed + 100
    truths = prior(recoveries, seed + 200)
    again = futures("again", "recovery futures", truths, seed + 200)
    found = recovery(c, again, truths, processes, renamed(progress, "recovery"))
    dealt = shuffled(c, shuffles, processes, renamed(progress, "shuffled outcomes"))
    board = out_of_sample(
        cases,
        c.known,
        folded,
        out,
        campaigns=campaigns,
        processes=processes,
        progress=progress,
    )
    board["made"] |= {
        "panel": panel,
        "seed": seed,
        "posterior_sha256": hashlib.sha256((out / "posterior.json").read_bytes()).hexdigest()[:16],
    }
    board |= {
        "parameters": moved(everyone),
        "listing": _quantiles(drawn[:, size:]),
        "recovery": found,
        "shuffled": {"repeats": shuffles, "skill": dealt, "mean": float(np.mean(dealt))},
    }
    board |= gates(
        at(everyone), out, histories=histories, seed=seed, processes=processes, progress=progress
    )
    (out / "board.json").write_text(json.dumps(board, indent=1), encoding="utf-8")
    return board


def _quantiles(tilt: np.ndarray) -> dict[str, dict[str, float]]:
    """10, 50 and 90 % of the numbers of (listing.1)."""
    found = np.quantile(tilt, (0.1, 0.5, 0.9), axis=0).T
    return {
        name: dict(zip(("q10", "q50", "q90"), (round(float(x), 3) for x in q), strict=True))
        for name, q in zip(LISTING, found, strict=True)
    }


def _folded(
    c: Calibration, campaigns: Collection[str], processes: int | None, progress: Watch | None
) -> dict[str, np.ndarray]:
    """Draws of the posterior of each fold, float[draws, parameters + 2]."""
    parts = folds(c.cases, campaigns)
    asks = [Ask([x.id for x in inside], FOLD_DRAWS) for inside, _ in parts.values()]
    drawn = posteriors(c, asks, processes, renamed(progress, "posteriors"))
    return {name: with_values(u) for name, u in zip(parts, drawn, strict=True)}


def gates(
    draws: np.ndarray,
    out: Path,
    *,
    histories: int,
    seed: int = 1,
    processes: int | None = None,
    progress: Watch | None = None,
) -> dict[str, Any]:
    """The base-rate gate and the test of strikes from outside, under the posterior."""
    return {
        "gate": gate(
            histories,
            seed,
            draws,
            out=out / "gate",
            processes=processes,
            progress=renamed(progress, "base rates"),
        ),
        "strikes": strikes(
            seed=seed, values=draws, processes=processes, progress=renamed(progress, "strikes")
        ),
    }


def moved(u: np.ndarray) -> list[dict[str, Any]]:
    """Prior beside posterior, and how much of the prior's spread the cases took away. u: draws in
    the unit cube.
    """
    before, after, out = unit(prior(20_000, 1)), at(u), []
    for k, (key, p) in enumerate(parameters().items()):
        q = np.quantile(after[:, k], (0.1, 0.5, 0.9))
        narrowed = 1 - float(u[:, k].std() / before[:, k].std())
        shift = float(abs(u[:, k].mean() - before[:, k].mean()) / before[:, k].std())
        out.append(
            {
                "key": key,
                "says": p.why,
                "unit": p.unit,
                "low": p.low,
                "high": p.high,
                "log": p.log,
                "default": p.default,
                **{n: float(f"{x:.4g}") for n, x in zip(("q10", "q50", "q90"), q, strict=True)},
                "narrowed": round(narrowed, 3),
                "shifted": round(shift, 3),
                "moved": bool(narrowed > 0.15 or shift > 0.5),
            }
        )
    return out
