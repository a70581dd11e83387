"""A claim over the real ledger whose outcome is planted: no future is simulated."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np

from thermidor.analysis.belief.evidence import Evidence
from thermidor.analysis.belief.ledgertable import LedgerTable, ledger_table
from thermidor.scenario.load import load
from thermidor.scenario.scenario import Scenario

Outcome = Callable[[LedgerTable, np.random.Generator], np.ndarray]


@cache
def iran() -> Scenario:
    return load("iran-2025", citizens=200_000, arguments=[])


def evidence(outcome: Outcome, futures: int, seed: int = 1, verdict: str = "supported") -> Evidence:
    runs = tuple(range(futures))
    ledger = ledger_table(iran(), seed, runs)
    h = outcome(ledger, np.random.default_rng(seed))
    claim: Any = SimpleNamespace(id="P1", tests=[None])
    test: Any = SimpleNamespace(against="other", says="planted", expect="above", of="one")
    return Evidence(iran(), seed, claim, verdict, test, h, runs, ledger)
