"""A parameter: one number of the model with its default, its range, its unit and its evidence."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..support.faults import near

# The median autocracy of 1946 to 2020: persons; gross domestic product, USD million a year.
MEDIAN = {"residents": 8.7e6, "income": 15_700.0}
GRADES = ("measured", "several studies", "one study", "analogy", "judgement")


@dataclass(frozen=True)
class Parameter:
    """One number of the model: its default, its range, its unit, what it says, and on what it
    rests.
    """

    mechanism: str
    name: str
    default: Any
    low: Any
    high: Any
    unit: str
    why: str
    source: str | None
    grade: str
    role: str  # "assumption" (how the world works) or "choice" (what an actor decides)
    actor: str | None = None  # who decides, for a choice
    options: tuple[str, ...] = ()
    log: bool = False
    fact: bool = False  # of the country or the day: drawn only where a scenario gives a range
    per: str | None = None  # "residents" or "income": what the default grows with

    @property
    def key(self) -> str:
        return f"{self.mechanism}.{self.name}"

    @property
    def switch(self) -> bool:
        """Whether it is no (0) or yes (1)."""
        return self.unit == "0 or 1" and not self.options


def _declared(default: Any, **what: Any) -> Any:
    """A field of a parameter sheet, with what `Parameter` holds besides."""
    return dataclasses.field(default=default, metadata=what)


def par(
    default: float,
    low: float,
    high: float,
    unit: str,
    why: str,
    source: str | None = None,
    grade: str = "judgement",
    log: bool = False,
) -> Any:
    """An assumption: how the world works. `log` draws it on a logarithmic scale between low and
    high.
    """
    evidence = {"source": source, "grade": grade, "role": "assumption"}
    return _declared(default, low=low, high=high, unit=unit, why=why, log=log, **evidence)


def fact(
    default: float,
    low: float,
    high: float,
    unit: str,
    why: str,
    log: bool = False,
    per: str | None = None,
) -> Any:
    """A fact of the country or the day, which a scenario gives with its source. Without one the
    default stands: that of the median autocracy (MEDIAN), times the country's residents or income
    over those of the median where `per` says so.
    """
    evidence = {"source": None, "grade": "judgement", "role": "assumption", "fact": True}
    what = {"low": low, "high": high, "unit": unit, "why": why, "log": log, "per": per}
    return _declared(default, **what, **evidence)


def choice(
    default: float,
    low: float,
    high: float,
    unit: str,
    why: str,
    actor: str,
    source: str | None = None,
    grade: str = "judgement",
    per: str | None = None,
) -> Any:
    """A choice: what an actor decides. Choices are never drawn; a patch or a study changes them.

    per: as for a fact.
    """
    evidence = {"source": source, "grade": grade, "role": "choice", "actor": actor, "per": per}
    return _declared(default, low=low, high=high, unit=unit, why=why, **evidence)


def option(
    default: str,
    options: Sequence[str],
    why: str,
    source: str | None = None,
    grade: str = "judgement",
) -> Any:
    """A structural alternative: one of several forms of a rule."""
    evidence = {"source": source, "grade": grade, "role": "assumption"}
    forms = {"low": None, "high": None, "unit": "form", "options": tuple(options)}
    return _declared(default, why=why, **forms, **evidence)


def scaled(p: Parameter, size: Mapping[str, float]) -> Parameter:
    """A parameter whose default is that of a country of this size (keys and units of MEDIAN)."""
    if p.per is None:
        return p
    default = p.default * size[p.per] / MEDIAN[p.per]
    return dataclasses.replace(p, default=max(p.low, min(p.high, default)))


def sheet(params: type, mechanism: str) -> dict[str, Parameter]:
    """The parameters that a mechanism's sheet declares, by name."""
    return {
        f.name: Parameter(mechanism, f.name, f.default, **f.metadata)
        for f in dataclasses.fields(params)
    }


def faults(p: Parameter) -> Iterable[str]:
    """What is wrong with a parameter as declared."""
    if p.grade not in GRADES:
        allowed = f"allowed: {', '.join(GRADES)}.{near(p.grade, GRADES)}"
        yield f"{p.key} has grade '{p.grade}'; {allowed}"
    if p.source is None and p.grade != "judgement":
        yield f"{p.key} has no source, so its grade must be 'judgement', not '{p.grade}'."
    if p.options and p.default not in p.options:
        yield f"{p.key} = '{p.default}' is none of its options {', '.join(p.options)}."
    if not p.options and not p.low <= p.default <= p.high:
        yield f"{p.key} = {p.default} lies outside its own range {p.low} to {p.high}."
    if p.per is not None and p.per not in MEDIAN:
        yield f"{p.key} grows with '{p.per}'; allowed: {', '.join(MEDIAN)}."
    if p.log and p.low <= 0:
        yield f"{p.key} is drawn on a log scale, so its low end must be above 0, not {p.low}."
