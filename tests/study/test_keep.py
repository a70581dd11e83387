"""What is kept of each future is what was asked for, and what was not kept is said."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tests.conftest import bytes_of, command
from thermidor.report.page import write_report
from thermidor.study.compare import compare
from thermidor.study.ensemble import ensemble
from thermidor.study.plan import RunPlan
from thermidor.study.results import Study
from thermidor.study.store.tables import KEEP, NAMES
from thermidor.support.faults import Fault

RUNS = 4


@pytest.fixture(scope="module")
def studies(small, tmp_path_factory) -> dict[str, Study]:
    """The same futures, by what is kept of them."""
    out = tmp_path_factory.mktemp("keep")
    return {
        keep: ensemble(RunPlan(small, RUNS, processes=0, folder=out / keep, keep=keep))
        for keep in KEEP
    }


@pytest.mark.parametrize("keep", KEEP)
def test_the_tables_that_are_kept_are_those_of_a_study_that_keeps_all(studies, keep):
    kept, every = bytes_of(studies[keep].path), bytes_of(studies["all"].path)
    assert kept == {f"{n}.parquet": every[f"{n}.parquet"] for n in KEEP[keep]}
    assert studies[keep].to_dict() | {"out": "", "seconds": 0, "agent_days_per_second": 0} == (
        studies["all"].to_dict() | {"out": "", "seconds": 0, "agent_days_per_second": 0}
    )


@pytest.mark.parametrize(
    "keep, table, least", [("runs", "series", "series"), ("series", "moved", "all")]
)
def test_a_table_that_was_not_kept_is_said(studies, keep, table, least):
    with pytest.raises(Fault, match=f"has no table '{table}': .* --keep {keep}, .* --keep {least}"):
        studies[keep].table(table)
    with pytest.raises(Fault, match="--keep runs"):
        studies["runs"].plot_series("loyalty")


def test_the_report_says_what_was_not_kept(studies):
    text = write_report(studies["runs"].path).read_text(encoding="utf-8")
    for table in ("series", "moved", "provinces"):
        assert f"{table}.parquet was not kept; the futures were computed with --keep runs" in text
    assert "was not kept" not in write_report(studies["all"].path).read_text(encoding="utf-8")


def test_a_comparison_says_that_provinces_were_not_kept(studies):
    note = compare(studies["runs"], studies["all"]).note
    assert note == "nothing that was recorded changed; values by province were not kept"
    assert compare(studies["all"], studies["all"]).note == "nothing that was recorded changed"


@pytest.mark.parametrize("keep", ["runs", "all"])
def test_all_futures_of_a_folder_keep_the_same(small, studies, keep):
    before = bytes_of(studies["series"].path)
    with pytest.raises(Fault, match=f"keep series there, {keep} now"):
        ensemble(RunPlan(small, RUNS + 1, folder=studies["series"].path, keep=keep))
    assert bytes_of(studies["series"].path) == before


def test_a_folder_of_before_kept_all(small, tmp_path):
    """A manifest that does not say what is kept."""
    ensemble(RunPlan(small, 1, processes=0, folder=tmp_path))
    path = tmp_path / "manifest.json"
    path.write_text(path.read_text().replace('"keep": "all",', ""))
    assert Study(tmp_path).kept == NAMES
    assert ensemble(RunPlan(small, 2, processes=0, folder=tmp_path)).futures == 2


def test_on_the_command_line(small_file: Path, tmp_path, capsys):
    words = ["run", small_file, "--runs", 2, "--days", 5, "--out", tmp_path / "out"]
    code, _, said = command(capsys, *words, "--keep", "some")
    assert code == 2 and "'some' must be one of runs, series, all" in said
    assert command(capsys, *words, "--keep", "runs", "--json")[0] == 0
    assert [p.name for p in (tmp_path / "out").glob("*.parquet")] == ["runs.parquet"]
    assert pl.read_parquet(tmp_path / "out" / "runs.parquet").height == 2


def test_what_may_be_kept(small, tmp_path):
    with pytest.raises(Fault, match="keep = 'some' must be one of runs, series, all"):
        RunPlan(small, 1, tmp_path, keep="some")
