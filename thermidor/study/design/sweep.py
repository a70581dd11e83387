"""A study over a design, to read: its points, outcomes with intervals, what they answer.

Costs only grow, so that a point at which regimes end sooner would seem cheaper. A cost is therefore
what the first point has, and the difference over the days that both futures of a luck lived
(study/exposure.py): of a design with the scenario as it stands, that is what it is compared with.
Where no daily series were kept, it is that of each future to its own end, and the table says so.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from ... import wording as words
from ...expression.parser import parse
from ...expression.tree import columns
from ...support.faults import Fault
from ...support.writing import whole
from .. import exposure, stats
from ..effects import values
from ..results import Study
from .design import SALTELLI
from .told import Told, told

SHOWN = ("survived", "final_coup_risk", "peak_turnout_country")  # and all costs
MOST_HELD = 4  # values that a sentence names
CALLED = {
    "survived": "still in power",
    "final_coup_risk": "chance of a coup",
    "peak_turnout_country": "largest turnout",
}


class Sweep:
    """Futures of a scenario at the points of a design, all points on the same luck.

    study: the same as any other study; future n of it stands at point n mod P, on luck n div P.
    points: a row a point, with what it holds.  notes: what was said of the design before it was
    computed, such as where it leaves what the ledger defends; none of a sweep that is read.
    """

    def __init__(self, path: str | Path, outcomes: Sequence[str] = (), notes: Sequence[str] = ()):
        self.study = Study(path)
        self.path = self.study.path
        self.design: dict[str, Any] = self.study.manifest.get("sweep") or {}
        file = self.path / "points.parquet"
        if not self.design or not file.is_file():
            raise Fault(f"{path} holds no design; `thermidor sweep` makes such studies.")
        self.points = pl.read_parquet(file, glob=False)
        self.asked, self.notes = tuple(outcomes), tuple(notes)

    def __repr__(self) -> str:
        return f"<Sweep of {self.study.scenario}: {len(self.points)} points, in {self.path}>"

    @property
    def keys(self) -> list[str]:
        """What is varied."""
        return [o["key"] for o in self.design["over"]]

    @property
    def status(self) -> str:
        return self.study.status

    @property
    def based(self) -> bool:
        """Whether point 0 is the scenario as it stands."""
        return bool(self.points.row(0)[1:] == (None,) * len(self.keys))

    @cached_property
    def outcomes(self) -> dict[str, str]:
        """The outcomes that are told, and what to call each."""
        if self.asked:
            return {o: CALLED.get(o, o) for o in self.asked}
        there = self.study.scan("runs").collect_schema()
        every = {o: CALLED[o] for o in SHOWN} | self.study.called
        return {o: name for o, name in every.items() if o in there}

    def futures(self, names: Sequence[str]) -> pl.DataFrame:
        """Columns of the runs, with `point` and `luck` before them; only what is named is read."""
        count = len(self.points)
        wanted = list(dict.fromkeys(["run", "ending", *names]))
        frame = self.study.table("runs", wanted)
        return frame.select(
            (pl.col("run") % count).alias("point"),
            (pl.col("run") // count).alias("luck"),
            *(pl.col(c) for c in wanted),
        )

    @cached_property
    def told(self) -> list[Told]:
        """Each outcome over the points. Raises Fault for one that cannot be computed."""
        found, faults = [], []
        there = set(self.study.scan("runs").collect_schema())
        for outcome in self.outcomes:
            try:
                read = sorted({c.name for c in columns(parse(outcome))} & there)
                even = self.counted(outcome) == exposure.EQUAL
                apart = self._apart(outcome, read) if even else None
                found.append(told(outcome, self._values(outcome, read), self.based, apart))
            except Fault as e:
                faults += [f for f in e.faults if f not in faults]
        if faults:
            raise Fault(faults)
        return found

    def _values(self, outcome: str, read: list[str]) -> np.ndarray:
        """float64[luck, point]; NaN for a future that failed, or is not there."""
        rows = self.futures(read).filter(pl.col("ending").is_not_null())
        lucks = 1 + (int(rows["luck"].to_numpy().max()) if rows.height else 0)
        made = np.full((lucks, len(self.points)), np.nan)
        made[rows["luck"].to_numpy(), rows["point"].to_numpy()] = values(outcome, rows)
        return made

    def _apart(self, outcome: str, read: list[str]) -> np.ndarray:
        """What a cost differs from that at the first point, over the days that both futures of a
        luck lived: float64[luck, point]; NaN where one of the two failed.
        """
        made = self._values(outcome, read)
        made[:, 0] -= made[:, 0]
        rows = self.futures(["day", "survived", *read]).filter(pl.col("ending").is_not_null())
        first = rows.filter(pl.col("point") == 0).drop("point", "run")
        others = rows.filter(pl.col("point") > 0)
        base = others.select("run", "luck", "point").join(first, on="luck").select(rows.columns)
        a = others.join(base.select("run"), on="run", maintain_order="right")
        daily = self.study.scan("series")
        count = pl.lit(len(self.points), pl.Int32)
        pairs = base.select("run", first=pl.col("luck").cast(pl.Int32) * count).lazy()
        beside = pairs.join(daily, left_on="first", right_on="run").drop("first")
        x, y, _ = exposure.shared(a, base, (daily, beside), read)
        luck, point = (a[c].to_numpy() for c in ("luck", "point"))
        made[:, 1:] = np.nan
        made[luck, point] = values(outcome, x) - values(outcome, y)
        return made

    def counted(self, outcome: str) -> str | None:
        """How the days of a cost are counted: equal, or not kept; None of what is no cost."""
        if not exposure.reads(exposure.named(outcome), self.study.called):
            return None
        return exposure.EQUAL if "series" in self.study.kept else exposure.NOT_KEPT

    def heading(self, outcome: str) -> str:
        """What to call an outcome, and of a cost over which days it is counted."""
        how = {
            exposure.EQUAL: " (then the difference, over days both lived)",
            exposure.NOT_KEPT: " (to its own end)",
        }
        return self.outcomes[outcome] + how.get(self.counted(outcome) or "", "")

    def said_of_costs(self) -> str | None:
        """How the costs that are told are counted, in a sentence; None if there are none."""
        ways = {self.counted(t.outcome) for t in self.told}
        beside = "the scenario as it stands" if self.based else "the first point"
        if exposure.EQUAL in ways:
            return (
                f"Costs: those of {beside}, and at other points how many more or fewer over the "
                "days that both futures of a luck lived."
            )
        if exposure.NOT_KEPT in ways:
            return (
                "Costs are those of each future to its own end, so that one which ends early "
                "counts fewer days: points cannot be compared by them. --keep series would mend it."
            )
        return None

    @cached_property
    def table(self) -> pl.DataFrame:
        """A row a point: what it holds, its futures, and of each outcome the mean with its
        interval; where point 0 is the scenario as it stands, and of costs, also the difference
        from it.
        """
        ends = (
            self.futures([])
            .group_by("point")
            .agg(pl.len().alias("futures"), pl.col("ending").null_count().alias("failed"))
        )
        frame = self.points.join(ends, on="point", how="left", maintain_order="left")
        frame = frame.with_columns(pl.col("futures", "failed").fill_null(0))
        more: dict[str, list[float | None]] = {}
        for t in self.told:
            for word, some in (("", t.means), ("_effect", t.effects)):
                for k, end in enumerate(("", "_low", "_high")) if some else ():
                    if some is not None:
                        cells = [x[k] if np.isfinite(x[k]) else None for x in some]
                        more[f"{t.outcome}{word}{end}"] = cells
        return frame.with_columns(pl.Series(k, v, pl.Float64) for k, v in more.items())

    def place(self, point: int) -> str:
        """What a point holds, in words."""
        row = self.points.row(point, named=True)
        held = [
            f"{k} = {v:g}" if isinstance(v, float) else f"{k} = {v}"
            for k, v in row.items()
            if k != "point" and v is not None
        ]
        if len(held) > MOST_HELD:
            return f"point {point}"
        return ", ".join(held) or "the scenario as it stands"

    def answer(self) -> str:
        """The answer on the first outcome in a sentence, or that it cannot be told."""
        t, count = self.told[0], len(self.points)
        each = self.study.wanted // count
        name = self.outcomes[t.outcome]
        if self.counted(t.outcome) == exposure.NOT_KEPT:
            name = f"{name}, each future to its own end"
        means = np.array([m.value for m in t.means])
        over = f"over {count:,} points of {each:,} future{'s' if each > 1 else ''} each"
        if np.isnan(means).all():
            return f"No future is finished, so that nothing can be told of '{name}'."
        if self.design["kind"] == SALTELLI:  # its points stand for nothing by themselves
            return (
                f"The mean of '{name}' is {np.nanmean(means):.3g}, {over}; thermidor drivers "
                f"{self.path} tells what moves it."
            )
        if t.apart:
            means = np.array([e.value for e in t.effects or ()])
        back, last = means[::-1], count - 1  # of equals a point of its own before point 0
        low, high = last - int(np.nanargmin(back)), last - int(np.nanargmax(back))
        a, b = (f"{_said(t.means[k])} at {self.place(k)}" for k in (low, high))
        span = f"'{name}' goes from {a} to {b}"
        if t.apart:
            base = f"{_said(t.means[0])} at {self.place(0)}"
            far = [f"{_said(t.told(k), '+')} at {self.place(k)}" for k in (low, high) if k]
            span = f"'{name}': {base}; over the days that both lived, {words.listed(far)}"
        if np.isnan(t.chance):
            return f"{span}, {over}; how much of that is luck, one future a point cannot tell."
        if t.differ:
            return f"{span}, {over}: more than luck makes of it (chance {t.chance:.2g})."
        about = (
            f"about {words.about(t.needed)} at each would"
            if t.needed
            else "the points differ by no more than luck makes them"
        )
        return f"Whether these points move '{name}' cannot be told, {over}; {about}."

    def to_dict(self) -> dict[str, Any]:
        """What `thermidor sweep --json` prints."""
        m = self.study.manifest
        return {
            "scenario": self.study.scenario,
            "design": self.design,
            "answer": self.answer(),
            "status": self.status,
            "futures": self.study.futures,
            "failed": self.study.failed,
            "seed": self.study.seed,
            "command": m.get("command"),
            "outcomes": [
                {
                    "outcome": t.outcome,
                    "called": self.outcomes[t.outcome],
                    "chance": t.chance if np.isfinite(t.chance) else None,
                    "differ": bool(t.differ),
                    "needed": t.needed,
                    "counted": self.counted(t.outcome),
                }
                for t in self.told
            ],
            "costs": self.said_of_costs(),
            "points": self.table.to_dicts(),
            "out": str(self.path),
        }

    def write(self) -> None:
        """Keep the table beside the futures, as sweep.parquet and sweep.csv."""
        whole(self.path / "sweep.parquet", self.table.write_parquet)
        whole(self.path / "sweep.csv", self._csv)

    def _csv(self, path: Path) -> None:
        with path.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file, lineterminator="\n")
            rows.writerow(self.table.columns)
            rows.writerows(self.table.rows())


def _said(x: stats.Interval, sign: str = "") -> str:
    """A mean with its interval, as people read it. sign: + for a difference."""
    if not np.isfinite(x.low):
        return f"{x.value:{sign}.3g}"
    return f"{x.value:{sign}.3g} ({x.low:{sign}.3g} to {x.high:{sign}.3g})"
