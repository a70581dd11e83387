"""A tree computed on a table of futures: a number, a condition or a text for each row."""
from __future__ import annotations

import numpy as np
import polars as pl

from ..faults import Fault
from .check import FLAG, TEXT, outcome_faults
from .functions import (
    COMPARISONS,
    FUNCTIONS,
    NUMERIC,
    SIGNS,
    Values,
    among,
    both,
    chosen,
    compared,
    either,
    equal,
    finite,
    missing,
    truth,
    within,
)
from .parser import parse
from .tree import Call, Column, Literal, Node


def numbers(text: str, futures: pl.DataFrame) -> Values:
    """The value of an expression in every future, float[futures]; NaN where it has none.

    Conditions are 1 where they hold and 0 where they do not. Raises Fault if the text is no expression over these columns.
    """
    tree = parse(text)
    kinds = {c: TEXT if t == pl.String else FLAG for c, t in futures.schema.items()}
    faults = outcome_faults(tree, kinds)
    if faults:
        raise Fault(faults)
    with np.errstate(all="ignore"):
        return _values(tree, futures)


def holds(text: str, futures: pl.DataFrame) -> Values:
    """Whether a condition holds in every future, bool[futures]; where it has no value it does not hold."""
    return truth(numbers(text, futures)) == 1


def _values(tree: Node, futures: pl.DataFrame) -> Values:
    if isinstance(tree, Column):
        return _column(tree, futures)
    if isinstance(tree, Literal):
        return _constant(tree.value, futures.height)
    of = [_values(x, futures) for x in tree.of]
    name = tree.name
    if name in SIGNS:
        return finite(SIGNS[name](*of))
    if name in COMPARISONS:
        return compared(COMPARISONS[name], *of)
    if name in NUMERIC:
        return finite(FUNCTIONS[name].rule(*of))
    if name in FUNCTIONS:
        return FUNCTIONS[name].rule(*_alike(of))
    return _word(tree, of)


def _word(tree: Call, of: list[Values]) -> Values:
    match tree.name:
        case "=":
            return equal(*of)
        case "<>":
            return 1 - equal(*of)
        case "and":
            return both(truth(of[0]), truth(of[1]))
        case "or":
            return either(truth(of[0]), truth(of[1]))
        case "not":
            return 1 - truth(of[0])
        case "negative":
            return -of[0]
        case "is null":
            return missing(of[0])
        case "between":
            return within(*of)
        case "in":
            return among(*of)
        case "case":
            return _chosen(of)
        case "number":
            return of[0]
        case "whole":
            return np.trunc(of[0])
        case "condition":
            return truth(of[0])
    raise Fault(f"'{tree.name}' is no operation of the language.")


def _chosen(of: list[Values]) -> Values:
    """case, whose conditions stay numbers while its values are made alike."""
    results = [*range(1, len(of), 2), len(of) - 1]
    for k, x in zip(results, _alike([of[k] for k in results]), strict=True):
        of[k] = x
    return chosen(*of)


def _alike(of: list[Values]) -> list[Values]:
    """All of them texts if one is a text: a null among texts is no text."""
    if not any(x.dtype == object for x in of):
        return of
    return [x if x.dtype == object else np.full(len(x), None, object) for x in of]


def _column(tree: Column, futures: pl.DataFrame) -> Values:
    column = futures[tree.name]
    if column.dtype == pl.String:
        return np.array([*column.to_list(), None], object)[:-1]  # one more, so that it is of objects even if empty
    return finite(column.cast(pl.Float64).to_numpy())


def _constant(value: float | str | bool | None, n: int) -> Values:
    if isinstance(value, str):
        return np.full(n, value, object)
    return np.full(n, np.nan if value is None else float(value))
