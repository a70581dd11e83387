"""What a chronicler would have written down of a simulated uprising: the same quantities that the
table of cases has.

The street phase lasts from the first day to the last before a week whose mean turnout, over that of
an ordinary day, is below a tenth of the largest day so far, or until the regime ends. Crowd, deaths
and arrests are counted up to then; a fall counts on any of the scenario's days.
"""

from __future__ import annotations

import math

import numpy as np

from ...engine.run import Run

WEEKS = 16
FADED = 0.1  # of the largest day so far
CONTINUOUS = ("peak", "duration", "deaths", "arrests")
COLUMNS = ("fell", "ending", *CONTINUOUS, *(f"week{w}" for w in range(WEEKS)))


def street_phase(turnout: np.ndarray) -> int:
    """Last day of the street phase. turnout: share of residents by day, from day 1, which is an
    ordinary day.
    """
    above = turnout - turnout[0]
    largest = np.maximum.accumulate(above)
    # the week after it has faded; on the day of the onset nobody has heard of it yet
    for day in range(2, turnout.size - 6):
        if above[day : day + 7].mean() <= FADED * largest[day - 1]:
            return day
    return turnout.size


def observe(run: Run) -> dict[str, float | str]:
    """fell 0 or 1; peak: log10 of share; duration: log10 of days; deaths, arrests: log10 of persons
    + 1; week0..15: log10 of the week's largest turnout, share of residents.
    """
    turnout = run["turnout_country"][1:]
    fell = run.ending != "in power"
    last = street_phase(turnout)
    out: dict[str, float | str] = {
        "fell": float(fell),
        "ending": run.ending,
        "peak": math.log10(max(turnout[:last].max(), 1e-6)),
        "duration": math.log10(run.day if fell else last),
        "deaths": math.log10(run["killed_protest"][last] + 1),
        "arrests": math.log10(run["arrested"][last] + 1),
    }
    for w in range(WEEKS):
        week = turnout[7 * w : 7 * w + 7]
        out[f"week{w}"] = math.log10(max(week.max(), 1e-7)) if week.size else math.nan
    return out
