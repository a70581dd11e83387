"""The verb `gather`: the shards of a study joined."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..support.faults import Fault
from ..terminal.letters import visible
from ..terminal.options import AsJson
from ..terminal.show import show


def gather(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder into which shards were computed.")
    ],
    as_json: AsJson = False,
) -> None:
    """Join the shards of a study into its tables. A shard that is missing, not whole or of another
    study is named, and nothing is changed then.

    Examples:

        thermidor gather big

        thermidor gather big --json
    """
    from .. import api
    from ..study.design.sweep import Sweep
    from .sweep import kept, say_sweep

    if not folder.is_dir():
        raise Fault(f"{folder} is no folder; give the one that --out named for the shards.")
    found = api.gather(folder)
    if isinstance(found, Sweep):
        pictured = kept(found)
        show(found.to_dict(), as_json, lambda: say_sweep(found, pictured))
        return

    def say() -> None:
        print(visible(found.answer()))
        print(visible(f"{found.futures:,} futures, in {folder}; thermidor report {folder}"))

    show(found.to_dict(), as_json, say)
