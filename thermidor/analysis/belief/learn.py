"""What to find out: what it would be worth to know an assumption, or all that rests on a source.

Somebody acts on a claim, or does not. Acting gains h on average over what may be so (holds.1), not
acting gains nothing; so the best that can be done now is worth max(0, E h). Whoever knew x could
choose after seeing it:

    EVPPI(x) = E max(0, g(x)) - max(0, E h),   g(x) = E[h | x]                             (learn.1)

(Raiffa and Schlaifer 1961; by regression as in Strong, Oakley and Brennan 2014). A study that takes
away half of the variance of x moves the expectation less; by the normal approximation of Jalal and
Alarid-Escudero (2018)

    g'(x) = E h + sqrt(1/2) (g(x) - E h)                                                   (learn.2)

The value is in units of the outcome, beyond the margin of the claim's test. Knowing everything, the
luck of each future too, would be worth E max(0, h) - max(0, E h), more than anybody can find out.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ... import wording as words
from ...execution.progress import Watch
from ...study import stats
from ...study.plan import RunPlan
from ...support.arrays import Array
from .bars import Line, bars
from .evidence import Evidence, evidence
from .ledgertable import FEWEST_OF_SOURCE
from .response import Response, basis, by_source, fitted, responses, singles

STUDIED = 0.5  # share of the variance of an assumption that a study takes away
RESAMPLED = 200
ONE, SOURCE, ALL = "one assumption", "one source", "all that were told"


@dataclass(frozen=True)
class Value:
    """What it would be worth to find something out.

    kind, name, keys: of the assumptions.  told: whether the claim's response to them is more than
    luck; where it is not nothing is said, and `needed` futures would tell.  turns: chance that
    knowing would put the mean on the other side of the margin.  moves: expected change of the mean,
    either way.  perfect, partial: expected value of knowing them (learn.1), and of a study that
    takes away half of their variance (learn.2), in units of the outcome, with intervals over
    futures drawn again.
    """

    kind: str
    name: str
    keys: tuple[str, ...]
    told: bool
    chance: float
    needed: int | None
    turns: stats.Interval | None = None
    moves: stats.Interval | None = None
    perfect: stats.Interval | None = None
    partial: stats.Interval | None = None

    def to_dict(self) -> dict[str, Any]:
        out = asdict(self)
        for name in ("turns", "moves", "perfect", "partial"):
            x = getattr(self, name)
            out[name] = x.as_dict("mean") if x else None
        return out


@dataclass(frozen=True)
class Learning:
    """values: those worth most first, those of which nothing can be said last.  foresight: what
    knowing everything would be worth, luck included.
    """

    evidence: Evidence
    values: tuple[Value, ...]
    foresight: float

    @property
    def told(self) -> list[Value]:
        return [v for v in self.values if v.told]

    def sentence(self) -> str:
        """The answer."""
        e = self.evidence
        found = [v for v in self.told if v.kind == ONE]
        if not found:
            near = [v for v in self.values if v.needed]
            more = ""
            if near:
                v = min(near, key=lambda v: v.needed or 0)
                more = f"; about {words.about(v.needed)} would, beginning with {v.name}"
            return (
                f"Cannot tell with {e.seen} what would be worth finding out on {e.claim.id}{more}."
            )
        v = found[0]
        assert v.turns and v.moves
        return (
            f"On {e.claim.id}, {v.name} is most worth finding out: knowing it would move the "
            f"answer by {v.moves.value:.2g} on average ({v.moves.low:.2g} to {v.moves.high:.2g}), "
            f"and put it on the other side of the margin with a chance of "
            f"{100 * v.turns.value:.0f} in 100 ({100 * v.turns.low:.0f} to "
            f"{100 * v.turns.high:.0f}), from {e.seen}."
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
            "foresight": self.foresight,
            "values": [v.to_dict() for v in self.told],
            "cannot_tell": [
                {"name": v.name, "needed": v.needed} for v in self.values if not v.told
            ],
        }

    def picture(self) -> str:
        """What finding things out would be worth, as SVG."""
        lines = [
            Line(v.name, *v.perfect, f"turns {100 * v.turns.value:.0f} in 100")
            for v in self.told
            if v.perfect and v.turns
        ]
        title = f"{self.evidence.claim.id}: what it would be worth to find out"
        return bars(title, "expected value of knowing, in units of the outcome", lines)

    def rows(self) -> list[dict[str, Any]]:
        """A row a thing to find out, for a table on disk."""
        out = []
        for v in self.values:
            row: dict[str, Any] = {
                "kind": v.kind,
                "name": v.name,
                "told": v.told,
                "chance": v.chance,
                "futures_needed": v.needed,
            }
            for name in ("turns", "moves", "perfect", "partial"):
                x: stats.Interval | None = getattr(v, name)
                row |= {
                    name: x.value if x else None,
                    f"{name}_low": x.low if x else None,
                    f"{name}_high": x.high if x else None,
                }
            out.append(row)
        return out


def learn(plan: RunPlan, claim: str, *, progress: Watch | None = None) -> Learning:
    """What it would be worth to find out on a claim of the plan's scenario, from its stored pairs,
    computed where they are missing.

    Raises Fault for a claim that nothing can be weighed of, Stopped if the user ended it.
    """
    return valued(evidence(plan, claim, progress))


def valued(found: Evidence) -> Learning:
    """The same, of evidence that is there."""
    sources = by_source(found.ledger, FEWEST_OF_SOURCE)
    names = {keys: name for name, keys in sources.items()}
    h = found.holds
    told = responses(h, found.ledger, [*singles(found.ledger), *names], found.seed)
    values = [_value(found, r, SOURCE if r.keys in names else ONE, names.get(r.keys)) for r in told]
    flagged = tuple(r.keys[0] for r in told if r.told and len(r.keys) == 1)
    if len(flagged) > 1 and (q := basis(found.ledger, flagged)) is not None:
        g, share, _ = fitted(h, q)
        every = Response(flagged, g, share, 0.0, None)
        values.append(_value(found, every, ALL, "all of these"))
    order = sorted(
        values,
        key=lambda v: (
            (not v.told, -v.perfect.value, -v.moves.value)
            if v.perfect and v.moves
            else (True, v.chance, 0)
        ),
    )
    return Learning(found, tuple(order), _gain(h))


def _value(found: Evidence, r: Response, kind: str, name: str | None) -> Value:
    called = name or r.keys[0]
    if not r.told:
        needed = math.ceil(found.to_play(r.needed)) if r.needed else None
        return Value(kind, called, r.keys, False, r.chance, needed)
    here = _worth(r.expected)
    rng, n = np.random.default_rng(found.seed), found.pairs
    again = []
    for _ in range(RESAMPLED):
        some = rng.integers(0, n, n)
        q = basis(found.ledger.only(some, r.keys), r.keys)
        if q is not None and q.shape[1]:
            again.append(_worth(fitted(found.holds[some], q)[0]))
    low, high = np.quantile(again, (0.025, 0.975), axis=0) if again else (here, here)
    spans = [stats.Interval(*map(float, x)) for x in zip(here, low, high, strict=True)]
    return Value(kind, called, r.keys, True, r.chance, None, *spans)


def _worth(g: Array) -> tuple[float, float, float, float]:
    """Chance of turning, expected change, value of perfect and of partial information."""
    mean = float(g.mean())
    turns = float((g * mean < 0).mean())
    partial = mean + math.sqrt(STUDIED) * (g - mean)  # (learn.2)
    return turns, float(np.abs(g - mean).mean()), _gain(g), _gain(partial)


def _gain(g: Array) -> float:
    """E max(0, g) - max(0, E g) (learn.1); never below 0."""
    return max(0.0, float(np.maximum(0, g).mean()) - max(0.0, float(g.mean())))
