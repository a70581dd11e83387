"""What all verbs are asked with: a scenario by name or file, pairs of futures, a folder."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .scenario.load import combined as _combined
from .scenario.load import load as _load
from .scenario.scenario import Scenario
from .study.claims import QUICK_PAIRS
from .study.patches import AGENTS_OF_PAIRS as AGENTS_OF_PAIRS
from .study.patches import fewer, patched
from .support.faults import Fault

PAIRS = 200  # of futures for a claim or a comparison


def load(
    scenario: str | Path | Scenario,
    *,
    citizens: int | str | None = None,
    threads: int | None = None,
    days: int | None = None,
    set: Mapping[str, Any] | None = None,  # noqa: A002
    mechanism_files: Sequence[str | Path] = (),
    arguments: str | Path | Sequence[str | Path] | None = None,
    beliefs: str | Path | None = None,
) -> Scenario:
    """A checked scenario by name or path. Raises Fault with everything that is wrong.

    citizens: agents, or "full" for one a person; as the scenario suggests, or 100,000, if left out.
    threads: inside one future, chosen from its size and the cores if left out.  days: to run,
    instead of the scenario's.  set: parameters, which are then not drawn.  mechanism_files: Python
    files with mechanisms of your own; naming them here runs them.  arguments: names or files of
    arguments whose claims are tested, in place of those that the scenario makes or names.  beliefs:
    file of assumptions that somebody holds to be otherwise.
    """
    named = [arguments] if isinstance(arguments, str | Path) else arguments
    if not isinstance(scenario, Scenario):
        scenario = _load(
            scenario,
            citizens=citizens,
            threads=threads or 0,
            mechanism_files=mechanism_files,
            arguments=named,
            beliefs=beliefs,
        )
    else:
        if citizens is not None or threads is not None:
            scenario = scenario.sized(citizens, threads)
        if named is not None or beliefs is not None:
            scenario = _combined(scenario, named, beliefs)
    changes = dict(set or {})
    if days is not None:
        changes["days"] = days
    return patched(scenario, changes)


def pairs_of(runs: int | None, quick: bool = False) -> int:
    """Pairs of futures for each claim, at most: as many as were asked for, or the default."""
    if quick and runs is not None:
        raise Fault("--quick chooses the number of pairs; give it or --runs, not both.")
    if runs is not None:
        return runs
    return QUICK_PAIRS if quick else PAIRS


def for_pairs(scenario: str | Path | Scenario, **options: Any) -> Scenario:
    """The scenario of claims and comparisons: as `load`, with at most 20,000 agents where neither
    `citizens` nor a scenario that is loaded already says how many.
    """
    made = load(scenario, **options)
    if isinstance(scenario, Scenario) or options.get("citizens") is not None:
        return made
    return fewer(made)


def out_folder(out: str | Path | None) -> Path:
    """The folder of results; a temporary one if none is named."""
    return Path(out if out is not None else tempfile.mkdtemp(prefix="thermidor-"))
