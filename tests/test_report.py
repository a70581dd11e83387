"""The report: one file that opens offline, tells the same numbers as the library, and says what is
missing.
"""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import thermidor as th
from tests.history.test_board_shown import board
from thermidor.fitted.scoreboard import lines
from thermidor.report import page as report_page
from thermidor.report.build import SECTIONS, Built, Section, build
from thermidor.report.page import write_report
from thermidor.report.sections.study_view import StudyView
from thermidor.study.results import Study

TINY = """\
thermidor: 1
name: tiny
title: {title}
start: 2025-06-16
days: 28
place:
  country: Tinyland
  capital: A
  provinces:
    - {{id: A, name: Alpha, population: 5_000_000, minority: 0.1}}
    - {{id: B, name: Beta, population: 3_000_000, minority: 0.3}}
    - {{id: C, name: Gamma, population: 2_000_000}}
  neighbours: [[A, B], [B, C]]
  fronts: [{{name: north, strength: 0.3}}]
mechanisms: [citizens, security, elites, treasury, media, proxies, programme, adversary, broker,
  negotiation, ruler, events]
left_out: [Elections.]
base_rates:
  - {{says: regimes that failed within a year, rate: 0.03, low: 0.02, high: 0.05}}
  - {{says: campaigns that ended a regime, rate: 0.0}}
claims:
  - id: C1
    sentence: Strikes kill.
    arms: {{with: {{}}, without: {{set: {{adversary.intensity: 0}}}}}}
    tests:
      - {{outcome: killed_strikes, of: with, against: without, expect: above,
          says: more are killed by strikes}}
  - id: C2
    sentence: Envoys lie.
    not_testable: Nothing in the model holds what envoys believe.
"""
HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"
CITIZENS = 3 * 4 * 64 * 2


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six futures of a tiny country."""
    folder = tmp_path_factory.mktemp("tiny")
    (folder / "tiny.yaml").write_text(TINY.format(title="A tiny country"), encoding="utf-8")
    th.run(folder / "tiny.yaml", runs=6, citizens=CITIZENS, processes=1, out=folder / "results")
    return folder / "results"


@pytest.fixture
def folder(study: Path, tmp_path: Path) -> Path:
    """A copy of the study that a test may change."""
    return Path(shutil.copytree(study, tmp_path / "results"))


def written(folder: Path) -> str:
    return write_report(folder).read_text(encoding="utf-8")


def words(page: str) -> str:
    """What a reader sees: no scripts, styles or marks."""
    page = re.sub(r"<(script|style|title)\b.*?</\1>", " ", page, flags=re.S)
    return re.sub(
        r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", page.replace("<small>", " <small>")))
    )


def drawn(page: str) -> dict:
    """The numbers that the figures draw."""
    return held(page)["drawn"]


def held(page: str) -> dict:
    """All that the page's own script is given."""
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.S)
    return json.loads(found[1])


def change(folder: Path, name: str, **what: object) -> None:
    path = folder / name
    path.write_text(
        json.dumps(json.loads(path.read_text(encoding="utf-8")) | what), encoding="utf-8"
    )


def end_some(folder: Path, ends: list[tuple[str, int]], times: int = 1) -> None:
    """Futures that end as told, each repeated, so that reports can be tried on any mixture of
    endings.
    """
    runs = pl.read_parquet(folder / "runs.parquet")
    base = runs.head(1)
    rows = [
        base.with_columns(
            pl.lit(k, pl.Int32).alias("run"),
            pl.lit(e).alias("ending"),
            pl.lit(d, pl.Int32).alias("day"),
            pl.lit(float(e == "in power")).alias("survived"),
        )
        for k, (e, d) in enumerate(ends * times)
    ]
    pl.concat(rows).write_parquet(folder / "runs.parquet")
    series = pl.read_parquet(folder / "series.parquet").filter(pl.col("run") == 0)
    pl.concat(
        [
            series.filter(pl.col("day") <= d).with_columns(pl.lit(k, pl.Int32).alias("run"))
            for k, (_, d) in enumerate(ends * times)
        ]
    ).write_parquet(folder / "series.parquet")


class Fetched(HTMLParser):
    """Whatever a browser would fetch, headings in their order, and elements that scripts could hide
    in.
    """

    def __init__(self, page: str):
        super().__init__()
        self.links: list[str] = []
        self.headings: list[int] = []
        self.handlers: list[str] = []
        self.ids: list[str] = []
        self.refers: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("src", "srcset", "poster", "action") or (
                name == "href" and tag in ("link", "use", "image", "base")
            ):
                self.links.append(value or "")
            if name.startswith("on"):
                self.handlers.append(name)
            if name == "id":
                self.ids.append(value or "")
            if name in ("aria-labelledby", "aria-describedby", "for") or (
                name == "href" and tag == "a" and (value or "").startswith("#")
            ):
                self.refers.append((value or "").lstrip("#"))
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))


def test_the_page_holds_all_it_needs(study: Path) -> None:
    page = written(study)
    found = Fetched(page)
    assert all(x.startswith(("#", "data:")) for x in found.links), found.links
    assert not re.search(r"@import|url\(", re.search(r"<style>(.*?)</style>", page, re.S)[1])
    assert "default-src 'none'; script-src 'sha256-" in unescape(page) and not found.handlers
    assert len(page.encode()) < 1_500_000
    assert (
        "Permission to use, copy, modify, and/or distribute" in page
    )  # the licences of what is drawn with


def test_the_page_is_well_built(study: Path) -> None:
    page = written(study)
    found = Fetched(page)
    assert '<html lang="en">' in page and found.headings[0] == 1
    assert all(b <= a + 1 for a, b in zip(found.headings, found.headings[1:], strict=False)), (
        found.headings
    )
    assert len(found.ids) == len(set(found.ids))
    assert set(found.refers) <= set(found.ids), set(found.refers) - set(found.ids)


def test_each_section_is_plain_data(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A section that was sent as JSON makes the same page."""
    sent = []

    def by_post(view: StudyView, section: Section) -> Built:
        built = build(view, section)
        sent.append(section.id)
        return replace(built, data=json.loads(json.dumps(built.data, allow_nan=False)))

    made = report_page.page(StudyView(study))
    monkeypatch.setattr(report_page, "build", by_post)
    assert report_page.page(StudyView(study)) == made
    view = StudyView(study)  # nothing was observed, and no analysis was made
    assert sent == [s.id for s in SECTIONS if s.there(view)] and "seen" not in sent


def test_the_answer_and_its_counts_match_the_library(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("thermidor.fitted.scoreboard.load_board", lambda: None)
    page, results = written(study), Study(study)
    assert results.answer() in unescape(page)
    told, data = words(page), drawn(page)
    assert "Not yet scored against history." in told
    for ending, n in results.endings().items():
        assert len(re.findall(rf"{n} future{'' if n == 1 else 's'}", told)) >= 1, ending
    assert data["survival"]["alive"][-1] == pytest.approx(100 * results.survival().value)
    assert data["survival"]["risk"][0]["n"] == results.finished.height
    assert page.count('class="mark e-power"') >= results.endings()["in power"]


def test_protest_is_drawn_from_the_series(study: Path) -> None:
    lines = {x["run"]: x["values"] for x in drawn(written(study))["protest"]["lines"]}
    series = Study(study).series.filter(pl.col("day") > 0)
    for run, values in lines.items():
        crowd = np.maximum(
            series.filter(pl.col("run") == run)["turnout_country"].to_numpy() * 1e7, 1.0
        )
        assert values[: len(crowd)] == pytest.approx(crowd.tolist(), rel=0.01)


def test_costs_stand_beside_survival(study: Path) -> None:
    told = words(written(study))
    at = told.index("Costs to citizens, beside survival")
    near = told[at : at + 300]
    assert "of 6 futures (" in near and "stay in power; " in near and "killed in protest" in near


def test_the_ledger_counts_what_rests_on_judgement(study: Path) -> None:
    rows = [
        r
        for r in json.loads((study / "model.json").read_text(encoding="utf-8"))["ledger"]
        if r["role"] == "assumption"
    ]
    page = written(study)
    weak = sum(r["grade"] == "judgement" for r in rows)
    assert f"{len(rows)} assumptions, {weak} rest on judgement alone." in words(page)
    keys = re.findall(r"<code>([a-z_]+\.[a-z_0-9]+)</code>", page)
    assert keys[: len(rows)] == [
        r["key"] for r in rows
    ]  # weakest evidence first, as the model gives them
    assert "Influence on survival needs ten futures or more" in words(page)


def test_hostile_text_stays_text(study: Path, folder: Path) -> None:
    model = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    model["ledger"][0]["says"] = model["provinces"][0]["name"] = model["endings"]["coup"] = HOSTILE
    model["left_out"], model["base_rates"][0]["says"] = [HOSTILE], HOSTILE
    change(folder, "model.json", **model)
    change(folder, "manifest.json", title=HOSTILE)
    events = pl.read_parquet(folder / "events.parquet")
    events.with_columns(
        pl.lit(HOSTILE).alias("event"), pl.lit(HOSTILE).alias("mechanism")
    ).write_parquet(folder / "events.parquet")
    page, clean = written(folder), written(study)
    assert page.count("<script") == clean.count("<script") and page.count(
        "</script"
    ) == clean.count("</script")
    assert "<img" not in page and HOSTILE in unescape(page) and not Fetched(page).handlers


def test_claims_that_were_not_tested_say_how(study: Path) -> None:
    told = words(written(study))
    assert (
        "2 claims are made and not yet tested." in told
        and "thermidor claims tiny" in told
        and "Envoys lie." in told
    )


def test_claims_show_verdict_effect_costs_likelihood_and_confidence(folder: Path) -> None:
    found = th.claims(
        folder.parent / "tiny.yaml"
        if (folder.parent / "tiny.yaml").exists()
        else _scenario(folder.parent),
        runs=6,
        citizens=CITIZENS,
        processes=1,
        out=folder,
    )
    told = words(written(folder))
    assert (
        "Of 2 claims, " in told
        and "1 is not testable" in told
        and "Nothing in the model holds what envoys believe." in told
    )
    assert (
        found[0].likelihood in told and found[0].confidence in told and "6 pairs: higher in" in told
    )
    assert "What each side costs citizens" in told
    change(folder, "claims.json", hash="other")
    assert "The scenario has changed between the claims and this study" in words(written(folder))


def _scenario(folder: Path) -> Path:
    (folder / "tiny.yaml").write_text(TINY.format(title="A tiny country"), encoding="utf-8")
    return folder / "tiny.yaml"


def test_a_mixture_of_endings(folder: Path) -> None:
    end_some(
        folder,
        [
            ("in power", 28),
            ("in power", 28),
            ("coup", 9),
            ("in power", 28),
            ("uprising", 20),
            ("coup", 11),
        ],
        times=20,
    )
    page = written(folder)
    told, data = words(page), drawn(page)
    assert "In 50 of 100 futures" in told and "The most frequent ending is coup: 33 of 100" in told
    dots = re.search(r'<div class="grid".*?</div>', page, re.S)[0]
    assert (
        dots.count("e-power") == 50
        and dots.count("e-coup") == 33
        and dots.count("e-uprising") == 17
    )
    assert (
        data["survival"]["alive"][-1] == pytest.approx(50)
        and data["survival"]["risk"][-1]["n"] == 60
    )
    assert data["told"]["end"]["ending"] == "coup" and len(data["protest"]["bands"]) == 3
    assert "on the last day the bands hold only the 60 futures of 120" in told
    assert "The model departs from “regimes that failed within a year”" in told
    assert "3 of 100 (2 to 5) more end here" in told
    assert (
        "Its most frequent endings are coup" in told
        and "No single assumption goes with survival beyond luck" in told
    )


def test_a_departure_names_the_assumptions_that_survival_goes_with(folder: Path) -> None:
    end_some(folder, [("in power", 28), ("uprising", 9)], times=60)
    runs = pl.read_parquet(folder / "runs.parquet")
    runs.with_columns(
        (pl.col("survived") + pl.col("run") * 1e-6).alias("elites.patience")
    ).write_parquet(folder / "runs.parquet")
    told = words(written(folder))
    assert "Survival goes, by rank correlation, with:" in told and "(elites.patience, +0.8" in told


def test_everything_ended(folder: Path) -> None:
    end_some(folder, [("collapse", 3)] * 12)
    told = words(written(folder))
    assert (
        "In 0 of 12 futures" in told
        and "Influence on survival cannot be told: every future ended." in told
    )


def test_one_future(folder: Path) -> None:
    for name in ("runs", "series", "moved", "events", "provinces"):
        pl.read_parquet(folder / f"{name}.parquet").filter(pl.col("run") == 0).write_parquet(
            folder / f"{name}.parquet"
        )
    told = words(written(folder))
    assert (
        "In the one future computed the regime is " in told
        and "Too few futures for bands" in told
        and not re.search(r"\b(nan|inf|None)\b", told)
    )


def test_no_future_finished(folder: Path) -> None:
    runs = pl.read_parquet(folder / "runs.parquet")
    runs.with_columns(
        pl.lit(None, pl.String).alias("ending"),
        pl.lit(None, pl.Int32).alias("day"),
        pl.lit(None, pl.Float64).alias("survived"),
        pl.lit("Fault: <it> broke").alias("reason"),
    ).write_parquet(folder / "runs.parquet")
    told = words(written(folder))
    assert (
        "None of 6 futures could be finished." in told
        and "Fault: <it> broke" in told
        and "rest on judgement alone" in told
    )


def test_some_futures_failed(folder: Path) -> None:
    runs, first = pl.read_parquet(folder / "runs.parquet"), pl.col("run") == 0
    runs.with_columns(
        *(
            pl.when(first).then(None).otherwise(pl.col(c)).alias(c)
            for c in ("ending", "day", "survived")
        ),
        pl.when(first).then(pl.lit("it broke")).alias("reason"),
    ).write_parquet(folder / "runs.parquet")
    told = words(written(folder))
    assert "1 future of 6 could not be finished and is left out of every number." in told
    assert "Commonest reason: it broke (1 future)." in told and "of 5 futures computed" in told
    assert re.search(
        r"The bounds: \d of 6 futures would be still in power if it had ended, "
        r"\d of 6 futures if it had not\.",
        told,
    )


def test_missing_tables_are_said(folder: Path) -> None:
    for name in ("runs", "series", "moved", "events", "provinces"):
        (folder / f"{name}.parquet").unlink()
        written(folder)
    told = words(written(folder))
    assert (
        "No future is finished, so there is no answer yet." in told
        and "This study keeps no record of who moved whom." in told
    )


def test_a_study_without_protest_skips_that_figure(folder: Path) -> None:
    series = pl.read_parquet(folder / "series.parquet")
    series.drop("turnout_country", "strength", "cutoff").write_parquet(folder / "series.parquet")
    provinces = pl.read_parquet(folder / "provinces.parquet")
    provinces.select("run", "province", "hardship.mean").write_parquet(folder / "provinces.parquet")
    page = written(folder)
    assert "no state turnout_country" in words(page) and "keeps no protest by province" in words(
        page
    )
    assert (
        "protest" not in drawn(page)
        and [p["label"] for p in drawn(page)["told"]["panels"]][0] == "loyalty of the forces"
    )


def test_outlines_are_thinned_and_bad_ones_left_out(folder: Path) -> None:
    square = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]
    far = [[x + 1, y] for x, y in square]
    good = {
        "type": "FeatureCollection",
        "features": [
            {"properties": {"iso": "A"}, "geometry": {"type": "Polygon", "coordinates": [square]}},
            {
                "properties": {"iso": "B"},
                "geometry": {"type": "MultiPolygon", "coordinates": [[far]]},
            },
            {
                "properties": {"iso": "elsewhere"},
                "geometry": {"type": "Polygon", "coordinates": [far]},
            },
        ],
    }
    change(folder, "model.json", outlines=good)
    assert [o["id"] for o in drawn(written(folder))["map"]["outlines"]] == ["A", "B"]
    for bad in (
        {
            "features": [
                {"properties": None, "geometry": {"type": "Polygon", "coordinates": [[["x", 1]]]}}
            ]
        },
        {"features": 3},
        [],
        {},
        None,
    ):
        change(folder, "model.json", outlines=bad)
        page = written(folder)
        assert drawn(page)["map"]["outlines"] == [] and "provinces stand as bars" in words(page)


def test_a_scored_model_loses_its_warning(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for skill, kind in ((0.2, "quiet"), (-0.2, "warning")):
        monkeypatch.setattr(
            "thermidor.fitted.scoreboard.load_board", lambda skill=skill: board(skill)
        )
        page = written(folder)
        assert f'class="card board {kind}"' in page and all(
            line in words(page) for line in lines(board(skill))
        )
        assert "Not yet scored against history" not in words(page) and not [
            x for x in Fetched(page).links if not x.startswith(("#", "data:"))
        ]
    change(folder, "manifest.json", scored="Brier score 0.08 on 120 past regime-years.")
    told = words(written(folder))
    assert "Not yet scored against history" not in told and "Brier score 0.08" in told


def test_it_can_be_made_again(folder: Path) -> None:
    assert "thermidor run tiny --runs 6 --citizens 1536 --seed 1 --days 28" in words(
        written(folder)
    )
    change(folder, "manifest.json", command="thermidor run 'my file.yaml' --set a.b=1")
    assert "thermidor run 'my file.yaml' --set a.b=1" in words(written(folder))
