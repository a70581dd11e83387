"""What a day takes from crowds, and how far the dead are felt. Numbers only: what they mean is said
in mechanisms/citizens.py.
"""

from __future__ import annotations

import numpy as np

from ..support.compiled import compiled
from . import fates
from .arrays import F64 as Array


@compiled
def outraged(
    recent: Array,
    killed: Array,
    deaths: Array,
    day: int,
    after: int,
    days: int,
    keep: float,
    mourning: float,
    own: float,
    half: float,
    residents: Array,
) -> tuple[Array, Array]:
    """The fading sum of the killed (persons) and how far they are felt, 0 to 1, float[province].

    killed: persons today.  deaths: float[day, province], by day modulo its length.  after, days:
    when they are mourned.  keep: part of the sum that is left after a day.  own: weight of one's
    own province.  half: killed per million.
    """
    new = recent * keep + killed
    dead = new.copy()
    for k in range(days):
        dead += mourning * deaths[(day - after - k) % deaths.shape[0]]
    per_million = 1e6 * (own * dead / residents + (1 - own) * dead.sum() / residents.sum())
    return new, per_million / (per_million + half)  # (citizens.4)


@compiled
def taken(
    kill: Array, arrest: Array, treatment: Array, out: Array, residents: Array
) -> tuple[Array, Array, Array]:
    """Persons killed by province and by group and arrested by group: rate times crowd.

    kill, arrest: chances a day, float[province].  treatment: float[fate, group].  out: shares of
    residents, float[province, group].
    """
    killed_here = np.zeros(kill.size)
    killed_group, arrested_group = np.zeros(out.shape[1]), np.zeros(out.shape[1])
    for p in range(kill.size):
        for g in range(out.shape[1]):
            persons = out[p, g] * residents[p]
            killed = min(1.0, kill[p] * treatment[fates.KILLED, g]) * persons
            killed_here[p] += killed
            killed_group[g] += killed
            arrested_group[g] += min(1.0, arrest[p] * treatment[fates.ARRESTED, g]) * persons
    return killed_here, killed_group, arrested_group
