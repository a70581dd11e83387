"""Cells of a table as people write them: nothing in many words, numbers with commas, dates.

What is wrong with a cell is a ValueError that names the column, the value and what is allowed.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

EMPTY = {
    "",
    "na",
    "n/a",
    "n.a.",
    "<na>",
    "#n/a",
    "nan",
    "nat",
    "null",
    "(null)",
    "none",
    "missing",
    "\\n",
    ".",
    "..",
    "...",
    "-",
    "--",
    "–",
    "—",
    "?",
    "-99",
    "-99.0",
    "-999",
    "-999.0",
    "-9999",
    "-9999.0",
}
EMPTY_COUNTS = (-9.0, -66.0, -77.0, -88.0)  # are empty too where a number cannot be below 0
GROUPED = re.compile(r"[1-9]\d{0,2}([.,' ’])\d{3}(?:\1\d{3})*")  # 1,234,567 and its kin
DECIMALS = re.compile(r"[+-]?(?:\d*|\d{1,3}(?:[.,' ’]\d{3})+)([.,])\d+")
YEAR_FIRST = re.compile(r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})")
DAY_FIRST = re.compile(r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})")


@dataclass(frozen=True)
class Row:
    """A row of a table: its line in the file, its cells by column, and what is wrong with it.

    marks: which of "," and "." stand before decimals elsewhere in the table.
    """

    line: int
    cells: dict[str, str]
    marks: frozenset[str]
    fault: str | None = None

    def text(self, column: str) -> str:
        """The cell, or an empty string where the column, or the value, is missing."""
        found = self.cells.get(column, "")
        return "" if found.casefold() in EMPTY else found

    def number(
        self, column: str, low: float = 0.0, high: float = math.inf, allowed: str = ""
    ) -> float | None:
        """The cell as a number between low and high, or None. allowed: the limits in words."""
        text = self.text(column)
        if not text:
            return None
        x = decimal(text, column, self.marks)
        if low >= 0 and x in EMPTY_COUNTS:
            return None
        if not low <= x <= high:
            limits = f"at least {low:g}" if high == math.inf else f"between {low:g} and {high:g}"
            raise ValueError(f"{column} = {shown(text)} must be {allowed or limits}")
        return x

    def date(self, column: str) -> dt.date | None:
        """The cell as a day that has passed, or None."""
        text = self.text(column)
        if not text:
            return None
        day = calendar_day(text, column)
        if day > dt.date.today():
            raise ValueError(f"{column} = {shown(text)} lies in the future")
        return day


def shown(text: str) -> str:
    """A cell in a sentence: in quotes, cut where it is long."""
    return f"'{text}'" if len(text) <= 60 else f"'{text[:57]}...'"


def marks_of(cells: Sequence[str], separator: str) -> frozenset[str]:
    """What stands before decimals, judged by numbers that can be read in one way only.

    Both marks, or none, where that cannot be told; in a table parted by commas it is the point.
    """
    short = [c for c in cells if len(c) < 25 and not GROUPED.fullmatch(c.lstrip("+-"))]
    found = {one_way[1] for c in short if (one_way := DECIMALS.fullmatch(c))}
    return frozenset(found or ("." if separator == "," else ""))


def decimal(text: str, column: str, marks: frozenset[str] = frozenset(".")) -> float:
    """A number as people write it: 1234.5, 1,234.5, 1.234,5, 1 234.

    Raises ValueError where it is none, or can be read in two ways.
    """
    minus = text[:1] in ("-", "−")
    digits = text[1:] if minus else text.removeprefix("+")
    group, parts = GROUPED.fullmatch(digits), re.fullmatch(r"(.+)([.,])(\d+)", digits)
    whole = GROUPED.fullmatch(parts[1]) if parts else None
    if group and (group[1] not in ".," or digits.count(group[1]) > 1):
        digits = re.sub(r"\D", "", digits)
    elif group:  # 1,234 or 1.234
        if len(marks) != 1:
            raise ValueError(
                f"{column} = {shown(text)} can be read in two ways; write it without separators"
            )
        digits = digits.replace(group[1], "." if group[1] in marks else "")
    elif parts and whole and whole[1] != parts[2]:  # 1,234.5 or 1.234,5
        digits = re.sub(r"\D", "", parts[1]) + "." + parts[3]
    elif re.fullmatch(r"\d*,\d+", digits):
        digits = digits.replace(",", ".")
    try:
        x = math.nan if "_" in digits or digits[:1] in "+-" else float(digits)
    except ValueError:
        x = math.nan
    if not math.isfinite(x):
        raise ValueError(f"{column} = {shown(text)} is no number")
    return -x if minus else x


def calendar_day(text: str, column: str) -> dt.date:
    """A day: 2011-01-25, with or without a time of day, 2011/01/25 or 25.01.2011."""
    first = re.split(r"[T ](?=\d\d:)", text)[0]
    found = YEAR_FIRST.fullmatch(first) or DAY_FIRST.fullmatch(first)
    try:
        if found:
            return dt.date(int(found["y"]), int(found["m"]), int(found["d"]))
        return dt.date.fromisoformat(first)
    except ValueError:
        raise ValueError(f"{column} = {shown(text)} is no date such as 2011-01-25") from None
