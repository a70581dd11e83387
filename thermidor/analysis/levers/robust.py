"""`thermidor robust`: which levers hold up, searched on some futures and judged on others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from ... import wording as words
from ...execution.progress import Progress, Watch
from ...expression.values import numbers
from ...study import costs, exposure, stats
from ...study.effects import joined
from ...study.ensemble import ensemble
from ...study.plan import RunPlan
from ...study.results import Study
from ...support.faults import Fault, MachineFault
from ...support.stopping import Stopped, asked, listening
from ...support.writing import whole, write_json
from .judge import Judged, Values, front, judged
from .lever import Lever, levers
from .search import Setting, search

KILLED = "killed_protest + executed + killed_strikes"
FINALISTS = 5  # that are tried on futures which the search did not see
NOW = "as it is"
HELD_OUT = 104_729  # mathematics: a prime, added to the seed of futures that are held out
FEWEST = 10  # futures from which a tenth is one


class Finalist(NamedTuple):
    """A setting on held-out futures. set: what differs from the scenario.  costs: to citizens,
    mean of each.  survival: share of futures in which the regime stands at the end.
    """

    name: str
    set: Setting
    judged: Judged
    survival: stats.Interval
    costs: Mapping[str, float]

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        j = self.judged
        return {
            "name": self.name,
            "set": self.set,
            "mean": j.mean.as_dict("mean"),
            "worst_tenth": j.worst,
            "regret": j.regret,
            "regret_90": j.regret_90,
            "best_in": j.best,
            "against_now": j.against_now.as_dict("mean"),
            "survival": self.survival.as_dict(),
            "costs": dict(self.costs),
        }


@dataclass(frozen=True)
class Robust:
    """What the search found. tried: settings with mean and worst tenth on the futures of the
    search.  finalists: on those held out, the scenario as it is among them.  called: costs to
    citizens, and what to call them.
    """

    scenario: str
    outcome: str
    high_is_better: bool
    levers: tuple[Lever, ...]
    tried: pl.DataFrame
    finalists: tuple[Finalist, ...]
    runs: int
    held_out: int
    failed: int
    called: Mapping[str, str]
    folder: Path

    @property
    def best(self) -> Finalist:
        """The least mean regret; of equals the better worst tenth."""
        sign = 1 if self.high_is_better else -1
        return min(self.finalists, key=lambda f: (f.judged.regret, -sign * f.judged.worst))

    @property
    def against_now(self) -> tuple[float, float, float]:
        """How the best differs from the scenario as it is: value, low, high."""
        value, *ends = self.best.judged.against_now
        low, high = sorted(ends) if np.isfinite(ends).all() else (value, value)  # alike in all
        return value, low, high

    @property
    def told(self) -> bool:
        """Whether the best can be told from the scenario as it is, if it is another."""
        _, low, high = self.against_now
        return self.best.name == NOW or low > 0 or high < 0

    @property
    def alike(self) -> float:
        """The share of held-out futures in which several finalists are equally the best."""
        return max(0.0, 1 - sum(f.judged.best for f in self.finalists))

    def sentence(self) -> str:
        """The answer in a sentence or two."""
        b, n = self.best, f"{self.held_out:,} futures that the search did not see"
        tried = f"Of {words.count(self.tried.height, 'setting')} tried"
        if len(self.finalists) == 1:
            return (
                f"{tried}, none beats the scenario as it is in the mean or in the worst tenth of "
                f"{self.runs:,} futures, so none was tried on futures that the search did not see."
            )
        if b.name == NOW:
            return f"{tried}, none does better than the scenario as it is on {n}."
        if not self.told:
            more = stats.pairs_to_settle(b.judged.against_now, self.held_out, 0.0)
            would = f"; about {words.about(more)} would" if more else ""
            return (
                f"Cannot tell with {n} whether any setting does better than the scenario as it is"
                f"{would}."
            )
        value, low, high = self.against_now
        how = ", ".join(f"{k} {words.number(v)}" for k, v in b.set.items())
        return (
            f"{tried}, {how} has the least regret: {self.outcome} {words.two(b.judged.mean.value)} "
            f"on {n} ({words.signed(value)} against the scenario as it is, "
            f"{words.signed(low)} to {words.signed(high)}), {words.two(b.judged.worst)} in the "
            "worst tenth."
        )

    def to_dict(self) -> dict[str, Any]:
        """What `thermidor robust --json` prints."""
        return {
            "answer": self.sentence(),
            "scenario": self.scenario,
            "outcome": self.outcome,
            "better": "high" if self.high_is_better else "low",
            "levers": [x._asdict() for x in self.levers],
            "tried": self.tried.height,
            "runs": self.runs,
            "held_out": self.held_out,
            "failed": self.failed,
            "best": self.best.name if self.told else None,
            "finalists": [f.to_dict() for f in self.finalists],
        }


@dataclass(frozen=True)
class Wanted:
    """What is searched, and with how much. tries: settings.  runs: futures of each in the search;
    held_out: of each finalist.
    """

    levers: Sequence[str] = ()
    outcome: str = KILLED
    high_is_better: bool = False
    tries: int = 40
    runs: int = 50
    held_out: int = 200

    def __post_init__(self) -> None:
        if min(self.runs, self.held_out) < FEWEST:
            raise Fault(f"a worst tenth needs at least {FEWEST} futures of each setting.")


def robust(
    plan: RunPlan, ask: Wanted, *, command: str | None = None, progress: Watch | None = None
) -> Robust:
    """Levers of the plan's scenario, searched and checked. The plan's folder keeps the futures of
    every setting, so that the same call goes on where it stopped. Raises Stopped on Ctrl-C.

    command: that gives what is found again.
    """
    scenario = plan.scenario
    found = levers(scenario, ask.levers)
    total = ask.tries + FINALISTS + 1
    steps = iter(range(total + 1))

    def done(_: int = 0) -> None:
        if asked():
            raise Stopped
        if progress:
            progress(Progress("settings", next(steps, total), total))

    reads = exposure.named(ask.outcome)
    costly = exposure.reads(reads, costs.of_columns(scenario.columns))

    def study(setting: Setting, runs: int, seed: int, keep: str) -> Study:
        other = changed(setting, found)
        made = scenario.patched(other) if other else scenario
        folder = plan.folder / "settings" / f"{made.hash}-{seed}"
        arm = replace(plan, scenario=made, runs=runs, seed=seed, folder=folder, keep=keep)
        computed = ensemble(arm)
        if asked() or computed.status == "stopped":
            raise Stopped
        return computed

    sign = 1.0 if ask.high_is_better else -1.0
    now = {x.key: x.now for x in found}
    keep = "series" if costly else "runs"
    with listening():
        base = study(now, ask.runs, plan.seed, keep)
        _check(ask.outcome, base.runs)

        def worth(setting: Setting) -> Values:
            other = study(setting, ask.runs, plan.seed, keep)
            return sign * _beside(ask.outcome, other, base, reads if costly else None)

        tried = search(found, worth, ask.tries, plan.seed, done)
        aims = [t.aims for t in tried]
        chosen = [tried[k].setting for k in _spread(front(aims), FINALISTS)]
        settings = [now, *(s for s in chosen if changed(s, found))]
        last: dict[str, Study] = {}
        sets: dict[str, Setting] = {}
        for k, s in enumerate(settings):
            name = f"S{k}" if k else NOW
            sets[name] = changed(s, found)
            last[name] = study(s, ask.held_out, plan.seed + HELD_OUT, "series")
            done()
    made = _judge(last, sets, ask, reads, costly)
    rows = pl.DataFrame(
        [t.setting | {"mean": sign * t.aims[0], "worst_tenth": sign * t.aims[1]} for t in tried]
    )
    out = Robust(
        scenario.name,
        ask.outcome,
        ask.high_is_better,
        tuple(found),
        rows,
        *made,
        called=costs.of_columns(scenario.columns),
        folder=plan.folder,
    )
    plan.folder.mkdir(parents=True, exist_ok=True)
    write_json(plan.folder / "robust.json", out.to_dict() | {"command": command})
    whole(plan.folder / "tried.parquet", rows.write_parquet)
    return out


def changed(setting: Setting, of: Sequence[Lever]) -> Setting:
    """What of a setting differs from the scenario."""
    return {x.key: setting[x.key] for x in of if setting[x.key] != x.now}


def _check(outcome: str, runs: pl.DataFrame) -> None:
    done = runs.filter(pl.col("ending").is_not_null())
    if done.height < FEWEST:
        raise MachineFault(f"only {done.height} futures could be finished; {FEWEST} are needed.")
    numbers(outcome, done)


def _beside(outcome: str, of: Study, base: Study, reads: Sequence[str] | None) -> Values:
    """The outcome of a setting in every future that it and the scenario as it is both finished. A
    cost is what the latter has, and the difference over the days that both futures lived.

    reads: its columns, if it is a cost.
    """
    a, b = joined(of.runs, base.runs)
    v = numbers(outcome, a)
    if reads is not None:
        first, second, _ = exposure.shared(a, b, (of.scan("series"), base.scan("series")), reads)
        v = numbers(outcome, b) + numbers(outcome, first) - numbers(outcome, second)
    v = v[np.isfinite(v)]
    if not v.size:
        raise Fault(f"the outcome '{outcome}' has no value in any future of a setting.")
    return np.asarray(v)


def _spread(points: Sequence[int], most: int) -> list[int]:
    """At most so many of some numbers, evenly, the first and the last among them."""
    if len(points) <= most:
        return list(points)
    return [points[round(k * (len(points) - 1) / (most - 1))] for k in range(most)]


def _judge(
    studies: Mapping[str, Study],
    sets: Mapping[str, Setting],
    ask: Wanted,
    reads: Sequence[str],
    costly: bool,
) -> tuple[tuple[Finalist, ...], int, int, int]:
    """Finalists on the futures that all of them finished; runs, held out, failed. Costs are counted
    over the days that the futures of all finalists lived.
    """
    good: set[int] | None = None
    for s in studies.values():
        ok = s.runs["ending"].is_not_null().to_numpy() & np.isfinite(numbers(ask.outcome, s.runs))
        mine = set(s.runs["run"].to_numpy()[ok].tolist())
        good = mine if good is None else good & mine
    kept = sorted(good or ())
    if len(kept) < FEWEST:
        raise MachineFault(f"only {len(kept)} futures of all settings could be finished.")
    whole_ = {n: s.runs.filter(pl.col("run").is_in(kept)).sort("run") for n, s in studies.items()}
    known = [c for c in studies[NOW].called if c in whole_[NOW].columns]
    daily = {n: s.scan("series") for n, s in studies.items()}
    even, _ = costs.evenly(whole_, [*known, *(r for r in reads if r not in known)], daily)
    of = even if costly else whole_
    found = judged({n: numbers(ask.outcome, t) for n, t in of.items()}, NOW, ask.high_is_better)
    finalists = tuple(
        Finalist(
            n,
            sets[n],
            found[n],
            stats.share(int(t["survived"].sum()), t.height),
            {c: float(even[n][c].cast(pl.Float64).to_numpy().mean()) for c in known},
        )
        for n, t in whole_.items()
    )
    return finalists, ask.runs, len(kept), ask.held_out - len(kept)
