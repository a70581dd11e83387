"""A large table that somebody downloaded: only the columns that are wanted, all cells as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from ...support.faults import Fault, near
from .cell import EMPTY, shown
from .tablefile import HEADER_WITHIN, OTHER_FILES, SEPARATORS

TOP = 200_000  # bytes in which a header must stand
NO_VALUE = [spelt for word in EMPTY for spelt in {word, word.upper(), word.title()}]


def read(
    path: Path, wanted: Mapping[str, Sequence[str]], also: Sequence[str] | None = ()
) -> pl.DataFrame:
    """The wanted columns as text. wanted: names for them, each with others that they may have.

    also: columns that are read where they are there; all if None.  Raises Fault with every column
    that is missing.
    """
    header, separator, columns = _header(path, wanted)
    own = {_plain(other): name for name, others in wanted.items() for other in (name, *others)}
    there = {own[_plain(c)]: c for c in reversed(columns) if _plain(c) in own}
    hints = [shown(c)[1:-1] for c in columns[:500]]
    missing = [
        f"{path} has no column '{name}'.{near(name, hints)}" for name in wanted if name not in there
    ]
    if missing:
        raise Fault(missing)
    try:
        frame = pl.read_csv(
            path,
            separator=separator,
            skip_rows=header,
            infer_schema=False,
            encoding="utf8-lossy",
            null_values=NO_VALUE,
            truncate_ragged_lines=True,
        )
    except (pl.exceptions.PolarsError, OSError) as e:
        why = str(e).splitlines()[0][:200]
        raise Fault(f"{path} cannot be read as a table ({why}).") from e
    frame = frame.rename({c: bare for c in frame.columns if (bare := _bare(c)) != c})
    frame = frame.rename({old: new for new, old in there.items() if old != new})
    if also is None:
        return frame
    return frame.select(*wanted, *(c for c in also if c in frame.columns))


def _header(path: Path, wanted: Mapping[str, Sequence[str]]) -> tuple[int, str, list[str]]:
    """Line, separator and columns of the header: of the first lines, the one with most names."""
    if not path.is_file():
        raise Fault(f"there is no table {path}.")
    with path.open("rb") as f:
        top = f.read(TOP)
    kind = next((says for start, says in OTHER_FILES.items() if top.startswith(start)), None)
    if kind:
        raise Fault(f"{path} is {kind}; unpack it, or save it as CSV.")
    names = {_plain(n) for name, others in wanted.items() for n in (name, *others)}
    best: tuple[int, int, str, list[str]] = (0, 0, ",", [])
    text = top.decode("utf-8-sig", errors="replace")
    for k, line in enumerate(text.splitlines()[:HEADER_WITHIN]):
        for separator in SEPARATORS:
            columns = [_bare(c) for c in line.split(separator)]
            hits = sum(_plain(c) in names for c in columns)
            if hits > best[0]:
                best = (hits, k, separator, columns)
    return best[1:]


def number(frame: pl.DataFrame, column: str) -> pl.Series:
    """A column as numbers. Raises Fault with the first cell that is none."""
    cells = frame[column]
    if cells.dtype != pl.String:
        return cells
    made = cells.str.strip_chars().cast(pl.Float64, strict=False)
    wrong = cells.filter(made.is_null() & cells.is_not_null())
    if len(wrong):
        raise Fault(
            f"the column '{column}' has {shown(wrong[0])}, which is no number "
            f"({len(wrong):,} such cells)."
        )
    return made


def _bare(name: str) -> str:
    return name.strip().strip('"')


def _plain(name: str) -> str:
    return _bare(name).casefold()
