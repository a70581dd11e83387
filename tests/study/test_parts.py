"""Parts of a study of many futures: small ones become blocks while the work goes on, and what is
read is the same however the work was cut up.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from thermidor.engine.run import Run
from thermidor.engine.simulate import simulate
from thermidor.study import ensemble as module
from thermidor.study.ensemble import FEWEST, MOST_BATCH, batches, ensemble
from thermidor.study.plan import RunPlan
from thermidor.study.results import Study
from thermidor.study.store import parts as store
from thermidor.study.store.parts import Parts
from thermidor.study.store.rows import Failure, unpacked
from thermidor.study.store.tables import NAMES
from thermidor.support.faults import Fault

RUNS = 23
BLOCK = 5
PROVINCES = ("A", "B", "C")


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    """Blocks of five futures, and at most twelve futures in one file."""
    monkeypatch.setattr(store, "BLOCK", BLOCK)
    monkeypatch.setattr(module, "BLOCK", BLOCK)
    monkeypatch.setattr(store, "MOST_JOINED", 12)


@pytest.fixture(scope="module")
def futures(small) -> list[Run]:
    """Futures that differ in their numbers and in their daily series."""
    one = simulate(small, 1, 0)
    return [replace(one, run=k, series=one.series * (1 - k / 100)) for k in range(RUNS)]


def files_of(folder: Path) -> dict[str, str]:
    return {
        str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*.parquet"))
    }


def written(path: Path, futures: list, sizes: list[int]) -> Parts:
    """These futures in parts of these sizes."""
    path.mkdir()
    parts, done = Parts(path), 0
    for n in sizes:
        parts.write(futures[done : done + n], PROVINCES)
        done += n
    assert done == len(futures)
    return parts


def test_many_futures_stay_in_blocks_with_the_same_bytes(futures, tmp_path):
    one = written(tmp_path / "one", futures, [RUNS])
    two = written(tmp_path / "two", futures, [3, 9, 1, 1, 2, 7])
    for parts in (one, two):
        parts.join()
    assert files_of(one.path) == files_of(two.path)
    assert one.names() == [f"{k:09d}-{k + BLOCK - 1:09d}" for k in range(0, RUNS, BLOCK)]
    assert one.index()["run"].to_list() == list(range(RUNS))


def test_few_futures_are_joined(futures, tmp_path):
    parts = written(tmp_path / "few", futures[:12], [5, 7])
    parts.join()
    assert parts.names() == [""] and not (tmp_path / "few" / "parts").exists()


def test_what_is_read_is_the_same_in_every_state(futures, tmp_path):
    def read() -> dict[str, pl.DataFrame]:
        return {table: parts.scan(table).collect() for table in NAMES}

    parts = written(tmp_path / "all", futures, [1] * 9 + [6, 8])
    before = read()
    parts.settle(1)
    assert "000000005-000000009" in parts.names() and "000000006" not in parts.names()
    assert "000000009" in parts.names()  # it holds futures of the next block too
    settled = read()
    parts.join()
    joined = read()
    for table, frame in before.items():
        assert frame["run"].to_list() == sorted(frame["run"].to_list()), table
        assert settled[table].equals(frame) and joined[table].equals(frame), table
        some = parts.scan(table, 4, 11).collect()
        assert some.equals(frame.filter(pl.col("run").is_between(4, 11))), table


def test_a_joined_study_that_is_continued_becomes_blocks(futures, tmp_path):
    parts = written(tmp_path / "more", futures[:10], [10])
    parts.join()
    parts.write(futures[10:], PROVINCES)
    parts.join()
    other = written(tmp_path / "once", futures, [RUNS])
    other.join()
    assert files_of(parts.path) == files_of(other.path)


def test_a_future_of_a_block_that_failed_and_is_tried_again(futures, tmp_path):
    failed = [Failure(k, "for a while") if k in (5, 7) else f for k, f in enumerate(futures)]
    parts = written(tmp_path / "again", failed, [RUNS])
    parts.join()
    assert parts.index().filter(pl.col("failed"))["run"].to_list() == [5, 7]
    parts.write([futures[5]], PROVINCES)
    parts.settle(3)  # of another block
    parts.write([Failure(7, "again")], PROVINCES)
    assert parts.index().filter(pl.col("failed"))["run"].to_list() == [7]
    parts.write([futures[7]], PROVINCES)
    parts.join()
    other = written(tmp_path / "once", futures, [RUNS])
    other.join()
    assert files_of(parts.path) == files_of(other.path)


def test_a_part_never_takes_the_place_of_another(futures, tmp_path):
    """A part begins with a future that failed, and this is computed anew before parts are
    joined.
    """
    parts = written(tmp_path / "twice", [Failure(0, "x"), *futures[1:4]], [4])
    parts.write([futures[0]], PROVINCES)
    assert parts.index()["failed"].to_list() == [False] * 4
    assert parts.scan("series").collect()["run"].n_unique() == 4


def test_parts_without_one_finished_future(futures, tmp_path):
    lost = [Failure(k, "lost") for k in range(3)]
    parts = written(tmp_path / "lost", [*lost, *futures[3:]], [1, 1, 1, RUNS - 3])
    runs = parts.scan("runs").collect()
    assert runs.height == RUNS and runs["ending"].null_count() == 3
    parts.join()
    assert parts.scan("runs").collect().equals(runs)


def test_a_damaged_block_is_set_aside(futures, tmp_path):
    parts = written(tmp_path / "damaged", futures, [RUNS])
    parts.join()
    parts.file("000000005-000000009", "moved").write_bytes(b"")
    (said,) = Parts(parts.path).mend()
    assert "parts/000000005-000000009 cannot be read" in said
    assert parts.index()["run"].to_list() == [*range(5), *range(10, RUNS)]


def test_a_study_of_many_futures(small, tmp_path):
    """The same bytes at once, with two workers, and when it was stopped and continued."""
    once, two, steps = (tmp_path / name for name in ("once", "two", "steps"))
    ensemble(RunPlan(small, RUNS, once, processes=0, keep="runs"))
    ensemble(RunPlan(small, RUNS, two, processes=2, keep="runs"))
    for n in (3, 11, RUNS):
        ensemble(RunPlan(small, n, steps, processes=0, keep="runs"))
    assert files_of(once) == files_of(two) == files_of(steps) and len(files_of(once)) == 5
    study = Study(once)
    assert study.status == "finished" and study.futures == RUNS
    assert sum(study.endings().values()) == study.runs.height == RUNS


@pytest.mark.parametrize("number, processes", [(1, 1), (7, 2), (200, 2), (100_000, 2), (5000, 64)])
def test_batches_hand_out_every_future_once(number, processes):
    made = batches(range(number), processes)
    assert [k for b in made for k in b] == list(range(number))
    sizes = [len(b) for b in made]
    assert sizes == sorted(sizes, reverse=True) and sizes[0] <= MOST_BATCH
    assert all(size >= FEWEST for size in sizes[:-1])  # so that many are played side by side


def test_small_parts_have_few_columns_and_blocks_all_of_them(futures, tmp_path):
    parts = written(tmp_path / "some", futures, [6, RUNS - 6])
    assert pl.read_parquet(parts.file("000000000", "runs")).width < 10
    parts.join()
    assert pl.read_parquet(parts.file("000000000-000000004", "runs")).width > 100


def test_parts_of_before_are_read_beside_those_of_now(futures, tmp_path):
    """Parts were plain tables once; a study that was begun then goes on."""
    parts = written(tmp_path / "before", futures, [4, 5, RUNS - 9])
    for part in ("000000000", "000000009"):
        path = parts.file(part, "runs")
        unpacked(pl.read_parquet(path)).write_parquet(path)
    before = parts.scan("runs").collect()
    parts.join()
    other = written(tmp_path / "now", futures, [RUNS])
    assert other.scan("runs").collect().equals(before)
    other.join()
    assert files_of(parts.path) == files_of(other.path)


def test_a_row_says_what_its_future_says(futures, tmp_path):
    parts = written(tmp_path / "rows", [*futures[:3], Failure(3, "lost")], [4])
    *rows, lost = parts.scan("runs").collect().to_dicts()
    assert rows == [f.outcomes() for f in futures[:3]]
    assert {k: v for k, v in lost.items() if v is not None} == {"run": 3, "reason": "lost"}


@pytest.mark.parametrize(
    "change",
    [
        {"columns": ["{"]},
        {"columns": ["[" * 5000]},
        {"columns": ["5"]},
        {"columns": ['[["run"], [], []]']},
        {"columns": ['[["run", "ending", "day", "survived", "reason"], ["day", "survived"], []]']},
        {"numbers": [[1.0]]},
    ],
)
def test_a_part_that_is_packed_otherwise_is_set_aside(futures, tmp_path, change):
    parts = written(tmp_path / "strange", futures[:5], [1, 4])
    path = parts.file("000000000", "runs")
    for name, values in change.items():
        kind = pl.String if name == "columns" else pl.Array(pl.Float64, 1)
        table = pl.read_parquet(path).with_columns(pl.Series(name, values, kind))
        table.write_parquet(path)
    with pytest.raises(Fault, match="Run the same command again"):
        parts.join()
    assert parts.index()["run"].to_list() == [1, 2, 3, 4]
    assert list((parts.path / "damaged").iterdir())
