"""What a step returns, checked: exactly its states, and what it says where it said it would."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from ..declaration.declare import Mechanism
from ..support.faults import Fault, near
from .columns import Columns


class Declared(NamedTuple):
    """What a mechanism may return, by word.

    owned: its states.  shapes: of its states, of the channels of others that it speaks into, and of
    what it tells.  numbers: words for which one number will do: states of one number, every
    channel, and what is told.
    """

    owned: frozenset[str]
    shapes: Mapping[str, tuple[int, ...]]
    numbers: frozenset[str]


def declared(m: Mechanism, columns: Columns) -> Declared:
    """What a mechanism may return."""
    shapes = {w: columns.shapes[w] for w in (*columns.wiring.adds(m), *m.owns)}
    shapes |= dict.fromkeys(m.tells, ())
    numbers = frozenset(w for w, shape in shapes.items() if w not in m.owns or not shape)
    return Declared(frozenset(m.owns), shapes, numbers)


def check_shapes(m: Mechanism, returned: Mapping[str, Any], may: Declared) -> None:
    """A step returns exactly the states that it owns, each of its declared size, and speaks only
    where it said it would.
    """
    fits = isinstance(returned, Mapping) and may.owned <= returned.keys()
    shapes, numbers = may.shapes, may.numbers
    for word, value in returned.items() if fits else ():
        if type(value) is float:
            if word not in numbers:
                fits = False
        elif word not in shapes:
            fits = False
        else:
            got = getattr(value, "shape", ())
            if got != shapes[word] and (got or word not in numbers):
                fits = False
    if not fits:
        raise Fault(_misfits(m, returned, may.shapes))


def _misfits(m: Mechanism, returned: Any, may: Mapping[str, tuple[int, ...]]) -> list[str]:
    if not isinstance(returned, Mapping):
        return [
            f"{m.name} returned {type(returned).__name__}, "
            "not a dict of its states and what it says."
        ]
    faults = [f"{m.name} did not return its state '{w}'." for w in m.owns if w not in returned]
    for word, value in returned.items():
        got = np.shape(value)
        if word not in may:
            faults.append(
                f"{m.name} returned '{word}', which it neither owns nor adds to.{near(word, may)}"
            )
        elif word in m.owns and got != may[word]:
            faults.append(
                f"{m.name} returned '{word}' of shape {got}; "
                f"it is given by {m.owns[word].by}, so {may[word]}."
            )
        elif word in may and word not in m.owns and got not in ((), may[word]):
            faults.append(
                f"{m.name} adds an array of shape {got} to '{word}', which takes {may[word]}."
            )
    return faults or [f"{m.name} returned something that is neither a number nor an array."]
