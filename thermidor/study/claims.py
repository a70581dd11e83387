"""Claims put to the test: their arms, computed on common luck, and judged (verdicts.py)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, overload

import polars as pl

from ..execution.afresh import afresh
from ..execution.progress import Watch, as_part
from ..places.place import FEWEST_WORDS
from ..scenario.dictionary import dictionary
from ..scenario.file.schema import Arm, Claim
from ..scenario.scenario import Scenario
from ..support.faults import Fault, near
from ..support.stopping import Stopped, asked, listening
from ..support.writing import write_json
from . import costs, extras, plots
from .compare import Status
from .ensemble import ensemble
from .futures.compute import seconds_a_day
from .plan import RunPlan
from .results import Study
from .store.folder import Folder, refuse_links
from .verdicts import Verdict, judge

if TYPE_CHECKING:
    import pandas
    from matplotlib.axes import Axes

QUICK_PAIRS, QUICK_FEWEST, QUICK_DAYS, QUICK_CITIZENS = 40, 10, 30_000, 5_000
KEPT = "claims.json"


@dataclass(frozen=True)
class Claims(Sequence[Verdict]):
    """The verdicts on the claims of a scenario, in its order; by number, or by id: `claims["C7"]`.

    runs: most pairs of futures for a claim.  citizens: agents asked for.  folder: where the arms
    are kept.  status: "stopped" if the user ended it; what is finished is then kept on disk, and
    there is no verdict.  claims_of: whose claims they are.  supports, attacks: ids of the claims
    that a claim speaks for, and against.
    """

    scenario: str
    hash: str
    runs: int
    seed: int
    citizens: int
    verdicts: tuple[Verdict, ...]
    folder: Path
    status: Status = "finished"
    claims_of: str | None = None
    supports: Mapping[str, Sequence[str]] = field(default_factory=dict)
    attacks: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.verdicts)

    @overload
    def __getitem__(self, which: int | str) -> Verdict: ...

    @overload
    def __getitem__(self, which: slice) -> tuple[Verdict, ...]: ...

    def __getitem__(self, which: int | str | slice) -> Verdict | tuple[Verdict, ...]:
        if not isinstance(which, str):
            return self.verdicts[which]
        for v in self.verdicts:
            if v.id == which:
                return v
        known = ", ".join(v.id for v in self.verdicts) or "none"
        raise KeyError(f"there is no verdict on '{which}'; there are {known}.")

    def __iter__(self) -> Iterator[Verdict]:
        return iter(self.verdicts)

    def to_dict(self) -> dict[str, Any]:
        """What stands in claims.json."""
        return {
            "scenario": self.scenario,
            "hash": self.hash,
            "runs": self.runs,
            "seed": self.seed,
            "citizens": self.citizens,
            "claims_of": self.claims_of,
            "supports": {k: list(v) for k, v in self.supports.items()},
            "attacks": {k: list(v) for k, v in self.attacks.items()},
            "claims": [v.to_dict() for v in self.verdicts],
        }

    def to_pandas(self) -> pandas.DataFrame:
        """A row a claim, with the effect of its first test, as a pandas DataFrame. Needs
        `pip install 'thermidor[frames]'`.
        """
        rows = summary([v.to_dict() for v in self.verdicts])
        kinds = dict.fromkeys(("mean", "low", "high"), pl.Float64)
        return extras.to_pandas(pl.DataFrame(rows, schema_overrides=kinds))

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the effect of each claim's first test with its interval, and the margin that it has
        to pass, on a scale of its own. Needs `pip install 'thermidor[plot]'`.
        """
        bars = []
        for v in self.verdicts:
            if v.tests and math.isfinite(v.tests[0].told.value):
                test = v.tests[0]
                sign = 1.0 if test.expect == "above" else -1.0
                margin = None if test.margin is None else sign * test.margin
                bars.append(plots.Bar(f"{v.id} {v.verdict}", test.told, margin))
        return plots.effects(bars, "plot()", ax)

    def _repr_html_(self) -> str:
        return "".join(v._repr_html_() for v in self.verdicts) or f"<p>{self.status}</p>"


class _Part(NamedTuple):
    """One arm of one claim, and the pairs that it needs."""

    claim: Claim
    name: str
    scenario: Scenario
    runs: int


@afresh
def claims(
    plan: RunPlan,
    *,
    only: Sequence[str] = (),
    quick: bool = False,
    progress: Watch | None = None,
) -> Claims:
    """Every claim of the plan's scenario (or only some), tested on pairs of futures.

    Arms that claims share are computed once. quick: for a first look, few agents and at most 40
    pairs, 10 where the days are many. If all were tested in full, the verdicts are kept in the
    folder as claims.json, in place of those of another argument, and its report tells them.
    """
    refuse_links(plan.folder, ("arms",))
    scenario = plan.scenario
    parts = _plan(scenario, only, plan.runs, quick)
    with listening() as stop:
        try:
            made = _computed(plan, parts, progress)
        except (Stopped, KeyboardInterrupt) as e:
            if isinstance(e, KeyboardInterrupt) and not stop():
                raise
            return _claims(plan, (), "stopped")
    arms: dict[str, dict[str, pl.DataFrame]] = {}
    off: dict[str, dict[str, frozenset[str]]] = {}
    daily: dict[str, dict[str, pl.LazyFrame]] = {}
    for claim, name, s, n in parts:
        arms.setdefault(claim.id, {})[name] = made[s.hash].runs.filter(pl.col("run") < n)
        daily.setdefault(claim.id, {})[name] = made[s.hash].scan("series")
        off.setdefault(claim.id, {})[name] = s.silent
    grades, kinds = grade_counts(scenario), column_kinds(scenario)
    todo = [c for c in scenario.claims if not only or c.id in only]
    known = tuple(costs.of_columns(scenario.columns))
    judged = (
        judge(c, arms.get(c.id, {}), grades, kinds, off.get(c.id, {}), known, daily.get(c.id))
        for c in todo
    )
    found = _claims(plan, tuple(judged))
    if not only and not quick:
        plan.folder.mkdir(parents=True, exist_ok=True)
        write_json(plan.folder / KEPT, found.to_dict())
    return found


def _claims(plan: RunPlan, verdicts: tuple[Verdict, ...], status: Status = "finished") -> Claims:
    s = plan.scenario
    return Claims(
        s.name,
        s.hash,
        plan.runs,
        plan.seed,
        s.place.citizens,
        verdicts,
        plan.folder,
        status,
        s.file.claims_of,
        {c.id: c.supports for c in s.claims if c.supports},
        {c.id: c.attacks for c in s.claims if c.attacks},
    )


def _computed(plan: RunPlan, parts: Sequence[_Part], progress: Watch | None) -> dict[str, Study]:
    """The futures of each arm by its scenario's fingerprint, computed or read. Raises Stopped."""
    wanted, made = _wanted(parts), dict[str, Study]()
    for k, (claim, name, s, _) in enumerate(parts):
        if s.hash in made:
            continue
        arm = plan.of(s, runs=wanted[s.hash], folder=plan.folder / "arms" / s.hash)
        study = ensemble(arm, progress=as_part(progress, f"{claim.id} {name}", k, len(parts)))
        if asked() or study.status != "finished":
            raise Stopped
        made[s.hash] = study
    return made


def effort(
    scenario: Scenario,
    *,
    only: Sequence[str] = (),
    runs: int = 200,
    quick: bool = False,
    processes: int = 1,
    out: str | Path | None = None,
) -> dict[str, float]:
    """What it takes to test the claims: arms, futures, days, and about how many seconds.

    Futures that are finished in the folder `out` are not counted. The seconds are those of a
    usual machine.
    """
    plan = _plan(scenario, only, runs, quick)
    wanted = _wanted(plan)
    futures = days = seconds = 0.0
    for s in {part.scenario.hash: part.scenario for part in plan}.values():
        there = Folder(Path(out) / "arms" / s.hash).finished() if out is not None else set()
        todo = len(set(range(wanted[s.hash])) - there)
        futures, days = futures + todo, days + todo * s.days
        agents = float(s.place.agents.sum())
        seconds += todo * s.days * seconds_a_day(agents)
    return {
        "arms": len(wanted),
        "futures": int(futures),
        "days": int(days),
        "seconds": round(seconds / max(1, processes), 1),
    }


def summary(found: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A row a claim: id, verdict, the effect of its first test with its interval, its pairs."""
    untested: dict[str, Any] = {
        "effect": dict.fromkeys(("mean", "low", "high")),
        "pairs": 0,
        "kind": None,
    }
    rows = []
    for c in found:
        first = c["tests"][0] if c["tests"] else untested
        rows.append(
            {
                "id": c["id"],
                "verdict": c["verdict"],
                **first["effect"],
                "pairs": first["pairs"],
                "kind": first["kind"],
                "sentence": c["sentence"],
            }
        )
    return rows


def _plan(scenario: Scenario, only: Sequence[str], runs: int, quick: bool) -> list[_Part]:
    """The arms of the claims that are asked for, each with its pairs."""
    known = [c.id for c in scenario.claims]
    for c in only:
        if c not in known:
            raise Fault(
                f"there is no claim '{c}' in {scenario.name}; it has "
                f"{', '.join(known) or 'none'}.{near(c, known)}"
            )
    todo = [c for c in scenario.claims if not only or c.id in only]
    if not todo:
        raise Fault(
            f"{scenario.name} makes no claims; name an argument with --argument, such as "
            "sanctions-work, or add 'claims' to its file."
        )
    if quick:
        fewest = 64 * FEWEST_WORDS * len(scenario.place.ids)
        scenario = scenario.sized(min(scenario.place.citizens, max(fewest, QUICK_CITIZENS)))
    parts = [
        _Part(claim, name, arm_of(scenario, claim, arm), min(runs, claim.runs or runs))
        for claim in todo
        for name, arm in claim.arms.items()
    ]
    return [p._replace(runs=min(p.runs, _few(p.claim, parts))) for p in parts] if quick else parts


def _few(claim: Claim, parts: Sequence[_Part]) -> int:
    """Pairs of a quick look at a claim, the same for all of its arms."""
    days: int = max(p.scenario.days for p in parts if p.claim is claim)
    return max(QUICK_FEWEST, min(QUICK_PAIRS, QUICK_DAYS // days))


def _wanted(plan: Sequence[_Part]) -> dict[str, int]:
    """Futures by fingerprint of their scenario: the most that any claim needs."""
    wanted: dict[str, int] = {}
    for part in plan:
        wanted[part.scenario.hash] = max(part.runs, wanted.get(part.scenario.hash, 0))
    return wanted


def arm_of(scenario: Scenario, claim: Claim, arm: Arm) -> Scenario:
    """The scenario that one side of a claim plays."""
    days = arm.days or claim.days
    made = (
        scenario.patched(arm.set, arm.switched_off, days)
        if arm.set or arm.switched_off or days
        else scenario
    )
    return (
        made.sized(max(claim.citizens, made.place.fewest))
        if claim.citizens and claim.citizens < scenario.place.citizens
        else made
    )


def grade_counts(scenario: Scenario) -> dict[str, int]:
    """Assumptions by grade; those of a mechanism that is switched off move nothing."""
    counts: dict[str, int] = {}
    for a in scenario.parameters.values():
        if a.parameter.role == "assumption" and not a.off:
            counts[a.grade] = counts.get(a.grade, 0) + 1
    return counts


def column_kinds(scenario: Scenario) -> dict[str, str]:
    """Kind of each column that an outcome may name."""
    return {c["column"]: c["kind"] for c in dictionary(scenario) if c["table"] == "runs"}
