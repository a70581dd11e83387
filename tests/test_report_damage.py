"""Any folder of bytes ends with a report or a sentence, whatever its files hold."""

from __future__ import annotations

import copy
import json
import os
import random
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest

import thermidor as th
from tests.test_report import (
    CITIZENS,
    HOSTILE,
    TINY,
    Fetched,
    change,
    drawn,
    end_some,
    held,
    words,
)
from thermidor.report.page import write_report
from thermidor.support.faults import Fault

TABLES = ("runs", "series", "moved", "events", "provinces")
JSONS = ("manifest.json", "model.json", "claims.json")
HUGE = "<b>" + "long " * 100_000
ODD = (None, [], {}, "x", "", -1, 10**30, 1e300, True, [None], {"a": {"b": []}}, HOSTILE, HUGE)
RAW = ("NaN", "1e999", "-Infinity", '"\\ud800"', "[" * 20_000, "9" * 5000)
SMALL, LARGE = 500_000, 3_000_000
MUCH = pytest.mark.parametrize("much", [1, pytest.param(3, marks=pytest.mark.slow)])


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six futures of a tiny country with verdicts on its claims, and a ledger of a few rows."""
    folder = tmp_path_factory.mktemp("damaged")
    (folder / "tiny.yaml").write_text(TINY.format(title="A tiny country"), encoding="utf-8")
    results = folder / "results"
    th.run(folder / "tiny.yaml", runs=6, citizens=CITIZENS, processes=1, out=results)
    found = th.claims(folder / "tiny.yaml", runs=4, citizens=CITIZENS, processes=1, out=results)
    saved = found.to_dict() | {"hash": "x"}
    (results / "claims.json").write_text(json.dumps(saved), encoding="utf-8")
    model = json.loads((results / "model.json").read_text(encoding="utf-8"))
    for m in model["mechanisms"]:
        m["parameters"] = []
    change(
        results,
        "model.json",
        ledger=model["ledger"][:3] + model["ledger"][-2:],
        mechanisms=model["mechanisms"],
        citations={"Kuran1989": "A citation."},
    )
    end_some(results, [("in power", 28), ("coup", 9), ("uprising", 20), ("in power", 28)], times=6)
    runs = pl.read_parquet(results / "runs.parquet")
    few = [c for c in runs.columns if "." not in c or c.startswith("broker.")]
    runs.select(few).write_parquet(results / "runs.parquet")
    return results


@pytest.fixture(autouse=True)
def without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages without the half megabyte of the drawing library, so that they are read fast."""
    monkeypatch.setattr("thermidor.report.page.SCRIPTS", ("figures.js", "save.js", "ledger.js"))


@pytest.fixture
def folder(study: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(study, tmp_path / "results"))


def outcome(folder: Path) -> str:
    """The page, or the sentence of the fault. Nothing else may happen."""
    (folder / "report.html").unlink(missing_ok=True)
    try:
        page = write_report(folder).read_text(encoding="utf-8")
    except Fault as e:
        assert len(str(e)) < 3000 and not (folder / "report.html").exists()
        return str(e)
    assert page.count("<script") == page.count("</script") == 5
    assert "<img" not in page and "<b>long" not in page and not handlers(page)
    assert len(page) < LARGE, len(page)
    json.dumps(held(page), allow_nan=False)
    return page


def handlers(page: str) -> list[str]:
    """Attributes that would act; a page in which no word begins with "on" and is given a value has
    none, and need not be taken apart.
    """
    return Fetched(page).handlers if re.search(r"(?i)\bon\w*\s*=", page) else []


def paths(data: object, at: tuple = ()) -> Iterator[tuple]:
    """Where values lie in a JSON value."""
    if at:
        yield at
    if isinstance(data, dict | list):
        for k, v in data.items() if isinstance(data, dict) else enumerate(data):
            yield from paths(v, (*at, k))


def put(data: dict, at: tuple, value: object) -> dict:
    """A copy with another value at one place."""
    data = copy.deepcopy(data)
    inner = data
    for k in at[:-1]:
        inner = inner[k]
    inner[at[-1]] = value
    return data


def bytewise(text: bytes, luck: random.Random) -> bytes:
    """Bytes lost, turned or doubled."""
    where = luck.randrange(len(text))
    match luck.randrange(5):
        case 0:
            return text[:where]
        case 1:
            return (
                text[:where] + bytes([text[where] ^ (1 << luck.randrange(8))]) + text[where + 1 :]
            )
        case 2:
            return text[:where] + luck.randbytes(20) + text[where + 20 :]
        case 3:
            return text[where:]
        case _:
            return text[:where] + text


@MUCH
@pytest.mark.parametrize("name", JSONS)
def test_json_of_other_bytes(folder: Path, name: str, much: int) -> None:
    luck, text = random.Random(name), (folder / name).read_bytes()
    for made in (
        b"",
        b"\xff\xfe{}",
        b"null",
        b"[]",
        b"3",
        b'"x"',
        b"{}",
        b"{" * 50_000,
        *(bytewise(text, luck) for _ in range(3 * much)),
    ):
        (folder / name).write_bytes(made)
        outcome(folder)


@MUCH
@pytest.mark.parametrize("name", JSONS)
def test_json_of_other_types(folder: Path, name: str, much: int) -> None:
    luck, data = random.Random(name), json.loads((folder / name).read_text(encoding="utf-8"))
    tops = [p for p in paths(data) if len(p) == 1]
    deep = [p for p in paths(data) if len(p) > 1]
    for at in tops:
        (folder / name).write_text(json.dumps({k: v for k, v in data.items() if k != at[0]}))
        outcome(folder)
    few = tops if much > 1 else luck.sample(tops, len(tops) // 2)
    for at in (*few, *luck.sample(deep, 5 * much)):
        made = json.dumps(put(data, at, "(here)"))
        value = luck.choice([*(json.dumps(x) for x in ODD), *RAW])
        (folder / name).write_text(made.replace('"(here)"', value), encoding="utf-8")
        outcome(folder)


CHANGES: dict[str, Callable[[pl.DataFrame, str], pl.DataFrame]] = {
    "gone": lambda t, c: t.drop(c),
    "text": lambda t, c: t.with_columns(pl.lit(HOSTILE).alias(c)),
    "nothing": lambda t, c: t.with_columns(pl.lit(None).alias(c)),
    "lists": lambda t, c: t.with_columns(pl.lit([1]).alias(c)),
    "yes or no": lambda t, c: t.with_columns(pl.lit(value=True).alias(c)),
    "below": lambda t, c: t.with_columns(pl.lit(-(2**40)).alias(c)),
    "above": lambda t, c: t.with_columns(pl.lit(2**62).alias(c)),
    "no number": lambda t, c: t.with_columns(pl.lit(float("nan")).alias(c)),
    "endless": lambda t, c: t.with_columns(pl.lit(float("-inf")).alias(c)),
    "a date": lambda t, c: t.with_columns(pl.lit("2025-01-01").str.to_date().alias(c)),
    "huge": lambda t, c: t.head(100).with_columns(pl.lit(HUGE).alias(c)),
}


@MUCH
@pytest.mark.parametrize("table", TABLES)
def test_tables_of_other_types(folder: Path, table: str, much: int) -> None:
    luck, path = random.Random(table), folder / f"{table}.parquet"
    frame = pl.read_parquet(path)
    core = frame.columns[:5]
    for c in (*core, *luck.sample(frame.columns[5:], min(2, len(frame.columns) - 5))):
        for made in luck.sample(list(CHANGES.values()), much):
            made(frame, c).write_parquet(path)
            outcome(folder)
    for made in (frame.head(0), pl.concat([frame, frame]), frame.select(core[0]), pl.DataFrame()):
        made.write_parquet(path)
        outcome(folder)


@MUCH
@pytest.mark.parametrize("table", TABLES)
def test_tables_of_other_bytes(folder: Path, table: str, much: int) -> None:
    luck, path = random.Random(table), folder / f"{table}.parquet"
    text = path.read_bytes()
    for made in (b"", b"PAR1", b"PAR1" * 3, *(bytewise(text, luck) for _ in range(2 * much))):
        path.write_bytes(made)
        outcome(folder)


def test_tables_in_each_others_place(folder: Path) -> None:
    texts = {t: (folder / f"{t}.parquet").read_bytes() for t in TABLES}
    for one in TABLES:
        for other in TABLES:
            (folder / f"{one}.parquet").write_bytes(texts[other])
        outcome(folder)
        (folder / f"{one}.parquet").write_bytes(texts[one])


@pytest.mark.parametrize("kind", ["folder", "link", "dangling", "pipe"])
def test_no_file_of_its_own(folder: Path, study: Path, kind: str) -> None:
    for name in (*JSONS, *(f"{t}.parquet" for t in TABLES)):
        path = folder / name
        path.unlink()
        match kind:
            case "folder":
                path.mkdir()
            case "link":
                path.symlink_to(study / name)
            case "dangling":
                path.symlink_to(folder / "nowhere")
            case "pipe":
                os.mkfifo(path)
        found = outcome(folder)
        assert "no file of its own" in found and name in found
        path.rmdir() if kind == "folder" else path.unlink()
        shutil.copy(study / name, path)


def test_a_damaged_table_costs_only_what_needs_it(folder: Path) -> None:
    (folder / "series.parquet").write_bytes(b"PAR1 and no more")
    page = outcome(folder)
    told = words(page)
    assert "What happens in the street?: left out, since series.parquet is damaged" in told
    assert "series.parquet: it is no Parquet file" in told
    assert {"survival", "map", "pull"} <= set(drawn(page)) and "protest" not in drawn(page)
    assert "12 of 24 futures" in told


def test_a_damaged_model_leaves_the_answer(folder: Path) -> None:
    (folder / "model.json").write_text('{"ledger": [{"key": 3}], "citations": {}}')
    told = words(outcome(folder))
    assert "What it rests on: left out, since model.json is damaged" in told
    assert "In 12 of 24 futures" in told and "model.json: it has no 'mechanisms'" in told


def test_a_damaged_manifest_says_what_can_be_saved(folder: Path) -> None:
    change(folder, "manifest.json", days="many", start="yesterday")
    with pytest.raises(Fault, match=r"manifest\.json is damaged: 'days'.*'start' is 'yesterday'"):
        write_report(folder)
    (folder / "manifest.json").write_text("{")
    with pytest.raises(Fault, match="tables beside it can still be read"):
        write_report(folder)


@pytest.mark.parametrize("name", ["nowhere", "a" * 5000, "file/within", ""])
def test_no_folder_of_results(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Fault, match="give the folder that `thermidor run` wrote"):
        write_report(tmp_path / name)


def test_long_texts_are_cut(folder: Path) -> None:
    runs = pl.read_parquet(folder / "runs.parquet")
    broken = pl.col("run") == 0
    runs.with_columns(
        *(
            pl.when(broken).then(None).otherwise(pl.col(c)).alias(c)
            for c in ("ending", "day", "survived")
        ),
        pl.when(broken).then(pl.lit("no " * 1_000_000)).alias("reason"),
    ).write_parquet(folder / "runs.parquet")
    change(folder, "manifest.json", title="T" * 3_000_000)
    page = outcome(folder)
    assert len(page) < SMALL and "… (cut) (1 future)" in words(page)


def test_a_table_of_more_rows_than_the_study_can_have(folder: Path) -> None:
    rows = pl.DataFrame({"run": [0] * 500_000, "day": [1] * 500_000, "strength": [0.5] * 500_000})
    rows.write_parquet(folder / "series.parquet")
    assert "it holds 500,000 rows, more than such a study can have" in words(outcome(folder))


def test_marks_that_turn_text_round_are_not_written(folder: Path) -> None:
    change(folder, "manifest.json", title="safe\u202eevil\u2066\x00\x1b[31m\ud800")
    page = outcome(folder)
    assert "safeevil[31m\ufffd" in page and not re.search("[\u202e\u2066\x00\x1b]", page)


def test_a_command_of_a_stranger_is_quoted(folder: Path) -> None:
    change(folder, "manifest.json", command="thermidor run tiny; rm -rf ~ $(x) `y`\nz")
    assert "thermidor run 'tiny;' rm -rf '~' '$(x)' '`y`' z" in words(outcome(folder))
    change(folder, "manifest.json", command="curl x | sh")
    told = words(outcome(folder))
    assert "curl" not in told and "thermidor run tiny --runs 6" in told


def test_the_report_is_not_written_through_a_link(folder: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine.txt"
    mine.write_text("keep me")
    (folder / "report.html").symlink_to(mine)
    path = write_report(folder)
    assert mine.read_text() == "keep me" and not path.is_symlink()
    assert [p.name for p in folder.iterdir() if p.name.startswith(".report")] == []


def test_a_folder_whose_name_is_a_pattern(study: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(study, tmp_path / "a[1] * ?"))
    assert {"survival", "protest", "map", "pull", "told"} <= set(drawn(outcome(folder)))
