"""Numbers and dates as people write them: read where clear, else told how to write them."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import Any

_PLAIN = re.compile(r"[-+]?(\d[\d_]*\.?\d*|\.\d+)([eE][-+]?\d+)?", re.ASCII)
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_GROUPS = re.compile(r"([-+]?\d{1,3})((?:[ ,.'’\u00a0\u202f]\d{3})+)", re.ASCII)
_COMMA = re.compile(r"([-+]?\d*),(\d+)", re.ASCII)
_PERCENT = re.compile(r"([-+]?\d+(?:[.,]\d+)?)\s*%", re.ASCII)
_UNKNOWN = {"na", "n/a", "nan", "nil", "none", "null", "unknown", "?", "-", "inf", "infinity"}


def number(x: Any) -> Any:
    """A text that is a plain number ("60", "0.28") as that number; anything else as it is."""
    if not isinstance(x, str) or len(x) > 40 or not _PLAIN.fullmatch(x.strip()):
        return x
    text = x.strip().replace("_", "")
    return int(text) if re.fullmatch(r"[-+]?\d+", text) else float(text)


def whole(x: Any) -> Any:
    """As `number`, and 60.0 as 60, for counts."""
    x = number(x)
    return int(x) if isinstance(x, float) and x.is_integer() else x


def date(x: Any) -> Any:
    """A text such as "2025-06-16" as that date; anything else as it is."""
    found = _DATE.fullmatch(x.strip()) if isinstance(x, str) else None
    try:
        return dt.date(*map(int, found.groups())) if found else x
    except ValueError:
        return x


def is_date(x: Any) -> bool:
    """Whether a text has the form of a date."""
    return isinstance(x, str) and bool(_DATE.fullmatch(x.strip()))


def repair(text: str) -> str:
    """How the number that a text may mean is written, as the end of a sentence; or nothing."""
    if len(text) > 40:
        return ""
    text = "".join(str(unicodedata.decimal(c, c)) for c in text.strip())  # digits of other scripts
    if text.lower() in _UNKNOWN:
        return "; leave the entry out if it is not known"
    if found := _PERCENT.fullmatch(text):
        return f"; write a part of one, {float(found[1].replace(',', '.')) / 100:g}"
    if found := _GROUPS.fullmatch(text):
        thousands = found[1] + re.sub(r"\D", "", found[2])
        if "," in found[2] and len(found[2]) == 4:
            return (
                f"; numbers have a point and no comma: write {thousands}, "
                f"or {found[1]}.{found[2][1:]} where the comma is the point"
            )
        return f"; thousands are not set apart by points, commas or spaces: write {thousands}"
    if found := _COMMA.fullmatch(text):
        return f"; numbers have a point and no comma: write {found[1] or 0}.{found[2]}"
    return f"; write {text}" if _PLAIN.fullmatch(text) else ""
