"""TopoJSON read: arcs made coarser once, so that neighbours keep their common border.

An arc is an array of points (n, 2) in degrees; a province is a list of polygons, each a list of
rings, each a list of arc numbers (~k: arc k backwards).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

Rings = list[list[int]]
RADIUS = 6371.0088  # unit: km, the mean radius of the earth


@dataclass
class Unit:
    """A province as the file has it: code and name of its maker, polygons as arcs."""

    code: str
    name: str
    polygons: list[Rings]


@dataclass
class Topology:
    """The units of a country and the arcs that they share."""

    arcs: list[np.ndarray]
    units: list[Unit]


def read(path: Path) -> Topology:
    """The topology of a file; points are joined in their whole numbers, then put to degrees."""
    data = json.loads(path.read_text())
    scale, shift = (np.array(data["transform"][k]) for k in ("scale", "translate"))
    arcs = [np.cumsum(np.array(a), axis=0) * scale + shift for a in data["arcs"]]
    units = []
    (object_,) = data["objects"].values()
    for g in object_["geometries"]:
        if g["type"] not in ("Polygon", "MultiPolygon"):
            continue
        polygons = [g["arcs"]] if g["type"] == "Polygon" else g["arcs"]
        name = (g.get("properties") or {}).get("name") or ""
        units.append(Unit(str(g.get("id") or ""), name, polygons))
    return Topology(arcs, units)


def coarser(arc: np.ndarray, tolerance: float) -> np.ndarray:
    """Douglas and Peucker (1973): no point left out lies farther from the line than that (deg)."""
    if len(arc) < 3:
        return arc
    keep = np.zeros(len(arc), bool)
    keep[[0, -1]] = True
    stack = [(0, len(arc) - 1)]
    if (arc[0] == arc[-1]).all():  # a ring of its own: cut where it is farthest from its start
        far = int(np.hypot(*(arc - arc[0]).T).argmax())
        keep[far] = True
        stack = [(0, far), (far, len(arc) - 1)]
        if len(arc) > 4:  # and keep a third corner, so that it stays a polygon
            (x, y), (dx, dy) = (arc - arc[0]).T, arc[far] - arc[0]
            keep[int(np.abs(dx * y - dy * x).argmax())] = True
    while stack:
        a, b = stack.pop()
        if b - a < 2:
            continue
        line, away = arc[b] - arc[a], arc[a + 1 : b] - arc[a]
        length = float(line @ line)
        t = np.clip(away @ line / length, 0, 1) if length else np.zeros(len(away))
        d = np.hypot(*(away - t[:, None] * line).T)
        k = int(d.argmax())
        if d[k] > tolerance:
            keep[a + 1 + k] = True
            stack += [(a, a + 1 + k), (a + 1 + k, b)]
    return arc[keep]


def ring(arcs: list[np.ndarray], numbers: list[int]) -> np.ndarray:
    """The closed ring of some arcs, points (n, 2)."""
    parts = [arcs[k] if k >= 0 else arcs[~k][::-1] for k in numbers]
    points = np.concatenate([parts[0], *(p[1:] for p in parts[1:])])
    return points if (points[0] == points[-1]).all() else np.vstack([points, points[:1]])


def area(points: np.ndarray) -> float:
    """Area of a ring on the sphere (km^2), by Chamberlain and Duquette (2007)."""
    lon, lat = np.radians(points[:, 0]), np.radians(points[:, 1])
    total = ((lon[1:] - lon[:-1]) * (2 + np.sin(lat[1:]) + np.sin(lat[:-1]))).sum()
    return abs(float(total)) * RADIUS**2 / 2


def unit_area(arcs: list[np.ndarray], polygons: list[Rings]) -> float:
    """Area of a province (km^2), holes taken out."""
    return sum(
        area(ring(arcs, p[0])) - sum(area(ring(arcs, hole)) for hole in p[1:]) for p in polygons
    )


def borders(units: list[Any]) -> set[tuple[int, int]]:
    """Pairs of units that have an arc in common."""
    owners: dict[int, set[int]] = {}
    for i, unit in enumerate(units):
        for polygon in unit.polygons:
            for numbers in polygon:
                for k in numbers:
                    owners.setdefault(k if k >= 0 else ~k, set()).add(i)
    return {(a, b) for found in owners.values() for a in found for b in found if a < b}
