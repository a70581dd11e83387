"""A table of a study as CSV, as a data set of Stata, as a workbook of Excel."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from ...support.faults import Fault, near
from ...support.writing import whole
from ..extras import needed
from ..store.tables import NAMES
from .labels import FIELDS, Row, about, columns_of, label, stata_names, what_a_row_is
from .told import Told

DICTIONARY = "dictionary"
TABLES = (*NAMES, DICTIONARY)
KINDS = (".csv", ".dta", ".xlsx")
MOST_ROWS, MOST_COLUMNS = 1_048_575, 16_384  # of a sheet of Excel, below its head
MOST_CELLS = 5_000_000  # of a workbook: a minute and some 100 MB
MOST_LETTERS = 32_767  # of a cell
MOST_VARIABLES = 32_767  # of Stata/MP, and of the format
SHORT_TEXT = 2045  # bytes; a longer text is a strL
EPOCH = dt.datetime(1980, 1, 1)  # so that equal tables are equal files
EXTRA = "formats"


def export(study: Told, path: Path, table: str = "runs", force: bool = False) -> Path:
    """Write a table of a study, or its dictionary, as the ending of the path says; the path.

    Raises Fault for an ending or a table that there is not, a file that is there unless `force`,
    a table that the format cannot hold, a package that is missing.
    """
    kind = path.suffix.lower()
    if kind not in KINDS:
        raise Fault(f"{path} must end in {', '.join(KINDS[:-1])} or {KINDS[-1]}.")
    if table not in TABLES:
        raise Fault(
            f"there is no table '{table}'; there are {', '.join(TABLES)}.{near(table, TABLES)}"
        )
    free(path, force)
    write = {".csv": _csv, ".dta": _stata, ".xlsx": _excel}[kind](study, table)
    whole(path, write)
    return path


def free(path: Path, force: bool) -> None:
    """Raise Fault if something is there that is not to be written over, or no folder for it."""
    if path.is_dir():
        raise Fault(f"{path} is a folder; name a file in it.")
    if os.path.lexists(path) and not force:
        raise Fault(f"{path} is there already; name another file, or write over it with --force.")
    if not path.parent.is_dir():
        raise Fault(f"there is no folder {path.parent}; make it first.")


Write = Callable[[Path], Any]


def _csv(study: Told, table: str) -> Write:
    if table == DICTIONARY:
        made = frame(columns_of(study))
        return lambda to: made.write_csv(to)
    there = study.scan(table)
    return lambda to: there.sink_csv(to)


def frame(rows: Sequence[Row]) -> pl.DataFrame:
    """The dictionary as a table, with the name of each column in Stata."""
    names: dict[tuple[str, str], str] = {}
    for table in dict.fromkeys(r["table"] for r in rows):
        of = [r["column"] for r in rows if r["table"] == table]
        names |= {(table, c): n for c, n in stata_names(of).items()}
    kinds = {f: pl.Float64 if f in ("low", "high") else pl.String for f in FIELDS}
    made = pl.DataFrame([{f: r[f] for f in FIELDS} for r in rows], schema=kinds)
    stata = [names[r["table"], r["column"]] for r in rows]
    return made.with_columns(pl.Series("stata", stata, pl.String))


def _read(study: Told, table: str) -> tuple[pl.DataFrame, list[Row]]:
    """A table, and what its columns mean."""
    rows = columns_of(study)
    if table != DICTIONARY:
        made = study.table(table)
        return made, about(rows, table, made.columns)
    made = frame(rows)
    return made, about([], table, made.columns)


def _stata(study: Told, table: str) -> Write:
    """A data set of Stata 14 or later: labels are meanings with units, the data's is the study."""
    pd = needed("pandas", "a data set of Stata", EXTRA)
    made, rows = _read(study, table)
    if len(made.columns) > MOST_VARIABLES:
        raise Fault(
            f"the table has {len(made.columns):,} columns, and a data set of Stata holds "
            f"{MOST_VARIABLES:,} at most; write a .csv."
        )
    names = stata_names(made.columns)
    texts = [c for c, kind in made.schema.items() if kind == pl.String]
    long = [c for c in texts if (made[c].str.len_bytes() > SHORT_TEXT).any()]
    data = pd.DataFrame(
        {
            names[c]: pd.Series(made[c].fill_null("").to_list(), dtype=object)
            if c in texts
            else _numbers(made[c])
            for c in made.columns
        }
    )
    options = {
        "write_index": False,
        "version": 118,
        "time_stamp": EPOCH,
        "data_label": _called(study, table)[:80],
        "variable_labels": {names[r["column"]]: label(r) for r in rows},
        "convert_strl": [names[c] for c in long],
    }
    return lambda to: data.to_stata(to, **options)


def _numbers(column: pl.Series) -> Any:
    """Numbers as Stata takes them: what is missing or not finite is missing."""
    if column.dtype.is_float():
        return column.set(~column.is_finite(), None).to_numpy()
    return column.to_numpy() if not column.null_count() else column.cast(pl.Float64).to_numpy()


def _excel(study: Told, table: str) -> Write:
    """A workbook with the table, what its columns mean, and what study it is of.

    Texts stay texts: nothing that begins with '=' or 'http' becomes a formula or a link.
    """
    xlsxwriter = needed("xlsxwriter", "a workbook", EXTRA)
    made, rows = _read(study, table)
    height, width = made.shape
    if height > MOST_ROWS or width > MOST_COLUMNS or height * width > MOST_CELLS:
        raise Fault(
            f"the table has {height:,} rows and {width:,} columns; a workbook is written with "
            f"{MOST_ROWS:,} rows, {MOST_COLUMNS:,} columns and {MOST_CELLS:,} cells at most. "
            "Write a .csv or a .dta."
        )
    sheets = [(table, made)]
    if table != DICTIONARY:
        sheets.append((DICTIONARY, frame(rows)))
    sheets.append(("about", pl.DataFrame(_about(study, table))))

    def write(to: Path) -> None:
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        with open(to, "wb") as file, xlsxwriter.Workbook(file, options) as book:
            book.set_properties({"created": EPOCH, "title": _called(study, table)[:200]})
            bold = book.add_format({"bold": True})
            for name, sheet in sheets:
                _sheet(book.add_worksheet(name), sheet, bold)

    return write


def _sheet(sheet: Any, made: pl.DataFrame, bold: Any) -> None:
    """Rows into a sheet, the head frozen."""
    sheet.freeze_panes(1, 1)
    for j, name in enumerate(made.columns):
        sheet.write_string(0, j, name[:MOST_LETTERS], bold)
    for i, row in enumerate(made.iter_rows(), 1):
        for j, x in enumerate(row):
            if isinstance(x, str):
                sheet.write_string(i, j, x[:MOST_LETTERS])
            elif x is not None and abs(x) < float("inf"):  # what is not finite is left empty
                sheet.write_number(i, j, x)


def _called(study: Told, table: str) -> str:
    m = study.manifest
    return f"Thermidor, {m['scenario']}, {m['hash']}, seed {m['seed']}: {table}"


def _about(study: Told, table: str) -> dict[str, list[str]]:
    """Which study a workbook is of."""
    m = study.manifest
    told = {
        "table": table,
        "a row is": what_a_row_is(table),
        "title": m["title"],
        "scenario": m["scenario"],
        "scenario's fingerprint": m["hash"],
        "seed": m["seed"],
        "futures": study.futures,
        "status": study.status,
        "first day": m["start"],
        "days": m["days"],
        "citizens (agents)": m["citizens"],
        "assumptions held at their values": "yes" if m["fixed"] else "no",
        "Thermidor": m["version"],
        "rules of a day": m.get("rules", ""),
    }
    return {"entry": list(told), "value": [str(v) for v in told.values()]}
