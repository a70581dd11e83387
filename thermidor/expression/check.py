"""What an expression is (a number, a condition, a text), and what does not fit in it.

All of this is known before anything is computed.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..support.faults import near
from .functions import COMPARISONS, FUNCTIONS, MOST_DIGITS, NUMERIC, SIGNS
from .tree import Call, Column, Literal, Node, columns, say

NUMBER, FLAG, CONDITION, TEXT, NOTHING = "number", "flag", "condition", "text", "null"
# a flag is a number that is 0 or 1: it may stand where a condition does
_SAID = {
    NUMBER: "a number",
    FLAG: "a number",
    CONDITION: "a condition",
    TEXT: "a text",
    NOTHING: "null",
}
_SHOWN = 40


def kind_of(tree: Node, known: Mapping[str, str], faults: list[str]) -> str:
    """The kind of a tree; what does not fit is added to the faults.

    known: kind of each column (number, flag or text).
    """
    for c in columns(tree):
        if c.name not in known:
            faults.append(f"there is no column '{c.name}' (character {c.at}).{near(c.name, known)}")
    if faults:
        return NUMBER
    if next(columns(tree), None) is None:
        faults.append("it reads no column of a future, so that it is the same in all of them.")
        return NUMBER
    return _Kinds(known, faults).of(tree)


def outcome_faults(tree: Node, known: Mapping[str, str]) -> list[str]:
    """What keeps a tree from being an outcome, which is a number or a condition."""
    faults: list[str] = []
    kind = kind_of(tree, known, faults)
    if not faults and kind == TEXT:
        faults.append(
            "it is a text, and an outcome is a number or a condition, such as "
            f"{_compared(tree, kind)}."
        )
    if not faults and kind == NOTHING:
        faults.append("it is null in every future.")
    return faults


def condition_faults(tree: Node, known: Mapping[str, str]) -> list[str]:
    """What keeps a tree from being a condition; a column of 0 and 1 is one."""
    faults: list[str] = []
    kind = kind_of(tree, known, faults)
    if not faults and kind not in (CONDITION, FLAG):
        faults.append(
            f"it is {_SAID[kind]}, not a condition; write a comparison, such as "
            f"{_compared(tree, kind)}."
        )
    return faults


def _shown(tree: Node) -> str:
    text = say(tree)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."


def _compared(tree: Node, kind: str) -> str:
    return f"{_shown(tree)} = 'coup'" if kind == TEXT else f"{_shown(tree)} > 0"


class _Kinds:
    """Goes through a tree from its leaves up and notes what does not fit."""

    def __init__(self, known: Mapping[str, str], faults: list[str]):
        self._known, self._faults = known, faults

    def of(self, tree: Node) -> str:
        if isinstance(tree, Column):
            return self._known[tree.name]
        if isinstance(tree, Literal):
            return _of_constant(tree.value)
        return self._call(tree, [self.of(x) for x in tree.of])

    def _call(self, tree: Call, kinds: list[str]) -> str:
        name = tree.name
        if name in SIGNS or name in NUMERIC or name == "negative":
            self._numbers(tree, kinds)
            return NUMBER
        if name in COMPARISONS or name == "between":
            self._numbers(tree, kinds)
            return CONDITION
        if name in ("=", "<>", "in"):
            self._alike(tree, kinds, tree.of, nothing=False)
            return CONDITION
        if name in ("and", "or", "not"):
            for x, kind in zip(tree.of, kinds, strict=True):
                self._condition(x, kind, f"'{name}'")
            return CONDITION
        if name == "case":
            return self._case(tree, kinds)
        if name in FUNCTIONS:  # coalesce and nullif
            return self._alike(tree, kinds, tree.of, nothing=True)
        if name == "is null":
            return CONDITION
        return self._cast(tree, kinds[0])

    def _numbers(self, tree: Call, kinds: list[str]) -> None:
        for x, kind in zip(tree.of, kinds, strict=True):
            if kind in (NUMBER, FLAG):
                continue
            repair = {
                CONDITION: f"write case when {_shown(x)} then 1 else 0 end",
                TEXT: "texts are compared by =, <> and in",
                NOTHING: "write 'is null'",
            }[kind]
            sign = "-" if tree.name == "negative" else tree.name
            self._say(x, f"{_shown(x)} is {_SAID[kind]}, and '{sign}' takes numbers; {repair}")
        if tree.name == "round" and len(tree.of) == 2 and not _digits(tree.of[1]):
            self._say(
                tree.of[1],
                f"'round' takes a whole number of digits from 0 to {MOST_DIGITS} "
                "as its second value",
            )

    def _condition(self, x: Node, kind: str, where: str) -> None:
        if kind not in (CONDITION, FLAG):
            repair = "write 'is null'" if kind == NOTHING else f"write {_compared(x, kind)}"
            self._say(x, f"{_shown(x)} is {_SAID[kind]}, and {where} takes conditions; {repair}")

    def _alike(self, tree: Call, kinds: list[str], of: tuple[Node, ...], nothing: bool) -> str:
        """The one kind that several values share. nothing: whether null may be among them."""
        some = [k for k in kinds if k != NOTHING]
        shared = next((k for k in some if k != FLAG), some[0] if some else NOTHING)
        for x, kind in zip(of, kinds, strict=True):
            if kind == NOTHING and not nothing:
                self._say(x, "nothing equals null; write 'is null' or 'is not null'")
            elif kind not in (NOTHING, shared) and not (kind == FLAG and shared != TEXT):
                self._say(
                    x,
                    f"{_shown(x)} is {_SAID[kind]}, and '{tree.name}' has "
                    f"{_SAID[shared]} beside it",
                )
        return shared

    def _case(self, tree: Call, kinds: list[str]) -> str:
        for x, kind in zip(tree.of[:-1:2], kinds[:-1:2], strict=True):
            self._condition(x, kind, "'when'")
        chosen = (*tree.of[1::2], tree.of[-1])
        return self._alike(tree, [*kinds[1::2], kinds[-1]], chosen, nothing=True)

    def _cast(self, tree: Call, kind: str) -> str:
        if kind in (TEXT, NOTHING):
            self._say(tree.of[0], f"{_shown(tree.of[0])} is {_SAID[kind]} and cannot be cast")
        if tree.name == "condition":
            return CONDITION
        return FLAG if kind in (CONDITION, FLAG) else NUMBER

    def _say(self, at: Node, sentence: str) -> None:
        self._faults.append(f"{sentence} (character {at.at}).")


def _of_constant(value: float | str | bool | None) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return CONDITION
    return TEXT if isinstance(value, str) else NUMBER


def _digits(tree: Node) -> bool:
    """Whether a node is a number of digits that one may round to."""
    if not isinstance(tree, Literal) or isinstance(tree.value, (bool, str)) or tree.value is None:
        return False
    return tree.value in range(MOST_DIGITS + 1)
