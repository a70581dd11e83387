"""The verdict on a claim from the futures of its arms.

A test expects the mean of an outcome in one arm to lie above (or below) another arm, or a number,
by more than a margin, the smallest effect that matters (margins.py, where the test gives none).

supported: the whole 95 % interval of the effect lies beyond the margin, on the expected side.
not supported: the whole interval lies on the other side of the margin.
inconclusive: the interval holds the margin; the number of pairs that would settle it is given.
not testable: both sides are identical, the outcome never varies, or fewer than 5 pairs are left.

Futures that failed leave their pairs out; a verdict that they could overturn is inconclusive.
A claim is supported if all of its tests are, and not supported if one is not.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from statistics import NormalDist
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from .. import wording as words
from ..fitted.scoreboard import skill
from ..scenario.schema import Claim, Test
from . import stats
from .compare import changed, named
from .effects import Effect, distance, effect
from .margins import FLAG, SHARE, outcome_kind, smallest
from .results import COSTS, carriers

SUPPORTED, NOT_SUPPORTED = "supported", "not supported"
INCONCLUSIVE, NOT_TESTABLE = "inconclusive", "not testable"
FEWEST = 5  # pairs from which anything is said


class _Verdict(NamedTuple):
    """chance: that the effect lies beyond the margin.  settle: pairs that would settle it."""

    verdict: str
    reason: str | None = None
    chance: float | None = None
    settle: int | None = None


def judge(
    claim: Claim,
    arms: Mapping[str, pl.DataFrame],
    grades: Mapping[str, int],
    kinds: Mapping[str, str] | None = None,
    off: Mapping[str, Collection[str]] | None = None,
) -> dict[str, Any]:
    """The verdict on one claim from the futures of its arms.

    kinds: kind of each column (`column_kinds`), which sets the margin where a test gives none.
    off: mechanisms that are switched off in an arm; their assumptions are not named.
    """
    tests, also = (
        [_test(t, arms, kinds or {}, off or {}) for t in of] for of in (claim.tests, claim.also)
    )
    verdict = _together([t["verdict"] for t in tests])
    weighed = [t for t in tests if t["chance"] is not None and verdict != NOT_TESTABLE]
    weakest = min(weighed, key=lambda t: t["chance"], default=None)
    reasons = [t["reason"] for t in tests if t["verdict"] == verdict and t["reason"]]
    return {
        "id": claim.id,
        "sentence": claim.sentence,
        "verdict": verdict,
        "reason": (reasons or [claim.not_testable])[0],
        "number": tests[0]["effect"] if tests else None,
        "tests": tests,
        "also": also,
        "pairs_to_settle": _settle(tests) if verdict == INCONCLUSIVE else None,
        "costs": {name: _costs(runs) for name, runs in arms.items()},
        "futures": {name: _futures(runs) for name, runs in arms.items()},
        "likelihood": words.on_average(weakest["chance"], weakest["seen"]) if weakest else None,
        "confidence": words.confidence(grades, skill()) if weakest else None,
        "note": claim.note,
    }


def _together(verdicts: Sequence[str]) -> str:
    """The verdict on a claim from those on its tests; without a test it is not testable."""
    if not verdicts:
        return NOT_TESTABLE
    if set(verdicts) == {SUPPORTED}:
        return SUPPORTED
    return next((v for v in (NOT_SUPPORTED, NOT_TESTABLE) if v in verdicts), INCONCLUSIVE)


def _settle(tests: Sequence[Mapping[str, Any]]) -> int | None:
    """Pairs that would settle all tests that are open; None if one of them would stay so."""
    wanted = [t["pairs_to_settle"] for t in tests if t["verdict"] == INCONCLUSIVE]
    return None if None in wanted else max(wanted)


def _test(
    test: Test,
    arms: Mapping[str, pl.DataFrame],
    kinds: Mapping[str, str],
    off: Mapping[str, Collection[str]],
) -> dict[str, Any]:
    """One test: the effect, the margin and where it comes from, the verdict and its reason."""
    kind = outcome_kind(test.outcome, kinds)
    within = (0.0, 1.0) if kind in (FLAG, SHARE) else None
    how = (test.outcome, test.given, within)
    if isinstance(test.against, str):
        found, differences, runs = effect(arms[test.of], arms[test.against], *how)
    else:
        found, differences, runs = distance(arms[test.of], float(test.against), *how)
    margin, origin = _margin(test, found, kind)
    reason = _not_testable(test, found, differences, arms, kind)
    judged = _Verdict(NOT_TESTABLE, reason) if reason else _judged(test, found, margin or 0.0)
    row = found.as_dict()
    if reason:  # a number of which nothing can be said has no interval
        row["effect"] |= {"low": None, "high": None}
    silent = {m for arm in (test.of, test.against) for m in off.get(str(arm), ())}
    return row | {
        "says": test.says,
        "of": test.of,
        "against": test.against,
        "expect": test.expect,
        "given": test.given,
        "kind": kind,
        "seen": _seen(found, test),
        "margin": margin,
        "margin_from": origin,
        "verdict": judged.verdict,
        "reason": judged.reason,
        "chance": judged.chance,
        "pairs_to_settle": judged.settle,
        "carried_by": [] if reason else carriers(runs, differences, 3, off=silent),
    }


def _margin(test: Test, found: Effect, kind: str) -> tuple[float | None, str | None]:
    if test.margin is not None:
        return float(test.margin), "given"
    if not found.pairs:
        return None, None
    return smallest(kind, found.against.value, found.of.value)


def _seen(found: Effect, test: Test) -> str:
    """What a number is told from: 200 pairs, or 200 futures where one arm meets a number."""
    what = "pair" if isinstance(test.against, str) else "future"
    return f"{found.pairs:,} {what}{'' if found.pairs == 1 else 's'}"


def _not_testable(
    test: Test, found: Effect, differences: np.ndarray, arms: Mapping[str, pl.DataFrame], kind: str
) -> str | None:
    """Why nothing can be said of a test, or None."""
    if found.pairs < FEWEST:
        return _too_few(test, found, arms)
    if isinstance(test.against, str):
        if not found.identical:
            return None
        moved = changed(arms[test.of], arms[test.against])
        rest = "nothing else that was recorded of them differs either"
        if moved:
            rest = f"this outcome does not tell them apart, others do ({named(moved)})"
        return f"both sides are identical in all {_seen(found, test)}; {rest}"
    if stats.constant(differences) and kind != FLAG:
        return f"the outcome is {words.number(found.of.value)} in all {_seen(found, test)}"
    return None


def _too_few(test: Test, found: Effect, arms: Mapping[str, pl.DataFrame]) -> str:
    for side in (test.of, test.against):
        runs = arms.get(side) if isinstance(side, str) else None
        if runs is not None and runs.height and runs["ending"].is_null().all():
            reasons = runs["reason"].drop_nulls() if "reason" in runs.columns else []
            first = f" ({reasons[0]})" if len(reasons) else ""
            return f"no future of '{side}' was finished{first}"
    why = []
    if found.failed:
        why.append(f"{found.failed:,} failed")
    if found.valueless:
        why.append(f"in {found.valueless:,} the outcome has no value")
    meet = " that meet the condition" if test.given else ""
    more = f" ({'; '.join(why)})" if why else ""
    return f"only {_seen(found, test)}{meet}{more}, and at least {FEWEST} are needed"


def _judged(test: Test, found: Effect, margin: float) -> _Verdict:
    """The verdict by where the interval lies, as seen from the margin on the expected side."""
    sign = 1.0 if test.expect == "above" else -1.0
    value, *ends = (sign * x - margin for x in found.effect)
    low, high = min(ends), max(ends)
    if not high > low:  # the same difference in every pair: no interval, and nothing to weigh
        judged = _Verdict(SUPPORTED if value > 0 else NOT_SUPPORTED)
    else:
        verdict = SUPPORTED if low > 0 else NOT_SUPPORTED if high < 0 else INCONCLUSIVE
        chance = NormalDist().cdf((low + high) / (high - low) * stats.Z95)
        judged = _Verdict(verdict, None, chance)
    if judged.verdict == INCONCLUSIVE:
        settle = stats.pairs_to_settle(found.effect, found.pairs, sign * margin)
        return judged._replace(settle=settle)
    reason = _overturned(found, judged.verdict, sign, margin)
    return judged._replace(verdict=INCONCLUSIVE, reason=reason) if reason else judged


def _overturned(found: Effect, verdict: str, sign: float, margin: float) -> str | None:
    """Why a verdict does not stand: the futures that failed could have turned it."""
    if found.bounds is None:
        return None
    ends = [sign * x - margin for x in found.bounds]
    if min(ends) > 0 if verdict == SUPPORTED else max(ends) < 0:
        return None
    low, high = found.bounds
    return (
        f"{found.failed:,} of {found.pairs + found.failed:,} were lost to futures that failed, "
        f"and could overturn it: with them the effect lies between {low:+.3g} and {high:+.3g}"
    )


def _futures(runs: pl.DataFrame) -> dict[str, int]:
    finished = int(runs["ending"].is_not_null().sum())
    return {"finished": finished, "failed": runs.height - finished}


def _costs(runs: pl.DataFrame) -> dict[str, dict[str, float]]:
    done = runs.filter(pl.col("ending").is_not_null())
    out = {}
    for c in ("survived", *COSTS):
        if c in done.columns and done.height:
            x = done[c].to_numpy()
            low, median, high = (float(v) for v in np.quantile(x, [0.05, 0.5, 0.95]))
            out[c] = {"mean": float(x.mean()), "median": median, "low": low, "high": high}
    return out
