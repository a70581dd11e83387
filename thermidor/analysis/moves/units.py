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

from ...study.design.design import DRAWN, SALTELLI, block_rows
from ...support.faults import Fault
from .sample import ASSUMPTION, LEVER, Sample


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
    based = sweep["kind"] not in DRAWN  # point 0 is the scenario as it stands
    salted = sweep["kind"] == SALTELLI
    known = np.isfinite(found.y)
    inside = known & ((point > 0) | (not based))
    by_point = _average(found, point, inside)
    by_luck = _average(found, luck, known)
    out = []
    for role in (ASSUMPTION, LEVER):
        mine = [n for n in found.names if varied.get(n) == role]
        if mine and salted:  # its blocks are of all that is varied, in its order
            whole = _by_block(found, list(varied), points)
            out.append(Unit(whole, role, "points", tuple(mine), True))
        elif mine:
            out.append(Unit(_only(by_point, mine), role, "points", tuple(mine)))
    drawn = [
        n for n, r in zip(found.names, found.roles, strict=True) if n not in varied and r != LEVER
    ]
    out.append(Unit(_only(by_luck, drawn), ASSUMPTION, "lucks", tuple(drawn)))
    return out


def _by_block(found: Sample, names: list[str], points: int) -> Sample:
    """The points of a Saltelli design in order, their outcomes averaged over the lucks on which the
    whole block is known: NaN where there is none, so that its rows differ in nothing but inputs.

    names: what is varied; one in which no two futures differ is NaN.
    """
    rows = block_rows(len(names))
    point, luck = found.run % points, found.run // points
    y = np.full((1 + int(luck.max()), points), np.nan)
    y[luck, point] = found.y
    if points % rows:
        raise Fault(
            f"a design of {len(names)} parameters has blocks of {rows} points, and {points:,} "
            "are no whole number of them; its manifest.json is not as it was written."
        )
    blocks = y.reshape(len(y), -1, rows)
    whole = np.isfinite(blocks).all(axis=2, keepdims=True)
    total, lucks = np.where(whole, blocks, 0.0).sum(axis=0), whole.sum(axis=0)
    mean = np.where(lucks > 0, total / np.maximum(lucks, 1), np.nan).ravel()
    values = np.full((points, len(names)), np.nan)
    for k, name in enumerate(names):
        if name in found.names:
            values[point, k] = found.values[:, found.names.index(name)]
    role = dict(zip(found.names, found.roles, strict=True))
    roles = tuple(role.get(n, ASSUMPTION) for n in names)
    own = np.arange(points, dtype=np.int64)
    return replace(found, names=tuple(names), values=values, roles=roles, y=mean, run=own)


def _only(found: Sample, names: list[str]) -> Sample:
    at = [found.names.index(n) for n in names]
    roles = tuple(found.roles[k] for k in at)
    return replace(found, names=tuple(names), values=found.values[:, at], roles=roles)


def _average(found: Sample, unit: NDArray[np.int64], there: NDArray[np.bool_]) -> Sample:
    """The mean outcome of each unit that has a future in which it is known, with its inputs."""
    own = np.unique(unit[there])
    place = np.searchsorted(own, unit[there])
    total = np.bincount(place, found.y[there], len(own))
    y = total / np.bincount(place, minlength=len(own))
    values = np.empty((len(own), len(found.names)))
    values[place] = found.values[there]
    return replace(found, y=y, values=values, run=own.astype(np.int64))
