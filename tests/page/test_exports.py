"""What a reader takes away: figures, recipe, offline report; choices on a date."""

from __future__ import annotations

import json
import shlex
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
import yaml

from thermidor import __version__

STATE = "country=small&c.treasury.public=4&a.security.street_police=0.2&seed=3"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("left", ["survival", "endings", "crowds", "costs"])
def test_a_figure_holds_its_sentence_and_where_it_comes_from(client: Any, left: str) -> None:
    query = f"{STATE}&left={left}"
    data = client.get(f"/explore.json?{query}").json()
    reply = client.get(f"/explore.svg?{query}&chart=left")
    assert reply.headers["content-type"].startswith("image/svg+xml")
    root = ET.fromstring(reply.text)
    said = " ".join("".join(t.itertext()) for t in root.iter(f"{SVG}text"))
    chart = data["charts"][0]
    about = " ".join(root.find(f"{SVG}desc").text.split())
    for text in (chart["title"], chart["sentence"], data["hashes"]["chosen"], "seed 3"):
        assert text in said or text in about, text
    assert chart["sentence"] in about and f"Thermidor {__version__}" in said
    assert "Your choices: " in said and "treasury.public" in said
    assert "Your assumptions: " in said and "Sources of what" in said
    assert "c.treasury.public=4" in about.replace(" ", "")
    for part in data["answer"]["parts"]:  # what comes of which, in the colour of its side
        (first,) = [
            t.get("fill")
            for t in root.iter(f"{SVG}text")
            if t.text and t.text.startswith(part["sentence"].split(":")[0])
        ]
        assert first == {"choices": "#0067a3", "assumptions": "#8a3fa0"}[part["of"]]
        assert part["sentence"] in about
    assert data["answer"]["against"] in about
    for line in chart.get("lines", ()):
        assert line["name"] in said
        assert ("Band: 90 of 100" if chart.get("runs") else "Band: 95 % interval.") in said
    for row in chart.get("rows", ()):
        assert all(v["told"] in said for v in row["values"])


def test_a_figure_draws_the_numbers_of_the_chart(client: Any) -> None:
    query = f"{STATE}&left=survival"
    line = client.get(f"/explore.json?{query}").json()["charts"][0]["lines"][-1]
    root = ET.fromstring(client.get(f"/explore.svg?{query}").text)
    (path,) = [
        p.get("d")
        for p in root.iter(f"{SVG}path")
        if p.get("stroke-width") == "2.6" and p.get("stroke") == "#0067a3"
    ]
    heights = [float(at.split()[1]) for at in path[1:].split("L")]
    low, high = heights[0], 250.0  # of 100 and of the whole scale
    assert [100 - 100 * (y - low) / high for y in heights] == pytest.approx(line["y"], abs=0.05)


def test_a_title_from_a_stranger_stays_text() -> None:
    from thermidor.page.exports.figure import svg

    chart = {
        "kind": "rows",
        "title": "<script>alert(1)</script>",
        "sentence": "a & b",
        "unit": '"u"',
        "rows": [],
    }
    text = svg(chart, ["<i>"])
    assert ET.fromstring(text) is not None and "<script" not in text and "<i>" not in text


def reproduced(client: Any, query: str, folder: Path) -> tuple[Any, Any, Any]:
    """What the page tells of an address, and what the commands of its recipe print."""
    from typer.testing import CliRunner

    from thermidor.cli.app import app

    told = client.get(f"/explore.json?{query}").json()
    text = client.get(f"/explore.sh?{query}").text
    assert f"pip install 'thermidor=={__version__}'" in text
    commands = [shlex.split(x) for x in text.splitlines() if x.startswith("thermidor ")]
    assert [c[1] for c in commands] == ["run", "compare", "compare"]
    found = []
    for k, typed in enumerate(commands[:2]):
        out = ["--json", "--processes", "1", "--out", str(folder / f"s{k}")]
        reply = CliRunner().invoke(app, [*typed[1:], *out])
        assert reply.exit_code == 0, reply.output
        found.append(json.loads(reply.stdout))
    effect = next(e for e in found[1]["effects"] if e["outcome"] == "survived")
    part = told["answer"]["parts"][0]["difference"]
    assert found[0]["hash"] == told["hashes"]["chosen"]
    assert found[0]["survival"]["p"] == pytest.approx(told["answer"]["survival"]["value"])
    assert effect["pairs"] == part["pairs"]
    assert effect["effect"]["mean"] == pytest.approx(part["value"])
    return told, effect, part


def test_the_recipe_gives_the_numbers_of_the_page(
    client: Any, country: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "small.yaml").write_bytes(country.read_bytes())
    monkeypatch.chdir(tmp_path)
    query = f"{STATE}&c.treasury.forces@2025-06-21=0.5"
    assert "small.yaml is your own" in client.get(f"/explore.sh?{query}").text
    reproduced(client, query, tmp_path)


@pytest.mark.slow
def test_the_recipe_gives_a_difference_that_is_one(tmp_path: Path) -> None:
    from starlette.testclient import TestClient

    from tests.page.conftest import HERE, PORT
    from thermidor.page.server import application
    from thermidor.page.shared import Shared

    made = application(Shared({"first-steps": "first-steps"}, 2), PORT)
    query = "c.media.bias@2001-03-15=0&a.citizens.ties=1.1"
    with TestClient(made, base_url=HERE) as client:
        _, effect, part = reproduced(client, query, tmp_path)
    assert part["moved"] and part["value"]
    assert [effect["effect"][k] for k in ("low", "high")] == pytest.approx(
        [part[k] for k in ("low", "high")]
    )


def test_the_report_is_one_file_that_opens_offline(client: Any) -> None:
    from thermidor.page.exports import offline

    reply = client.get(f"/explore.html?{STATE}")
    assert reply.status_code == 200, reply.text
    assert "attachment" in reply.headers["content-disposition"]
    told = client.get(f"/explore.json?{STATE}").json()
    assert told["answer"]["sentence"].split(";")[0] in reply.text
    assert told["hashes"]["chosen"] in reply.text and "--set treasury.public=4" in reply.text
    assert "Content-Security-Policy" in reply.text and offline.LONGEST <= 600


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(28, "No space left on device"), "No space left on device"),
        ("cannot write /x/report.html: the disk is full.", "the disk is full, so that no report"),
    ],
)
def test_a_full_disk_is_a_sentence(
    client: Any, monkeypatch: pytest.MonkeyPatch, error: Any, said: str
) -> None:
    from thermidor.page.exports import offline
    from thermidor.support.faults import MachineFault

    def full(*_: Any, **__: Any) -> None:
        raise error if isinstance(error, OSError) else MachineFault(error)

    monkeypatch.setattr(offline, "ensemble", full)
    reply = client.get(f"/explore.html?{STATE}")
    assert reply.status_code == 503 and said in reply.json()["faults"][0]
    assert "/x/" not in reply.text


def test_nothing_of_a_report_is_left_behind(
    client: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import tempfile

    from thermidor.page.exports import offline
    from thermidor.page.pool import Token
    from thermidor.support.stopping import Stopped

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    token = Token()
    scenario = client.app.state.server.countries.country("small")

    def cancelled(plan: Any, progress: Any) -> None:
        plan.folder.mkdir()
        (plan.folder / "x").write_text("x")
        token.cancel()
        progress(None)

    monkeypatch.setattr(offline, "ensemble", cancelled)
    with pytest.raises(Stopped):
        offline.report(scenario, 1, "", token)
    assert list(tmp_path.iterdir()) == []


def test_a_choice_turns_on_a_date(client: Any) -> None:
    dated = "country=small&c.treasury.public=1&c.treasury.public%402025-06-22=4"
    found = client.get(f"/explore.json?{dated}").json()
    assert found["choices"] == {"treasury.public": 1.0, "treasury.public@2025-06-22": 4.0}
    (line,) = found["answer"]["dated"]
    assert line.startswith("From 2025-06-22 on: ") and ", 4 " in line
    assert "of which some turn on 2025-06-22" in found["answer"]["parts"][0]["sentence"]
    saved = yaml.safe_load(client.get(f"/explore.yaml?{dated}").text)
    assert saved["choices"] == found["choices"]
    assert "treasury.public@2025-06-22=4" in client.get(f"/explore.sh?{dated}").text
    one = client.get("/explore.json?country=small&c.treasury.public=1").json()
    assert one["hashes"]["chosen"] != found["hashes"]["chosen"]
    assert one["charts"][0]["lines"][-1]["y"][0] == found["charts"][0]["lines"][-1]["y"][0]
    svg = client.get(f"/explore.svg?{dated}").text
    assert "from 2025-06-22 on" in " ".join(ET.fromstring(svg).itertext())


@pytest.mark.parametrize(
    ("of_file", "change", "idle"),
    [
        ({}, {"@2025-06-22": 2.0}, ["@2025-06-22"]),
        ({}, {"": 2.0}, [""]),
        ({}, {"": 1.0, "@2025-06-22": 1.0}, ["@2025-06-22"]),
        ({}, {"@2025-06-20": 4.0, "@2025-06-22": 2.0}, []),
        ({"@2025-06-20": 4.0}, {"": 4.0}, []),
        ({"@2025-06-20": 4.0}, {"@2025-06-20": 2.0, "@2025-06-22": 2.0}, ["@2025-06-22"]),
        ({"@2025-06-20": 4.0}, {"@2025-06-20": 4.0}, ["@2025-06-20"]),
    ],
)
def test_a_choice_that_changes_nothing_is_no_change(
    client: Any, of_file: dict[str, float], change: dict[str, float], idle: list[str]
) -> None:
    from thermidor.page.address import State
    from thermidor.page.address import idle as found

    key = "treasury.public"
    base = client.app.state.server.countries.country("small")
    given = {f"{key}{k}": v for k, v in ({"": 2.0} | of_file).items()}
    state = State("small", {f"{key}{k}": v for k, v in change.items()})
    assert found(state, base.patched(given)) == [f"{key}{k}" for k in idle]


def test_and_the_answer_says_so(client: Any) -> None:
    own = client.app.state.server.countries.country("small").parameters["treasury.public"].value
    query = f"country=small&c.treasury.public@2025-06-22={own:g}"
    found = client.get(f"/explore.json?{query}").json()
    assert found["answer"]["parts"] == [] and "Nothing is changed" in found["answer"]["against"]
    (line,) = found["answer"]["dated"]
    assert line.startswith("From 2025-06-22 on: ") and "it changes nothing" in line
    assert [x["side"] for x in found["charts"][0]["lines"]] == ["base"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("c.treasury.public@2025-02-30=4", "has no date of the calendar"),
        ("c.treasury.public@=4", "has no date of the calendar"),
        ("c.treasury.public@2035-01-01=4", "must lie after 2025-06-16, and by 2025-06-28"),
        (
            "c.treasury.publik@2025-06-20=4",
            "there is no choice 'treasury.publik@2025-06-20'. Did you",
        ),
        ("a.security.street_police@2025-06-20=0.3", "there is no assumption"),
        ("c.treasury.public@2025-06-20=-4", "lies outside"),
    ],
)
def test_a_bad_date_is_a_sentence(client: Any, change: str, said: str) -> None:
    reply = client.get(f"/explore.json?{change}")
    assert reply.status_code == 400 and said in reply.json()["faults"][0], reply.text
