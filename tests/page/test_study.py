"""The view of a finished study: it says what the report and the terminal say."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import thermidor as th
from tests.page.conftest import HERE, PORT
from thermidor.page.finished import asked
from thermidor.page.finished.folder import Folders
from thermidor.page.pool import Token
from thermidor.page.shared import Shared
from thermidor.report.build import SECTIONS, build
from thermidor.report.sections.study_view import StudyView
from thermidor.support.faults import Fault
from thermidor.support.stopping import Stopped

STRESS = {
    "claim": "T1",
    "sentence": "T1 is supported; it turns with 2 bits of belief about citizens.noise.",
    "changes": [
        {"kind": "one assumption", "name": "citizens.noise", "bits": 2.0, "low": 1.0, "high": 3.0}
    ],
}


def stopped(done: int, of: int) -> None:
    raise Stopped


@pytest.fixture(scope="module")
def study(country: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("studies") / "few"
    th.run(country, runs=48, out=path, processes=0)
    (path / "stress-T1.json").write_text(json.dumps(STRESS), encoding="utf-8")
    (path / "learn-T1.json").write_text("{", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def swept(country: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("studies") / "swept"
    th.sweep(country, {"treasury.public": [1.0, 2.0, 4.0]}, runs=6, out=path, processes=0)
    return path


@pytest.fixture(scope="module")
def client(country: Path, study: Path, swept: Path) -> Iterator[Any]:
    from starlette.testclient import TestClient

    from thermidor.page.server import application

    studies = {"few": str(study), "swept": str(swept)}
    shared = Shared({"small": str(country)}, 2, studies=studies)
    with TestClient(application(shared, PORT), base_url=HERE) as made:
        yield made


def words(client: Any, query: str) -> list[dict[str, Any]]:
    reply = client.post("/api/study", content=query, headers={"x-page": "s1"})
    assert reply.status_code == 200, reply.text
    blocks = reply.text.strip().split("\n\n")
    return [json.loads(b.split("data: ", 1)[1]) for b in blocks]


def part(told: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return next(w for w in told if w["kind"] in ("part", "fault") and w["name"] == name)


def test_a_study_says_what_the_report_says(client: Any, study: Path) -> None:
    found = client.get("/study.json?study=few").json()
    assert found["answer"]["sentence"] == th.results(study).answer()
    view = StudyView(study)
    for chart, name in zip(found["charts"], ("time", "endings", "costs"), strict=True):
        (made,) = build(view, next(s for s in SECTIONS if s.id == name)).figures
        assert chart["title"] == made["title"] and chart["rows"] == made["rows"]
    line = found["charts"][0]["chart"]
    assert line["x"] == sorted(line["x"]) and line["y"] == sorted(line["y"], reverse=True)


def test_analyses_that_lie_there_are_shown_and_others_have_their_command(
    client: Any, study: Path
) -> None:
    cards = {c["id"]: c for c in client.get("/study.json").json()["cards"]}
    assert cards["stress"]["figures"][0]["title"] == STRESS["sentence"]
    assert cards["stress"]["figures"][0]["side"] == "assumed" and not cards["stress"]["command"]
    assert cards["learn"]["lost"][0].startswith("learn-T1.json is damaged")
    assert cards["robust"]["command"] == f"thermidor robust small --out {study}"
    assert cards["crux"]["command"].startswith("thermidor crux ")


def test_drivers_are_those_of_the_library_and_nothing_is_written(client: Any, study: Path) -> None:
    pytest.importorskip("SALib")
    before = sorted(p.name for p in study.iterdir())
    told = words(client, "study=few&outcome=peak_turnout_country")
    assert [w["kind"] for w in told if w["kind"] != "progress"] == ["part", "part", "end"]
    found = part(told, "drivers")["found"]
    library = th.drivers(study, "peak_turnout_country").to_dict()
    assert [f["title"] for f in found["figures"]] == library["sentences"]
    assert found["figures"][0]["side"] == "assumed"
    assert sorted(p.name for p in study.iterdir()) == before
    data = client.get("/study.json?study=few&outcome=peak_turnout_country").json()
    card = next(c for c in data["cards"] if c["id"] == "drivers")
    assert card["figures"] == found["figures"]
    text = client.get("/study.csv?study=few&outcome=peak_turnout_country").text
    assert library["sentences"][0][:60] in text and text.startswith("answer,")


def test_what_cannot_be_asked_is_said_as_in_the_terminal(client: Any, study: Path) -> None:
    pytest.importorskip("ema_workbench")
    told = words(client, "study=few&tips=peak_turnout_country&outcome=nonsense")
    with pytest.raises(Fault) as box:
        th.discover(study, "peak_turnout_country")
    with pytest.raises(Fault) as driver:
        th.drivers(study, "nonsense")
    assert part(told, "tips")["faults"] == box.value.faults
    assert part(told, "drivers")["faults"] == driver.value.faults
    assert told[-1] == {"kind": "end"}


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("study=atlantis", "the study 'atlantis' is not served; there are few, swept."),
        ("study=../few", "the study '../few' is not served"),
        ("study=few&outcom=survived", "the address has 'outcom', which means nothing"),
        (f"study=few&outcome={'a' * 101}", "has more than 100 letters"),
    ],
)
def test_a_strangers_address_is_refused_with_a_sentence(client: Any, query: str, said: str) -> None:
    reply = client.get(f"/study.json?{query}")
    assert reply.status_code == 400 and said in reply.json()["faults"][0]
    assert client.post("/api/study", content=query, headers={"x-page": "s"}).status_code == 400


def test_without_a_study_the_page_says_how(country: Path) -> None:
    with pytest.raises(Fault, match=r"no study is served; `thermidor serve FOLDER`"):
        Folders({}).check("")


def test_a_missing_extra_and_too_much_are_sentences(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Folders({"few": str(study)}).read("few")
    monkeypatch.setattr(asked, "MOST_NUMBERS", 10)
    assert "`thermidor drivers" in asked.cannot("drivers", folder)
    monkeypatch.setattr(asked, "NEEDS", {"drivers": ("no_such_module",)})
    assert "`pip install 'thermidor[studies]'`" in asked.cannot("drivers", folder)


def test_a_box_is_given_up_between_its_steps(study: Path) -> None:
    pytest.importorskip("ema_workbench")
    folder = Folders({"few": str(study)}).read("few")
    middle = float(th.results(study).finished["peak_turnout_country"].median())
    with pytest.raises(Stopped):
        asked.computed("tips", folder, f"peak_turnout_country > {middle:.8f}", Token(), stopped)
    gone = Token()
    gone.cancel()
    with pytest.raises(Stopped):
        asked.computed("drivers", folder, "survived", gone, stopped)


def test_a_sweep_shows_its_points(client: Any, swept: Path) -> None:
    cards = client.get("/study.json?study=swept").json()["cards"]
    (made,) = next(c for c in cards if c["id"] == "points")["figures"]
    from thermidor.study.design.sweep import Sweep

    found = Sweep(swept)
    assert made["title"] == found.answer() and made["side"] == "chosen"
    assert [r[0] for r in made["rows"]] == ["as it stands", "1", "2", "4"]
    assert made["chart"]["x"] == [1.0, 2.0, 4.0]
    assert made["chart"]["y"] == [found.told[0].means[k].value for k in (1, 2, 3)]


def test_the_headline_of_a_sweep_is_of_no_point_and_says_so(client: Any, swept: Path) -> None:
    from thermidor.report.sections.answer import answer

    found = client.get("/study.json?study=swept").json()["answer"]
    told = answer(StudyView(swept))
    assert found["sentence"] == th.results(swept).answer() == told["sentence"]
    assert found["sentence"].startswith(f"{told['lead']} ")
    assert told["lead"] == "Over all points of the sweep together, in"
    assert "share their luck" in found["detail"]


def test_damaged_points_cost_no_more_than_the_points(swept: Path, tmp_path: Path) -> None:
    from thermidor.page.finished.shown import shown

    copy = tmp_path / "copy"
    shutil.copytree(swept, copy)
    (copy / "points.parquet").write_bytes(b"PAR1 no table")
    found = shown("copy", Folders({"copy": str(copy)}).read("copy"))
    assert "points.parquet" in found["cards"][0]["lost"][0] and len(found["charts"]) == 3
