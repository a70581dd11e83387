"""The verbs of the library. The command line goes through them, with the same defaults.

import thermidor as th
study = th.run("iran-2025", runs=200)
study.survival(), study.endings(), study.costs()
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, overload

from .asking import PAIRS, out_folder
from .asking import fewer as fewer
from .asking import for_pairs as for_pairs
from .asking import load as load
from .asking import pairs_of as pairs_of
from .execution.progress import Watch, as_part
from .scenario.described import runs as _columns
from .scenario.ledger import explain as _explain
from .scenario.outcomes import expression_faults, value_kinds
from .scenario.scenario import Scenario
from .study.claims import Claims
from .study.claims import claims as _claims
from .study.compare import Comparison, pairs
from .study.design import design as _design
from .study.design.over import every
from .study.design.over import notes as _notes
from .study.design.over import parse as _over
from .study.design.sweep import Sweep
from .study.ensemble import ensemble
from .study.matrix.matrix import Asked, Block, Matrix, block
from .study.patches import patched
from .study.plan import RunPlan
from .study.results import Study
from .study.store import shards as _shards
from .study.store.folder import refuse_links
from .support.faults import Fault, near

EACH = 20  # futures at each point of a design
# of a plan, whatever is computed
MEANS = ("processes", "keep_failed", "future_seconds", "command", "engine", "address", "shard")


def run(
    scenario: str | Path | Scenario,
    *,
    runs: int | None = None,
    seed: int = 1,
    fixed: bool = False,
    processes: int | None = None,
    out: str | Path | None = None,
    keep_failed: bool = False,
    future_seconds: float | None = None,
    keep: str = "all",
    progress: Watch | None = None,
    command: str | None = None,
    **options: Any,
) -> Study:
    """Many futures: 200, or as many as the scenario suggests, if `runs` is left out.

    seed: of all chance.  fixed: hold every assumption at its value.  processes: workers, as many as
    there are cores if left out; 0 computes in this process whatever happens there, for a debugger.
    out: folder for the results, a temporary one if left out; the same call goes on from what is
    there.  keep_failed: leave futures that failed as they are.  future_seconds: a future that takes
    longer fails.  keep: "runs" keeps the table of runs only, "series" also daily series and events,
    "all" every table.  progress: is called with a `Progress` now and then.  command: kept in the
    manifest.  Options are those of `load`, and engine: "ray" computes on a Ray cluster (address: of
    one that is there); shard: "3/200" computes that part into a folder of its own in `out`, which
    `gather` joins with the others.

    On Ctrl-C what is finished is kept, and the study's `status` is "stopped". Raises
    NothingFinished if no future could be finished.
    """
    plan = run_plan(
        scenario,
        runs=runs,
        seed=seed,
        fixed=fixed,
        processes=processes,
        out=out,
        keep_failed=keep_failed,
        future_seconds=future_seconds,
        keep=keep,
        command=command,
        **options,
    )
    return ensemble(plan, progress=progress)


def run_plan(
    scenario: str | Path | Scenario,
    *,
    runs: int | None = None,
    seed: int = 1,
    fixed: bool = False,
    out: str | Path | None = None,
    keep: str = "all",
    **options: Any,
) -> RunPlan:
    """What `run` computes, without computing it."""
    means = {k: options.pop(k) for k in MEANS if k in options}
    made = load(scenario, **options)
    count = made.file.suggest.runs if runs is None else runs
    plan = RunPlan(made, count, out_folder(out), seed=seed, fixed=fixed, keep=keep)
    return _by(plan, means)


def sweep(
    scenario: str | Path | Scenario,
    over: Mapping[str, Any] | Sequence[str] = (),
    *,
    design: str = "full",
    points: int | None = None,
    runs: int = EACH,
    seed: int = 1,
    fixed: bool = False,
    outcomes: Sequence[str] = (),
    out: str | Path | None = None,
    keep: str | None = None,
    progress: Watch | None = None,
    **options: Any,
) -> Sweep:
    """A scenario varied over the points of a design, with `runs` futures at each on common luck.

    over: parameters with their values or ranges, {"broker.pressure": [0, 0.5, 1]} or as on the
    command line ["broker.pressure=0:1:11"].  design: "full" (all combinations), "one-at-a-time",
    "lhs" and "sobol", which draw `points` points, or "saltelli", `points` blocks for first-order
    and total shares: over all drawn assumptions if `over` is left out.  outcomes: columns of runs
    or expressions over them; survival, coups, turnout and all costs if left out.  keep: "series" if
    left out, so that costs are counted over the same days at all points; "runs" of "saltelli". The
    rest is as for `run`; a scenario by name or path has 20,000 agents unless `citizens` says
    otherwise.
    """
    plan = sweep_plan(
        scenario,
        over,
        design=design,
        points=points,
        runs=runs,
        seed=seed,
        fixed=fixed,
        out=out,
        keep=keep,
        **options,
    )
    return computed(plan, outcomes, progress)


def computed(plan: RunPlan, outcomes: Sequence[str] = (), progress: Watch | None = None) -> Sweep:
    """The futures of a plan of `sweep_plan`, computed. Raises Fault for outcomes that no future
    has, before anything is.
    """
    known = value_kinds(_columns(plan.scenario.columns)) if outcomes else {}
    faults = [
        "--outcome " + f.removeprefix("has the outcome ")
        for o in outcomes
        for f in expression_faults(o, known)
    ]
    if faults:
        raise Fault(faults)
    ensemble(plan, progress=progress)
    return Sweep(plan.folder, outcomes, sweep_notes(plan))


def sweep_plan(
    scenario: str | Path | Scenario,
    over: Mapping[str, Any] | Sequence[str],
    *,
    design: str = "full",
    points: int | None = None,
    runs: int = EACH,
    seed: int = 1,
    fixed: bool = False,
    out: str | Path | None = None,
    keep: str | None = None,
    **options: Any,
) -> RunPlan:
    """What `sweep` computes, without computing it.  held: keys that were set before."""
    means = {k: options.pop(k) for k in MEANS if k in options}
    held = {*options.pop("held", ()), *(options.get("set") or {})}
    made = for_pairs(scenario, **options)
    if isinstance(over, Mapping):
        over = [f"{k}={_listed(v)}" for k, v in over.items()]
    every_one = design == _design.SALTELLI and not over
    varied = every(made) if every_one else _over(over, made, held)
    drawn = _design.design(design, varied, points, runs, seed)
    plan = RunPlan(
        made,
        runs * len(drawn),
        out_folder(out),
        seed=seed,
        fixed=fixed,
        keep=keep or drawn.keeps,
        design=drawn,
    )
    return _by(plan, means)


def sweep_notes(plan: RunPlan) -> list[str]:
    """What to say of a design before it is computed: how much it is where that is not plain, and
    where it leaves what the ledger defends.
    """
    if not plan.design:
        return []
    return [*plan.design.size(plan.runs), *_notes(plan.design.over, plan.scenario)]


def gather(folder: str | Path) -> Study | Sweep:
    """Join the shards in a folder into one study. Raises Fault, which names each shard that is
    missing, not whole or of another study, and changes nothing then.
    """
    path = Path(folder)
    manifest = _shards.gather(path)
    return Sweep(path) if manifest.get("sweep") else Study(path)


def _by(plan: RunPlan, means: Mapping[str, Any]) -> RunPlan:
    """A plan by other means: on another engine, or one part of it into a folder of its own."""
    given = dict(means)
    shard = given.pop("shard", None)
    return in_shard(plan.of(plan.scenario, **given), shard)


def in_shard(plan: RunPlan, shard: Any) -> RunPlan:
    """One part of a plan, such as "3/200", into a folder of its own; all of it if it is None."""
    if shard is None:
        return plan
    part = _shards.parse(str(shard), plan.runs)
    refuse_links(plan.folder, (_shards.SHARDS,))
    return plan.of(plan.scenario, shard=part, folder=plan.folder / _shards.SHARDS / part.name)


def _listed(values: Any) -> str:
    """Values of one parameter as the command line writes them."""
    return values if isinstance(values, str) else ",".join(str(v) for v in values)


def compare(
    scenario: str | Path | Scenario,
    with_: Mapping[str, Any] | str | Path | Scenario,
    *,
    runs: int = PAIRS,
    seed: int = 1,
    past: int | None = None,
    processes: int | None = None,
    out: str | Path | None = None,
    keep_failed: bool = False,
    future_seconds: float | None = None,
    progress: Watch | None = None,
    **options: Any,
) -> Comparison:
    """The paired effect of a patch (a mapping) or of another scenario on survival and costs.

    A patch with `choices_from` holds from that day on. past: number of a future whose days before
    are then computed once, so that all pairs branch from it. A scenario by name or path has 20,000
    agents unless `citizens` says otherwise. The rest is as for `run`; options are those of `load`,
    of which `set` holds for the first scenario.
    """
    base, other = sides(scenario, with_, **options)
    plan = RunPlan(
        other,
        runs,
        out_folder(out),
        seed=seed,
        processes=processes,
        keep_failed=keep_failed,
        future_seconds=future_seconds,
    )
    return pairs(plan, base, past=past, progress=progress)


@overload
def claims(scenario: str | Path | Scenario, **options: Any) -> Claims: ...


@overload
def claims(
    scenario: list[str] | list[Path] | list[str | Path] | tuple[str | Path, ...], **options: Any
) -> Matrix: ...


def claims(
    scenario: str | Path | Scenario | Sequence[str | Path],
    *,
    only: Sequence[str] = (),
    runs: int | None = None,
    seed: int = 1,
    fixed: bool = False,
    quick: bool = False,
    processes: int | None = None,
    out: str | Path | None = None,
    keep_failed: bool = False,
    future_seconds: float | None = None,
    progress: Watch | None = None,
    **options: Any,
) -> Claims | Matrix:
    """The claims of a scenario, each with its verdict, from 200 pairs of futures if `runs` is left
    out; of a list of countries a matrix of verdicts.

    only: ids of some claims.  quick: fewer pairs and agents, for a first look. A scenario by name
    or path has 20,000 agents unless `citizens` says otherwise. The rest is as for `run`; options
    are those of `load`: `arguments` names whose claims are tested. All claims tested in full are
    kept in `out` as claims.json, which a report of that folder tells.

    A list gives a `Matrix`: each country with each argument by itself, kept in `out` as Parquet,
    CSV, JSON and a page.
    """
    how: dict[str, Any] = {
        "only": only,
        "runs": runs,
        "seed": seed,
        "fixed": fixed,
        "quick": quick,
        "processes": processes,
        "keep_failed": keep_failed,
        "future_seconds": future_seconds,
        "progress": progress,
    }
    if isinstance(scenario, list | tuple):
        return _matrix(scenario, out_folder(out), how, options)
    assert isinstance(scenario, str | Path | Scenario)
    return _of_one(for_pairs(scenario, **options), out_folder(out), how)


def _of_one(made: Scenario, folder: Path, how: Mapping[str, Any]) -> Claims:
    """The verdicts on the claims of a scenario."""
    rest = dict(how)
    only, quick, progress = (rest.pop(k) for k in ("only", "quick", "progress"))
    plan = RunPlan(made, pairs_of(rest.pop("runs"), quick), folder, **rest)
    return _claims(plan, only=only, quick=quick, progress=progress)


def _matrix(
    countries: Sequence[str | Path], out: Path, how: Mapping[str, Any], options: Mapping[str, Any]
) -> Matrix:
    """Each country with each argument, or its own; raises Fault for all that is wrong first."""
    rest = dict(options)
    named = rest.pop("arguments", None)
    given = [named] if isinstance(named, str | Path) else named
    wanted = [None] if given is None else list(dict.fromkeys(given))
    pairs = [(c, a) for c in dict.fromkeys(countries) for a in wanted]
    made, faults = [], []
    called: dict[str, str | Path] = {}
    for country, argument in pairs:
        asked = Asked(
            str(country),
            None if argument is None else str(argument),
            None if options.get("beliefs") is None else str(options["beliefs"]),
            how["runs"],
            how["quick"],
            how["seed"],
            how["fixed"],
            options.get("citizens"),
            options.get("set") or {},
            options.get("mechanism_files") or (),
        )
        try:
            scenario = for_pairs(country, arguments=argument, **rest)
            if not scenario.claims:
                raise Fault(
                    f"{scenario.name} makes no claims; name an argument with --argument, such as "
                    "sanctions-work."
                )
            other = called.setdefault(scenario.name, country)
            if other != country:
                raise Fault(
                    f"{other} and {country} are both called '{scenario.name}'; give one of them "
                    "another name."
                )
            made.append((asked, scenario))
        except Fault as e:
            faults += [f for f in e.faults if f not in faults]
    known = [c.id for _, s in made for c in s.claims]
    faults += [
        f"there is no claim '{c}'; there are {', '.join(dict.fromkeys(known))}.{near(c, known)}"
        for c in how["only"]
        if made and c not in known
    ]
    if faults:
        raise Fault(faults)
    blocks: list[Block] = []
    for k, (asked, scenario) in enumerate(made):
        mine = [c for c in how["only"] if c in [x.id for x in scenario.claims]]
        if how["only"] and not mine:
            continue
        step = dict(how) | {
            "only": mine,
            "progress": as_part(how["progress"], scenario.name, k, len(made)),
        }
        folder = out / study_folder(scenario, how["seed"], how["fixed"])
        found = _of_one(scenario, folder, step)
        if found.status == "stopped":
            return Matrix(tuple(blocks), out, "stopped")
        own = ", ".join(Path(a).stem for a in scenario.file.arguments) or scenario.name
        name = Path(asked.argument).stem if asked.argument else own
        blocks.append(block(scenario, found, asked, name))
    result = Matrix(tuple(blocks), out)
    result.write()
    return result


def study_folder(scenario: Scenario, seed: int, fixed: bool = False) -> str:
    """The folder of a scenario's futures among others."""
    return f"{scenario.name}-{scenario.hash[:8]}-seed{seed}{'-fixed' if fixed else ''}"


def sides(
    scenario: str | Path | Scenario,
    with_: Mapping[str, Any] | str | Path | Scenario,
    **options: Any,
) -> tuple[Scenario, Scenario]:
    """The two scenarios of a comparison, without and with."""
    base = for_pairs(scenario, **options)
    if isinstance(with_, Mapping):
        return base, patched(base, with_)
    other = load(with_, **(options | {"set": None}))
    return (base, other) if isinstance(with_, Scenario) else alike(base, other)


def alike(base: Scenario, other: Scenario) -> tuple[Scenario, Scenario]:
    """Both with as many agents as the first, or as few as the place of the other allows."""
    agents = max(base.place.citizens, other.place.fewest)
    return base.sized(agents), other.sized(agents)


def new(
    country: str,
    date: dt.date | str | None = None,
    *,
    regime: str | None = None,
    population: float | None = None,
    panel: str | Path | None = None,
    uprising: bool | None = None,
    ring: bool = False,
    out: str | Path | None = None,
    force: bool = False,
) -> Path:
    """Write a country file that runs at once; its path.

    country: name in English or ISO code.  date: its first day, 16 June 2025 if left out.  regime:
    type, where the tables have another or none.  population: persons, likewise.  panel: the user's
    own, from `thermidor panel`.  uprising: whether one begins on the first day; as of the past
    cases if left out.  ring: six provinces in a ring, as on the score board, in place of the
    country's own.  out: the file, such as blr-2020.yaml in this folder if left out.  force: write
    over a file that is there.

    Raises Fault for a country or a day of which too little is known.
    """
    from .country.data import name
    from .country.new import new as text
    from .country.new import write
    from .history.tables.covariates import Panel
    from .history.tables.on_a_day import known

    try:
        day = dt.date.fromisoformat(date) if isinstance(date, str) else date
    except ValueError as e:
        raise Fault(f"date = '{date}' must be a day such as 2020-08-09.") from e
    found = known(
        country,
        day,
        regime=regime,
        population=population,
        panel=Panel(panel) if panel is not None else None,
        onset=uprising,
    )
    asked = {
        "--date": found.covariates.onset,
        "--regime": regime,
        "--population": population and round(population),
        "--panel": panel and Path(panel).name,
    }
    words = [f"{k} {v}" for k, v in asked.items() if v is not None]
    words += ["--uprising" if uprising else "--no-uprising"] if uprising is not None else []
    words += ["--ring"] if ring else []
    written = text(found, real=not ring, command=" ".join(["thermidor new", found.state, *words]))
    return write(name(found), Path(out) if out is not None else None, written, force)


def explain(scenario: str | Path | Scenario, **options: Any) -> dict[str, Any]:
    """Mechanisms, wiring, equations, ledger, citations and parts of a scenario."""
    return _explain(load(scenario, **options))


def results(folder: str | Path) -> Study:
    """A study, finished or not, read from its folder."""
    return Study(folder)


def write_report(study: Study | str | Path, seen: str | Path | None = None) -> Path:
    """Write the report of a study, one HTML file that opens offline; its path.

    seen: file of observations, which are kept with the study and laid beside its futures.
    """
    from .report.page import write_report as write
    from .report.seen import keep_seen

    folder = study.path if isinstance(study, Study) else Path(study)
    if seen is not None:
        keep_seen(folder, seen)
    return write(folder)
