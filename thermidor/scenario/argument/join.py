"""A country and an argument become a scenario: roles become patches, claims the claims under test.

What a country cannot play is not testable here, and says why; nothing of it is a fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ...declaration.loading import BUILT_IN
from ...expression.parser import parse
from ...expression.tree import columns
from ...support.faults import Fault, near
from ..described import runs
from ..file.schema import Part, Test
from ..file.source import Origin, Source
from ..file.yamlfile import At
from ..scenario import Scenario
from .argument import Argument
from .roles import Country, Patch, roles
from .schema import RoleClaim

HERE = "here: "  # begins the reason of a claim that a country cannot play
UNRECORDED = "nothing is recorded of it that is called"


def joined(made: Scenario, arguments: Sequence[Argument], own: bool) -> Source:
    """The country's data with the claims and parts of these arguments.

    own: whether what the file itself claims stays, in place of claims of the same id.
    Raises Fault where two arguments share an id.
    """
    data, origin = dict(made.source.data), dict(made.source.origin)
    country = Country(
        made.parameters,
        [*made.silent],
        len(made.file.place.fronts),
        len(made.file.observed),
    )
    known = {c.name for c in runs(made.columns)}
    whole = set(BUILT_IN) <= {m.name for m in made.wiring.mechanisms}
    claims = _Rows("claims", made.source, own)
    parts = _Rows("parts", made.source, own)
    for a in arguments:
        for k, claim in enumerate(a.claims):
            claims.add(a, k, claim.id, _claim(claim, country, known))
        for k, part in enumerate(a.file.parts):
            parts.add(a, k, part.id, _part(part, made, whole))
    faults = [*claims.faults, *parts.faults]
    if faults:
        raise Fault(faults)
    origin = {at: o for at, o in origin.items() if at[:1] not in (("claims",), ("parts",))}
    for rows in (claims, parts):
        data[rows.key], found = rows.merged()
        origin |= found
    if not (own and data.get("claims_of")):
        data["claims_of"] = "; ".join(dict.fromkeys(a.file.of for a in arguments))[:200]
    out = made.source.changed(data)
    out.origin = origin
    return out


class _Rows:
    """Claims or parts of arguments, then of the file itself, with where each of them stands."""

    def __init__(self, key: str, source: Source, own: bool):
        self.key, self.source = key, source
        rows = source.data.get(key)
        self.own: list[Any] = list(rows) if own and isinstance(rows, list) else []
        self.given: dict[str, tuple[Argument, int, dict[str, Any]]] = {}
        self.faults: list[str] = []

    def add(self, a: Argument, k: int, name: str, row: dict[str, Any]) -> None:
        """A row of an argument; one that another argument has too is a fault."""
        other = self.given.get(name)
        if other and other[0] is not a:
            self.faults.append(
                f"{a.source.where((self.key, k))}: {self.key[:-1]} {name} is also one of "
                f"{other[0].name}; test the two arguments one at a time, or give it another id."
            )
        self.given[name] = (a, k, row)

    def merged(self) -> tuple[list[Any], dict[At, Origin]]:
        """The rows in order, and the place in a file that each entry came from."""
        rows: list[Any] = []
        origin: dict[At, Origin] = {}
        here = {r.get("id"): j for j, r in enumerate(self.own) if isinstance(r, dict)}
        taken: set[int] = set()
        for name, (a, k, row) in self.given.items():
            j = here.get(name)
            source, at = (a.source, k) if j is None else (self.source, j)
            origin |= _moved(source, self.key, at, len(rows))
            rows.append(row if j is None else self.own[j])
            taken |= set() if j is None else {j}
        for j, row in enumerate(self.own):
            if j not in taken:
                origin |= _moved(self.source, self.key, j, len(rows))
                rows.append(row)
        return rows, origin


def _moved(source: Source, key: str, old: int, new: int) -> dict[At, Origin]:
    """Origins of a row, as the row of another number."""
    return {(key, new, *at[2:]): o for at, o in source.origin.items() if at[:2] == (key, old)}


def _claim(claim: RoleClaim, country: Country, known: set[str]) -> dict[str, Any]:
    """A claim with the patches of its sides here, or without tests and with the reason why."""
    data = claim.model_dump(exclude_unset=True, exclude={"arms", "tests", "also"})
    patches: dict[str, Patch] = {}
    lost: dict[str, str] = {}
    for name, arm in claim.arms.items():
        why = next((w for w in (country.lacks(roles()[r]) for r in arm) if w), None)
        if why is None:
            try:
                patches[name] = country.patch(arm)
            except Fault as e:
                why = str(e)
        if why is not None:
            lost[name] = why
    whys = {id(t): _untried(t, patches, lost, country, known) for t in (*claim.tests, *claim.also)}
    decided = next((w for w in (whys[id(t)] for t in claim.tests) if w), None)
    if decided:
        return data | {"not_testable": HERE + decided}
    beside = [t for t in claim.also if not whys[id(t)]]
    untried = [f"{t.says} ({whys[id(t)]})" for t in claim.also if whys[id(t)]]
    if untried:
        note = f"Not tried here: {'; '.join(untried)}."
        data["note"] = f"{data['note']} {note}" if data.get("note") else note
    kept = {s for t in (*claim.tests, *beside) for s in (t.of, t.against)}
    return data | {
        "arms": {k: {"set": p} for k, p in patches.items() if k in kept or not lost},
        "tests": [t.model_dump(exclude_unset=True) for t in claim.tests],
        "also": [t.model_dump(exclude_unset=True) for t in beside],
    }


def _untried(
    test: Test,
    patches: Mapping[str, Patch],
    lost: Mapping[str, str],
    country: Country,
    known: set[str],
) -> str | None:
    """Why a test cannot be made here, or None."""
    sides = [s for s in (test.of, test.against) if isinstance(s, str)]
    for side in sides:
        if side in lost:
            return lost[side]
    for name in _read(test.outcome, test.given):
        if name not in known:
            return f"{UNRECORDED} '{name}'.{near(name, known)}"
    if len(sides) == 2:
        of, against = (country.moved(patches[s]) for s in sides)
        if of == against:
            return f"'{sides[0]}' and '{sides[1]}' are the same in it"
    return None


def _read(*texts: str | None) -> Iterable[str]:
    """Columns that these expressions read."""
    return dict.fromkeys(c.name for text in texts if text for c in columns(parse(text)))


def _part(part: Part, made: Scenario, whole: bool) -> dict[str, Any]:
    """A part, without what this country has no mechanism for."""
    data = part.model_dump(exclude_unset=True)
    if whole:
        return data
    tables: dict[str, Mapping[str, Any]] = {
        "states": made.wiring.states,
        "channels": made.wiring.channels,
        "parameters": made.parameters,
    }
    return data | {k: [w for w in data.get(k, ()) if w in t] for k, t in tables.items()}
