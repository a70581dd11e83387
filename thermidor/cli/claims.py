"""The verb that puts claims to the test: of one country, or of several and several arguments."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..support.machine import cores
from ..terminal.interrupt import Interrupted
from ..terminal.letters import visible
from ..terminal.options import Arguments, BeliefsFile, Countries, Pairs, Quick
from ..terminal.progress import progress
from ..terminal.show import show
from ..terminal.streams import say
from .options import Options
from .scenario import GOES_ON, RESULTS, folder_of, loaded, report_on

if TYPE_CHECKING:
    from ..scenario.scenario import Scenario


def claims(
    country: Countries,
    options: Options,
    argument: Arguments = None,
    beliefs: BeliefsFile = None,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="ID", help="Test only this claim; may be repeated."),
    ] = None,
    runs: Pairs = None,
    quick: Quick = False,
    argdown: Annotated[
        Path | None,
        typer.Option(
            "--argdown", metavar="FILE", help="Write the map of the argument as Argdown, too."
        ),
    ] = None,
) -> None:
    """Put claims to the test: a verdict for each, its size and interval, what each side costs
    citizens.

    The claims are those that the country's file makes or names, or of the arguments that are named
    here. Several countries or arguments give a matrix of verdicts. Says beforehand how long it will
    take.

    Examples:

        thermidor claims iran-2025 --quick

        thermidor claims iran-2025

        thermidor claims iran-2025 --only C3 --runs 1000 --json

        thermidor claims iran-2025 first-steps --argument free-media --argument nonviolence --quick
    """
    o, ids, named = options, only or [], list(dict.fromkeys(argument or []))
    country = list(dict.fromkeys(country))
    if len(country) > 1 or len(named) > 1:
        _many(country, o, named, beliefs, ids, runs, quick, argdown)
    else:
        _one(country[0], o, named, beliefs, ids, runs, quick, argdown)


def _one(
    country: str,
    o: Options,
    named: list[str],
    beliefs: Path | None,
    ids: list[str],
    runs: int | None,
    quick: bool,
    argdown: Path | None,
) -> None:
    """The claims of one country, by one argument or its own."""
    from .. import api
    from ..report.terminal import say_claims, say_where
    from ..study.claims import QUICK_PAIRS, effort
    from ..study.costs import of_columns
    from ..study.expected import at_first
    from ..study.matrix.links import failing

    wanted = api.pairs_of(runs, quick)
    whole_size = loaded(country, o, arguments=named or None, beliefs=beliefs)
    made = whole_size if o.citizens else api.fewer(whole_size)
    # that of the run, whose report then shows the claims
    folder = o.out or folder_of(whole_size, o.seed, o.fixed)
    todo = [c for c in made.claims if not ids or c.id in ids]
    hint = "" if quick or wanted <= QUICK_PAIRS else " (--quick for a first look)"
    work = effort(
        made, only=ids, runs=wanted, quick=quick, out=folder, processes=o.processes or cores()
    )
    with progress(
        f"{len(todo)} claims of {made.name}, {wanted:,} pairs each{hint}",
        short="claims",
        quiet=o.as_json,
        kept=f"What is finished is kept in {folder}. {GOES_ON}",
        expected=work["seconds"],
        beside=at_first(),
    ) as tick:
        found = api.claims(
            made,
            only=ids,
            runs=runs,
            fixed=o.fixed,
            quick=quick,
            out=folder,
            **o.how,
            progress=tick,
        )
    if found.status == "stopped":
        raise Interrupted(f"What is finished is kept in {folder}. {GOES_ON}")
    if not ids and not quick and (folder / "manifest.json").exists():
        report_on(folder)
    if argdown:
        _write_argdown(argdown, [(made, {v.id: v.verdict for v in found})])
    told = found.to_dict()
    lost = failing({c.id: c.supports for c in made.claims}, {v.id: v.verdict for v in found})

    def tell() -> None:
        called = of_columns(made.columns)
        say_claims(told["claims"], made.file.claims_of, called, _holder(beliefs), lost)
        say_where(folder)

    show(told | {"out": str(folder)}, o.as_json, tell)


def _many(
    countries: list[str],
    o: Options,
    named: list[str],
    beliefs: Path | None,
    ids: list[str],
    runs: int | None,
    quick: bool,
    argdown: Path | None,
) -> None:
    """A matrix of countries by claims."""
    from .. import api
    from ..report.matrix import say_matrix, write_matrix
    from ..study.claims import effort
    from ..study.expected import at_first
    from ..study.patches import parse_patches

    wanted, root = api.pairs_of(runs, quick), o.out or RESULTS
    each = [
        loaded(c, o, arguments=[a] if a else None, beliefs=beliefs)
        for c in countries
        for a in named or [""]
    ]
    sized = [s if o.citizens else api.fewer(s) for s in each]
    seconds = sum(
        effort(
            s,
            only=[i for i in ids if i in [c.id for c in s.claims]],
            runs=wanted,
            quick=quick,
            out=root / api.study_folder(s, o.seed, o.fixed),
            processes=o.processes or cores(),
        )["seconds"]
        for s in sized
        if any(not ids or c.id in ids for c in s.claims)
    )
    with progress(
        f"claims in {len(countries)} countries, {wanted:,} pairs each",
        short="claims",
        quiet=o.as_json,
        kept=f"What is finished is kept in {root}. {GOES_ON}",
        expected=seconds,
        beside=at_first(),
    ) as tick:
        found = api.claims(
            countries,
            arguments=named or None,
            beliefs=beliefs,
            citizens=o.agents,
            set=parse_patches(o.set_ or []),
            mechanism_files=o.mechanism or [],
            only=ids,
            runs=runs,
            fixed=o.fixed,
            quick=quick,
            out=root,
            **o.how,
            progress=tick,
        )
    if found.status == "stopped":
        raise Interrupted(f"What is finished is kept in {root}. {GOES_ON}")
    page = write_matrix(found)
    if argdown:
        verdicts = {(b.country, b.argument): b.verdicts for b in found.blocks}
        pairs = zip(each, verdicts.values(), strict=False)
        _write_argdown(argdown, list(pairs))
    show(
        found.to_dict() | {"page": str(page)},
        o.as_json,
        lambda: say_matrix(found, page, _holder(beliefs)),
    )


def _holder(beliefs: Path | None) -> str | None:
    """Whose beliefs they are."""
    from ..scenario.argument.beliefs import read

    return None if beliefs is None else read(beliefs).file.holder


def _write_argdown(path: Path, judged: list[tuple[Scenario, dict[str, str]]]) -> None:
    """The map of one argument, with its verdict in each country."""
    from ..study.matrix.argdown import argdown
    from ..support.writing import whole

    made = judged[0][0]
    verdicts = {s.name: v for s, v in judged if s.file.claims_of == made.file.claims_of}
    text = argdown(made.title, made.file.claims_of or made.name, made.claims, verdicts)
    whole(path, lambda beside: beside.write_text(text, encoding="utf-8", newline="\n"))
    say(f"thermidor: the map is in {visible(path)}.")
