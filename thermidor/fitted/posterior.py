"""What past uprisings say of the parameters that all countries share: draws of the posterior that
come with the package.

A future takes one row of them, so that what the cases say of two parameters together is kept. How
they were made: history/calibrate.py. Where a scenario gives a parameter itself, or is patched, its
own value stands.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

FILE = "posterior.json"
FOLDS = Path(str(files(__package__) / "data" / "folds.parquet"))  # those that left each country out


@dataclass(frozen=True)
class Posterior:
    """keys: parameters.  draws: float[draws, keys].  listing: how uprisings come into tables, for
    each draw, float[draws, 2] (history/listing.py).  made: cases, panel, seeds and versions that
    they come from.
    """

    keys: tuple[str, ...]
    draws: np.ndarray
    listing: np.ndarray
    made: Mapping[str, Any]
    logistic: Mapping[str, Any]
    hash: str

    def row(self, u: float) -> dict[str, float]:
        """One draw, chosen by a number in (0, 1)."""
        values = self.draws[min(len(self.draws) - 1, int(u * len(self.draws)))]
        return {k: float(x) for k, x in zip(self.keys, values, strict=True)}

    @cached_property
    def quantiles(self) -> dict[str, tuple[float, float, float]]:
        """10, 50 and 90 % of each parameter."""
        out = {}
        for i, k in enumerate(self.keys):
            q10, q50, q90 = (float(x) for x in np.quantile(self.draws[:, i], (0.1, 0.5, 0.9)))
            out[k] = (q10, q50, q90)
        return out


@cache
def load() -> Posterior | None:
    """The posterior that comes with the package, or None if there is none."""
    path = files(__package__) / "data" / FILE
    if not path.is_file():
        return None
    text = path.read_text(encoding="utf-8")
    data = json.loads(text)
    return Posterior(
        tuple(data["keys"]),
        np.array(data["draws"]),
        np.array(data.get("listing", [(0.0, 0.0)] * len(data["draws"]))),
        data["made"],
        data["logistic"],
        hashlib.sha256(text.encode()).hexdigest()[:16],
    )
