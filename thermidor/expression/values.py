"""A tree computed on a table of futures: a number, a condition or a text for each row."""

from __future__ import annotations

import numpy as np
import polars as pl

from ..support.faults import Fault
from .check import FLAG, TEXT, outcome_faults
from .functions import RULES, Values, finite, truth
from .parser import parse
from .tree import Column, Literal, Node


def numbers(text: str, futures: pl.DataFrame) -> Values:
    """The value of an expression in every future, float[futures]; NaN where it has none.

    Conditions are 1 where they hold and 0 where they do not. Raises Fault if the text is no
    expression over these columns.
    """
    tree = parse(text)
    kinds = {c: TEXT if t == pl.String else FLAG for c, t in futures.schema.items()}
    faults = outcome_faults(tree, kinds)
    if faults:
        raise Fault(faults)
    with np.errstate(all="ignore"):
        return _values(tree, futures)


def holds(text: str, futures: pl.DataFrame) -> Values:
    """Whether a condition holds in every future, bool[futures]; without a value it does not."""
    return truth(numbers(text, futures)) == 1


def _values(tree: Node, futures: pl.DataFrame) -> Values:
    if isinstance(tree, Column):
        return _column(futures[tree.name])
    if isinstance(tree, Literal):
        return _constant(tree.value, futures.height)
    found = RULES[tree.name](*(_values(x, futures) for x in tree.of))
    return found if found.dtype == object else finite(found)


def _column(column: pl.Series) -> Values:
    if column.dtype == pl.String:
        return np.array(column.to_list(), object)
    return finite(column.cast(pl.Float64).to_numpy())


def _constant(value: float | str | bool | None, n: int) -> Values:
    if isinstance(value, str):
        return np.full(n, value, object)
    return np.full(n, np.nan if value is None else float(value))
