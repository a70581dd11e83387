"""Each assumption's share of the gap between two people's answers.

With v(S) the mean of A's answer when A is given B's beliefs in the assumptions S, and N all in
which they differ,

    gap = v(N) - v(empty)
    share_i = (v(i) - v(empty) + v(N) - v(N without i)) / 2                              (shares.1)
    together = gap - sum of shares

The share is the mean of what giving i changes first, and last. It is the Shapley value where
assumptions act alone or two at a time, since half of what a pair does together then goes to each
(Shapley 1953; Owen 2014), and needs 2 N + 2 sets of futures in place of 2^N. What three or more do
together stays in `together`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...study import stats
from ...support.arrays import Array

Given = frozenset[str]
# the answer of each future by its number, when A is given B's beliefs in these assumptions
Value = Callable[[Given], Mapping[int, float]]


@dataclass(frozen=True)
class Share:
    """An assumption's part of the gap, in units of the outcome; first, last: what giving it changes
    alone, and where all others were given before.
    """

    key: str
    share: stats.Interval
    first: float
    last: float

    @property
    def told(self) -> bool:
        """Whether its interval leaves out nothing at all."""
        return not self.share.low <= 0 <= self.share.high


@dataclass(frozen=True)
class Gap:
    """Two people's answers and what parts them.

    a, b: mean answer of each.  gap: of B's over A's.  shares: largest first.  together: what three
    or more do only together.  lead: by how much the first share is larger than the second, in size;
    None for one.  futures: pairs that all sets have.
    """

    a: stats.Interval
    b: stats.Interval
    gap: stats.Interval
    shares: tuple[Share, ...]
    together: stats.Interval
    lead: stats.Interval | None
    futures: int

    @property
    def differs(self) -> bool:
        """Whether the two answers differ by more than luck."""
        return not self.gap.low <= 0 <= self.gap.high

    @property
    def named(self) -> bool:
        """Whether one assumption is told to part them most."""
        if not self.shares or not self.shares[0].told:
            return False
        return self.lead is None or self.lead.low > 0

    @property
    def needed(self) -> int | None:
        """Pairs that would tell which is first."""
        first = self.shares[0].share
        wanted = [stats.pairs_to_settle(x, self.futures, 0.0) for x in (first, self.lead) if x]
        known = [w for w in wanted if w is not None]
        return max(known) if len(known) == len(wanted) else None


def gap(value: Value, keys: Sequence[str]) -> Gap:
    """What parts two people, over the pairs of futures that are there for all sets."""
    every = frozenset(keys)
    sets = [frozenset(), every, *(frozenset({k}) for k in keys), *(every - {k} for k in keys)]
    made: dict[Given, Mapping[int, float]] = {}
    for s in sets:
        if s not in made:
            made[s] = value(s)
    runs = sorted(set.intersection(*(set(v) for v in made.values())))
    v = {s: np.array([each[r] for r in runs]) for s, each in made.items()}
    none, all_ = v[frozenset()], v[every]
    each = {k: (v[frozenset({k})] - none + all_ - v[every - {k}]) / 2 for k in keys}
    order = sorted(keys, key=lambda k: -abs(each[k].mean()))
    shares = tuple(
        Share(
            k,
            _mean(each[k]),
            float((v[frozenset({k})] - none).mean()),
            float((all_ - v[every - {k}]).mean()),
        )
        for k in order
    )
    lead = None
    if len(order) > 1:
        one, two = (each[k] * np.sign(each[k].mean() or 1.0) for k in order[:2])
        lead = _mean(one - two)
    return Gap(
        _mean(none),
        _mean(all_),
        _mean(all_ - none),
        shares,
        _mean(all_ - none - np.sum(list(each.values()), axis=0)),
        lead,
        len(runs),
    )


def closed(before: Array, given: Array, after: Array) -> stats.Interval:
    """The part of the gap that giving some beliefs closes, with its interval by the delta method:
    the mean of (given - before) over that of (after - before), float64[pairs] each.
    """
    part, whole = given - before, after - before
    m = float(whole.mean())
    if m == 0 or len(whole) < 2:
        return stats.Interval(np.nan, np.nan, np.nan)
    ratio = float(part.mean()) / m
    se = float(np.std(part - ratio * whole, ddof=1)) / (abs(m) * np.sqrt(len(whole)))
    return stats.Interval(ratio, ratio - stats.Z95 * se, ratio + stats.Z95 * se)


def _mean(x: Array) -> stats.Interval:
    """A mean with its interval; one that never varies is known."""
    found = stats.mean(x)
    return stats.Interval(found.value, found.value, found.value) if stats.constant(x) else found
