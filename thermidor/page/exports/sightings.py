"""Observations on the charts of their series, in the units of the charts."""

from __future__ import annotations

from typing import Any

from ...scenario.argument.seen import Observations, check
from ...scenario.scenario import Scenario
from .. import charts


def points(seen: Observations, scenario: Scenario) -> dict[str, list[dict[str, Any]]]:
    """What was seen, by the key of its chart: day, date, value with its range, source. Raises Fault
    for what cannot be laid beside this country's futures.
    """
    check(seen, scenario)
    units = {c.name: c.quantity.unit for c in scenario.columns.series}
    shown = {c["key"] for c in charts.listed(scenario)}
    found: dict[str, list[dict[str, Any]]] = {}
    for o in sorted(seen.file.observations, key=lambda o: o.date):
        key = "crowds" if o.series == charts.CROWD else charts.SERIES + o.series
        if key not in shown:
            continue
        times = charts.in_units(scenario, units[o.series])[1]
        low, high = (o.value if x is None else x for x in (o.low, o.high))
        found.setdefault(key, []).append(
            {
                "day": (o.date - scenario.start).days,
                "date": str(o.date),
                "value": times * o.value,
                "low": times * low,
                "high": times * high,
                "source": o.source,
                "known": str(o.known),
            }
        )
    return found
