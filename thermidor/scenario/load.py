"""Scenarios by name or file: read, checked, frozen."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from ..declaration.declare import Mechanism
from ..declaration.loading import load_files
from ..support.faults import Faults
from . import remarks
from .file.gather import gather, locate
from .machine import Machine
from .scenario import Scenario, build

MOST_ARMS = 1000  # of all claims of a file


def load(
    reference: str | Path,
    *,
    citizens: int | str | None = None,
    threads: int = 0,
    mechanism_files: Sequence[str | Path | Mechanism] = (),
) -> Scenario:
    """Read, check and freeze a scenario.

    reference: name of a scenario that comes with the package, or a path.  citizens: agents, or
    "full" for one a person; as the scenario suggests if left out.  threads: inside one future; 0
    chooses. mechanism_files: Python files with mechanisms of your own; naming them here runs them.
    Raises Fault with everything that is wrong.
    """
    source = gather(reference)
    folder = source.outlines_in or locate(reference).resolve().parent
    machine = Machine(agents=citizens, threads=threads)
    made = build(source, machine, load_files(mechanism_files), folder)
    faults, notes = Faults(source.name), [*source.notes, *remarks.inherited(made), *made.notes]
    faults += remarks.drawn(made, notes)
    if sum(len(c.arms) for c in made.claims) > MOST_ARMS:
        faults.append(
            f"{source.where(('claims',))}: the claims have more than {MOST_ARMS} arms; "
            "test them in several files."
        )
    else:
        for k, claim in enumerate(made.claims):
            faults += remarks.arms(made, claim, source.where(("claims", k)), notes)
    if faults:
        raise faults.all()
    return dataclasses.replace(made, notes=tuple(dict.fromkeys(notes)))
