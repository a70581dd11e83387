"""What would overturn a claim: the least change of belief in one assumption, in a pair, or in all
that rests on one source, that turns its verdict.

Stored pairs are weighted anew (tilt.py) by how the claim responds to an assumption (response.py).
Pairs of assumptions are looked at among those that were told from luck. Where the weighted futures
count as fewer than 100, fresh pairs are computed under that belief, on the same luck.

Where several tests of a claim failed, the one that failed most is turned, and the rest must turn
as well: what is told is then the least that it takes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np

from ... import wording as words
from ...execution.progress import Watch, as_part
from ...scenario.argument.beliefs import Beliefs, held
from ...scenario.argument.schema import BeliefsFile
from ...scenario.file.source import Source
from ...scenario.scenario import build
from ...study import stats
from ...study.plan import RunPlan
from ...study.verdicts import NOT_SETTLED, NOT_SUPPORTED
from ...support.arrays import Array
from .bars import Line, bars
from .evidence import Evidence, evidence, under
from .ledgertable import FEWEST_OF_SOURCE, prior_of
from .ordinary import Ordinary, ordinary
from .response import Response, basis, by_source, fitted, responses, singles
from .tilt import ENOUGH, Tilt, tilt
from .triangle import triangle

ONE, PAIR, SOURCE = "one assumption", "a pair", "one source"
RESAMPLED = 100
MOST_PAIRED = 5  # assumptions that are tried in pairs
MOST_FRESH = 3  # changes that are played in fresh futures


@dataclass(frozen=True)
class Moved:
    """A belief about one number before and after: its mean, and the range of the middle 90 %."""

    key: str
    unit: str
    before: tuple[float, float, float]
    after: tuple[float, float, float]


@dataclass(frozen=True)
class Change:
    """A least change of belief.

    kind: of one assumption, a pair, one source.  name: the assumption, both, or the source.  bits:
    relative entropy of the change (tilt.2), with its interval over futures drawn again; None if no
    belief over its range turns the verdict.  told: whether the claim's response to it is more than
    luck; where it is not, nothing is said.  chance: of as much response by luck.  needed: futures
    that would tell.  effective: weighted futures, as how many they count.  moved: the beliefs that
    change most.  fresh: by how much the test still passes under the changed belief in fresh
    futures.  turned: whether these agree; None where none were computed. At the least change the
    test is on the edge, so that they do unless their whole interval lies where it was.
    """

    kind: str
    name: str
    keys: tuple[str, ...]
    told: bool
    chance: float
    needed: int | None
    bits: float | None = None
    low: float | None = None
    high: float | None = None
    effective: float | None = None
    moved: tuple[Moved, ...] = ()
    fresh: stats.Interval | None = None
    turned: bool | None = None
    weights: Array | None = None

    @property
    def counts(self) -> bool:
        """Whether the weighed pairs count as many enough to tell without fresh ones."""
        return (self.effective or 0) >= ENOUGH

    @property
    def deviations(self) -> float | None:
        """The shift of a bell-shaped belief that costs as much, in its standard deviations."""
        return None if self.bits is None else math.sqrt(2 * math.log(2) * self.bits)

    def to_dict(self) -> dict[str, Any]:
        made = {k: v for k, v in asdict(replace(self, weights=None)).items() if k != "weights"}
        fresh = self.fresh.as_dict("mean") if self.fresh else None
        return made | {"fresh": fresh, "deviations": self.deviations}


@dataclass(frozen=True)
class Stress:
    """changes: least first; those of which nothing can be said last.  failing: the most ordinary
    pair in which the claim fails, if it was looked for and there is one.
    """

    evidence: Evidence
    changes: tuple[Change, ...]
    failing: Ordinary | None = None

    @property
    def turning(self) -> list[Change]:
        """Those that fresh futures bear out, or that need none: as many weighed pairs count."""
        return [c for c in self.told if c.turned or (c.turned is None and c.counts)]

    @property
    def told(self) -> list[Change]:
        """Those that turn the verdict, changes of one assumption first."""
        turns = [c for c in self.changes if c.bits is not None]
        return sorted(turns, key=lambda c: (ONE, PAIR, SOURCE).index(c.kind))

    def sentence(self) -> str:
        """The answer."""
        e, found = self.evidence, self.turning
        if e.verdict == NOT_SETTLED:
            more = f"; about {words.about(e.settle)} pairs would settle it" if e.settle else ""
            head = f"{e.claim.id} is not settled by {e.seen}, so there is no verdict to turn{more}"
            if not found:
                return f"{head}."
            return f"{head}. Its mean would change sides with {_least(found[0])}."
        if found:
            at_least = " at least" if e.verdict == NOT_SUPPORTED and len(e.claim.tests) > 1 else ""
            return f"{e.claim.id} is {e.verdict}; it turns with{at_least} {_least(found[0])}."
        if tried := [c for c in self.told if c.turned is False and c.fresh is not None]:
            c, f = tried[0], tried[0].fresh
            assert f is not None
            return (
                f"{e.claim.id} is {e.verdict}. Of all beliefs the stored pairs point to that about "
                f"{c.name} as the one nearest to turning it ({_bits(c.bits)} bits), but in fresh "
                f"futures with that belief the test still comes out {abs(f.value):.2g} on its side "
                f"of the margin ({_span_of(f)})."
            )
        if self.told:
            c = self.told[0]
            return (
                f"{e.claim.id} is {e.verdict}. Cannot tell with {e.seen} whether it turns with "
                f"{_bits(c.bits)} bits of belief about {c.name}: so weighed they count as "
                f"{c.effective or 0:,.0f}."
            )
        flagged = [c for c in self.changes if c.told]
        if flagged:
            names = ", ".join(c.name for c in flagged[:3])
            hidden = len(self.changes) - len(flagged)
            rest = f" Of {hidden:,} more nothing can be told with {e.seen}." if hidden else ""
            return (
                f"{e.claim.id} is {e.verdict}, and no belief about what moves it ({names}) turns "
                f"it within the ranges of the ledger.{rest}"
            )
        near = [c for c in self.changes if c.needed]
        more = ""
        if near:
            c = min(near, key=lambda c: c.needed or 0)
            more = f"; about {words.about(c.needed)} would, beginning with {c.name}"
        return (
            f"{e.claim.id} is {e.verdict}. Cannot tell with {e.seen} which belief would overturn "
            f"it{more}."
        )

    def to_dict(self) -> dict[str, Any]:
        e = self.evidence
        return {
            "claim": e.claim.id,
            "sentence": self.sentence(),
            "verdict": e.verdict,
            "test": e.test.says,
            "pairs": e.pairs,
            "seen": e.seen,
            "passes_by": stats.mean(e.holds).as_dict("mean"),
            "changes": [c.to_dict() for c in self.changes if c.told],
            "cannot_tell": [
                {"name": c.name, "needed": c.needed} for c in self.changes if not c.told
            ],
            "failing": self.failing.to_dict() if self.failing else None,
        }

    def picture(self) -> str:
        """The least changes of belief, as SVG."""
        lines = [
            Line(
                c.name,
                c.bits or 0.0,
                c.low or 0.0,
                c.high or 0.0,
                f"{_bits(c.bits)} bits{_open(c)}",
            )
            for c in self.told
        ]
        title = f"{self.evidence.claim.id}: the least change of belief that turns it"
        return bars(title, "bits of relative entropy; the less, the easier it turns", lines)

    def rows(self) -> list[dict[str, Any]]:
        """A row a change, for a table on disk."""
        out = []
        for c in self.changes:
            first = c.moved[0] if c.moved else None
            out.append(
                {
                    "kind": c.kind,
                    "name": c.name,
                    "told": c.told,
                    "chance": c.chance,
                    "futures_needed": c.needed,
                    "bits": c.bits,
                    "bits_low": c.low,
                    "bits_high": c.high,
                    "deviations": c.deviations,
                    "effective": c.effective,
                    "moves": first.key if first else None,
                    "mean_before": first.before[0] if first else None,
                    "mean_after": first.after[0] if first else None,
                    "turned": c.turned,
                    "fresh": c.fresh.value if c.fresh else None,
                    "fresh_low": c.fresh.low if c.fresh else None,
                    "fresh_high": c.fresh.high if c.fresh else None,
                }
            )
        return out


def _least(c: Change) -> str:
    """A change in words."""
    span = "" if c.low is None or c.high is None else f" ({_bits(c.low)} to {_bits(c.high)})"
    size = (
        f"{_bits(c.bits)} bits{span} of belief about {c.name}, as much as moving a bell-shaped "
        f"belief by {c.deviations:.2g} standard deviations"
    )
    if c.kind == ONE and c.moved:
        m = c.moved[0]
        size += f": from {m.before[0]:.3g} to {m.after[0]:.3g} {m.unit} on average"
    if c.fresh is not None:
        size += "; fresh futures agree"
    return size


def _open(c: Change) -> str:
    """What keeps a change of the stored pairs from being an answer."""
    if c.turned is False:
        return ", not in fresh futures"
    return "" if c.turned or c.counts else f", from {c.effective or 0:,.0f} in effect"


def _span_of(x: stats.Interval) -> str:
    low, high = sorted((abs(x.low), abs(x.high)))
    return f"{low:.2g} to {high:.2g}"


def _bits(x: float | None) -> str:
    return "no end" if x is None or math.isinf(x) else f"{x:.2g}"


def stress(
    plan: RunPlan, claim: str, *, red_team: bool = False, progress: Watch | None = None
) -> Stress:
    """The least changes of belief that turn the verdict on a claim of the plan's scenario.

    red_team: look for the most ordinary future in which it fails as well.

    Raises Fault for a claim that nothing can be weighed of, Stopped if the user ended it.
    """
    found = evidence(plan, claim, progress)
    result = weighed(found)
    few = [c for c in result.told if not c.counts][:MOST_FRESH]
    parts = len(few) + red_team
    made = {}
    for k, c in enumerate(few):
        watch = as_part(progress, f"{claim} with {c.name} otherwise", k, parts)
        fresh = _afresh(plan, found, c, watch)
        stays = fresh is not None and min(fresh.low * found.mean, fresh.high * found.mean) > 0
        made[id(c)] = replace(c, fresh=fresh, turned=None if fresh is None else not stays)
    watch = as_part(progress, f"{claim}, where it fails", len(few), parts)
    failing = ordinary(found, watch) if red_team else None
    changes = tuple(made.get(id(c), c) for c in result.changes)
    return replace(result, changes=changes, failing=failing)


def weighed(found: Evidence) -> Stress:
    """The least changes, from the stored pairs alone."""
    sources = by_source(found.ledger, FEWEST_OF_SOURCE)
    names = {keys: name for name, keys in sources.items()}
    told = responses(found.holds, found.ledger, [*singles(found.ledger), *names], found.seed)
    changes = [
        _change(found, r, ONE if len(r.keys) == 1 and r.keys not in names else SOURCE, names)
        for r in told
    ]
    flagged = sorted((r for r in told if r.told and len(r.keys) == 1), key=lambda r: -r.share)
    for a, b in combinations([r.keys[0] for r in flagged[:MOST_PAIRED]], 2):
        q = basis(found.ledger, (a, b))
        if q is not None:
            g, share, _ = fitted(found.holds, q)
            both = Response((a, b), g, share, max(flagged[0].chance, flagged[-1].chance), None)
            changes.append(_change(found, both, PAIR, {}))
    last = float("inf")
    order = sorted(changes, key=lambda c: (last if c.bits is None else c.bits, c.chance))
    return Stress(found, tuple(order))


def _change(found: Evidence, r: Response, kind: str, names: dict[tuple[str, ...], str]) -> Change:
    name = names.get(r.keys) or " and ".join(r.keys)
    needed = math.ceil(found.to_play(r.needed)) if r.needed else None
    bare = Change(kind, name, r.keys, r.told, r.chance, needed)
    least = tilt(r.expected) if r.told else None
    if least is None:
        return bare
    low, high = _interval(found, r.keys)
    return replace(
        bare,
        bits=least.bits,
        low=low,
        high=high,
        effective=least.effective,
        moved=_moved(found, r.keys, least),
        weights=least.weights,
    )


def _interval(found: Evidence, keys: tuple[str, ...]) -> tuple[float, float]:
    """95 of 100 of the least changes when the futures are drawn again; infinite where none turns
    it.
    """
    rng, n = np.random.default_rng(found.seed), found.pairs
    bits = []
    for _ in range(RESAMPLED):
        some = rng.integers(0, n, n)
        q = basis(found.ledger.only(some, keys), keys)
        if q is None or not q.shape[1]:
            continue
        h = found.holds[some]
        if h.mean() * found.mean <= 0:
            bits.append(0.0)
            continue
        least = tilt(fitted(h, q)[0])
        bits.append(math.inf if least is None else least.bits)
    low, high = np.quantile(bits or [math.nan], (0.025, 0.975), method="nearest")
    return float(low), float(high)


def _moved(found: Evidence, keys: Sequence[str], least: Tilt) -> tuple[Moved, ...]:
    """The beliefs about numbers before and after, those first that move most of their range."""
    out = []
    for key in keys:
        a, part = found.scenario.parameters[key], found.ledger[key]
        if a.parameter.options or not a.low < a.high:
            continue
        x = part[:, 0]
        prior, even = prior_of(a), np.full(len(x), 1 / len(x))
        value = prior.at(x)
        shift = abs(float((least.weights - even) @ x))
        spans = [_span(value, w) for w in (even, least.weights)]
        out.append((shift, Moved(key, a.parameter.unit, *spans)))
    return tuple(m for _, m in sorted(out, key=lambda o: -o[0]))


def _span(x: Array, w: Array) -> tuple[float, float, float]:
    """Mean, 5 % and 95 % of weighted values."""
    order = np.argsort(x)
    reached = np.cumsum(w[order])
    low, high = np.interp((0.05, 0.95), reached, x[order]).tolist()
    return float(w @ x), low, high


def _afresh(
    plan: RunPlan, found: Evidence, c: Change, progress: Watch | None
) -> stats.Interval | None:
    """By how much the test passes in fresh pairs, whose assumptions are drawn from the changed
    beliefs; None where they are no numbers.
    """
    rows = believed(found, c)
    if not rows:
        return None
    file = BeliefsFile.model_validate(
        {
            "beliefs": 1,
            "holder": f"who holds {c.name} to be otherwise",
            "date": found.scenario.start,
            "assumptions": rows,
        }
    )
    source = held(plan.scenario, Beliefs(file, Source({}, {}, "a changed belief")))
    made = plan.scenario
    other = build(source, made.machine, made.added, made.folder)
    return stats.mean(under(plan, found, other, progress))


def believed(found: Evidence, c: Change) -> dict[str, dict[str, Any]]:
    """A change as rows of a beliefs file."""
    if c.weights is None:
        return {}
    why = f"the least change of belief that turns {found.claim.id}"
    return {
        m.key: triangle(found.scenario.parameters[m.key], found.ledger[m.key][:, 0], c.weights)
        | {"why": why}
        for m in c.moved
    }
