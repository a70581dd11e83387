"""How a claim responds to assumptions, and which responses are more than luck.

The expected h given some assumptions is fitted by least squares: each with its square, pairs with
their product as well.

    g(x) = mean(h) + c (fit(x) - mean(h)),   c^2 = max(0, 1 - 1/F)                    (response.1)

F is the ratio of variances of the fit. Without c a fit to n futures takes luck for response: its
variance is too large by just that part. The chance of a fit as close to any of the assumptions by
luck alone is that of the smallest p-value over all of them when h is dealt out to the futures at
random (Westfall and Young 1993, min-p), so that nothing ranks noise, however h is distributed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...support.arrays import Array
from .ledgertable import LedgerTable

SHUFFLES = 199
LUCK = 0.05  # chance, over all assumptions together, of taking luck for a response
FUTURES_A_COLUMN = 5  # futures that each fitted column needs
Q = np.ndarray


@dataclass(frozen=True)
class Response:
    """keys: assumptions.  expected: of h given them in each future (response.1), float64[futures].
    share: of the variance of h that they account for, 0 to 1.  chance: of as much by luck, over all
    that were looked at.  needed: futures that would tell it from luck, if its share is what it
    seems; None if no number would.
    """

    keys: tuple[str, ...]
    expected: Array
    share: float
    chance: float
    needed: int | None

    @property
    def told(self) -> bool:
        """Whether it is more than luck."""
        return self.chance <= LUCK


def responses(
    h: Array, ledger: LedgerTable, groups: Sequence[tuple[str, ...]], seed: int = 1
) -> list[Response]:
    """The response to each group of assumptions, those that take too many columns left out.

    h: float64[futures].
    """
    n = len(h)
    bases = {g: q for g in groups if (q := basis(ledger, g)) is not None}
    shuffled = np.random.default_rng(seed).permuted(np.tile(h - h.mean(), (SHUFFLES, 1)), axis=1).T
    both = np.column_stack([h - h.mean(), shuffled])  # [futures, 1 + shuffles]
    total = (both**2).sum(0)
    p = {g: _p(((q.T @ both) ** 2).sum(0) / total, q.shape[1], n) for g, q in bases.items()}
    least = np.min([x[1:] for x in p.values()], axis=0) if p else np.ones(SHUFFLES)
    bar = float(np.quantile(least, LUCK))
    return [
        _response(h, g, q, (1 + int((least <= p[g][0]).sum())) / (1 + SHUFFLES), bar)
        for g, q in bases.items()
    ]


def basis(ledger: LedgerTable, group: tuple[str, ...]) -> Q | None:
    """Orthonormal columns that span what is fitted, float64[futures, columns]; None if the futures
    are too few for so many.
    """
    columns = []
    for key in group:
        x = ledger[key]
        columns += [x, x**2] if x.shape[1] == 1 else [x]
    if len(group) == 2 and all(ledger[k].shape[1] == 1 for k in group):
        columns.append(ledger[group[0]] * ledger[group[1]])
    x = np.hstack(columns)
    n, p = x.shape
    if p == 0 or n < FUTURES_A_COLUMN * p + 2:
        return None
    left, size, _ = np.linalg.svd(x - x.mean(0), full_matrices=False)
    return left[:, size > 1e-9 * max(size.max(), 1e-300)]


def fitted(h: Array, q: Q) -> tuple[Array, float, float]:
    """The response by a basis (response.1), its share of the variance, and F."""
    n, p = len(h), q.shape[1]
    centred = h - h.mean()
    fit = q @ (q.T @ centred)
    total = float(centred @ centred)
    share = min(1.0, float(fit @ fit) / total) if total > 0 else 0.0
    f = math.inf if share >= 1 else share / p / ((1 - share) / (n - 1 - p))
    c = math.sqrt(max(0.0, 1 - 1 / f)) if f > 0 else 0.0
    return h.mean() + c * fit, share, f


def _response(h: Array, group: tuple[str, ...], q: Q, chance: float, bar: float) -> Response:
    from scipy.stats import f as f_law

    n, p = len(h), q.shape[1]
    expected, share, f = fitted(h, q)
    own = max(0.0, share - p * (1 - share) / (n - 1 - p))  # without what luck adds
    least = float(f_law.isf(bar, p, n - 1 - p))  # F from which it is told
    needed = None
    if own > 0:
        wanted = math.ceil(1.5 * least * p * (1 - own) / own) + p + 1  # 1.5: in most draws
        needed = max(wanted, n + 1) if chance > LUCK else None
    return Response(group, expected, own, chance, needed)


def _p(share: Array, p: int, n: int) -> Array:
    """The p-value of each share of the variance, by the F distribution."""
    from scipy.stats import f as f_law

    share = np.minimum(share, 1 - 1e-15)
    return np.asarray(f_law.sf(share / p / ((1 - share) / (n - 1 - p)), p, n - 1 - p))


def singles(ledger: LedgerTable) -> list[tuple[str, ...]]:
    return [(k,) for k in ledger.keys]


def by_source(ledger: LedgerTable, fewest: int) -> Mapping[str, tuple[str, ...]]:
    """Sources on which several assumptions rest, with these."""
    return {s: keys for s, keys in ledger.sources.items() if len(keys) >= fewest}
