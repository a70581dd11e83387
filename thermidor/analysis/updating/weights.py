"""Weights of futures from dated observations.

An observation y of a series, which may have been anything from `low` to `high` (95 of 100), counts
for a future with the value x on its day

    log w = -z^2/2,  z = (x - y)/s,  s = (high - y)/1.96 where x > y, (y - low)/1.96 else (update.1)

two halves of a normal curve with the observation's own error. Errors are taken to be independent,
so that the weights of several observations multiply. A future that ended before the last of them
has weight 0: what was seen was seen of a regime that stood. How many futures with equal weights
would tell as much (Kish 1965):

    effective sample = (sum of w)^2 / sum of w^2                                         (update.2)
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...scenario.argument.seen import Observations
from ...study.stats import Z95, Interval
from ...support.faults import Faults

Values = NDArray[np.float64]
Groups = NDArray[np.int64]
HAIR = 1e-9  # by which a sum of weights may miss what it stands for
FARTHEST = 4.0  # errors from an observation beyond which no future meets it


@dataclass(frozen=True)
class Sighting:
    """An observation by the day of the futures, with the ends of its 95 % range."""

    day: int
    date: dt.date
    series: str
    value: float
    low: float
    high: float
    source: str

    def errors(self, x: Values) -> Values:
        """How many of its errors the values lie above what was seen (update.1)."""
        away = x - self.value
        side = np.where(away > 0, self.high - self.value, self.value - self.low) / Z95
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(away == 0, 0.0, away / side)


def sightings(
    seen: Observations, start: dt.date, known_by: dt.date | None = None
) -> list[Sighting]:
    """What counts, by day. known_by: only what was known by that date.

    Raises Fault for observations that say nothing of their error, and where none is left.
    """
    out, faults = [], Faults(seen.source.name)
    for k, o in enumerate(seen.file.observations):
        if known_by is not None and o.known > known_by:
            continue
        low, high = (o.value if x is None else x for x in (o.low, o.high))
        if not low < high:
            faults.append(
                f"{seen.source.where(('observations', k))}: '{o.series}' of {o.date} has no range, "
                "so nothing says how surely it was seen; give low and high, which hold the truth "
                "95 times in 100."
            )
            continue
        day = (o.date - start).days
        out.append(Sighting(day, o.date, o.series, o.value, low, high, o.source))
    if not out and not faults:
        faults.append(f"nothing in it was known by {known_by}; give a later --known-by.")
    if faults:
        raise faults.all()
    return sorted(out, key=lambda s: (s.day, s.series))


def log_weights(at: Sequence[Sighting], values: Values) -> Values:
    """(update.1) summed over observations: float[futures]; -inf for a future that ended before.

    values: of each future at each observation, float[futures, observations]; NaN after its end.
    """
    total = np.zeros(len(values))
    for s, x in zip(at, values.T, strict=True):
        total -= np.where(np.isnan(x), np.inf, s.errors(x) ** 2 / 2)
    return total


def normal(log: Values) -> Values:
    """Weights that sum to 1; all 0 where no future is left."""
    top = log.max(initial=-np.inf)
    if not np.isfinite(top):
        return np.zeros(len(log))
    w = np.exp(log - top)
    return np.asarray(w / w.sum())


def effective(w: Values) -> float:
    """(update.2) of weights that sum to 1, or are all 0."""
    squares = float((w**2).sum())
    return 1 / squares if squares else 0.0


def not_met(at: Sequence[Sighting], values: Values, names: Sequence[int]) -> list[str]:
    """A sentence for each observation that no future meets, with the nearest.

    values: as for `log_weights`.  names: numbers of the futures.
    """
    out = []
    for s, x in zip(at, values.T, strict=True):
        there = np.flatnonzero(~np.isnan(x))
        if not there.size:
            out.append(
                f"'{s.series}' of {s.date}: no future was still in power on that day, day {s.day}."
            )
            continue
        z = np.abs(s.errors(x[there]))
        best = int(there[z.argmin()])
        if not z.min() <= FARTHEST:
            out.append(
                f"'{s.series}' of {s.date} was {s.value:.4g} ({s.low:.4g} to {s.high:.4g}), which "
                f"no future meets; the nearest is future {names[best]} with {x[best]:.4g}."
            )
    return out


def of_groups(w: Values, groups: Groups) -> Values:
    """The weight of each group."""
    total = np.zeros(int(groups.max(initial=-1)) + 1)
    np.add.at(total, groups, w)
    return total


def share(w: Values, flag: Values, groups: Groups | None = None) -> Interval:
    """A weighted share with Wilson's interval for as many futures as the effective sample; where
    they come in groups (branches of one draw of assumptions), for that of the groups.
    """
    n = effective(w if groups is None else of_groups(w, groups))
    if not n:
        return Interval(np.nan, 0.0, 1.0)
    p, z2 = float(w @ flag), Z95**2
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 / (1 + z2 / n) * np.sqrt(max(0.0, p * (1 - p)) / n + z2 / (4 * n**2))
    return Interval(p, max(0.0, float(middle - half)), min(1.0, float(middle + half)))


def mean(w: Values, x: Values, groups: Groups | None = None) -> Interval:
    """A weighted mean; its variance is that of a ratio, sum of w^2 (x - mean)^2, with the sums of
    groups in place of single futures where they come in groups.
    """
    if not w.any():
        return Interval(np.nan, np.nan, np.nan)
    m = float(w @ x)
    away = w * (x - m)
    half = Z95 * float(np.sqrt(((away if groups is None else of_groups(away, groups)) ** 2).sum()))
    return Interval(m, m - half, m + half)


def quantile(w: Values, x: Values, q: float) -> float:
    """The smallest value at or below which a share q of the weight lies."""
    order = np.argsort(x)
    upto = np.cumsum(w[order])
    k = int(np.searchsorted(upto, q * upto[-1] * (1 - HAIR)))
    return float(x[order[min(len(x) - 1, k)]])
