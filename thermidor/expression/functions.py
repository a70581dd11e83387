"""What an expression may do with values: each operation, and how it is computed.

Values are arrays of a row a future. A number that is not there is NaN; a condition is 1, 0 or NaN;
a text is a text or None. What has no finite value, such as a division by zero, is not there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

Values = np.ndarray
Rule = Callable[..., Values]
MOST_DIGITS = 12


@dataclass(frozen=True)
class Function:
    """A function that may be called by name: what it gives, how many values it takes, its rule."""

    says: str
    fewest: int
    most: int
    rule: Rule


def finite(x: Values) -> Values:
    """x where it is a number that can be told, else NaN."""
    return np.where(np.isfinite(x), x, np.nan)


def truth(x: Values) -> Values:
    """A condition, or a column of 0 and 1, as a condition."""
    return np.where(np.isnan(x), np.nan, x != 0)


def equal(a: Values, b: Values) -> Values:
    if a.dtype == object or b.dtype == object:
        known = np.array([x is not None and y is not None for x, y in zip(a, b, strict=True)], bool)
        return np.where(known, (a == b).astype(float), np.nan)
    return compared(np.equal, a, b)


def compared(sign: np.ufunc, a: Values, b: Values) -> Values:
    return np.where(np.isnan(a) | np.isnan(b), np.nan, sign(a, b))


def both(a: Values, b: Values) -> Values:
    """And: false where one is false, else not there where one is not there."""
    return np.where((a == 0) | (b == 0), 0.0, a * b)


def either(a: Values, b: Values) -> Values:
    """Or: true where one is true, else not there where one is not there."""
    return np.where((a == 1) | (b == 1), 1.0, a + b)


def missing(x: Values) -> Values:
    if x.dtype == object:
        return np.array([v is None for v in x], float)
    return np.isnan(x).astype(float)


def among(x: Values, *options: Values) -> Values:
    out = equal(x, options[0])
    for o in options[1:]:
        out = either(out, equal(x, o))
    return out


def within(x: Values, low: Values, high: Values) -> Values:
    return both(compared(np.greater_equal, x, low), compared(np.less_equal, x, high))


def alike(values: tuple[Values, ...]) -> tuple[Values, ...]:
    """All of them texts if one is a text: a null among texts is no text."""
    if not any(x.dtype == object for x in values):
        return values
    return tuple(x if x.dtype == object else np.full(len(x), None, object) for x in values)


def coalesce(*values: Values) -> Values:
    values = alike(values)
    out = values[0]
    for v in values[1:]:
        out = np.where(missing(out) == 1, v, out)
    return out


def unless(x: Values, y: Values) -> Values:
    """nullif: x, not there where it equals y."""
    x, y = alike((x, y))
    nothing: Any = None if x.dtype == object else np.nan
    return np.where(equal(x, y) == 1, nothing, x)


def chosen(*values: Values) -> Values:
    """case: the value of the first condition that is true, or the last of all."""
    *results, out = alike((*values[1::2], values[-1]))
    for condition, result in zip(reversed(values[:-1:2]), reversed(results), strict=True):
        out = np.where(truth(condition) == 1, result, out)
    return out


def rounded(x: Values, digits: Values | None = None) -> Values:
    if digits is None or not len(digits):
        return np.round(x)
    return np.round(x, int(digits[0]))


def logarithm(x: Values, base: Values) -> Values:
    return np.log(x) / np.log(base)


SIGNS: dict[str, Rule] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "%": np.fmod,
}
COMPARISONS = {"<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal}
WORDS: dict[str, Rule] = {
    "=": equal,
    "<>": lambda a, b: 1 - equal(a, b),
    "in": among,
    "between": within,
    "and": lambda a, b: both(truth(a), truth(b)),
    "or": lambda a, b: either(truth(a), truth(b)),
    "not": lambda x: 1 - truth(x),
    "is null": missing,
    "negative": np.negative,
    "case": chosen,
    "number": np.positive,
    "whole": np.trunc,
    "condition": truth,
}
NUMERIC = {  # numbers in, a number out
    "abs": Function("size without its sign", 1, 1, np.abs),
    "sign": Function("-1, 0 or 1", 1, 1, np.sign),
    "floor": Function("next whole number below", 1, 1, np.floor),
    "ceil": Function("next whole number above", 1, 1, np.ceil),
    "round": Function(
        "nearest whole number, or with 0 to 12 digits; halves go to the even one", 1, 2, rounded
    ),
    "sqrt": Function("square root", 1, 1, np.sqrt),
    "exp": Function("e to this power", 1, 1, np.exp),
    "ln": Function("natural logarithm", 1, 1, np.log),
    "log10": Function("logarithm to base 10", 1, 1, np.log10),
    "log2": Function("logarithm to base 2", 1, 1, np.log2),
    "log": Function("logarithm of the first value to the base of the second", 2, 2, logarithm),
    "power": Function("the first value to the power of the second", 2, 2, np.power),
    "least": Function("smallest of the values that are there", 2, 20, lambda *x: np.fmin.reduce(x)),
    "greatest": Function(
        "largest of the values that are there", 2, 20, lambda *x: np.fmax.reduce(x)
    ),
}
ANY = {  # values of one kind in, the same kind out
    "coalesce": Function("the first of the values that is there", 2, 20, coalesce),
    "nullif": Function("the first value, or nothing where it equals the second", 2, 2, unless),
}
FUNCTIONS = NUMERIC | ANY
SYNONYMS = {"pow": "power", "ceiling": "ceil"}
RULES: dict[str, Rule] = (
    SIGNS
    | WORDS
    | {name: f.rule for name, f in FUNCTIONS.items()}
    | {name: partial(compared, sign) for name, sign in COMPARISONS.items()}
)
