"""First-order and total shares from a Saltelli design, by SALib.

Of an input i: S_i = Var(E(y | x_i)) / Var(y) by itself, T_i = E(Var(y | x_-i)) / Var(y) with all
in which it takes part (Saltelli and others 2010). Both with 95 % intervals from a bootstrap over
blocks of the design. A future without a value takes its block with it, and a constant has no
shares: SALib 1.6 would answer 0 to both.

The null of a first-order share pairs the second matrix with the differences of another block: by
luck alone that gives shares around 0, the strongest of all inputs each time is what an input must
exceed. A total share counts where its interval leaves out what rounding and luck leave (`FLOOR`).
"""

from __future__ import annotations

import warnings
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...study.design.design import block_rows
from ...study.extras import needed
from ...study.stats import Interval
from ...support.faults import Fault
from ...wording import two
from .given import LEVEL, PERMUTATIONS, RESAMPLES

FEWEST = 16  # blocks below which no share can be told
FLOOR = 0.01  # of the variance: a total share below it is not told from none
WORTH = 0.05


class Designed(NamedTuple):
    """Shares of a design. first, total: by input.  luck: float64[inputs], of the first-order ones.

    blocks: of the design that are whole, `lost` that are not.
    """

    first: list[Interval]
    total: list[Interval]
    luck: NDArray[np.float64]
    critical: float
    blocks: int
    lost: int


def blocks_of(y: NDArray[np.float64], inputs: int) -> NDArray[np.float64]:
    """Outcomes by block: float64[blocks, rows of a block], as SALib's sampler orders them.

    Raises Fault if they are no whole number of blocks.
    """
    rows = block_rows(inputs)
    if len(y) % rows:
        raise Fault(
            f"the design of {inputs} inputs has {rows} futures a block, and {len(y):,} futures are "
            "no whole number of blocks; compute those that are missing with the same command."
        )
    return y.reshape(-1, rows)


def designed(y: NDArray[np.float64], names: list[str], seed: int = 1) -> Designed:
    """Shares from the outcomes of a design, float64[futures] in its order, NaN where one failed.

    Raises ValueError, which says why nothing can be told: the outcome is the same everywhere or
    nearly, or too few blocks are whole.
    """
    sobol = needed("SALib.analyze.sobol", "drivers", "studies")
    d = len(names)
    block = blocks_of(y, d)
    whole = block[np.isfinite(block).all(axis=1)]
    if len(whole) < FEWEST:
        raise ValueError(
            f"shares need {FEWEST} whole blocks or more, and {len(whole)} of {len(block)} are"
        )
    free = whole[:, [0, -1]].ravel()
    if np.ptp(whole) <= 1e-12 * np.abs(whole).max():
        raise ValueError(f"it is the same at all {whole.size:,} points ({two(free[0], 3)})")
    others = len(free) - int(np.unique(free, return_counts=True)[1].max())
    if others < FEWEST:
        raise ValueError(
            f"only {others} of {len(free):,} points that were drawn differ from the rest in it; "
            f"shares need {FEWEST} or more"
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of resamples that are constant: they are NaN below
        told = sobol.analyze(
            {"num_vars": d, "names": names, "bounds": [[0, 1]] * d},
            whole.ravel(),
            calc_second_order=False,
            num_resamples=RESAMPLES,
            keep_resamples=True,
            seed=seed,
        )
    luck, critical = _luck(whole, d, np.asarray(told["S1"]), seed)
    return Designed(
        [_interval(s, told["S1_conf_all"][:, k]) for k, s in enumerate(told["S1"])],
        [_interval(s, told["ST_conf_all"][:, k]) for k, s in enumerate(told["ST"])],
        luck,
        critical,
        len(whole),
        len(block) - len(whole),
    )


def _interval(value: float, resampled: NDArray[np.float64]) -> Interval:
    low, high = np.quantile(resampled, [0.025, 0.975])
    return Interval(float(value), float(min(low, value)), float(max(high, value)))


def _luck(
    whole: NDArray[np.float64], d: int, first: NDArray[np.float64], seed: int
) -> tuple[NDArray[np.float64], float]:
    """Chance of first-order shares as high as these for the strongest of all inputs, and the share
    beyond it.
    """
    rng = np.random.default_rng(seed)
    a, b = whole[:, 0], whole[:, -1]
    centre, variance = float(np.mean((a, b))), float(np.var((a, b)))
    change = whole[:, 1 : d + 1] - a[:, None]
    highest = np.array(
        [
            ((rng.permutation(b) - centre) @ change / (len(b) * variance)).max()
            for _ in range(PERMUTATIONS)
        ]
    )
    beyond = (highest[None, :] >= first[:, None]).sum(axis=1)
    return (1 + beyond) / (1 + PERMUTATIONS), float(np.quantile(highest, 1 - LEVEL))


def enough(found: Designed, inputs: int) -> int:
    """Futures of the design in which a first-order share of 5 of 100 would be named: the share
    beyond luck falls with the root of the blocks. In two figures.
    """
    wanted = found.blocks * ((1 + 0.84 / 1.64) * found.critical / WORTH) ** 2  # power 80 %
    return int(float(f"{max(FEWEST, wanted) * block_rows(inputs):.2g}"))
