"""Survival: the share of futures still in power over time."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...wording import count, hundred, span
from ..parts.drawing import figure, neat
from .study_view import StudyView, part_between


def survival(view: StudyView) -> dict[str, Any] | None:
    """Share of futures still in power over time (Kaplan and Meier 1958)."""
    if not view.n:
        return None
    p, time = view.results.survival(), view.time
    day, alive, low, high = (np.array(x, float) for x in view.results.curve())
    # the log-log interval is not defined where none is left
    low, high = np.where(alive > 0, low, 0.0), np.where(alive > 0, high, p.high)
    ends = np.sort(view.ended["day"].to_numpy())
    lasted = view.n - len(ends)
    if not len(ends):
        low[:] = low[-1]  # no step to hang the interval on: the last day's serves for all
        futures = count(view.n, "future")
        title = (
            f"No future ends within {count(view.days, 'day')}; with {futures}, "
            f"up to {hundred(1 - p.low)} of 100 still could."
        )
    else:
        kept = part_between(lasted, view.n, headline=True)
        first = (
            f"the first ends on day {ends[0]:,}"
            if len(ends) > 1
            else f"the only one that ends does so on day {ends[0]:,}"
        )
        title = (
            f"{kept} {'is' if kept.startswith('1 of') else 'are'} still in power on day "
            f"{view.days:,}; {first}."
        )
    days = view.finished["day"].to_numpy()
    risk = [{"day": t["day"], "n": int((days >= t["day"]).sum())} for t in time["ticks"]]
    rows = []
    for t, r in zip(time["ticks"], risk, strict=True):
        k = int(np.searchsorted(day, t["day"], side="right")) - 1
        rows.append(
            [
                f"{t['day']:,.0f}",
                view.date(round(t["day"])),
                f"{r['n']:,}",
                hundred(alive[k]),
                span(low[k], high[k]),
            ]
        )
    summary = (
        "Still in power of 100 futures: "
        + "; ".join(f"day {r[0]}: {r[3]} ({r[4]})" for r in rows)
        + "."
    )
    if len(ends) > 2:
        middle = int(ends[(len(ends) - 1) // 2])
        summary += f" Half of the {len(ends)} ends come by day {middle:,}."
    caption = (
        "Line: of 100 futures, those in which the group in power still holds it. Band: 95 % "
        "interval. Below: futures still at risk. What comes after the last day is not "
        "known."
    )
    drawn = {
        "day": neat(day),
        "alive": neat(100 * alive),
        "low": neat(100 * low),
        "high": neat(100 * high),
    }
    saved = {
        "day": drawn["day"],
        "in_power_of_100": drawn["alive"],
        "low": drawn["low"],
        "high": drawn["high"],
    }
    head = ["day", "date", "futures at risk", "in power, of 100", "95 % interval"]
    return figure(
        "survival", title, summary, caption, head, rows, saved, drawn | {"time": time, "risk": risk}
    )
