"""The verb that asks what moves an outcome."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ...execution.progress import Progress
from ...terminal.options import AsJson, Out
from ...terminal.progress import progress
from ...terminal.show import show
from ..scenario import command, say_shown

if TYPE_CHECKING:
    from ...analysis.moves.drivers import Drivers
    from ...terminal.console import Paper

StudyFolder = Annotated[
    Path, typer.Argument(metavar="STUDY", help="Folder that `thermidor run` or a design wrote.")
]


def drivers(
    study: StudyFolder,
    outcome: Annotated[
        str | None,
        typer.Option(
            "--outcome",
            metavar="EXPR",
            help="An outcome of a future, as in claims; survival if left out.",
        ),
    ] = None,
    over_time: Annotated[
        bool,
        typer.Option(
            "--over-time", help="Day by day: staying in power, or an outcome of daily series."
        ),
    ] = False,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """What moves an outcome: the assumptions, and apart from them the levers, that carry its
    differences between futures, against what luck alone would give.

    Where the futures do not suffice it says so, and about how many would. Writes tables and
    pictures into STUDY/drivers. Needs `pip install 'thermidor[studies]'`.

    Examples:

        thermidor drivers thermidor-results/iran-2025-...

        thermidor drivers thermidor-results/iran-2025-... --outcome "ending = 'coup'"

        thermidor drivers thermidor-results/iran-2025-... --outcome turnout_country --over-time
    """
    from ... import studies

    folder = out or study / "drivers"
    with progress("what moves it", quiet=as_json, each=False) as tick:
        found = studies.drivers(
            study,
            outcome,
            over_time=over_time,
            out=folder,
            progress=lambda done, of: tick(Progress("days", done, of)),
        )
    show(found.to_dict(), as_json, lambda: _say(found, folder))
    if folder == study / "drivers":
        say_shown(study, as_json)


def _say(found: Drivers, folder: Path) -> None:
    from ...terminal.console import console, escape, table
    from ...wording import between

    out = console()
    for sentence in found.sentences:
        out.print(f"[bold]{escape(sentence)}[/bold]")
    for part in found.parts:
        if part.found:
            out.print()
            total = any(d.total for d in part.found)
            sheet = table(part.role, part.by, *(["with others"] if total else []), "by rank")
            for d in part.found:
                more = [f"{d.total.value:.2f} ({between(*d.total[1:])})"] if d.total else []
                own = f"{d.measure.value:.2f} ({between(*d.measure[1:])})"
                if d.measure.low == 0 and not total:
                    own = f"at most {d.measure.high:.2f}"
                sheet.add_row(f"{escape(d.name)}: {escape(d.says)}", own, *more, _rank(d.direction))
            out.print(sheet)
            if part.others:
                out.print(escape(part.others))
    for sentence in found.over_time.sentences if found.over_time else ():
        out.print(f"\n{escape(sentence)}")
    say_kept(out, folder, any(not p.why for p in found.parts))


def say_kept(out: Paper, folder: Path, pictured: bool) -> None:
    """Where tables lie, and pictures if there are any; the command, whole, to be copied."""
    from ...terminal.console import escape

    what = "Tables and pictures" if pictured else "Tables"
    out.print(f"\n{what}: {escape(folder)}", soft_wrap=True)
    out.print(f"Again: {escape(command())}", soft_wrap=True)


def _rank(direction: float) -> str:
    return f"{direction:+.2f}" if direction == direction else "-"
