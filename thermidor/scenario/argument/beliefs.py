"""Beliefs: where somebody holds the world to be otherwise than the ledger has it, and why."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...support.faults import Fault, Faults, closest
from ..assumption import Assumption
from ..file.schema import Sourced
from ..file.source import Source
from ..scenario import Scenario
from . import written
from .schema import BeliefsFile


@dataclass(frozen=True)
class Beliefs:
    """Assumptions as their holder sees them; equal hashes say the same."""

    file: BeliefsFile
    source: Source

    @property
    def hash(self) -> str:
        """A fingerprint of everything that the file says."""
        return written.fingerprint(self.file)


def read(path: str | Path) -> Beliefs:
    """Beliefs by the path of their file. Raises Fault with what is wrong in any country."""
    path = Path(path)
    if not path.is_file():
        raise Fault(
            f"there is no beliefs file {path}; 'thermidor new --beliefs HOLDER' writes one."
        )
    file, source, faults = written.read(BeliefsFile, "beliefs", path)
    for key, entry in file.assumptions.items():
        if not isinstance(entry, Sourced) or not entry.why:
            bare = not isinstance(entry, Sourced)
            write = f"write {{value: {entry}, why: ...}}" if bare else "add 'why: ...' to it"
            faults.append(
                f"{source.where(('assumptions', key))}: the belief about {key} has no reason; "
                f"{write}."
            )
    if not file.assumptions and not faults:
        faults.append(
            f"{source.where(('assumptions',))}: nothing is believed; give a parameter with its "
            "value and why, as 'thermidor explain COUNTRY' lists them."
        )
    if faults:
        raise faults.all()
    return Beliefs(file, source)


def held(made: Scenario, beliefs: Beliefs) -> Source:
    """The country's data with these beliefs in place of its own assumptions.

    What a belief leaves out of its range stays as the country has it. Raises Fault.
    """
    faults = Faults(beliefs.source.name)
    data, at = dict(made.source.data), {}
    rows = dict(data.get("assumptions") or {})
    for key, entry in beliefs.file.assumptions.items():
        where = beliefs.source.where(("assumptions", key))
        a = made.parameters.get(key)
        if a is None:
            faults.append(
                f"{where}: there is no parameter '{key}'.{closest(key, list(made.parameters))}"
            )
        elif a.parameter.role == "choice":
            by = "society" if a.parameter.actor == "society" else f"the {a.parameter.actor}"
            faults.append(
                f"{where}: {key} is a choice, made by {by}, and beliefs are about how the world "
                f"works; turn it in an argument, or with --set {key}=..."
            )
        else:
            rows[key] = _row(a, entry)
            at["assumptions", key] = beliefs.source.origin.get(("assumptions", key))
    if faults:
        raise faults.all()
    data["assumptions"] = rows
    out = made.source.changed(data)
    out.origin = {k: o for k, o in made.source.origin.items() if k[:2] not in at}
    out.origin |= {k: o for k, o in at.items() if o}
    out.notes = [*out.notes, *idle(made, beliefs)]
    return out


def idle(made: Scenario, beliefs: Beliefs) -> list[str]:
    """Beliefs that move nothing in a country, since their mechanism is switched off there."""
    return [
        f"{beliefs.source.where(('assumptions', key))}: the belief about {key} moves nothing in "
        f"{made.name}, where {a.parameter.mechanism} is switched off."
        for key in beliefs.file.assumptions
        if (a := made.parameters.get(key)) and a.off and not a.parameter.fact
    ]


def _row(a: Assumption, entry: Any) -> dict[str, Any]:
    """A belief as a row of the file, its range filled in with what the country has."""
    row: dict[str, Any] = entry.model_dump(exclude_none=True)
    if a.parameter.options:
        return row
    value = row.setdefault("value", a.value)
    if isinstance(value, (int, float)):
        row.setdefault("low", min(a.low, value))
        row.setdefault("high", max(a.high, value))
    return row
