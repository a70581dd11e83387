"""Finished futures as tables: runs, series, moved (who moved whom), events, provinces."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

import numpy as np
import polars as pl

from ...engine.run import Run
from .rows import Failure, packed, unpacked

NAMES = ("runs", "series", "moved", "events", "provinces")
KEEP = {
    "runs": ("runs",),
    "series": ("runs", "series", "events"),
    "all": NAMES,
}  # the tables that a study keeps, by what it is told to
LEAST = 1e-12  # numerical guard: what a mechanism must say to be told


def tables(
    futures: Iterable[Run | Failure], provinces: tuple[str, ...], wanted: Collection[str] = NAMES
) -> dict[str, pl.DataFrame]:
    """Those tables of some futures of one scenario that are wanted, in order of their numbers."""
    futures = sorted(futures, key=lambda f: f.run)
    done = [f for f in futures if isinstance(f, Run)]
    if not done:
        wanted = [name for name in wanted if name == "runs"]
    made: dict[str, Callable[[], pl.DataFrame]] = {
        "runs": lambda: unpacked(packed(futures)),
        "series": lambda: _series(done),
        "moved": lambda: _moved(done),
        "events": lambda: _events(done),
        "provinces": lambda: _provinces(done, provinces),
    }
    return {name: made[name]() for name in NAMES if name in wanted}


def _series(futures: Sequence[Run]) -> pl.DataFrame:
    """A row a future and a day: every state."""
    rows = np.array([len(f.series) for f in futures])
    day = np.concatenate([np.arange(n, dtype=np.int32) for n in rows])
    states = np.empty((len(futures[0].names), rows.sum()), np.float32)
    np.concatenate([f.series.T for f in futures], axis=1, out=states, casting="same_kind")
    return pl.DataFrame(
        {"run": np.repeat(_numbers(futures), rows), "day": day}
        | dict(zip(futures[0].names, states, strict=True))
    )


def _moved(futures: Sequence[Run]) -> pl.DataFrame:
    """Contributions by week: who said how much, on average a day, into which channel."""
    rows = np.array([len(f.voices) for f in futures])
    value = np.concatenate([f.voices for f in futures]).astype(np.float32)
    row, pair = np.nonzero(np.abs(value) > LEAST)
    week = np.concatenate([np.arange(n, dtype=np.int32) for n in rows])
    pairs = futures[0].speakers
    return pl.DataFrame(
        {
            "run": np.repeat(_numbers(futures), rows)[row],
            "week": week[row],
            "channel": pl.Series([c for c, _ in pairs], dtype=pl.String).gather(pair),
            "speaker": pl.Series([s for _, s in pairs], dtype=pl.String).gather(pair),
            "value": value[row, pair],
        }
    )


def _events(futures: Sequence[Run]) -> pl.DataFrame:
    """A row for everything that happened."""
    return pl.DataFrame(
        [(f.run, *h) for f in futures for h in f.happened],
        orient="row",
        schema={
            "run": pl.Int32,
            "day": pl.Int32,
            "mechanism": pl.String,
            "event": pl.String,
            "value": pl.Float64,
        },
    )


def _provinces(futures: Sequence[Run], provinces: tuple[str, ...]) -> pl.DataFrame:
    """A row a future and province."""
    return pl.DataFrame(
        {
            "run": np.repeat(_numbers(futures), len(provinces)),
            "province": list(provinces) * len(futures),
        }
        | {
            name: np.concatenate([f.provinces[name] for f in futures]).astype(np.float32)
            for name in futures[0].provinces
        }
    )


def _numbers(futures: Sequence[Run]) -> np.ndarray:
    """Numbers of the futures, int32[future]."""
    return np.array([f.run for f in futures], np.int32)
