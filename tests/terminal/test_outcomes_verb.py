"""The data dictionary names exactly the columns that a study writes."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from tests.conftest import CITIZENS
from tests.terminal.conftest import console, written
from thermidor.report.columns import grouped
from thermidor.scenario.dictionary import TABLES, dictionary, found
from thermidor.scenario.load import load
from thermidor.support.faults import Fault

DOCS = Path(__file__).parents[2] / "docs"


def test_it_names_the_columns_of_every_table(call, verbs, small):
    assert call(verbs["run"], console("utf-8"), console("utf-8")) == 0
    folder, rows = Path(verbs["run"][-1]), dictionary(small)
    for table in TABLES:
        there = pl.read_parquet_schema(folder / f"{table}.parquet")
        assert [r["column"] for r in found(rows, table)] == list(
            dict.fromkeys(r["column"] for r in found(rows, table))
        )
        assert {r["column"] for r in found(rows, table)} == set(there)


def test_every_column_says_what_it_is_and_lies_in_its_range(call, verbs, strange, small):
    assert call(verbs["run"], console("utf-8"), console("utf-8")) == 0
    runs = pl.read_parquet(Path(verbs["run"][-1]) / "runs.parquet")
    for r in dictionary(load(strange, citizens=CITIZENS)):
        owners = {"study", "mechanism", "speaker", *(m.name for m in small.wiring.mechanisms)}
        assert r["unit"] and r["says"] and r["owner"] in owners
        if (
            r["table"] == "runs"
            and r["low"] is not None
            and not isinstance(r["low"], str)
            and runs[r["column"]].dtype.is_numeric()
        ):
            assert (runs[r["column"]].drop_nulls() >= r["low"] - 1e-9).all(), r
    assert {"persons", "share", "0 or 1"} <= {r["unit"] for r in dictionary(small)}


def test_a_table_a_word_and_what_does_not_exist(small):
    rows = dictionary(small)
    assert {r["table"] for r in found(rows, "series")} == {"series"}
    assert all("loyal" in str(r).casefold() for r in found(rows, like="LOYAL"))
    with pytest.raises(
        Fault, match="there is no table 'serie'; there are runs, series.* Did you mean 'series'"
    ):
        found(rows, "serie")
    with pytest.raises(Fault, match="no column has 'zzz' in its name or meaning"):
        found(rows, like="zzz")


def test_the_five_readings_of_a_series_stand_in_one_entry(small):
    names = [name for name, _ in grouped(found(dictionary(small), "runs"))]
    assert (
        "final_turnout_country, peak_, low_, mean_, first_" in names
        and "peak_turnout_country" not in names
    )
    lone = [name for name, _ in grouped(found(dictionary(small), "runs", "largest value"))]
    assert (
        "peak_turnout_country" in lone
    )  # where only some of the readings were asked for, each stands for itself


def test_for_machines_every_column_is_an_object(call, verbs):
    out = console("utf-8")
    assert call([*verbs["outcomes"], "--table", "runs", "--json"], out, console("utf-8")) == 0
    rows = json.loads(written(out))
    assert {"table", "column", "kind", "unit", "says", "owner", "low", "high"} == set(rows[0]) and {
        r["table"] for r in rows
    } == {"runs"}


def test_the_page_of_the_docs_is_that_of_this_code():
    """`python -m docs.make.outcomes` writes it anew after a mechanism was changed."""
    from docs.make.outcomes import page

    assert (DOCS / "outcomes.md").read_text(encoding="utf-8") == page()
