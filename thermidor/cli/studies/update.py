"""The verb that conditions a study on what was seen since."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from ...execution.progress import Progress
from ...support.faults import Fault
from ...terminal.options import AsJson, Picture, whole
from ...terminal.progress import progress
from ...terminal.show import show
from ...terminal.streams import say
from ..scenario import command, say_shown

MOST = 100_000


def update(
    study: Annotated[
        Path, typer.Argument(metavar="STUDY", help="Folder that `thermidor run` wrote.")
    ],
    seen: Annotated[
        Path, typer.Option("--seen", metavar="FILE", help="Observations with their dates.")
    ],
    known_by: Annotated[
        datetime | None,
        typer.Option(
            "--known-by",
            metavar="DATE",
            formats=["%Y-%m-%d"],
            help="Only what was known by that day; all of the file if left out.",
        ),
    ] = None,
    outcome: Annotated[
        list[str] | None,
        typer.Option(
            "--outcome", metavar="EXPRESSION", help="Told beside survival; may be repeated."
        ),
    ] = None,
    branch: Annotated[
        int | None,
        typer.Option(
            "--branch",
            metavar="N",
            parser=whole(10, MOST),
            help="Play N futures along the observations, drawn anew where few are left.",
        ),
    ] = None,
    scenario: Annotated[
        str | None,
        typer.Option(
            "--scenario",
            metavar="FILE",
            help="What the study was computed of, to branch; its name's if left out.",
        ),
    ] = None,
    picture: Picture = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="DIR", help="Folder for the weights; inside the study if left out."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say what a study says now that something was seen: futures weighed by dated observations, and
    branched where few are left.

    The effective sample is always shown; observations that no future meets are named, with the
    nearest.

    Examples:

        thermidor update thermidor-results/iran-2025-... --seen week.yaml

        thermidor update thermidor-results/iran-2025-... --seen week.yaml --branch 400
    """
    from ... import api, studies
    from ...analysis.updating.say import say_update
    from ...analysis.updating.update import keep

    found = api.results(study)
    made = api.load(scenario, citizens=found.manifest["citizens"]) if scenario else None
    if scenario and not branch:
        raise Fault("--scenario is for --branch N, which plays futures of it.")
    with progress("branches", quiet=as_json or not branch) as tick:
        told = studies.update(
            found,
            seen,
            known_by=known_by.date() if known_by else None,
            outcomes=tuple(outcome or ()),
            branch=branch or 0,
            scenario=made,
            watch=lambda day, days: tick(Progress("", day, days)),
        )
    from ...scenario.argument.seen import read

    folder = keep(told, out or study / "updates" / read(seen).hash[:8], command())
    if picture:
        from ...analysis.updating.picture import draw

        draw(told, found, picture)
        say(f"thermidor: the picture is in {picture}.")
    show(
        told.to_dict() | {"out": str(folder)}, as_json, lambda: say_update(told, folder, command())
    )
    if folder.parent == study / "updates":
        say_shown(study, as_json)
