"""A folder of results as the page reads it: what is missing or damaged is empty, and is told."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from ...endings import ENDINGS
from ...study import stats
from ...study.costs import of_model
from ...study.results import AT_ONCE, Study, carriers, chance
from ...support.faults import Fault
from ...wording import FEW, part, span
from ..parts.files import TROUBLE, Damaged, fields, manifest, read_json, regular, said
from ..parts.plain import NAME, plain
from ..parts.rows import columns, finished, most_rows
from ..parts.shapes import Judged, Model, Sightings

POINTS = 183  # a series is thinned to about as many points: finer than a line on paper shows
WEEK = 7
MOST_ENDINGS = 40
CLOSE_IN = ("day", "peak_turnout_country", "mean_strength", "mean_reserves", "mean_campaign")
NO_RUNS = pl.DataFrame(
    schema={
        "run": pl.Int32,
        "ending": pl.String,
        "day": pl.Int32,
        "survived": pl.Float64,
        "reason": pl.String,
    }
)


class StudyView:
    """The results, what the scenario rests on, the claims if they were tested, the tables there.

    damage: for each file that is damaged or missing, why. Raises Fault if there is no manifest that
    can be view.
    """

    def __init__(self, folder: str | Path):
        self.path = Path(folder)
        self.damage: dict[str, list[str]] = {}
        self._opened: dict[str, pl.LazyFrame | None] = {}
        self._columns: dict[str, list[str]] = {}
        self.manifest, bad = manifest(self.path)
        for why in bad.values():
            self.note("manifest.json", why)
        self.days = int(self.manifest["days"])
        self.start = dt.date.fromisoformat(self.manifest["start"])
        self.lost_in_model: dict[str, str] = {}
        self.model = self._model()
        self.called = of_model(self.model)  # costs to citizens by column
        self.parameters: list[str] = []  # columns of assumptions that are of use
        self.claims = self._claims()
        self.results = Study(folder)
        self.results.manifest = self.manifest
        self.results.__dict__["runs"] = self._runs()

    def note(self, file: str, why: str) -> None:
        """Keep that a file is damaged, and why."""
        known = self.damage.setdefault(file, [])
        if why not in known:
            known.append(why)

    def _model(self) -> dict[str, Any]:
        empty = {"endings": dict(ENDINGS), "citations": {}, "outlines": None, "claims_of": None}
        good: dict[str, Any] = {}
        try:
            data = read_json(self.path / "model.json")
            good, self.lost_in_model = fields(Model, data, "model.json", rough=("outlines",))
            for why in self.lost_in_model.values():
                self.note("model.json", why)
        except Damaged as e:
            self.note(e.file, e.why)
            self.lost_in_model = dict.fromkeys(Model.model_fields, e.why)
        return {k: empty.get(k, []) for k in Model.model_fields} | good

    def _claims(self) -> dict[str, Any] | None:
        path = self.path / "claims.json"
        if not path.exists() and not path.is_symlink():
            return None
        try:
            good, bad = fields(Judged, read_json(path), path.name)
        except Damaged as e:
            good, bad = {}, {"claims": e.why}
        for why in bad.values():
            self.note(path.name, why)
        return good if "claims" in good else None

    @cached_property
    def seen(self) -> dict[str, Any] | None:
        """What was observed, if the study was given any of it."""
        path = self.path / "seen.json"
        if not path.exists() and not path.is_symlink():
            return None
        try:
            good, bad = fields(Sightings, read_json(path), path.name)
        except Damaged as e:
            good, bad = {}, {"observations": e.why}
        for why in bad.values():
            self.note(path.name, why)
        return good if {"title", "observations"} <= set(good) else None

    def sightings(self, series: str) -> list[dict[str, Any]]:
        """Observations of a series by day of the run, each with its place among the futures.

        below: futures still in power on the day that lie below the value, of `futures` there are.
        """
        rows = [o for o in (self.seen or {}).get("observations", ()) if o["series"] == series]
        if not rows or not self.has("series", "run", "day", series):
            return []
        out = []
        for o in sorted(rows, key=lambda o: str(o["date"])):
            day = (dt.date.fromisoformat(o["date"]) - self.start).days
            if not 0 <= day <= self.days:
                continue
            values = (
                self.scan("series")
                .filter(pl.col("day") == day)
                .select(pl.col(series).cast(pl.Float64))
                .drop_nulls()
                .collect()[series]
                .to_numpy()
            )
            value = float(o["value"])
            low, high = (value if o.get(k) is None else float(o[k]) for k in ("low", "high"))
            out.append(
                o
                | {
                    "day": day,
                    "value": value,
                    "low": low,
                    "high": high,
                    "futures": len(values),
                    "below": int((values < value).sum()),
                    "within": int(((values >= low) & (values <= high)).sum()),
                }
            )
        return out

    def _runs(self) -> pl.DataFrame:
        """The futures, with the columns that the page needs and that hold numbers throughout."""
        file = "runs.parquet"
        try:
            table = self._open("runs")
            if table is None:  # stopped before one was on disk
                return NO_RUNS
            needed = {
                "run",
                "ending",
                "day",
                "survived",
                "reason",
                "final_coup_risk",
                *self.called,
                *CLOSE_IN,
            }
            names = columns("runs", table, most_rows("runs", 0, self.days))
            runs = table.select(c for c in names if c in needed).collect()
            done = finished(runs, self.days)
            gaps = _gaps(done)
            parameters = [c for c in names if "." in c]
            for k in range(0, len(parameters), AT_ONCE):  # they are many, and read when needed
                some = table.select("ending", *parameters[k : k + AT_ONCE])
                gaps += _gaps(some.filter(pl.col("ending").is_not_null()).collect())
            self.parameters = [c for c in parameters if c not in gaps]
        except Damaged as e:
            self.note(e.file, e.why)
            return NO_RUNS
        except TROUBLE as e:
            self.note(file, f"it cannot be read ({said(e)})")
            return NO_RUNS
        if gaps:
            first = min(gaps, key=names.index)
            self.note(
                file,
                f"its column '{plain(first, NAME)}' does not hold a number in "
                "every finished future and is left out",
            )
        return runs.drop(c for c in gaps if c in runs.columns)

    @property
    def keep(self) -> str:
        """Which tables were to be kept: runs, series or all."""
        return str(self.manifest["keep"])

    @property
    def finished(self) -> pl.DataFrame:
        """Futures that have an ending."""
        return self.results.finished

    @property
    def n(self) -> int:
        return self.finished.height

    @property
    def failed(self) -> pl.DataFrame:
        """Futures that could not be finished."""
        return self.results.runs.filter(pl.col("ending").is_null())

    @property
    def ended(self) -> pl.DataFrame:
        """Futures in which the group in power lost it."""
        return self.finished.filter(pl.col("ending") != "in power")

    @cached_property
    def endings(self) -> dict[str, int]:
        """Futures by ending: those that the rules know first, then any that they do not know."""
        found = Counter(self.finished["ending"].to_list())
        known = self.model["endings"] or ENDINGS
        rest = [e for e, _ in found.most_common() if e not in known and e not in ENDINGS]
        more = [e for e in known if e not in ENDINGS]
        return {e: found[e] for e in [*ENDINGS, *more, *rest][:MOST_ENDINGS]}

    def share(self, n: int) -> stats.Interval:
        """A share of the finished futures, with its interval."""
        return stats.share(n, self.n)

    @cached_property
    def off(self) -> set[str]:
        """Mechanisms that were switched off on every day: they move nothing, and are left out."""
        since = (self.manifest["resolved"] or {}).get("choices_from")
        if isinstance(since, str) and since > str(self.start + dt.timedelta(days=1)):
            return set()  # switched off on a later day: they spoke before
        return {m["name"] for m in self.model["mechanisms"] if m["switched_off"]}

    @cached_property
    def carriers(self) -> list[dict[str, Any]]:
        """The assumptions that go with survival, strongest first; none of what is switched off."""
        if self.n < 2 or self.manifest.get("sweep"):  # its points share their luck
            return []
        done = self.scan("runs").filter(pl.col("ending").is_not_null()).select(self.parameters)
        found = carriers(done, chance(self.finished), most=99_999, ranked=False, off=self.off)
        return [c._asdict() for c in found]

    def _open(self, table: str) -> pl.LazyFrame | None:
        """A table as it lies on disk, looked up once; None if there is none. Raises Damaged."""
        if table not in self._opened:
            self._opened[table] = self._found(table)
        return self._opened[table]

    def _found(self, table: str) -> pl.LazyFrame | None:
        parts = self.results.folder.parts
        for path in [parts.file(name, table) for name in parts.names()]:
            if (path.exists() or path.is_symlink()) and not regular(path):
                raise Damaged(path.name, "it is no file of its own")
        try:
            return parts.scan(table)
        except Fault as e:
            raise Damaged(f"{table}.parquet", e.faults[0]) from e
        except TROUBLE as e:
            raise Damaged(f"{table}.parquet", f"it is no Parquet file ({said(e)})") from e

    def columns(self, table: str) -> list[str]:
        """The columns of a table that can be read; none if it is missing or damaged."""
        if table not in self._columns:
            most = most_rows(table, self.results.runs.height, self.days)
            try:
                found = self._open(table)
                self._columns[table] = [] if found is None else columns(table, found, most)
            except Damaged as e:
                self.note(e.file, e.why)
                self._columns[table] = []
        return self._columns[table]

    def scan(self, table: str) -> pl.LazyFrame:
        """A table whose columns were found good."""
        found = self._open(table)
        return found if found is not None else pl.LazyFrame()

    def has(self, table: str, *names: str) -> bool:
        """Whether a table is there with these columns."""
        return bool(names) and set(names) <= set(self.columns(table))

    @cached_property
    def step(self) -> int:
        """Days between two points of a drawn series."""
        return max(1, -(-self.days // POINTS))

    def thinned(self, columns: list[str], last: int | None = None) -> pl.DataFrame:
        """Daily series, thinned to the points that are drawn; the last day is always kept."""
        day, end = pl.col("day"), self.days if last is None else last
        kept = day.is_between(0, self.days) & ((day % self.step == 0) | (day == end))
        return self.scan("series").select("run", "day", *columns).filter(kept).collect()

    def series(self, name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Runs, days and a matrix of one daily series; after a future's end there is NaN."""
        frame = self.thinned([name]).filter(pl.col("run").is_in(self.finished["run"].to_list()))
        runs = np.unique(frame["run"].to_numpy())
        days = np.unique(frame["day"].to_numpy())
        out = np.full((len(runs), len(days)), np.nan)
        where = (
            np.searchsorted(runs, frame["run"].to_numpy()),
            np.searchsorted(days, frame["day"].to_numpy()),
        )
        out[where] = frame[name].to_numpy()
        return runs, days, out

    def at_end(self, name: str, runs: list[int]) -> dict[int, tuple[int, float]]:
        """The last day of these futures and a series on it, which thinned ones seldom hold."""
        last = self.finished.filter(pl.col("run").is_in(runs)).select(
            pl.col("run").cast(pl.Int64), pl.col("day").cast(pl.Int64)
        )
        keys = [pl.col(c).cast(pl.Int64) for c in ("run", "day")]
        table = self.scan("series").select(*keys, name)
        found = table.join(last.lazy(), on=["run", "day"]).collect()
        return {r: (int(d), float(v)) for r, d, v in found.iter_rows() if v is not None}

    @cached_property
    def states(self) -> dict[str, dict[str, Any]]:
        """What each state says and its unit, and who owns it."""
        return {
            k: q | {"owner": m["name"]}
            for m in self.model["mechanisms"]
            for k, q in m["owns"].items()
        }

    @cached_property
    def channels(self) -> dict[str, dict[str, Any]]:
        """What each channel says and its unit, and who listens."""
        return {
            k: q | {"listener": m["name"]}
            for m in self.model["mechanisms"]
            for k, q in m["opens"].items()
        }

    @cached_property
    def population(self) -> float:
        return float(sum(p["population"] for p in self.model["provinces"]))

    def date(self, day: float, short: bool = False) -> str:
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


def part_between(n: int, of: int, one: str = "future", headline: bool = False) -> str:
    """The same with its 95 % interval. headline: it stands alone, so it says of how many."""
    low, high = stats.share(n, of)[1:]
    computed = f"; {of:,} computed" if headline else ""
    return f"{part(n, of, one)} ({span(low, high)}{' of 100' if of < FEW else computed})"


def _gaps(done: pl.DataFrame) -> list[str]:
    """Columns that do not hold a finite number in every row; a structural choice may hold text."""
    there = [c for c in done.columns if c not in ("run", "ending", "reason")]
    numbers = [c for c in there if done[c].dtype.is_numeric()]
    finite = pl.col(numbers).cast(pl.Float64).is_finite().fill_null(value=False).all()
    whole = done.select(finite).row(0, named=True) if numbers else {}
    return [c for c in there if not whole.get(c, "." in c)]


def time_axis(days: int, since: str) -> dict[str, Any]:
    """At most seven marks from the first day to the last."""
    unit, word = (365.25, "years") if days > 1100 else (1.0, "days")
    span = days / unit
    sizes = [1, 2, 5, 10, 15, 30, 60, 90, 120, 180, 240, 365]
    if unit != 1:
        sizes = [m * 10**k for k in range(6) for m in (1, 2, 5)]
    step = next((s for s in sizes if s >= span / 5), sizes[-1])
    marks: list[float] = [k * step for k in range(int(span / step) + 1)]
    if span - marks[-1] > 0.4 * step:
        marks.append(span)
    elif marks[-1] != span and len(marks) > 1:
        marks[-1] = span
    ticks = [{"day": m * unit, "label": f"{m:g}" if m == int(m) else f"{m:.1f}"} for m in marks]
    return {"days": days, "label": f"{word} {since}", "ticks": ticks}
