"""A large table that somebody downloaded: only the columns that are wanted, all cells as text."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from ..faults import Fault, near
from .cell import EMPTY, shown
from .tablefile import HEADER_WITHIN, OTHER_FILES, SEPARATORS

TOP = 200_000  # bytes in which a header must stand
NO_VALUE = [*{w for word in EMPTY for w in (word, word.upper(), word.title())}, "-99", "-999", "-9999"]


def read(path: Path, wanted: Mapping[str, Sequence[str]], also: Sequence[str] | None = ()) -> pl.DataFrame:
    """The wanted columns as text, by the names that the caller gives them. wanted: names, with others that they may have.

    also: columns that are read where they are there; all if None.  Raises Fault with every column that is missing.
    """
    if not path.is_file():
        raise Fault(f"there is no table {path}.")
    with path.open("rb") as f:
        top = f.read(TOP)
    kind = next((says for start, says in OTHER_FILES.items() if top.startswith(start)), None)
    if kind:
        raise Fault(f"{path} is {kind}; unpack it, or save it as CSV.")
    lines = top.decode("utf-8-sig", errors="replace").splitlines()[:HEADER_WITHIN]
    own = {_plain(other): name for name, others in wanted.items() for other in (name, *others)}
    best = max(((sum(_plain(c) in own for c in line.split(separator)), -k, separator) for k, line in enumerate(lines)
                for separator in SEPARATORS), default=(0, 0, ","))
    header, separator = -best[1], best[2]
    columns = [c.strip().strip('"') for c in lines[header].split(separator)] if lines else []
    there = {own[_plain(c)]: c for c in reversed(columns) if _plain(c) in own}
    missing = [f"{path} has no column '{name}'.{near(name, [shown(c)[1:-1] for c in columns[:500]])}" for name in wanted if name not in there]
    if missing:
        raise Fault(missing)
    try:
        frame = pl.read_csv(path, separator=separator, skip_rows=header, infer_schema=False, encoding="utf8-lossy",
                            null_values=NO_VALUE, truncate_ragged_lines=True)
    except (pl.exceptions.PolarsError, OSError) as e:
        raise Fault(f"{path} cannot be read as a table ({str(e).splitlines()[0][:200]}).") from e
    frame = frame.rename({c: c.strip().strip('"') for c in frame.columns if c != c.strip().strip('"')})
    frame = frame.rename({old: new for new, old in there.items() if old != new})
    return frame if also is None else frame.select(*wanted, *(c for c in also if c in frame.columns))


def number(frame: pl.DataFrame, column: str) -> pl.Series:
    """A column as numbers. Raises Fault with the first cell that is none."""
    made = frame[column].str.strip_chars().cast(pl.Float64, strict=False) if frame[column].dtype == pl.String else frame[column]
    wrong = frame[column].filter(made.is_null() & frame[column].is_not_null())
    if len(wrong):
        raise Fault(f"the column '{column}' has {shown(str(wrong[0]))}, which is no number ({len(wrong):,} such cells).")
    return made


def _plain(name: str) -> str:
    return name.strip().strip('"').casefold()
