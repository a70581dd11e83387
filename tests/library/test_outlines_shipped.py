"""The provinces that ship: people and areas sum to the country's, borders hang together."""

from __future__ import annotations

import csv
import json
import math
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from thermidor.history.tables.states import code
from thermidor.library.autocracies import autocracies
from thermidor.scenario.outlines import read

FOLDER = Path(str(files("thermidor.library") / "outlines"))
CODES = sorted(p.stem for p in FOLDER.glob("*.geojson"))
MOST_BYTES, MOST_IN_ALL, MOST_PROVINCES = 60_000, 2_500_000, 48
WITHIN = 0.02
RADIUS = 6371.0088  # unit: km
# Where Natural Earth's land and the official figure are farther apart: official figures of
# deserts and of borders that were settled later, land won from the sea, islands too small to draw.
OTHER_AREA = {
    "ARE": "official figure with claimed land and water",
    "BHR": "land won from the sea",
    "SGP": "land won from the sea",
    "QAT": "coast drawn coarsely",
    "DJI": "coast drawn coarsely",
    "GNQ": "coast drawn coarsely",
    "ERI": "border with Ethiopia",
    "ETH": "border with Eritrea",
    "DZA": "desert",
    "NER": "desert",
    "SAU": "desert",
    "SSD": "border with Sudan",
    "MAR": "part of Western Sahara, as Natural Earth draws it",
}


@cache
def country(iso3: str) -> dict[str, Any]:
    return json.loads((FOLDER / f"{iso3}.geojson").read_text(encoding="utf-8"))


def drawn_area(polygons: list[list[list[list[float]]]]) -> float:
    """km2 of the outlines as drawn, on the sphere."""

    def ring(points: list[list[float]]) -> float:
        total = 0.0
        for (x0, y0), (x1, y1) in zip(points, points[1:], strict=False):
            heights = 2 + math.sin(math.radians(y0)) + math.sin(math.radians(y1))
            total += math.radians(x1 - x0) * heights
        return abs(total) * RADIUS**2 / 2

    return sum(ring(p[0]) - sum(ring(hole) for hole in p[1:]) for p in polygons)


def test_every_autocracy_and_every_case_has_its_outlines() -> None:
    assert set(autocracies()) <= set(CODES)
    table = files("thermidor.library") / "tables" / "cases.csv"
    with table.open(encoding="utf-8", newline="") as f:  # type: ignore[call-arg]
        assert {code(r["country"]) for r in csv.DictReader(f)} <= set(CODES)
    assert sum(p.stat().st_size for p in FOLDER.glob("*.geojson")) <= MOST_IN_ALL


@pytest.mark.parametrize("iso3", CODES)
def test_a_file_is_whole(iso3: str) -> None:
    data, path = country(iso3), FOLDER / f"{iso3}.geojson"
    assert path.stat().st_size <= MOST_BYTES
    about = [f["properties"] for f in data["features"]]
    names = {p["id"]: p["name"] for p in about}
    assert len(names) == len(about) <= MOST_PROVINCES
    assert len(set(names.values())) == len(about)
    assert all(1 <= len(i) <= 16 and 1 <= len(n) <= 64 for i, n in names.items())
    assert sum(p["capital"] for p in about) == 1
    outlines = read(path, names)  # the loader of the scenarios
    assert not outlines.missing and not outlines.strangers
    assert data["country"] == iso3 and data["source"] and data["name"]
    assert data["status"] in ("verified", "derived", "memory")
    assert 1900 < int(data["year"]) <= 2025


@pytest.mark.parametrize("iso3", CODES)
def test_people_and_areas_sum_to_the_countrys(iso3: str) -> None:
    data = country(iso3)
    about = [f["properties"] for f in data["features"]]
    for p in about:
        assert p["status"] in ("verified", "derived", "memory")
        assert 64 <= p["low"] <= p["population"] <= p["high"] and p["area_km2"] > 0, p
    assert sum(p["population"] for p in about) == pytest.approx(data["population"], rel=WITHIN)
    assert sum(p["area_km2"] for p in about) == pytest.approx(data["area_km2"], rel=WITHIN)
    drawn = sum(drawn_area(f["geometry"]["coordinates"]) for f in data["features"])
    assert drawn == pytest.approx(data["area_km2"], rel=WITHIN)
    if iso3 in autocracies():
        facts = autocracies()[iso3]
        assert data["population"] == pytest.approx(facts["population"].value, rel=WITHIN)
        least, most = facts["area"].low * (1 - WITHIN), facts["area"].high * (1 + WITHIN)
        assert (least <= data["area_km2"] <= most) != (iso3 in OTHER_AREA)


@pytest.mark.parametrize("iso3", CODES)
def test_neighbours_hang_together(iso3: str) -> None:
    data = country(iso3)
    ids = {f["id"] for f in data["features"]}
    pairs = [tuple(p) for p in data["neighbours"]]
    assert len({frozenset(p) for p in pairs}) == len(pairs)  # each once, whichever way round
    assert all(a != b and {a, b} <= ids for a, b in pairs)
    reached, edge = set(), {min(ids)}
    while edge:
        reached |= edge
        edge = {b for p in pairs for a, b in (p, p[::-1]) if a in edge} - reached
    assert reached == ids


def test_what_everybody_knows_of_some_countries() -> None:
    belarus = {f["id"]: f["properties"] for f in country("BLR")["features"]}
    assert belarus["BY-HM"]["capital"] and belarus["BY-HM"]["name"] == "Minsk City"
    egypt = {tuple(sorted(p)) for p in country("EGY")["neighbours"]}
    assert ("EG-C", "EG-GZ") in egypt  # Cairo and Giza
    china = [f["properties"] for f in country("CHN")["features"]]
    assert max(china, key=lambda p: p["population"])["id"] == "CN-GD"
    gdr = {f["properties"]["name"] for f in country("DDR")["features"]}
    assert "Sachsen" in gdr and len(gdr) == 6
