"""Finished studies to read: tables, survival, endings, costs, and a summary that machines and
people share.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from .. import wording as words
from ..endings import ENDINGS
from ..execution.afresh import afresh
from ..support.faults import Fault, near
from . import stats
from .folder import NEEDED, Folder
from .tables import NAMES

COSTS = {
    "killed_protest": "killed in protest",
    "executed": "executed",
    "killed_strikes": "killed by strikes",
    "injured": "injured in protest",
    "arrested": "arrested in protest",
    "jail_days": "days in jail",
    "exiled": "left the country",
    "hardship_days": "days below the poverty line per head",
}


EMPTY = {
    "run": pl.Int32,
    "ending": pl.String,
    "day": pl.Int32,
    "survived": pl.Float64,
    "reason": pl.String,
}


class Results:
    """A folder of results. `runs`, `series`, `moved`, `events`, `provinces` are Polars DataFrames."""

    def __init__(self, path: str | Path):
        self.folder = Folder(path)
        self.path = Path(path)
        self.manifest = self.folder.manifest()
        if not self.manifest:
            raise Fault(
                f"{path} holds no results (no manifest.json); give the folder that `thermidor run` wrote."
            )
        missing = [k for k in NEEDED if k not in self.manifest]
        if missing:
            raise Fault(
                f"{self.path / 'manifest.json'} is damaged: it lacks {', '.join(missing)}. The tables beside it can be read "
                "with any program that reads Parquet."
            )

    def __reduce__(self) -> tuple:
        return Results, (self.path,)

    @property
    def status(self) -> str:
        """running, stopped, finished or failed; one that ended without a word was stopped."""
        status = self.manifest["status"]
        return "stopped" if status == "running" and not self.folder.in_use() else status

    def scan(self, name: str) -> pl.LazyFrame:
        """A table as it will be read, joined or still in parts; an empty one of runs where none is
        finished.
        """
        if name not in NAMES:
            raise Fault(
                f"there is no table '{name}'; the tables are {', '.join(NAMES)}.{near(name, NAMES)}"
            )
        found = self.folder.parts.scan(name)
        if found is None and name == "runs":
            return pl.LazyFrame(schema=EMPTY)
        if found is None:
            there = [n for n in NAMES if self.folder.parts.scan(n) is not None]
            raise Fault(f"{self.path} has no table '{name}'; it has {', '.join(there) or 'none'}.")
        return found

    @afresh
    def table(self, name: str) -> pl.DataFrame:
        """One of runs, series, moved, events, provinces."""
        try:
            return self.scan(name).collect()
        except pl.exceptions.PolarsError as e:
            raise Fault(
                f"the table '{name}' in {self.path} is damaged ({str(e).splitlines()[0]}); the same command computes its "
                "futures anew."
            ) from e

    runs = cached_property(lambda self: self.table("runs"))
    series = cached_property(lambda self: self.table("series"))
    moved = cached_property(lambda self: self.table("moved"))
    events = cached_property(lambda self: self.table("events"))
    provinces = cached_property(lambda self: self.table("provinces"))

    finished = cached_property(lambda self: self._finished())

    @afresh
    def _finished(self) -> pl.DataFrame:
        """Futures that have an ending."""
        return self.runs.filter(pl.col("ending").is_not_null())

    @property
    def failed(self) -> int:
        return self.runs.height - self.finished.height

    def reasons(self) -> list[str]:
        """The commonest reasons for which futures failed, with their counts."""
        return self.folder.reasons()

    @afresh
    def survival(self) -> stats.Interval:
        """Share of futures still in power on the last day, with its Wilson interval."""
        return stats.share(int(self.finished["survived"].sum()), self.finished.height)

    def survival_bounds(self) -> tuple[float, float]:
        """Share of all futures in power at the end if those that failed all fell, and if none did."""
        lasted, every = int(self.finished["survived"].sum()), self.runs.height
        return (lasted / every, (lasted + self.failed) / every) if every else (0.0, 1.0)

    @property
    def off(self) -> frozenset[str]:
        """Mechanisms that are switched off on every day: what they hold carries nothing."""
        told = self.manifest.get("resolved") or {}
        start = dt.date.fromisoformat(self.manifest["start"])
        since = dt.date.fromisoformat(told.get("choices_from") or self.manifest["start"])
        later = since > start + dt.timedelta(days=1)
        return frozenset() if later else frozenset(told.get("switched_off") or ())

    @afresh
    def endings(self) -> dict[str, int]:
        """Futures by ending, every ending listed."""
        found = dict(self.finished["ending"].value_counts().iter_rows())
        return {e: int(found.get(e, 0)) for e in ENDINGS}

    @afresh
    def curve(self) -> dict[str, list[float]]:
        """Share of futures still in power by day."""
        ended = self.finished["ending"].to_numpy() != "in power"
        return stats.survival_curve(self.finished["day"].to_numpy(), ended, self.manifest["days"])

    @afresh
    def costs(self) -> dict[str, dict[str, float]]:
        """Median and the range of 90 of 100 futures for each cost to citizens."""
        out = {}
        for c in COSTS:
            if c in self.finished.columns and self.finished.height:
                low, median, high = np.quantile(self.finished[c].to_numpy(), [0.05, 0.5, 0.95])
                out[c] = {"median": float(median), "low": float(low), "high": float(high)}
        return out

    @afresh
    def carried_by(self, outcome: str | None = None, most: int = 5) -> list[dict[str, Any]]:
        """The assumptions that go with an outcome most: rank correlation over futures, with the
        chance of so much by luck.

        outcome: a column of `runs`; without one, survival by `chance`.
        """
        if outcome is None:
            return carriers(self.finished, chance(self.finished), most, ranked=False, off=self.off)
        return carriers(self.finished, self.finished[outcome].to_numpy(), most, off=self.off)

    @afresh
    def summary(self) -> dict[str, Any]:
        """What `thermidor run --json` prints."""
        m = self.manifest
        seconds = m.get("seconds", 0.0)
        return {
            "scenario": m["scenario"],
            "runs": self.runs.height,
            "finished": self.finished.height,
            "failed": self.failed,
            "status": m["status"],
            "days": m["days"],
            "citizens": m["citizens"],
            "agents": m["agents"],
            "seed": m["seed"],
            "fixed": m["fixed"],
            "endings": self.endings(),
            "survival": self.survival().as_dict(),
            "survival_bounds": dict(zip(("low", "high"), self.survival_bounds(), strict=True)),
            "costs": self.costs(),
            "carried_by": self.carried_by(),
            "seconds": seconds,
            "agent_days_per_second": round(m.get("agent_days", 0.0) / seconds) if seconds else None,
            "hash": m["hash"],
            "out": str(self.path),
        }

    @afresh
    def answer(self) -> str:
        """The answer in a sentence."""
        if not self.finished.height:
            reasons = self.reasons()
            return f"No future of {self.manifest['title']} is finished, so there is no answer{': ' if reasons else '.'}{'; '.join(reasons)}"
        return words.answer(
            self.survival(),
            self.manifest["days"],
            self.finished.height,
            self.failed,
            self.survival_bounds(),
        )

    def _repr_html_(self) -> str:
        ends = "".join(f"<tr><td>{e}</td><td>{n}</td></tr>" for e, n in self.endings().items() if n)
        costs = "".join(
            f"<tr><td>{COSTS[c]}</td><td>{words.number(v['median'])} ({words.number(v['low'])} to {words.number(v['high'])})</td></tr>"
            for c, v in self.costs().items()
        )
        return (
            f"<p><b>{self.answer()}</b></p><table><tr><th>ending</th><th>futures</th></tr>{ends}</table>"
            f"<table><tr><th>cost to citizens</th><th>median (90 of 100 futures)</th></tr>{costs}</table>"
        )


def chance(runs: pl.DataFrame) -> np.ndarray:
    """Survival future by future, float[futures], a coup counted by its daily chances: of the same
    mean as `survived`, with less luck in it.

    `survived` itself where nothing owns a chance of coups, or no future survived.
    """
    if "final_coup_risk" not in runs.columns or not runs["survived"].sum():
        return runs["survived"].to_numpy()
    return (
        runs["ending"].is_in(["in power", "coup"]).to_numpy() - runs["final_coup_risk"].to_numpy()
    )


def carriers(
    runs: pl.DataFrame,
    outcome: np.ndarray,
    most: int,
    ranked: bool = True,
    off: Collection[str] = (),
) -> list[dict[str, Any]]:
    """Assumptions by correlation of their ranks with those of an outcome; only those that differ
    between futures count.

    ranked: whether the outcome is ranked too. A chance is not: most futures differ in it by a
    thousandth, a few by nearly one. off: mechanisms that are switched off, whose assumptions are
    not named.

    The chance of as much by luck is at most 2 exp(-r^2 (n - 1)/2), however few futures carry the
    outcome: a rank is nearly uniform, and a uniform U of variance 1 has E exp(tU) = sinh(sqrt3
    t)/(sqrt3 t) <= exp(t^2/2), since (2k + 1)! >= 6^k k!.
    """
    from scipy.stats import rankdata

    names = [
        c
        for c in runs.columns
        if "." in c
        and c.partition(".")[0] not in off
        and runs[c].dtype == pl.Float64
        and runs[c].n_unique() > 1
    ]
    if not names or len(outcome) < 10 or np.ptp(outcome) == 0:
        return []
    x = np.stack([rankdata(runs[c].to_numpy()) for c in names])
    y = rankdata(outcome) if ranked else outcome
    x, y = (x - x.mean(1, keepdims=True)) / x.std(1, keepdims=True), (y - y.mean()) / y.std()
    r = x @ y / len(y)
    p = np.minimum(1.0, 2 * np.exp(-(r**2) * (len(y) - 1) / 2))
    return [
        {
            "assumption": names[k],
            "correlation": round(float(r[k]), 3),
            "chance": float(f"{p[k]:.2g}"),
            "beyond_luck": bool(p[k] * len(names) < 0.05),
        }
        for k in np.argsort(-np.abs(r))[:most]
    ]
