"""The tables of a study on disk: parts written while the work goes on, read as if they were one,
joined in the end.

A part holds some futures in five files, one a table, named by its first future; what has been
joined is one more part, without a name. Every future is read from one part only, the last that
finished it. Joining streams, so memory stays flat, and the bytes do not depend on how the work was
cut up. A part that is damaged is set aside, and its futures are computed anew.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection, Iterable
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

from ...engine.run import Run
from ...support.faults import Fault, MachineFault
from ...support.writing import leftovers, whole
from .tables import NAMES, Failure, tables

DAMAGED = "damaged"  # folder for what cannot be read
ROWS = 200_000  # of a row group
JOINED = ""  # the name of the part that holds what has been joined
Unreadable = (pl.exceptions.PolarsError, OSError, ValueError)
INDEX = {"run": pl.Int32, "part": pl.String, "failed": pl.Boolean}


class Stretch(NamedTuple):
    """Futures from the first to the last that are read from the same part; what lies between
    belongs to it too.
    """

    part: str
    first: int
    last: int


class Parts:
    """The tables in a folder: `<table>.parquet`, and `parts/<first future>.<table>.parquet`.

    kept: the tables that finished futures have.
    """

    def __init__(self, path: Path, kept: Collection[str] = NAMES):
        self.path, self.folder, self.kept = path, path / "parts", kept

    def file(self, part: str, table: str) -> Path:
        return self.folder / f"{part}.{table}.parquet" if part else self.path / f"{table}.parquet"

    def names(self) -> list[str]:
        """Parts that are whole, the joined one first; of a part the table of runs is written
        last.
        """
        ends = (p.name.removesuffix(".runs.parquet") for p in self.folder.glob("*.runs.parquet"))
        named = sorted(e for e in ends if e.isascii() and e.isdigit())
        return [JOINED, *named] if os.path.lexists(self.file(JOINED, "runs")) else named

    def write(self, futures: Iterable[Run | Failure], provinces: tuple[str, ...]) -> None:
        """Put some futures on disk as a part."""
        futures = list(futures)
        if not futures:
            return
        self.folder.mkdir(exist_ok=True)
        name = f"{min(f.run for f in futures):09d}"
        made = tables(futures, provinces, self.kept)
        for table in reversed(NAMES):
            if table in made:
                whole(self.file(name, table), partial(_write, made[table]))

    def index(self) -> pl.DataFrame:
        """Every future once, with the part that it is read from and whether it failed; sorted by
        number.
        """
        found = [pl.DataFrame(schema=INDEX)]
        for part in self.names():
            failed = pl.col("ending").is_null()
            found.append(
                _read(self.file(part, "runs")).select(
                    "run", pl.lit(part).alias("part"), failed.alias("failed")
                )
            )
        ordered = pl.concat(found).sort(
            "run", "failed", descending=[False, True], maintain_order=True
        )
        return ordered.unique("run", keep="last", maintain_order=True)

    def stretches(self) -> list[Stretch]:
        """From which part each future is read."""
        index = self.index()
        runs, parts = index["run"].to_list(), index["part"].to_list()
        starts = [k for k, part in enumerate(parts) if k == 0 or part != parts[k - 1]]
        ends = [k - 1 for k in starts[1:]] + [len(parts) - 1]
        return (
            [Stretch(parts[a], runs[a], runs[b]) for a, b in zip(starts, ends, strict=True)]
            if parts
            else []
        )

    def scan(self, table: str) -> pl.LazyFrame | None:
        """A table as one, joined or not, in order of the futures' numbers; None if there is
        none.
        """
        frames = []
        for s in self.stretches():
            path = self.file(s.part, table)
            if os.path.lexists(path):
                frames.append(
                    pl.scan_parquet(path, glob=False).filter(
                        pl.col("run").is_between(s.first, s.last)
                    )
                )
        return pl.concat(frames, how="diagonal_relaxed") if frames else None

    def join(self) -> None:
        """Make one of all parts; the table of runs comes last, so that nothing is lost if this is
        interrupted.
        """
        self._sweep()
        names = self.names()
        if names in ([], [JOINED]):
            return
        try:
            for table in reversed(NAMES):
                frame = self.scan(table)
                if frame is not None:
                    whole(self.file(JOINED, table), partial(_stream, frame))
        except MachineFault as e:
            if said := self.mend(thorough=True):
                raise MachineFault(" ".join(said) + " Run the same command again.") from e
            raise
        for name in names:
            if name != JOINED:
                self._remove(name)

    def _sweep(self) -> None:
        """Remove what is left of parts whose writer ended before they were whole; for whoever holds
        the folder's lock.
        """
        whole_ones = self.names()
        for path in self.folder.glob("*.parquet"):
            part, _, table = path.name.removesuffix(".parquet").partition(".")
            if part not in whole_ones and part.isascii() and part.isdigit() and table in NAMES:
                path.unlink()
        for path in leftovers(self.folder):
            path.unlink()
        self._remove_folder()

    def _remove(self, name: str) -> None:
        for table in NAMES:
            self.file(name, table).unlink(missing_ok=True)
        self._remove_folder()

    def _remove_folder(self) -> None:
        with contextlib.suppress(
            OSError
        ):  # not empty: a part came meanwhile, which the next run joins
            self.folder.rmdir()

    def mend(self, thorough: bool = False) -> list[str]:
        """Set aside the parts that are damaged; a sentence for each. thorough: look at all rows,
        not only where files end.
        """
        said = []
        self._sweep()
        for part in self.names():
            wrong = self._wrong(part, thorough)
            if wrong:
                self._set_aside(part)
                what = f"parts/{part}" if part else "the joined tables"
                said.append(
                    f"{self.path}: {what} cannot be read ({wrong}), and now lies in {DAMAGED}/; "
                    "its futures are computed anew."
                )
        return said

    def _wrong(self, part: str, thorough: bool) -> str | None:
        """What is wrong with a part, or None."""
        try:
            runs = _read(self.file(part, "runs"))
            done = np.sort(runs.filter(pl.col("ending").is_not_null())["run"].to_numpy())
            if not len(done):
                return None
            for table in self.kept:
                path = self.file(part, table)
                if not path.exists():
                    return f"{path.name} is missing"
                rows = _read(path, all_rows=thorough)
                there = np.unique(rows["run"].to_numpy())
                if table in ("series", "provinces") and not np.isin(done, there).all():
                    return f"{path.name} lacks futures"
        except Fault as e:
            return e.faults[0]
        return None

    def _set_aside(self, part: str) -> None:
        aside = self.path / DAMAGED
        aside.mkdir(exist_ok=True)
        for table in NAMES:
            path = self.file(part, table)
            if path.exists():
                free = (k for k in range(1_000_000) if not (aside / f"{path.name}.{k}").exists())
                os.replace(path, aside / f"{path.name}.{next(free)}")


def _write(frame: pl.DataFrame, path: Path) -> None:
    frame.write_parquet(path, compression="lz4")


def _stream(frame: pl.LazyFrame, path: Path) -> None:
    frame.sink_parquet(
        path, compression="zstd", compression_level=3, row_group_size=ROWS, maintain_order=True
    )


def _schema(path: Path) -> dict[str, pl.DataType]:
    return dict(
        pl.scan_parquet(path, glob=False).collect_schema()
    )  # a name in brackets is a name, not a pattern


def _read(path: Path, all_rows: bool = False) -> pl.DataFrame:
    """The numbers of the futures in a file, with their endings if it is a table of runs; everything
    if all rows are wanted.
    """
    try:
        schema = _schema(path)
        columns = ["run", "ending"] if path.name.endswith("runs.parquet") else ["run"]
        wrong = [c for c in columns if schema.get(c) != {"run": pl.Int32, "ending": pl.String}[c]]
        if wrong:
            raise Fault(
                f"{path.name} has no column {' and no column '.join(wrong)} of the right kind"
            )
        return pl.read_parquet(path, glob=False, columns=None if all_rows else columns)
    except Unreadable as e:
        raise Fault(f"{path.name} is damaged: {str(e).splitlines()[0]}") from e
