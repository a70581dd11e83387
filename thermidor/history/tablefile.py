"""Tables as people have them: what a spreadsheet, R or a data archive writes, read with care or refused with a reason.

Columns are parted by commas, semicolons, tabs or bars; a header is known by its names, whatever their case and spaces. A fault
of the whole table is a Fault; a fault of a row is a ValueError of the cell that has it, so that the others can be used.
"""
from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from ..faults import Fault, near
from .cell import Row, marks_of, shown

MOST_BYTES, MOST_ROWS, MOST_COLUMNS = 20_000_000, 50_000, 2_000
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
HEADER_WITHIN = 15  # rows; archives put a title and a date above the header
OTHER_FILES = {b"PK\x03\x04": "an Excel workbook or an archive", b"\xd0\xcf\x11\xe0": "an old Excel workbook",
               b"\x1f\x8b": "a compressed file", b"PAR1": "a Parquet file", b"$FL2": "an SPSS file",
               b"<stata_dta": "a Stata file", b"RDX": "an R file", b"%PDF": "a PDF", b"<!DOC": "a web page",
               b"<html": "a web page"}
BYTE_ORDERS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF32_LE: "utf-32", codecs.BOM_UTF32_BE: "utf-32",
               codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


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
    marks = marks_of([cells[k] for _, cells in body for k in used if k < len(cells)], separator)
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
