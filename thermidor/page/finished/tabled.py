"""The tables of a study one below the other, as text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any


def tabled(found: Mapping[str, Any]) -> str:
    """Answer and facts, then each figure with its sentence."""
    out = io.StringIO()
    w = csv.writer(out, lineterminator="\n")
    w.writerow(["answer", found["answer"]["sentence"]])
    w.writerows(found["facts"])
    cards = (f for c in found["cards"] for f in c["figures"])
    every: Iterable[Mapping[str, Any]] = (*found["charts"], *cards)
    for f in every:
        w.writerow([])
        w.writerow([f["title"]])
        if f.get("head"):
            w.writerow(f["head"])
            w.writerows(f["rows"])
    return out.getvalue()
