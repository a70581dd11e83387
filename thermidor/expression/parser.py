"""From a text to a tree, by how tightly signs and words bind.

    value = number | 'text' | true | false | null | column | "column" | (value) | - value
          | function(value, ...) | cast(value as double | integer | boolean)
          | case when condition then value ... [else value] end

From loose to tight bind: or; and; not; comparisons, between, in, is [not] null; + -; * / %; the
sign of a number.
"""

from __future__ import annotations

import math

from ..support.faults import Fault, near
from .functions import FUNCTIONS, SYNONYMS
from .tokens import Token, fault, tokens
from .tree import COMPARED, KEYWORDS, NEGATIVE, NOT, STRENGTH, Call, Column, Literal, Node

MOST_DEPTH = 25  # parentheses, functions and signs inside one another

_CASTS = {
    "double": "number",
    "float": "number",
    "real": "number",
    "boolean": "condition",
    "bool": "condition",
    "integer": "whole",
    "int": "whole",
    "bigint": "whole",
}
_COMPARISONS = tuple(word for word, strength in STRENGTH.items() if strength == COMPARED)
_AGGREGATES = frozenset(
    (
        "count",
        "sum",
        "total",
        "avg",
        "mean",
        "min",
        "max",
        "median",
        "mode",
        "std",
        "stddev",
        "stddev_pop",
        "stddev_samp",
        "var",
        "variance",
        "var_pop",
        "var_samp",
        "quantile",
        "quantile_cont",
        "quantile_disc",
        "percentile_cont",
        "first",
        "last",
        "any_value",
        "array_agg",
        "string_agg",
        "group_concat",
        "corr",
        "covar_pop",
        "covar_samp",
        "row_number",
        "rank",
        "dense_rank",
        "lag",
        "lead",
    )
)
_INSTEAD = {
    "min": "; the smaller of two columns is least(a, b)",
    "max": "; the larger of two is greatest(a, b)",
}
_TABLES = frozenset(
    (
        "select",
        "from",
        "where",
        "with",
        "exists",
        "join",
        "union",
        "values",
        "table",
        "having",
        "group",
        "order",
        "limit",
        "over",
    )
)


def parse(text: str) -> Node:
    """The tree of an expression. Raises Fault with the place in the text and the likely repair."""
    found = tokens(text)
    if len(found) == 1:
        raise Fault("it is empty; name a column, such as survived.")
    return _Parser(found).whole()


class _Parser:
    """Reads tokens from left to right; the next one decides what is read."""

    def __init__(self, found: list[Token]):
        self._tokens, self._k, self._depth = found, 0, 0

    def whole(self) -> Node:
        tree = self._value(0)
        if self._next.kind != "end":
            raise _stranger(self._next)
        return tree

    @property
    def _next(self) -> Token:
        return self._tokens[self._k]

    def _take(self) -> Token:
        self._k += 1
        return self._tokens[self._k - 1]

    def _found(self, word: str) -> bool:
        """Take the next token if it is this word or sign."""
        if self._next.word != word:
            return False
        self._k += 1
        return True

    def _need(self, word: str, of: str) -> None:
        t = self._next
        if not self._found(word):
            if t.word in _TABLES:
                raise _stranger(t)
            raise fault(f"{of} needs '{word}' where {t.shown} stands", t.at)

    def _value(self, strength: int) -> Node:
        """A value, and what is joined to it more tightly than by `strength`."""
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise fault(
                f"values are nested deeper than {MOST_DEPTH} levels; split it into several tests",
                self._next.at,
            )
        left = self._first()
        while STRENGTH.get(self._next.word, 0) > strength:
            left = self._joined(left, self._take())
        self._depth -= 1
        return left

    def _first(self) -> Node:
        t = self._take()
        match t.kind:
            case "number":
                if not math.isfinite(float(t.text)):
                    raise fault(f"{t.shown} is too large a number", t.at)
                return Literal(float(t.text), t.at)
            case "text":
                return Literal(t.text[1:-1].replace("''", "'"), t.at)
            case "quoted":
                return Column(t.text[1:-1].replace('""', '"'), t.at)
            case "word":
                return self._word(t)
            case "end":
                raise fault("it breaks off where a value should follow", t.at)
        match t.word:
            case "(":
                inside = self._value(0)
                self._need(")", "a parenthesis")
                return inside
            case "-":
                return Call("negative", (self._value(NEGATIVE),), t.at)
            case "+":
                return self._value(NEGATIVE)
        raise fault(f"{t.shown} stands where a value should", t.at)

    def _word(self, t: Token) -> Node:
        match t.word:
            case "true" | "false":
                return Literal(t.word == "true", t.at)
            case "null":
                return Literal(None, t.at)
            case "not":
                return Call("not", (self._value(NOT),), t.at)
            case "case":
                return self._case()
            case "cast":
                return self._cast(t)
            case "select":
                raise _stranger(t)
        if t.word in KEYWORDS:
            raise fault(f"'{t.text}' stands where a value should", t.at)
        if self._next.word == "(":
            return self._function(t)
        name = t.text
        while self._found("."):
            part = self._take()
            if part.kind != "word":
                raise fault(f"a name breaks off after '{name}.'", part.at)
            name += "." + part.text
        return Column(name, t.at)

    def _function(self, t: Token) -> Node:
        name = SYNONYMS.get(t.word, t.word)
        if name in _TABLES:
            raise _stranger(t)
        if name in _AGGREGATES:
            raise fault(
                f"'{t.text}' runs over futures, and an expression reads one future, not "
                "all of them; the test takes the mean itself" + _INSTEAD.get(name, ""),
                t.at,
            )
        if name not in FUNCTIONS:
            raise Fault(
                f"there is no function {t.shown} (character {t.at}); allowed: "
                f"{', '.join(sorted(FUNCTIONS))}.{near(name, FUNCTIONS)}"
            )
        self._take()
        of: list[Node] = []
        while not self._found(")"):
            if of:
                self._need(",", f"{t.text}(...)")
            of.append(self._value(0))
        allowed = FUNCTIONS[name]
        if not allowed.fewest <= len(of) <= allowed.most:
            if name == "log" and len(of) == 1:
                raise fault("'log' needs its base: write ln(x), log10(x) or log(x, base)", t.at)
            wanted = f"{allowed.fewest}"
            if allowed.most > allowed.fewest:
                wanted += f" to {allowed.most}"
            values = "value" if wanted == "1" else "values"
            raise fault(f"'{t.text}' takes {wanted} {values}, not {len(of)}", t.at)
        return Call(name, tuple(of), t.at)

    def _case(self) -> Node:
        t, of = self._next, []
        if t.word != "when":
            raise fault(f"'case' needs 'when' and a condition where {t.shown} stands", t.at)
        while self._found("when"):
            of.append(self._value(0))
            self._need("then", "'case when'")
            of.append(self._value(0))
        of.append(self._value(0) if self._found("else") else Literal(None, self._next.at))
        self._need("end", "'case'")
        return Call("case", tuple(of), t.at)

    def _cast(self, t: Token) -> Node:
        self._need("(", "'cast'")
        inside = self._value(0)
        self._need("as", "'cast'")
        to = self._take()
        if to.word not in _CASTS:
            raise fault(f"a value is cast as double, integer or boolean, not as {to.shown}", to.at)
        self._need(")", "'cast'")
        return Call(_CASTS[to.word], (inside,), t.at)

    def _joined(self, left: Node, t: Token) -> Node:
        """What a sign or a word after a value makes of it."""
        if t.word == "not":
            if self._next.word not in ("in", "between"):
                raise fault("'not' after a value is followed by 'in' or 'between'", t.at)
            return Call("not", (self._joined(left, self._take()),), t.at)
        made = self._pair(left, t)
        if t.word in _COMPARISONS and self._next.word in _COMPARISONS:
            raise fault(
                "two comparisons follow each other; join them by 'and', or put one in parentheses",
                self._next.at,
            )
        return made

    def _pair(self, left: Node, t: Token) -> Node:
        match t.word:
            case "is":
                turned = self._found("not")
                self._need("null", "'is'")
                made = Call("is null", (left,), t.at)
                return Call("not", (made,), t.at) if turned else made
            case "between":
                low = self._value(COMPARED)
                self._need("and", "'between'")
                return Call("between", (left, low, self._value(COMPARED)), t.at)
            case "in":
                return Call("in", (left, *self._options()), t.at)
        return Call(t.word, (left, self._value(STRENGTH[t.word])), t.at)

    def _options(self) -> list[Node]:
        self._need("(", "'in'")
        of = [self._value(0)]
        while self._found(","):
            of.append(self._value(0))
        self._need(")", "'in'")
        return of


def _stranger(t: Token) -> Fault:
    """A token that stands where an expression has ended, or that begins a query."""
    if t.word in _TABLES:
        return fault(
            f"'{t.text}' asks for a table, and an expression reads the columns of one future", t.at
        )
    if t.word == ")":
        return fault("')' closes nothing", t.at)
    if t.word == ",":
        return fault(
            "a ',' stands only between the values of a function or of 'in'; a number is "
            "written without it, as 1000",
            t.at,
        )
    return fault(
        f"{t.shown} follows a value; a sign such as + or >, or a word such as 'and', must "
        "join them",
        t.at,
    )
