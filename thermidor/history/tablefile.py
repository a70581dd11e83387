"""Tables as people have them: what a spreadsheet, R or a data archive writes, read with care or refused with a reason.

Columns are parted by commas, semicolons, tabs or bars; a header is known by its names, whatever their case and spaces. A fault
of the whole table is a Fault; a fault of a row is a ValueError of the cell that has it, so that the others can be used.
"""
from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from ..faults import Fault, near

MOST_BYTES, MOST_ROWS, MOST_COLUMNS = 20_000_000, 50_000, 2_000
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
HEADER_WITHIN = 15  # rows; archives put a title and a date above the header
EMPTY = {"", "na", "n/a", "n.a.", "<na>", "#n/a", "nan", "nat", "null", "(null)", "none", "missing", "\\n",
         ".", "..", "...", "-", "--", "–", "—", "?"}
EMPTY_NUMBERS = (-9.0, -66.0, -77.0, -88.0, -99.0, -999.0, -9999.0)  # where a number cannot be below 0
EMPTY_SIGNED = (-99.0, -999.0, -9999.0)
OTHER_FILES = {b"PK\x03\x04": "an Excel workbook or an archive", b"\xd0\xcf\x11\xe0": "an old Excel workbook",
               b"\x1f\x8b": "a compressed file", b"PAR1": "a Parquet file", b"$FL2": "an SPSS file",
               b"<stata_dta": "a Stata file", b"RDX": "an R file", b"%PDF": "a PDF", b"<!DOC": "a web page",
               b"<html": "a web page"}
BYTE_ORDERS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF32_LE: "utf-32", codecs.BOM_UTF32_BE: "utf-32",
               codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
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


@dataclass(frozen=True)
class Table:
    """A table as read. columns: known ones under their own name, others as they are written; not_used: the others."""

    path: Path
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    not_used: tuple[str, ...]


def table(name: str) -> Path:
    """A table that comes with the package."""
    return Path(str(files(__package__) / "data" / name))


def rows(path: str | Path) -> list[dict[str, str]]:
    """Rows of a table of the package."""
    with Path(path).open(encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def shown(text: str) -> str:
    """A cell in a sentence: in quotes, cut where it is long."""
    return f"'{text}'" if len(text) <= 60 else f"'{text[:57]}...'"


def read(path: str | Path, needed: Sequence[str], known: Sequence[str] = ()) -> Table:
    """A stranger's table. needed: columns that it must have.  known: others that are used where it has them.

    Raises Fault with all that is wrong with the table as a whole.
    """
    path = Path(path)
    separator, records = _parted(path, _text(path), (*needed, *known))
    if not records:
        raise Fault(f"{path} is empty; a header and rows are needed.")
    head = _header(records, (*needed, *known))
    written, body = records[head][1], records[head + 1:]
    own = {_plain(c): c for c in (*needed, *known)}
    columns = tuple(own.get(_plain(c), c) for c in written)
    faults = [f"{path} has the column '{c}' {columns.count(c)} times; leave one of them." for c in own.values()
              if columns.count(c) > 1]
    faults += [f"{path} has no column '{c}'.{near(c, [shown(x)[1:-1] for x in columns])}" for c in needed
               if c not in columns]
    if len(columns) == 1 and len(faults) > 1:
        faults = [f"{path} has one column only, {shown(columns[0])}; its columns must be parted by commas, "
                  f"semicolons or tabs, and its header must name {', '.join(needed)}."]
    if not body:
        faults.append(f"{path} has no rows.")
    if faults:
        raise Fault(faults)
    used = [k for k, c in enumerate(columns) if c in own.values()]
    marks = _marks([cells[k] for _, cells in body for k in used if k < len(cells)], separator)
    made = tuple(_row(line, cells, columns, marks) for line, cells in body)
    return Table(path, columns, made, tuple(c for c in columns if c and c not in own.values()))


def _text(path: Path) -> str:
    """The file's text. Raises Fault if it is none, or not in Unicode."""
    if not path.is_file():
        raise Fault(f"there is no table {path}.")
    try:
        with path.open("rb") as f:
            data = f.read(MOST_BYTES + 1)
    except OSError as e:
        raise Fault(f"cannot read {path} ({e.strerror}).") from e
    if len(data) > MOST_BYTES:
        raise Fault(f"{path} has more than {MOST_BYTES:,} bytes; a table has at most that.")
    kind = next((says for start, says in OTHER_FILES.items() if data.startswith(start)), None)
    if kind:
        raise Fault(f"{path} is {kind}; save the table as CSV (UTF-8).")
    encoding = next((e for mark, e in BYTE_ORDERS.items() if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as e:
        line = data.count(b"\n", 0, e.start) + 1
        raise Fault(f"{path} is not in UTF-8: line {line} has the byte 0x{data[e.start]:02X}; save the table as "
                    "CSV UTF-8 (in Excel: Save as, CSV UTF-8).") from e
    if "\0" in text:
        raise Fault(f"{path} is no text, or not in UTF-8: it has zero bytes; save the table as CSV (UTF-8).")
    return text


def _parted(path: Path, text: str, names: Sequence[str]) -> tuple[str, list[tuple[int, list[str]]]]:
    """The separator under which a header has most of the names, and the rows that are not empty with their lines."""
    if text.startswith("sep=") and len(text) > 4:  # Excel's own way to say it
        return text[4], _records(path, text.partition("\n")[2], text[4], 1)
    top = "\n".join(text[:100_000].splitlines()[:HEADER_WITHIN])
    wanted = {_plain(n) for n in names}
    score: dict[str, tuple[int, int]] = {}
    for separator in SEPARATORS:
        cells = [[_plain(c) for c in line.split(separator)] for line in top.splitlines()]
        score[separator] = (max((len(wanted & set(c)) for c in cells), default=0), len(cells[0]) if cells else 0)
    best = max(score, key=lambda s: score[s])
    return best, _records(path, text, best)


def _records(path: Path, text: str, separator: str, skipped: int = 0) -> list[tuple[int, list[str]]]:
    if separator not in SEPARATORS:
        raise Fault(f"{path} says that it is parted by {shown(separator)}; {', '.join(SEPARATORS.values())} can be read.")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    out = []
    try:
        for cells in reader:
            if len(cells) > MOST_COLUMNS:
                raise Fault(f"{path}, line {reader.line_num + skipped}: {len(cells):,} cells; a table has at most "
                            f"{MOST_COLUMNS:,} columns.")
            cleaned = [_clean(c) for c in cells]
            if any(cleaned):
                out.append((reader.line_num + skipped, cleaned))
            if len(out) > MOST_ROWS + 1:
                raise Fault(f"{path} has more than {MOST_ROWS:,} rows; a table has at most that.")
    except csv.Error as e:
        raise Fault(f"{path}, line {reader.line_num + skipped}: {_said(e)}.") from e
    return out


def _said(e: csv.Error) -> str:
    """What is wrong, in place of the words of the csv module."""
    if "field larger" in str(e):
        return f"a cell has more than {csv.field_size_limit():,} characters"
    return "a quotation mark opens a cell that does not end with one; close it, or write it twice"


def _header(records: Sequence[tuple[int, list[str]]], names: Sequence[str]) -> int:
    """The first row of the first few that has most of the names."""
    wanted = {_plain(n) for n in names}
    hits = [len(wanted & {_plain(c) for c in cells}) for _, cells in records[:HEADER_WITHIN]]
    return hits.index(max(hits))


def _row(line: int, cells: list[str], columns: tuple[str, ...], marks: frozenset[str]) -> Row:
    more = [c for c in cells[len(columns):] if c]
    fault = None
    if len(cells) < len(columns):
        fault = f"line {line} has {len(cells)} cells where the header has {len(columns)}"
    elif more:
        fault = f"line {line} has {len(cells)} cells where the header has {len(columns)} (a separator inside a value?)"
    return Row(line, dict(zip(columns, cells, strict=False)), marks, fault)


def _clean(cell: str) -> str:
    """Without spaces around it, and without signs that are not meant to be seen."""
    return (cell if cell.isprintable() else "".join(c if c.isprintable() else " " for c in cell)).strip()


def _plain(name: str) -> str:
    """A column's name as it is compared: small letters, one sign for spaces, hyphens and low lines."""
    return re.sub(r"[\s_-]+", "_", _clean(name).strip('"').casefold())


def _marks(cells: Sequence[str], separator: str) -> frozenset[str]:
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
