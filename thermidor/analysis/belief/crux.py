"""Where two people disagree: which of their beliefs part their answers, what would tell whose hold,
and the reversal test.

Stored futures of the country are weighed anew by both beliefs where they count as 100 or more under
each; else futures are computed of A, of B, and of A given B's beliefs one by one, on the same luck.
The reversal test is always played in fresh futures, of other luck: A is given what B believes in
the assumptions that matter, and what is left of the gap is measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ... import wording as words
from ...execution.progress import Watch, as_part
from ...study import stats
from ...study.claims import arm_of
from ...study.plan import RunPlan
from ...study.results import Study
from ...support.arrays import Array
from ...support.faults import Fault
from .apart import Observation, apart, as_it_is
from .bars import Line, bars
from .evidence import claim_of, differences, judged
from .mixed import Mixed, weights
from .shares import Gap, Given, closed, gap
from .tilt import ENOUGH, effective

MOST_GIVEN = 3  # beliefs that the reversal test gives
BY_WEIGHTS, BY_FUTURES = "stored futures, weighed", "futures of their own"


@dataclass(frozen=True)
class Crux:
    """What parts two people on a claim.

    gap: their answers to its first test, and each assumption's share.  how: from stored futures
    that were weighed, or from futures of their own.  effective: as how many the weighed futures
    count under A's, and B's beliefs.  given: beliefs of the reversal test.  reversed_: part of the
    gap that giving them closes, in fresh futures.  seen: the observation that tells best whose
    beliefs hold, within so many days.
    """

    claim: str
    says: str
    kind: str
    holders: tuple[str, str]
    gap: Gap
    how: str
    effective: tuple[float, float] | None
    given: tuple[str, ...]
    reversed_: stats.Interval | None
    seen: Observation | None
    within: int
    start: str

    def sentence(self) -> str:
        """The answer."""
        g, (a, b) = self.gap, self.holders
        n = f"{g.futures:,} pairs"
        if not g.differs:
            wanted = stats.pairs_to_settle(g.gap, g.futures, 0.0)
            tail = f"; about {words.about(wanted)} would" if wanted else ""
            return f"Cannot tell with {n} whether {a} and {b} differ on {self.claim}{tail}."
        head = (
            f"On {self.claim} the answer of {b} lies {self._size(g.gap.value)} from that of {a} "
            f"({self._size(g.gap.low)} to {self._size(g.gap.high)}, {n})"
        )
        if not g.named:
            more = f"; about {words.about(g.needed)} would" if g.needed else ""
            return f"{head}. Cannot tell with {n} which belief parts them most{more}."
        first = g.shares[0]
        part = 100 * first.share.value / g.gap.value
        return f"{head}, and what parts them most is {first.key}: {part:.0f} of 100 of the gap."

    def more(self) -> list[str]:
        """What else there is to say, a sentence each."""
        g, (a, b), out = self.gap, self.holders, []
        if self.reversed_ is not None:
            r = self.reversed_
            out.append(
                f"Given what {b} believes of {', '.join(self.given)}, the answer of {a} closes "
                f"{100 * r.value:.0f} of 100 of the gap ({100 * r.low:.0f} to {100 * r.high:.0f}, "
                "fresh futures)."
            )
        elif g.differs:
            out.append(
                "No reversal test: no single belief is told to part them, so there is none to give."
            )
        if cancelled := self._cancelled():
            out.append(cancelled)
        if not g.together.low <= 0 <= g.together.high:
            out.append(
                f"{self._size(g.together.value)} comes of three or more beliefs together, and of "
                "none alone."
            )
        if self.seen is None:
            out.append(
                "Nothing that can be seen from outside differs between their futures within "
                f"{self.within} days."
            )
        else:
            o = self.seen
            told = (
                f"{o.series} on day {o.day} is higher in the futures of {b} than in those of {a} "
                f"in {100 * o.higher.value:.0f} of 100 ({100 * o.higher.low:.0f} to "
                f"{100 * o.higher.high:.0f}; medians {o.b:.3g} and {o.a:.3g})"
            )
            if o.told:
                out.append(f"What would tell best whose beliefs hold: {told}.")
            else:
                about = f"; about {words.about(o.needed)} futures would" if o.needed else ""
                out.append(
                    f"Cannot tell which observation within {self.within} days would tell whose "
                    f"beliefs hold{about} (the nearest: {told})."
                )
        return out

    def _cancelled(self) -> str:
        """What parts them either way, where their answers hardly differ."""
        apart = [s for s in self.gap.shares if s.told]
        if self.gap.differs or not min((s.share.value for s in apart), default=0.0) < 0 < max(
            (s.share.value for s in apart), default=0.0
        ):
            return ""
        each = words.listed([f"{s.key} by {self._size(s.share.value)}" for s in apart])
        return f"Their beliefs part them either way and make up for each other: {each}."

    def _size(self, x: float) -> str:
        return f"{100 * x:+.3g} of 100" if self.kind in ("flag", "share") else f"{x:+.3g}"

    def to_dict(self) -> dict[str, Any]:
        g = self.gap
        return {
            "claim": self.claim,
            "sentence": self.sentence(),
            "more": self.more(),
            "test": self.says,
            "holders": list(self.holders),
            "answers": [g.a.as_dict("mean"), g.b.as_dict("mean")],
            "gap": g.gap.as_dict("mean"),
            "shares": [asdict(s) | {"share": s.share.as_dict("mean")} for s in g.shares],
            "together": g.together.as_dict("mean"),
            "lead": g.lead.as_dict("mean") if g.lead else None,
            "named": g.named,
            "needed": g.needed,
            "pairs": g.futures,
            "how": self.how,
            "effective": list(self.effective) if self.effective else None,
            "given": list(self.given),
            "reversed": self.reversed_.as_dict("mean") if self.reversed_ else None,
            "seen": self.seen.to_dict() if self.seen else None,
            "within": self.within,
        }

    def picture(self) -> str:
        """Each assumption's share of the gap, as SVG."""
        g = self.gap
        lines = [
            Line(
                s.key,
                *s.share,
                f"{round(100 * s.share.value / g.gap.value)} of 100 of it"
                if g.differs  # parts of what hardly is there would be thousands of 100
                else self._size(s.share.value),
            )
            for s in g.shares
        ]
        title = f"{self.claim}: what parts {self.holders[0]} and {self.holders[1]}"
        return bars(title[:95], "share of the gap, in units of the outcome", lines)

    def rows(self) -> list[dict[str, Any]]:
        """A row an assumption, for a table on disk."""
        g = self.gap
        return [
            {
                "assumption": s.key,
                "share": s.share.value,
                "share_low": s.share.low,
                "share_high": s.share.high,
                "of_the_gap": s.share.value / g.gap.value if g.gap.value else None,
                "first": s.first,
                "last": s.last,
                "told": s.told,
            }
            for s in g.shares
        ]


class Answers:
    """The answer to the first test of a claim in each pair, under mixed beliefs; computed or read,
    each set once.
    """

    def __init__(self, plan: RunPlan, two: Mixed, claim: str, watch: Watch | None, parts: int):
        self.plan, self.two, self.claim = plan, two, claim
        self.watch, self.parts, self.done = watch, parts, 0

    def of(self, given: Given, seed: int | None = None) -> dict[int, float]:
        """By number of the pair. seed: other luck than the plan's."""
        plan = self.plan_of(given, seed)
        stage = f"{self.claim} with {len(given)} of {len(self.two.keys)} beliefs given"
        watch = as_part(self.watch, stage, min(self.done, self.parts - 1), self.parts)
        self.done += 1
        judged(plan, self.claim, watch)
        claim = claim_of(plan.scenario, self.claim)
        d, runs = differences(plan, claim, claim.tests[0])
        return dict(zip(runs, d.tolist(), strict=True))

    def plan_of(self, given: Given, seed: int | None = None) -> RunPlan:
        """What is computed of a set."""
        made = self.two.scenario(given).sized(self.plan.scenario.place.citizens)
        seed = self.plan.seed if seed is None else seed
        folder = self.plan.folder / "believed" / f"{made.hash}-seed{seed}"
        return self.plan.of(made, seed=seed, folder=folder)


def unasked(plan: RunPlan, claim: str, within: int) -> list[str]:
    """Why a question cannot be asked of the plan's scenario, a sentence each."""
    faults = []
    try:
        claim_of(plan.scenario, claim)
    except Fault as e:
        faults += e.faults
    if not 1 <= within <= plan.scenario.days:
        faults.append(
            f"within = {within} must lie between 1 and {plan.scenario.days}, the days of "
            f"{plan.scenario.name}."
        )
    return faults


def crux(
    plan: RunPlan, two: Mixed, claim: str, *, within: int = 30, progress: Watch | None = None
) -> Crux:
    """What parts two people on a claim of the plan's scenario, which is the country with its own
    beliefs.

    within: days within which an observation should tell whose beliefs hold. Raises Fault, and
    Stopped if the user ended it.
    """
    if wrong := unasked(plan, claim, within):
        raise Fault(wrong)
    made = claim_of(plan.scenario, claim)
    seen = _weighed(plan, two, claim, progress)
    parts = 3 + (0 if seen else 2 * len(two.keys) + 2)
    answers = Answers(plan, two, claim, progress, parts)
    if seen:
        value, counts = seen
        found = gap(value, two.keys)
    else:
        counts, found = None, gap(answers.of, two.keys)
    given = tuple(s.key for s in found.shares if s.told)[:MOST_GIVEN] if found.differs else ()
    fresh, every = plan.seed + 1, frozenset(two.keys)
    a, b = answers.of(frozenset(), fresh), answers.of(every, fresh)
    part = _reversed(a, answers.of(frozenset(given), fresh), b) if given else None
    test = made.tests[0]
    side = as_it_is(made.arms, [s for s in (test.of, test.against) if isinstance(s, str)])
    series = []
    for s in (frozenset[str](), every):
        p = answers.plan_of(s, fresh)
        stored = arm_of(p.scenario, made, made.arms[side]).hash
        series.append(Study(p.folder / "arms" / stored).scan("series"))
    return Crux(
        claim,
        test.says,
        _kind(plan, test.outcome),
        two.holders,
        found,
        BY_WEIGHTS if seen else BY_FUTURES,
        counts,
        given,
        part,
        apart(series[0], series[1], within),
        within,
        str(plan.scenario.start),
    )


def _kind(plan: RunPlan, outcome: str) -> str:
    from ...study.claims import column_kinds
    from ...study.margins import outcome_kind

    return outcome_kind(outcome, column_kinds(plan.scenario))


def _reversed(
    a: Mapping[int, float], given: Mapping[int, float], b: Mapping[int, float]
) -> stats.Interval:
    runs = sorted(set(a) & set(given) & set(b))
    before, between, after = (np.array([x[r] for r in runs]) for x in (a, given, b))
    return closed(before, between, after)


def _weighed(plan: RunPlan, two: Mixed, claim: str, progress: Watch | None) -> Any:
    """The answers from the country's own futures, weighed by beliefs, and as how many they count
    under A's and B's; None where weights do not serve.
    """
    n = claim_of(plan.scenario, claim).runs or plan.runs
    runs = list(range(min(plan.runs, n)))
    ends = [_each(plan, two, given, runs) for given in (frozenset[str](), frozenset(two.keys))]
    if any(w is None or effective(w) < ENOUGH for w in ends):
        return None
    judged(plan, claim, progress)
    made = claim_of(plan.scenario, claim)
    d, kept = differences(plan, made, made.tests[0])

    def value(given: Given) -> dict[int, float]:
        w = _each(plan, two, given, kept)
        assert w is not None
        return dict(zip(kept, spread(d, w).tolist(), strict=True))

    counts = tuple(effective(w) for w in ends if w is not None)
    return value, counts


def _each(plan: RunPlan, two: Mixed, given: Given, runs: list[int]) -> Array | None:
    return weights(plan.scenario, two.scenario(given), plan.seed, runs)


def spread(d: Array, w: Array) -> Array:
    """Values whose plain mean and standard error are those of the weighted mean of d (the delta
    method): m + n w (d - m), w of sum 1.
    """
    w = w / w.sum()
    m = float(w @ d)
    return m + len(d) * w * (d - m)
