"""The verb that says what to find out next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...terminal.options import Arguments, BeliefsFile, Pairs
from ..options import Options
from .stress import COUNTRY, MOST_ROWS, ClaimId, Country, prepared, tell, working

if TYPE_CHECKING:
    from ...analysis.belief.learn import Learning
    from ...study.stats import Interval
    from ...terminal.console import Paper


def learn(
    claim: ClaimId,
    options: Options,
    country: Country = COUNTRY,
    argument: Arguments = None,
    beliefs: BeliefsFile = None,
    runs: Pairs = None,
) -> None:
    """What to find out on a claim: what it would be worth to know each assumption, or all that
    rests on one source, and how likely that would turn the verdict.

    From the stored pairs of `thermidor claims`, computed where they are missing. Says where they do
    not suffice, and about how many would.

    Examples:

        thermidor learn C12

        thermidor learn C12 iran-2025 --runs 1000

        thermidor learn T1 first-steps --json
    """
    from ... import studies

    o, asked = options, prepared(country, options, argument, runs, beliefs)
    with working(f"what to find out on {claim} of {asked.made.name}", asked.folder, o) as tick:
        found = studies.learn(claim, asked.made, progress=tick, **asked.how)
    tell(found, asked, o, f"learn-{claim}", lambda out: _say(out, found))


def _say(out: Paper, found: Learning) -> None:
    from ...terminal.console import escape, table

    if found.told:
        sheet = table(
            "to find out", "turns it,\nof 100", "moves it by", "worth\nknowing", "a study"
        )
        for v in found.told[:MOST_ROWS]:
            if v.turns and v.moves and v.perfect and v.partial:
                hundred = type(v.turns)(*(100 * x for x in v.turns))
                cells = [_cell(x) for x in (hundred, v.moves, v.perfect, v.partial)]
                sheet.add_row(f"{escape(v.name)} [dim]({v.kind})[/dim]", *cells)
        out.print(sheet)
        out.print(
            "[dim]Worth: expected gain beyond the margin, in units of the outcome. A study takes "
            f"away half of the variance. All foresight: {found.foresight:.2g}.[/dim]\n"
        )
    open_ = sum(not v.told for v in found.values)
    if open_:
        out.print(f"Of {open_:,} more nothing can be told from luck with {found.evidence.seen}.")


def _cell(x: Interval) -> str:
    return f"{x.value:.2g}\n({x.low:.2g} to {x.high:.2g})"
