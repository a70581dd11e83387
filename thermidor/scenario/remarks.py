"""What is noted, or found wrong, once a scenario is built: outlines, facts of another country, arms
of claims.
"""

from __future__ import annotations

import dataclasses

from ..support.faults import Fault
from .file.schema import Claim
from .scenario import Scenario


def inherited(made: Scenario) -> list[str]:
    """That a place of its own lives by the facts of another."""
    source = made.source
    level = source.level("place", "provinces")
    facts = [
        k
        for k, a in made.parameters.items()
        if a.parameter.fact
        and k in made.file.assumptions
        and source.level("assumptions", k) > level
    ]
    if not facts:
        return []
    of = source.file("assumptions", facts[0])
    return [
        f"The provinces are those of {source.file('place', 'provinces')}, but {len(facts)} "
        f"facts of the country are still those of {of}, such as {', '.join(facts[:3])}; "
        "give your own, or see them with 'thermidor explain'."
    ]


def drawn(made: Scenario, notes: list[str]) -> list[str]:
    """What is wrong with the outlines, and a note on those that are missing."""
    try:
        outlines = made.outlines
    except Fault as e:
        return [f"{made.source.where(('place', 'outlines'))}: {f}" for f in e.faults]
    notes += outlines.notes() if outlines else []
    return []


def _of_this_place(made: Scenario, k: int) -> bool:
    """Whether a claim was written with the place in sight: not in a parent for another, and not in
    an argument.
    """
    source = made.source
    level = source.level("claims", k)
    own = level > 0 or source.file("claims", k) == source.name
    return own and level <= source.level("place", "provinces")


def arms(made: Scenario, claim: Claim, where: str, notes: list[str]) -> list[str]:
    """What is wrong with the arms of a claim, each built as its test will build it."""
    faults: list[str] = []
    told: dict[str, list[str]] = {}
    least = made.place.fewest
    if claim.citizens is not None and claim.citizens < least:
        asks = f"claim {claim.id} asks for {claim.citizens} citizens; this place needs {least}"
        if _of_this_place(made, made.claims.index(claim)):
            faults.append(f"{where}: {asks}.")
        else:
            notes.append(f"{asks}, which it gets.")
    data = {k: v for k, v in made.source.data.items() if k not in ("claims", "parts")}
    small = dataclasses.replace(made, source=made.source.changed(data))
    for name, arm in claim.arms.items():
        try:
            built = small.patched(arm.set, arm.switched_off, arm.days or claim.days)
        except Fault as e:
            faults += [f"{where}: claim {claim.id}, arm '{name}': {f}" for f in e.faults]
        else:
            for note in built.notes:
                if note not in made.notes:
                    told.setdefault(note, []).append(name)
    for note, arms in told.items():
        which = f"{'arms' if len(arms) > 1 else 'arm'} {', '.join(arms)}"
        notes.append(f"Claim {claim.id}, {which}: {note}")
    return faults
