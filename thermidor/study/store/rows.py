"""The table of runs, a row a future, packed while the work goes on: all numbers of a row in one
column.

What a column costs in a file is then paid once for all futures that are joined, and not by each of
the small parts. The first row holds the names of the columns.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from ...engine.run import Run, outcomes

FIRST: dict[str, type[pl.DataType]] = {
    "run": pl.Int32,
    "ending": pl.String,
    "day": pl.Int32,
    "survived": pl.Float64,
    "reason": pl.String,
}  # the first columns of runs, which a future that failed has too
NUMBERS = "numbers"  # the column of all numbers
NAMES = "columns"  # the column whose first row names them


@dataclass(frozen=True)
class Failure:
    """A future that could not be finished, with its reason; it stays in the study as a row."""

    run: int
    reason: str


def packed(futures: Sequence[Run | Failure]) -> pl.DataFrame:
    """The rows of some futures of one scenario, in this order; plain if none was finished."""
    done = [f for f in futures if isinstance(f, Run)]
    failed = [f for f in futures if isinstance(f, Failure)]
    if not done:
        return _failed(failed)
    found = outcomes(done)
    table = pl.DataFrame(
        [
            pl.Series("run", [f.run for f in done], pl.Int32),
            *(pl.Series(name, values, pl.String) for name, values in found.texts.items()),
            pl.Series(NUMBERS, found.numbers),
        ]
    )
    if failed:
        both = [table, _failed(failed).select("run", "ending", "reason")]
        table = pl.concat(both, how="diagonal").sort("run", maintain_order=True)
    names = json.dumps([["run", *found.order], found.names, found.days])
    return table.with_columns(pl.Series(NAMES, [names] + [None] * (table.height - 1), pl.String))


def _failed(futures: Sequence[Failure]) -> pl.DataFrame:
    """Rows of futures without an ending."""
    rows = [(f.run, f.reason) for f in futures]
    schema = {"run": pl.Int32, "reason": pl.String}
    return pl.DataFrame(rows, schema, orient="row").select(
        pl.col(name) if name in schema else pl.lit(None, kind).alias(name)
        for name, kind in FIRST.items()
    )


def is_packed(schema: Mapping[str, pl.DataType]) -> bool:
    """Whether a table of these columns is packed."""
    kind = schema.get(NUMBERS)
    return isinstance(kind, pl.Array) and kind.inner == pl.Float64


def unpacked(table: pl.DataFrame) -> pl.DataFrame:
    """A packed table with a column for each name; a plain one as it is. Raises ValueError for what
    is no table of runs.
    """
    if not is_packed(table.schema):
        return table
    order, names, days = _names(table)
    done = table.drop_nulls(NUMBERS)
    numbers = np.ascontiguousarray(done[NUMBERS].to_numpy().T)
    if numbers.shape != (len(names), done.height):
        raise ValueError(f"it holds {len(numbers)} numbers a future, and names {len(names)}")
    columns = {name: done[name] for name in order if name in done.columns}
    for name, values in zip(names, numbers, strict=True):
        if name in days:
            columns[name] = pl.Series(name, values, nan_to_null=True).cast(pl.Int32)
        else:
            columns[name] = pl.Series(name, values)
    made = pl.DataFrame([columns[name] for name in dict.fromkeys(order)])
    if done.height == table.height:
        return made
    failed = table.filter(pl.col(NUMBERS).is_null()).select(
        pl.col(name) if name in table.columns else pl.lit(None, kind).alias(name)
        for name, kind in FIRST.items()
    )
    return pl.concat([made, failed], how="diagonal").sort("run", maintain_order=True)


def _names(table: pl.DataFrame) -> tuple[list[str], list[str], set[str]]:
    """The columns of a packed table in order, those that are numbers, and days among them."""
    if NAMES not in table.columns:
        raise ValueError("it does not name its columns")
    told = table[NAMES].drop_nulls().unique()
    said = json.loads(told[0]) if len(told) == 1 else None
    if not (
        isinstance(said, list)
        and len(said) == 3
        and all(isinstance(names, list) for names in said)
        and all(isinstance(name, str) for names in said for name in names)
        and set(said[1]) | {*table.columns} >= set(said[0]) >= {*FIRST} | {*said[2]}
    ):
        raise ValueError("it does not name its columns")
    return said[0], said[1], set(said[2])
