"""What an analysis leaves in the folder of its study: JSON, a table, a picture."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from ...support.writing import whole, write_json


def stem_of(name: str) -> str:
    """The name that files of an answer have, without their endings."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name)[:80]


def keep(
    folder: Path,
    name: str,
    told: Mapping[str, Any],
    rows: Sequence[Mapping[str, Any]],
    picture: str | None = None,
) -> list[Path]:
    """Write NAME.json, NAME.parquet, NAME.csv and NAME.svg; the paths of what was written."""
    stem = stem_of(name)
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / f"{stem}.json", told)
    out = [folder / f"{stem}.json"]
    if rows:
        table = pl.DataFrame(list(rows), infer_schema_length=None)
        whole(folder / f"{stem}.parquet", table.write_parquet)
        whole(folder / f"{stem}.csv", table.write_csv)
        out += [folder / f"{stem}.parquet", folder / f"{stem}.csv"]
    if picture is not None:
        text = picture
        whole(folder / f"{stem}.svg", lambda p: p.write_text(text, encoding="utf-8"))
        out.append(folder / f"{stem}.svg")
    return out
