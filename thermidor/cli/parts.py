"""Studies in parts, on the command line: what a plan and a shard say."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..support.faults import Fault
from ..terminal.interrupt import Interrupted
from ..terminal.letters import visible
from ..terminal.show import show
from .options import Options
from .scenario import GOES_ON

if TYPE_CHECKING:
    from ..study.plan import RunPlan
    from ..study.results import Study


def means(o: Options) -> dict[str, Any]:
    """What the options say of where futures are computed; empty if they say nothing."""
    if o.address is not None and o.engine != "ray":
        raise Fault("--address is that of a Ray cluster; give --engine ray too.")
    ray = o.engine == "ray"
    found: dict[str, Any] = {"engine": o.engine, "address": o.address} if ray else {}
    return found | ({"shard": o.shard} if o.shard is not None else {})


def say_planned(plan: RunPlan, as_json: bool) -> None:
    """Write a plan down, and say how much it is."""
    from ..study.engines.planned import planned

    found = planned(plan)
    told = found._asdict() | {"out": str(plan.folder)}
    said = (
        f"Nothing was computed. {found.words()}, into {plan.folder}. The same command without "
        f"--plan computes it; thermidor slurm {plan.folder} prints a job array."
    )
    show(told, as_json, lambda: print(visible(said)))


def say_shard(study: Study, shard: str, folder: Path, as_json: bool) -> None:
    """What is there of a shard, then the end if it was stopped."""
    if study.status == "stopped":
        kept = f"{study.futures:,} of {study.wanted:,} futures are kept in {study.path}. {GOES_ON}"
        raise Interrupted(kept)
    told = {
        "shard": shard,
        "futures": study.futures,
        "failed": study.failed,
        "out": str(study.path),
    }
    failed = f", of which {study.failed:,} failed" if study.failed else ""
    said = (
        f"Shard {shard}: {study.futures:,} futures{failed}, in {study.path}. "
        f"When all shards are there, thermidor gather {folder} joins them."
    )
    show(told, as_json, lambda: print(visible(said)))
