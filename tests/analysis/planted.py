"""Studies with an outcome that was planted: futures are drawn as rows, none is simulated."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from thermidor.study.results import Study

MANIFEST = {
    "scenario": "planted",
    "title": "Planted",
    "hash": "0" * 16,
    "seed": 1,
    "fixed": False,
    "version": "0",
    "rules": "none",
    "days": 100,
    "start": "2025-06-16",
    "status": "finished",
    "citizens": 1,
    "agents": 1,
    "keep": "runs",
}


def study(
    folder: Path,
    values: np.ndarray,
    y: np.ndarray,
    levers: tuple[int, ...] = (),
    day: np.ndarray | None = None,
    sweep: dict[str, Any] | None = None,
    names: list[str] | None = None,
) -> Study:
    """A folder of futures with inputs m.a0, m.a1, ..., or of these names, and an outcome `y`; NaN
    is a failed future.

    day: on which each loses power, 100 if it does not.
    """
    n, d = values.shape
    names = names or [f"m.a{k}" for k in range(d)]
    failed = np.isnan(y)
    ended = np.zeros(n, bool) if day is None else day < 100
    ending = np.where(ended, "coup", "in power").astype(object)
    ending[failed] = None
    told = {
        "run": pl.Series(range(n), dtype=pl.Int32),
        "ending": pl.Series(ending.tolist(), dtype=pl.String),
        "day": pl.Series(np.full(n, 100) if day is None else day, dtype=pl.Int32),
        "survived": 1.0 - ended,
        "reason": pl.Series([None] * n, dtype=pl.String),
        "y": y,
    }
    folder.mkdir(parents=True, exist_ok=True)
    table = pl.DataFrame(told | {c: values[:, k] for k, c in enumerate(names)})
    table.write_parquet(folder / "runs.parquet")
    ledger = [
        {
            "key": c,
            "says": f"what a{k} is",
            "unit": "share",
            "role": "choice" if k in levers else "assumption",
        }
        for k, c in enumerate(names)
    ]
    (folder / "model.json").write_text(json.dumps({"ledger": ledger}), encoding="utf-8")
    made = MANIFEST | {"runs": n} | ({"sweep": sweep} if sweep else {})
    (folder / "manifest.json").write_text(json.dumps(made), encoding="utf-8")
    return Study(folder)


def ishigami(x: np.ndarray) -> np.ndarray:
    """Ishigami and Homma's (1990) function, a = 7, b = 0.1, of float64[n, 3] in -pi to pi."""
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


# from its closed form (Sobol and Levitan 1999): first and total shares
FIRST, TOTAL = (0.3139, 0.4424, 0.0), (0.5576, 0.4424, 0.2437)
