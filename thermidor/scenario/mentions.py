"""What a scenario names must be there: parts, observed choices, claims and their arms, outlines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..engine.columns import Columns
from ..engine.wiring import Wiring
from ..places import Place
from ..support import names as identity
from ..support.faults import Faults, closest
from .assumption import Assumption
from .described import runs
from .file.schema import Claim, Part, ScenarioFile
from .file.source import Source
from .outcomes import claim_faults, column_faults, value_kinds


def check(
    file: ScenarioFile,
    source: Source,
    wiring: Wiring,
    known: Mapping[str, Assumption],
    place: Place | None,
    faults: Faults,
) -> None:
    """Parts, observed choices and claims name things that exist."""
    given = Given(file, {k: a.value for k, a in known.items()}, place)
    faults += _asked(given, source, wiring)
    named: tuple[tuple[str, str, Sequence[Part | Claim]], ...] = (
        ("part", "parts", file.parts),
        ("claim", "claims", file.claims),
    )
    for what, key, rows in named:
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
    columns = runs(Columns(wiring, place.axes))
    faults += [f"{source.where(('place',))}: {f}" for f in column_faults(columns)]
    kinds, since = value_kinds(columns), ((file.choices_from or file.start) - file.start).days
    for k, claim in enumerate(file.claims):
        found = claim_faults(claim, kinds, known, wiring, since)
        faults += [f"{source.where(('claims', k))}: claim {claim.id} {f}" for f in found]


@dataclass(frozen=True)
class Given:
    """What a mechanism's own checks look at.

    file: the scenario file.  parameters: their values by key.  place: None if it cannot be made.
    """

    file: ScenarioFile
    parameters: Mapping[str, Any]
    place: Place | None


def _asked(given: Given, source: Source, wiring: Wiring) -> Iterable[str]:
    """What the mechanisms find wrong with the file, each by the checks that it brings along."""
    for m in wiring.mechanisms:
        for check in m.checks:
            for path, sentence in check(given):
                yield f"{source.where(path)}: {sentence}"


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
