"""The costs to citizens: the states that mechanisms declare as costs, what to call them, what the
arms of a claim cost over the days that all of them lived.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from ..engine.columns import Columns
from . import exposure

SINCE = " since the start"
# The order in which costs are told, and names shorter than what is declared. Others follow.
FIRST = {
    "killed_protest": "killed in protest",
    "executed": "executed",
    "killed_strikes": "killed by strikes",
    "injured": "injured in protest",
    "arrested": "arrested in protest",
    "jail_days": "days in jail",
    "exiled": "left the country",
    "hardship_days": "days below the poverty line per head",
}


def of_columns(columns: Columns) -> dict[str, str]:
    """The costs of a scenario: column by column, what to call them."""
    return _called((c.name, c.quantity.why) for c in columns.costs)


def of_model(model: Mapping[str, Any]) -> dict[str, str]:
    """The same, from what a study's folder says of its model; `FIRST` if it says nothing."""
    try:
        declared = [
            ("_".join(state.split()), str(what["says"]))
            for m in model.get("mechanisms", ())
            for state, what in m["owns"].items()
            if what["cost"] and what["by"] == "country"
        ]
    except (AttributeError, KeyError, TypeError):  # a stranger's file
        declared = []
    return _called(declared) if declared else dict(FIRST)


def _called(declared: Iterable[tuple[str, str]]) -> dict[str, str]:
    names = {name: FIRST.get(name, why.removesuffix(SINCE)) for name, why in declared}
    return {k: names[k] for k in (*(f for f in FIRST if f in names), *names)}


class Cost(NamedTuple):
    """What futures of an arm cost citizens: mean, median, and the range of the middle 90 of 100."""

    mean: float
    median: float
    low: float
    high: float


def evenly(
    arms: Mapping[str, pl.DataFrame],
    known: Sequence[str],
    daily: Mapping[str, pl.LazyFrame] | None,
) -> tuple[Mapping[str, pl.DataFrame], float | None]:
    """The arms with futures of the same number cut to the days that all of them lived, and the last
    of these days on average; as they are where all live as long, or no daily series were kept.
    """
    if daily is None or len(arms) < 2:
        return arms, None
    days = exposure.shared_days(list(arms.values()))
    until = days.filter("unequal").select("run", "until")
    if not until.height:
        return arms, None
    even = {name: exposure.cut(runs, daily[name], until, known) for name, runs in arms.items()}
    return even, float(days["until"].to_numpy().mean())


def arm_costs(runs: pl.DataFrame, even: pl.DataFrame, known: Iterable[str]) -> dict[str, Cost]:
    """Survival over all days, and what the futures of an arm cost, in the days that count."""
    out = {}
    for c, of in (("survived", runs), *((c, even) for c in known)):
        done = of.filter(pl.col("ending").is_not_null())
        if c in done.columns and done.height:
            x = done[c].to_numpy()
            low, median, high = (float(v) for v in np.quantile(x, [0.05, 0.5, 0.95]))
            out[c] = Cost(float(x.mean()), median, low, high)
    return out
