"""How an uprising comes into a table of uprisings.

Tables of uprisings were made afterwards, of those that were remembered: large ones, and those that
brought a regime down. They are a case-control sample, in which 47 of 100 fell although two to five
autocracies in a hundred fail in a year. What is wrong with a logit fitted to such a sample is its
level alone, and the ratio of the rates at which both kinds are listed mends it (Prentice and Pyke
1979; King and Zeng 2001). With `fell` 0 or 1 and `peak` the log10 of the largest day,

    odds of being listed ~ exp(falls . fell + size . (peak - MIDDLE))                   (listing.1)

so that among listed uprisings the logit of a fall after a largest day is higher by `falls`, and the
sizes lean by `size` times their covariance with the largest day. Both are fitted with the rest.
A forecast of an uprising that some table lists is made of futures weighed by (listing.1); a future
of a country, an ensemble and a base rate are not, for nobody picked them.
"""

from __future__ import annotations

import numpy as np
import polars as pl

LISTING = ("falls", "size")
FALLS = 1.0  # standard deviation of `falls` before any case: e-fold either way (judgement)
SIZE = 1.0  # of `size`, which is not below 0: e-fold for each tenfold crowd (judgement)
MIDDLE = -2.0  # log10 of a share of residents: from where the largest day is measured


def listing(e: np.ndarray) -> np.ndarray:
    """`falls` and `size` from two standard normal numbers, float[draws, 2]."""
    return np.column_stack([FALLS * e[:, 0], SIZE * np.abs(e[:, 1])])


def listed(ensemble: pl.DataFrame, tilt: np.ndarray) -> pl.DataFrame:
    """As many futures of a case, drawn from it by the odds of (listing.1).

    ensemble: with `draw`, `fell` and `peak`. tilt: float[draws, 2], row `draw` for each future,
    from the first again after the last. `own`, a column that it adds, is the share that fell before
    the drawing. Drawn by equal steps along the futures sorted by ending and
    size, so that shares are those of the weights to one future.
    """
    n = ensemble.height
    if not n:
        return ensemble
    sorted_ = ensemble.sort("fell", "peak", "draw")
    falls, size = tilt[sorted_["draw"].to_numpy() % len(tilt)].T
    away = falls * sorted_["fell"].to_numpy() + size * (sorted_["peak"].to_numpy() - MIDDLE)
    upto = np.cumsum(np.exp(away - away.max()))
    steps = (np.arange(n) + 0.5) / n * upto[-1]
    own = float(np.mean(ensemble["fell"].to_numpy()))
    return sorted_[np.searchsorted(upto, steps)].with_columns(own=pl.lit(own))
