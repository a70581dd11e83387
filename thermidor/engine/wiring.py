"""The wiring of a scenario: who owns which state, who listens to which channel, who may read what.

A state has one owner, a channel has many speakers, everyone reads yesterday and writes today.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..mechanism import Mechanism, Quantity, find
from ..support.faults import Fault, near


class Yesterday:
    """The world as it stood, limited to what one mechanism said it reads; `memory` is its own."""

    def __init__(self, who: str, allowed: Iterable[str]):
        self.__dict__.update(_who=who, _allowed=tuple(allowed), _known=(), memory=None)

    def __getattr__(self, name: str) -> Any:  # reached only for what was not declared
        raise AttributeError(
            f"{self._who} looked at '{name}' without declaring it; add it to reads=.{near(name, self._known)}"
        )

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(
            f"{self._who} tried to write '{name}' into yesterday; return it from the step instead."
        )

    def see(self, world: Mapping[str, Any]) -> Yesterday:
        mine = self.__dict__
        mine["_known"] = world
        for name in self._allowed:
            mine[name] = world[name]
        return self


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


def wire(names: Sequence[str], off: Sequence[str] = ()) -> Wiring:
    """Join the mechanisms; raise a Fault that lists everything that does not fit."""
    faults, mechanisms = [], []
    for name in sorted(set(names)):
        try:
            mechanisms.append(find(name))
        except Fault as e:
            faults += e.faults
    for name in sorted({n for n in names if list(names).count(n) > 1}):
        faults.append(f"mechanism '{name}' is listed more than once.")
    for name in off:
        if name not in names:
            faults.append(
                f"'{name}' is switched off but is not one of the mechanisms.{near(name, names)}"
            )
    owner, listener, states, channels = {}, {}, {}, {}
    for m in mechanisms:
        for table, all_of, mine in ((owner, states, m.owns), (listener, channels, m.opens)):
            for word, quantity in mine.items():
                other = owner.get(word) or listener.get(word)
                if other:
                    faults.append(
                        f"'{word}' belongs to both {other} and {m.name}; a state or channel has one owner."
                    )
                table.setdefault(word, m.name)
                all_of[word] = quantity
    if not faults:
        for m in mechanisms:
            faults += [
                f"{m.name} reads '{w}', which no mechanism here owns.{near(w, owner)}"
                for w in m.reads
                if w not in owner
            ]
            faults += [
                f"{m.name} adds to channel '{w}', which no mechanism here listens to.{near(w, listener)}"
                for w in m.adds
                if w != "*" and w not in listener
            ]
    if faults:
        raise Fault(faults, "The mechanisms do not fit together:")
    return Wiring(tuple(mechanisms), frozenset(off), owner, listener, states, channels)


def views(wiring: Wiring) -> dict[str, Yesterday]:
    """One view of yesterday for each mechanism."""
    return {m.name: Yesterday(m.name, (*m.reads, *m.owns, *m.opens)) for m in wiring.mechanisms}


def freeze(value: Any) -> Any:
    """Arrays that are handed out can no longer be written."""
    if isinstance(value, np.ndarray):
        value.flags.writeable = False
    return value


def silence(quantity: Quantity, sizes: Mapping[str, tuple[int, ...]]) -> Any:
    """What a channel carries when nobody speaks."""
    shape = sizes[quantity.by]
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


Declared = Mapping[
    str, tuple[tuple[int, ...], bool]
]  # words that a step may return: their shape, and whether they are its states


def declared(m: Mechanism, wiring: Wiring, sizes: Mapping[str, tuple[int, ...]]) -> Declared:
    """What a mechanism may return, by word."""
    spoken = {w: (sizes[wiring.channels[w].by], False) for w in wiring.adds(m)}
    return spoken | {w: (sizes[q.by], True) for w, q in m.owns.items()}


def check_shapes(m: Mechanism, returned: Mapping[str, Any], may: Declared) -> None:
    """A step returns exactly the states that it owns, each of its declared size, and speaks only
    where it said it would.
    """
    owned, fits = 0, isinstance(returned, Mapping)
    for word, value in returned.items() if fits else ():
        shape, own = may.get(word, (None, False))
        owned += own
        got = () if type(value) is float else getattr(value, "shape", ())
        fits = fits and (
            word == "happened" if shape is None else got == shape or (got == () and not own)
        )
    if not fits or owned != len(m.owns):
        raise Fault(_misfits(m, returned, may))


def _misfits(m: Mechanism, returned: Any, may: Declared) -> list[str]:
    if not isinstance(returned, Mapping):
        return [
            f"{m.name} returned {type(returned).__name__}, not a dict of its states and what it says."
        ]
    faults = [f"{m.name} did not return its state '{w}'." for w in m.owns if w not in returned]
    for word, value in returned.items():
        got = np.shape(value) if word != "happened" else ()
        if word not in may and word != "happened":
            faults.append(
                f"{m.name} returned '{word}', which it neither owns nor adds to.{near(word, may)}"
            )
        elif word in m.owns and got != may[word][0]:
            faults.append(
                f"{m.name} returned '{word}' of shape {got}; it is given by {m.owns[word].by}, so {may[word][0]}."
            )
        elif word in may and word not in m.owns and got not in ((), may[word][0]):
            faults.append(
                f"{m.name} adds an array of shape {got} to '{word}', which takes {may[word][0]}."
            )
    return faults or [f"{m.name} returned something that is neither a number nor an array."]
