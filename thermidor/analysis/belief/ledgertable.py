"""What each future assumed, on the scale on which it is drawn: a table of futures by assumptions.

A number stands as the part of the way from the low to the high end of its range, 0 to 1, along a
logarithmic scale where it is drawn on one; a structural form as a column of 0 and 1 for each form
but the first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...declaration.prior import Prior
from ...scenario.assumption import Assumption
from ...scenario.scenario import Scenario
from ...support.arrays import Array

POSTERIOR = "past uprisings (the posterior)"
FEWEST_OF_SOURCE = 2  # assumptions below which a source says no more than its one assumption


@dataclass(frozen=True)
class LedgerTable:
    """keys: assumptions that differ between futures.  columns: of each, float64[futures, 1], or as
    many as there are forms but one.  sources: assumptions that rest on each.
    """

    columns: Mapping[str, Array]
    sources: Mapping[str, tuple[str, ...]]

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(self.columns)

    def __getitem__(self, key: str) -> Array:
        return self.columns[key]

    def only(self, kept: np.ndarray, keys: Sequence[str] | None = None) -> LedgerTable:
        """Some of the futures, with all assumptions or some. kept: their places."""
        return LedgerTable({k: self.columns[k][kept] for k in keys or self.columns}, self.sources)


def ledger_table(scenario: Scenario, seed: int, runs: Sequence[int]) -> LedgerTable:
    """What these futures of a scenario assumed."""
    values = scenario.draw_many(seed, runs)
    place = {k: i for i, k in enumerate(values.form.keys)}
    columns, sources = {}, dict[str, list[str]]()
    for key, a in scenario.parameters.items():
        fitted = key in scenario.fitted
        if not a.drawn and not (fitted and not a.off):
            continue
        column = _column(a, values.now[:, place[key]])
        if column is None:
            continue
        columns[key] = column
        if source := source_of(scenario, key):
            sources.setdefault(source, []).append(key)
    return LedgerTable(columns, {k: tuple(v) for k, v in sources.items()})


def source_of(scenario: Scenario, key: str) -> str | None:
    """What an assumption rests on: past uprisings, where it is drawn from them; a reference; None
    where it is judgement.
    """
    if key in scenario.fitted:
        return POSTERIOR
    return scenario.parameters[key].source


def prior_of(a: Assumption) -> Prior:
    """What the ledger holds of a number."""
    return Prior(a.low, a.value, a.high, a.parameter.log)


def _column(a: Assumption, values: Array) -> Array | None:
    """An assumption as columns; None if it is alike in all futures."""
    if np.ptp(values) == 0:
        return None
    if a.parameter.options:
        forms = np.unique(values)[1:]
        return np.asarray(values[:, None] == forms, np.float64)
    if a.low < a.high:
        return prior_of(a).part(values)[:, None]
    low, high = values.min(), values.max()
    return ((values - low) / (high - low))[:, None]
