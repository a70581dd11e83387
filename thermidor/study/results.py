"""Studies to read: tables, survival, endings, costs, what carries them."""

from __future__ import annotations

import contextlib
import datetime as dt
import html
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from .. import wording as words
from ..endings import ENDINGS
from ..execution.afresh import afresh
from ..support.faults import Fault, near
from . import extras, plots, stats
from .costs import of_model
from .store.folder import Folder, read_json
from .store.manifest import NEEDED
from .store.tables import KEEP, NAMES

if TYPE_CHECKING:
    import pandas
    import xarray
    from matplotlib.axes import Axes

EMPTY = {
    "run": pl.Int32,
    "ending": pl.String,
    "day": pl.Int32,
    "survived": pl.Float64,
    "reason": pl.String,
}


CHANCE = ("ending", "survived", "final_coup_risk")  # what `chance` looks at
AT_ONCE = 64  # columns that are read together


class Spread(NamedTuple):
    """The median over futures, and the range of the middle 90 of 100."""

    median: float
    low: float
    high: float


class Carrier(NamedTuple):
    """An assumption that goes with an outcome.

    correlation: of ranks over futures, -1 to 1.  chance: of as much by luck alone, at most.
    beyond_luck: whether it would be rare even for the strongest of all assumptions.
    """

    assumption: str
    correlation: float
    chance: float
    beyond_luck: bool


class Study:
    """Many futures of a scenario, in a folder, finished or not.

    `runs`, `series`, `moved`, `events`, `provinces` are Polars DataFrames; their columns with units
    and meanings are what `thermidor outcomes` lists.
    """

    def __init__(self, path: str | Path):
        self.folder = Folder(path)
        self.path = Path(path)
        self.manifest: dict[str, Any] = self.folder.manifest()
        if not self.manifest:
            raise Fault(
                f"{path} holds no results (no manifest.json); give the folder that `thermidor run` "
                "wrote."
            )
        missing = [k for k in NEEDED if k not in self.manifest]
        if missing:
            raise Fault(
                f"{self.path / 'manifest.json'} is damaged: it lacks {', '.join(missing)}. The "
                "tables beside it can be read with any program that reads Parquet."
            )

    def __reduce__(self) -> tuple[type[Study], tuple[Path]]:
        return Study, (self.path,)

    def __repr__(self) -> str:
        return (
            f"<Study of {self.scenario}: {self.futures:,} of {self.wanted:,} futures, "
            f"{self.status}, in {self.path}>"
        )

    @property
    def status(self) -> str:
        """running, stopped, finished or failed; one that ended without a word was stopped."""
        status: str = self.manifest["status"]
        return "stopped" if status == "running" and not self.folder.in_use() else status

    @property
    def scenario(self) -> str:
        """Name of the scenario."""
        return str(self.manifest["scenario"])

    @property
    def hash(self) -> str:
        """The scenario's fingerprint: equal ones give equal futures for equal seeds."""
        return str(self.manifest["hash"])

    @property
    def seed(self) -> int:
        """Seed of all chance."""
        return int(self.manifest["seed"])

    @property
    def days(self) -> int:
        """Days of a future that does not end before."""
        return int(self.manifest["days"])

    @property
    def start(self) -> dt.date:
        """The calendar date of day 0."""
        return dt.date.fromisoformat(self.manifest["start"])

    @property
    def wanted(self) -> int:
        """Futures that were asked for."""
        return int(self.manifest["runs"])

    @property
    def futures(self) -> int:
        """Futures on disk, those that failed among them; fewer than `wanted` if it was stopped."""
        return self._ends.height

    @property
    def plainly(self) -> list[str]:
        """Mechanisms that could not be compiled, a sentence each; their numbers are the same."""
        return [
            f"{name} is played as plain Python, which is slower: it cannot be compiled ({why})."
            for name, why in (self.manifest.get("plainly") or {}).items()
        ]

    @property
    def mended(self) -> list[str]:
        """What was damaged in the folder and set aside when it was last written, in words."""
        return list(self.manifest.get("mended") or ())

    @property
    def kept(self) -> tuple[str, ...]:
        """The tables that were to be kept of its futures."""
        return KEEP.get(str(self.manifest.get("keep")), NAMES)

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
        if found is None and name not in self.kept:
            least = next(k for k, tables in KEEP.items() if name in tables)
            raise Fault(
                f"{self.path} has no table '{name}': its futures were computed with --keep "
                f"{self.manifest['keep']}, which keeps {', '.join(self.kept)}; compute them into "
                f"another folder with --keep {least}."
            )
        if found is None:
            there = [n for n in NAMES if self.folder.parts.scan(n) is not None]
            raise Fault(f"{self.path} has no table '{name}'; it has {', '.join(there) or 'none'}.")
        return found

    @afresh
    def table(self, name: str, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """One of runs, series, moved, events, provinces; only some columns, if they are named."""
        with self._readable(name):
            found = self._futures if name == "runs" else self.scan(name)
            return (found if columns is None else found.select(columns)).collect()

    @contextlib.contextmanager
    def _readable(self, name: str) -> Iterator[None]:
        """While a table is read: what it cannot be read for is a sentence."""
        try:
            yield
        except pl.exceptions.PolarsError as e:
            raise Fault(
                f"the table '{name}' in {self.path} is damaged ({str(e).splitlines()[0]}); the "
                "same command computes its futures anew."
            ) from e

    @cached_property
    def runs(self) -> pl.DataFrame:
        """A row a future: its ending, outcomes and parameters."""
        return self.table("runs")

    @cached_property
    def series(self) -> pl.DataFrame:
        """A row a future and day: every state."""
        return self.table("series")

    @cached_property
    def moved(self) -> pl.DataFrame:
        """A row a future, week, channel and speaker: who moved whom."""
        return self.table("moved")

    @cached_property
    def events(self) -> pl.DataFrame:
        """A row for everything that happened."""
        return self.table("events")

    @cached_property
    def provinces(self) -> pl.DataFrame:
        """A row a future and province."""
        return self.table("provinces")

    @cached_property
    def finished(self) -> pl.DataFrame:
        """The rows of `runs` that have an ending."""
        return self._finished()

    @afresh
    def _finished(self) -> pl.DataFrame:
        return self.runs.filter(pl.col("ending").is_not_null())

    @property
    def _futures(self) -> pl.LazyFrame:
        """The runs as they lie on disk, or as they were read: a row has a thousand columns, of
        which few are needed at a time.
        """
        read = self.__dict__.get("runs")
        return self.scan("runs") if read is None else read.lazy()

    @cached_property
    def _ends(self) -> pl.DataFrame:
        """How every future ended, null where it failed."""
        return self.table("runs", ["run", "ending", "day", "survived"])

    @property
    def _done(self) -> pl.DataFrame:
        """How those ended that did not fail."""
        return self._ends.filter(pl.col("ending").is_not_null())

    @property
    def failed(self) -> int:
        """Futures that could not be finished."""
        return self._ends["ending"].null_count()

    def reasons(self) -> list[str]:
        """The commonest reasons for which futures failed, with their counts."""
        return self.folder.reasons()

    @afresh
    def survival(self) -> stats.Interval:
        """Share of futures still in power on the last day, with its Wilson interval."""
        return stats.share(int(self._done["survived"].sum()), self._done.height)

    def survival_bounds(self) -> tuple[float, float]:
        """Share of all futures in power at the end if those that failed all fell, and if none
        did.
        """
        lasted, every = int(self._done["survived"].sum()), self.futures
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
        found = dict(self._done["ending"].value_counts().iter_rows())
        return {e: int(found.get(e, 0)) for e in ENDINGS}

    @afresh
    def curve(self) -> stats.Curve:
        """Share of futures still in power by day."""
        ended = self._done["ending"].to_numpy() != "in power"
        return stats.survival_curve(self._done["day"].to_numpy(), ended, self.manifest["days"])

    @cached_property
    def called(self) -> dict[str, str]:
        """The costs to citizens that the mechanisms declare: what to call each column."""
        return of_model(self._model())

    @afresh
    def costs(self) -> dict[str, Spread]:
        """Median and the range of 90 of 100 futures for each cost to citizens, in persons (days in
        jail: person-days; hardship: days per head).
        """
        there = self._futures.collect_schema()
        known = [c for c in self.called if c in there]
        done = self.table("runs", ["ending", *known]).filter(pl.col("ending").is_not_null())
        out = {}
        for c in known if done.height else ():
            low, median, high = np.quantile(done[c].to_numpy(), [0.05, 0.5, 0.95])
            out[c] = Spread(float(median), float(low), float(high))
        return out

    @afresh
    def carried_by(self, outcome: str | None = None, most: int = 5) -> list[Carrier]:
        """The assumptions that go with an outcome most: rank correlation over futures, with the
        chance of so much by luck.

        outcome: a column of `runs`; without one, survival by `chance`. Raises Fault of a sweep,
        whose futures share their luck and differ in levers as well.
        """
        if self.manifest.get("sweep"):
            raise Fault(
                f"{self.path} is a sweep: its points share their luck and may hold levers, so that "
                "correlations over its futures tell nothing; `thermidor drivers` parts levers, "
                "assumptions and luck."
            )
        with self._readable("runs"):
            done = self._futures.filter(pl.col("ending").is_not_null())
            if outcome is None:
                there = done.collect_schema()
                ends = done.select(c for c in CHANCE if c in there).collect()
                return carriers(done, chance(ends), most, ranked=False, off=self.off)
            values = done.select(outcome).collect()[outcome].to_numpy()
            return carriers(done, values, most, off=self.off)

    @afresh
    def to_dict(self) -> dict[str, Any]:
        """What `thermidor run --json` prints: plain numbers, texts and lists."""
        m = self.manifest
        seconds, agent_days = m.get("seconds") or 0.0, m.get("agent_days") or 0.0
        return {
            "scenario": m["scenario"],
            "runs": self.futures,
            "finished": self._done.height,
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
            "costs": {c: cost._asdict() for c, cost in self.costs().items()},
            "carried_by": [] if m.get("sweep") else [c._asdict() for c in self.carried_by()],
            "seconds": seconds,
            "agent_days_per_second": round(agent_days / seconds) if seconds else None,
            "hash": m["hash"],
            "out": str(self.path),
        }

    @afresh
    def answer(self) -> str:
        """The answer in a sentence."""
        if not self._done.height:
            why = "; ".join(self.reasons())
            title = self.manifest["title"]
            return f"No future of {title} is finished, so there is no answer" + (
                f": {why}" if why else "."
            )
        told = words.answer(
            self.survival(),
            self.manifest["days"],
            self._done.height,
            self.failed,
            self.survival_bounds(),
        )
        return words.over_points(told) if self.manifest.get("sweep") else told

    def to_pandas(self, table: str = "runs") -> pandas.DataFrame:
        """One of the tables as a pandas DataFrame. Needs `pip install 'thermidor[frames]'`."""
        return extras.to_pandas(self.table(table))

    def to_xarray(self) -> xarray.Dataset:
        """The daily series: each state float32[run, day], NaN after a future's end, with its unit.
        Needs `pip install 'thermidor[frames]'`.
        """
        told = {k: str(self.manifest[k]) for k in ("title", "scenario", "hash", "seed", "start")}
        return extras.to_xarray(self.series, self._states(), told)

    @afresh
    def export(self, path: str | Path, table: str = "runs", force: bool = False) -> Path:
        """Write a table, or the "dictionary" of all columns, as .csv, .dta (Stata) or .xlsx
        (Excel); its path.

        The last two need `pip install 'thermidor[formats]'`. force: write over a file that is
        there.
        """
        from .exports.export import export

        with self._readable(table):
            return export(self, Path(path), table, force)

    @afresh
    def cite(self) -> str:
        """BibTeX of the software, the country, these results, their arguments and data."""
        from .exports.bibtex import cite

        return cite(self)

    @afresh
    def bundle(
        self,
        out: str | Path | None = None,
        *,
        files: Sequence[str | Path] = (),
        mechanism_files: Sequence[str | Path] = (),
        licence: str | None = None,
        authors: Sequence[str] = (),
        force: bool = False,
    ) -> Path:
        """Write one zip with which anybody can repeat the study, an RO-Crate; its path.

        out: the file, named after the study if left out.  files: more that belong to it, such as
        the files of country, argument and beliefs.  mechanism_files: the user's own that it used.
        licence: of the results, such as CC-BY-4.0.  authors: by name.  force: write over a file
        that is there.
        """
        from .exports.bundle import bundle

        return bundle(self, out, files, mechanism_files, licence, authors, force)

    def plot_survival(self, ax: Axes | None = None) -> Axes:
        """Draw the share of futures in power by day, with its 95 % interval. Needs
        `pip install 'thermidor[plot]'`.
        """
        return plots.survival(self.curve(), ax)

    def plot_series(self, column: str, ax: Axes | None = None) -> Axes:
        """Draw a daily series: the median over futures, and the middle 50 and 90 of 100. Needs
        `pip install 'thermidor[plot]'`.
        """
        names = [c for c in self._columns("series") if c not in ("run", "day")]
        if column not in names:
            raise Fault(f"there is no series '{column}' in {self.path}.{near(column, names)}")
        unit = self._states().get(column, {}).get("units", "")
        return plots.series(self.table("series", ["day", column]), column, unit, ax)

    @afresh
    def _columns(self, table: str) -> list[str]:
        return self.scan(table).collect_schema().names()

    def _model(self) -> dict[str, Any]:
        """What the folder says of the model; empty if it says nothing."""
        path = self.path / "model.json"
        found = read_json(path) if path.is_file() else {}
        return found if isinstance(found, dict) else {}

    def _states(self) -> dict[str, dict[str, str]]:
        """Unit and meaning of each state, as far as the folder tells."""
        model = self._model()
        out: dict[str, dict[str, str]] = {}
        try:
            for mechanism in model.get("mechanisms", ()):
                for name, state in mechanism["owns"].items():
                    out[name] = {"units": str(state["unit"]), "long_name": str(state["says"])}
        except (AttributeError, KeyError, TypeError):  # a stranger's file: without units, then
            return {}
        return out

    def _repr_html_(self) -> str:
        ends = "".join(
            f"<tr><td>{html.escape(e)}</td><td>{n}</td></tr>"
            for e, n in self.endings().items()
            if n
        )
        costs = "".join(
            f"<tr><td>{self.called[c]}</td><td>{words.number(v.median)} ({words.number(v.low)} to "
            f"{words.number(v.high)})</td></tr>"
            for c, v in self.costs().items()
        )
        return (
            f"<p><b>{html.escape(self.answer())}</b></p>"
            f"<table><tr><th>ending</th><th>futures</th></tr>{ends}</table>"
            "<table><tr><th>cost to citizens</th><th>median (90 of 100 futures)</th></tr>"
            f"{costs}</table>"
        )


def chance(runs: pl.DataFrame) -> NDArray[np.float64]:
    """Survival future by future, float[futures], a coup counted by its daily chances: of the same
    mean as `survived`, with less luck in it.

    `survived` itself where nothing owns a chance of coups, or no future survived.
    """
    if "final_coup_risk" not in runs.columns or not runs["survived"].sum():
        survived: NDArray[np.float64] = runs["survived"].to_numpy()
        return survived
    lasted = runs["ending"].is_in(["in power", "coup"]).to_numpy()
    left: NDArray[np.float64] = lasted - runs["final_coup_risk"].to_numpy()
    return left


def carriers(
    runs: pl.DataFrame | pl.LazyFrame,
    outcome: NDArray[np.float64],
    most: int,
    ranked: bool = True,
    off: Collection[str] = (),
) -> list[Carrier]:
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

    if len(outcome) < 10 or np.ptp(outcome) == 0:
        return []
    y = rankdata(outcome) if ranked else outcome
    y = (y - y.mean()) / y.std()
    found: dict[str, float] = {}
    for name, values in _assumptions(runs.lazy(), off):
        x = rankdata(values)
        found[name] = float(np.mean((x - x.mean()) / x.std() * y))
    names, r = list(found), np.array(list(found.values()))
    p = np.minimum(1.0, 2 * np.exp(-(r**2) * (len(y) - 1) / 2))
    return [
        Carrier(
            names[k],
            round(float(r[k]), 3),
            float(f"{p[k]:.2g}"),
            bool(p[k] * len(names) < 0.05),
        )
        for k in np.argsort(-np.abs(r))[:most]
    ]


def _assumptions(
    runs: pl.LazyFrame, off: Collection[str]
) -> Iterator[tuple[str, NDArray[np.float64]]]:
    """The assumptions in which futures differ, with their values: float64[futures]."""
    names = [
        c
        for c, kind in runs.collect_schema().items()
        if "." in c and c.partition(".")[0] not in off and kind == pl.Float64
    ]
    for k in range(0, len(names), AT_ONCE):
        for column in runs.select(names[k : k + AT_ONCE]).collect():
            if column.min() != column.max():
                yield column.name, column.to_numpy()
