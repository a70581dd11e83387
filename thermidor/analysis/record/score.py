"""`thermidor record`: how sealed forecasts did.

    Brier = mean of (p - o)^2        log score = mean of ln(p if o else 1 - p)           (record.2)

with p the chance that was sealed and o 1 where it came true (Brier 1950; Good 1952). Void and open
ones are counted and not scored; those sealed after their day are scored apart. The interval of a
mean comes from drawing forecasts anew with replacement.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np

from ... import wording as words
from ...study import stats
from . import book as books
from .book import Book, Forecast

EDGES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
BOOT = 2000
FEWEST = 2  # forecasts of which a mean has an interval
HALF = 0.25  # Brier score of one half, always


def scored(book: Book, today: dt.date | None = None) -> dict[str, Any]:
    """What `thermidor record --json` prints."""
    today = today or dt.date.today()
    every = book.forecasts
    open_ = [f for f in every if f.outcome is None]
    overdue = [f.id for f in open_ if dt.date.fromisoformat(f.sealed["by"]) < today]
    ended = [f for f in every if f.outcome in (books.YES, books.NO)]
    ahead, late = ([f for f in ended if f.sealed["late"] is x] for x in (False, True))
    found: dict[str, Any] = {
        "record": str(book.path),
        "hash": book.hash,
        "sealed": len(every),
        "resolved": len(ended),
        "void": sum(f.outcome == books.VOID for f in every),
        "open": len(open_),
        "overdue": overdue,
        "scores": scores(ahead),
        "late": scores(late),
        "forecasts": [
            {
                "id": f.id,
                "claim": f.sealed["claim"],
                "by": f.sealed["by"],
                "sealed": f.sealed["sealed"],
                "late": f.sealed["late"],
                "chance": f.sealed["chance"],
                "outcome": f.outcome,
            }
            for f in every
        ],
    }
    return {"answer": sentence(found)} | found


def scores(ended: Sequence[Forecast]) -> dict[str, Any] | None:
    """(record.2) over resolved forecasts, with 95 % intervals, and their calibration; None without
    any.
    """
    if not ended:
        return None
    p = np.array([f.sealed["chance"] for f in ended])
    o = np.array([float(f.outcome == books.YES) for f in ended])
    brier, log = (p - o) ** 2, np.log(np.where(o == 1, p, 1 - p))
    return {
        "n": len(p),
        "true": int(o.sum()),
        "brier": _mean(brier),
        "log": _mean(log),
        "brier_of_half": HALF,
        "calibration": calibration(p, o),
    }


def calibration(p: np.ndarray, o: np.ndarray) -> list[dict[str, float]]:
    """Forecasts in fifths of the scale: how many, their mean, the share that came true with its
    Wilson interval; empty fifths are left out.
    """
    out = []
    for low, high in zip(EDGES[:-1], EDGES[1:], strict=True):
        mine = (p >= low) & ((p < high) | (high == EDGES[-1]))
        n = int(mine.sum())
        if n:
            true = stats.share(int(o[mine].sum()), n)
            told = {"from": low, "to": high, "n": n, "said": float(p[mine].mean())}
            out.append(told | {"true": true.value, "low": true.low, "high": true.high})
    return out


def _mean(x: np.ndarray) -> dict[str, float | None]:
    if len(x) < FEWEST:
        return stats.Interval(float(x.mean()), np.nan, np.nan).as_dict("mean")
    rng = np.random.default_rng(1)
    means = x[rng.integers(0, len(x), (BOOT, len(x)))].mean(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return stats.Interval(float(x.mean()), float(low), float(high)).as_dict("mean")


def sentence(found: dict[str, Any]) -> str:
    """The record in a sentence or two."""
    n = words.count(found["sealed"], "forecast")
    kinds = f"{found['resolved']} resolved, {found['void']} void, {found['open']} open"
    told = f"{n} sealed ({kinds})"
    due = len(found["overdue"])
    if due:
        told += f", {due} of them past their day and not resolved"
    for key, what in (("scores", ""), ("late", " of those sealed after their day")):
        s = found[key]
        if s:
            b = s["brier"]
            between = "" if b["low"] is None else f" ({b['low']:.3f} to {b['high']:.3f})"
            told += (
                f"; Brier score{what} {b['mean']:.3f}{between} from {s['n']}, log score "
                f"{s['log']['mean']:.3f} (one half, always: {HALF:g} and {np.log(0.5):.3f})"
            )
    if not found["scores"] and not found["late"]:
        told += "; nothing is scored yet"
    return told + "."
