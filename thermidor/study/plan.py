"""What a study is asked to compute, and by what means."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from .. import __version__
from ..execution.worker import Tell, Work
from ..scenario.scenario import Scenario
from ..support.faults import Fault
from ..support.stopping import Stop
from .design.design import Design
from .futures.resume import Past
from .store.folder import rules
from .store.shards import Shard
from .store.tables import KEEP

MOST_RUNS = 10_000_000
ENGINES = ("processes", "ray")
Hands = Callable[[Callable[[], Work], Sequence[Sequence[int]], Tell, Stop], None]


@dataclass(frozen=True)
class RunPlan:
    """Futures 0 to runs - 1 of a scenario, into a folder; with a past, its branches.

    seed: of all chance.  fixed: assumptions are held at their values.  processes: workers, as many
    as there are cores if None; 0 computes in this process whatever happens there.  keep_failed:
    futures that failed are not tried again.  future_seconds: a future that takes longer fails.
    command: what the user typed, for the record.  keep: "runs" keeps the table of runs only,
    "series" also daily series and events, "all" also who moved whom and provinces. It is the same
    for all futures of a folder, so that each of its tables tells of all of them.  design: the
    points at which the futures stand, if the scenario is varied; runs counts those of all points.
    shard: only this part of the futures.  engine: "processes", or "ray" on the cluster at
    `address`.  hands: do the batches in place of processes, as `on_lanes` does.
    """

    scenario: Scenario
    runs: int
    folder: Path
    seed: int = 1
    fixed: bool = False
    past: Past | None = None
    processes: int | None = None
    keep_failed: bool = False
    future_seconds: float | None = None
    command: str | None = None
    keep: str = "all"
    design: Design | None = None
    shard: Shard | None = None
    engine: str = "processes"
    address: str | None = None
    hands: Hands | None = None

    def __post_init__(self) -> None:
        if self.keep not in KEEP:
            raise Fault(f"keep = '{self.keep}' must be one of {', '.join(KEEP)}.")
        if not 1 <= self.runs <= MOST_RUNS:
            raise Fault(f"runs = {self.runs} must lie between 1 and {MOST_RUNS:,}.")
        if self.engine not in ENGINES:
            raise Fault(f"engine = '{self.engine}' must be one of {', '.join(ENGINES)}.")
        if self.engine == "ray" and self.future_seconds is not None:
            raise Fault(
                "a limit on the seconds of a future needs worker processes of this machine; leave "
                "out --future-seconds or --engine ray."
            )
        if self.engine == "ray" and self.past is not None:
            raise Fault("branches of a common past are computed on this machine only.")
        object.__setattr__(self, "folder", Path(self.folder))

    def of(self, scenario: Scenario, **changes: Any) -> RunPlan:
        """The same plan for another scenario, with what else changes."""
        return replace(self, scenario=scenario, **changes)

    @property
    def numbers(self) -> range:
        """The futures that are computed: all, or those of the shard."""
        return self.shard.numbers(self.runs) if self.shard else range(self.runs)

    @property
    def identity(self) -> dict[str, Any]:
        """What futures of one folder have in common."""
        past = self.past
        return {
            "hash": self.scenario.hash,
            "seed": self.seed,
            "fixed": self.fixed,
            "version": __version__,
            "rules": rules(),
            "past": {"run": past.run, "day": past.day, "hash": past.what} if past else None,
            "keep": self.keep,
            "design": self.design.hash if self.design else None,
            "shard": self.shard.to_dict(self.runs) if self.shard else None,
        }
