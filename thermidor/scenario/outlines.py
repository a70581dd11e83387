"""Outlines of provinces: anybody's GeoJSON, its features matched to provinces by the usual keys."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..support import textfile
from ..support.faults import Fault
from ..support.names import bare

LIBRARY = Path(__file__).parents[1] / "library" / "outlines"  # come with the package
MOST_BYTES = 5_000_000
SHOWN = 8  # names that a sentence lists
FARTHEST = 1e9  # no coordinate lies farther, in degrees or in metres
# Keys of well-known tables of borders for codes and names, in small letters; "" is a feature's id.
CODES = (
    "iso",
    "iso_3166_2",
    "shapeiso",
    "iso_1",
    "hasc_1",
    "iso_code",
    "code",
    "adm1_pcode",
    "gid_1",
    "id",
    "",
    "shapeid",
)
NAMES = (
    "name",
    "name_1",
    "name_en",
    "shapename",
    "adm1_en",
    "varname_1",
    "nl_name_1",
    "name_local",
    "gn_name",
    "woe_name",
)
KEYS = (*CODES, *NAMES)
_USUAL = frozenset(KEYS)


@dataclass(frozen=True)
class Outlines:
    """Polygons by province, the provinces that have none, and the features that are nobody's."""

    file: str
    polygons: Mapping[str, list[Any]]  # id of a province: its polygons, each a list of rings
    missing: tuple[str, ...]
    strangers: tuple[str, ...]

    def notes(self) -> list[str]:
        """What does not match, in sentences."""
        of = len(self.polygons) + len(self.missing)
        notes = []
        if self.missing:
            notes.append(
                f"{self.file} has outlines for {len(self.polygons)} of {of} provinces; none for "
                f"{listed(self.missing)}."
            )
        if self.strangers:
            notes.append(
                f"{self.file} has {len(self.strangers)} features that are no province here: "
                f"{listed(self.strangers)}."
            )
        return notes

    def geojson(self) -> dict[str, Any]:
        """The matched outlines alone, by province."""
        features = [
            {
                "type": "Feature",
                "id": i,
                "properties": {"id": i},
                "geometry": {"type": "MultiPolygon", "coordinates": p},
            }
            for i, p in self.polygons.items()
        ]
        return {"type": "FeatureCollection", "features": features, "notes": self.notes()}


def listed(names: Iterable[str]) -> str:
    """Names in a sentence, the first of them if there are many."""
    names = list(names)
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more


def read(path: Path, provinces: Mapping[str, str]) -> Outlines:
    """The outlines in a file, which is no link. provinces: names by id. Raises a Fault."""
    if not path.exists() and not path.is_symlink():
        raise Fault(
            f"there is no file {path.name} beside the scenario; "
            "put it there, or leave 'outlines' out."
        )
    advice = "Simplify its lines, with mapshaper or QGIS."
    try:
        text = textfile.read(path, MOST_BYTES, "a file of outlines", advice, links=False)
        data = json.loads(text, parse_constant=_no_number)
    except RecursionError as e:
        raise Fault(f"{path.name} is nested too deeply to be GeoJSON.") from e
    except ValueError as e:
        raise Fault(f"{path.name} is not JSON ({e}); outlines come as GeoJSON.") from e
    return matched(_features(data, path.name), provinces, path.name)


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is no number")


def _features(data: Any, name: str) -> list[Mapping[str, Any]]:
    kind = data.get("type") if isinstance(data, dict) else None
    if kind == "Topology":
        raise Fault(f"{name} is TopoJSON; turn it into GeoJSON.")
    features = None
    if kind == "FeatureCollection":
        features = data.get("features")
    elif kind == "Feature":
        features = [data]
    if not isinstance(features, list) or not all(isinstance(f, dict) for f in features):
        raise Fault(
            f"{name} is JSON but not GeoJSON: it is no FeatureCollection with a list of features."
        )
    return features


def matched(
    features: list[Mapping[str, Any]], provinces: Mapping[str, str], file: str = ""
) -> Outlines:
    """Features by province: all of one are its outline. Raises a Fault for broken geometry."""
    owners = _owners([_labels(f) for f in features], provinces)
    found: dict[str, list[Any]] = {}
    strangers, faults = [], []
    for k, (feature, i) in enumerate(zip(features, owners, strict=True)):
        polygons = _polygons(feature)
        if i is None or polygons is None:
            strangers.append(_label(feature, k))
        elif wrong := _broken(polygons):
            faults.append(
                f"{file}: the outline of {provinces[i]} (feature {k + 1}) is broken: {wrong}."
            )
        else:
            found.setdefault(i, []).extend(polygons)
    if faults:
        raise Fault(faults)
    missing = tuple(i for i in provinces if i not in found)
    return Outlines(file, found, missing, tuple(strangers))


def _owners(labels: list[dict[str, list[str]]], provinces: Mapping[str, str]) -> list[str | None]:
    """The province of each feature: by the key that fits most, then by others for those left.

    Codes go before names, unless they contradict them: a running number is no code.
    """
    codes, names = _once({i: i for i in provinces}), _once(provinces)
    known = names | codes
    hits = {key: {i for words in labels for i in _meant(words, [key], known)} for key in KEYS}
    fitting = [key for key in KEYS if hits[key]]
    ranked = sorted(fitting, key=lambda key: -len(hits[key]))  # stable: codes first
    named = sorted(ranked, key=lambda key: key not in NAMES)

    def assigned(order: list[str]) -> list[str | None]:
        owner: list[str | None] = [None] * len(labels)
        for key in order:
            mine = [next(iter(_meant(words, [key], known)), None) for words in labels]
            new = {i for k, i in enumerate(mine) if owner[k] is None} - set(owner)
            owner = [i if o is None and i in new else o for o, i in zip(owner, mine, strict=True)]
        return owner

    def contradicted(owner: list[str | None]) -> int:
        called = [_meant(words, NAMES, names) for words in labels]
        pairs = zip(owner, called, strict=True)
        return sum(o is not None and bool(c) and o not in c for o, c in pairs)

    return min(assigned(ranked), assigned(named), key=contradicted)


def _meant(
    words: Mapping[str, list[str]], keys: Iterable[str], known: Mapping[str, str]
) -> list[str]:
    """The provinces that a feature's words under some keys stand for."""
    return [known[w] for key in keys for w in words.get(key, ()) if w in known]


def _once(called: Mapping[str, str]) -> dict[str, str]:
    """Provinces by what they are called, bare; what two are called means neither."""
    words = [bare(word) for word in called.values()]
    many = Counter(words)
    return {word: i for word, i in zip(words, called, strict=True) if word and many[word] == 1}


def _labels(feature: Mapping[str, Any]) -> dict[str, list[str]]:
    """What a feature is called under each of the usual keys, bare; under "" by its own id."""
    out = {}
    for key, value in ({"": feature.get("id")} | _about(feature)).items():
        if key in _USUAL and isinstance(value, (str, int)) and not isinstance(value, bool):
            words = [
                bare(w) for w in str(value)[:500].split("|")
            ]  # some tables list several spellings
            out[key] = [w for w in words if w]
    return out


def _about(feature: Mapping[str, Any]) -> dict[str, Any]:
    about = feature.get("properties")
    return {str(k).lower(): v for k, v in about.items()} if isinstance(about, dict) else {}


def _label(feature: Mapping[str, Any], k: int) -> str:
    """How a feature is shown in a sentence."""
    about = _about(feature)
    called = [
        about[key]
        for key in (*NAMES, *CODES)
        if isinstance(about.get(key), (str, int)) and about[key] != ""
    ]
    return textfile.shown(str(called[0] if called else feature.get("id", f"feature {k + 1}")))


def _polygons(feature: Mapping[str, Any]) -> list[Any] | None:
    """The polygons of a feature, None if it is of another kind, such as a point."""
    geometry = feature.get("geometry")
    if not isinstance(geometry, dict):
        return None
    kind = geometry.get("type")
    if kind == "Polygon":
        return [geometry.get("coordinates")]
    if kind == "MultiPolygon":
        parts = geometry.get("coordinates")
        return parts if isinstance(parts, list) else [parts]
    return None


def _broken(polygons: list[Any]) -> str:
    """What is wrong with polygons; empty if nothing is."""
    for rings in polygons:
        if not isinstance(rings, list) or not rings:
            return "a polygon is no list of rings"
        for ring in rings:
            if not isinstance(ring, list) or len(ring) < 4:
                return "a ring has fewer than four points"
            if not all(_point(p) for p in ring):
                return "a point is no pair of numbers"
    return "" if polygons else "it has no polygon"


def _point(p: Any) -> bool:
    return (
        isinstance(p, list)
        and len(p) >= 2
        and all(type(x) in (int, float) and abs(x) < FARTHEST for x in p[:2])
    )
