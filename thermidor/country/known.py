"""What is known of a country on a day, with who says so: covariates for the rule, and facts that
stand in the rule's place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from .covariates import Covariates

GUESS = "guess"  # status of what nobody gives


class Giver(NamedTuple):
    """Who gives a number. status: derived, verified, mixed, memory, or GUESS."""

    source: str
    status: str

    @property
    def guessed(self) -> bool:
        return self.status in (GUESS, "memory")


class Fact(NamedTuple):
    """A fact in place of what the rule says: value and range in the parameter's unit."""

    value: float
    low: float
    high: float
    giver: Giver


@dataclass(frozen=True)
class Known:
    """A country on a day.

    state: its code.  name: in plain words.  onset: whether an uprising begins on the first day.
    givers: of each covariate.  facts: by parameter, in place of what the rule says.  people: by
    field of a province, for all provinces alike.
    """

    covariates: Covariates
    state: str
    name: str
    onset: bool
    givers: Mapping[str, Giver]
    facts: Mapping[str, Fact]
    people: Mapping[str, Fact] = field(default_factory=dict)
