"""From a country's topology to its file: small units joined, lines made coarser, islands tied."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from .topology import Rings, Topology, Unit, area, borders, coarser, ring, unit_area

MOST = 48  # provinces; the least populous are joined with a neighbour until no more are left
MOST_BYTES = 32_000  # of a file's outlines, in which all lines are made coarser until they fit
ISLAND = 3e-5  # of the country's area: smaller polygons are left out, but for a province's largest
KM_PER_DEGREE = 111.2
FACTOR = 2.2  # to either side of what the rule of people.py says; tried on seven countries


@dataclass
class Province:
    """A province of the file, and the units of the package that it is made of."""

    id: str
    name: str
    units: list[int]
    population: float = 0.0
    status: str = "derived"
    within: float = FACTOR  # of the population, to either side
    members: list[str] = field(default_factory=list)  # names of the others that it took in


def cleaned(topology: Topology, drop: Sequence[str] = ()) -> list[Unit]:
    """The units with names; the polygons of nameless ones go to the nearest unit."""
    units = [u for u in topology.units if u.name and u.name not in drop]
    shapes = [shape(topology.arcs, u.polygons) for u in units]
    for u in topology.units:
        if u.name:
            continue
        for polygon in u.polygons:
            spot = shape(topology.arcs, [polygon])
            k = int(np.argmin([s.distance(spot) for s in shapes]))
            units[k].polygons.append(polygon)
    return units


def shape(arcs: list[np.ndarray], polygons: list[Rings]) -> Any:
    """The polygons as one shape."""
    made = [
        shapely.Polygon(ring(arcs, p[0]), [ring(arcs, h) for h in p[1:]]).buffer(0)
        for p in polygons
    ]
    return shapely.union_all(made)


def joined(
    provinces: list[Province], pairs: set[tuple[int, int]], capital: int
) -> tuple[list[Province], set[tuple[int, int]]]:
    """At most MOST provinces: the least populous is joined with its least populous neighbour."""
    alive = dict(enumerate(provinces))
    links = {k: {b if a == k else a for a, b in pairs if k in (a, b)} for k in alive}
    while len(alive) > MOST:
        k = min((k for k in alive if k != capital), key=lambda k: alive[k].population)
        near = links[k] - {capital} or links[k]
        to = min(near, key=lambda j: alive[j].population)
        one, other = alive.pop(k), alive[to]
        if one.population > other.population:
            other.id, other.name, one.name = one.id, one.name, other.name
        other.units += one.units
        other.members += [one.name, *one.members]
        other.population += one.population
        other.within = max(other.within, one.within)
        other.status = other.status if other.status == one.status else "derived"
        for j in links.pop(k):
            links[j].discard(k)
            if j != to:
                links[j].add(to)
                links[to].add(j)
    order = {k: n for n, k in enumerate(alive)}
    kept = {(order[a], order[b]) for a in alive for b in links[a] if a < b}
    return list(alive.values()), kept


def tied(pairs: set[tuple[int, int]], shapes: Sequence[Any]) -> set[tuple[int, int]]:
    """The same with parts that touch no other tied to the nearest province, until all hang on."""
    pairs, n = set(pairs), len(shapes)
    while True:
        part = list(range(n))

        def root(k: int, part: list[int] = part) -> int:
            while part[k] != k:
                k = part[k]
            return k

        for a, b in pairs:
            part[root(a)] = root(b)
        groups: dict[int, list[int]] = {}
        for k in range(n):
            groups.setdefault(root(k), []).append(k)
        if len(groups) == 1:
            return pairs
        small = min(groups.values(), key=len)
        others = [k for k in range(n) if k not in small]
        _, a, b = min((shapes[a].distance(shapes[b]), a, b) for a in small for b in others)
        pairs.add((min(a, b), max(a, b)))


def drawn(
    topology: Topology, units: Sequence[Unit], provinces: Sequence[Province]
) -> list[list[Any]]:
    """Coordinates of each province as a MultiPolygon, within the bytes of a file."""
    total = sum(unit_area(topology.arcs, u.polygons) for u in units)
    tolerance = math.sqrt(total) / 1500 / KM_PER_DEGREE
    while True:
        digits = max(2, min(4, round(-math.log10(tolerance)) + 1))
        arcs = [np.round(coarser(a, tolerance), digits) for a in topology.arcs]
        out = [_multipolygon(arcs, units, p, total * ISLAND) for p in provinces]
        if sum(len(str(m).replace(" ", "")) for m in out) <= MOST_BYTES:
            return out
        tolerance *= 1.25


def _multipolygon(
    arcs: list[np.ndarray], units: Sequence[Unit], p: Province, least: float
) -> list[Any]:
    polygons = [q for k in p.units for q in units[k].polygons]
    if len(p.units) > 1:
        made = shape(arcs, polygons)
        parts = list(made.geoms) if made.geom_type == "MultiPolygon" else [made]
        rings = [[np.array(r.coords) for r in (g.exterior, *g.interiors)] for g in parts]
    else:
        rings = [[ring(arcs, numbers) for numbers in q] for q in polygons]
    sizes = [area(r[0]) for r in rings]
    largest = int(np.argmax(sizes))
    kept = []
    for k, (r, size) in enumerate(zip(rings, sizes, strict=True)):
        whole = [_once(x) for x in r]
        if (size >= least or k == largest) and len(whole[0]) >= 4:
            kept.append([x for n, x in enumerate(whole) if n == 0 or _hole(x, least)])
    return kept


def _once(points: np.ndarray) -> list[list[float]]:
    """Points without repetitions, whole numbers written short."""
    out: list[list[float]] = []
    for x, y in points.tolist():
        p = [int(v) if v == int(v) else v for v in (round(x, 4), round(y, 4))]
        if not out or p != out[-1]:
            out.append(p)
    return out


def _hole(points: list[list[float]], least: float) -> bool:
    return len(points) >= 4 and area(np.array(points, float)) >= least


__all__ = ["MOST", "Province", "borders", "cleaned", "drawn", "joined", "shape", "tied"]
