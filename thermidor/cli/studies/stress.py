"""The verb that looks for what would overturn a claim, and what the verbs on a claim share."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ...terminal.interrupt import Interrupted
from ...terminal.options import Arguments, BeliefsFile, Pairs, scenarios
from ...terminal.progress import progress
from ...terminal.show import show
from ..options import Options
from ..scenario import GOES_ON, command, folder_of, loaded, say_shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...analysis.belief.stress import Change, Stress
    from ...scenario.scenario import Scenario
    from ...terminal.console import Paper

COUNTRY = "iran-2025"
ClaimId = Annotated[str, typer.Argument(metavar="CLAIM", help="Id of the claim, such as C12.")]
Country = Annotated[
    str,
    typer.Argument(
        metavar="[COUNTRY]",
        autocompletion=scenarios,
        help=f"Name or file of the country; {COUNTRY} if left out.",
    ),
]
MOST_TOLD = 40  # lines of a story
MOST_ROWS = 12


@dataclass(frozen=True)
class Asked:
    """What a verb on a claim works on: the country, where its futures lie, and how to call the
    library.
    """

    made: Scenario
    folder: Path
    how: dict[str, Any]


def prepared(
    country: str,
    o: Options,
    argument: list[str] | None,
    runs: int | None,
    beliefs: Path | None = None,
) -> Asked:
    """The country at the size and in the folder that `thermidor claims` uses, so that its stored
    pairs serve."""
    from ... import api

    whole = loaded(country, o, arguments=argument, beliefs=beliefs)
    made = whole if o.citizens else api.fewer(whole)
    folder = o.out or folder_of(whole, o.seed, o.fixed)
    return Asked(made, folder, {"runs": runs, "out": folder, "command": command(), **o.how})


@contextmanager
def working(title: str, folder: Path, o: Options) -> Iterator[Any]:
    """While a verb computes: a bar, and a sentence if it is stopped."""
    from ...support.stopping import Stopped

    kept = f"What is finished is kept in {folder}. {GOES_ON}"
    try:
        with progress(title, quiet=o.as_json, kept=kept) as tick:
            yield tick
    except Stopped:
        raise Interrupted(kept) from None


def tell(found: Any, asked: Asked, o: Options, name: str, more: Callable[[Paper], None]) -> None:
    """An answer as JSON, or its sentence, what more there is, and how to get it again."""
    from ...analysis.belief.kept import stem_of
    from ...terminal.console import console, escape

    def say() -> None:
        out = console()
        out.print(f"\n[bold]{escape(found.sentence())}[/bold]\n")
        more(out)
        out.print(f"Again: {escape(command())}", soft_wrap=True)
        path = asked.folder / stem_of(name)
        out.print(f"Kept: {escape(str(path))}.json, .csv, .svg\n", soft_wrap=True)

    told = found.to_dict() | {"command": command(), "out": str(asked.folder)}
    show(told, o.as_json, say)
    say_shown(asked.folder, o.as_json)


def stress(
    claim: ClaimId,
    options: Options,
    country: Country = COUNTRY,
    argument: Arguments = None,
    beliefs: BeliefsFile = None,
    red_team: Annotated[
        bool,
        typer.Option(
            "--red-team",
            help="Tell the most ordinary future in which the claim fails, day by day.",
        ),
    ] = False,
    runs: Pairs = None,
) -> None:
    """What would overturn a claim: the least change of belief in one assumption, in a pair, in all
    that rests on one source.

    Weighs the stored pairs of `thermidor claims` anew, computes them where they are missing, and
    plays fresh ones where the weighed pairs count as fewer than 100. Says where the pairs do not
    suffice.

    Examples:

        thermidor stress C12

        thermidor stress C12 iran-2025 --runs 1000 --json

        thermidor stress T1 first-steps --red-team
    """
    from ... import studies

    o, asked = options, prepared(country, options, argument, runs, beliefs)
    with working(f"what would overturn {claim} of {asked.made.name}", asked.folder, o) as tick:
        found = studies.stress(claim, asked.made, red_team=red_team, progress=tick, **asked.how)
    tell(found, asked, o, f"stress-{claim}", lambda out: _say(out, found, red_team))


def _say(out: Paper, found: Stress, red_team: bool) -> None:
    from ...terminal.console import escape, table

    if found.told:
        sheet = table(
            "change of belief", "bits\n(95 of 100)", "mean\nbefore, after", "fresh\npairs"
        )
        for c in found.told[:MOST_ROWS]:
            sheet.add_row(f"{escape(c.name)} [dim]({c.kind})[/dim]", *_cells(c))
        out.print(sheet)
        out.print("[dim]Bits: relative entropy; 0.72 bits move a bell by its deviation.[/dim]\n")
    open_ = sum(not c.told for c in found.changes)
    if open_:
        out.print(f"Of {open_:,} more nothing can be told from luck with {found.evidence.seen}.")
    if red_team and found.failing is None:
        out.print(f"\n{found.evidence.claim.id} fails in none of {found.evidence.seen}.")
    elif found.failing is not None:
        f = found.failing
        out.print(f"\n[bold]{escape(f.sentence())}[/bold]")
        for u in f.unusual:
            out.print(f"  {escape(u.key)}: {u.value:.3g}, the ledger has {u.ledger:.3g} {u.unit}")
        story = f.told()
        for h in story[:MOST_TOLD]:
            side = "" if h.side == "both" else f" [dim](only {escape(h.side)})[/dim]"
            out.print(f"  day {h.day:,}, {h.date}: {escape(h.what)} ({h.mechanism}){side}")
        if len(story) > MOST_TOLD:
            out.print(f"  and {len(story) - MOST_TOLD:,} more, which the JSON file holds.")
        out.print()


def _cells(c: Change) -> tuple[str, str, str]:
    low, high = ("no end" if x == float("inf") else f"{x:.2g}" for x in (c.low or 0, c.high or 0))
    m = c.moved[0] if len(c.moved) == 1 else None
    mean = f"{m.before[0]:.3g}\n{m.after[0]:.3g}" if m else ""
    unplayed = f"{'not needed' if c.counts else 'not played'}\n({c.effective or 0:,.0f} count)"
    fresh = {None: unplayed, True: "turn", False: "do not turn"}
    return f"{c.bits:.2g}\n({low} to {high})", mean, fresh[c.turned]
