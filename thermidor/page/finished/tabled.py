"""The tables of a study one below the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any


def tabled(found: Mapping[str, Any]) -> Iterator[Sequence[Any]]:
    """Answer and facts, then each figure with its sentence."""
    yield ["answer", found["answer"]["sentence"]]
    yield from found["facts"]
    for f in (*found["charts"], *(f for c in found["cards"] for f in c["figures"])):
        yield []
        yield [f["title"]]
        if f.get("head"):
            yield f["head"]
            yield from f["rows"]
