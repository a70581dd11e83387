"""The whole calibration: bank, posterior, one posterior for each country left out, forecasts, recovery, shuffled outcomes.

Results: posterior.json (the posterior of all cases, with the logistic baseline), folds.parquet (the others), board.json.
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
from scipy.special import expit

from .. import __version__
from . import calibrate as fit
from .bank import SHARED, at, bank, design, parameters, unit
from .baseline import base_rate, by_logistic, fit_logistic
from .cases import Case, table
from .covariates import Covariates
from .forecast import FUTURES, forecasts, row, totals
from .observe import CONTINUOUS
from .score import brier, skill

DRAWS, FOLD_DRAWS = 256, 128
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
    return {k: np.array([three[1] for c in cases if (three := getattr(c.observed, k))]) for k in CONTINUOUS}


def folds(cases: Sequence[Case]) -> dict[str, tuple[list[Case], list[Case]]]:
    """By name: cases that are fitted and cases that are forecast. One fold for each country, and one forward in time."""
    out = {}
    for name in sorted({country(c) for c in cases}):
        out[name] = ([c for c in cases if country(c) != name], [c for c in cases if country(c) == name])
    out[FORWARD] = ([c for c in cases if c.known.onset.year < LATER], [c for c in cases if c.known.onset.year >= LATER])
    return out


class Calibration:
    """Cases, their covariates and emulators from a bank; posteriors of any of them."""

    def __init__(self, cases: Sequence[Case], known: Sequence[Covariates], made: pl.DataFrame, values: np.ndarray, seed: int = 1):
        self.cases, self.known, self.seed = list(cases), dict(zip((c.id for c in cases), known, strict=True)), seed
        self.emulators = fit.emulate(made, values, {i: (c.frailty, c.backing, c.revolution) for i, c in self.known.items()})
        self.facts = {c.id: fit.facts(c) for c in cases}

    def posterior(self, ids: Sequence[str], draws: int, facts: dict[str, fit.Facts] | None = None, steps: int = fit.STEPS) -> tuple[np.ndarray, float]:
        """Draws from the posterior of these cases, in the unit cube, and the autocorrelation time of the chain."""
        likelihood = fit.Likelihood([self.emulators[i] for i in ids], facts or self.facts)
        return fit.sample(likelihood, draws, self.seed, steps=steps, burn=steps // 3)

    def shuffled(self, repeats: int) -> list[float]:
        """Skill out of sample when the outcomes have been dealt out anew among the cases; forecasts by the emulators."""
        rng, ids = np.random.default_rng(self.seed), [c.id for c in self.cases]
        found = []
        for _ in range(repeats):
            dealt = dict(zip(ids, (self.cases[k] for k in rng.permutation(len(ids))), strict=True))
            facts = {i: fit.Facts(float(c.observed.fell), *fit.target(c.observed), self.facts[i].weeks) for i, c in dealt.items()}
            p, rates, fell = [], [], []
            for part in np.array_split(rng.permutation(len(ids)), 5):
                inside = [i for k, i in enumerate(ids) if k not in part]
                u, _ = self.posterior(inside, 200, facts, steps=1500)
                for k in part:
                    p.append(expit(fit.features(u) @ self.emulators[ids[k]].chance).mean())
                    rates.append(np.mean([facts[i].fell for i in inside]))
                    fell.append(facts[ids[k]].fell)
            found.append(skill(brier(p, fell), brier(rates, fell)))
        return found

    def recovery(self, again: pl.DataFrame, truths: np.ndarray) -> dict[str, Any]:
        """Simulation-based calibration (Talts and others 2018): parameters planted in simulated cases, and where they come back.

        again: futures of every case under each row of truths (drawn from the prior). The rank of a truth among the draws of its
        posterior is uniform if all is well, and lies inside the central 80 % in 80 of 100.
        """
        planted, ranks = unit(truths), []
        for m, mine in again.filter(pl.col("peak") >= fit.SEEN).group_by("draw", maintain_order=True):
            facts = {}
            for r in mine.iter_rows(named=True):
                real = self.facts[r["case"]]
                rng = np.random.default_rng([self.seed, m[0], len(facts)])
                y = np.where(np.isfinite(real.value), [r[k] for k in CONTINUOUS] + rng.normal(0, real.error), np.nan)
                facts[r["case"]] = fit.Facts(r["fell"], y, real.error, self._weeks(r, rng))
            u, _ = self.posterior(list(facts), 200, facts, steps=1500)
            ranks.append((u < planted[m[0]]).mean(0))
        ranks = np.array(ranks)
        inside = (ranks > 0.1) & (ranks < 0.9)
        return {"draws": len(ranks), "inside80": float(inside.mean()), "by_parameter": dict(zip(SHARED, inside.mean(0).round(3).tolist(), strict=True)),
                "ranks": {k: np.histogram(ranks[:, i], bins=10, range=(0, 1))[0].tolist() for i, k in enumerate(SHARED)}}

    def _weeks(self, r: dict[str, Any], rng: np.random.Generator) -> list[tuple[float, float]]:
        weeks = self.facts[r["case"]].weeks
        if not weeks:
            return []
        _, first, at_weeks = fit.WEEKLY[r["case"]]
        ratios = [r[f"week{w}"] - r[f"week{first}"] for w in at_weeks]  # not finite where the regime had ended: then it says nothing
        return [(x + rng.normal(0, error), error) if np.isfinite(x) else (0.0, np.inf) for x, (_, error) in zip(ratios, weeks, strict=True)]


def prior(draws: int, seed: int) -> np.ndarray:
    """Draws of the shared parameters as a future without a posterior makes them (triangular), float[draws, parameters]."""
    u = np.random.default_rng(seed).random((draws, len(SHARED)))
    mode = fit.modes()
    return at(np.where(u < mode, np.sqrt(u * mode), 1 - np.sqrt((1 - u) * (1 - mode))))


def calibrate(cases: Sequence[Case], known: Sequence[Covariates], out: Path, *, draws: int = 512, recoveries: int = 128, shuffles: int = 10,
              histories: int = 1000, seed: int = 1, panel: str | None = None, processes: int | None = None, progress: Progress | None = None) -> dict[str, Any]:
    """Everything above, kept in `out` as it is made; the same call goes on from there. Returns the board."""
    say = progress or (lambda *_: None)
    out.mkdir(parents=True, exist_ok=True)
    values = design(draws, seed)
    made = bank(known, values, seed=seed, out=out / "bank", processes=processes, progress=lambda k, n: say("bank", k, n))
    c = Calibration(cases, known, made, values, seed)
    ids = [x.id for x in cases]
    everyone, tau = c.posterior(ids, DRAWS)
    parts, folded = folds(cases), {}
    for k, (name, (inside, _)) in enumerate(parts.items()):
        folded[name] = at(c.posterior([x.id for x in inside], FOLD_DRAWS)[0])
        say("posteriors", k + 1, len(parts))
    tables = [pl.DataFrame(v.astype(np.float32), schema=list(SHARED)).with_columns(fold=pl.lit(k)) for k, v in folded.items()]
    pl.concat(tables).write_parquet(out / "folds.parquet")
    fell = [bool(x.observed.fell) for x in cases]
    data = {"made": {"version": __version__, "cases": fingerprint(), "panel": panel, "seed": seed, "draws": draws,
                     "autocorrelation_steps": round(tau, 1), "date": str(dt.date.today())}, "keys": list(SHARED),
            "draws": [[float(f"{x:.5g}") for x in r] for r in at(everyone)],
            "logistic": fit_logistic(known, fell) | {"base_rate": base_rate(fell)}}
    (out / "posterior.json").write_text(json.dumps(data, indent=None, separators=(",", ":")), encoding="utf-8")

    truths = prior(recoveries, seed + 100)
    again = bank(known, truths, seed=seed + 100, out=out / "again", processes=processes, progress=lambda k, n: say("recovery futures", k, n))
    recovery = c.recovery(again, truths)
    shuffled = c.shuffled(shuffles)
    board = out_of_sample(cases, c.known, folded, out, processes=processes, progress=say)
    board["made"] |= {"panel": panel, "seed": seed, "posterior_sha256": hashlib.sha256((out / "posterior.json").read_bytes()).hexdigest()[:16]}
    board |= {"parameters": moved(everyone), "recovery": recovery, "shuffled": {"repeats": shuffles, "skill": shuffled, "mean": float(np.mean(shuffled))}}
    board |= gates(at(everyone), out, histories=histories, seed=seed, processes=processes, progress=say)
    (out / "board.json").write_text(json.dumps(board, indent=1), encoding="utf-8")
    return board


def gates(draws: np.ndarray, out: Path, *, histories: int, seed: int = 1, processes: int | None = None, progress: Progress | None = None) -> dict[str, Any]:
    """The base-rate gate and the test of strikes from outside, under the posterior."""
    from .gate import gate
    from .strikes import strikes
    say = progress or (lambda *_: None)
    return {"gate": gate(histories, seed, draws, out=out / "gate", processes=processes, progress=lambda k, n: say("base rates", k, n)),
            "strikes": strikes(seed=seed, values=draws, processes=processes, progress=lambda k, n: say("strikes", k, n))}


def out_of_sample(cases: Sequence[Case], known: Mapping[str, Covariates], folded: Mapping[str, np.ndarray], out: Path | None, *,
                  futures: int = FUTURES, processes: int | None = None, progress: Progress | None = None) -> dict[str, Any]:
    """Every case forecast by a posterior that has not seen its country; and the cases since 2011 by one of the cases before."""
    say, told = progress or (lambda *_: None), {}
    parts = folds(cases)
    for split, names in (("leave one country out", [n for n in parts if n != FORWARD]), (f"forward: fitted before {LATER}", [FORWARD])):
        tested = [(x, n) for n in names for x in parts[n][1]]
        ensembles = forecasts([known[x.id] for x, _ in tested], {x.id: folded[n] for x, n in tested}, futures=futures,
                              out=out / ("forecasts" if names[0] != FORWARD else FORWARD) if out else None, processes=processes,
                              progress=lambda k, n, label=split: say(label, k, n))
        rows = []
        for x, n in tested:
            inside = parts[n][0]
            fell = [bool(i.observed.fell) for i in inside]
            plain = by_logistic(fit_logistic([known[i.id] for i in inside], fell), known[x.id])
            rows.append(row(x, known[x.id], ensembles[x.id], base_rate(fell), plain, observed(inside), country(x)))
        told[split] = rows
    first, *_ = told
    both = {name: totals(rows) for name, rows in told.items()}
    kept = ("brier", "brier_base", "skill", "skill_low", "skill_high", "auc", "logistic", "crps", "coverage")
    splits = [{"name": name, "n": t["n"]} | {k: t[k] for k in kept} for name, t in both.items()]
    return {"made": {"version": __version__, "cases_sha256": fingerprint(), "futures_per_case": futures, "date": str(dt.date.today())},
            "cases": sorted(told[first], key=lambda r: r["onset"]), "not_used": {}, "totals": both[first] | {"splits": splits}}


def moved(u: np.ndarray) -> list[dict[str, Any]]:
    """Prior beside posterior, and how much of the prior's spread the cases took away. u: draws in the unit cube."""
    before, after, out = unit(prior(20_000, 1)), at(u), []
    for k, (key, p) in enumerate(parameters().items()):
        q = np.quantile(after[:, k], (0.1, 0.5, 0.9))
        narrowed = 1 - float(u[:, k].std() / before[:, k].std())
        shift = float(abs(u[:, k].mean() - before[:, k].mean()) / before[:, k].std())
        out.append({"key": key, "says": p.why, "unit": p.unit, "low": p.low, "high": p.high, "log": p.log, "default": p.default,
                    **{n: float(f"{x:.4g}") for n, x in zip(("q10", "q50", "q90"), q, strict=True)}, "narrowed": round(narrowed, 3),
                    "shifted": round(shift, 3), "moved": bool(narrowed > 0.15 or shift > 0.5)})
    return out
