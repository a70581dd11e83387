"""What a step returns, checked: exactly its states, and what it says where it said it would."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..declaration.declare import Mechanism
from ..support.faults import Fault, near
from .columns import Columns

# Words that a step may return: their shape, and whether they are its states.
Declared = Mapping[str, tuple[tuple[int, ...], bool]]
FREE = ("happened", "memory")  # words that any step may return


def declared(m: Mechanism, columns: Columns) -> Declared:
    """What a mechanism may return, by word."""
    wiring = columns.wiring
    spoken = {w: (columns.shape(wiring.channels[w].by), False) for w in wiring.adds(m)}
    return spoken | {w: (columns.shape(q.by), True) for w, q in m.owns.items()}


def check_shapes(m: Mechanism, returned: Mapping[str, Any], may: Declared) -> None:
    """A step returns exactly the states that it owns, each of its declared size, and speaks only
    where it said it would.
    """
    owned, fits = 0, isinstance(returned, Mapping)
    for word, value in returned.items() if fits else ():
        shape, own = may.get(word, (None, False))
        owned += own
        got = () if type(value) is float else getattr(value, "shape", ())
        fits = fits and (word in FREE if shape is None else got == shape or (got == () and not own))
    if not fits or owned != len(m.owns):
        raise Fault(_misfits(m, returned, may))


def _misfits(m: Mechanism, returned: Any, may: Declared) -> list[str]:
    if not isinstance(returned, Mapping):
        return [
            f"{m.name} returned {type(returned).__name__}, "
            "not a dict of its states and what it says."
        ]
    faults = [f"{m.name} did not return its state '{w}'." for w in m.owns if w not in returned]
    for word, value in returned.items():
        got = np.shape(value) if word not in FREE else ()
        if word not in may and word not in FREE:
            faults.append(
                f"{m.name} returned '{word}', which it neither owns nor adds to.{near(word, may)}"
            )
        elif word in m.owns and got != may[word][0]:
            faults.append(
                f"{m.name} returned '{word}' of shape {got}; "
                f"it is given by {m.owns[word].by}, so {may[word][0]}."
            )
        elif word in may and word not in m.owns and got not in ((), may[word][0]):
            faults.append(
                f"{m.name} adds an array of shape {got} to '{word}', which takes {may[word][0]}."
            )
    return faults or [f"{m.name} returned something that is neither a number nor an array."]
