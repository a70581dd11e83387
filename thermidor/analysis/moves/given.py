"""First-order shares from futures as they were drawn: RBD-FAST, and what luck alone would give.

The share of an input is the part of an outcome's variance that goes with it alone,
S_i = Var(E(y | x_i)) / Var(y). Futures are ordered by x_i, up over the even and down over the odd
ones, so that what depends on x_i becomes periodic; its first M harmonics are summed (Tarantola,
Gatelli and Mara 2006; for given samples Plischke 2010; bias of 2M/n taken off as by Tissot and
Prieur 2012). SALib computes the shares that are told, with bootstrapped intervals.

What luck gives is found by permuting the outcome over the futures and taking, each time, the
strongest of all inputs (Westfall and Young 1993): so the chance that is told holds for the whole
list. Each input is looked at in two ways, by its share and by its rank correlation (which sees a
weak trend in fewer futures), each by the chance that a normal outcome would have: the smaller
counts. Permutation makes that exact for any outcome, however rare.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...study.extras import needed
from ...study.stats import Interval

HARMONICS = 6  # mathematics: M of RBD-FAST; Tarantola and others (2006) take 6 or 10
PERMUTATIONS = 299
LEVEL = 0.05
POWER = 0.8
WORTH = 0.05  # of the variance: a share that a study should not miss
LONG_TAIL = 10.0  # excess kurtosis: an exponential outcome has 6, a lognormal one of width 1 110
FEWEST = 4 * HARMONICS  # futures below which no share can be told
AT_ONCE = 60_000_000  # numbers of a basis that are held at the same time
RESAMPLES = 200


class Found(NamedTuple):
    """Inputs, in the order given: float64[inputs] each.

    share: first-order.  luck: chance that the strongest of all would be as strong by luck.
    critical: the share that would be beyond luck.
    """

    share: NDArray[np.float64]
    luck: NDArray[np.float64]
    critical: float


def ranks(x: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.int64]:
    """Places 0 to n - 1 of each column, int64[n, inputs]; equal values in random order."""
    n = len(x)
    shuffled = rng.permutation(n)
    out = np.empty(x.shape, np.int64)
    for k in range(x.shape[1]):
        out[shuffled[np.argsort(x[shuffled, k], kind="stable")], k] = np.arange(n)
    return out


def long_tailed(y: NDArray[np.float64]) -> bool:
    """Whether a few futures make most of the variance, so that it says little of the others."""
    from scipy.stats import kurtosis

    return bool(kurtosis(y) > LONG_TAIL)


def shares(
    x: NDArray[np.float64], y: NDArray[np.float64], seed: int = 1, ranked: bool = True
) -> Found:
    """Shares of the inputs x, float64[n, inputs], in an outcome y, float64[n], against luck.

    ranked: whether the correlation is of the outcome's ranks; of a chance it is not: most futures
    differ in it by a thousandth.

    Raises ValueError if y has no value somewhere, or is the same everywhere: neither has shares.
    """
    n, d = x.shape
    if not np.isfinite(y).all() or np.ptp(y) == 0 or n < FEWEST:
        raise ValueError("shares need an outcome that has a value everywhere and differs")
    rng = np.random.default_rng(seed)
    place = ranks(x, rng)
    order = np.stack([np.arange(n), *(rng.permutation(n) for _ in range(PERMUTATIONS))])
    plain = _standard(y)[order]
    other = _standard(midranks(y))[order] if ranked else plain
    raw, strength = np.empty(d), np.empty(d)
    highest = np.full(PERMUTATIONS, -np.inf)
    step = max(1, AT_ONCE // (n * (2 * HARMONICS + 1)))
    for k in range(0, d, step):
        part = place[:, k : k + step]
        s, r2 = _periodic(plain, part), (other @ _standard(part.astype(float)) / n) ** 2
        found = _strength(s, r2, n)
        raw[k : k + step], strength[k : k + step] = s[0], found[0]
        highest = np.maximum(highest, found[1:].max(axis=1))
    beyond = (highest[None, :] >= strength[:, None]).sum(axis=1)
    return Found(_unbiased(raw, n), (1 + beyond) / (1 + PERMUTATIONS), _critical(highest, n))


def _standard(y: NDArray[np.float64]) -> NDArray[np.float32]:
    return ((y - y.mean(axis=0)) / y.std(axis=0)).astype(np.float32)


def midranks(y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Places of the values, equal ones in between."""
    from scipy.stats import rankdata

    return np.asarray(rankdata(y), float)


def _periodic(y: NDArray[np.float32], place: NDArray[np.int64]) -> NDArray[np.float64]:
    """Part of the variance in the first harmonics, float64[outcomes, inputs].

    y: standardized, float32[outcomes, n].  place: of each future by each input, int64[n, inputs].
    """
    n = len(place)
    there = np.where(place % 2 == 0, place // 2, n - 1 - place // 2)  # up, then down again
    angle = (2 * np.pi / n) * there
    total = np.zeros((len(y), place.shape[1]))
    for k in range(1, HARMONICS + 1):
        for wave in (np.cos, np.sin):
            total += (y @ wave(k * angle).astype(np.float32)).astype(float) ** 2
    return 2 * total / n**2


def _strength(s: NDArray[np.float64], r2: NDArray[np.float64], n: int) -> NDArray[np.float64]:
    """Minus the logarithm of the smaller of two chances, for a normal outcome."""
    from scipy.special import chdtrc

    smaller = np.minimum(chdtrc(2 * HARMONICS, n * s), chdtrc(1, n * r2))
    return -np.log(np.maximum(smaller, 1e-300))


def _unbiased(raw: NDArray[np.float64], n: int) -> NDArray[np.float64]:
    part = 2 * HARMONICS / n
    return raw - part / (1 - part) * (1 - raw)


def _critical(highest: NDArray[np.float64], n: int) -> float:
    """The share beyond luck, for an input of any shape."""
    from scipy.special import chdtri

    least = float(np.quantile(highest, 1 - LEVEL))
    return float(_unbiased(np.array(chdtri(2 * HARMONICS, np.exp(-least)) / n), n))


def enough(found: Found, n: int, worth: float = WORTH) -> int:
    """Futures in which a share of this size would be named four times of five, in two figures.

    From the noncentral chi-squared that n times the share has in large samples; the height that it
    must clear is the one found here, which changes little with n.
    """
    from scipy.stats import ncx2

    part = 2 * HARMONICS / n
    height = n * (found.critical * (1 - part) + part)
    low, high = 1.0, 2.0**40
    while high / low > 1.001:
        m = (low * high) ** 0.5
        missed = ncx2.cdf(height, 2 * HARMONICS, m * worth / (1 - worth)) > 1 - POWER
        low, high = (m, high) if missed else (low, m)
    return int(float(f"{max(high, FEWEST):.2g}"))


def intervals(
    x: NDArray[np.float64], y: NDArray[np.float64], names: list[str], seed: int = 1
) -> list[Interval]:
    """Shares of a few inputs from SALib, each with its bootstrapped 95 % interval."""
    rbd = needed("SALib.analyze.rbd_fast", "drivers", "studies")
    place = ranks(x, np.random.default_rng(seed)).astype(float)  # ties broken by chance, as above
    told = rbd.analyze(
        {"num_vars": len(names), "names": names, "bounds": [[0, len(y)]] * len(names)},
        place,
        y,
        M=HARMONICS,
        num_resamples=RESAMPLES,
        seed=seed,
    )
    return [
        Interval(float(s), max(0.0, float(s - c)), min(1.0, float(s + c)))
        for s, c in zip(told["S1"], told["S1_conf"], strict=True)
    ]
