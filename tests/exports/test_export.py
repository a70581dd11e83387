"""Tables in other formats: the same numbers, labels from the dictionary, names that Stata takes."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import polars as pl
import pytest

import thermidor as th
from tests.conftest import command
from thermidor.study.exports.labels import label, stata_names
from thermidor.support.faults import Fault

TABLES = ("runs", "series", "moved", "events", "provinces")


@pytest.fixture(scope="module")
def study(done):
    return th.results(done)


@pytest.mark.parametrize("table", TABLES)
def test_csv_holds_the_same_numbers(study, table, tmp_path):
    path = study.export(tmp_path / "t.csv", table)
    back = pl.read_csv(path, schema=study.table(table).schema)
    assert back.equals(study.table(table))


@pytest.mark.parametrize("table", TABLES)
def test_stata_holds_the_same_numbers_with_labels(study, table, tmp_path):
    pd = pytest.importorskip("pandas")
    path, made = study.export(tmp_path / "t.dta", table), study.table(table)
    with pd.read_stata(path, iterator=True) as file:
        labels, told = file.variable_labels(), file.data_label
        back = file.read()
    names = stata_names(made.columns)
    assert list(back.columns) == [names[c] for c in made.columns] and len(back) == made.height
    assert all(len(n) <= 32 and re.fullmatch(r"[A-Za-z_]\w*", n) for n in back.columns)
    for c in made.columns:
        numbers = made[c].dtype.is_numeric()
        theirs, mine = back[names[c]].to_list(), made[c].fill_null(float("nan") if numbers else "")
        assert all(x == y or (x != x and y != y) for x, y in zip(theirs, mine, strict=True)), c
    assert all(len(t) <= 80 for t in labels.values()) and study.hash in told
    assert labels["run"] == "number of the future [number]"


@pytest.mark.parametrize("table", ["runs", "events"])
def test_a_workbook_has_table_dictionary_and_study(study, table, tmp_path):
    pd = pytest.importorskip("pandas")
    pytest.importorskip("openpyxl")
    pytest.importorskip("xlsxwriter")
    sheets = pd.read_excel(study.export(tmp_path / "t.xlsx", table), sheet_name=None)
    made = study.table(table)
    assert list(sheets) == [table, "dictionary", "about"]
    assert list(sheets[table].columns) == made.columns and len(sheets[table]) == made.height
    assert sheets["dictionary"]["column"].to_list() == made.columns
    assert study.hash in set(sheets["about"]["value"])


@pytest.mark.parametrize("ending", ["csv", "dta", "xlsx"])
def test_equal_tables_are_equal_files(study, ending, tmp_path):
    pytest.importorskip("pandas")
    pytest.importorskip("xlsxwriter")
    first, second = (study.export(tmp_path / f"{k}.{ending}", "events") for k in "ab")
    assert first.read_bytes() == second.read_bytes()


def test_the_dictionary_is_a_table_too(study, tmp_path):
    found = pl.read_csv(study.export(tmp_path / "d.csv", "dictionary"))
    for table in TABLES:
        there = found.filter(pl.col("table") == table)["column"].to_list()
        assert there == study.table(table).columns
    assert found["unit"].null_count() == 0 and found["says"].null_count() == 0


def test_texts_of_a_workbook_are_never_formulas(copy, tmp_path):
    """A stranger's event that begins with '=' stays a text."""
    pytest.importorskip("xlsxwriter")
    evil = pl.DataFrame(
        [(0, 1, "events", '=HYPERLINK("http://x.example")', 1.0)],
        schema=pl.read_parquet_schema(copy / "events.parquet"),
        orient="row",
    )
    evil.write_parquet(copy / "events.parquet")
    path = th.results(copy).export(tmp_path / "t.xlsx", "events")
    with zipfile.ZipFile(path) as book:
        sheets = [book.read(n) for n in book.namelist() if "worksheets/sheet" in n]
    assert sheets and not any(b"<f>" in s or b"<hyperlink" in s for s in sheets)


def test_names_are_cut_by_a_rule_and_never_clash():
    long = [f"peak_turnout_of_a_very_long_name_{k}" for k in range(300)]
    names = stata_names([*long, "a.b", "a_b", "1st", "if", "str12", "run", "é", "x" * 32])
    assert len(set(names.values())) == len(names)
    assert names["run"] == "run" and names["1st"] == "_1st" and names["if"] == "_if"
    assert names["str12"] == "_str12" and names["x" * 32] == "x" * 32
    assert {names["a.b"][:4], names["a_b"][:4]} == {"a_b_"} and names["a.b"] != names["a_b"]
    assert stata_names(long[:1])[long[0]] == names[long[0]]
    assert re.fullmatch(r"peak_turnout_of_a_very_lo_[0-9a-f]{6}", names[long[0]])


def test_a_label_keeps_its_unit():
    row = {"says": "many words " * 20, "unit": "persons"}
    assert len(label(row)) == 80 and label(row).endswith("... [persons]")
    assert len(label({"says": "x" * 90, "unit": "y" * 90})) == 80


BAD = {
    "ending": (["--to", "x.sav"], "x.sav must end in .csv, .dta or .xlsx."),
    "no ending": (["--to", "x"], "x must end in .csv, .dta or .xlsx."),
    "table": (
        ["--to", "x.csv", "--table", "run"],
        "there is no table 'run'; there are runs, series, moved, events, provinces, dictionary. "
        "Did you mean 'runs'?",
    ),
    "there": (
        ["--to", "there.csv"],
        "there.csv is there already; name another file, or write over it with --force.",
    ),
    "folder": (["--to", "folder.csv"], "folder.csv is a folder; name a file in it."),
    "no folder": (["--to", "no/x.csv"], "there is no folder no; make it first."),
}


@pytest.mark.parametrize("what", BAD)
def test_bad_input_is_a_sentence(capsys, done, tmp_path, monkeypatch, what):
    monkeypatch.chdir(tmp_path)
    Path("there.csv").write_text("precious")
    Path("folder.csv").mkdir()
    words, says = BAD[what]
    code, out, err = command(capsys, "export", done, *words)
    assert (code, out, err) == (2, "", f"thermidor: {says}\n")
    assert Path("there.csv").read_text() == "precious"


def test_force_writes_over_a_link_and_not_through_it(capsys, done, tmp_path):
    (tmp_path / "victim").write_text("precious")
    (tmp_path / "x.csv").symlink_to(tmp_path / "victim")
    assert command(capsys, "export", done, "--to", tmp_path / "x.csv", "--force")[0] == 0
    assert (tmp_path / "victim").read_text() == "precious"
    assert not (tmp_path / "x.csv").is_symlink()


@pytest.mark.parametrize(("module", "ending"), [("pandas", "dta"), ("xlsxwriter", "xlsx")])
def test_a_missing_extra_is_a_sentence(capsys, done, tmp_path, monkeypatch, module, ending):
    import sys

    monkeypatch.setitem(sys.modules, module, None)
    code, _, err = command(capsys, "export", done, "--to", tmp_path / f"x.{ending}")
    assert code == 2 and err.count("\n") == 1
    assert "not installed; `pip install 'thermidor[formats]'` brings it." in err
    assert not list(tmp_path.iterdir())


def test_a_table_that_is_too_large_for_a_workbook(study, tmp_path, monkeypatch):
    pytest.importorskip("xlsxwriter")
    from thermidor.study.exports import export

    monkeypatch.setattr(export, "MOST_CELLS", 10)
    with pytest.raises(Fault, match=r"10 cells at most. Write a .csv or a .dta"):
        study.export(tmp_path / "x.xlsx")


def test_a_study_of_another_version_has_labels_from_its_folder(copy, tmp_path):
    pd = pytest.importorskip("pandas")
    text = (copy / "manifest.json").read_text(encoding="utf-8")
    found = th.results(copy).hash
    (copy / "manifest.json").write_text(text.replace(found, "0" * 16), encoding="utf-8")
    path = th.results(copy).export(tmp_path / "x.dta")
    with pd.read_stata(path, iterator=True) as file:
        labels = file.variable_labels()
    assert sum(bool(t) for t in labels.values()) > 0.6 * len(labels)
