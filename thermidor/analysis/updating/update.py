"""`thermidor update`: what a study says once something was seen, beside what it said before."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from ... import wording as words
from ...endings import ENDINGS
from ...expression.values import numbers
from ...scenario.argument.seen import check_against, read
from ...scenario.load import load
from ...scenario.scenario import Scenario
from ...study import stats
from ...study.results import Study
from ...study.store.folder import refuse_links
from ...support.faults import Fault
from ...support.writing import whole, write_json
from . import weights as weigh
from .branches import Branched, branched
from .weights import Sighting, Values

ENOUGH = 100  # effective futures from which numbers are told without reserve
FEWEST = 30  # and below which nothing is told
MOST_SHIFTED = 5
MOST_BRANCHES = 100_000


class Told(NamedTuple):
    """An outcome before (all futures), of those that still stood, and after (weighted)."""

    outcome: str
    before: stats.Interval
    stood: stats.Interval
    after: stats.Interval

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        sides = zip(("before", "stood", "after"), self[1:], strict=True)
        return {"outcome": self.outcome} | {k: i.as_dict("mean") for k, i in sides}


class Cost(NamedTuple):
    """A cost to citizens before and after: median, and the range of the middle 90 of 100."""

    column: str
    called: str
    before: tuple[float, float, float]
    after: tuple[float, float, float]


class Shift(NamedTuple):
    """An assumption whose mean moved, in standard deviations, beyond what chance would move."""

    assumption: str
    before: float
    after: float
    moved: float


@dataclass(frozen=True)
class Update:
    """What observations make of a study.

    as_of: the day of the last observation, number and date.  futures: finished.  stood: of them,
    those in power on that day.  effective: sample (update.2) of the weights; `ancestors`: of the
    draws of assumptions, where futures were branched.  plain: effective sample without branches.
    told: survival, and the outcomes asked for.  endings: shares before and after.  weights: run,
    stood, weight.
    """

    study: str
    scenario: str
    title: str
    day: int
    as_of: dt.date
    days: int
    sightings: tuple[Sighting, ...]
    futures: int
    failed: int
    stood: int
    effective: float
    plain: float
    ancestors: float
    branches: int
    told: tuple[Told, ...]
    endings: Mapping[str, tuple[float, float]]
    costs: tuple[Cost, ...]
    shifts: tuple[Shift, ...]
    weights: pl.DataFrame
    values: Values

    @property
    def enough(self) -> bool:
        """Whether anything can be told."""
        return min(self.effective, self.ancestors) >= FEWEST

    def sentence(self) -> str:
        """The answer in a sentence or two."""
        seen = words.count(len(self.sightings), "observation")
        before, _, after = (words.hundred(x.value) for x in self.told[0][1:])
        n = f"{self.effective:.0f} of {words.count(self.futures, 'future')}"
        if self.branches:
            n = f"{self.effective:.0f} of {self.branches:,} branches, of {self.ancestors:.0f} draws"
        sample = f"effective sample {n}"
        if not self.enough:
            many = words.about(self.futures * ENOUGH / max(self.plain, 0.5))
            way = (
                f"about {many} futures would, or --branch {max(200, self.futures):,}"
                if not self.branches
                else f"about {words.about(self.branches * ENOUGH / max(self.ancestors, 0.5))} "
                "branches would"
            )
            return f"Cannot tell after {seen} up to {self.as_of} ({sample}): {way}."
        low, high = self.told[0].after[1:]
        return (
            f"After {seen} up to {self.as_of} the regime is still in power after {self.days:,} days"
            f" in {after} of 100 futures ({words.span(low, high)}; {sample}); before it was "
            f"{before}."
        )

    def to_dict(self) -> dict[str, Any]:
        """What `thermidor update --json` prints."""
        return {
            "answer": self.sentence(),
            "study": self.study,
            "scenario": self.scenario,
            "as_of": str(self.as_of),
            "day": self.day,
            "futures": self.futures,
            "failed": self.failed,
            "stood": self.stood,
            "effective": round(self.effective, 2),
            "effective_without_branches": round(self.plain, 2),
            "ancestors": round(self.ancestors, 2),
            "branches": self.branches,
            "cannot_tell": not self.enough,
            "outcomes": [t.to_dict() for t in self.told],
            "endings": {e: {"before": b, "after": a} for e, (b, a) in self.endings.items()},
            "costs": [c._asdict() for c in self.costs],
            "shifted": [s._asdict() for s in self.shifts],
            "observations": [
                {
                    "date": str(s.date),
                    "series": s.series,
                    "value": s.value,
                    "low": s.low,
                    "high": s.high,
                    "source": s.source,
                }
                for s in self.sightings
            ],
        }


def update(
    study: Study,
    seen: str | Path,
    *,
    known_by: dt.date | None = None,
    outcomes: tuple[str, ...] = (),
    branch: int = 0,
    scenario: Scenario | None = None,
    watch: Callable[[int, int], None] | None = None,
) -> Update:
    """The study conditioned on a file of observations.

    known_by: only observations known by that date.  outcomes: expressions told beside survival.
    branch: futures that are branched along the observations, in place of weights alone; their
    scenario is `scenario`, or that of the study's name. Raises Fault for observations that cannot
    be laid beside the futures, or that none of them meets, with the nearest; and for a sweep, whose
    points are no futures of one belief.
    """
    if study.manifest.get("sweep"):
        raise Fault(
            f"{study.path} is a sweep: its points share their luck and may hold levers, so that "
            "they are not weighed together; compute a point with `thermidor run` and --set, and "
            "update that study."
        )
    found = read(seen)
    series = study.scan("series")
    names = series.collect_schema().names()
    check_against(found, study.scenario, study.start, study.days, names)
    at = weigh.sightings(found, study.start, known_by)
    runs = study.finished
    for o in outcomes:
        numbers(o, runs)  # a fault of an outcome is told before anything is computed
    values = read_values(study, at)
    log = weigh.log_weights(at, values)
    w = weigh.normal(log)
    plain, last = weigh.effective(w), at[-1].day
    stood = ~np.isnan(values[:, [s.day for s in at].index(last)])
    made: Branched | None = None
    after, ancestors, groups = runs, plain, None
    if branch:
        made = branched(
            _same(study, scenario), at, branch, study.seed, bool(study.manifest["fixed"]), watch
        )
        after, w = made.runs, made.weights
        groups = np.array(made.ancestors)
        ancestors = weigh.effective(weigh.of_groups(w, groups))
    else:
        faults = weigh.not_met(at, values, runs["run"].to_list())
        if faults:
            raise Fault(
                faults,
                f"No future of {study.path} can meet what was seen; check it, widen its range, "
                "leave it out, or try --branch:",
            )
    return Update(
        str(study.path),
        study.scenario,
        found.file.title,
        last,
        at[-1].date,
        study.days,
        tuple(at),
        runs.height,
        study.failed,
        int(stood.sum()),
        weigh.effective(w),
        plain,
        ancestors,
        branch,
        tuple(_told(o, runs, stood, after, w, groups) for o in ("survived", *outcomes)),
        {e: (float((runs["ending"] == e).to_numpy().mean()), _part(after, e, w)) for e in ENDINGS},
        tuple(_cost(c, called, runs, after, w) for c, called in study.called.items()),
        () if branch else tuple(_shifts(runs, w, study.off)),
        pl.DataFrame({"run": runs["run"], "stood": stood, "weight": w})
        if made is None
        else pl.DataFrame({"run": after["run"], "ancestor": made.ancestors, "weight": w}),
        values,
    )


def read_values(study: Study, at: list[Sighting]) -> Values:
    """What finished futures have for each observation, float[futures, observations]; NaN where the
    regime had ended by its day.
    """
    days, names = sorted({s.day for s in at}), sorted({s.series for s in at})
    runs = study.finished.select("run", "ending", pl.col("day").alias("last"))
    table = (
        study.scan("series")
        .filter(pl.col("day").is_in(days))
        .select("run", "day", *names)
        .collect()
    )
    out = np.full((runs.height, len(at)), np.nan)
    for day in days:
        there = runs.join(table.filter(pl.col("day") == day), on="run", how="left")
        there = there.sort("run") if not runs["run"].is_sorted() else there
        gone = ((there["ending"] != "in power") & (there["last"] <= day)).to_numpy()
        for k, s in enumerate(at):
            if s.day == day:
                x = there[s.series].cast(pl.Float64).fill_null(np.nan).to_numpy()
                out[:, k] = np.where(gone, np.nan, x)
    return out


def _same(study: Study, scenario: Scenario | None) -> Scenario:
    """The scenario of a study's futures. Raises Fault if it is another."""
    made = scenario or load(study.scenario, citizens=study.manifest["citizens"])
    if scenario is None and made.days != study.days:
        made = made.patched({}, (), study.days)
    made = made.sized(study.manifest["citizens"])
    if made.hash != study.hash:
        raise Fault(
            f"{study.path} was computed of another scenario than {made.name} as it stands; give "
            "the file that it came from with --scenario, with the same --set and --days."
        )
    return made


def _told(
    outcome: str,
    runs: pl.DataFrame,
    stood: Values,
    after: pl.DataFrame,
    w: Values,
    groups: weigh.Groups | None,
) -> Told:
    """An outcome on all futures, on those that stood, and by weight."""
    x, y = numbers(outcome, runs), numbers(outcome, after)
    flag = set(np.unique(x[np.isfinite(x)])) <= {0.0, 1.0}

    def plain(values: Values) -> stats.Interval:
        values = values[np.isfinite(values)]
        return stats.share(int(values.sum()), len(values)) if flag else stats.mean(values)

    there = np.isfinite(y)
    part = w[there] / w[there].sum() if w[there].any() else w[there]
    some = None if groups is None else groups[there]
    weighed = weigh.share(part, y[there], some) if flag else weigh.mean(part, y[there], some)
    return Told(outcome, plain(x), plain(x[stood]), weighed)


def _part(after: pl.DataFrame, ending: str, w: Values) -> float:
    return float(w @ (after["ending"] == ending).to_numpy().astype(float))


def _cost(c: str, called: str, runs: pl.DataFrame, after: pl.DataFrame, w: Values) -> Cost:
    x, y = (t[c].cast(pl.Float64).to_numpy() for t in (runs, after))
    even = np.full(len(x), 1 / max(1, len(x)))
    before, now = (
        (weigh.quantile(v, z, 0.5), weigh.quantile(v, z, 0.05), weigh.quantile(v, z, 0.95))
        for v, z in ((even, x), (w, y))
    )
    return Cost(c, called, before, now)


def _shifts(runs: pl.DataFrame, w: Values, off: frozenset[str]) -> list[Shift]:
    """Assumptions whose weighted mean left that of all futures by more than chance: beyond the
    bound that the largest of so many means of the effective sample passes in 1 of 20 (Bonferroni).
    """
    from scipy.stats import norm

    names = [
        c
        for c, kind in runs.schema.items()
        if "." in c and kind == pl.Float64 and c.partition(".")[0] not in off
    ]
    table = runs.select(names)
    x = table.to_numpy()
    sd = x.std(axis=0)
    moves = np.ptp(x, axis=0) > 1e-12 * np.abs(x).max(axis=0)
    n = weigh.effective(w)
    if n < FEWEST or not moves.any():
        return []
    base, now = x.mean(axis=0), w @ x
    with np.errstate(divide="ignore", invalid="ignore"):
        moved = np.where(moves, (now - base) / sd, 0.0)
    bound = float(norm.ppf(1 - 0.025 / int(moves.sum()))) / math.sqrt(n)
    first = np.argsort(-np.abs(moved))[:MOST_SHIFTED]
    return [
        Shift(names[k], float(base[k]), float(now[k]), round(float(moved[k]), 3))
        for k in first
        if abs(moved[k]) > bound
    ]


def keep(found: Update, out: Path, command: str | None = None) -> Path:
    """Write the answer and the weights into a folder: update.json, weights.parquet.

    command: what gives it again.
    """
    refuse_links(out.parent, (out.name,))
    out.mkdir(parents=True, exist_ok=True)
    write_json(out / "update.json", found.to_dict() | {"command": command})
    whole(out / "weights.parquet", found.weights.write_parquet)
    return out
