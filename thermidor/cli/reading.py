"""The verbs of the command line that compute no futures: explain, outcomes, check, report,
published, list."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from ..execution.progress import Progress
from ..support.faults import Fault, near
from ..terminal.letters import visible
from ..terminal.options import AsJson, Mechanisms, Patch, Processes, Reference, SeenFile
from ..terminal.progress import progress
from ..terminal.show import show
from .options import Options
from .scenario import loaded, report_on


def explain(
    scenario: Reference,
    mechanism: Mechanisms = None,
    set_: Patch = None,
    only: Annotated[
        str | None,
        typer.Option(
            "--only", metavar="MECHANISM", help="One mechanism in full, with its equations."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """What a scenario rests on: mechanisms, who speaks to whom, equations, the ledger of
    assumptions, citations.

    Examples:

        thermidor explain iran-2025

        thermidor explain iran-2025 --only citizens

        thermidor explain iran-2025 --json > ledger.json
    """
    from .. import api
    from ..report.explained import say_explain

    told = api.explain(loaded(scenario, Options(mechanism=mechanism, set_=set_)))
    names = [m["name"] for m in told["mechanisms"]]
    if only and only not in names:
        raise Fault(
            f"there is no mechanism '{only}' in {told['scenario']}; "
            f"it has {', '.join(names)}.{near(only, names)}"
        )
    show(told, as_json, lambda: say_explain(told, only))


def outcomes(
    scenario: Reference,
    table: Annotated[
        str | None,
        typer.Option(
            "--table",
            metavar="NAME",
            help="Only this table: runs, series, moved, events, provinces.",
        ),
    ] = None,
    like: Annotated[
        str | None,
        typer.Option(
            "--like", metavar="WORD", help="Only columns that have this word in name or meaning."
        ),
    ] = None,
    mechanism: Mechanisms = None,
    set_: Patch = None,
    as_json: AsJson = False,
) -> None:
    """What the tables of results hold: each column with its unit, its meaning, its owner and its
    range.

    These are the names that claims, `compare` and your own analysis may use.

    Examples:

        thermidor outcomes iran-2025 --table runs

        thermidor outcomes iran-2025 --like turnout

        thermidor outcomes my.yaml --json > columns.json
    """
    from ..report.columns import say_columns
    from ..scenario.dictionary import dictionary, found

    made = loaded(scenario, Options(mechanism=mechanism, set_=set_))
    rows = found(dictionary(made), table, like)
    show(rows, as_json, lambda: say_columns(rows))


def check(
    scenario: Annotated[
        str | None, typer.Argument(metavar="SCENARIO", help="Name or file of a scenario.")
    ] = None,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON Schema of scenario files, for editors.")
    ] = False,
    mechanism: Mechanisms = None,
    set_: Patch = None,
    as_json: AsJson = False,
) -> None:
    """Check a file: every fault at once, with its line and the likely repair.

    A scenario or country, an argument, beliefs or observations; the last three are tried on
    iran-2025, which has every mechanism.

    Examples:

        thermidor check my.yaml

        thermidor check my-argument.yaml

        thermidor check --schema > thermidor.schema.json
    """
    if schema:
        from ..scenario.file.schema import json_schema

        show(json_schema(), True)
        return
    if scenario is None:
        raise Fault("name a scenario to check, or use --schema.")
    from ..report.explained import say_not_given
    from ..scenario.argument.checked import checked, sound

    other = checked(scenario)
    if other is not None:
        show(other, as_json, lambda: print(visible(other["says"])))
        return
    made = loaded(scenario, Options(mechanism=mechanism, set_=set_))
    told = sound(made)
    says = told.pop("says")

    def say() -> None:
        from ..terminal.console import console, escape

        console().print(escape(says))
        say_not_given(told["not_given"])

    show(told, as_json, say)


def report(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder that `thermidor run` wrote.")
    ],
    seen: SeenFile = None,
    as_json: AsJson = False,
) -> None:
    """Write the report of a finished study: one HTML file that opens offline.

    Observations that were given once stay with the study.

    Examples:

        thermidor report thermidor-results/iran-2025-...

        thermidor report thermidor-results/iran-2025-... --seen seen.yaml
    """
    if folder.exists() and not folder.is_dir():
        raise Fault(f"{folder} is a file; give the folder that `thermidor run` wrote.")
    path = report_on(folder, seen)
    show({"report": str(path)}, as_json, lambda: print(visible(path)))


def published(
    models: Annotated[
        list[str] | None,
        typer.Argument(metavar="MODEL", help="Only these models; all if left out."),
    ] = None,
    slow: Annotated[
        bool, typer.Option("--slow", help="The long simulations too: minutes in place of seconds.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check the published models that are special cases of the mechanisms: what is expected, what
    the code gives.

    Ends with exit code 1 if any number is out of tolerance.

    Examples:

        thermidor published

        thermidor published watts --slow

        thermidor published granovetter kuran --json
    """
    from time import perf_counter

    from .. import published as library
    from ..report.checked import say_published

    names, rows, start = library.known(models or []), [], perf_counter()
    with progress("published models", quiet=as_json, each=False) as tick:
        for k, name in enumerate(names):
            tick(Progress(name, k, len(names)))
            rows += library.run([name], slow)
    within = sum(r["passed"] for r in rows)
    told: dict[str, Any] = {
        "models": {n: library.title(n) for n in names},
        "quantities": len(rows),
        "within": within,
        "slow": slow,
        "seconds": round(perf_counter() - start, 1),
        "checks": rows,
    }
    show(told, as_json, lambda: say_published(told))
    if within < len(rows):
        raise typer.Exit(1)


def warm(processes: Processes = None, as_json: AsJson = False) -> None:
    """Compile the mechanisms' steps now, a minute or two once for an install; else the first
    studies compile them while they give their first answers more slowly.

    Examples:

        thermidor warm

        thermidor warm --processes 1
    """
    from ..study.futures import warm as compiling

    with progress(
        "compiling", quiet=as_json, kept="What is compiled is kept; the same command goes on."
    ) as tick:
        made = compiling.warm(processes, tick)
    said = f"{made} steps compiled." if made else "All steps were compiled already."
    show({"compiled": made}, as_json, lambda: print(said))


def list_(as_json: AsJson = False) -> None:
    """Scenarios, countries and arguments that come with the package, and the roles of arguments.

    Example:

        thermidor list
    """
    from ..scenario.argument.roles import roles
    from ..scenario.argument.written import arguments
    from ..scenario.file.gather import bundled
    from ..scenario.file.yamlfile import read

    rows = [
        {"name": n, "kind": kind, "title": read(p)[0].get("title", ""), "file": str(p)}
        for kind, found in (("scenario", bundled()), ("argument", arguments()))
        for n, p in found.items()
    ]

    rows += [
        {"name": r.name, "kind": "role", "title": f"{r.says}: {', '.join(r.levels)}", "file": None}
        for r in roles().values()
    ]

    def say() -> None:
        from ..terminal.console import console, escape, hanging

        wide = max(len(r["name"]) for r in rows) + 2
        for kind in ("scenario", "argument", "role"):
            console().print(f"[bold]{kind}s[/bold]")
            for r in rows:
                if r["kind"] == kind:
                    console().print(hanging(f"{r['name']:{wide}}", escape(r["title"])))

    show(rows, as_json, say)
