"""The command line: the same verbs as the library. Heavy imports wait until a verb needs them."""
from __future__ import annotations

import json
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from . import __version__, cli_history
from .faults import Fault, MachineFault
from .terminal import AsJson, Processes, progress_bar, show

app = typer.Typer(
    name="thermidor", add_completion=False, no_args_is_help=True, rich_markup_mode="markdown", pretty_exceptions_enable=False,
    help="A laboratory for arguments about how authoritarian regimes survive and fall.\n\n"
         "Start with `thermidor run iran-2025`, then `thermidor claims iran-2025` and `thermidor explain iran-2025`.")

Reference = Annotated[str, typer.Argument(metavar="SCENARIO", help="Name of a scenario that comes with the package, or a file.")]
Citizens = Annotated[str | None, typer.Option("--citizens", metavar="N|full",
                                              help="Agents; 'full' is one a person. 100,000 unless the scenario suggests otherwise.")]
Days = Annotated[int | None, typer.Option("--days", min=1, help="Days to run, instead of the scenario's.")]
Seed = Annotated[int, typer.Option("--seed", help="Seed of all chance.")]
Patch = Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Set a parameter (it is then not drawn); may be repeated.")]
Fixed = Annotated[bool, typer.Option("--fixed", help="Hold every assumption at its value instead of drawing it from its range.")]
Threads = Annotated[int | None, typer.Option("--threads", min=1, help="Threads inside one future; chosen from its size and the cores if left out.")]
Out = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Folder for the results.")]
Mechanisms = Annotated[list[Path] | None, typer.Option("--mechanism", metavar="FILE.py",
                                                       help="A mechanism of your own; naming it here runs it. May be repeated.")]


@app.callback()
def main(version: Annotated[bool, typer.Option("--version", help="Print the version and stop.", is_eager=True)] = False,
         no_color: Annotated[bool, typer.Option("--no-color", help="No colour, whatever the terminal.")] = False) -> None:
    if no_color:
        os.environ["NO_COLOR"] = "1"
    if version:
        print(__version__)
        raise typer.Exit


@app.command()
def run(scenario: Reference,
        runs: Annotated[int | None, typer.Option("--runs", min=1, help="Futures to compute. 200 unless the scenario suggests otherwise.")] = None,
        citizens: Citizens = None, days: Days = None, seed: Seed = 1, set_: Patch = None, fixed: Fixed = False,
        processes: Processes = None, threads: Threads = None, out: Out = None, mechanism: Mechanisms = None, as_json: AsJson = False) -> None:
    """Compute many futures of a scenario and answer: does the regime last, how does it end, what does it cost.

    The same command again goes on where it stopped; finished futures are never computed twice.

    Examples:

        thermidor run iran-2025

        thermidor run iran-2025 --runs 1000 --set adversary.intensity=0 --out no-strikes

        thermidor run my.yaml --mechanism curfew.py --json
    """
    from .report.text import say_run
    from .study.ensemble import ensemble
    from .study.results import Results
    made = _load(scenario, citizens, threads or 0, mechanism, set_, days)
    runs = runs or made.file.suggest.runs
    folder = out or _default(made, seed, fixed)
    with progress_bar(f"{made.name}: {runs} futures", as_json) as tick:
        manifest = ensemble(made, runs, seed=seed, fixed=fixed, processes=processes, out=folder, progress=tick,
                            command=_command())
    results = Results(folder)
    if manifest["status"] == "finished":
        from .report.page import write_report
        write_report(folder)
    show(results.summary(), as_json, lambda: say_run(results, made))
    if manifest["status"] == "stopped":
        print(f"\nStopped: {results.runs.height} of {runs} futures are kept in {folder}. The same command goes on from there.", file=sys.stderr)
        raise typer.Exit(130)


@app.command()
def claims(scenario: Reference, only: Annotated[list[str] | None, typer.Option("--only", metavar="ID", help="Test only this claim; may be repeated.")] = None,
           runs: Annotated[int, typer.Option("--runs", min=2, help="Pairs of futures for each claim.")] = 200,
           citizens: Citizens = None, seed: Seed = 1, set_: Patch = None, fixed: Fixed = False, processes: Processes = None,
           out: Out = None, mechanism: Mechanisms = None, as_json: AsJson = False) -> None:
    """Put the scenario's claims to the test: a verdict for each, its size and interval, what each side costs citizens.

    Examples:

        thermidor claims iran-2025

        thermidor claims iran-2025 --only C3 --runs 1000 --json
    """
    from .report.text import say_claims
    from .study.claims import claims as test
    loaded = _load(scenario, citizens, 0, mechanism, set_, None)
    made = _pairs(loaded, citizens)
    folder = out or _default(loaded, seed, fixed)  # the folder of the run, whose report then shows the claims
    try:
        with progress_bar("claims", as_json) as tick:
            found = test(made, only=only or [], runs=runs, seed=seed, fixed=fixed, processes=processes, out=folder,
                         progress=lambda label, k, n, part: tick(k, n, k + part, label))
    except KeyboardInterrupt:
        print(f"\nStopped. What is finished is kept in {folder}; the same command goes on from there.", file=sys.stderr)
        raise typer.Exit(130) from None
    saved = {"scenario": made.name, "hash": made.hash, "runs": runs, "seed": seed, "citizens": made.place.citizens, "claims": found}
    folder.mkdir(parents=True, exist_ok=True)
    if not only:
        (folder / "claims.json").write_text(json.dumps(saved, indent=1, ensure_ascii=False), encoding="utf-8")
        if (folder / "manifest.json").exists():
            from .report.page import write_report
            write_report(folder)
    show(saved | {"out": str(folder)}, as_json, lambda: say_claims(found, loaded.file.claims_of))


@app.command()
def compare(scenario: Reference,
            with_: Annotated[list[str], typer.Option("--with", metavar="FILE|KEY=VALUE",
                                                     help="The other side: a scenario, or patches (may be repeated).")],
            from_: Annotated[datetime | None, typer.Option("--from", metavar="DATE", formats=["%Y-%m-%d"],
                                                           help="Day from which the other side's choices hold; the start if left out.")] = None,
            past: Annotated[int | None, typer.Option("--past", metavar="N", min=0,
                                                     help="Compute the days before --from once, those of future N, and branch from there.")] = None,
            runs: Annotated[int, typer.Option("--runs", min=2, help="Pairs of futures.")] = 200, citizens: Citizens = None, days: Days = None,
            seed: Seed = 1, set_: Patch = None, processes: Processes = None, out: Out = None, mechanism: Mechanisms = None, as_json: AsJson = False) -> None:
    """Compare a scenario with a patch of it, on the same luck: survival and the costs to citizens of both sides.

    Examples:

        thermidor compare iran-2025 --with adversary.intensity=0

        thermidor compare iran-2025 --with broker.exit_offer=6 --with broker.guarantee=3 --json

        thermidor compare iran-2025 --with adversary.intensity=0 --from 2025-12-01 --past 3 --runs 50
    """
    from .report.text import say_compare
    from .study.compare import is_file, pairs, parse_patch, patched
    base = _pairs(_load(scenario, citizens, 0, mechanism, set_, days), citizens)
    files = [w for w in with_ if is_file(w)]
    if len(files) > 1 or (files and len(with_) > 1):
        raise Fault("--with takes one scenario file, or any number of patches such as citizens.country=0.8, not both.")
    if files:
        other = _load(files[0], citizens, 0, mechanism, None, days)
        agents = max(base.place.citizens, other.place.fewest)
        base, other = base.sized(agents), other.sized(agents)
    else:
        other = patched(base, dict(parse_patch(w) for w in with_))
    if from_:
        other = patched(other, {"choices_from": from_.date()})
    folder = out or _default(base, seed, False)
    order = ["past", "with", "without"] if past is not None else ["with", "without"]
    try:
        with progress_bar("comparison", as_json) as tick:
            found = pairs(other, base, runs=runs, seed=seed, processes=processes, out=folder, past=past,
                          progress=lambda label, part: tick(0, len(order), order.index(label) + part, label)) | {"patch": with_}
    except KeyboardInterrupt:
        print(f"\nStopped. What is finished is kept in {folder}; the same command goes on from there.", file=sys.stderr)
        raise typer.Exit(130) from None
    show(found, as_json, lambda: say_compare(found))


@app.command()
def explain(scenario: Reference, mechanism: Mechanisms = None, set_: Patch = None,
            only: Annotated[str | None, typer.Option("--only", metavar="MECHANISM", help="One mechanism in full, with its equations.")] = None,
            as_json: AsJson = False) -> None:
    """What a scenario rests on: mechanisms, who speaks to whom, equations, the ledger of assumptions, citations.

    Examples:

        thermidor explain iran-2025

        thermidor explain iran-2025 --only citizens

        thermidor explain iran-2025 --json > ledger.json
    """
    from .ledger import explain as tell
    from .report.text import say_explain
    told = tell(_load(scenario, None, 0, mechanism, set_, None))
    names = [m["name"] for m in told["mechanisms"]]
    if only and only not in names:
        from .faults import near
        raise Fault(f"there is no mechanism '{only}' in {told['scenario']}; it has {', '.join(names)}.{near(only, names)}")
    show(told, as_json, lambda: say_explain(told, only))


@app.command()
def check(scenario: Annotated[str | None, typer.Argument(metavar="SCENARIO", help="Name or file of a scenario.")] = None,
          schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema of scenario files, for editors.")] = False,
          mechanism: Mechanisms = None, set_: Patch = None, as_json: AsJson = False) -> None:
    """Check a scenario file: every fault at once, with its line and the likely repair.

    Examples:

        thermidor check my.yaml

        thermidor check --schema > thermidor.schema.json
    """
    if schema:
        from .schema import json_schema
        print(json.dumps(json_schema(), indent=1))
        return
    if scenario is None:
        raise Fault("name a scenario to check, or use --schema.")
    made = _load(scenario, None, 0, mechanism, set_, None)
    drawn = sum(a.drawn for a in made.parameters.values())
    told = {"scenario": made.name, "hash": made.hash, "mechanisms": len(made.wiring.mechanisms), "parameters": len(made.parameters), "drawn": drawn,
            "provinces": len(made.place.ids), "claims": len(made.claims), "faults": [],
            "notes": list(made.notes)}
    show(told, as_json, lambda: print(f"{made.name} is sound: {told['mechanisms']} mechanisms, {told['parameters']} parameters ({drawn} drawn), "
                                      f"{told['provinces']} provinces, {told['claims']} claims."))


@app.command()
def report(folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder that `thermidor run` wrote.")], as_json: AsJson = False) -> None:
    """Write the report of a finished study: one HTML file that opens offline.

    Example:

        thermidor report thermidor-results/iran-2025-...
    """
    from .report.page import write_report
    path = write_report(folder)
    show({"report": str(path)}, as_json, lambda: print(path))


@app.command()
def published(models: Annotated[list[str] | None, typer.Argument(metavar="MODEL", help="Only these models; all if left out.")] = None,
              slow: Annotated[bool, typer.Option("--slow", help="The long simulations too: minutes in place of seconds.")] = False,
              as_json: AsJson = False) -> None:
    """Check the published models that are special cases of the mechanisms: what is expected, what the code gives.

    Ends with exit code 1 if any number is out of tolerance.

    Examples:

        thermidor published

        thermidor published watts --slow

        thermidor published granovetter kuran --json
    """
    from time import perf_counter

    from . import published as library
    names, rows, start = library.known(models or []), [], perf_counter()
    with progress_bar("published models", as_json) as tick:
        for k, name in enumerate(names):
            tick(k, len(names), k, name)
            rows += library.run([name], slow)
    within = sum(r["passed"] for r in rows)
    told = {"models": {n: library.title(n) for n in names}, "quantities": len(rows), "within": within, "slow": slow,
            "seconds": round(perf_counter() - start, 1), "checks": rows}

    def say() -> None:
        from .report.text import say_published
        say_published(told)
    show(told, as_json, say)
    if within < len(rows):
        raise typer.Exit(1)


app.command()(cli_history.validate)
app.command()(cli_history.calibrate)
app.command()(cli_history.panel)


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """Scenarios that come with the package."""
    from .scenariofile import bundled
    from .yamlfile import read
    rows = [{"name": n, "title": read(p)[0].get("title", ""), "file": str(p)} for n, p in bundled().items()]
    show(rows, as_json, lambda: [print(f"{r['name']:16} {r['title']}") for r in rows])


def _load(reference: str, citizens: str | None, threads: int, mechanisms: list[Path] | None, patches: list[str] | None, days: int | None) -> Any:
    from .scenario import load
    from .study.compare import parse_patch, patched
    if citizens not in (None, "full") and not citizens.replace("_", "").isdigit():
        raise Fault(f"--citizens {citizens} must be a whole number or 'full'.")
    made = load(reference, citizens=citizens if citizens in (None, "full") else int(citizens), threads=threads, mechanism_files=mechanisms or [])
    changes = dict(parse_patch(p) for p in patches or [])
    if days is not None:
        changes["days"] = days
    other = patched(made, changes)
    for note in dict.fromkeys((*made.notes, *other.notes)):
        print(f"thermidor: note: {note}", file=sys.stderr)
    return other


def _command() -> str:
    """The command as the user could type it again."""
    import shlex
    return shlex.join(["thermidor", *sys.argv[1:]])


def _pairs(scenario: Any, citizens: str | None) -> Any:
    """Comparisons need fewer agents than a run, since both sides share their luck: a fifth if none were named."""
    fewer = max(min(scenario.place.citizens, 20_000), scenario.place.fewest)
    return scenario.sized(fewer) if citizens is None else scenario


def _default(scenario: Any, seed: int, fixed: bool) -> Path:
    return Path("thermidor-results") / f"{scenario.name}-{scenario.hash[:8]}-seed{seed}{'-fixed' if fixed else ''}"


def entry() -> None:
    """Run the command line; a fault is a sentence and an exit code, never a traceback."""
    try:
        app()
    except Fault as e:
        print(f"thermidor: {e}", file=sys.stderr)
        sys.exit(e.code)
    except OSError as e:
        import errno
        what = "the disk is full" if e.errno == errno.ENOSPC else f"{e.strerror or e}{f': {e.filename}' if e.filename else ''}"
        print(f"thermidor: {what}. What is finished is kept; mend that and run the same command again.", file=sys.stderr)
        sys.exit(MachineFault.code)
    except KeyboardInterrupt:
        print("\nthermidor: stopped. What is finished is kept; the same command goes on from there.", file=sys.stderr)
        sys.exit(130)
