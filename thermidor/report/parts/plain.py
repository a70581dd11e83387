"""Text and numbers of a stranger's folder, made fit to be shown: bounded, printable, finite."""

from __future__ import annotations

import math
import unicodedata
from typing import Any

TITLE, NAME, TEXT = 200, 80, 4000  # letters shown of a title, of a name, of any other text
MOST_ITEMS = 5000
DEEPEST = 12
CUT = " … (cut)"
TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # they turn text round


def plain(text: object, most: int = TEXT) -> str:
    """Text without control characters and marks that turn its direction round, cut at a bound."""
    found = text if isinstance(text, str) else str(text)
    head = found[:most]
    if not (head.isascii() and head.isprintable()):
        head = "".join(_shown(c) for c in head)
    return head + CUT if len(found) > most else head


def _shown(letter: str) -> str:
    kind = unicodedata.category(letter)
    if kind == "Cs":  # half of a pair: it cannot be written as UTF-8
        return "\ufffd"
    if letter in "\n\t":
        return letter
    return "" if kind == "Cc" or letter in TURNING else letter


def bounded(data: Any, depth: int = DEEPEST) -> Any:
    """A JSON value with every text plain, every number finite, and no more items than can be shown.

    What is not a finite number, or lies too deep, becomes None.
    """
    if isinstance(data, str):
        return plain(data)
    if isinstance(data, float):
        return data if math.isfinite(data) else None
    if isinstance(data, int):  # bool too
        return data if abs(data) < 10**300 else None
    if not isinstance(data, dict | list) or not depth:
        return None
    if isinstance(data, list):
        return [bounded(x, depth - 1) for x in data[:MOST_ITEMS]]
    shown = list(data.items())[:MOST_ITEMS]
    return {plain(k, TITLE): bounded(v, depth - 1) for k, v in shown}
