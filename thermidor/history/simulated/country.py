"""The scenario of a past case, by the rule of country/rule.py. What all countries share is drawn
from the ledger's ranges, or held at draws of a posterior by whoever plays it.
"""

from __future__ import annotations

from ...country.covariates import Covariates
from ...country.rule import CITIZENS, DAYS, rule
from ...scenario.file.source import Source
from ...scenario.machine import Machine
from ...scenario.scenario import Scenario, build


def scenario(
    c: Covariates, *, onset: bool = True, days: int = DAYS, citizens: int = CITIZENS
) -> Scenario:
    """The scenario of a country; with `onset` an uprising begins on the first day."""
    source = Source(rule(c, onset, days), {}, c.id)
    source.status_quo = source.data["choices"]  # what the state spends is what it has spent
    return build(source, Machine(citizens, threads=1))
