"""Somebody kills the leader on a given day.

    risk(t) = 1 on the day, else 0                                                     (attempt.1)

Dated events cannot say it, for the channel is that of the mechanism that tells them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from thermidor.mechanism import Draw, Yesterday, fact, mechanism
from thermidor.places import Place


@dataclass(frozen=True)
class Parameters:
    on: float = fact(1.0, 0.0, 100_000.0, "day", "day of the attempt, which succeeds (0: none)")


class See(Yesterday):
    pass


def start(p: Parameters, place: Place, draw: Draw) -> dict[str, Any]:
    return {}


@mechanism(start=start, owns={}, adds=["leader_risk"])
def attempt(see: See, p: Parameters, draw: Draw) -> dict[str, Any]:
    return {"leader_risk": 1.0 if draw.day == p.on else 0.0}  # (attempt.1)
