"""Whether two folders of results hold the same numbers, bit for bit.

    python -m tests.same OLD NEW [--renamed old=new ...]

Compares every table of the two, column by column; columns that only one of them has are listed. Two
files of `thermidor published --json` are compared as well. Ends with 1 if anything differs.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import polars as pl

TABLES = ("runs", "series", "moved", "events", "provinces")


def differences(old: pl.DataFrame, new: pl.DataFrame, renamed: dict[str, str]) -> list[str]:
    old = old.rename({a: b for a, b in renamed.items() if a in old.columns})
    said = [f"only in the old: {c}" for c in old.columns if c not in new.columns]
    said += [f"only in the new: {c}" for c in new.columns if c not in old.columns]
    if old.height != new.height:
        return [*said, f"{old.height} rows in the old, {new.height} in the new"]
    for c in (c for c in old.columns if c in new.columns):
        if old[c].dtype != new[c].dtype or not old[c].eq_missing(new[c]).all():
            said.append(f"differs: {c}")
    return said


def published(old: Path, new: Path) -> list[str]:
    """Checks of published models that two files give another number."""
    a, b = (
        {(c["model"], c["quantity"]): c["got"] for c in json.loads(p.read_text())["checks"]}
        for p in (old, new)
    )
    return [
        f"differs: {k}: {a.get(k)} and {b.get(k)}"
        for k in sorted(a.keys() | b.keys())
        if a.get(k) != b.get(k)
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    parser.add_argument("--renamed", nargs="*", default=[])
    o = parser.parse_args()
    renamed = dict(r.split("=") for r in o.renamed)
    wrong = 0
    if o.old.is_file():
        said = published(o.old, o.new)
        print("\n".join(said) or "the same")
        return bool(said)
    for table in TABLES:
        frames = [pl.read_parquet(folder / f"{table}.parquet") for folder in (o.old, o.new)]
        said = differences(*frames, renamed)
        wrong += len(said)
        print(
            f"{table}: {frames[0].height:,} rows, {frames[0].width} columns: "
            f"{'; '.join(said[:10]) or 'the same'}"
        )
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
