"""The command line: the same verbs as the library. Heavy imports wait until a verb needs them."""

from __future__ import annotations

import copy
import inspect
import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .. import __version__
from ..support.faults import Fault
from ..terminal.ending import Verbs, exit_after
from ..terminal.interrupt import Interrupted, stoppable
from ..terminal.options import (
    BeliefsFile,
    CommonPast,
    FromDay,
    Keep,
    Pairs,
    Reference,
    Runs,
    SeenFile,
)
from ..terminal.progress import progress
from ..terminal.show import show
from ..terminal.streams import say
from . import claims as cli_claims
from . import exports as cli_exports
from . import gather as cli_gather
from . import history as cli_history
from . import new as cli_new
from . import reading as cli_reading
from . import serve as cli_serve
from . import slurm as cli_slurm
from . import sweep as cli_sweep
from .options import PARTS, Options, shared
from .scenario import GOES_ON, command, folder_of, loaded, report_on, say_silent
from .studies import crux as cli_crux
from .studies import discover as cli_discover
from .studies import drivers as cli_drivers
from .studies import learn as cli_learn
from .studies import record as cli_record
from .studies import robust as cli_robust
from .studies import stress as cli_stress
from .studies import update as cli_update

if TYPE_CHECKING:
    from ..scenario.scenario import Scenario
    from ..study.results import Study

ASK = "Ask a scenario"
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


@app.command(rich_help_panel=ASK)
@shared()
def run(
    scenario: Reference,
    options: Options,
    runs: Runs = None,
    keep: Keep = "all",
    beliefs: BeliefsFile = None,
    seen: SeenFile = None,
) -> None:
    """Compute many futures of a scenario and answer: does the regime last, how does it end, what
    does it cost.

    The same command again goes on where it stopped; finished futures are never computed twice, and
    those that failed are tried again.

    Examples:

        thermidor run iran-2025

        thermidor run iran-2025 --runs 1000 --set adversary.intensity=0 --out no-strikes

        thermidor run iran-2025 --runs 100000 --keep runs

        thermidor run my.yaml --mechanism curfew.py --json

        thermidor run iran-2025 --runs 100000 --keep runs --out big --shard 3/200
    """
    from .. import api
    from ..scenario.argument.seen import check, read
    from ..study.expected import at_first, run_seconds
    from . import parts

    o, made = options, loaded(scenario, options, beliefs=beliefs)
    if seen:
        check(read(seen), made)
    runs = runs or made.file.suggest.runs
    folder = o.out or folder_of(made, o.seed, o.fixed, keep)
    means = parts.means(o)
    how: dict[str, Any] = {
        "runs": runs,
        "fixed": o.fixed,
        "out": folder,
        "keep": keep,
        "command": command(),
        **o.how,
    }
    if o.plan:
        parts.say_planned(api.run_plan(made, **how, **means), o.as_json)
        return
    with progress(
        f"{made.name}: {runs:,} futures",
        quiet=o.as_json,
        kept=f"What is finished is kept in {folder}. {GOES_ON}",
        expected=run_seconds(made, runs, o.processes, folder) if not means else None,
        beside=at_first(),
    ) as tick:
        study = api.run(made, **how, **means, progress=tick)
    if o.shard:
        parts.say_shard(study, o.shard, folder, o.as_json)
        return
    for sentence in (*study.mended, *study.plainly):
        say(f"thermidor: {sentence}")
    if study.status == "stopped":
        _stopped(study, made, runs, o.as_json)
    report_on(folder, seen)
    _show_study(study, made, o.as_json)
    if o.set_ and not o.as_json:
        say_silent(scenario, o, made, beliefs)


def _show_study(study: Study, scenario: Scenario, as_json: bool) -> None:
    from ..report.terminal import say_run

    show(study.to_dict(), as_json, lambda: say_run(study, scenario))


def _stopped(study: Study, scenario: Scenario, runs: int, as_json: bool) -> None:
    """What is there of a study that was stopped; then the end."""
    kept = f"{study.futures} of {runs} futures are kept in {study.path}. {GOES_ON}"
    with stoppable(kept):
        if study.futures:
            _show_study(study, scenario, as_json)
    raise Interrupted(kept)


app.command(rich_help_panel=ASK)(shared(without=("days", "threads", *PARTS))(cli_claims.claims))
app.command(rich_help_panel=ASK)(shared()(cli_sweep.sweep))


@app.command(rich_help_panel=ASK)
@shared(without=("fixed", "threads", *PARTS))
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
    options: Options,
    from_: FromDay = None,
    past: CommonPast = None,
    runs: Pairs = None,
) -> None:
    """Compare a scenario with a patch of it, on the same luck: survival and the costs to citizens
    of both sides.

    Examples:

        thermidor compare iran-2025 --with adversary.intensity=0

        thermidor compare iran-2025 --with broker.exit_offer=6 --with broker.guarantee=3 --json

        thermidor compare iran-2025 --with adversary.intensity=0 --from 2025-12-01 --past 3
    """
    from .. import api
    from ..report.terminal import say_compare
    from ..study.expected import at_first, run_seconds

    o, wanted = options, api.pairs_of(runs)
    base, other = _sides(scenario, with_, o)
    if from_:
        other = api.load(other, set={"choices_from": from_.date()})
    folder = o.out or folder_of(base, o.seed)
    kept = f"What is finished is kept in {folder}. {GOES_ON}"
    with progress(
        f"comparison: {wanted:,} pairs",
        quiet=o.as_json,
        kept=kept,
        expected=2 * run_seconds(base, wanted, o.processes, folder / "arms" / base.hash),
        beside=at_first(),
    ) as tick:
        found = api.compare(base, other, runs=wanted, past=past, out=folder, **o.how, progress=tick)
    if found.status == "stopped":
        raise Interrupted(kept)
    told = found.to_dict() | {"patch": with_}
    show(told, o.as_json, lambda: say_compare(told, found.costs))


def _sides(scenario: str, with_: list[str], o: Options) -> tuple[Scenario, Scenario]:
    """The two scenarios of a comparison, without and with."""
    from .. import api
    from ..study.patches import is_file, parse_patches

    base = loaded(scenario, o)
    base = base if o.citizens else api.fewer(base)
    files = [w for w in with_ if is_file(w)]
    if len(files) > 1 or (files and len(with_) > 1):
        raise Fault(
            "--with takes one scenario file, or any number of patches such as "
            "citizens.country=0.8, not both."
        )
    if files:
        return api.alike(base, loaded(files[0], o, patches=[]))
    return api.sides(base, parse_patches(with_, "--with"))


OF_CLAIMS = shared(without=("days", "threads", "fixed", *PARTS))
HELD_UP = shared(without=("fixed", "future_seconds", "keep_failed", *PARTS))
# the verbs as --help groups them; those above stand first
GROUPS: dict[str, tuple[Callable[..., None], ...]] = {
    "Read": (
        cli_reading.explain,
        cli_reading.outcomes,
        cli_reading.check,
        cli_reading.report,
        cli_serve.serve,
        cli_reading.list_,
    ),
    "Write your own": (cli_new.new,),
    "Ask a study": (cli_drivers.drivers, cli_discover.discover, cli_update.update),
    "Ask a claim": (
        OF_CLAIMS(cli_stress.stress),
        OF_CLAIMS(cli_crux.crux),
        OF_CLAIMS(cli_learn.learn),
    ),
    "Choose and forecast": (
        HELD_UP(cli_robust.robust),
        cli_record.seal,
        cli_record.resolve,
        cli_record.record,
    ),
    "Take away": (cli_exports.export, cli_exports.cite, cli_exports.bundle),
    "Large studies": (cli_gather.gather, cli_slurm.slurm, cli_reading.warm),
    "Against history": (
        cli_history.validate,
        cli_reading.published,
        cli_history.calibrate,
        cli_history.panel,
    ),
}
for group, verbs in GROUPS.items():
    for verb in verbs:
        name = verb.__name__.rstrip("_")
        app.command(name, rich_help_panel=group)(verb)


def entry() -> None:
    """Run the command line; a fault is a sentence and an exit code, never a traceback."""
    completing = any(k.endswith("_COMPLETE") for k in os.environ)  # a shell asks for all options
    exit_after(app if completing else of_words(sys.argv[1:]))


def of_words(words: Sequence[str]) -> typer.Typer:
    """The verbs, of which only those among the words have their options: to make the options of
    all takes a third of the time of --help.
    """
    found = copy.copy(app)
    found.registered_commands = []
    for verb in app.registered_commands:
        assert verb.callback
        name = verb.name or verb.callback.__name__
        bare = copy.copy(verb)
        bare.name, bare.help, bare.callback = name, inspect.getdoc(verb.callback), _bare
        found.registered_commands.append(verb if name in words else bare)
    return found


def _bare() -> None: ...
