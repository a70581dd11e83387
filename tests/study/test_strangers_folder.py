"""A folder of results from a stranger, or from a disk that lost its power: nothing outside it is
touched, and what is damaged is set aside, said, and computed anew to the same bytes.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from tests.conftest import bytes_of
from tests.study.played import turned
from thermidor.study.ensemble import ensemble
from thermidor.study.plan import RunPlan
from thermidor.study.store.folder import Folder
from thermidor.study.store.parts import Parts
from thermidor.study.store.tables import NAMES
from thermidor.support.faults import Fault, MachineFault

RUNS = 4


@pytest.fixture(scope="module")
def done(small, tmp_path_factory) -> Path:
    """A study of four futures, finished."""
    out = tmp_path_factory.mktemp("done")
    ensemble(RunPlan(small, RUNS, processes=1, folder=out))
    return out


@pytest.fixture
def copy(done: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(done, tmp_path / "copy"))


@pytest.fixture(scope="module")
def killed(small, tmp_path_factory) -> Path:
    """The same study, killed again and again before its parts were joined: each future is a part of
    its own.
    """
    out = tmp_path_factory.mktemp("killed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Parts, "join", lambda self: None)
        for n in range(1, RUNS + 1):
            ensemble(RunPlan(small, n, processes=1, folder=out))
    assert len(list((out / "parts").glob("*.runs.parquet"))) == RUNS
    return out


@pytest.fixture
def unjoined(killed: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(killed, tmp_path / "unjoined"))


LINKS = (
    "parts",
    "unfinished",
    "damaged",
    ".lock",
    "manifest.json",
    "model.json",
    *(f"{n}.parquet" for n in NAMES),
)


@pytest.mark.parametrize("name", LINKS)
@pytest.mark.parametrize("kind", ["file", "folder", "nowhere"])
def test_nothing_is_written_or_removed_through_a_link(small, copy, tmp_path, name, kind):
    victim = tmp_path / "victim"
    victim.mkdir()
    for file in ("file", ".bashrc", "notes.txt", "000000000.runs.parquet"):
        (victim / file).write_text("precious")
    target = {"file": victim / "file", "folder": victim, "nowhere": victim / "new"}[kind]
    path = copy / name
    shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    path.symlink_to(target)
    with pytest.raises(Fault, match=f"{name} is a link; a folder of results has none"):
        ensemble(RunPlan(small, RUNS + 1, processes=1, folder=copy))
    assert {p.name: p.read_text() for p in victim.iterdir()} == dict.fromkeys(
        ("file", ".bashrc", "notes.txt", "000000000.runs.parquet"), "precious"
    )


def test_old_and_guessable_temporary_names_are_no_way_out(small, done, copy, tmp_path):
    """Links under names that a program might write to: they are left alone, and so is what they
    point to.
    """
    victim = tmp_path / "victim"
    victim.write_text("precious")
    for name in (
        ".write",
        ".report.html.part",
        ".runs.parquet.part",
        "runs.parquet.tmp",
        ".thermidor-00000000",
    ):
        (copy / name).symlink_to(victim)
    ensemble(RunPlan(small, RUNS + 1, processes=1, folder=copy))
    assert victim.read_text() == "precious"


def test_files_of_others_in_the_folder_stay(small, copy):
    (copy / "parts").mkdir()
    kept = {
        copy / "notes.txt": "n",
        copy / "parts" / "notes.txt": "n",
        copy / "parts" / "mine.parquet": "m",
        copy / ".hidden": "h",
    }
    for path, text in kept.items():
        path.write_text(text)
    ensemble(RunPlan(small, RUNS + 1, processes=1, folder=copy))
    assert {p: p.read_text() for p in kept} == kept


def half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def zeros(path: Path) -> None:
    """What some file systems leave after a power loss: the right length, nothing in it."""
    path.write_bytes(b"\0" * path.stat().st_size)


def other(path: Path) -> None:
    pl.DataFrame({"run": ["a"]}).write_parquet(path)


DAMAGE: dict[str, Callable[[Path], object]] = {
    "empty": lambda p: p.write_bytes(b""),
    "half": half,
    "zeros": zeros,
    "another table": other,
    "gone": Path.unlink,
}


# the table of runs, which says what is finished, and a large one in every way; the others are read
# as that one is
WHOLLY, OFTEN = ("runs", "series"), ("half", "gone")
DAMAGED = [(t, d) for t in NAMES for d in DAMAGE if t in WHOLLY or d in OFTEN]


@pytest.mark.parametrize("table, damage", DAMAGED)
def test_a_damaged_part_is_set_aside_and_its_futures_are_computed_anew(
    small, done, unjoined, table, damage
):
    DAMAGE[damage](unjoined / "parts" / f"{1:09d}.{table}.parquet")
    said = ensemble(RunPlan(small, RUNS, processes=1, folder=unjoined)).mended
    assert bytes_of(unjoined) == bytes_of(done)
    if (table, damage) != (
        "runs",
        "gone",
    ):  # without its table of runs, which comes last, a part was never finished
        assert len(said) == 1 and "cannot be read" in said[0] and "computed anew" in said[0]
        assert list((unjoined / "damaged").iterdir())


@pytest.mark.parametrize("table, damage", DAMAGED)
def test_a_damaged_joined_table_is_computed_anew(small, done, copy, table, damage):
    DAMAGE[damage](copy / f"{table}.parquet")
    ensemble(RunPlan(small, RUNS, processes=1, folder=copy))
    assert bytes_of(copy) == bytes_of(done)


def test_a_part_that_lacks_the_days_of_one_future(small, done, copy):
    pl.read_parquet(copy / "series.parquet").filter(pl.col("run") != 2).write_parquet(
        copy / "series.parquet"
    )
    said = ensemble(RunPlan(small, RUNS, processes=1, folder=copy)).mended
    assert "series.parquet lacks futures" in said[0] and bytes_of(copy) == bytes_of(done)


def test_a_kept_day_that_is_damaged_is_begun_anew(small, done, copy, tmp_path, monkeypatch):
    out = tmp_path / "out"
    ensemble(RunPlan(small, 1, processes=1, folder=out))
    folder = Folder(out)
    folder.unfinished.mkdir(exist_ok=True)
    for run, content in ((1, b""), (2, b"PK\x03\x04half"), (3, b"\0" * 5000)):
        folder.moment(run).write_bytes(content)
    ensemble(RunPlan(small, RUNS, processes=1, folder=out))
    assert bytes_of(out) == bytes_of(done)


@pytest.mark.parametrize(
    "change",
    [
        {"seed": "1"},
        {"seed": True},
        {"hash": 5},
        {"runs": "many"},
        {"resolved": []},
        {"past": "x"},
        {"command": 7},
        {"seed": [1]},
    ],
)
def test_a_manifest_of_other_types_is_said(small, copy, change):
    path = copy / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    before = bytes_of(copy)
    with pytest.raises(Fault, match=rf"manifest\.json: '{next(iter(change))}' is .*, not "):
        ensemble(RunPlan(small, RUNS + 1, processes=1, folder=copy))
    assert bytes_of(copy) == before


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", "5", '"x"', "[" * 5000, "\0" * 100, '{"seed": 1e999}']
)
def test_a_manifest_that_is_none(small, copy, text):
    (copy / "manifest.json").write_text(text)
    with pytest.raises((Fault, MachineFault)):
        ensemble(RunPlan(small, RUNS + 1, processes=1, folder=copy))


def test_futures_of_another_seed_are_not_let_in_when_the_manifest_is_gone(small, copy):
    (copy / "manifest.json").unlink()
    with pytest.raises(Fault, match="result files without a manifest"):
        ensemble(RunPlan(small, RUNS, seed=2, processes=1, folder=copy))


def test_equal_events_of_one_day_are_all_kept(small, done, tmp_path, monkeypatch):
    """Joining takes every row of a future from one part, however often two of its rows are the
    same.
    """
    bells = [(1, "events", "bell", 1.0)] * 2
    turned(monkeypatch, lambda run: replace(run, happened=[*run.happened, *bells]))
    at_once, in_steps = tmp_path / "once", tmp_path / "steps"
    ensemble(RunPlan(small, 3, processes=1, folder=at_once))
    for n in (1, 3):
        ensemble(RunPlan(small, n, processes=1, folder=in_steps))
    assert bytes_of(at_once) == bytes_of(in_steps)
    assert pl.read_parquet(at_once / "events.parquet").filter(pl.col("event") == "bell").height == 6
