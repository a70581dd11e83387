"""The verb that writes a country file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from ..support.faults import Fault
from ..terminal.options import AsJson, PanelFile
from ..terminal.show import show


def _day(text: str) -> datetime:
    """A day as 2020-08-09; a sentence for what is none."""
    try:
        return datetime.strptime(text, "%Y-%m-%d")
    except ValueError as e:
        raise typer.BadParameter(f"'{text}' must be a day such as 2020-08-09.") from e


def new(
    country: Annotated[
        str | None, typer.Argument(metavar="COUNTRY", help="Name in English, or ISO code.")
    ] = None,
    date: Annotated[
        datetime | None,
        typer.Option(
            "--date",
            metavar="DATE",
            parser=_day,
            help="First day; 2025-06-16 if left out, the last day that the package knows.",
        ),
    ] = None,
    regime: Annotated[
        str | None,
        typer.Option(
            "--regime",
            metavar="TYPE",
            help="party, personal, military, monarchy, theocracy, electoral or other; as the "
            "tables have it if left out.",
        ),
    ] = None,
    population: Annotated[
        int | None,
        typer.Option("--population", metavar="N", help="Residents; as the tables have them."),
    ] = None,
    uprising: Annotated[
        bool | None,
        typer.Option(
            "--uprising/--no-uprising",
            help="Whether an uprising begins on the first day; if left out, as in the past cases.",
        ),
    ] = None,
    ring: Annotated[
        bool,
        typer.Option(
            "--ring", help="Six provinces in a ring, as on the score board, and not its own."
        ),
    ] = False,
    panel: PanelFile = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="The file; such as blr-2020.yaml if left out."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Write over a file that is there.")
    ] = False,
    argument: Annotated[
        str | None,
        typer.Option(
            "--argument", metavar="TITLE", help="In place of a country, an argument to edit."
        ),
    ] = None,
    beliefs: Annotated[
        str | None,
        typer.Option(
            "--beliefs", metavar="HOLDER", help="In place of a country, a file of beliefs to edit."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write a file to begin with: a country that runs at once, an argument, or beliefs.

    A country is made by the rule that the score board tests. Every line says where it comes from,
    every guess is marked, and the end of the file lists the ten facts most worth replacing.

    Examples:

        thermidor new Belarus --date 2020-08-09

        thermidor new VEN --out venezuela.yaml

        thermidor new Nicaragua --date 2018-04-18 --panel panel.csv --uprising

        thermidor new --argument "Sanctions work" --out mine.yaml

        thermidor new --beliefs "a sceptic"
    """
    from .. import api

    if sum(x is not None for x in (country, argument, beliefs)) != 1:
        raise Fault(
            "name one thing to write: a COUNTRY, an --argument TITLE, or the --beliefs of a HOLDER."
        )
    if country is None:
        path = _template(argument, beliefs, out, force)
        show(
            {"out": str(path)},
            as_json,
            lambda: print(f"Written to {path}.\nEdit it, then try 'thermidor check {path}'."),
        )
        return

    if population is not None and not 1e4 <= population <= 2e9:
        raise Fault(
            f"--population {population:,} is in persons, 10,000 to 2,000,000,000; millions are "
            "written out."
        )
    path = api.new(
        country,
        date.date() if date else None,
        regime=regime,
        population=population,
        panel=panel,
        uprising=uprising,
        ring=ring,
        out=out,
        force=force,
    )
    guesses = path.read_text(encoding="utf-8").count("# guess")

    def say() -> None:
        print(f"Written to {path}, with {guesses} lines of guesses.\nTry 'thermidor run {path}'.")

    show({"out": str(path), "guesses": guesses}, as_json, say)


def _template(argument: str | None, beliefs: str | None, out: Path | None, force: bool) -> Path:
    """An argument or beliefs to edit, in a new file."""
    from ..country.new import write
    from ..scenario.argument.template import argument_template, beliefs_template, slug

    file = str(out or "")
    if argument is not None:
        return write(slug(argument), out, argument_template(argument, file), force)
    assert beliefs is not None
    return write(slug(beliefs), out, beliefs_template(beliefs, file), force)
