"""Provinces of a country, from the outlines that come with the package: names, people, borders."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple


class Province(NamedTuple):
    """id and name; residents (persons) with a range; status: verified, derived or memory."""

    id: str
    name: str
    population: float
    low: float
    high: float
    status: str


class Provinces(NamedTuple):
    """A country's provinces in order of their people.

    file: name of the outlines.  capital: its province's id.  neighbours: pairs of ids.
    """

    file: str
    listed: tuple[Province, ...]
    capital: str
    neighbours: tuple[tuple[str, str], ...]
    source: str
    year: str


def folder() -> Path:
    """Where the outlines lie that come with the package."""
    return Path(str(files("thermidor.library") / "outlines"))


def provinces(state: str) -> Provinces | None:
    """Those of a state (its code), or None if the package has none of it, or one alone."""
    path = folder() / f"{state}.geojson"
    if not path.is_file():
        return None
    data: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    about = [f["properties"] for f in data["features"]]
    if len(about) < 2:
        return None
    found = [
        Province(p["id"], p["name"], p["population"], p["low"], p["high"], p["status"])
        for p in about
    ]
    found.sort(key=lambda p: -p.population)
    capital = next((p["id"] for p in about if p.get("capital")), found[0].id)
    pairs = tuple((a, b) for a, b in data["neighbours"])
    return Provinces(path.name, tuple(found), capital, pairs, data["source"], data["year"])
