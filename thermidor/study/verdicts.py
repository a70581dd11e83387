"""The verdict on a claim from the futures of its arms.

A test expects the mean of an outcome in one arm to lie above (or below) another arm, or a number,
by more than a margin, the smallest effect that matters (margins.py, where the test gives none).

supported: the whole 95 % interval of the effect lies beyond the margin, on the expected side.
not supported: the whole interval lies on the other side of the margin.
not settled: the interval holds the margin; the number of pairs that would settle it is given.
not testable: both sides are identical, the outcome never varies, or fewer than 5 pairs are left.
An ending that was alike in all pairs of arms whose citizens fared differently is not settled until
there are pairs enough to have seen a difference as frequent as the margin.

Futures that failed leave their pairs out; a verdict that they could overturn is not settled.
A claim is supported if all of its tests are, and not supported if one is not.

Costs of two arms are compared over the days that both futures of a pair lived (exposure.py), unless
the test says otherwise; what all days of each would have given is told beside it.
"""

from __future__ import annotations

import html
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from statistics import NormalDist
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from .. import wording as words
from ..fitted.scoreboard import skill
from ..scenario.file.schema import Claim, Test
from ..support.faults import Fault
from . import exposure, stats
from .compare import changed, named
from .costs import FIRST, Cost, arm_costs, evenly
from .effects import Effect, distance, effect, whole
from .margins import FLAG, SHARE, outcome_kind, smallest
from .results import carriers
from .stats import Interval

SUPPORTED, NOT_SUPPORTED = "supported", "not supported"
NOT_SETTLED, NOT_TESTABLE = words.NOT_SETTLED, "not testable"
FEWEST = 5  # pairs from which anything is said
ON_THE_MARGIN = "the effect lies so near the margin that no number of pairs would settle it"


class Futures(NamedTuple):
    """How many futures of an arm have an ending, and how many could not be finished."""

    finished: int
    failed: int


@dataclass(frozen=True)
class Tested:
    """One test of a claim: its effect, the margin, the verdict.

    effect: of the outcome in arm `of`, against another arm or a number (`against`), in units of the
    outcome.  expect: above or below.  given: condition on the futures that count.  kind: flag,
    share, log10, log2, ln or rest.  seen: what the effect is told from, in words.  margin: smallest
    effect that matters, and where it comes from.  reason: why it is not testable, or not settled
    for other causes than chance.  chance: that the effect lies beyond the margin, 0 to 1.
    pairs_to_settle: pairs that would settle it.  days: first days that count, if not all.
    """

    effect: Effect
    says: str
    of: str
    against: str | float
    expect: str
    given: str | None
    kind: str
    seen: str
    margin: float | None
    margin_from: str | None
    verdict: str
    reason: str | None = None
    chance: float | None = None
    pairs_to_settle: int | None = None
    days: int | None = None

    @property
    def told(self) -> Interval:
        """The effect; a number of which nothing can be said has no interval."""
        told = self.effect.told
        if self.verdict == NOT_TESTABLE:
            return told._replace(low=np.nan, high=np.nan)
        return told

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return self.effect.as_dict() | {
            "effect": self.told.as_dict("mean"),
            "says": self.says,
            "of": self.of,
            "against": self.against,
            "expect": self.expect,
            "given": self.given,
            "kind": self.kind,
            "seen": self.seen,
            "margin": self.margin,
            "margin_from": self.margin_from,
            "verdict": self.verdict,
            "reason": self.reason,
            "chance": self.chance,
            "pairs_to_settle": self.pairs_to_settle,
            "days": self.days,
            "carried_by": [c._asdict() for c in self.effect.carried_by],
        }


@dataclass(frozen=True)
class Verdict:
    """What the model gives on a claim.

    verdict: supported, not supported, not settled or not testable, with its `reason` where there
    is one.  tests: decide it; `also`: told beside it.  pairs_to_settle: pairs of futures that would
    settle what is open.  costs: of each arm to citizens, by outcome, in its units; costs_days: mean
    of the last day that the futures of all arms share, up to which they are counted, None where all
    live as long or each is counted to its own end.  futures: of each arm.  likelihood, confidence:
    sentences, where there is something to weigh.  caveat: what must be known of the verdict.
    objections: the fairest of a supporter of the claim and of a critic.
    """

    id: str
    sentence: str
    verdict: str
    reason: str | None
    tests: tuple[Tested, ...]
    also: tuple[Tested, ...]
    pairs_to_settle: int | None
    costs: Mapping[str, Mapping[str, Cost]]
    futures: Mapping[str, Futures]
    likelihood: str | None
    confidence: str | None
    note: str | None
    costs_days: float | None = None
    caveat: str | None = None
    objections: Mapping[str, str] | None = None

    @property
    def said(self) -> str:
        """The verdict, with the pairs that would settle what is open."""
        return words.settled(self.verdict, self.pairs_to_settle)

    @property
    def number(self) -> Interval | None:
        """The effect of the first test, if there is one."""
        return self.tests[0].told if self.tests else None

    def to_dict(self) -> dict[str, Any]:
        """For JSON: what stands in claims.json for a claim."""
        return {
            "id": self.id,
            "sentence": self.sentence,
            "verdict": self.verdict,
            "reason": self.reason,
            "number": self.number.as_dict("mean") if self.number else None,
            "tests": [t.to_dict() for t in self.tests],
            "also": [t.to_dict() for t in self.also],
            "pairs_to_settle": self.pairs_to_settle,
            "costs": {
                arm: {outcome: cost._asdict() for outcome, cost in costs.items()}
                for arm, costs in self.costs.items()
            },
            "costs_days": self.costs_days,
            "futures": {arm: n._asdict() for arm, n in self.futures.items()},
            "likelihood": self.likelihood,
            "confidence": self.confidence,
            "note": self.note,
            "caveat": self.caveat,
            "objections": dict(self.objections) if self.objections else None,
        }

    def _repr_html_(self) -> str:
        told = [f"{self.said}: {self.reason}" if self.reason else self.said]
        told += [f"{t.says}: {t.told.words()} ({t.seen}), {t.verdict}" for t in self.tests]
        told += [x for x in (self.caveat, self.likelihood, self.confidence) if x]
        told += words.objections(self.objections)
        lines = "".join(f"<br>{html.escape(x)}" for x in told)
        return f"<p><b>{html.escape(f'{self.id} {self.sentence}')}</b>{lines}</p>"


class _Judged(NamedTuple):
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
    costs: Iterable[str] = tuple(FIRST),
    daily: Mapping[str, pl.LazyFrame] | None = None,
) -> Verdict:
    """The verdict on one claim from the futures of its arms.

    kinds: kind of each column (`column_kinds`), which sets the margin where a test gives none.
    off: mechanisms that are switched off in an arm; their assumptions are not named.
    costs: columns of the costs to citizens.
    daily: the daily series of each arm; without them each future counts up to its own end.
    """
    known = tuple(costs)
    tests, also = (
        tuple(_test(t, arms, kinds or {}, off or {}, known, daily) for t in of)
        for of in (claim.tests, claim.also)
    )
    even, days = evenly(arms, known, daily)
    verdict = _together([t.verdict for t in tests])
    weighed = [(t.chance, t.seen) for t in tests if t.chance is not None]
    weakest = min(weighed, default=None, key=lambda w: w[0]) if verdict != NOT_TESTABLE else None
    reasons = [t.reason for t in tests if t.verdict == verdict and t.reason]
    return Verdict(
        claim.id,
        claim.sentence,
        verdict,
        reasons[0] if reasons else claim.not_testable,
        tests,
        also,
        _settle(tests) if verdict == NOT_SETTLED else None,
        costs={name: arm_costs(runs, even[name], known) for name, runs in arms.items()},
        futures={name: _futures(runs) for name, runs in arms.items()},
        likelihood=words.on_average(*weakest) if weakest else None,
        confidence=words.confidence(grades, skill()) if weakest else None,
        note=claim.note,
        costs_days=days,
        caveat=claim.caveat,
        objections=claim.objections.model_dump() if claim.objections else None,
    )


def _together(verdicts: Sequence[str]) -> str:
    """The verdict on a claim from those on its tests; without a test it is not testable."""
    if not verdicts:
        return NOT_TESTABLE
    if set(verdicts) == {SUPPORTED}:
        return SUPPORTED
    return next((v for v in (NOT_SUPPORTED, NOT_TESTABLE) if v in verdicts), NOT_SETTLED)


def _settle(tests: Sequence[Tested]) -> int | None:
    """Pairs that would settle all tests that are open; None if one of them would stay so."""
    wanted = [t.pairs_to_settle for t in tests if t.verdict == NOT_SETTLED]
    known = [w for w in wanted if w is not None]
    return max(known) if len(known) == len(wanted) else None


def _test(
    test: Test,
    arms: Mapping[str, pl.DataFrame],
    kinds: Mapping[str, str],
    off: Mapping[str, Collection[str]],
    costs: Collection[str],
    daily: Mapping[str, pl.LazyFrame] | None,
) -> Tested:
    """One test: the effect, the margin and where it comes from, the verdict and its reason."""
    kind = outcome_kind(test.outcome, kinds)
    if test.days is not None:
        arms = _first_days(test, arms, daily)
    found, differences, runs = _measured(test, arms, kind, costs, daily)
    margin, origin = _margin(test, found, kind)
    reason = _not_testable(test, found, differences, arms, kind, costs)
    judged = _Judged(NOT_TESTABLE, reason) if reason else _judged(test, found, margin or 0.0)
    if not reason:
        silent = {m for arm in (test.of, test.against) for m in off.get(str(arm), ())}
        found = replace(found, carried_by=tuple(carriers(runs, differences, 3, off=silent)))
    return Tested(
        found,
        test.says,
        test.of,
        test.against,
        test.expect,
        test.given,
        kind,
        seen=_seen(found, test),
        margin=margin,
        margin_from=origin,
        verdict=judged.verdict,
        reason=judged.reason,
        chance=judged.chance,
        pairs_to_settle=judged.settle,
        days=test.days,
    )


def measured(
    test: Test,
    arms: Mapping[str, pl.DataFrame],
    kinds: Mapping[str, str],
    costs: Collection[str],
    daily: Mapping[str, pl.LazyFrame] | None,
) -> tuple[Effect, NDArray[np.float64], pl.DataFrame]:
    """The effect of a test, its difference in every pair of futures that count, and those of the
    first arm.
    """
    if test.days is not None:
        arms = _first_days(test, arms, daily)
    return _measured(test, arms, outcome_kind(test.outcome, kinds), costs, daily)


def _measured(
    test: Test,
    arms: Mapping[str, pl.DataFrame],
    kind: str,
    costs: Collection[str],
    daily: Mapping[str, pl.LazyFrame] | None,
) -> tuple[Effect, NDArray[np.float64], pl.DataFrame]:
    """The same, of arms that are cut to the days that count."""
    within = (0.0, 1.0) if kind in (FLAG, SHARE) else None
    if isinstance(test.against, str):
        return _paired(test, arms, within, costs, daily)
    return distance(arms[test.of], float(test.against), test.outcome, test.given, within)


def _first_days(
    test: Test, arms: Mapping[str, pl.DataFrame], daily: Mapping[str, pl.LazyFrame] | None
) -> dict[str, pl.DataFrame]:
    """The arms of a test as if they had been stopped on its last day."""
    if daily is None:
        raise Fault(f"the test '{test.says}' has days, and no daily series were kept.")
    names = exposure.named(test.outcome, test.given)
    sides = [s for s in (test.of, test.against) if isinstance(s, str)]
    days = test.days or 0
    return {s: exposure.first_days(arms[s], daily[s], days, names) for s in sides}


def _paired(
    test: Test,
    arms: Mapping[str, pl.DataFrame],
    within: tuple[float, float] | None,
    costs: Collection[str],
    daily: Mapping[str, pl.LazyFrame] | None,
) -> tuple[Effect, NDArray[np.float64], pl.DataFrame]:
    """The effect over pairs; of costs over the days that both futures lived."""
    a, b = arms[test.of], arms[str(test.against)]
    names = exposure.named(test.outcome)
    costly = exposure.reads(names, costs)
    equal = test.exposure == exposure.EQUAL or (test.exposure is None and costly)
    if equal and daily is not None:
        series = daily[test.of], daily[str(test.against)]
        read = partial(exposure.shared, daily=series, names=names)
        return effect(a, b, test.outcome, test.given, within, read)
    found, differences, runs = effect(a, b, test.outcome, test.given, within)
    if equal or costly:
        found = whole(found, kept=daily is not None)
    return found, differences, runs


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
    test: Test,
    found: Effect,
    differences: NDArray[np.float64],
    arms: Mapping[str, pl.DataFrame],
    kind: str,
    costs: Collection[str],
) -> str | None:
    """Why nothing can be said of a test, or None.

    What is so or not so, and was alike in all pairs whose citizens fared differently, could have
    differed in more of them: that is not settled. Where only a lever's own record moved, none will.
    """
    if found.pairs < FEWEST:
        return _too_few(test, found, arms)
    if isinstance(test.against, str):
        if not found.identical:
            return None
        moved = changed(arms[test.of], arms[test.against])
        if kind == FLAG and not set(costs).isdisjoint(moved):
            return None
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
            reasons = runs["reason"].drop_nulls().to_list() if "reason" in runs.columns else []
            first = f" ({reasons[0]})" if reasons else ""
            return f"no future of '{side}' was finished{first}"
    why = []
    if found.failed:
        why.append(f"{found.failed:,} failed")
    if found.valueless:
        why.append(f"in {found.valueless:,} the outcome has no value")
    meet = " that meet the condition" if test.given else ""
    more = f" ({'; '.join(why)})" if why else ""
    return f"only {_seen(found, test)}{meet}{more}, and at least {FEWEST} are needed"


def _judged(test: Test, found: Effect, margin: float) -> _Judged:
    """The verdict by where the interval lies, as seen from the margin on the expected side."""
    sign = 1.0 if test.expect == "above" else -1.0
    value, *ends = (sign * x - margin for x in found.effect)
    low, high = min(ends), max(ends)
    if not high > low:  # the same difference in every pair: no interval, and nothing to weigh
        judged = _Judged(SUPPORTED if value > 0 else NOT_SUPPORTED)
    else:
        verdict = SUPPORTED if low > 0 else NOT_SUPPORTED if high < 0 else NOT_SETTLED
        chance = NormalDist().cdf((low + high) / (high - low) * stats.Z95)
        alike = found.identical and found.paired  # its interval is a bound, and no spread
        judged = _Judged(verdict, None, None if alike else chance)
    if judged.verdict == NOT_SETTLED:
        settle = (
            stats.pairs_to_see_one(margin)
            if found.identical and found.paired
            else stats.pairs_to_settle(found.effect, found.pairs, sign * margin)
        )
        return judged._replace(settle=settle, reason=None if settle else ON_THE_MARGIN)
    reason = _overturned(found, judged.verdict, sign, margin)
    return judged._replace(verdict=NOT_SETTLED, reason=reason) if reason else judged


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


def _futures(runs: pl.DataFrame) -> Futures:
    finished = int(runs["ending"].is_not_null().sum())
    return Futures(finished, runs.height - finished)
