"""A calibration: emulators of all cases from one bank, and posteriors of any of the cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from ..declaration.prior import triangular
from ..execution.progress import Watch
from . import likelihood as fit
from .emulator import emulate
from .listing import LISTING
from .quiet import Breaks
from .simulated.bank import SHARED, at
from .simulated.work import Job, over
from .tables.case import Case
from .tables.covariates import Covariates


class Calibration:
    """Cases, their covariates and emulators from a bank; posteriors of any of them.

    bank: the bank. values: float[draws, parameters], by the bank's `draw`. quiet: base rates.
    """

    def __init__(
        self,
        cases: Sequence[Case],
        known: Sequence[Covariates],
        bank: pl.DataFrame,
        values: np.ndarray,
        seed: int = 1,
        quiet: Breaks | None = None,
    ):
        self.cases, self.seed = list(cases), seed
        self.known = dict(zip((c.id for c in cases), known, strict=True))
        traits = {i: (c.frailty, c.backing, c.revolution) for i, c in self.known.items()}
        self.emulators, self.common = emulate(bank, values, traits)
        self.quiet = quiet
        self.facts = {c.id: fit.facts(c) for c in cases}

    def posterior(
        self,
        ids: Sequence[str],
        draws: int,
        facts: Mapping[str, fit.Facts] | None = None,
        steps: int = fit.STEPS,
        base_rates: bool = True,
    ) -> tuple[np.ndarray, float]:
        """Draws from the posterior of these cases (likelihood.sample), and the autocorrelation time
        of the chain.
        """
        likelihood = fit.Likelihood(
            [self.emulators[i] for i in ids],
            self.common,
            facts or self.facts,
            self.quiet if base_rates else None,
        )
        return fit.sample(likelihood, draws, self.seed, steps)


class Ask(NamedTuple):
    """What a posterior is asked with, see `Calibration.posterior`."""

    ids: Sequence[str]
    draws: int
    facts: Mapping[str, fit.Facts] | None = None
    steps: int = fit.STEPS
    base_rates: bool = True


def _asked(c: Calibration, ask: Ask) -> pl.DataFrame:
    return pl.DataFrame(c.posterior(*ask)[0], schema=[*SHARED, *LISTING])


def posteriors(
    c: Calibration, asks: Sequence[Ask], processes: int | None, progress: Watch | None = None
) -> list[np.ndarray]:
    """Draws of several posteriors (likelihood.sample), computed over processes."""
    jobs = [Job(_asked, (c, ask)) for ask in asks]
    return [made.to_numpy() for made in over(jobs, processes, progress)]


def values(drawn: np.ndarray) -> np.ndarray:
    """Draws of a posterior with the parameters at their values, the numbers of (listing.1) as they
    are, float[draws, parameters + 2].
    """
    size = len(SHARED)
    return np.column_stack([at(drawn[:, :size]), drawn[:, size:]])


def prior(draws: int, seed: int) -> np.ndarray:
    """Draws of the shared parameters as a future without a posterior makes them (triangular),
    float[draws, parameters].
    """
    u = np.random.default_rng(seed).random((draws, len(SHARED)))
    return at(triangular(u, fit.modes()))


def both(bank: pl.DataFrame, near: pl.DataFrame, draws: int) -> pl.DataFrame:
    """The two parts of a bank in one table; draws of the second are numbered from `draws`."""
    return pl.concat(
        [
            bank.with_columns(near=pl.lit(False)),
            near.with_columns(pl.col("draw") + draws, near=pl.lit(True)),
        ]
    )
