"""What a scenario names must be there: parts, observed choices, claims and their arms, outlines."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from ..engine.wiring import Wiring
from ..places import Place
from ..support import names as identity
from ..support.faults import Fault, Faults, closest, near
from .assumption import Assumption
from .dictionary import runs
from .outcomes import claim_faults, column_faults, value_kinds
from .schema import Claim, ScenarioFile
from .source import Source

if TYPE_CHECKING:
    from .scenario import Scenario


def check(
    file: ScenarioFile,
    source: Source,
    wiring: Wiring,
    known: Mapping[str, Assumption],
    place: Place | None,
    faults: Faults,
) -> None:
    """Parts, observed choices and claims name things that exist."""
    faults += _observed(file, source)
    for what, key, rows in (("part", "parts", file.parts), ("claim", "claims", file.claims)):
        # the same id twice is told file by file, for a child may replace a row of its parent
        ids = {r.id: source.where((key, k)) for k, r in enumerate(rows)}
        faults += identity.faults(what, ((where, i) for i, where in ids.items()), words=True)
    faults += _parts(file, source, wiring, known)
    for k, claim in enumerate(file.claims):
        sides = ((source.where(("claims", k)), name) for name in claim.arms)
        faults += identity.faults(f"claim {claim.id}: arm", sides, words=True)
    if place is not None:
        _outcomes(file, source, wiring, known, place, faults)


def _outcomes(
    file: ScenarioFile,
    source: Source,
    wiring: Wiring,
    known: Mapping[str, Assumption],
    place: Place,
    faults: Faults,
) -> None:
    """Outcomes and conditions of claims read columns that this scenario's results will have."""
    columns = runs(wiring, place)
    faults += [f"{source.where(('place',))}: {f}" for f in column_faults(columns)]
    kinds, since = value_kinds(columns), ((file.choices_from or file.start) - file.start).days
    for k, claim in enumerate(file.claims):
        found = claim_faults(claim, kinds, known, wiring, since)
        faults += [f"{source.where(('claims', k))}: claim {claim.id} {f}" for f in found]


def _observed(file: ScenarioFile, source: Source) -> Iterable[str]:
    from ..mechanisms.ruler import ABROAD, HOME

    for k, r in enumerate(file.observed):
        names = HOME if r.track == "home" else ABROAD
        if r.choice not in names:
            allowed = f"allowed: {', '.join(names)}.{near(r.choice, names)}"
            yield f"{source.where(('observed', k))}: choice '{r.choice}' {r.track}; {allowed}"


def _parts(
    file: ScenarioFile, source: Source, wiring: Wiring, known: Mapping[str, Assumption]
) -> Iterable[str]:
    for k, part in enumerate(file.parts):
        where = source.where(("parts", k))
        for words, table in (
            (part.states, wiring.states),
            (part.channels, wiring.channels),
            (part.parameters, known),
        ):
            for w in words:
                if w not in table:
                    meant = closest(w, list(table))
                    yield f"{where}: part {part.id} names '{w}', which does not exist.{meant}"


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


def arms(made: Scenario, claim: Claim, where: str, notes: list[str]) -> list[str]:
    """What is wrong with the arms of a claim, each built as its test will build it."""
    faults, least, told = [], made.place.fewest, {}
    if claim.citizens is not None and claim.citizens < least:
        faults.append(
            f"{where}: claim {claim.id} asks for {claim.citizens} citizens; "
            f"this place needs {least}."
        )
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
