"""What the tables of a study hold: columns of which type, how many rows, which values."""

from __future__ import annotations

import polars as pl

from .files import TROUBLE, Damaged, said

# what each table must hold: whole numbers, numbers, text
TABLES: dict[str, dict[str, str]] = {
    "runs": {"run": "whole", "ending": "text", "day": "whole", "survived": "number"},
    "series": {"run": "whole", "day": "whole"},
    "moved": {
        "run": "whole",
        "week": "whole",
        "channel": "text",
        "speaker": "text",
        "value": "number",
    },
    "events": {"run": "whole", "day": "whole", "mechanism": "text", "event": "text"},
    "provinces": {"run": "whole", "province": "text"},
}
ASKED = {"whole": "whole numbers", "number": "numbers", "text": "text"}
MOST_RUNS = 20_000_000
MOST_A_DAY = 1000  # events
MOST_VOICES = 5000  # channels by speakers
MOST_PROVINCES = 2000
KINDS = {
    "whole": lambda t: t.is_integer(),
    "number": lambda t: t.is_numeric(),
    "text": lambda t: t in (pl.String, pl.Categorical),
}


def columns(name: str, table: pl.LazyFrame, most_rows: int) -> list[str]:
    """The columns of a table that are of the right type, those that it must have among them.

    most_rows: a table of more is none of this study. Raises Damaged.
    """
    file = f"{name}.parquet"
    try:
        schema = dict(table.collect_schema())
        rows = table.select(pl.len()).collect().item()
    except TROUBLE as e:
        raise Damaged(file, f"it is no Parquet file ({said(e)})") from e
    if rows > most_rows:
        raise Damaged(file, f"it holds {rows:,} rows, more than such a study can have")
    must = TABLES[name]
    for column, kind in must.items():
        if column not in schema:
            raise Damaged(file, f"it has no column '{column}'")
        if not (KINDS[kind](schema[column]) or name == "runs" and schema[column] == pl.Null):
            raise Damaged(file, f"its column '{column}' holds {schema[column]}, not {ASKED[kind]}")
    return [c for c, t in schema.items() if c in must or t.is_numeric() or t == pl.String]


def most_rows(table: str, futures: int, days: int) -> int:
    """How many rows a table of so many futures can have."""
    each = {
        "series": days + 1,
        "moved": (days // 7 + 1) * MOST_VOICES,
        "events": (days + 1) * MOST_A_DAY,
        "provinces": MOST_PROVINCES,
    }
    return MOST_RUNS if table == "runs" else futures * each[table]


def finished(runs: pl.DataFrame, days: int) -> pl.DataFrame:
    """The table of futures, if its rows can be so. Raises Damaged."""

    def refuse(why: str) -> Damaged:
        return Damaged("runs.parquet", why)

    if runs["run"].null_count() or runs["run"].n_unique() < runs.height:
        raise refuse("a future stands in it twice, or without a number")
    done = runs.filter(pl.col("ending").is_not_null())
    if not done["day"].is_between(0, days).fill_null(value=False).all():
        raise refuse(f"a future ends on a day that is not one of 0 to {days:,}")
    if not done["survived"].cast(pl.Float64).is_in([0.0, 1.0]).fill_null(value=False).all():
        raise refuse("its column 'survived' holds more than 0 and 1")
    if (done["survived"] != (done["ending"] == "in power")).any():
        raise refuse("its columns 'survived' and 'ending' contradict each other")
    return done
