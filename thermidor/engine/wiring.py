"""The wiring of a scenario: who owns which state, who listens to which channel, who may read what.

A state has one owner, a channel has many speakers, everyone reads yesterday and writes today.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..declaration.declare import Mechanism
from ..declaration.quantity import COUNTRY, Axis, Quantity, axes_of
from ..declaration.view import Yesterday
from ..support.faults import Fault, near


@dataclass(frozen=True)
class Wiring:
    """Mechanisms in a fixed order (by name, so that the order of listing changes nothing) and who
    is joined to whom.
    """

    mechanisms: tuple[Mechanism, ...]
    off: frozenset[str]
    owner: Mapping[str, str]
    listener: Mapping[str, str]
    states: Mapping[str, Quantity]
    channels: Mapping[str, Quantity]
    axes: Mapping[str, Axis]

    @property
    def live(self) -> tuple[Mechanism, ...]:
        return tuple(m for m in self.mechanisms if m.name not in self.off)

    def adds(self, m: Mechanism) -> tuple[str, ...]:
        """The channels that a mechanism speaks into; '*' means every channel of others."""
        if "*" in m.adds:
            return tuple(c for c in sorted(self.channels) if self.listener[c] != m.name)
        return m.adds

    def speakers(self) -> list[tuple[str, str]]:
        """Every (channel, speaker) that is live, sorted."""
        return sorted(
            (c, m.name) for m in self.live for c in self.adds(m) if self.listener[c] not in self.off
        )


def wire(
    mechanisms: Sequence[Mechanism], off: Sequence[str] = (), axes: Sequence[str] = ()
) -> Wiring:
    """Join the mechanisms; raise a Fault that lists everything that does not fit.

    off: names of those that are switched off.  axes: names of those of the place, which mechanisms
    may use without declaring them.
    """
    names = [m.name for m in mechanisms]
    faults = [
        f"mechanism '{n}' is listed more than once."
        for n in sorted({n for n in names if names.count(n) > 1})
    ]
    faults += [
        f"'{n}' is switched off but is not one of the mechanisms.{near(n, names)}"
        for n in off
        if n not in names
    ]
    ordered = sorted({m.name: m for m in mechanisms}.values(), key=lambda m: m.name)
    owner, listener = _owners(ordered, faults)
    states = {w: q for m in ordered for w, q in m.owns.items()}
    channels = {w: q for m in ordered for w, q in m.opens.items()}
    own = {a: axis for m in ordered for a, axis in m.axes.items()}
    faults += [
        f"{m.name} declares the axis '{a}', which is the place's; give it another name."
        for m in ordered
        for a in m.axes
        if a in axes
    ]
    if not faults:
        for m in ordered:
            faults += [
                f"{m.name} reads '{w}', which no mechanism here owns.{near(w, owner)}"
                for w in m.reads
                if w not in owner
            ]
            faults += [
                f"{m.name} adds to channel '{w}', which no mechanism here listens to."
                f"{near(w, listener)}"
                for w in m.adds
                if w != "*" and w not in listener
            ]
    if not faults:
        for m in ordered:
            faults += _unknown_axes(m, {*axes, *own})
    if faults:
        raise Fault(faults, "The mechanisms do not fit together:")
    return Wiring(tuple(ordered), frozenset(off), owner, listener, states, channels, own)


def _owners(
    mechanisms: Sequence[Mechanism], faults: list[str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Who owns each state and who listens to each channel; of axes it is checked as well."""
    owner: dict[str, str] = {}
    listener: dict[str, str] = {}
    counted: dict[str, str] = {}
    for m in mechanisms:
        for table, words in ((owner, m.owns), (listener, m.opens)):
            for word in words:
                other = owner.get(word) or listener.get(word)
                if other:
                    faults.append(
                        f"'{word}' belongs to both {other} and {m.name}; "
                        "a state or channel has one owner."
                    )
                table.setdefault(word, m.name)
        for axis in m.axes:
            if axis in counted:
                faults.append(
                    f"the axis '{axis}' is declared by both {counted[axis]} and {m.name}; "
                    "an axis has one owner."
                )
            counted.setdefault(axis, m.name)
    return owner, listener


def _unknown_axes(m: Mechanism, known: set[str]) -> Iterable[str]:
    allowed = [COUNTRY, *sorted(known)]
    for name, q in {**m.owns, **m.opens}.items():
        if any(a not in known for a in axes_of(q.by)):
            yield (
                f"{m.name}: '{name}' is given by '{q.by}'; allowed: {', '.join(allowed)}, "
                f"or two of them as in 'kind x province'.{near(q.by, allowed)}"
            )


def views(wiring: Wiring, place: Any = None) -> dict[str, Yesterday]:
    """One view of yesterday for each mechanism."""
    return {m.name: view(m, place) for m in wiring.mechanisms}


def view(m: Mechanism, place: Any = None) -> Yesterday:
    """A mechanism's view of yesterday."""
    return Yesterday(m.name, (*m.reads, *m.owns, *m.opens), place)


def freeze(value: Any) -> Any:
    """Arrays that are handed out can no longer be written."""
    if isinstance(value, np.ndarray):
        value.flags.writeable = False
    return value


def silence(shape: tuple[int, ...]) -> Any:
    """What a channel of that shape carries when nobody speaks."""
    return freeze(np.zeros(shape)) if shape else 0.0


def heard(said: Mapping[str, Any], quantity: Quantity, quiet: Any) -> Any:
    """What a channel carries: the sum of what is said, within its bounds; NaN stays NaN."""
    if not said:
        return quiet
    total, low, high = sum(said.values(), quiet), quantity.low, quantity.high
    if not isinstance(total, np.ndarray):
        return min(max(total, low), high)  # in this order, for max(low, NaN) is low
    np.maximum(total, low, out=total)
    return freeze(np.minimum(total, high, out=total))
