"""The whole calibration: bank, posterior, one posterior for each country left out, forecasts,
recovery, shuffled outcomes.

Results: posterior.json (the posterior of all cases, with the logistic baseline), folds.parquet (the
others), board.json.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from .. import __version__
from . import likelihood as fit
from .baseline import base_rate, by_logistic, fit_logistic
from .diagnostics import recovery, shuffled
from .emulator import emulate
from .forecast import FUTURES, forecasts, row, totals
from .quiet import LONG, Breaks, breaks, quiet
from .simulated.bank import SHARED, at, bank, design, parameters, unit
from .simulated.observe import CONTINUOUS
from .tables.case import Case
from .tables.covariates import Covariates
from .tables.tablefile import table

DRAWS, FOLD_DRAWS = 256, 128
NEAR, LIVES = (
    64,
    200,
)  # draws of a first posterior for futures of the cases, and of a second for quiet times
LATER = 2011  # the forward split fits cases before that year and forecasts the rest
SAME = {"Burma": "Myanmar", "FR Yugoslavia": "Serbia"}
FORWARD = "forward"
Progress = Callable[[str, int, int], None]


def country(case: Case) -> str:
    """A country's cases are left out together."""
    return SAME.get(case.known.country, case.known.country)


def fingerprint() -> str:
    """Of the table of cases that comes with the package."""
    return hashlib.sha256(table("cases.csv").read_bytes()).hexdigest()[:16]


def observed(cases: Sequence[Case]) -> dict[str, np.ndarray]:
    """Values seen of cases, by quantity."""
    return {
        k: np.array([three[1] for c in cases if (three := getattr(c.observed, k))])
        for k in CONTINUOUS
    }


def folds(cases: Sequence[Case]) -> dict[str, tuple[list[Case], list[Case]]]:
    """By name: cases that are fitted and cases that are forecast. One fold for each country, and
    one forward in time.
    """
    out = {}
    for name in sorted({country(c) for c in cases}):
        out[name] = (
            [c for c in cases if country(c) != name],
            [c for c in cases if country(c) == name],
        )
    out[FORWARD] = (
        [c for c in cases if c.known.onset.year < LATER],
        [c for c in cases if c.known.onset.year >= LATER],
    )
    return out


class Calibration:
    """Cases, their covariates and emulators from a bank; posteriors of any of them."""

    def __init__(
        self,
        cases: Sequence[Case],
        known: Sequence[Covariates],
        made: pl.DataFrame,
        values: np.ndarray,
        seed: int = 1,
        quiet: Breaks | None = None,
    ):
        self.cases, self.known, self.seed = (
            list(cases),
            dict(zip((c.id for c in cases), known, strict=True)),
            seed,
        )
        self.emulators, self.common = emulate(
            made, values, {i: (c.frailty, c.backing, c.revolution) for i, c in self.known.items()}
        )
        self.quiet = quiet
        self.facts = {c.id: fit.facts(c) for c in cases}

    def posterior(
        self,
        ids: Sequence[str],
        draws: int,
        facts: dict[str, fit.Facts] | None = None,
        steps: int = fit.STEPS,
        base_rates: bool = True,
    ) -> tuple[np.ndarray, float]:
        """Draws from the posterior of these cases, in the unit cube, and the autocorrelation time
        of the chain.
        """
        likelihood = fit.Likelihood(
            [self.emulators[i] for i in ids],
            self.common,
            facts or self.facts,
            self.quiet if base_rates else None,
        )
        return fit.sample(likelihood, draws, self.seed, steps)


def prior(draws: int, seed: int) -> np.ndarray:
    """Draws of the shared parameters as a future without a posterior makes them (triangular),
    float[draws, parameters].
    """
    u = np.random.default_rng(seed).random((draws, len(SHARED)))
    mode = fit.modes()
    return at(np.where(u < mode, np.sqrt(u * mode), 1 - np.sqrt((1 - u) * (1 - mode))))


def both(made: pl.DataFrame, near: pl.DataFrame, draws: int) -> pl.DataFrame:
    """The two parts of a bank in one table; draws of the second are numbered from `draws`."""
    return pl.concat(
        [
            made.with_columns(near=pl.lit(False)),
            near.with_columns(pl.col("draw") + draws, near=pl.lit(True)),
        ]
    )


def calibrate(
    cases: Sequence[Case],
    known: Sequence[Covariates],
    out: Path,
    *,
    draws: int = 512,
    recoveries: int = 128,
    shuffles: int = 10,
    histories: int = 1000,
    seed: int = 1,
    panel: str | None = None,
    processes: int | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Everything above, kept in `out` as it is made; the same call goes on from there. Returns the
    board.
    """
    say = progress or (lambda *_: None)
    out.mkdir(parents=True, exist_ok=True)
    values = design(draws, seed)
    made = bank(
        known,
        values,
        seed=seed,
        out=out / "bank",
        processes=processes,
        progress=lambda k, n: say("bank", k, n),
    )
    lived = quiet(
        values,
        seed=seed,
        out=out / "quiet",
        processes=processes,
        progress=lambda k, n: say("quiet times", k, n),
    )
    rates, ids = breaks((lived, values)), [x.id for x in cases]
    first = at(Calibration(cases, known, made, values, seed, rates).posterior(ids, NEAR)[0])
    near = bank(
        known,
        first,
        seed=seed + 50,
        out=out / "near",
        processes=processes,
        progress=lambda k, n: say("bank near the posterior", k, n),
    )
    c = Calibration(
        cases, known, both(made, near, draws), np.concatenate([values, first]), seed, rates
    )
    second = at(c.posterior(ids, DRAWS)[0])[:LIVES]
    long = quiet(
        second,
        LONG,
        seed=seed,
        out=out / "quiet",
        processes=processes,
        progress=lambda k, n: say("quiet times near it", k, n),
    )
    c.quiet = breaks((lived, values), (long, second))
    everyone, tau = c.posterior(ids, DRAWS)
    parts, folded = folds(cases), {}
    for k, (name, (inside, _)) in enumerate(parts.items()):
        folded[name] = at(c.posterior([x.id for x in inside], FOLD_DRAWS)[0])
        say("posteriors", k + 1, len(parts))
    tables = [
        pl.DataFrame(v.astype(np.float32), schema=list(SHARED)).with_columns(fold=pl.lit(k))
        for k, v in folded.items()
    ]
    pl.concat(tables).write_parquet(out / "folds.parquet")
    fell = [bool(x.observed.fell) for x in cases]
    data = {
        "made": {
            "version": __version__,
            "cases": fingerprint(),
            "panel": panel,
            "seed": seed,
            "draws": draws,
            "autocorrelation_steps": round(tau, 1),
            "date": str(dt.date.today()),
        },
        "keys": list(SHARED),
        "draws": [[float(f"{x:.5g}") for x in r] for r in at(everyone)],
        "logistic": fit_logistic(known, fell) | {"base_rate": base_rate(fell)},
    }
    (out / "posterior.json").write_text(
        json.dumps(data, indent=None, separators=(",", ":")), encoding="utf-8"
    )

    truths = prior(
        recoveries, seed + 200
    )  # the power of the likelihood was set with those of seed + 100
    again = bank(
        known,
        truths,
        seed=seed + 200,
        out=out / "again",
        processes=processes,
        progress=lambda k, n: say("recovery futures", k, n),
    )
    found, dealt = recovery(c, again, truths), shuffled(c, shuffles)
    board = out_of_sample(cases, c.known, folded, out, processes=processes, progress=say)
    board["made"] |= {
        "panel": panel,
        "seed": seed,
        "posterior_sha256": hashlib.sha256((out / "posterior.json").read_bytes()).hexdigest()[:16],
    }
    board |= {
        "parameters": moved(everyone),
        "recovery": found,
        "shuffled": {"repeats": shuffles, "skill": dealt, "mean": float(np.mean(dealt))},
    }
    board |= gates(
        at(everyone), out, histories=histories, seed=seed, processes=processes, progress=say
    )
    (out / "board.json").write_text(json.dumps(board, indent=1), encoding="utf-8")
    return board


def gates(
    draws: np.ndarray,
    out: Path,
    *,
    histories: int,
    seed: int = 1,
    processes: int | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """The base-rate gate and the test of strikes from outside, under the posterior."""
    from .simulated.gate import gate
    from .simulated.strikes import strikes

    say = progress or (lambda *_: None)
    return {
        "gate": gate(
            histories,
            seed,
            draws,
            out=out / "gate",
            processes=processes,
            progress=lambda k, n: say("base rates", k, n),
        ),
        "strikes": strikes(
            seed=seed, values=draws, processes=processes, progress=lambda k, n: say("strikes", k, n)
        ),
    }


def out_of_sample(
    cases: Sequence[Case],
    known: Mapping[str, Covariates],
    folded: Mapping[str, np.ndarray],
    out: Path | None,
    *,
    futures: int = FUTURES,
    processes: int | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Every case forecast by a posterior that has not seen its country; and the cases since 2011 by
    one of the cases before.
    """
    say, told = progress or (lambda *_: None), {}
    parts = folds(cases)
    for split, names in (
        ("leave one country out", [n for n in parts if n != FORWARD]),
        (f"forward: fitted before {LATER}", [FORWARD]),
    ):
        tested = [(x, n) for n in names for x in parts[n][1]]
        ensembles = forecasts(
            [known[x.id] for x, _ in tested],
            {x.id: folded[n] for x, n in tested},
            futures=futures,
            out=out / ("forecasts" if names[0] != FORWARD else FORWARD) if out else None,
            processes=processes,
            progress=lambda k, n, label=split: say(label, k, n),
        )
        rows = []
        for x, n in tested:
            inside = parts[n][0]
            fell = [bool(i.observed.fell) for i in inside]
            plain = by_logistic(fit_logistic([known[i.id] for i in inside], fell), known[x.id])
            rows.append(
                row(
                    x,
                    known[x.id],
                    ensembles[x.id],
                    base_rate(fell),
                    plain,
                    observed(inside),
                    country(x),
                )
            )
        told[split] = rows
    first, *_ = told
    both = {name: totals(rows) for name, rows in told.items()}
    kept = (
        "brier",
        "brier_base",
        "skill",
        "skill_low",
        "skill_high",
        "auc",
        "logistic",
        "crps",
        "coverage",
    )
    splits = [{"name": name, "n": t["n"]} | {k: t[k] for k in kept} for name, t in both.items()]
    return {
        "made": {
            "version": __version__,
            "cases_sha256": fingerprint(),
            "futures_per_case": futures,
            "date": str(dt.date.today()),
        },
        "cases": sorted(told[first], key=lambda r: r["onset"]),
        "not_used": {},
        "totals": both[first] | {"splits": splits},
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
