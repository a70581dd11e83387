"""The verb `slurm`: the job array script of a study."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..support.faults import Fault
from ..terminal.options import whole
from ..terminal.show import show


def slurm(
    study: Annotated[
        Path, typer.Argument(metavar="STUDY", help="Folder of a study that was begun, or planned.")
    ],
    shards: Annotated[
        int | None,
        typer.Option(
            "--shards",
            metavar="N",
            parser=whole(1, 100_000),
            help="Jobs of the array; so many that each takes half an hour, if left out.",
        ),
    ] = None,
    cores: Annotated[
        int,
        typer.Option("--cores", metavar="N", parser=whole(1, 1024), help="Cores of each job."),
    ] = 1,
) -> None:
    """Print a script for the Slurm scheduler that computes a study in shards, each a job of an
    array.

    Examples:

        thermidor run iran-2025 --runs 100000 --keep runs --out big --plan

        thermidor slurm big --shards 200 > big.sh
    """
    from ..study.engines.slurm import script

    if not study.is_dir():
        raise Fault(
            f"there is no folder {study}; begin the study, or write it down with --plan, first."
        )
    text = script(study, shards, cores)
    show({}, False, lambda: print(text, end=""))
