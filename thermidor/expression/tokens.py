"""The words, numbers, texts and signs of an expression, each with its place."""

from __future__ import annotations

import re
from typing import NamedTuple

from ..support.faults import Fault

MOST_CHARACTERS = 4000
MOST_TOKENS = 300  # a tree is never deeper

_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<comment>--|/\*|\#)
  | (?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
  | (?P<text>'(?:[^']|'')*')
  | (?P<quoted>"(?:[^"]|"")*")
  | (?P<word>[^\W\d]\w*)
  | (?P<sign><>|!=|==|<=|>=|[-+*/%=<>(),.])
""",
    re.VERBOSE,
)
_SPELT = {"==": "=", "!=": "<>"}
_NEVER = {
    ";": "one expression only, without ';'",
    ":": "write cast(x as double) in place of '::'",
    "|": "write 'or' in place of '|'",
    "&": "write 'and' in place of '&'",
    "!": "write 'not' in place of '!'",
    "^": "write power(x, y) in place of '^'",
    "'": "the text that begins here does not end; close it with '",
    '"': 'the column that begins here does not end; close it with "',
}
_CURLY = "‘’“”`´«»"


class Token(NamedTuple):
    kind: str  # number, text, quoted, word, sign or end
    text: str
    at: int

    @property
    def word(self) -> str:
        """A keyword or a sign as the grammar knows it."""
        return {"word": self.text.lower(), "sign": self.text}.get(self.kind, "")

    @property
    def shown(self) -> str:
        """The token as a sentence names it."""
        if self.kind == "end":
            return "the end"
        text = self.text if len(self.text) <= 30 else self.text[:27] + "..."
        return "'" + "".join(c if c.isprintable() else "?" for c in text) + "'"


def fault(says: str, at: int) -> Fault:
    """What is wrong at a character of the text."""
    return Fault(f"{says} (character {at}).")


def tokens(text: str) -> list[Token]:
    """The tokens of a text, the last one being its end."""
    if len(text) > MOST_CHARACTERS:
        raise Fault(f"it has {len(text):,} characters; at most {MOST_CHARACTERS:,} are read.")
    out: list[Token] = []
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise _unknown(text[at], at + 1)
        kind, word = found.lastgroup or "", found.group()
        at = found.end()
        if kind == "comment":
            raise fault(f"'{word}' begins a comment, and an expression has none", found.start() + 1)
        if kind == "number" and re.match(r"[\w.]", text[at : at + 1]):
            raise fault(
                f"'{word}{text[at]}' is no number; write digits, a point and perhaps an "
                "exponent, such as 2.5e-3",
                found.start() + 1,
            )
        if kind != "space":
            out.append(Token(kind, _SPELT.get(word, word), found.start() + 1))
        if len(out) > MOST_TOKENS:
            raise fault(
                f"it has more than {MOST_TOKENS} words and signs; split it into several tests",
                found.start() + 1,
            )
    return [*out, Token("end", "", len(text) + 1)]


def _unknown(sign: str, at: int) -> Fault:
    if sign in _CURLY:
        return fault(
            f"{sign} is no quote of the language; a text stands in '...', a column in \"...\"", at
        )
    return fault(_NEVER.get(sign, f"{sign!r} is no sign of the language"), at)
