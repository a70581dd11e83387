"""The smallest effect that matters, where a test names none: by the kind of its outcome.

    share of futures, share, chance    1 of 100
    logarithm                          a factor of 1.05
    cost, count, day, money, the rest  5 % of the mean of the other side, or of the number

Where the other side is zero, the 5 % are of this side.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from ..expression.parser import parse
from ..expression.tree import Call, Column, Literal, Node
from ..wording import number

POINTS, FACTOR, PART = 0.01, 1.05, 0.05
LEAST = 1e-6  # nothing smaller is an effect in any unit of the model
FLAG, SHARE, REST = "flag", "share", "rest"
_LOGS = {"log10": math.log10(FACTOR), "log2": math.log2(FACTOR), "ln": math.log(FACTOR)}
_CONDITIONS = (
    "=",
    "<>",
    "<",
    "<=",
    ">",
    ">=",
    "and",
    "or",
    "not",
    "in",
    "between",
    "is null",
    "condition",
)
_KEEPING = (
    "negative",
    "abs",
    "round",
    "number",
    "coalesce",
    "nullif",
    "least",
    "greatest",
    "+",
    "-",
)


def outcome_kind(outcome: str, kinds: Mapping[str, str]) -> str:
    """flag (so or not so in a future), share, log10, log2, ln, or rest.

    kinds: kind of each column as the data dictionary has it.
    """
    return _kind(parse(outcome), {"survived": FLAG, **kinds}) or REST


def _kind(tree: Node, kinds: Mapping[str, str]) -> str | None:
    """The kind of a tree; None for a constant, which goes with any."""
    if isinstance(tree, Literal):
        return FLAG if isinstance(tree.value, bool) else None
    if isinstance(tree, Column):
        kind = kinds.get(tree.name, REST)
        return "ln" if kind == "log" else kind if kind in (FLAG, SHARE) else REST
    if tree.name in _CONDITIONS:
        return FLAG
    if tree.name in _LOGS:
        return tree.name
    return _shared(_results(tree), kinds, tree.name)


def _results(tree: Call) -> tuple[Node, ...]:
    """The parts of an operation that have the kind of the whole, if any have."""
    if tree.name == "case":
        return (*tree.of[1::2], tree.of[-1])
    return tree.of if tree.name in _KEEPING else ()


def _shared(of: tuple[Node, ...], kinds: Mapping[str, str], operation: str) -> str:
    found = {k for k in (_kind(x, kinds) for x in of) if k}
    if len(found) != 1:
        return SHARE if found == {FLAG, SHARE} else REST
    (kind,) = found
    return SHARE if kind == FLAG and operation in ("+", "-") else kind


def smallest(kind: str, other: float, own: float) -> tuple[float, str]:
    """The smallest effect that matters for an outcome of this kind, and where it comes from.

    other: mean of the other side, or the number that is tested against.  own: mean of this side.
    """
    if kind in (FLAG, SHARE):
        return POINTS, "by kind: a share"
    if kind in _LOGS:
        return _LOGS[kind], f"by kind: a logarithm, so a factor of {FACTOR:g}"
    side, mean = ("the other side", other) if other else ("this side", own)
    return max(PART * abs(mean), LEAST), f"by kind: {100 * PART:g} % of {number(mean)} on {side}"
