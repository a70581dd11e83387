"""Cells of a table as people write them: nothing in many words, numbers with commas or points, dates.

What is wrong with a cell is a ValueError that names the column, the value and what is allowed.
"""
from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

EMPTY = {"", "na", "n/a", "n.a.", "<na>", "#n/a", "nan", "nat", "null", "(null)", "none", "missing", "\\n",
         ".", "..", "...", "-", "--", "–", "—", "?", "-99", "-99.0", "-999", "-999.0", "-9999", "-9999.0"}
EMPTY_NUMBERS = (-9.0, -66.0, -77.0, -88.0, -99.0, -999.0, -9999.0)  # where a number cannot be below 0
EMPTY_SIGNED = (-99.0, -999.0, -9999.0)
GROUPED = re.compile(r"[1-9]\d{0,2}([.,' ’])\d{3}(?:\1\d{3})*")  # 1,234,567 and its kin
DECIMALS = re.compile(r"[+-]?(?:\d*|\d{1,3}(?:[.,' ’]\d{3})+)([.,])\d+")


@dataclass(frozen=True)
class Row:
    """A row of a table: its line in the file, its cells by column, and what is wrong with it as a whole."""

    line: int
    cells: dict[str, str]
    marks: frozenset[str]  # which of "," and "." stand before decimals elsewhere in the table
    fault: str | None = None

    def text(self, column: str) -> str:
        """The cell, or an empty string where the column, or the value, is missing."""
        found = self.cells.get(column, "")
        return "" if found.casefold() in EMPTY else found

    def number(self, column: str, low: float = 0.0, high: float = math.inf, allowed: str = "") -> float | None:
        """The cell as a number between low and high, or None; `allowed` says it in words where the limits do not."""
        text = self.text(column)
        if not text:
            return None
        x = decimal(text, column, self.marks)
        if x in (EMPTY_NUMBERS if low >= 0 else EMPTY_SIGNED):
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
    """What stands before decimals, judged by numbers that can be read in one way only; both, or nothing, where that differs."""
    found = {m[1] for c in cells if len(c) < 25 and (m := DECIMALS.fullmatch(c)) and not GROUPED.fullmatch(c.lstrip("+-"))}
    return frozenset(found or ("." if separator == "," else ""))


def decimal(text: str, column: str, marks: frozenset[str] = frozenset(".")) -> float:
    """A number as people write it: 1234.5, 1,234.5, 1.234,5, 1 234. Raises ValueError where it can be read in two ways."""
    sign, digits = ("-", text[1:]) if text[:1] in ("-", "−") else ("", text.removeprefix("+"))
    if (group := GROUPED.fullmatch(digits)) and (group[1] not in ".," or digits.count(group[1]) > 1):
        digits = re.sub(r"\D", "", digits)
    elif group:  # 1,234 or 1.234
        if len(marks) != 1:
            raise ValueError(f"{column} = {shown(text)} can be read in two ways; write it without separators")
        digits = digits.replace(group[1], "." if group[1] in marks else "")
    elif ((m := re.fullmatch(r"(.+)([.,])(\d+)", digits)) and (group := GROUPED.fullmatch(m[1]))
          and group[1] != m[2]):  # 1,234.5 or 1.234,5
        digits = re.sub(r"\D", "", m[1]) + "." + m[3]
    elif re.fullmatch(r"\d*,\d+", digits):
        digits = digits.replace(",", ".")
    try:
        x = float(sign + digits)
    except ValueError:
        x = math.nan
    if not math.isfinite(x) or "_" in digits:
        raise ValueError(f"{column} = {shown(text)} is no number")
    return x


def calendar_day(text: str, column: str) -> dt.date:
    """A day: 2011-01-25, with or without a time of day, 2011/01/25 or 25.01.2011."""
    first = re.split(r"[T ](?=\d\d:)", text)[0]
    found = (re.fullmatch(r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})", first)
             or re.fullmatch(r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})", first))
    try:
        return dt.date(int(found["y"]), int(found["m"]), int(found["d"])) if found else dt.date.fromisoformat(first)
    except ValueError:
        raise ValueError(f"{column} = {shown(text)} is no date such as 2011-01-25") from None
