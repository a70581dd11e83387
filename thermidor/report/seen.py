"""Observations kept in a folder of results, where its report finds them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from ..scenario.argument.seen import check_against, read
from ..study.results import Study
from ..support.writing import write_json

KEPT = "seen.json"


def keep_seen(folder: str | Path, file: str | Path) -> None:
    """Check observations against a study, and lay them into its folder. Raises Fault."""
    seen, study = read(file), Study(folder)
    m = study.manifest
    names = study.scan("series").collect_schema().names()
    check_against(
        seen, str(m["scenario"]), dt.date.fromisoformat(m["start"]), int(m["days"]), names
    )
    told = seen.file.model_dump(mode="json")
    write_json(
        Path(folder) / KEPT,
        {"title": told["title"], "hash": seen.hash, "observations": told["observations"]},
    )
