"""The verb that searches for levers which hold up."""

from __future__ import annotations

from typing import Annotated

import typer

from ...terminal.options import Picture, Reference, one_of, whole
from ...terminal.show import show
from ...terminal.streams import say
from ..options import Options
from ..scenario import command, folder_of, loaded, say_shown
from .stress import working


def robust(
    scenario: Reference,
    options: Options,
    levers: Annotated[
        list[str] | None,
        typer.Option(
            "--levers",
            metavar="KEY[=LOW:HIGH]",
            help="A choice of outsiders or of society; may be repeated. All of them if left out.",
        ),
    ] = None,
    outcome: Annotated[
        str | None,
        typer.Option(
            "--outcome", metavar="EXPRESSION", help="What counts; people killed if left out."
        ),
    ] = None,
    better: Annotated[
        str,
        typer.Option(
            "--better",
            metavar="low|high",
            parser=one_of("low", "high"),
            help="Which end of the outcome is the better one.",
        ),
    ] = "low",
    tries: Annotated[
        int,
        typer.Option(
            "--tries", metavar="N", parser=whole(4, 10_000), help="Settings that are tried."
        ),
    ] = 40,
    runs: Annotated[
        int,
        typer.Option(
            "--runs", metavar="N", parser=whole(10, 100_000), help="Futures of each setting."
        ),
    ] = 50,
    held_out: Annotated[
        int,
        typer.Option(
            "--held-out",
            metavar="N",
            parser=whole(10, 100_000),
            help="Other futures, on which the few best are judged.",
        ),
    ] = 200,
    picture: Picture = None,
) -> None:
    """Search levers of outsiders and of society for settings that hold up: by regret, and by how
    they do in the worst tenth of futures, with what they cost citizens.

    Choices of the ruler and the forces, assumptions, and whatever would raise repression are
    refused by name. Needs thermidor[studies].

    Examples:

        thermidor robust iran-2025 --levers broker.relief --levers media.openness

        thermidor robust iran-2025 --levers broker.exit_offer=0:4 --outcome survived --tries 20
    """
    from ... import api, studies
    from ...analysis.levers.robust import KILLED, Wanted
    from ...analysis.levers.say import say_robust

    o, again, made = options, command(), loaded(scenario, options)
    made = made if o.citizens else api.fewer(made)
    folder = o.out or folder_of(made, o.seed, keep="robust")
    ask = Wanted(tuple(levers or ()), outcome or KILLED, better == "high", tries, runs, held_out)
    with working(f"{made.name}: {tries} settings", folder, o) as tick:
        found = studies.robust(
            made,
            ask,
            seed=o.seed,
            processes=o.processes,
            out=folder,
            command=again,
            progress=tick,
        )
    if picture:
        from ...analysis.levers.picture import draw

        draw(found, picture)
        say(f"thermidor: the picture is in {picture}.")
    told = found.to_dict() | {"command": again, "out": str(folder)}
    show(told, o.as_json, lambda: say_robust(found, again))
    say_shown(folder, o.as_json)
