"""The job array of a study for the Slurm scheduler: a script that computes each shard by the
command with which the study was begun.
"""

from __future__ import annotations

import math
import os
import shlex
from pathlib import Path
from typing import Any

from ...support.faults import Fault
from ..futures.compute import seconds_a_day
from ..store.shards import MOST_SHARDS, SHARDS, manifest_of

VERBS = ("run", "sweep")
A_SHARD = 1800.0  # seconds that one takes, if their number is not given
MOST_JOBS = 1000  # of an array, as Slurm comes
MARGIN, START = 4.0, 600.0  # times what is expected, and seconds to compile
LEFT_OUT = {
    "--plan": 0,
    "--json": 0,
    "--shard": 1,
    "--out": 1,
    "--processes": 1,
    "--engine": 1,
    "--address": 1,
}  # options, and how many words follow them

SCRIPT = """\
#!/bin/bash
# {title}: {futures:,} futures in {shards:,} shards, each about {minutes} of one core.
# Submit this file with sbatch; what is finished is kept, and the same script goes on from it.
# When all are done: thermidor gather {out}
# or by Slurm itself: sbatch --dependency=afterok:JOB --wrap {gather}
# The steps are compiled once for each kind of processor (some two minutes), into Numba's cache.
#SBATCH --job-name=thermidor
#SBATCH --array=1-{shards}
#SBATCH --ntasks=1
#SBATCH --cpus-per-task={cores}
#SBATCH --mem={memory}M
#SBATCH --time={time}
set -euo pipefail
cd {here}
exec {command} --shard "$SLURM_ARRAY_TASK_ID/{shards}"
"""


def script(path: Path, shards: int | None = None, cores: int = 1) -> str:
    """The script for a study, which was begun or written down with --plan.

    shards: so many that each takes half an hour, if left out.  cores: of each job. Raises Fault.
    """
    manifest = manifest_of(path)
    words = _command(path, manifest)
    shard = manifest.get("shard") or {}
    futures = int(shard.get("runs") or manifest["runs"])
    alone = futures * manifest["days"] * seconds_a_day(float(manifest["agents"]))
    if shards is None:
        known = [p.name for p in path.glob(f"{SHARDS}/*-of-*")]
        shards = int(known[0].rpartition("-")[2]) if known else math.ceil(alone / A_SHARD)
        shards = max(1, min(MOST_JOBS, futures, shards))
    if not 1 <= shards <= min(MOST_SHARDS, futures):
        raise Fault(f"--shards {shards} must lie between 1 and {min(MOST_SHARDS, futures):,}.")
    each = alone / shards / cores
    command = [*words, "--out", str(path), "--processes", str(cores)]
    title = " ".join("".join(c if c.isprintable() else " " for c in str(manifest["title"])).split())
    return SCRIPT.format(
        title=title,
        futures=futures,
        shards=shards,
        minutes=f"{each * cores / 60:,.2g} minutes",
        out=shlex.quote(str(path)),
        gather=shlex.quote(f"thermidor gather {shlex.quote(str(path))}"),
        cores=cores,
        memory=1500 + 700 * cores,
        time=_time(MARGIN * each + START),
        here=shlex.quote(os.getcwd()),
        command=shlex.join(command),
    )


def _command(path: Path, manifest: dict[str, Any]) -> list[str]:
    """The words with which the study was begun, without what each job says for itself. They may
    come from a stranger, so that only a verb of ours is taken, each word quoted.
    """
    try:
        words = shlex.split(str(manifest.get("command") or ""))
    except ValueError:
        words = []
    if len(words) < 3 or words[0] != "thermidor" or words[1] not in VERBS:
        raise Fault(
            f"{path} does not tell by which command it was begun (thermidor run or thermidor "
            "sweep); write it anew with --plan."
        )
    kept, skip = [], 0
    for word in words:
        name, equals, _ = word.partition("=")
        if skip:
            skip -= 1
        elif name in LEFT_OUT:
            skip = 0 if equals else LEFT_OUT[name]
        else:
            kept.append(word)
    return kept


def _time(seconds: float) -> str:
    """As Slurm writes it, in whole minutes: days-hours:minutes:seconds."""
    minutes = math.ceil(seconds / 60)
    return f"{minutes // 1440}-{minutes % 1440 // 60:02d}:{minutes % 60:02d}:00"
