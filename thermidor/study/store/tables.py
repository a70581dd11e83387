"""Finished futures as tables: runs, series, moved (who moved whom), events, provinces."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl

from ...engine.run import Run

NAMES = ("runs", "series", "moved", "events", "provinces")


@dataclass(frozen=True)
class Failure:
    """A future that could not be finished, with its reason; it stays in the study as a row."""

    run: int
    reason: str


def tables(futures: Iterable[Run | Failure], provinces: tuple[str, ...]) -> dict[str, pl.DataFrame]:
    """The tables of some futures, in order of their numbers."""
    futures = sorted(futures, key=lambda f: f.run)
    done = [f for f in futures if isinstance(f, Run)]
    rows = [
        f.outcomes()
        if isinstance(f, Run)
        else {"run": f.run, "ending": None, "day": None, "survived": None, "reason": f.reason}
        for f in futures
    ]
    schema = {k: _type(k, v) for r in rows for k, v in r.items()} if rows else {}
    for k in schema:
        if k.startswith("first_") or k in ("run", "day"):
            schema[k] = pl.Int32
    out = {"runs": pl.DataFrame(rows, schema=schema)}
    if not done:
        return out
    out["series"] = pl.concat(
        [
            pl.DataFrame(
                {
                    "run": np.full(len(f.series), f.run, np.int32),
                    "day": np.arange(len(f.series), dtype=np.int32),
                }
                | {n: f.series[:, k].astype(np.float32) for k, n in enumerate(f.names)}
            )
            for f in done
        ]
    )
    out["moved"] = pl.concat([_moved(f) for f in done])
    events = [(f.run, *h) for f in done for h in f.happened]
    out["events"] = pl.DataFrame(
        events,
        orient="row",
        schema={
            "run": pl.Int32,
            "day": pl.Int32,
            "mechanism": pl.String,
            "event": pl.String,
            "value": pl.Float64,
        },
    )
    out["provinces"] = pl.concat(
        [
            pl.DataFrame(
                {"run": np.full(len(provinces), f.run, np.int32), "province": list(provinces)}
                | {n: v.astype(np.float32) for n, v in f.provinces.items()}
            )
            for f in done
        ]
    )
    return out


def _moved(f: Run) -> pl.DataFrame:
    """Contributions by week: who said how much, on average a day, into which channel."""
    weeks, pairs = f.voices.shape
    return pl.DataFrame(
        {
            "run": np.full(weeks * pairs, f.run, np.int32),
            "week": np.repeat(np.arange(weeks, dtype=np.int32), pairs),
            "channel": [c for c, _ in f.speakers] * weeks,
            "speaker": [s for _, s in f.speakers] * weeks,
            "value": f.voices.ravel().astype(np.float32),
        }
    ).filter(pl.col("value").abs() > 1e-12)


def _type(name: str, value: object) -> type[pl.DataType]:
    return pl.String if isinstance(value, str) or name in ("ending", "reason") else pl.Float64
