"""The verbs of the library, the same as those of the command line.

import thermidor as th
study = th.run("iran-2025", runs=200)
study.survival(), study.endings(), study.costs()
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .scenario.ledger import explain as _explain
from .scenario.load import load as _load
from .scenario.scenario import Scenario
from .study.claims import claims as _claims
from .study.compare import pairs, patched
from .study.ensemble import ensemble
from .study.results import Results


def load(
    scenario: str | Path | Scenario,
    *,
    citizens: int | str | None = None,
    threads: int | None = None,
    set: Mapping[str, Any] | None = None,
    mechanism_files: Sequence[str | Path] = (),
) -> Scenario:  # noqa: A002
    """A checked scenario by name or path, with parameters set from a mapping. Raises Fault with
    everything that is wrong.
    """
    if not isinstance(scenario, Scenario):
        scenario = _load(
            scenario, citizens=citizens, threads=threads or 0, mechanism_files=mechanism_files
        )
    elif citizens is not None or threads is not None:
        scenario = scenario.sized(citizens, threads)
    return patched(scenario, set or {})


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
    **options: Any,
) -> Results:
    """Many futures, as many as the scenario suggests if `runs` is left out.

    out: folder for the results, a temporary one if left out.  processes: workers; 0 computes in
    this process whatever happens there, for a debugger.  keep_failed: leave futures that failed as
    they are.  future_seconds: a future that takes longer fails.  Options are those of `load`.
    Raises NothingFinished if no future could be finished.
    """
    made = load(scenario, **options)
    out = Path(out) if out is not None else Path(tempfile.mkdtemp(prefix="thermidor-"))
    manifest = ensemble(
        made,
        runs or made.file.suggest.runs,
        seed=seed,
        fixed=fixed,
        processes=processes,
        out=out,
        keep_failed=keep_failed,
        future_seconds=future_seconds,
    )
    if manifest["status"] != "finished":
        raise KeyboardInterrupt
    return Results(out)


def compare(
    scenario: str | Path | Scenario,
    with_: Mapping[str, Any] | str | Path | Scenario,
    *,
    runs: int = 200,
    seed: int = 1,
    past: int | None = None,
    processes: int | None = None,
    out: str | Path | None = None,
    keep_failed: bool = False,
    future_seconds: float | None = None,
    **options: Any,
) -> dict[str, Any]:
    """The paired effect of a patch (a mapping) or of another scenario on survival and costs.

    A patch with `choices_from` holds from that day on. past: number of a future whose days before
    are then computed once, so that all pairs branch from it.
    """
    base = load(scenario, **options)
    other = patched(base, with_) if isinstance(with_, Mapping) else load(with_, **options)
    out = out if out is not None else tempfile.mkdtemp(prefix="thermidor-")
    return pairs(
        other,
        base,
        runs=runs,
        seed=seed,
        past=past,
        processes=processes,
        out=out,
        keep_failed=keep_failed,
        future_seconds=future_seconds,
    )


def claims(
    scenario: str | Path | Scenario,
    *,
    only: Sequence[str] = (),
    runs: int = 200,
    seed: int = 1,
    quick: bool = False,
    processes: int | None = None,
    out: str | Path | None = None,
    keep_failed: bool = False,
    future_seconds: float | None = None,
    **options: Any,
) -> list[dict[str, Any]]:
    """The claims of a scenario, each with its verdict. quick: fewer pairs and agents, for a first
    look.
    """
    made = load(scenario, **options)
    out = out if out is not None else tempfile.mkdtemp(prefix="thermidor-")
    return _claims(
        made,
        only=only,
        runs=runs,
        seed=seed,
        quick=quick,
        processes=processes,
        out=out,
        keep_failed=keep_failed,
        future_seconds=future_seconds,
    )


def explain(scenario: str | Path | Scenario, **options: Any) -> dict[str, Any]:
    """Mechanisms, wiring, equations, ledger, citations and parts of a scenario."""
    return _explain(load(scenario, **options))


def results(folder: str | Path) -> Results:
    """A finished study, read from its folder."""
    return Results(folder)
