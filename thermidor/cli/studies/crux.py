"""The verb that says where two people disagree."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ...terminal.options import Arguments, Pairs, whole
from ..options import Options
from .stress import COUNTRY, MOST_ROWS, Country, prepared, tell, working

if TYPE_CHECKING:
    from ...analysis.belief.crux import Crux
    from ...terminal.console import Paper


def crux(
    a: Annotated[Path, typer.Argument(metavar="A.yaml", help="Beliefs of one.")],
    b: Annotated[Path, typer.Argument(metavar="B.yaml", help="Beliefs of the other.")],
    options: Options,
    country: Country = COUNTRY,
    claim: Annotated[
        str, typer.Option("--claim", metavar="ID", help="The claim on which they differ.")
    ] = "",
    within: Annotated[
        int,
        typer.Option(
            "--within",
            metavar="DAYS",
            parser=whole(1, 100_000),
            help="Days within which an observation should tell whose beliefs hold.",
        ),
    ] = 30,
    argument: Arguments = None,
    runs: Pairs = None,
) -> None:
    """Where two people disagree: which of their beliefs part their answers on a claim, which
    observation would tell whose hold, and how much of the gap closes if one is given what the other
    believes.

    Examples:

        thermidor crux hers.yaml his.yaml --claim C12

        thermidor crux hers.yaml his.yaml first-steps --claim T1 --within 20 --json
    """
    from ... import studies
    from ...support.faults import Fault

    if not claim:
        raise Fault("crux needs the claim on which they differ; name it with --claim, such as C12.")
    o, asked = options, prepared(country, options, argument, runs)
    more: dict[str, Any] = {
        "citizens": asked.made.place.citizens,
        "mechanism_files": o.mechanism or [],
        "set": _patches(o),
        "arguments": argument,
    }
    with working(f"where {a.stem} and {b.stem} disagree on {claim}", asked.folder, o) as tick:
        found = studies.crux(
            a, b, claim, country, within=within, progress=tick, **asked.how, **more
        )
    name = f"crux-{claim}-{a.stem}-{b.stem}"
    tell(found, asked, o, name, lambda out: _say(out, found))


def _patches(o: Options) -> dict[str, object]:
    from ...study.patches import parse_patches

    return parse_patches(o.set_ or [])


def _say(out: Paper, found: Crux) -> None:
    from ...terminal.console import escape, table

    gap = found.gap
    sheet = table("belief", "share of the gap\n(95 of 100)", "of 100", "given first,\nlast")
    for s in gap.shares[:MOST_ROWS]:
        part = 100 * s.share.value / gap.gap.value if gap.gap.value else float("nan")
        sheet.add_row(
            escape(s.key),
            f"{s.share.value:+.3g}\n({s.share.low:+.3g} to {s.share.high:+.3g})",
            f"{round(part)}" if gap.differs else "-",
            f"{s.first:+.3g}\n{s.last:+.3g}",
        )
    out.print(sheet)
    for line in found.more():
        out.print(escape(line))
    counts = ""
    if found.effective:
        one, two = found.effective
        counts = f", which count as {one:,.0f} and {two:,.0f}"
    out.print(f"[dim]From {found.how}{counts}. Test: {escape(found.says)}.[/dim]")
