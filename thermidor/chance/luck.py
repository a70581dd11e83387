"""The luck of draws.py inside of compiled steps: the same names, the same numbers.

A name is hashed when the step is compiled, so it must be written out where it is drawn.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numba import njit, types, uint64
from numba.extending import overload_method

from ..kernels.bits import GOLDEN, fill_uniform, mix
from ..support.compiled import bare
from .draws import number_of
from .normal import quantile

Made = Callable[..., Any] | None
HELD = np.uint64(number_of("during"))


class Luck(NamedTuple):
    """The luck of one mechanism in one future today: a `Draw`, as compiled steps have it."""

    base: np.uint64
    today: np.uint64
    day: int


@njit(inline="always")
def luck(base: np.uint64, day: int) -> Luck:
    """The luck of a day.  base: of a mechanism in a future."""
    return Luck(base, mix(base + uint64(day + 1) * GOLDEN), day)  # (draws.1)


def method(name: str) -> Callable[[Callable[..., Made]], Any]:
    """A method of Luck for compiled code; made from the types of its arguments."""
    found: Any = overload_method(types.NamedTuple, name, prefer_literal=True)

    return lambda make: found(bare(make))


def _is_luck(draw: Any) -> bool:
    return getattr(draw, "instance_class", None) is Luck


def _named(draw: Any, name: Any) -> bool:
    return _is_luck(draw) and isinstance(name, types.StringLiteral)


@method("key")
def _key(draw: Any, name: Any) -> Made:
    if not _named(draw, name):
        return None
    number = np.uint64(number_of(name.literal_value))
    return lambda draw, name: mix(draw.today ^ number)  # (draws.1)


@method("uniform")
def _uniform(draw: Any, name: Any) -> Made:
    if not _named(draw, name):
        return None
    return lambda draw, name: ((draw.key(name) >> uint64(12)) + 0.5) / 4503599627370496.0


@method("uniforms")
def _uniforms(draw: Any, name: Any, n: Any) -> Made:
    if not _named(draw, name):
        return None
    return lambda draw, name, n: fill_uniform(draw.key(name), n)


@method("normal")
def _normal(draw: Any, name: Any) -> Made:
    if not _named(draw, name):
        return None
    return lambda draw, name: quantile(draw.uniform(name))


@method("exponential")
def _exponential(draw: Any, name: Any) -> Made:
    if not _named(draw, name):
        return None
    return lambda draw, name: -math.log(draw.uniform(name))


@method("happens")
def _happens(draw: Any, name: Any, probability: Any) -> Made:
    if not _named(draw, name):
        return None
    return lambda draw, name, probability: draw.uniform(name) < probability


@method("during")
def _during(draw: Any, days: Any) -> Made:
    if not _is_luck(draw):
        return None
    return lambda draw, days: luck(draw.base ^ HELD, draw.day // max(1, int(round(days))))
