"""Two scenarios on common luck: the difference belongs to the patch, not to chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import polars as pl

from .. import wording as words
from ..engine.run import REDUCERS
from ..execution.afresh import afresh
from ..execution.progress import Progress, Watch, as_part
from ..scenario.scenario import Scenario
from ..support.faults import Fault
from ..support.stopping import Stopped, asked, listening
from . import exposure, extras, plots, stats
from .effects import Effect, effect, joined, whole
from .ensemble import ensemble
from .futures.resume import Past, make_past
from .plan import RunPlan
from .results import Study, carriers
from .store.folder import refuse_links, rules

if TYPE_CHECKING:
    import pandas
    from matplotlib.axes import Axes

SHOWN = ("survived", "final_coup_risk", "peak_turnout_country")  # and all costs
NOTHING = "nothing that was recorded changed"
MOST_NAMED = 8
Status = Literal["finished", "stopped"]


@dataclass(frozen=True)
class Side:
    """One side of a comparison: its scenario, its futures by ending, and how many there are.

    hash: the scenario's fingerprint.  futures: on disk, `failed` of them without an ending.
    """

    scenario: str
    hash: str
    endings: Mapping[str, int]
    futures: int
    failed: int

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "scenario": self.scenario,
            "hash": self.hash,
            "endings": dict(self.endings),
            "futures": self.futures,
            "failed": self.failed,
        }


@dataclass(frozen=True)
class Comparison:
    """A scenario with a patch against the same without, pair by pair on the same luck.

    with_, without: the two sides; None where a comparison was stopped before it had a future.
    pairs: finished on both sides.  effects: one for each outcome that both have, with its interval
    and its units.  changed: columns in which any pair differs.  note: what to say where no outcome
    shown here moved.  status: "stopped" if the user ended it; what is there is then kept on disk,
    and nothing is told of it.  costs: columns that are costs to citizens, and what to call them.
    """

    with_: Side | None
    without: Side | None
    pairs: int
    effects: tuple[Effect, ...]
    changed: tuple[str, ...] = ()
    note: str | None = None
    status: Status = "finished"
    costs: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, outcome: str) -> Effect:
        """The effect on an outcome, by its column: `comparison["survived"]`."""
        for e in self.effects:
            if e.outcome == outcome:
                return e
        known = ", ".join(e.outcome for e in self.effects) or "none"
        raise KeyError(f"there is no effect on '{outcome}'; there are {known}.")

    def to_dict(self) -> dict[str, Any]:
        """What `thermidor compare --json` prints."""
        return {
            "with": self.with_.to_dict() if self.with_ else None,
            "without": self.without.to_dict() if self.without else None,
            "pairs": self.pairs,
            "effects": [e.to_dict() for e in self.effects],
            "changed": list(self.changed),
            "note": self.note,
        }

    def to_pandas(self) -> pandas.DataFrame:
        """A row an outcome, as a pandas DataFrame. Needs `pip install 'thermidor[frames]'`."""
        return extras.to_pandas(
            pl.DataFrame(
                {
                    "outcome": [e.outcome for e in self.effects],
                    "with": [e.of.value for e in self.effects],
                    "without": [e.against.value for e in self.effects],
                    "effect": [e.told.value for e in self.effects],
                    "low": [e.told.low for e in self.effects],
                    "high": [e.told.high for e in self.effects],
                    "pairs": [e.pairs for e in self.effects],
                    "higher": [e.higher for e in self.effects],
                    "lower": [e.lower for e in self.effects],
                }
            )
        )

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw each effect with its interval, on a scale of its own. Needs
        `pip install 'thermidor[plot]'`.
        """
        return plots.effects([plots.Bar(e.outcome, e.told) for e in self.effects], "plot()", ax)

    def _repr_html_(self) -> str:
        head = "<tr><th>outcome</th><th>with</th><th>without</th><th>effect (95 of 100)</th></tr>"
        rows = "".join(
            f"<tr><td>{e.outcome}</td><td>{words.number(e.of.value)}</td>"
            f"<td>{words.number(e.against.value)}</td><td>{e.told.words()}</td></tr>"
            for e in self.effects
        )
        said = f"{self.pairs:,} pairs" + ("; stopped" if self.status == "stopped" else "")
        return f"<p>{said}</p><table>{head}{rows}</table>"


@afresh
def pairs(
    plan: RunPlan, base: Scenario, *, past: int | None = None, progress: Watch | None = None
) -> Comparison:
    """Compute the plan's scenario and another on the same luck, and compare them, pair by pair.

    past: number of a future. Its days before `choices_from` are computed once, and the pairs are
    branches of it: all of them know that past, with its assumptions, and differ in luck after it.
    """
    other, out = plan.scenario, plan.folder
    refuse_links(out, ("arms", "past"))
    stages = ["past", "with", "without"] if past is not None else ["with", "without"]
    watch = {s: as_part(progress, s, k, len(stages)) for k, s in enumerate(stages)}
    made: list[Study] = []
    with listening() as stop:
        try:
            if past is not None:
                plan = plan.of(other, past=_past(plan, base, past, watch["past"]))
            for stage, s in (("with", other), ("without", base)):
                folder = out / "arms" / (s.hash if past is None else f"{s.hash}-from-{past}")
                study = ensemble(plan.of(s, folder=folder), progress=watch[stage])
                if stop() or study.status != "finished":
                    raise Stopped
                made.append(study)
            return compare(made[0], made[1])
        except (Stopped, KeyboardInterrupt) as e:
            if isinstance(e, KeyboardInterrupt) and not stop():
                raise
            sides = [*map(_side, made), None, None]
            return Comparison(sides[0], sides[1], 0, (), status="stopped")


def _past(plan: RunPlan, base: Scenario, run: int, watch: Watch | None) -> Past:
    """The days of one future of the base before the two sides part."""
    last, seed = plan.scenario.choices_day, plan.seed
    if not last:
        raise Fault(
            "a common past needs the day on which the two sides part; give --from, or choices_from "
            "in the file."
        )

    def look(day: int) -> None:
        if asked():
            raise Stopped
        if watch:
            watch(Progress("past", day, last))

    path = plan.folder / "past" / f"{base.hash}-{rules()}-{seed}-{run}-{last}.npz"
    return make_past(base, seed, run, last, plan.fixed, path, look)


def compare(first: Study, second: Study, outcomes: Sequence[str] | None = None) -> Comparison:
    """Effects of the first study against the second, on the futures that both finished.

    outcomes: columns of their runs; `SHOWN` and the costs to citizens if left out. Costs are
    counted over the days that both futures of a pair lived (exposure.py), or each to its own end
    where no daily series were kept.
    """
    if first.seed != second.seed:
        raise Fault(
            "the two studies have different seeds, so their futures are not paired; run both with "
            "the same --seed."
        )
    effects, off = [], first.off | second.off
    called = second.called | first.called
    evenly = all("series" in study.kept for study in (first, second))
    for outcome in (*SHOWN, *called) if outcomes is None else outcomes:
        if outcome in first.runs.columns and outcome in second.runs.columns:
            within = (0.0, 1.0) if outcome == "survived" else None
            cost = exposure.reads([outcome], called)
            read = None
            if cost and evenly:
                daily = first.scan("series"), second.scan("series")
                read = partial(exposure.shared, daily=daily, names=[outcome])
            sides = first.runs, second.runs
            found, differences, arm = effect(*sides, outcome, within=within, read=read)
            if cost and not evenly:
                found = whole(found, kept=False)
            carried = carriers(arm, differences, 3, off=off)
            effects.append(replace(found, carried_by=tuple(carried)))
    moved = changed(first.runs, second.runs) + _changed_locally(first, second)
    pairs = joined(first.runs, second.runs)[0].height
    still = pairs > 0 and all(found.identical for found in effects if found.pairs)
    note = _note(moved, first, second) if still else None
    return Comparison(
        _side(first), _side(second), pairs, tuple(effects), tuple(moved), note, costs=called
    )


def _side(study: Study) -> Side:
    return Side(study.scenario, study.hash, study.endings(), study.futures, study.failed)


def changed(a: pl.DataFrame, b: pl.DataFrame) -> list[str]:
    """Columns of runs in which any pair of finished futures differs; parameters do not count."""
    a, b = joined(a, b)
    told = [c for c in a.columns if "." not in c and c not in ("run", "reason") and c in b.columns]
    return [c for c in told if not same(a[c], b[c])]


def same(a: pl.Series, b: pl.Series) -> bool:
    """Whether two columns hold the same, but for the last digits, which the plain loop and the
    compiled one may round otherwise.
    """
    if a.equals(b):
        return True
    if not (a.dtype.is_float() and b.dtype.is_float()):
        return False
    x, y = a.to_numpy(), b.to_numpy()
    return bool(np.allclose(x, y, rtol=stats.ROUNDING, atol=0.0, equal_nan=True))


def _changed_locally(first: Study, second: Study) -> list[str]:
    """Columns of the tables by province in which any pair differs."""
    keys = ["run", "province"]
    try:
        a, b = first.provinces, second.provinces
    except Fault:  # no future was finished in one of them, or provinces were not kept
        return []
    both = a.select(keys).join(b.select(keys), on=keys).sort(keys)
    a, b = (both.join(x, on=keys, maintain_order="left") for x in (a, b))
    return [c for c in a.columns if c in b.columns and not same(a[c], b[c])]


def _note(moved: Sequence[str], first: Study, second: Study) -> str:
    """What to say where no outcome that is shown moved."""
    if not moved:
        kept = "provinces" in first.kept and "provinces" in second.kept
        return NOTHING if kept else f"{NOTHING}; values by province were not kept"
    return f"no outcome shown here moved; what changed: {named(moved)}"


def named(columns: Sequence[str]) -> str:
    """Columns as the states that they are reductions of, each once."""
    states = []
    for c in columns:
        head, _, rest = c.partition("_")
        states.append(rest if head in REDUCERS and rest else c)
    states = list(dict.fromkeys(states))
    more = len(states) - MOST_NAMED
    return ", ".join(states[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
