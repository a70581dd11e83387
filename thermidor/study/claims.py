"""Claims put to the test: each is a paired comparison on common luck, with a verdict, its costs and what carries it.

A test expects the mean of an outcome in one arm to lie above (or below) another arm, or a number, by more than a margin:
    supported      the whole 95 % interval of the effect lies beyond the margin, on the expected side
    not supported  the whole interval lies on the other side of the margin
    inconclusive   the interval holds the margin; the number of pairs that would settle it is given
A claim is supported if all of its tests are, and not supported if one is not.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import polars as pl

from .. import words
from ..faults import Fault, near
from ..past import skill
from ..scenario import Scenario
from ..schema import Arm, Claim, Test
from . import stats
from .compare import effect
from .ensemble import ensemble
from .results import COSTS, Results, carriers

SUPPORTED, NOT_SUPPORTED, INCONCLUSIVE, NOT_TESTABLE = "supported", "not supported", "inconclusive", "not testable"
Progress = Callable[[str, int, int, float], None]


def claims(scenario: Scenario, *, only: Sequence[str] = (), runs: int = 200, seed: int = 1, fixed: bool = False,
           processes: int | None = None, out: str | Path, progress: Progress | None = None) -> list[dict[str, Any]]:
    """Every claim of a scenario (or only some), tested on pairs of futures; arms that claims share are computed once."""
    known = [c.id for c in scenario.claims]
    for c in only:
        if c not in known:
            raise Fault(f"there is no claim '{c}' in {scenario.name}; it has {', '.join(known) or 'none'}.{near(c, known)}")
    todo = [c for c in scenario.claims if not only or c.id in only]
    if not todo:
        raise Fault(f"{scenario.name} makes no claims; add 'claims' to its file.")
    plan = [(claim, name, _arm(scenario, claim, arm), min(runs, claim.runs or runs)) for claim in todo for name, arm in claim.arms.items()]
    wanted: dict[str, int] = {}
    for _, _, s, n in plan:
        wanted[s.hash] = max(n, wanted.get(s.hash, 0))
    made: dict[str, pl.DataFrame] = {}
    results: dict[tuple[str, str], pl.DataFrame] = {}
    for k, (claim, name, s, n) in enumerate(plan):
        if s.hash not in made:
            path = Path(out) / "arms" / s.hash
            label = f"{claim.id} {name}"
            watch = (lambda done, total, days, k=k, label=label: progress(label, k, len(plan), (done or days) / max(total, 1))) if progress else None
            manifest = ensemble(s, wanted[s.hash], seed=seed, fixed=fixed, processes=processes, out=path, progress=watch)
            if manifest["status"] != "finished":
                raise KeyboardInterrupt
            made[s.hash] = Results(path).runs
        results[claim.id, name] = made[s.hash].filter(pl.col("run") < n)
    grades = grade_counts(scenario)
    return [judge(claim, {name: results[claim.id, name] for name in claim.arms}, grades) for claim in todo]


def _arm(scenario: Scenario, claim: Claim, arm: Arm) -> Scenario:
    days = arm.days or claim.days
    made = scenario.patched(arm.set, arm.switched_off, days) if arm.set or arm.switched_off or days else scenario
    return made.sized(claim.citizens) if claim.citizens and claim.citizens < scenario.place.citizens else made


def grade_counts(scenario: Scenario) -> dict[str, int]:
    """Assumptions by grade."""
    counts: dict[str, int] = {}
    for a in scenario.parameters.values():
        if a.parameter.role == "assumption":
            counts[a.grade] = counts.get(a.grade, 0) + 1
    return counts


def judge(claim: Claim, arms: Mapping[str, pl.DataFrame], grades: Mapping[str, int]) -> dict[str, Any]:
    """The verdict on one claim from the finished futures of its arms."""
    out: dict[str, Any] = {"id": claim.id, "sentence": claim.sentence}
    if not claim.tests:
        return out | {"verdict": NOT_TESTABLE, "reason": claim.not_testable, "tests": [], "also": [], "costs": {}, "number": None}
    tests = [_test(t, arms) for t in claim.tests]
    verdicts = [t["verdict"] for t in tests]
    verdict = SUPPORTED if set(verdicts) == {SUPPORTED} else next((v for v in (NOT_SUPPORTED, NOT_TESTABLE) if v in verdicts), INCONCLUSIVE)
    chance = min((t["chance"] for t in tests if t["chance"] is not None), default=None)
    settle = [t["pairs_to_settle"] for t in tests if t["verdict"] == INCONCLUSIVE]
    first = tests[0]
    return out | {
        "verdict": verdict, "number": first["effect"], "tests": tests, "also": [_test(t, arms) for t in claim.also],
        "pairs_to_settle": (None if None in settle else max(settle)) if settle and verdict == INCONCLUSIVE else None,
        "costs": {name: _costs(arms[name]) for name in arms},
        "likelihood": None if chance is None else words.on_average(chance),
        "confidence": words.confidence(grades, skill()), "note": claim.note}


def _test(test: Test, arms: Mapping[str, pl.DataFrame]) -> dict[str, Any]:
    a = arms[test.of]
    if isinstance(test.against, str):
        found, differences, runs = effect(a, arms[test.against], test.outcome, test.given)
        row = found.as_dict()
        interval = found.effect
    else:
        found, differences, runs = effect(a, a, test.outcome, test.given)
        values = found.of
        interval = stats.Interval(*(x - test.against for x in values))
        row = found.as_dict() | {"without": {"mean": float(test.against)}, "effect": interval.as_dict("mean")}
        differences = _one_sample(a, test)
        row |= {"higher": int((differences > 0).sum()), "lower": int((differences < 0).sum()), "same": int((differences == 0).sum())}
    row |= {"says": test.says, "of": test.of, "against": test.against, "expect": test.expect, "margin": test.margin}
    sign = 1.0 if test.expect == "above" else -1.0
    margin = test.margin if test.expect == "above" else -test.margin
    if len(differences) < 5:
        return row | {"verdict": NOT_TESTABLE, "reason": f"only {len(differences)} pairs of futures meet the condition", "chance": None,
                      "pairs_to_settle": None, "carried_by": []}
    low, high = sorted((sign * (interval.low - margin), sign * (interval.high - margin)))
    verdict = SUPPORTED if low > 0 else NOT_SUPPORTED if high < 0 else INCONCLUSIVE
    se = (interval.high - interval.low) / (2 * stats.Z95)
    middle = (interval.high + interval.low) / 2
    chance = NormalDist().cdf(sign * (middle - margin) / se) if se > 0 else float(sign * (middle - margin) > 0)
    settle = stats.runs_to_settle(differences, margin) if verdict == INCONCLUSIVE else None
    return row | {"verdict": verdict, "chance": chance, "pairs_to_settle": settle, "carried_by": carriers(runs, differences, 3)}


def _one_sample(runs: pl.DataFrame, test: Test) -> np.ndarray:
    from .compare import _values
    runs = runs.filter(pl.col("ending").is_not_null())
    if test.given:
        runs = runs.filter(_values(runs, test.given).astype(bool))
    x = _values(runs, test.outcome)
    return x[np.isfinite(x)] - float(test.against)


def _costs(runs: pl.DataFrame) -> dict[str, dict[str, float]]:
    done = runs.filter(pl.col("ending").is_not_null())
    out = {}
    for c in ("survived", *COSTS):
        if c in done.columns and done.height:
            x = done[c].to_numpy()
            low, median, high = np.quantile(x, [0.05, 0.5, 0.95])
            out[c] = {"mean": float(x.mean()), "median": float(median), "low": float(low), "high": float(high)}
    return out
