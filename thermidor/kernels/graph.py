"""A day of the citizens whose ties are listed one by one, so that any graph will do. Slower than
crowd.py, and the same decision.

Person i's ties are ties[start[i]:start[i + 1]]. On the ties of crowd.py it gives the same people,
bit for bit (tests/engine/test_graph.py).
"""

from __future__ import annotations

import numpy as np

from ..support.compiled import compiled
from .arrays import F64, I64, U8
from .bits import person_uniform
from .decision import decides


@compiled
def decide(
    key: np.uint64,
    out: U8,
    away: U8,
    start: I64,
    ties: I64,
    tie_pull: F64,
    utility: float,
    disposition: F64,
    noise: float,
    able: float,
    order: I64,
    new: U8,
) -> int:
    """Write who goes out into new (uint8[people]) and return how many changed.

    out, away: uint8[people].  start: int64[people + 1] and ties: int64[ties], who is tied to whom.
    tie_pull: float64[people], utility of one of a person's ties in the street.  utility: common to
    all.  disposition: float64[people], in the unit of utility.  order: int64[people], in which they
    decide.  If new is out itself, each sees what those before have decided.
    """
    changed = 0
    for i in order:
        street = 0
        for t in range(start[i], start[i + 1]):
            street += out[ties[t]]
        before = out[i]
        x = utility - disposition[i] + tie_pull[i] * street  # (citizens.1)
        u = person_uniform(key, i) if noise > 0.0 else 0.0
        new[i] = decides(x, u, noise, able) and not away[i]
        changed += new[i] != before
    return changed


@compiled
def cascade(
    out: U8, start: I64, ties: I64, tie_pull: F64, utility: float, disposition: F64, days: int
) -> I64:
    """Play days without noise from this street until nothing changes: people out on each day, the
    first included, int64[days played + 1].  Arguments as in `decide`; out is written.
    """
    people, key = out.size, np.uint64(0)
    order, away, new = np.arange(people), np.zeros(people, np.uint8), np.zeros(people, np.uint8)
    sizes = np.zeros(days + 1, np.int64)
    sizes[0] = out.sum()
    for day in range(days):
        changed = decide(
            key, out, away, start, ties, tie_pull, utility, disposition, 0.0, 1.0, order, new
        )
        if changed == 0:
            return sizes[: day + 1]
        out[:] = new
        sizes[day + 1] = out.sum()
    return sizes
