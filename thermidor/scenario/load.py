"""Scenarios by name or file: read, checked, frozen."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from ..declaration.declare import Mechanism
from ..declaration.loading import load_files
from ..support.faults import Fault, Faults
from . import remarks
from .argument.argument import Argument
from .argument.argument import read as read_argument
from .argument.beliefs import held
from .argument.beliefs import read as read_beliefs
from .argument.join import joined
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
    arguments: Sequence[str | Path | Argument] | None = None,
    beliefs: str | Path | None = None,
) -> Scenario:
    """Read, check and freeze a scenario.

    reference: name of a scenario that comes with the package, or a path.  citizens: agents, or
    "full" for one a person; as the scenario suggests if left out.  threads: inside one future; 0
    chooses. mechanism_files: Python files with mechanisms of your own; naming them here runs them.
    arguments: whose claims are tested, in place of those that the file makes or names.  beliefs: a
    file of assumptions that differ. Raises Fault with everything that is wrong.
    """
    source = gather(reference)
    folder = source.outlines_in or locate(reference).resolve().parent
    machine = Machine(agents=citizens, threads=threads)
    made = build(source, machine, load_files(mechanism_files), folder)
    return combined(made, arguments, beliefs)


def combined(
    made: Scenario,
    arguments: Sequence[str | Path | Argument] | None = None,
    beliefs: str | Path | None = None,
) -> Scenario:
    """A country with beliefs, then with arguments: those that its file names if None are given."""
    notes = made.notes
    if beliefs is not None:
        source = held(made, read_beliefs(beliefs))
        try:
            made = build(source, made.machine, made.added, made.folder)
        except Fault as e:  # the country was sound before
            title = e.title.replace(made.source.name, Path(beliefs).name, 1)
            raise Fault(e.faults, title) from e
    named = made.file.arguments if arguments is None else arguments
    if named:
        find = partial(_beside, made) if arguments is None else read_argument
        read = [x if isinstance(x, Argument) else find(x) for x in named]
        source = joined(made, read, own=arguments is None)
        made = build(source, made.machine, made.added, made.folder)
    return _checked(dataclasses.replace(made, notes=tuple(dict.fromkeys((*notes, *made.notes)))))


def _beside(made: Scenario, name: str | Path) -> Argument:
    """An argument that a country file names: one beside it, or one of the package."""
    source = made.source
    path = made.folder / name if made.folder and Path(name).name == str(name) else None
    try:
        return read_argument(path if path and path.is_file() else name)
    except Fault as e:
        where = source.where(("arguments",))
        raise Fault([f"{where}: {f}" for f in e.faults] if len(e.faults) == 1 else e.faults) from e


def _checked(made: Scenario) -> Scenario:
    """The scenario with what is noted of it. Raises Fault for what only a whole one shows."""
    source = made.source
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
