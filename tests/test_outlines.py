"""Outlines from anybody's table of borders: matched by the usual keys, all drawn, the rest said."""

from __future__ import annotations

import json
import os

import pytest

from tests.conftest import SMALL, write
from thermidor.report.sections.provinces import thinned
from thermidor.scenario.ledger import outlines as kept
from thermidor.scenario.load import load
from thermidor.scenario.outlines import matched, read
from thermidor.support.faults import Fault

PROVINCES = {"IR-23": "Tehran", "IR-10": "Isfahan", "IR-03": "East Azerbaijan"}


def square(x: float, y: float = 0.0) -> list:
    return [[[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1], [x, y]]]


def feature(x: float, about: dict, **more) -> dict:
    return {
        "type": "Feature",
        "properties": about,
        "geometry": {"type": "Polygon", "coordinates": square(x)},
        **more,
    }


def found(*features: dict, provinces=PROVINCES) -> dict[str, int]:
    return {i: len(p) for i, p in matched(list(features), provinces).polygons.items()}


@pytest.mark.parametrize(
    "key, values",
    [
        ("shapeISO", ("IR-23", "IR-10", "IR-03")),
        ("iso_3166_2", ("IR-23", "IR-10", "IR-03")),
        ("ISO", ("ir-23", "ir 10", "IR03")),
        ("HASC_1", ("IR.23", "IR.10", "IR.03")),
        ("NAME_1", ("Tehran", "Isfahan", "East Azerbaijan")),
        ("id", ("IR-23", "IR-10", "IR-03")),
        ("name", ("TEHRAN", "isfahan", "EastAzerbaijan")),
        ("shapeName", ("Tehrān", "İsfahan", "East Azerbaijān")),
        ("VARNAME_1", ("Teheran|Tehran", "Esfahan|Isfahan", "East Azerbaijan|x")),
    ],
)
def test_the_usual_keys_whatever_their_case_and_accents(key, values):
    features = [feature(k, {"other": "x", key: v}) for k, v in enumerate(values)]
    assert found(*features) == dict.fromkeys(PROVINCES, 1)


def test_a_features_own_id_and_another_key_for_what_is_left():
    assert found(
        feature(0, {}, id="IR-23"),
        feature(1, None, id="IR-10"),
        feature(2, {"name": "East Azerbaijan"}),
    ) == dict.fromkeys(PROVINCES, 1)
    by_two_keys = [
        feature(0, {"iso": "IR-23"}),
        feature(1, {"iso": None, "name": "Isfahan"}),
        feature(2, {"iso": "IR-03"}),
    ]
    assert found(*by_two_keys) == dict.fromkeys(PROVINCES, 1)


def test_running_numbers_are_no_codes_where_the_names_say_otherwise():
    numbered = {"1": "Adana", "2": "Bursa", "3": "Konya"}
    features = [
        feature(k, {"id": k + 1, "name": n}) for k, n in enumerate(("Konya", "Adana", "Bursa"))
    ]
    assert {i: p[0][0][0][0] for i, p in matched(features, numbered).polygons.items()} == {
        "1": 1,
        "2": 2,
        "3": 0,
    }
    agreed = [
        feature(k, {"id": k + 1, "name": n})
        for k, n in enumerate(("Adana", "Bursa", "Konya, Selçuk"))
    ]
    assert found(*agreed, provinces=numbered) == dict.fromkeys(numbered, 1)


def test_names_of_any_script_are_told_apart():
    assert found(feature(0, {"name": "बिहार"}), provinces={"A": "बिहार", "B": "बहार"}) == {"A": 1}
    assert found(feature(0, {"name": "Iğdır"}), provinces={"A": "Igdir"}) == {"A": 1}


def test_a_name_of_two_provinces_means_neither():
    two = {"A": "Central", "B": "Central", "C": "North"}
    assert found(feature(0, {"name": "Central"}), feature(1, {"name": "North"}), provinces=two) == {
        "C": 1
    }


def test_all_features_of_a_province_are_drawn_and_strangers_are_said():
    features = [
        feature(0, {"iso": "IR-23"}),
        feature(5, {"iso": "IR-23"}),
        feature(2, {"iso": "IR-10"}),
        feature(3, {"name": "Elsewhere"}),
        {
            "type": "Feature",
            "properties": {"name": "Tehran"},
            "geometry": {"type": "Point", "coordinates": [0, 0]},
        },
        {"type": "Feature", "properties": {"iso": "IR-99"}, "geometry": None},
    ]
    made = matched(features, PROVINCES, "o.geojson")
    assert {i: len(p) for i, p in made.polygons.items()} == {"IR-23": 2, "IR-10": 1}
    assert made.notes() == [
        "o.geojson has outlines for 2 of 3 provinces; none for IR-03.",
        "o.geojson has 3 features that are no province here: Elsewhere, Tehran, IR-99.",
    ]
    page = thinned(made.geojson(), PROVINCES)
    assert {o["id"]: len(o["rings"]) for o in page} == {"IR-23": 2, "IR-10": 1}


def in_a_file(tmp_path, data, name: str = "o.geojson"):
    (tmp_path / name).write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
    return write(tmp_path / "s.yaml", SMALL, ("capital: A", f"capital: A\n  outlines: {name}"))


GOOD = {
    "type": "FeatureCollection",
    "features": [feature(k, {"iso": i, "secret": "x" * 99}) for k, i in enumerate("ABC")],
}


def test_what_a_study_keeps_of_the_outlines(tmp_path):
    made = load(in_a_file(tmp_path, b"\xef\xbb\xbf" + json.dumps(GOOD).encode()))
    assert made.notes == () and [f["properties"] for f in kept(made)["features"]] == [
        {"id": i} for i in "ABC"
    ]
    assert [o["id"] for o in thinned(kept(made), {"A": "Alpha", "B": "Beta", "C": "Gamma"})] == [
        "A",
        "B",
        "C",
    ]
    assert kept(load(write(tmp_path / "none.yaml"))) is None


def test_a_child_finds_the_outlines_beside_the_parent_that_names_them(tmp_path):
    (tmp_path / "child.yaml").write_text("parent: iran-2025\nname: child\ntitle: c\n")
    assert len(load(tmp_path / "child.yaml").outlines.polygons) == 31
    (tmp_path / "own.yaml").write_text(
        "parent: iran-2025\nname: child\ntitle: c\nplace: {outlines: o.geojson}\n"
    )
    (tmp_path / "o.geojson").write_text(json.dumps(GOOD))
    assert (
        load(tmp_path / "own.yaml")
        .notes[0]
        .startswith("o.geojson has outlines for 0 of 31 provinces; none for IR-00, IR-01,")
    )


def test_links_pipes_and_large_files_are_refused(tmp_path):
    path = in_a_file(tmp_path, GOOD, "real.geojson")
    path = write(path, SMALL, ("capital: A", "capital: A\n  outlines: o.geojson"))
    for make, says in (
        (
            lambda o: o.symlink_to(tmp_path / "real.geojson"),
            "o.geojson is a symbolic link; put the file itself there",
        ),
        (lambda o: o.symlink_to("/nowhere"), "o.geojson is a symbolic link"),
        (os.mkfifo, "not an ordinary file"),
        (
            lambda o: o.write_bytes(b" " * 5_000_001),
            "o.geojson has 5.0 MB; a file of outlines has at most 5 MB. Simplify its lines",
        ),
        (lambda o: o.mkdir(), "is a folder, not a file of outlines"),
    ):
        make(tmp_path / "o.geojson")
        with pytest.raises(Fault, match=says):
            load(path)
        (tmp_path / "o.geojson").rmdir() if (tmp_path / "o.geojson").is_dir() else (
            tmp_path / "o.geojson"
        ).unlink()


@pytest.mark.parametrize(
    "data, says",
    [
        (b"", "is not JSON"),
        (b"[" * 100_000, "nested too deeply|is not JSON"),
        (b"1" * 6000, "is not JSON"),
        (b"null", "not GeoJSON"),
        (b'{"type": "FeatureCollection", "features": [1]}', "not GeoJSON"),
        (b'{"type": "FeatureCollection"}', "not GeoJSON"),
        (b'{"features": Infinity}', "Infinity is no number"),
        ("é".encode("latin-1"), "not a text file in UTF-8"),
    ],
)
def test_files_that_are_no_outlines(data, says, tmp_path):
    with pytest.raises(Fault, match=says):
        load(in_a_file(tmp_path, data))


@pytest.mark.parametrize(
    "coordinates",
    [
        None,
        [],
        [[]],
        [[[0, 0], [1, 1], [0, 0]]],
        [[[0, 0], [1, 1], [1, 0], 5]],
        [[[0], [1], [2], [3]]],
        [[[0, 1e300]] * 4],
        {"a": 1},
        "x",
        [[[True, False]] * 4],
        [[["0", "1"]] * 4],
    ],
)
def test_broken_rings_of_a_province_are_refused_and_those_of_strangers_are_not(
    coordinates, tmp_path
):
    broken = {
        "type": "Feature",
        "properties": {"iso": "B"},
        "geometry": {"type": "Polygon", "coordinates": coordinates},
    }
    with pytest.raises(Fault, match=r"o.geojson: the outline of Beta \(feature 2\) is broken: "):
        read_of(tmp_path, [feature(0, {"iso": "A"}), broken])
    stranger = broken | {"properties": {"iso": "Z"}}
    assert read_of(tmp_path, [feature(0, {"iso": "A"}), stranger]).strangers == ("Z",)


def read_of(tmp_path, features):
    in_a_file(tmp_path, {"type": "FeatureCollection", "features": features})
    return read(tmp_path / "o.geojson", {"A": "Alpha", "B": "Beta"})


def test_a_word_stands_within_its_province_and_beside_a_city_in_it() -> None:
    """A province around a city, and one of two parts: no two words are near one another."""
    box = lambda x, y, w: [[x, y], [x + w, y], [x + w, y + w], [x, y + w], [x, y]]  # noqa: E731
    shapes = {
        "IR-23": [[box(0, 0, 10), box(4, 4, 2)]],
        "IR-10": [[box(4, 4, 2)]],
        "IR-03": [[box(10, 0, 3)], [box(10, 5, 5)]],
    }
    features = [
        {
            "type": "Feature",
            "properties": {"iso": i},
            "geometry": {"type": "MultiPolygon", "coordinates": parts},
        }
        for i, parts in shapes.items()
    ]
    page = thinned({"type": "FeatureCollection", "features": features}, PROVINCES)
    (a, b), c, d = ((x / 60 for x in o["at"]) for o in sorted(page, key=lambda o: o["id"])[::-1])
    c, d = tuple(c), tuple(d)
    assert max(abs(a - 5), abs(b - 5)) > 1.5 and 0 < a < 10 and 0 < b < 10
    assert abs(c[0] - 5) < 0.3 and abs(c[1] - 5) < 0.3
    assert 10 < d[0] < 15 and 5 < d[1] < 10
