"""How a scenario is computed: what changes no answer, but for the number of agents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Machine:
    """Settings of the machine, beside the place.

    agents: how many stand for the people; "full" for one a person, None for what the file suggests.
    threads: of kernels, inside one future; 0 has them chosen.  Worker processes are the
    study's: see `RunPlan`.
    """

    agents: int | str | None = None
    threads: int = 0


def faults(threads: int) -> Iterable[str]:
    """What is wrong with a number of threads."""
    if threads < 0:
        yield f"threads = {threads} must be at least 1, or 0 to have them chosen."
