"""What `--over` says: a parameter and the values, or the range, over which a design varies it.

broker.pressure=0:1:11     eleven values from 0 to 1
treasury.price=60,70,80    these values
treasury.price=60:80       a range, for designs that draw their points
treasury.price             the range that the ledger gives it

A design for shares of the variance takes what the ledger alone says of a parameter as it is drawn:
with its peak (declaration/prior.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...declaration.prior import Prior
from ...scenario.assumption import Assumption
from ...scenario.scenario import Scenario
from ...support import numerals
from ...support.arrays import Array
from ...support.faults import Fault, closest, near

MOST_VALUES = 10_000_000
LIKE = "write KEY=LOW:HIGH:NUMBER, KEY=A,B,C, KEY=LOW:HIGH, or KEY alone for the ledger's range"


@dataclass(frozen=True)
class Over:
    """A parameter that a design varies.

    role: "choice" (a lever) or "assumption".  low, high: the ends of what is varied.  listed: the
    values themselves, if they were listed; of a form, its number among the parameter's options.
    number: of values; 0 for a range.  options: names of the forms.  log: a range is drawn on a
    logarithmic scale.  mode: the likeliest value, of a range that is the ledger's own.
    """

    key: str
    role: str
    unit: str
    low: float
    high: float
    listed: tuple[float, ...] = ()
    number: int = 0
    options: tuple[str, ...] = ()
    log: bool = False
    mode: float | None = None

    @property
    def values(self) -> Array:
        """The values, float64[number]; of a range its two ends."""
        if self.listed:
            return np.array(self.listed)
        return np.linspace(self.low, self.high, self.number or 2)

    def of_share(self, u: Array) -> Array:
        """The value at each share (0 to 1) of what is varied: of a range between its ends, of
        values the one whose turn it is.
        """
        if self.number:
            return self.values[np.minimum(self.number - 1, (u * self.number).astype(np.intp))]
        if self.log:
            return np.asarray(self.low * (self.high / self.low) ** u)
        return np.asarray(self.low + (self.high - self.low) * u)

    def believed(self, u: Array) -> Array:
        """The value below which each share u lies of what the ledger believes; where it is not the
        ledger that gives the range, as `of_share`.
        """
        if self.mode is None:
            return self.of_share(u)
        return Prior(self.low, self.mode, self.high, self.log).quantile(u)

    def named(self, value: float) -> float | str:
        """A value as people write it: of a form its name."""
        return self.options[int(value)] if self.options else float(value)

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "key": self.key,
            "role": "lever" if self.role == "choice" else "assumption",
            "unit": self.unit,
            "low": None if self.options else self.low,
            "high": None if self.options else self.high,
            "number": self.number or None,
        }


def parse(texts: Sequence[str], scenario: Scenario, held: Collection[str] = ()) -> tuple[Over, ...]:
    """What several `--over` say of a scenario. Raises Fault with all that is wrong.

    held: parameters that were set to a value.
    """
    if not texts:
        raise Fault(
            f"nothing is varied; give --over, such as --over broker.pressure=0:1:11 ({LIKE})."
        )
    faults: list[str] = []
    found: dict[str, Over] = {}
    for text in texts:
        key, equals, said = (part.strip() for part in text.partition("="))
        known = scenario.parameters.get(key)
        if known is None:
            meant = closest(key, list(scenario.parameters))
            faults.append(f"--over {key}: there is no such parameter in {scenario.name}.{meant}")
        elif key in found:
            faults.append(f"--over {key} is given twice; keep one.")
        elif key in held:
            faults.append(f"{key} is held by --set and varied by --over; keep one of them.")
        elif known.off:
            faults.append(
                f"--over {key}: {known.parameter.mechanism} is switched off, so that it would "
                "change nothing."
            )
        else:
            try:
                found[key] = _one(known, said if equals else None)
            except Fault as e:
                faults += [f"--over {key}: {f}" for f in e.faults]
    if faults:
        raise Fault(faults)
    return tuple(found.values())


def every(scenario: Scenario) -> tuple[Over, ...]:
    """All assumptions that futures draw one by one. What past uprisings say of some together stays
    drawn with the luck. Raises Fault if none is drawn.
    """
    drawn = [
        a
        for key, a in scenario.parameters.items()
        if a.drawn and not a.off and key not in scenario.fitted
    ]
    if not drawn:
        raise Fault(f"no assumption of {scenario.name} is drawn, so nothing would be varied.")
    return tuple(_one(a, ",".join(a.options) or None) for a in drawn)


def _one(a: Assumption, said: str | None) -> Over:
    """What is said of one parameter."""
    p = a.parameter
    if p.options:
        return _forms(a, said)
    if said is None:
        low, high = (p.low, p.high) if p.role == "choice" else (a.low, a.high)
        if low == high:
            raise Fault(
                f"the ledger gives no range, only {low:g} {p.unit}; give values, such as "
                f"{p.key}={p.low:g}:{p.high:g}:5."
            )
        mode = None if p.role == "choice" else float(a.value)
        return Over(p.key, p.role, p.unit, low, high, log=p.log and low > 0, mode=mode)
    parts = said.split(":")
    if len(parts) > 3 or (len(parts) > 1 and "," in said):
        raise Fault(f"'{said}' is neither values nor a range; {LIKE}.")
    if len(parts) == 1:
        listed = tuple(_number(a, x) for x in said.split(","))
        if len(listed) == 1:
            raise Fault(f"one value is no design; set it with --set {p.key}={said}, or {LIKE}.")
        if len(set(listed)) < len(listed):
            raise Fault(f"'{said}' has a value twice; each is one point of the design.")
        return Over(p.key, p.role, p.unit, min(listed), max(listed), listed, len(listed))
    low, high = (_number(a, x) for x in parts[:2])
    if low >= high:
        raise Fault(f"the range {said} must go from a smaller number to a larger one.")
    return Over(
        p.key,
        p.role,
        p.unit,
        low,
        high,
        number=_count(parts[2]) if len(parts) == 3 else 0,
        log=p.log and low > 0,
    )


def _forms(a: Assumption, said: str | None) -> Over:
    """Forms of a rule, by their names."""
    p = a.parameter
    names = p.options if said is None else tuple(x.strip() for x in said.split(","))
    wrong = [x for x in names if x not in p.options]
    if wrong:
        allowed = f"its forms are {', '.join(p.options)}.{near(wrong[0], p.options)}"
        raise Fault(f"there is no form '{wrong[0]}'; {allowed}")
    if len(set(names)) < max(2, len(names)):
        raise Fault(f"give two forms or more, each once; they are {', '.join(p.options)}.")
    places = tuple(float(p.options.index(x)) for x in names)
    return Over(p.key, p.role, p.unit, min(places), max(places), places, len(places), p.options)


def _number(a: Assumption, text: str) -> float:
    """A number within what the parameter's mechanism allows."""
    p = a.parameter
    try:
        value = float(numerals.number(text.strip()))
    except (TypeError, ValueError):
        raise Fault(f"'{text.strip()}' must be a number ({p.unit}); {LIKE}.") from None
    if not p.low <= value <= p.high:
        raise Fault(f"{value:g} lies outside {p.low:g} to {p.high:g} {p.unit} ({p.why}).")
    return value


def _count(text: str) -> int:
    if not text.strip().isascii() or not text.strip().isdigit() or int(text) < 2:
        raise Fault(f"'{text.strip()}' must be the number of values, 2 or more, in digits.")
    return int(text)


def notes(over: Sequence[Over], scenario: Scenario) -> Iterator[str]:
    """Where a design leaves what the scenario's ledger holds possible, in words."""
    for o in over:
        a = scenario.parameters[o.key]
        if o.role == "choice" or o.options or (a.low <= o.low and o.high <= a.high):
            continue
        held = a.low == a.high
        yield (
            f"{o.key} is varied from {o.low:g} to {o.high:g} {o.unit}; the ledger of "
            f"{scenario.name} defends {f'only {a.low:g}' if held else f'{a.low:g} to {a.high:g}'} "
            f"({a.why})."
        )
