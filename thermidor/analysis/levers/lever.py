"""Levers: choices of outsiders and of society, with the range in which they are searched.

What the ruler and the forces choose is no lever here, nor is an assumption, nor anything that would
raise repression or violence: a limit on force and outsiders' attacks go only down from what the
scenario has, and where attacks strike is not searched at all. Each is refused by name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ...scenario.assumption import Assumption
from ...scenario.scenario import Scenario
from ...support.faults import Fault, closest

OUTSIDE = ("adversary", "broker", "neighbours")  # who may hold a lever, and society
HOLDERS = (*OUTSIDE, "society")
DOWN_ONLY = {  # violence: at most what the scenario has
    "ruler.force_limit": "repression",
    "adversary.intensity": "attacks",
    "adversary.strikes": "attacks",
    "adversary.ground_force": "attacks",
}
TARGETS = "adversary.on_"  # whom attacks strike
DATES = ("negotiation.deal_day", "negotiation.pact_day")  # 0 stands for never


class Lever(NamedTuple):
    """A choice that is searched. now: what the scenario has.  switch: it is 0 or 1."""

    key: str
    low: float
    high: float
    now: float
    unit: str
    why: str
    actor: str
    switch: bool = False


def levers(scenario: Scenario, given: Sequence[str] = ()) -> list[Lever]:
    """Those that were named, each `key` or `key=low:high`; all that are open here if none was.

    Raises Fault with every one that is refused, and why.
    """
    if not given:
        open_ = [k for k in scenario.parameters if k not in DATES and _refused(scenario, k) is None]
        found = [_lever(scenario, k, None) for k in sorted(open_)]
        found = [x for x in found if x.low < x.high]
        if not found:
            raise Fault(f"{scenario.name} leaves no lever to outsiders or to society.")
        return found
    out, faults, seen = [], [], set()
    for text in given:
        key, _, span = text.partition("=")
        key = key.strip()
        why = _refused(scenario, key)
        if key in seen:
            why = f"'{key}' is given twice; keep one."
        seen.add(key)
        if why is None:
            try:
                out.append(_lever(scenario, key, span if "=" in text else None))
            except Fault as e:
                faults += e.faults
        else:
            faults.append(why)
    if faults:
        raise Fault(faults, "" if len(faults) == 1 else f"{len(faults)} levers are refused:")
    return out


def _refused(scenario: Scenario, key: str) -> str | None:
    """Why a parameter is no lever, or None."""
    a = scenario.parameters.get(key)
    if a is None:
        hint = closest(key, list(scenario.parameters))
        return f"there is no lever '{key}' in {scenario.name}.{hint}"
    p = a.parameter
    if p.role != "choice":
        return (
            f"'{key}' is an assumption ({p.why}), which nobody chooses; beliefs in it are for "
            "--beliefs."
        )
    if p.actor == "ruler":
        return (
            f"'{key}' is a choice of the ruler ({p.why}); levers are of outsiders and of society."
        )
    if p.actor not in HOLDERS:
        return f"'{key}' is a choice of {p.actor} ({p.why}); levers are of {', '.join(HOLDERS)}."
    if key.startswith(TARGETS):
        return f"'{key}' says whom attacks strike, which is not searched."
    if a.off or p.mechanism in scenario.silent:
        return f"'{key}' moves nothing: {p.mechanism} is switched off in {scenario.name}."
    return None


def _lever(scenario: Scenario, key: str, span: str | None) -> Lever:
    """A lever with its range. Raises Fault for a range that is none, or that is refused."""
    a = scenario.parameters[key]
    p, now = a.parameter, float(a.value)
    low, high = float(p.low), float(p.high)
    if key in DOWN_ONLY:
        high = min(high, now)
    if span is None and key in DATES:
        raise Fault(f"'{key}' is a day on which something is signed; give days such as {key}=1:90.")
    if span is not None:
        low, high = _span(key, span, a, high)
    return Lever(key, low, high, now, p.unit, p.why, str(p.actor), p.switch)


def _span(key: str, span: str, a: Assumption, most: float) -> tuple[float, float]:
    try:
        low, high = (float(x) for x in span.split(":"))
    except ValueError:
        raise Fault(f"--levers {key}={span} is no range; write {key}=low:high.") from None
    p = a.parameter
    if not low < high:
        raise Fault(f"--levers {key}={span} is empty; the first end must lie below the second.")
    if not (float(p.low) <= low and high <= float(p.high)):
        raise Fault(f"--levers {key}={span} leaves the range of {key}, {p.low:g} to {p.high:g}.")
    if high > most:
        what = DOWN_ONLY[key]
        raise Fault(
            f"'{key}' up to {high:g} would raise {what} above what the scenario has, {most:g}; it "
            f"is searched from {p.low:g} to {most:g} at most."
        )
    return low, high
