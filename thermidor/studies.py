"""The verbs that ask finished studies and claims: what moves an outcome, where it tips, what would
overturn a claim, where two people disagree, what to find out, what was seen since, which levers
hold up, and a record of sealed forecasts. The command line goes through them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from .analysis.belief.crux import Crux, unasked
from .analysis.belief.crux import crux as _crux
from .analysis.belief.kept import keep as _keep
from .analysis.belief.learn import Learning
from .analysis.belief.learn import learn as _learn
from .analysis.belief.mixed import mixed
from .analysis.belief.stress import Stress
from .analysis.belief.stress import stress as _stress
from .asking import for_pairs, out_folder, pairs_of
from .execution.progress import Watch
from .scenario.scenario import Scenario
from .study.plan import RunPlan
from .study.results import Study

if TYPE_CHECKING:
    from .analysis.levers.robust import Robust, Wanted
    from .analysis.moves.drivers import Drivers
    from .analysis.tips.discover import Discovery
    from .analysis.updating.update import Update

Found = TypeVar("Found", Stress, Learning, Crux)
COUNTRY = "iran-2025"  # whose claims are weighed if no country is named


def stress(
    claim: str,
    scenario: str | Path | Scenario = COUNTRY,
    *,
    red_team: bool = False,
    command: str | None = None,
    progress: Watch | None = None,
    **options: Any,
) -> Stress:
    """The least change of belief that turns the verdict on a claim: in one assumption, in a pair,
    in all that rests on one source.

    red_team: look for the most ordinary future in which it fails as well. The rest is as for
    `claims`: `runs`, `seed`, `processes`, `out`, and the options of `load`. What is found is kept
    in `out`, with the command that gives it again, if one is named.
    """
    plan = _pairs_plan(scenario, options)
    found = _stress(plan, claim, red_team=red_team, progress=progress)
    return _kept(found, plan.folder, f"stress-{claim}", command)


def learn(
    claim: str,
    scenario: str | Path | Scenario = COUNTRY,
    *,
    command: str | None = None,
    progress: Watch | None = None,
    **options: Any,
) -> Learning:
    """What it would be worth to find out on a claim: each assumption, each source. Options are
    those of `stress`.
    """
    plan = _pairs_plan(scenario, options)
    found = _learn(plan, claim, progress=progress)
    return _kept(found, plan.folder, f"learn-{claim}", command)


def crux(
    a: str | Path,
    b: str | Path,
    claim: str,
    scenario: str | Path = COUNTRY,
    *,
    within: int = 30,
    command: str | None = None,
    progress: Watch | None = None,
    **options: Any,
) -> Crux:
    """Which beliefs of two files part their answers on a claim, which observation within so many
    days would tell whose hold, and how much of the gap giving one the other's closes. Options are
    those of `stress`.
    """
    load_options = {k: v for k, v in options.items() if k not in _PLANNED}
    plan = _pairs_plan(scenario, options)

    def build(beliefs: Path | None) -> Scenario:
        return for_pairs(scenario, **(load_options | {"beliefs": beliefs}))

    two = mixed(Path(a), Path(b), build, plan.folder / "beliefs", unasked(plan, claim, within))
    found = _crux(plan, two, claim, within=within, progress=progress)
    name = f"crux-{claim}-{Path(a).stem}-{Path(b).stem}"
    return _kept(found, plan.folder, name, command)


def _kept(found: Found, folder: Path, name: str, command: str | None) -> Found:
    """What was found, once its files are written."""
    told = found.to_dict() | {"command": command}
    _keep(folder, name, told, found.rows(), found.picture())
    return found


_PLANNED = ("runs", "seed", "fixed", "processes", "out", "keep_failed", "future_seconds")


def _pairs_plan(scenario: str | Path | Scenario, options: Mapping[str, Any]) -> RunPlan:
    """The pairs of a claim that is to be weighed, by the options of `claims`."""
    how = {k: options[k] for k in _PLANNED if k in options}
    made = for_pairs(scenario, **{k: v for k, v in options.items() if k not in _PLANNED})
    return RunPlan(made, pairs_of(how.pop("runs", None)), out_folder(how.pop("out", None)), **how)


def update(study: Study | str | Path, seen: str | Path, **options: Any) -> Update:
    """A study conditioned on a file of dated observations: what it says now beside what it said.

    Options are those of `analysis.updating.update.update`: known_by, outcomes, branch, scenario.
    """
    from .analysis.updating.update import update as _update

    return _update(study if isinstance(study, Study) else Study(study), seen, **options)


def robust(
    scenario: str | Path | Scenario,
    ask: Wanted | None = None,
    *,
    seed: int = 1,
    processes: int | None = None,
    out: str | Path | None = None,
    command: str | None = None,
    progress: Watch | None = None,
    **options: Any,
) -> Robust:
    """Which levers of outsiders and of society hold up, by regret and in the worst tenth.

    ask: levers, outcome and how much is searched; all open levers and what citizens' lives cost if
    left out. Options are those of `load`. What is found is kept in `out`, with the command that
    gives it again, if one is named. Needs `pip install 'thermidor[studies]'`.
    """
    from .analysis.levers.robust import Wanted
    from .analysis.levers.robust import robust as _robust

    made = for_pairs(scenario, **options)
    plan = RunPlan(made, 1, out_folder(out), seed=seed, processes=processes)
    return _robust(plan, ask or Wanted(), command=command, progress=progress)


def seal(
    claim: str, study: Study | str | Path, by: dt.date, record: str | Path, **options: Any
) -> dict[str, Any]:
    """Write a dated forecast of a claim into a record; its line.

    Options are those of `analysis.record.seal.seal`: name, sentence, late.
    """
    from .analysis.record.seal import seal as _seal

    made = study if isinstance(study, Study) else Study(study)
    return _seal(record, claim, made, by, **options)[1]


def resolve(name: str, record: str | Path, **options: Any) -> dict[str, Any]:
    """Write into a record what became of a forecast; its line.

    Options are those of `analysis.record.seal.resolve`: seen, ending, outcome, because.
    """
    from .analysis.record.seal import resolve as _resolve

    return _resolve(record, name, **options)[1]


def record(path: str | Path) -> dict[str, Any]:
    """The scores of a record: Brier, log, calibration; void and open ones counted."""
    from .analysis.record.book import read
    from .analysis.record.score import scored

    return scored(read(Path(path)))


def drivers(
    study: Study | str | Path,
    outcome: str | None = None,
    *,
    over_time: bool = False,
    out: str | Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Drivers:
    """What moves an outcome of a study: survival, or an expression over the columns of `runs`.

    over_time: by day as well; the outcome is then a daily series, or staying in power.  out: folder
    for its tables and pictures; none are written if left out.  progress: is called with the days
    that are done, and how many there will be.
    """
    from .analysis.moves.drivers import drivers as moved
    from .analysis.moves.written import write

    read = study if isinstance(study, Study) else Study(study)
    found = moved(read, outcome, over_time=over_time, tick=progress or (lambda done, of: None))
    if out is not None:
        write(found, Path(out))
    return found


def discover(
    study: Study | str | Path,
    outcome: str,
    *,
    out: str | Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Discovery:
    """Where a condition on futures tips: limits on at most three assumptions, and what to watch.

    out: folder for its tables and pictures; none are written if left out.  progress: is called with
    the boxes that were tried, and how many there will be.
    """
    from .analysis.tips.discover import discover as tips
    from .analysis.tips.written import write

    read = study if isinstance(study, Study) else Study(study)
    found = tips(read, outcome, tick=progress or (lambda done, of: None))
    if out is not None:
        write(found, Path(out))
    return found
