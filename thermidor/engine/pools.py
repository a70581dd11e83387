"""What mechanisms remember, of many futures: each kind of numbers in a table, a row a future.

A memory is a NamedTuple of numbers and arrays, or of such. Its arrays may differ in size between
futures; a row has room for the largest, and tells how large its own is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from ..support.faults import Fault

KINDS = ("float64", "uint64", "uint32", "uint8", "int64", "int16")  # of numbers


class Pools:
    """Tables of what every mechanism of a wiring remembers.

    memories: by future, what each mechanism remembers on the first day, by its name.
    """

    def __init__(self, memories: Sequence[dict[str, Any]]):
        self.names = [n for n, m in memories[0].items() if m is not None]
        self.first = memories[0]
        self.tables: dict[str, tuple[np.ndarray, ...]] = {}
        self.dims: dict[str, np.ndarray] = {}
        self._at: dict[str, list[tuple[int, int]]] = {}  # kind, and first column, of each leaf
        self._leaves: dict[str, list[list[np.ndarray]]] = {}
        for name in memories[0]:
            self._gather(name, [list(leaves(m[name], name)) for m in memories])

    def _gather(self, name: str, rows: list[list[np.ndarray]]) -> None:
        """Lay out the tables of a mechanism and fill them."""
        widths = dict.fromkeys(KINDS, 0)
        at = self._at[name] = []
        for leaf in range(len(rows[0])):
            kind = str(rows[0][leaf].dtype)
            at.append((KINDS.index(kind), widths[kind]))
            widths[kind] += max(row[leaf].size for row in rows)
        tables = [np.zeros((len(rows), max(1, widths[k])), k) for k in KINDS]
        self.dims[name] = np.array(
            [[n for leaf in row for n in leaf.shape] or [0] for row in rows], np.int64
        )
        for r, row in enumerate(rows):
            for (kind, begin), leaf in zip(at, row, strict=True):
                tables[kind][r, begin : begin + leaf.size] = leaf.ravel()
        self.tables[name] = tuple(tables)

    def source(self, name: str, at: Callable[..., str]) -> str:
        """Source that makes the memory of a mechanism of the row r of its tables."""
        places, dim = iter(self._at[name]), iter(range(1 << 30))

        def made(x: Any) -> str:
            if hasattr(x, "_fields"):
                return f"{_called(type(x))}({', '.join(map(made, x))})"
            kind, begin = next(places)
            row = f"pools[{kind}][r]"
            if not np.ndim(x):
                return f"{row}[{at(begin)}]"
            sizes = [f"dims[r, {next(dim)}]" for _ in range(np.ndim(x))]
            first = at(begin)
            piece = f"{row}[{first}:{first} + {' * '.join(sizes)}]"
            return piece if np.ndim(x) == 1 else f"{piece}.reshape(({', '.join(sizes)}))"

        return "0.0" if self.first[name] is None else made(self.first[name])

    def classes(self, name: str) -> dict[str, type]:
        """The classes that `source` names."""
        found: dict[str, type] = {}

        def look(x: Any) -> None:
            if hasattr(x, "_fields"):
                found[_called(type(x))] = type(x)
                for part in x:
                    look(part)

        look(self.first[name])
        return found

    def memory(self, name: str, r: int) -> Any:
        """What a mechanism remembers in future r: arrays that are pieces of the tables."""
        places, dims = iter(self._at[name]), iter(self.dims[name][r])

        def made(x: Any) -> Any:
            if hasattr(x, "_fields"):
                return type(x)(*map(made, x))
            kind, begin = next(places)
            row = self.tables[name][kind][r]
            if not np.ndim(x):
                return row[begin].item()
            shape = tuple(int(next(dims)) for _ in range(np.ndim(x)))
            return row[begin : begin + int(np.prod(shape, dtype=int))].reshape(shape)

        return None if self.first[name] is None else made(self.first[name])


def _called(c: type) -> str:
    return f"{c.__name__}_"


def leaves(x: Any, path: str) -> Iterator[np.ndarray]:
    """The numbers and arrays of a memory, in order; raises a Fault for anything else."""
    if x is None:
        return
    if hasattr(x, "_fields"):
        for name, part in zip(x._fields, x, strict=True):
            yield from leaves(part, f"{path}.{name}")
        return
    if isinstance(x, (bool, np.bool_)) or not isinstance(x, (int, float, np.generic, np.ndarray)):
        raise Fault(f"{path} is a {type(x).__name__}; a memory holds numbers and arrays.")
    leaf = np.asarray(x)
    if str(leaf.dtype) not in KINDS:
        raise Fault(f"{path} is of {leaf.dtype}; a memory holds {', '.join(KINDS)}.")
    yield leaf
