"""Letters that a console can show: near ones for those that it lacks, visible escapes for those
that act.

A title or a reason comes from a stranger. On its way to a terminal an escape character could move
the cursor, a bidirectional override could turn a sentence round, so both are shown (`\\x1b`,
`\\u202e`) and not obeyed. This is the only place that does so.
"""

from __future__ import annotations

import codecs
import json
import re
import unicodedata
from functools import partial
from typing import Any

from ..support.writing import to_json

_ACTS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters but tab and line feed
    "\u2028-\u202e\u2066-\u2069"  # ends of lines, embeddings, overrides and isolates
    "\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)  # marks, halves of characters, tags
_SPELT = {
    "\u00a0": " ",
    "\u2007": " ",
    "\u2009": " ",
    "\u202f": " ",
    "\u200b": "",
    "\u200c": "",
    "\u200d": "",
    "–": "-",
    "—": "-",
    "‐": "-",
    "‑": "-",
    "‒": "-",
    "―": "-",
    "−": "-",
    "━": "-",
    "─": "-",
    "“": '"',
    "”": '"',
    "„": '"',
    "«": '"',
    "»": '"',
    "‘": "'",
    "’": "'",
    "‚": "'",
    "′": "'",
    "″": '"',
    "…": "...",
    "×": "x",
    "÷": "/",
    "⁄": "/",
    "·": ".",
    "•": "*",
    "→": "->",
    "←": "<-",
    "⇒": "=>",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "≈": "~",
    "±": "+/-",
    "∞": "inf",
    "√": "sqrt",
    "°": " deg",
    "€": "EUR",
    "£": "GBP",
    "ß": "ss",
    "æ": "ae",
    "Æ": "Ae",
    "ø": "o",
    "Ø": "O",
    "œ": "oe",
    "ł": "l",
    "Ł": "L",
    "đ": "d",
    "ı": "i",
    "þ": "th",
    "ð": "d",
}
_RAISED, _LOWERED = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻]+"), re.compile("[₀₁₂₃₄₅₆₇₈₉₊₋]+")


def visible(text: Any) -> str:
    """A stranger's text with every character that would act on a terminal written out as its
    escape."""
    return _ACTS.sub(lambda m: m[0].encode("unicode_escape").decode(), str(text))


def _marked(mark: str, found: re.Match[str]) -> str:
    return mark + _plain(found[0])


def near(text: str, encoding: str) -> str:
    """A text in the letters of an encoding: `10⁻⁴ – “no”` is `10^-4 - "no"` on an ASCII console."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        for pattern, mark in ((_RAISED, "^"), (_LOWERED, "_")):
            text = pattern.sub(partial(_marked, mark), text)
        return text.encode(encoding, "thermidor.near").decode(encoding)
    return text


def machine(data: Any, encoding: str) -> str:
    """JSON for a stream: in ASCII where its encoding is not UTF-8, with no letter that acts on a
    terminal and no NaN."""
    text = to_json(data, ascii_only=not is_utf8(encoding))
    return _ACTS.sub(lambda m: json.dumps(m[0])[1:-1], text)


def is_utf8(encoding: str) -> bool:
    try:
        return codecs.lookup(encoding).name == "utf-8"
    except LookupError:
        return False


def _replaced(error: UnicodeError) -> tuple[str, int]:
    """What codecs ask when letters do not exist in an encoding: near ones, else a question mark for
    each."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return _plain(error.object[error.start : error.end]), error.end


def _plain(text: str) -> str:
    return "".join(c if c.isascii() else _letter(c) for c in text)


def _letter(c: str) -> str:
    if c in _SPELT:
        return _SPELT[c]
    if _ACTS.match(c):
        return visible(c)
    bare = unicodedata.normalize("NFKD", c)
    spelt = "".join(x if x.isascii() else _SPELT.get(x, "") for x in bare)
    return spelt if spelt or unicodedata.combining(c) else "?"


codecs.register_error("thermidor.near", _replaced)
