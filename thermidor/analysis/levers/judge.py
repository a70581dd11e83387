"""How settings of levers are judged on common futures: regret, and the worst tenth.

With v(s, i) the outcome of setting s in future i, turned so that more is better,

    regret(s, i) = max over settings r of v(r, i) - v(s, i)                              (robust.1)
    worst tenth(s) = mean of the lowest tenth of v(s, .)                                 (robust.2)

(Savage 1951; Rockafellar and Uryasev 2000). What the best of all settings gives in a future is the
same for each of them, so the least mean regret is the best mean. The search therefore looks for
good means and good worst tenths at once; regret itself is told of the few that are then tried on
futures that the search did not see.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...study import stats

Values = NDArray[np.float64]
TENTH = 0.1


class Judged(NamedTuple):
    """A setting on futures that all settings share, in the outcome's units.

    mean, worst: of the outcome, over all and over its worst tenth.  regret: mean (robust.1), and
    the value that nine of ten futures stay under.  best: share of futures in which it is better
    than every other; where several do equally well, it is none of them.
    against_now: paired difference from what the scenario has.
    """

    mean: stats.Interval
    worst: float
    regret: float
    regret_90: float
    best: float
    against_now: stats.Interval


def worst_tenth(v: Values) -> float:
    """(robust.2): of at least one future."""
    k = max(1, math.floor(TENTH * len(v)))
    return float(np.sort(v)[:k].mean())


def regrets(v: Values) -> Values:
    """(robust.1): float[settings, futures] of values that are better the higher."""
    return np.asarray(v.max(axis=0) - v)


def judged(values: Mapping[str, Values], now: str, high_is_better: bool) -> dict[str, Judged]:
    """Every setting by name. values: of the outcome, by setting, on the same futures.  now: the
    name of what the scenario has.
    """
    sign, names = (1.0 if high_is_better else -1.0), list(values)
    v = sign * np.array([values[n] for n in names])
    r, top = regrets(v), v == v.max(axis=0)
    best = top & (top.sum(axis=0) == 1)
    flag = set(np.unique(v)) <= {0.0, sign}
    out = {}
    for k, n in enumerate(names):
        x = values[n]
        m = stats.share(int(x.sum()), len(x)) if flag else stats.mean(x)
        out[n] = Judged(
            m,
            sign * worst_tenth(v[k]),
            float(r[k].mean()),
            float(np.quantile(r[k], 1 - TENTH)),
            float(best[k].mean()),
            stats.paired(x, values[now], flag),
        )
    return out


def front(points: Sequence[tuple[float, float]]) -> list[int]:
    """Numbers of the points that no other beats in both (more is better), the best first number
    first.
    """
    order = sorted(range(len(points)), key=lambda k: (-points[k][0], -points[k][1]))
    out, top = [], -math.inf
    for k in order:
        if points[k][1] > top:
            out.append(k)
            top = points[k][1]
    return out
