"""The verb that asks where an outcome tips."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ...execution.progress import Progress
from ...terminal.options import AsJson, Out
from ...terminal.progress import progress
from ...terminal.show import show
from ..scenario import say_shown
from .drivers import StudyFolder, say_kept

if TYPE_CHECKING:
    from ...analysis.tips.discover import Discovery


def discover(
    study: StudyFolder,
    outcome: Annotated[
        str,
        typer.Option("--outcome", metavar="EXPR", help="A condition on a future, as in claims."),
    ],
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Where an outcome tips: limits on at most three assumptions inside which it holds far more
    often, tried on futures that they were not found in, and what to watch for.

    Writes tables and a picture into STUDY/discover. Needs `pip install 'thermidor[studies]'`.

    Examples:

        thermidor discover thermidor-results/iran-2025-... --outcome "ending = 'coup'"

        thermidor discover thermidor-results/iran-2025-... --outcome "peak_turnout_country > 0.02"
    """
    from ... import studies

    folder = out or study / "discover"
    with progress("boxes", quiet=as_json, each=False) as tick:
        found = studies.discover(
            study,
            outcome,
            out=folder,
            progress=lambda done, of: tick(Progress("halves of the futures", done, of)),
        )
    show(found.to_dict(), as_json, lambda: _say(found, folder))
    if folder == study / "discover":
        say_shown(study, as_json)


def _say(found: Discovery, folder: Path) -> None:
    from ...terminal.console import console, escape, hanging

    out = console()
    for part in found.parts:
        out.print(f"[bold]{escape(part.sentence)}[/bold]")
        for more in (part.stability, part.other):
            if more:
                out.print(escape(more))
    if found.watch:
        out.print("\nTo watch:")
        for sentence in found.watch:
            out.print(hanging("- ", escape(sentence)))
    say_kept(out, folder, any(p.sides for p in found.parts))
