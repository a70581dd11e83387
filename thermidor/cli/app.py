"""The command line: the same verbs as the library. Heavy imports wait until a verb needs them."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from .. import __version__
from ..support.faults import Fault
from ..support.machine import cores
from ..support.writing import write_json
from . import history as cli_history
from . import reading as cli_reading
from .scenario import command, folder_of, for_pairs, loaded, report_on, say_silent
from .terminal.ending import Verbs, exit_after
from .terminal.interrupt import Interrupted, stoppable
from .terminal.options import (
    AsJson,
    Citizens,
    CommonPast,
    Days,
    Fixed,
    FromDay,
    FutureSeconds,
    KeepFailed,
    Mechanisms,
    Out,
    Pairs,
    Patch,
    Processes,
    Quick,
    Reference,
    Runs,
    Seed,
    Threads,
)
from .terminal.progress import progress
from .terminal.show import show
from .terminal.streams import say

PAIRS = 200  # of futures for a claim or a comparison, if --runs is left out
GOES_ON = "The same command goes on from there."


app = typer.Typer(
    name="thermidor",
    cls=Verbs,
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    help="A laboratory for arguments about how authoritarian regimes survive and fall.\n\n"
    "Start with `thermidor run iran-2025`, then `thermidor claims iran-2025` and "
    "`thermidor explain iran-2025`.",
)


def _version(asked: bool) -> None:
    if asked:
        print(__version__)
        raise typer.Exit


def _no_color(asked: bool) -> None:
    if asked:
        os.environ["NO_COLOR"] = "1"


@app.callback()
def main(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Print the version and stop."
        ),
    ] = False,
    no_color: Annotated[
        bool,
        typer.Option(
            "--no-color",
            callback=_no_color,
            is_eager=True,
            help="No colour, whatever the terminal.",
        ),
    ] = False,
) -> None:
    pass


@app.command()
def run(
    scenario: Reference,
    runs: Runs = None,
    citizens: Citizens = None,
    days: Days = None,
    seed: Seed = 1,
    set_: Patch = None,
    fixed: Fixed = False,
    processes: Processes = None,
    threads: Threads = None,
    out: Out = None,
    mechanism: Mechanisms = None,
    future_seconds: FutureSeconds = None,
    keep_failed: KeepFailed = False,
    as_json: AsJson = False,
) -> None:
    """Compute many futures of a scenario and answer: does the regime last, how does it end, what
    does it cost.

    The same command again goes on where it stopped; finished futures are never computed twice, and
    those that failed are tried again.

    Examples:

        thermidor run iran-2025

        thermidor run iran-2025 --runs 1000 --set adversary.intensity=0 --out no-strikes

        thermidor run my.yaml --mechanism curfew.py --json
    """
    from ..report.terminal import say_run
    from ..study.ensemble import ensemble
    from ..study.expected import run_seconds
    from ..study.results import Results

    made = loaded(scenario, mechanism, set_, citizens=citizens, threads=threads, days=days)
    runs = runs or made.file.suggest.runs
    folder = out or folder_of(made, seed, fixed)
    with progress(
        f"{made.name}: {runs:,} futures",
        quiet=as_json,
        kept=f"What is finished is kept in {folder}. {GOES_ON}",
        expected=run_seconds(made, runs, processes, folder),
    ) as tick:
        manifest = ensemble(
            made,
            runs,
            seed=seed,
            fixed=fixed,
            processes=processes,
            out=folder,
            progress=lambda done, total, reached: tick("", max(done, reached), total),
            command=command(),
            keep_failed=keep_failed,
            future_seconds=future_seconds,
        )
    for sentence in manifest["mended"]:
        say(f"thermidor: {sentence}")
    if manifest["status"] == "stopped":
        count = Results(folder).runs.height
        kept = f"{count} of {runs} futures are kept in {folder}. {GOES_ON}"
        with stoppable(kept):
            if count:
                show(Results(folder).summary(), as_json, lambda: say_run(Results(folder), made))
        raise Interrupted(kept)
    report_on(folder)
    results = Results(folder)
    show(results.summary(), as_json, lambda: say_run(results, made))
    if set_ and not as_json:
        say_silent(loaded(scenario, mechanism, citizens=citizens, days=days), made, set_, seed)


@app.command()
def claims(
    scenario: Reference,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="ID", help="Test only this claim; may be repeated."),
    ] = None,
    runs: Pairs = None,
    quick: Quick = False,
    citizens: Citizens = None,
    seed: Seed = 1,
    set_: Patch = None,
    fixed: Fixed = False,
    processes: Processes = None,
    out: Out = None,
    mechanism: Mechanisms = None,
    future_seconds: FutureSeconds = None,
    keep_failed: KeepFailed = False,
    as_json: AsJson = False,
) -> None:
    """Put the scenario's claims to the test: a verdict for each, its size and interval, what each
    side costs citizens.

    Says beforehand how long it will take.

    Examples:

        thermidor claims iran-2025 --quick

        thermidor claims iran-2025

        thermidor claims iran-2025 --only C3 --runs 1000 --json
    """
    from ..report.terminal import say_claims
    from ..study.claims import QUICK_PAIRS, effort
    from ..study.claims import claims as test

    if quick and runs:
        raise Fault("--quick chooses the number of pairs; give it or --runs, not both.")
    whole_size = loaded(scenario, mechanism, set_, citizens=citizens)
    made = for_pairs(whole_size, citizens)
    runs = runs or (QUICK_PAIRS if quick else PAIRS)
    # that of the run, whose report then shows the claims
    folder = out or folder_of(whole_size, seed, fixed)
    todo = [c for c in made.claims if not only or c.id in only]
    hint = "" if quick or runs <= QUICK_PAIRS else " (--quick for a first look)"
    with progress(
        f"{len(todo)} claims of {made.name}, {runs:,} pairs each{hint}",
        short="claims",
        quiet=as_json,
        kept=f"What is finished is kept in {folder}. {GOES_ON}",
        expected=effort(
            made,
            only=only or [],
            runs=runs,
            quick=quick,
            out=folder,
            processes=processes or cores(),
        )["seconds"],
    ) as tick:
        found = test(
            made,
            only=only or [],
            runs=runs,
            seed=seed,
            fixed=fixed,
            quick=quick,
            processes=processes,
            out=folder,
            progress=lambda label, k, n, part: tick(label, k + part, n),
            keep_failed=keep_failed,
            future_seconds=future_seconds,
        )
    saved = {
        "scenario": made.name,
        "hash": made.hash,
        "runs": runs,
        "seed": seed,
        "citizens": made.place.citizens,
        "claims": found,
    }
    folder.mkdir(parents=True, exist_ok=True)
    if not only and not quick:
        write_json(folder / "claims.json", saved)
        if (folder / "manifest.json").exists():
            report_on(folder)

    show(saved | {"out": str(folder)}, as_json, lambda: say_claims(found, made.file.claims_of))


@app.command()
def compare(
    scenario: Reference,
    with_: Annotated[
        list[str],
        typer.Option(
            "--with",
            metavar="FILE|KEY=VALUE",
            help="The other side: a scenario, or patches (may be repeated).",
        ),
    ],
    from_: FromDay = None,
    past: CommonPast = None,
    runs: Pairs = None,
    citizens: Citizens = None,
    days: Days = None,
    seed: Seed = 1,
    set_: Patch = None,
    processes: Processes = None,
    out: Out = None,
    mechanism: Mechanisms = None,
    future_seconds: FutureSeconds = None,
    keep_failed: KeepFailed = False,
    as_json: AsJson = False,
) -> None:
    """Compare a scenario with a patch of it, on the same luck: survival and the costs to citizens
    of both sides.

    Examples:

        thermidor compare iran-2025 --with adversary.intensity=0

        thermidor compare iran-2025 --with broker.exit_offer=6 --with broker.guarantee=3 --json

        thermidor compare iran-2025 --with adversary.intensity=0 --from 2025-12-01 --past 3
    """
    from ..report.terminal import say_compare
    from ..study.compare import is_file, pairs, parse_patches, patched
    from ..study.expected import run_seconds

    runs = runs or PAIRS
    base = loaded(scenario, mechanism, set_, citizens=citizens, days=days)
    base = for_pairs(base, citizens)
    files = [w for w in with_ if is_file(w)]
    if len(files) > 1 or (files and len(with_) > 1):
        raise Fault(
            "--with takes one scenario file, or any number of patches such as "
            "citizens.country=0.8, not both."
        )
    if files:
        other = loaded(files[0], mechanism, citizens=citizens, days=days)
        agents = max(base.place.citizens, other.place.fewest)
        base, other = base.sized(agents), other.sized(agents)
    else:
        other = patched(base, parse_patches(with_, "--with"))
    if from_:
        other = patched(other, {"choices_from": from_.date()})
    folder = out or folder_of(base, seed)
    sides = ["past", "with", "without"] if past is not None else ["with", "without"]

    def heard(label: str, part: float) -> None:
        tick(label, sides.index(label) + part, len(sides))

    with progress(
        f"comparison: {runs:,} pairs",
        quiet=as_json,
        kept=f"What is finished is kept in {folder}. {GOES_ON}",
        expected=2 * run_seconds(base, runs, processes, folder / "arms" / base.hash),
    ) as tick:
        found = pairs(
            other,
            base,
            runs=runs,
            seed=seed,
            processes=processes,
            out=folder,
            past=past,
            progress=heard,
            keep_failed=keep_failed,
            future_seconds=future_seconds,
        )
    found |= {"patch": with_}
    show(found, as_json, lambda: say_compare(found))


for verb in (
    cli_reading.explain,
    cli_reading.outcomes,
    cli_reading.check,
    cli_reading.report,
    cli_reading.published,
    cli_history.validate,
    cli_history.calibrate,
    cli_history.panel,
):
    app.command()(verb)
app.command("list")(cli_reading.list_)


def entry() -> None:
    """Run the command line; a fault is a sentence and an exit code, never a traceback."""
    exit_after(app)
