"""Tables as people have them: what a spreadsheet, R or a data archive writes.

Columns are parted by commas, semicolons, tabs or bars; a header is known by its names, whatever
their case and spaces. A fault of the whole table is a Fault; a fault of a row is a ValueError of
the cell that has it (cell.py), so that the other rows can be used.
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

from ...support.faults import Fault, near
from .cell import Row, marks_of, shown

MOST_BYTES, MOST_ROWS, MOST_COLUMNS = 20_000_000, 50_000, 2_000
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
HEADER_WITHIN = 15  # rows; archives put a title and a date above the header
OTHER_FILES = {
    b"PK\x03\x04": "an Excel workbook or an archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"\x1f\x8b": "a compressed file",
    b"PAR1": "a Parquet file",
    b"$FL2": "an SPSS file",
    b"<stata_dta": "a Stata file",
    b"RDX": "an R file",
    b"%PDF": "a PDF",
    b"<!DOC": "a web page",
    b"<html": "a web page",
}
BYTE_ORDERS = {  # the longer marks first
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
Record = tuple[int, list[str]]  # the line on which a row ends, and its cells


@dataclass(frozen=True)
class Table:
    """A table as read. columns: known ones under their own name; not_used: the others."""

    path: Path
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    not_used: tuple[str, ...]


def table(name: str) -> Path:
    """A table that comes with the package."""
    return Path(str(files("thermidor.library") / "tables" / name))


def rows(path: str | Path) -> list[dict[str, str]]:
    """Rows of a table of the package."""
    with Path(path).open(encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def read(path: str | Path, needed: Sequence[str], known: Sequence[str] = ()) -> Table:
    """A stranger's table. needed: columns that it must have.  known: others that are used.

    Raises Fault with all that is wrong with the table as a whole.
    """
    path, names = Path(path), (*needed, *known)
    separator, records = _parted(path, _text(path), names)
    if not records:
        raise Fault(f"{path} is empty; a header and rows are needed.")
    head = _header(records, names)
    body, own = records[head + 1 :], {_plain(c): c for c in names}
    columns = tuple(own.get(_plain(c), c) for c in records[head][1])
    faults = _faults(path, columns, needed, names)
    if not body:
        faults.append(f"{path} has no rows.")
    if faults:
        raise Fault(faults)
    used = [k for k, c in enumerate(columns) if c in names]
    marks = marks_of([cells[k] for _, cells in body for k in used if k < len(cells)], separator)
    made = tuple(_row(line, cells, columns, marks) for line, cells in body)
    return Table(path, columns, made, tuple(c for c in columns if c and c not in names))


def _faults(
    path: Path, columns: tuple[str, ...], needed: Sequence[str], names: Sequence[str]
) -> list[str]:
    """What is wrong with a header."""
    if len(columns) == 1 and len(needed) > 1:
        return [
            f"{path} has one column only, {shown(columns[0])}; its columns must be parted by "
            f"commas, semicolons or tabs, and its header must name {', '.join(needed)}."
        ]
    faults = [
        f"{path} has the column '{c}' {columns.count(c)} times; leave one of them."
        for c in names
        if columns.count(c) > 1
    ]
    hints = [shown(c)[1:-1] for c in columns]
    faults += [f"{path} has no column '{c}'.{near(c, hints)}" for c in needed if c not in columns]
    return faults


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
        raise Fault(
            f"{path} is not in UTF-8: line {line} has the byte 0x{data[e.start]:02X}; save "
            "the table as CSV UTF-8 (in Excel: Save as, CSV UTF-8)."
        ) from e
    if "\0" in text:
        raise Fault(
            f"{path} is no text, or not in UTF-8: it has zero bytes; save the table as CSV (UTF-8)."
        )
    return text


def _parted(path: Path, text: str, names: Sequence[str]) -> tuple[str, list[Record]]:
    """The separator under which a header has most of the names, and the rows that are not empty."""
    if text.startswith("sep=") and len(text) > 4:  # Excel's own way to say it
        return text[4], _records(path, text.partition("\n")[2], text[4], 1)
    top, wanted = text[:100_000].splitlines()[:HEADER_WITHIN], {_plain(n) for n in names}
    best = (-1, -1, ",")
    for separator in SEPARATORS:
        cells = [line.split(separator) for line in top] or [[]]
        hits = max(len(wanted & {_plain(c) for c in row}) for row in cells)
        if (hits, len(cells[0])) > best[:2]:
            best = (hits, len(cells[0]), separator)
    return best[2], _records(path, text, best[2])


def _records(path: Path, text: str, separator: str, skipped: int = 0) -> list[Record]:
    if separator not in SEPARATORS:
        raise Fault(
            f"{path} says that it is parted by {shown(separator)}; "
            f"{', '.join(SEPARATORS.values())} can be read."
        )
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    out: list[Record] = []
    try:
        for cells in reader:
            line = reader.line_num + skipped
            if len(cells) > MOST_COLUMNS:
                raise Fault(
                    f"{path}, line {line}: {len(cells):,} cells; a table has at most "
                    f"{MOST_COLUMNS:,} columns."
                )
            cleaned = [_clean(c) for c in cells]
            if any(cleaned):
                out.append((line, cleaned))
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


def _header(records: Sequence[Record], names: Sequence[str]) -> int:
    """The first row of the first few that has most of the names."""
    wanted = {_plain(n) for n in names}
    hits = [len(wanted & {_plain(c) for c in cells}) for _, cells in records[:HEADER_WITHIN]]
    return hits.index(max(hits))


def _row(line: int, cells: list[str], columns: tuple[str, ...], marks: frozenset[str]) -> Row:
    fault = None
    if len(cells) < len(columns) or any(cells[len(columns) :]):
        why = "" if len(cells) < len(columns) else " (a separator inside a value?)"
        fault = f"line {line} has {len(cells)} cells where the header has {len(columns)}{why}"
    return Row(line, dict(zip(columns, cells, strict=False)), marks, fault)


def _clean(cell: str) -> str:
    """Without spaces around it, and without signs that are not meant to be seen."""
    if not cell.isprintable():
        cell = "".join(c if c.isprintable() else " " for c in cell)
    return cell.strip()


def _plain(name: str) -> str:
    """A column's name as it is compared: small letters, one sign for spaces and hyphens."""
    return re.sub(r"[\s_-]+", "_", _clean(name).strip('"').casefold())
