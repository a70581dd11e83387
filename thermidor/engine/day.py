"""The day of many futures before and after their mechanisms' steps, compiled."""

from __future__ import annotations

import numpy as np

from ..kernels.arrays import F64, I64
from ..support.compiled import compiled
from .columns import Columns
from .layout import Layout


def bounds(columns: Columns, layout: Layout) -> np.ndarray:
    """The bounds of each channel column, float[lower or upper, column]."""
    out = np.zeros((2, layout.width - layout.states.stop))
    for word, q in columns.wiring.channels.items():
        begin, end, _ = layout.spans[word]
        out[0, begin - layout.states.stop : end - layout.states.stop] = q.low
        out[1, begin - layout.states.stop : end - layout.states.stop] = q.high
    return out


@compiled
def open_day(live: I64, now: F64, today: F64, states: int) -> None:
    """States stand as they did, and channels are silent.  now, today: float64[future, column]."""
    for r in live:
        today[r, :states] = now[r, :states]
        today[r, states:] = 0.0


@compiled
def close_day(
    live: I64,
    day: int,
    today: F64,
    marks: tuple[int, int, int],
    bounds: F64,
    record: tuple[F64, F64, F64, F64],
    told: F64,
    ends: I64,
) -> tuple[int, int]:
    """Bound what channels carry and record the day; how many things happened, and how many futures
    may have an ending.

    marks: where the columns of the daily states, of those by province and of all states end.
    bounds: float64[2, channel column].  record: series, float64[future, day, column], peak and
    total, float64[future, column], and the sum of what is not seen, float64[future].  told:
    float64[future, what], else nan.  ends: columns of which one is 1 on the day of an ending.
    """
    daily, local, states = marks
    series, peak, total, unseen = record
    happened, due = 0, 0
    for r in live:
        row = today[r]
        for c in range(states, row.size):
            row[c] = min(max(row[c], bounds[0, c - states]), bounds[1, c - states])
        series[r, day] = row[:daily]
        for c in range(daily, local):
            peak[r, c - daily] = max(peak[r, c - daily], row[c])
            total[r, c - daily] += row[c]
        rest = unseen[r]
        for c in range(local, states):
            rest += row[c]
        unseen[r] = rest
        for k in range(told.shape[1]):
            happened += told[r, k] == told[r, k]
        for k in range(ends.size):
            if row[ends[k]] >= 1.0:
                due += 1
                break
    return happened, due
