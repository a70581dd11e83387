"""What to find out, held against closed forms and planted truths."""

from __future__ import annotations

import math
from dataclasses import replace
from statistics import NormalDist

import numpy as np

from tests.analysis.belief_planted import evidence
from thermidor.analysis.belief.learn import STUDIED, valued
from thermidor.analysis.belief.ledgertable import LedgerTable

BELL = NormalDist()


def bell_value(mean: float, spread: float) -> float:
    """E max(0, X) - max(0, mean) of a normal number (unit normal linear loss, Raiffa 1961)."""
    z = abs(mean) / spread
    return spread * (BELL.pdf(z) - z * (1 - BELL.cdf(z)))


def test_the_value_of_a_linear_normal_case_is_its_closed_form() -> None:
    rng, n = np.random.default_rng(3), 6000
    x, other = rng.normal(size=(n, 1)), rng.normal(size=(n, 1))
    found = evidence(lambda ledger, rng: rng.normal(size=len(ledger["media.trust"])), 20)
    h = 0.1 + 0.3 * x[:, 0] + rng.normal(0, 1.0, n)
    ledger = LedgerTable({"x": x, "other": other}, {"a paper": ("x", "other")})
    told = valued(replace(found, holds=h, runs=tuple(range(n)), ledger=ledger))
    best = next(v for v in told.values if v.name == "x")
    assert best.perfect and best.partial and best.turns
    perfect, partial = bell_value(0.1, 0.3), bell_value(0.1, 0.3 * math.sqrt(STUDIED))
    assert best.perfect.low <= perfect <= best.perfect.high
    assert abs(best.perfect.value / perfect - 1) < 0.25
    assert abs(best.partial.value / partial - 1) < 0.3
    assert abs(best.turns.value - BELL.cdf(-1 / 3)) < 0.04
    assert not next(v for v in told.values if v.name == "other").told
    assert told.foresight > best.perfect.value


def test_what_does_not_suffice_is_said() -> None:
    def weak(ledger: LedgerTable, rng: np.random.Generator) -> np.ndarray:
        x = ledger["media.independent"][:, 0]
        return 0.05 + 0.3 * (x - x.mean()) + rng.normal(0, 1, len(x))

    told = valued(evidence(weak, 200))
    assert not told.told
    assert "Cannot tell with 200 pairs" in told.sentence() and "would" in told.sentence()
    assert all(v.perfect is None for v in told.values)


def test_the_planted_assumption_is_worth_most() -> None:
    def planted(ledger: LedgerTable, rng: np.random.Generator) -> np.ndarray:
        x = ledger["media.independent"][:, 0]
        return 0.05 + (x - x.mean()) + rng.normal(0, 0.3, len(x))

    told = valued(evidence(planted, 800))
    assert told.told[0].name == "media.independent"
    assert "media.independent is most worth" in told.sentence()
