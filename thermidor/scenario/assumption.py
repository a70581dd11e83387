"""A parameter as a scenario holds it: what its mechanism declares, and what the file says of it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from ..mechanism import Parameter
from ..support import numerals
from ..support.faults import near
from .file.schema import Sourced


@dataclass(frozen=True)
class Assumption:
    """A parameter as this scenario holds it: value, range, evidence, and whether it is drawn."""

    parameter: Parameter
    value: Any
    low: Any
    high: Any
    source: str | None
    grade: str
    why: str
    options: tuple[str, ...] = ()
    off: bool = False  # its mechanism is switched off on every day

    @property
    def drawn(self) -> bool:
        """Whether futures differ in it. Of what is off only facts do: they decide the first day."""
        spread = len(self.options) > 1 or (not self.parameter.options and self.low < self.high)
        live = self.parameter.fact or not self.off
        return self.parameter.role == "assumption" and spread and live


def said(a: Assumption, entry: Any, where: str, faults: list[str]) -> Assumption:
    """A parameter with what the file says of it. A bare number fixes it; a row keeps the declared
    range unless it gives one.
    """
    p = a.parameter
    bare = not isinstance(entry, Sourced)
    row = Sourced(value=entry) if bare else entry
    if row.unit is not None and row.unit != p.unit:
        faults.append(
            f"{where}: {p.key} is in '{p.unit}', not '{row.unit}'; convert the number and give the "
            "declared unit."
        )
    if row.source is None and row.grade not in (None, "judgement") and a.source is None:
        faults.append(
            f"{where}: {p.key} has grade '{row.grade}' without a source; name one of refs.bib or "
            "grade it 'judgement'."
        )
    given = _form(a, row, where, faults) if p.options else _range(a, row, bare, where, faults)
    if given is None:
        return a
    return dataclasses.replace(
        given,
        source=row.source or a.source,
        grade=row.grade or a.grade,
        why=row.why or a.why,
    )


def _form(a: Assumption, row: Sourced, where: str, faults: list[str]) -> Assumption:
    """With the forms of a structural alternative that the file gives."""
    p = a.parameter
    if row.low is not None or row.high is not None:
        faults.append(
            f"{where}: {p.key} is one of the forms {', '.join(p.options)}; it has no low and high."
        )
    options = (str(row.value),) if row.value is not None else tuple(row.among or a.options)
    for o in options:
        if o not in p.options:
            allowed = f"allowed: {', '.join(p.options)}.{near(o, p.options)}"
            faults.append(f"{where}: {p.key} = '{o}'; {allowed}")
    return dataclasses.replace(a, value=options[0], options=options)


def _range(
    a: Assumption, row: Sourced, bare: bool, where: str, faults: list[str]
) -> Assumption | None:
    """With the value and range that the file gives; None if they cannot be, for the reason added to
    the faults.
    """
    p = a.parameter
    if row.among is not None:
        faults.append(
            f"{where}: {p.key} is a number ({p.unit}); 'among' is for a choice between forms."
        )
        return None
    value = a.value if row.value is None else numerals.number(row.value)
    if isinstance(value, str):
        repair = numerals.repair(value)
        faults.append(f"{where}: {p.key} value = '{value}' must be a number ({p.unit}){repair}.")
        return None
    low, high = value, value
    if not bare:
        low = row.low if row.low is not None else min(a.low, value)
        high = row.high if row.high is not None else max(a.high, value)
    evident = row.low is not None and row.high is not None and row.source
    for word, x in (("value", value), ("low", low), ("high", high)):
        if not p.low <= x <= p.high and not evident:
            faults.append(
                f"{where}: {p.key} {word} = {x} lies outside {p.low} to {p.high} {p.unit} "
                f"({p.why}); give a number inside, or a row with low, high and source."
            )
            return None
    if not low <= value <= high:
        faults.append(f"{where}: {p.key} = {value} lies outside its own range {low} to {high}.")
        return None
    if p.log and low <= 0:
        faults.append(
            f"{where}: {p.key} low = {low}; it is drawn on a logarithmic scale and must be above 0."
        )
        return None
    return dataclasses.replace(a, value=float(value), low=float(low), high=float(high))
