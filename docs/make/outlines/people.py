"""How many live where: a rule for provinces of which no figure is at hand.

Of the people who live in towns (the share of the Factbook) a province gets its part of all listed
inhabitants of populated places (GeoNames, 500 and more); of the others its part of the number of
those places. Parts of the country's own total; a guess, and marked as one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely

FLOOR = 0.02  # of an even share: nobody's province is empty


def placed(areas: Sequence[Any], cities: Sequence[Mapping[str, Any]]) -> np.ndarray:
    """The area (index) in which each city lies, or the nearest."""
    points = shapely.points([(c["longitude"], c["latitude"]) for c in cities])
    tree = shapely.STRtree(list(areas))
    inside = np.full(len(cities), -1)
    found = tree.query(points, predicate="within")
    inside[found[0]] = found[1]
    for k in np.flatnonzero(inside < 0):
        inside[k] = int(tree.nearest(points[k]))
    return inside


def shares(
    where: np.ndarray, cities: Sequence[Mapping[str, Any]], n: int, urban: float
) -> np.ndarray:
    """Shares of the population by area (n,), sum 1. urban: share of people who live in towns."""
    people = np.bincount(where, [float(c["population"]) for c in cities], n)
    places = np.bincount(where, None, n).astype(float)
    town = people / people.sum() if people.sum() else np.full(n, 1 / n)
    land = places / places.sum() if places.sum() else np.full(n, 1 / n)
    mixed = np.maximum(urban * town + (1 - urban) * land, FLOOR / n)
    return np.asarray(mixed / mixed.sum())
