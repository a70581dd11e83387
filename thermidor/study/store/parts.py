"""The tables of a study on disk: parts written while the work goes on, read as if they were one,
joined in the end.

A part holds some futures, in a file for each table. Workers write small ones, named by their first
future, whose table of runs is packed (rows.py). When all futures of a block, 5,000 by number, are
done, they become one part, named by its first and last. In the end all parts are joined into one,
without a name, unless the futures are too many for a file: then the blocks stay. Every future is
read from one part only, the last that finished it. Joining streams, but for what is packed, which
is never more than some blocks: so memory stays flat, and the bytes do not depend on how the work
was cut up. A part that is damaged is set aside, and its futures are computed anew.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from ...engine.run import Run
from ...support.faults import Fault, MachineFault
from ...support.writing import leftovers, whole
from .rows import Failure, is_packed, packed, unpacked
from .tables import NAMES, tables

DAMAGED = "damaged"  # folder for what cannot be read
ROWS = 200_000  # of a row group
JOINED = ""  # the name of the part that holds what has been joined
MOST_JOINED = 20_000  # futures that are joined into one part; of more the blocks stay
BLOCK = 5_000  # futures of a block
NAMED = re.compile(r"[0-9]+")  # a part that a worker wrote
BLOCKS = re.compile(r"[0-9]+-[0-9]+")
Unreadable = (pl.exceptions.PolarsError, OSError, ValueError, RecursionError)
INDEX = {"run": pl.Int32, "part": pl.String, "failed": pl.Boolean}


class Stretch(NamedTuple):
    """Futures from the first to the last that are read from the same part; what lies between
    belongs to it too.  whole: they are all that the part holds.
    """

    part: str
    first: int
    last: int
    whole: bool


class Parts:
    """The tables in a folder: `<table>.parquet`, and `parts/<name>.<table>.parquet`.

    kept: the tables that finished futures have.
    """

    def __init__(self, path: Path, kept: Collection[str] = NAMES):
        self.path, self.folder, self.kept = path, path / "parts", kept
        self._known: dict[str, tuple[tuple[int, ...], pl.DataFrame]] = {}

    def file(self, part: str, table: str) -> Path:
        return self.folder / f"{part}.{table}.parquet" if part else self.path / f"{table}.parquet"

    def names(self) -> list[str]:
        """Parts that are whole: the joined one, those of workers, blocks; of a part the table of
        runs is written last.
        """
        ends = [p.name.removesuffix(".runs.parquet") for p in self.folder.glob("*.runs.parquet")]
        named, blocks = (sorted(e for e in ends if k.fullmatch(e)) for k in (NAMED, BLOCKS))
        joined = [JOINED] if os.path.lexists(self.file(JOINED, "runs")) else []
        return [*joined, *named, *blocks]

    def write(self, futures: Iterable[Run | Failure], provinces: tuple[str, ...]) -> None:
        """Put some futures on disk as a part."""
        futures = sorted(futures, key=lambda f: f.run)
        if not futures:
            return
        others = [table for table in self.kept if table != "runs"]
        made = {"runs": packed(futures)} | tables(futures, provinces, others)
        writers = {table: partial(_write, frame) for table, frame in made.items()}
        self.put(futures[0].run, writers)

    def put(self, first: int, writers: Mapping[str, Callable[[Path], Any]]) -> None:
        """Put a part on disk whose first future is given: what writes each of its tables."""
        self.folder.mkdir(exist_ok=True)
        name = self._free(first)
        for table in reversed(NAMES):
            if table in writers:
                whole(self.file(name, table), writers[table])

    def each(self) -> Iterator[tuple[list[int], dict[str, Path]]]:
        """The parts one after another: the numbers of their futures, and the files of their
        tables.
        """
        for name in self.names():
            files = {t: self.file(name, t) for t in NAMES}
            there = {t: path for t, path in files.items() if path.exists()}
            yield sorted(self._ends(name)["run"].to_list()), there

    def _free(self, first: int) -> str:
        """A name for a part of this first future that no part has: a failed one may come again."""
        name, k = f"{first:09d}", 0
        while os.path.lexists(self.file(name, "runs")):
            k += 1
            name = f"{first:09d}{k:03d}"
        return name

    def index(self) -> pl.DataFrame:
        """Every future once, with the part that it is read from and whether it failed; sorted by
        number.
        """
        names = self.names()
        self._known = {n: known for n, known in self._known.items() if n in names}
        found = [pl.DataFrame(schema=INDEX)]
        for part in names:
            ends = self._ends(part).select("run", pl.lit(part).alias("part"), "failed")
            found.append(ends)
        ordered = pl.concat(found).sort(
            "run", "failed", descending=[False, True], maintain_order=True
        )
        return ordered.unique("run", keep="last", maintain_order=True)

    def _ends(self, part: str) -> pl.DataFrame:
        """The futures of a part and whether they failed; read once, as long as its file stays."""
        path = self.file(part, "runs")
        there = os.lstat(path)
        stamp = (there.st_ino, there.st_size, there.st_mtime_ns)
        if part not in self._known or self._known[part][0] != stamp:
            failed = pl.col("ending").is_null().alias("failed")
            self._known[part] = stamp, _read(path).select("run", failed)
        return self._known[part][1]

    def stretches(self, first: int = 0, last: int | None = None) -> list[Stretch]:
        """From which part each future is read, of those between two numbers."""
        index = self.index().filter(pl.col("run") >= first)
        if last is not None:
            index = index.filter(pl.col("run") <= last)
        runs, parts = index["run"].to_list(), index["part"].to_list()
        starts = [k for k, part in enumerate(parts) if k == 0 or part != parts[k - 1]]
        return [
            Stretch(parts[a], runs[a], runs[b - 1], b - a == self._ends(parts[a]).height)
            for a, b in pairwise([*starts, len(parts)])
        ]

    def scan(self, table: str, first: int = 0, last: int | None = None) -> pl.LazyFrame | None:
        """A table as one, joined or not, in order of the futures' numbers; None if there is none.

        first, last: only futures between these numbers.
        """
        here = [s for s in self.stretches(first, last) if os.path.lexists(self.file(s.part, table))]
        frames = []
        for plain, some in groupby(here, lambda s: s.whole and NAMED.fullmatch(s.part) is not None):
            if plain:  # small parts may be very many
                frames += _scan_all([self.file(s.part, table) for s in some])
                continue
            for part, own in groupby(some, lambda s: s.part):
                (frame,) = _scan_all([self.file(part, table)])
                frames += [frame.filter(pl.col("run").is_between(s.first, s.last)) for s in own]
        return pl.concat(frames, how="diagonal_relaxed") if frames else None

    def join(self) -> None:
        """Make one of all parts, or blocks if the futures are too many; the table of runs comes
        last, so that nothing is lost if this is interrupted.
        """
        self._sweep()
        names = self.names()
        if names in ([], [JOINED]):
            return
        try:
            runs = self.index()["run"]
            if len(runs) <= MOST_JOINED:
                self._merge(JOINED)
                made = {JOINED}
            else:
                made = {self._block(k) for k in (runs // BLOCK).unique().sort().to_list()}
        except MachineFault as e:
            if said := self.mend(thorough=True):
                raise MachineFault(" ".join(said) + " Run the same command again.") from e
            raise
        for name in names:
            if name not in made:
                self._remove(name)

    def settle(self, k: int) -> None:
        """Make one part of block k while others are written, and remove the small parts that are
        then read no more.
        """
        before = self.names()
        self._block(k)
        read = set(self.index()["part"].unique().to_list())
        for name in before:
            if NAMED.fullmatch(name) and name not in read:
                self._remove(name)

    def _block(self, k: int) -> str:
        """Make one part of the futures of block k, unless there is one that holds them; its
        name.
        """
        first, last = k * BLOCK, (k + 1) * BLOCK - 1
        name = f"{first:09d}-{last:09d}"
        if [s.part for s in self.stretches(first, last)] != [name]:
            self._merge(name, first, last)
        return name

    def _merge(self, name: str, first: int = 0, last: int | None = None) -> None:
        """Put the futures between two numbers into a part of this name."""
        self.folder.mkdir(exist_ok=True)
        for table in reversed(NAMES):
            frame = self.scan(table, first, last)
            if frame is not None:
                whole(self.file(name, table), partial(_stream, frame))

    def _sweep(self) -> None:
        """Remove what is left of parts whose writer ended before they were whole; for whoever holds
        the folder's lock.
        """
        whole_ones = self.names()
        for path in self.folder.glob("*.parquet"):
            part, _, table = path.name.removesuffix(".parquet").partition(".")
            own = NAMED.fullmatch(part) or BLOCKS.fullmatch(part)
            if part not in whole_ones and own and table in NAMES:
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
    frame.write_parquet(path, compression="lz4", statistics=False)


def _stream(frame: pl.LazyFrame, path: Path) -> None:
    frame.sink_parquet(
        path, compression="zstd", compression_level=3, row_group_size=ROWS, maintain_order=True
    )


def _scan_all(paths: Sequence[Path]) -> list[pl.LazyFrame]:
    """Files read whole, one after another: as one frame as long as they have the same columns. What
    is packed is read at once: it is never more than the small parts of some blocks.
    """
    frames = []
    schemas = ((_schema(path), path) for path in paths)
    for _, same in groupby(schemas, lambda pair: list(pair[0].items())):
        pairs = list(same)
        some = [path for _, path in pairs]
        frames.append(
            _unpacked(some).lazy() if is_packed(pairs[0][0]) else pl.scan_parquet(some, glob=False)
        )
    return frames


def _unpacked(paths: Sequence[Path]) -> pl.DataFrame:
    try:
        return unpacked(pl.read_parquet(list(paths), glob=False))
    except Unreadable as e:
        raise MachineFault(f"{paths[0]} cannot be read: {str(e).splitlines()[0]}.") from e


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
        found = pl.read_parquet(path, glob=False, columns=None if all_rows else columns)
        return unpacked(found)
    except Unreadable as e:
        raise Fault(f"{path.name} is damaged: {str(e).splitlines()[0]}") from e
