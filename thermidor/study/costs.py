"""The costs to citizens: the states that mechanisms declare as costs, and what to call them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..engine.columns import Columns

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
