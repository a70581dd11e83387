"""An expression as a tree of three kinds of node, and the text that it stands for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*", re.ASCII)
KEYWORDS = frozenset(
    (
        "and",
        "or",
        "not",
        "in",
        "is",
        "null",
        "between",
        "case",
        "when",
        "then",
        "else",
        "end",
        "cast",
        "as",
        "true",
        "false",
    )
)
NOT, COMPARED, NEGATIVE, CLOSED = 3, 4, 7, 8  # how tightly a sign or a word binds
STRENGTH = {"or": 1, "and": 2, "+": 5, "-": 5, "*": 6, "/": 6, "%": 6} | dict.fromkeys(
    ("=", "<>", "<", "<=", ">", ">=", "in", "is", "between", "not"), COMPARED
)
_CASTS = {"number": "double", "whole": "integer", "condition": "boolean"}


@dataclass(frozen=True)
class Literal:
    """A number, a text, true, false or null."""

    value: float | str | bool | None
    at: int = field(default=1, compare=False)  # character of the text, the first being 1


@dataclass(frozen=True)
class Column:
    name: str
    at: int = field(default=1, compare=False)


@dataclass(frozen=True)
class Call:
    """An operation on other nodes: a sign, a word or a function of functions.py."""

    name: str
    of: tuple[Node, ...]
    at: int = field(default=1, compare=False)


Node = Literal | Column | Call


def columns(tree: Node) -> Iterator[Column]:
    """Every column that the tree reads, in the order of the text."""
    if isinstance(tree, Column):
        yield tree
    elif isinstance(tree, Call):
        for x in tree.of:
            yield from columns(x)


def say(tree: Node) -> str:
    """The text of a tree; parsed again it gives the same tree."""
    if isinstance(tree, Column):
        bare = PLAIN.fullmatch(tree.name) and not KEYWORDS & set(tree.name.lower().split("."))
        return tree.name if bare else _quoted(tree.name, '"')
    return _constant(tree.value) if isinstance(tree, Literal) else _call(tree)


def _constant(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _quoted(value, "'")
    return f"{value:.0f}" if value == int(value) and value < 1e15 else repr(value)


def _quoted(text: str, sign: str) -> str:
    return sign + text.replace(sign, 2 * sign) + sign


def _bound(tree: Node) -> int:
    """How tightly the outermost sign or word of a tree binds."""
    if not isinstance(tree, Call):
        return CLOSED
    return {"not": NOT, "negative": NEGATIVE, "is null": COMPARED}.get(tree.name) or STRENGTH.get(
        tree.name, CLOSED
    )


def _within(tree: Node, least: int) -> str:
    """The text of a tree, in parentheses where it binds less tightly than it must."""
    return say(tree) if _bound(tree) >= least else f"({say(tree)})"


def _call(tree: Call) -> str:
    name, of = tree.name, tree.of
    match name:
        case "negative":
            return f"- {_within(of[0], NEGATIVE)}"
        case "not":
            return f"not {_within(of[0], NOT)}"
        case "is null":
            return f"{_within(of[0], COMPARED + 1)} is null"
        case "between":
            x, low, high = (_within(v, COMPARED + 1) for v in of)
            return f"{x} between {low} and {high}"
        case "in":
            return f"{_within(of[0], COMPARED + 1)} in ({', '.join(map(say, of[1:]))})"
        case "case":
            pairs = zip(of[:-1:2], of[1:-1:2], strict=True)
            whens = " ".join(f"when {say(c)} then {say(v)}" for c, v in pairs)
            return f"case {whens} else {say(of[-1])} end"
        case "number" | "whole" | "condition":
            return f"cast({say(of[0])} as {_CASTS[name]})"
    if name in STRENGTH:
        own = STRENGTH[name]
        left = _within(
            of[0], own + 1 if own == COMPARED else own
        )  # comparisons do not follow each other
        return f"{left} {name} {_within(of[1], own + 1)}"
    return f"{name}({', '.join(map(say, of))})"
