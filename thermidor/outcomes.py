"""The outcomes of a future that claims and comparisons may name, and the expressions made of them.

An outcome is an SQL expression over the columns of runs.parquet, such as `survived`, `killed_protest + executed`,
`peak_turnout_country > 0.01` or `coalesce(first_deals, 9999)`.
"""
from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from .faults import closest, near
from .future import REDUCERS
from .mechanism import Parameter
from .places import Place
from .record import DAILY, FINAL
from .schema import Claim
from .world import Wiring

ALWAYS = ("run", "ending", "day", "survived", "reason")


def columns(wiring: Wiring, place: Place) -> list[str]:
    """Every column of runs.parquet for a scenario."""
    out = list(ALWAYS)
    out += sorted(f"{m.name}.{f.name}" for m in wiring.mechanisms for f in dataclasses.fields(m.params))
    series = []
    for s, q in sorted(wiring.states.items()):
        if q.by == "country":
            series.append(s)
        elif q.by in DAILY:
            series += [f"{s}_{member}" for member in place.axes[q.by]]
        elif q.by in FINAL:
            out += [f"{s}_{member}" for member in place.axes[q.by]]
        if q.cost:
            out.append(s)
    return out + [f"{r}_{s}" for s in series for r in REDUCERS]


def expression_faults(text: str, known: list[str]) -> list[str]:
    """What is wrong with an SQL expression over these columns."""
    import polars as pl
    try:
        names = pl.sql_expr(text).meta.root_names()
    except Exception as e:
        return [f"has the outcome '{text}', which is not an SQL expression ({str(e).splitlines()[0]})."]
    return [f"names the outcome '{n}', which does not exist.{near(n, known)}" for n in names if n not in known]


def claim_faults(claim: Claim, wiring: Wiring, parameters: Mapping[str, Parameter], place: Place) -> list[str]:
    """What is wrong with a claim: arms, outcomes, patches."""
    faults, known = [], columns(wiring, place)
    if not claim.tests and claim.not_testable is None:
        faults.append("has neither a test nor a reason why it cannot be tested ('not_testable').")
    if claim.tests and not claim.arms:
        faults.append("has tests but no arms to compare.")
    for name, arm in claim.arms.items():
        for key in arm.set:
            if key not in parameters:
                faults.append(f"sets '{key}' in arm '{name}', which is no parameter here.{closest(key, list(parameters))}")
        faults += [f"switches off '{m}' in arm '{name}', which is no mechanism here.{near(m, wiring.owner.values())}"
                   for m in arm.switched_off if m not in {x.name for x in wiring.mechanisms}]
    for test in (*claim.tests, *claim.also):
        for side in (test.of, test.against):
            if isinstance(side, str) and side not in claim.arms:
                faults.append(f"compares arm '{side}', which it does not define; arms: {', '.join(claim.arms) or 'none'}.{near(side, claim.arms)}")
        for text in (test.outcome, test.given):
            if text is not None:
                faults += expression_faults(text, known)
    return faults
