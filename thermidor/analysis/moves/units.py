"""What is independent in a study: its futures, or in a design its points and its luck.

A design (`thermidor sweep`) puts every point on the same luck: future k stands at point k mod P, on
luck k div P. What was varied differs between points only, what was drawn between lucks only. So the
outcome is averaged over lucks for the one, and over points for the other; to count all futures as
independent would call luck a driver.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .sample import ASSUMPTION, LEVER, Sample

SALTELLI = "saltelli"


class Unit(NamedTuple):
    """Inputs of one role that differ between the same units.

    what: futures, points, lucks.  inputs: of this role.  designed: the sample is a Saltelli design,
    its rows in order, NaN where a future failed, with inputs of both roles.
    """

    sample: Sample
    role: str
    what: str
    inputs: tuple[str, ...]
    designed: bool = False
    second: bool = False


def units(found: Sample, sweep: Mapping[str, Any] | None) -> list[Unit]:
    """The parts of a study, levers never with assumptions; those without an input are left out.

    sweep: what the manifest says of the design, if there is one.
    """
    if not sweep:
        parts = [found.of(role) for role in (ASSUMPTION, LEVER)]
        made = [
            Unit(p, role, "futures", p.names)
            for p, role in zip(parts, (ASSUMPTION, LEVER), strict=True)
        ]
    else:
        made = list(_of_design(found, sweep))
    return [u for u in made if u.inputs]


def _of_design(found: Sample, sweep: Mapping[str, Any]) -> list[Unit]:
    points = int(sweep["points"])
    varied = {str(o["key"]): str(o["role"]) for o in sweep["over"]}
    point, luck = found.run % points, found.run // points
    based = sweep["kind"] in ("full", "one-at-a-time")  # point 0 is the scenario as it stands
    salted = sweep["kind"] == SALTELLI
    second = bool(sweep.get("second_order"))
    known = np.isfinite(found.y)
    inside = known & ((point > 0) | (not based))
    by_point = _average(found, point, inside, points if salted else 0)
    by_luck = _average(found, luck, known, 0)
    out = []
    for role in (ASSUMPTION, LEVER):
        mine = [n for n in found.names if varied.get(n) == role]
        if mine:  # the blocks of a Saltelli design are of all that is varied, in its order
            part = _only(by_point, list(varied) if salted else mine)
            out.append(Unit(part, role, "points", tuple(mine), salted, second))
    drawn = [
        n for n, r in zip(found.names, found.roles, strict=True) if n not in varied and r != LEVER
    ]
    out.append(Unit(_only(by_luck, drawn), ASSUMPTION, "lucks", tuple(drawn)))
    return out


def _only(found: Sample, names: list[str]) -> Sample:
    at = [found.names.index(n) for n in names]
    roles = tuple(found.roles[k] for k in at)
    return replace(found, names=tuple(names), values=found.values[:, at], roles=roles)


def _average(
    found: Sample, unit: NDArray[np.int64], there: NDArray[np.bool_], every: int
) -> Sample:
    """The mean outcome of each unit with its inputs; `every` of them, NaN where one has no future,
    or those that have one.
    """
    if every:
        y = np.full(every, np.nan)
        values = np.full((every, len(found.names)), np.nan)
        own = np.arange(every)
    else:
        own = np.unique(unit[there])
        y, values = np.empty(len(own)), np.empty((len(own), len(found.names)))
    place = np.searchsorted(own, unit[there])
    total = np.bincount(place, found.y[there], len(own))
    count = np.bincount(place, minlength=len(own))
    some = count > 0
    y[some] = total[some] / count[some]
    values[place] = found.values[there]
    return replace(found, y=y, values=values, run=own.astype(np.int64))
