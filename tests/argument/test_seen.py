"""Observations beside the futures: where they lie, and what a stranger's file cannot do."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import thermidor as th
from tests.conftest import CITIZENS, SMALL, write
from thermidor.report.sections.seen import seen
from thermidor.report.sections.study_view import StudyView

SEEN = """\
seen: 1
title: Crowds & coffers
observations:
  - date: 2025-06-20
    series: turnout_country
    value: 0.01
    low: 0.005
    high: 0.02
    source: a paper
    known: 2025-06-21
  - {date: 2025-06-25, series: reserves, value: 1, source: "<b>a bank</b>", known: 2025-07-25}
"""


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of a few futures of twelve days, with two observations."""
    folder = tmp_path_factory.mktemp("seen")
    write(folder / "s.yaml", SMALL, ("days: 60", "days: 12"))
    (folder / "seen.yaml").write_text(SEEN)
    made = th.run(folder / "s.yaml", runs=8, citizens=CITIZENS, processes=0, out=folder / "out")
    th.write_report(made, seen=folder / "seen.yaml")
    return folder / "out"


def test_each_lies_where_the_futures_of_its_day_have_it(study: Path) -> None:
    view = StudyView(study)
    (crowd,) = view.sightings("turnout_country")
    table = pl.read_parquet(study / "series.parquet").filter(pl.col("day") == 4)
    assert crowd["day"] == 4 and crowd["futures"] == table.height == 8
    assert crowd["below"] == int((table["turnout_country"] < 0.01).sum())
    (money,) = view.sightings("reserves")
    assert money["below"] == 0 and (money["low"], money["high"]) == (1, 1)
    assert view.sightings("hardship") == []


def test_the_report_shows_them(study: Path) -> None:
    text = (study / "report.html").read_text(encoding="utf-8")
    assert 'href="#seen"' in text and "Crowds &amp; coffers" in text
    assert "<b>a bank</b>" not in text and text.count('class="seen"') == 2
    data = json.loads(text.split('id="data">')[1].split("</script>")[0])
    (drawn,) = data["drawn"]["protest"]["seen"]
    assert np.isclose(drawn["y"], 100_000) and drawn["low"] < drawn["y"] < drawn["high"]


def test_a_damaged_file_costs_no_more_than_its_section(study: Path, tmp_path: Path) -> None:
    kept = study / "seen.json"
    text = kept.read_text(encoding="utf-8")
    try:
        for bad in ("{", '{"title": "x", "observations": [{"date": "then"}]}', "[]"):
            kept.write_text(bad, encoding="utf-8")
            page = th.write_report(study).read_text(encoding="utf-8")
            assert 'href="#seen"' not in page and "seen.json" in page
        kept.unlink()
        assert "What was observed" not in th.write_report(study).read_text(encoding="utf-8")
    finally:
        kept.write_text(text, encoding="utf-8")


def test_an_observation_before_the_start_is_refused(study: Path, tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(SEEN.replace("2025-06-20", "2024-06-20"))
    with pytest.raises(th.Fault, match="2024-06-20 lies before the start"):
        th.write_report(study, seen=tmp_path / "s.yaml")


def test_a_section_without_observations_is_empty(study: Path) -> None:
    view = StudyView(study)
    view.__dict__["seen"] = None
    assert seen(view) is None
