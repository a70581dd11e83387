"""Claims put to the test: their arms, computed on common luck, and judged (verdicts.py)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from ..execution.afresh import afresh
from ..places.place import FEWEST_WORDS
from ..scenario.dictionary import dictionary
from ..scenario.scenario import Scenario
from ..scenario.schema import Arm, Claim
from ..support.faults import Fault, near
from .ensemble import ensemble
from .folder import Folder, refuse_links
from .results import Results
from .verdicts import judge

QUICK_PAIRS, QUICK_FEWEST, QUICK_DAYS, QUICK_CITIZENS = 40, 10, 30_000, 5_000
SECONDS_A_DAY, SECONDS_AN_AGENT_DAY = 3.5e-4, 3e-9  # of one process, roughly
Progress = Callable[[str, int, int, float], None]
Watch = Callable[[int, int, float], None]


class _Part(NamedTuple):
    """One arm of one claim, and the pairs that it needs."""

    claim: Claim
    name: str
    scenario: Scenario
    runs: int


@afresh
def claims(
    scenario: Scenario,
    *,
    only: Sequence[str] = (),
    runs: int = 200,
    seed: int = 1,
    fixed: bool = False,
    quick: bool = False,
    processes: int | None = None,
    out: str | Path,
    progress: Progress | None = None,
    keep_failed: bool = False,
    future_seconds: float | None = None,
) -> list[dict[str, Any]]:
    """Every claim of a scenario (or only some), tested on pairs of futures.

    Arms that claims share are computed once.
    quick: for a first look, few agents and at most 40 pairs, 10 where the days are many.
    """
    refuse_links(Path(out), ("arms",))
    plan = _plan(scenario, only, runs, quick)
    wanted = _wanted(plan)
    made: dict[str, pl.DataFrame] = {}
    arms: dict[str, dict[str, pl.DataFrame]] = {}
    off: dict[str, dict[str, frozenset[str]]] = {}
    for k, (claim, name, s, n) in enumerate(plan):
        if s.hash not in made:
            watch = _watched(progress, f"{claim.id} {name}", k, len(plan))
            made[s.hash] = _computed(
                s,
                wanted[s.hash],
                Path(out),
                seed=seed,
                fixed=fixed,
                processes=processes,
                progress=watch,
                keep_failed=keep_failed,
                future_seconds=future_seconds,
            )
        arms.setdefault(claim.id, {})[name] = made[s.hash].filter(pl.col("run") < n)
        off.setdefault(claim.id, {})[name] = s.silent
    grades, kinds = grade_counts(scenario), column_kinds(scenario)
    todo = [c for c in scenario.claims if not only or c.id in only]
    return [judge(c, arms.get(c.id, {}), grades, kinds, off.get(c.id, {})) for c in todo]


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
        seconds += todo * s.days * (SECONDS_A_DAY + SECONDS_AN_AGENT_DAY * agents)
    return {
        "arms": len(wanted),
        "futures": int(futures),
        "days": int(days),
        "seconds": round(seconds / max(1, processes), 1),
    }


def summary(found: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A row a claim: id, verdict, the effect of its first test with its interval, its pairs."""
    untested = {"effect": {"mean": None, "low": None, "high": None}, "pairs": 0, "kind": None}
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
                f"there is no claim '{c}' in {scenario.name}; it has {', '.join(known) or 'none'}.{near(c, known)}"
            )
    todo = [c for c in scenario.claims if not only or c.id in only]
    if not todo:
        raise Fault(f"{scenario.name} makes no claims; add 'claims' to its file.")
    if quick:
        fewest = 64 * FEWEST_WORDS * len(scenario.place.ids)
        scenario = scenario.sized(min(scenario.place.citizens, max(fewest, QUICK_CITIZENS)))
    parts = [
        _Part(claim, name, _arm(scenario, claim, arm), min(runs, claim.runs or runs))
        for claim in todo
        for name, arm in claim.arms.items()
    ]
    return [p._replace(runs=min(p.runs, _few(p.claim, parts))) for p in parts] if quick else parts


def _few(claim: Claim, parts: Sequence[_Part]) -> int:
    """Pairs of a quick look at a claim, the same for all of its arms."""
    days = max(p.scenario.days for p in parts if p.claim is claim)
    return max(QUICK_FEWEST, min(QUICK_PAIRS, QUICK_DAYS // days))


def _wanted(plan: Sequence[_Part]) -> dict[str, int]:
    """Futures by fingerprint of their scenario: the most that any claim needs."""
    wanted: dict[str, int] = {}
    for part in plan:
        wanted[part.scenario.hash] = max(part.runs, wanted.get(part.scenario.hash, 0))
    return wanted


def _arm(scenario: Scenario, claim: Claim, arm: Arm) -> Scenario:
    days = arm.days or claim.days
    made = (
        scenario.patched(arm.set, arm.switched_off, days)
        if arm.set or arm.switched_off or days
        else scenario
    )
    return (
        made.sized(claim.citizens)
        if claim.citizens and claim.citizens < scenario.place.citizens
        else made
    )


def _watched(progress: Progress | None, label: str, k: int, n: int) -> Watch | None:
    if progress is None:
        return None
    return lambda done, total, days: progress(label, k, n, (done or days) / max(total, 1))


def _computed(s: Scenario, runs: int, out: Path, **options: Any) -> pl.DataFrame:
    """The futures of an arm, computed or read; options are those of `ensemble`."""
    path = out / "arms" / s.hash
    manifest = ensemble(s, runs, out=path, **options)
    if manifest["status"] != "finished":
        raise KeyboardInterrupt
    return Results(path).runs


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
