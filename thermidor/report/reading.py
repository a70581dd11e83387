"""A folder of results as the page reads it: what is missing is empty, so that every section can say so."""
from __future__ import annotations

import datetime as dt
import json
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from ..faults import Fault
from ..study.results import Results

POINTS = 183  # a series is thinned to about as many points: finer than a line on paper shows
WEEK = 7


class Reading:
    """The results, what the scenario rests on, the claims if they were tested, and the tables that are there."""

    def __init__(self, folder: str | Path):
        self.results = Results(folder)
        self.path = Path(folder)
        self.manifest = self.results.manifest
        self.model = self._json("model.json")
        self.claims = self._json("claims.json") or None
        self.days = int(self.manifest["days"])
        self.start = dt.date.fromisoformat(self.manifest["start"])

    def _json(self, name: str) -> dict[str, Any]:
        path = self.path / name
        if not path.exists():
            return {}
        try:
            return json.loads(path.read_text(encoding="utf-8"))
        except ValueError as e:
            raise Fault(f"{path} is damaged ({e}); make it again with `thermidor {'claims' if name == 'claims.json' else 'run'}`.") from e

    @property
    def finished(self) -> pl.DataFrame:
        """Futures that have an ending."""
        return self.results.finished

    @property
    def n(self) -> int:
        return self.finished.height

    @property
    def ended(self) -> pl.DataFrame:
        """Futures in which the group in power lost it."""
        return self.finished.filter(pl.col("ending") != "in power")

    def columns(self, table: str) -> list[str]:
        """The columns of a table; none if it is missing."""
        found = self.results.folder.parts.scan(table)
        return [] if found is None else found.collect_schema().names()

    def scan(self, table: str) -> pl.LazyFrame:
        return self.results.scan(table)

    def has(self, table: str, *names: str) -> bool:
        """Whether a table is there with these columns."""
        return bool(names) and set(names) <= set(self.columns(table))

    @cached_property
    def step(self) -> int:
        """Days between two points of a drawn series."""
        return max(1, -(-self.days // POINTS))

    def drawn(self, columns: list[str], last: int | None = None) -> pl.DataFrame:
        """Daily series, thinned to the points that are drawn; the last day is always kept."""
        day = pl.col("day")
        return self.scan("series").select("run", "day", *columns).filter((day % self.step == 0) | (day == (self.days if last is None else last))).collect()

    def series(self, name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Runs, days and a matrix of one daily series over them; after a future's end there is nothing (NaN)."""
        frame = self.drawn([name]).filter(pl.col("run").is_in(self.finished["run"].to_list()))
        runs, days = np.unique(frame["run"].to_numpy()), np.unique(frame["day"].to_numpy())
        out = np.full((len(runs), len(days)), np.nan)
        out[np.searchsorted(runs, frame["run"].to_numpy()), np.searchsorted(days, frame["day"].to_numpy())] = frame[name].to_numpy()
        return runs, days, out

    def at_end(self, name: str, runs: list[int]) -> dict[int, tuple[int, float]]:
        """The last day of these futures and the value of a series on it; thinned series seldom hold it."""
        last = self.finished.filter(pl.col("run").is_in(runs)).select("run", pl.col("day").cast(pl.Int32))
        found = self.scan("series").select("run", "day", name).join(last.lazy(), on=["run", "day"]).collect()
        return {r: (int(d), float(v)) for r, d, v in found.iter_rows()}

    @cached_property
    def states(self) -> dict[str, dict[str, Any]]:
        """What each state says and its unit."""
        return {k: q for m in self.model.get("mechanisms", []) for k, q in m["owns"].items()}

    @cached_property
    def channels(self) -> dict[str, dict[str, Any]]:
        """What each channel says and its unit, and who listens."""
        return {k: q | {"listener": m["name"]} for m in self.model.get("mechanisms", []) for k, q in m["opens"].items()}

    @cached_property
    def population(self) -> float:
        return float(sum(p["population"] for p in self.model.get("provinces", [])))

    def date(self, day: int, short: bool = False) -> str:
        """The calendar date of a day of the run."""
        try:
            d = self.start + dt.timedelta(days=int(day))
        except OverflowError:
            return ""
        return f"{d.day} {d:%b} {d.year}" if short else f"{d.day} {d:%B} {d.year}"

    @cached_property
    def time(self) -> dict[str, Any]:
        """Where the axis of time has its marks: days, or years if there are many."""
        return time_axis(self.days, f"from {self.date(0)}")


def time_axis(days: int, since: str) -> dict[str, Any]:
    """At most seven marks from the first day to the last."""
    unit, word = (365.25, "years") if days > 1100 else (1.0, "days")
    span = days / unit
    sizes = [1, 2, 5, 10, 15, 30, 60, 90, 120, 180, 240, 365] if unit == 1 else [m * 10**k for k in range(6) for m in (1, 2, 5)]
    step = next((s for s in sizes if s >= span / 5), sizes[-1])
    marks = [k * step for k in range(int(span / step) + 1)]
    if span - marks[-1] > 0.4 * step:
        marks.append(span)
    elif marks[-1] != span and len(marks) > 1:
        marks[-1] = span
    ticks = [{"day": m * unit, "label": f"{m:g}" if unit == 1 or m == int(m) else f"{m:.1f}"} for m in marks]
    return {"days": days, "label": f"{word} {since}", "ticks": ticks}
