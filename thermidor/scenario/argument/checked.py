"""A file checked by itself, and what is then said of it; one of the three kinds is tried on a
country that has everything.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ...support.faults import Fault
from ...wording import count
from ..file import yamlfile
from ..load import load
from ..scenario import Scenario
from ..unsaid import unsaid
from . import argument, beliefs, seen, written
from .join import HERE, UNRECORDED

TRIED_ON, AGENTS = "iran-2025", 8_000  # every mechanism runs in it


def checked(reference: str) -> dict[str, Any] | None:
    """What is in a sound file, in plain data with a sentence (`says`); None if it is a scenario.

    Raises Fault with everything that is wrong.
    """
    path = Path(reference)
    if reference in written.arguments():
        path = written.arguments()[reference]
    if path.suffix not in (".yaml", ".yml", ".json") or not path.is_file():
        return None
    kind = written.kind_of(yamlfile.read(path)[0])
    if kind == "argument":
        return _argument(path)
    if kind == "beliefs":
        held = beliefs.read(path)
        load(TRIED_ON, citizens=AGENTS, arguments=[], beliefs=path)
        n = len(held.file.assumptions)
        told = {"holder": held.file.holder, "hash": held.hash, "beliefs": n}
        what = count(n, "assumption")
        return told | {"says": f"The beliefs of {held.file.holder} are sound: {what}."}
    if kind == "seen":
        found = seen.read(path)
        n = len(found.file.observations)
        told = {"title": found.file.title, "hash": found.hash, "observations": n}
        return told | {"says": f"{path.name} is sound: {count(n, 'observation')}."}
    return None


def _argument(path: Path) -> dict[str, Any]:
    read = argument.read(path)
    made = load(TRIED_ON, citizens=AGENTS, arguments=[path])
    faults = [
        f"{made.source.where(('claims', k))}: claim {c.id}: {c.not_testable.removeprefix(HERE)}"
        for k, c in enumerate(made.claims)
        if c.not_testable and c.not_testable.startswith(HERE + UNRECORDED)
    ]
    if faults:
        raise Fault(faults, f"{path.name} has {len(faults)} faults:" if len(faults) > 1 else "")
    n = len(read.claims)
    told = {"argument": read.name, "hash": read.hash, "claims": n}
    return told | {"says": f"{read.name} is sound: {count(n, 'claim')}."}


def sound(made: Scenario) -> dict[str, Any]:
    """What is in a scenario that was found sound, in plain data with a sentence (`says`)."""
    drawn = sum(a.drawn for a in made.parameters.values())
    told: dict[str, Any] = {
        "scenario": made.name,
        "hash": made.hash,
        "mechanisms": len(made.wiring.mechanisms),
        "parameters": len(made.parameters),
        "drawn": drawn,
        "provinces": len(made.place.ids),
        "claims": len(made.claims),
        "faults": [],
        "notes": list(made.notes),
        "not_given": unsaid(made),
    }
    parts = (
        count(told["mechanisms"], "mechanism"),
        f"{count(told['parameters'], 'parameter')} ({drawn} drawn)",
        count(told["provinces"], "province"),
        count(told["claims"], "claim"),
    )
    return told | {"says": f"{made.name} is sound: {', '.join(parts)}."}
