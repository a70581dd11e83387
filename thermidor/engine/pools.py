"""What mechanisms remember, of many futures: each kind of numbers in a table, a row a future.

A memory is a NamedTuple of numbers and arrays, or of such. Its arrays may differ in size between
futures; a row has room for the largest, and tells how large its own is.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import count, islice
from typing import Any

import numpy as np

from ..support.faults import Fault

KINDS = ("float64", "uint64", "uint32", "uint8", "int64", "int16")  # of numbers
_KIND = {np.dtype(kind): kind for kind in KINDS}  # the name of a dtype is slow to make


class Pools:
    """Tables of what every mechanism of a wiring remembers.

    memories: by future, what each mechanism remembers on the first day, by its name.
    tables: by mechanism, a table for each kind of numbers that it has.  dims: by mechanism,
    int64[future, numbers]: of each number and array, its first column and its sizes.
    """

    def __init__(self, memories: Sequence[dict[str, Any]]):
        self.first = memories[0]
        self.tables: dict[str, tuple[np.ndarray, ...]] = {}
        self.dims: dict[str, np.ndarray] = {}
        self._kinds: dict[str, list[int]] = {}  # of each number and array
        for name in memories[0]:
            self._gather(name, [list(leaves(m[name], name)) for m in memories])

    def _gather(self, name: str, rows: list[list[np.ndarray]]) -> None:
        """Lay out the tables of a mechanism and fill them."""
        there = sorted({_KIND[leaf.dtype] for leaf in rows[0]}) or [KINDS[0]]
        widths, begins = [0] * len(there), []
        kinds = self._kinds[name] = [there.index(_KIND[leaf.dtype]) for leaf in rows[0]]
        for k, kind in enumerate(kinds):
            begins.append(widths[kind])
            widths[kind] += max(row[k].size for row in rows)
        tables = [np.zeros((len(rows), n), k) for n, k in zip(widths, there, strict=True)]
        dims = []
        for r, row in enumerate(rows):
            here = []
            for kind, begin, leaf in zip(kinds, begins, row, strict=True):
                tables[kind][r, begin : begin + leaf.size] = leaf.ravel()
                here += [begin, *leaf.shape]
            dims.append(here)
        self.tables[name], self.dims[name] = tuple(tables), np.array(dims, np.int64)

    def source(self, name: str, tables: str = "pools", dims: str = "dims") -> str:
        """Source that makes the memory of a mechanism of the row r of its tables.  tables, dims:
        what they are called there.
        """
        kinds, sizes_of = iter(self._kinds[name]), (f"{dims}[r, {k}]" for k in count())

        def made(x: Any) -> str:
            if hasattr(x, "_fields"):
                return f"{_called(type(x))}({', '.join(map(made, x))})"
            row, begin = f"{tables}{next(kinds)}[r]", next(sizes_of)
            if not np.ndim(x):
                return f"{row}[{begin}]"
            sizes = "".join(f"{size}, " for size in islice(sizes_of, np.ndim(x)))
            return f"piece({row}, {begin}, ({sizes}))"

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
        kinds, dims = iter(self._kinds[name]), iter(self.dims[name][r].tolist())

        def made(x: Any) -> Any:
            if hasattr(x, "_fields"):
                return type(x)(*map(made, x))
            row, begin = self.tables[name][next(kinds)][r], next(dims)
            if not np.ndim(x):
                return row[begin].item()
            shape = tuple(islice(dims, np.ndim(x)))
            return row[begin : begin + math.prod(shape)].reshape(shape)

        return None if self.first[name] is None else made(self.first[name])


def _called(c: type) -> str:
    return f"{c.__name__}_"


def check_memory(x: Any, name: str) -> None:
    """Raises a Fault for what is no memory of a mechanism of this name."""
    for _ in leaves(x, name):
        pass


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
    if leaf.dtype not in _KIND:
        raise Fault(f"{path} is of {leaf.dtype}; a memory holds {', '.join(KINDS)}.")
    yield leaf
