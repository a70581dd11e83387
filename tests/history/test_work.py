"""Long computations over processes keep what is done when they are interrupted, and go on from
there.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

from tests.conftest import assert_they_end, workers_of
from thermidor.history.simulated import work
from thermidor.support.faults import Fault

JOBS = 16
SLOW = """
import time
import polars as pl

def slow(k):
    time.sleep(0.3)
    return pl.DataFrame({"k": [k], "made": [time.time_ns()]})
"""
WORK = """
import signal, sys
from pathlib import Path
import polars as pl
from slow_job import slow
from thermidor.history.simulated.work import Job, over

signal.signal(signal.SIGINT, signal.default_int_handler)  # a suite in the background ignores it
out = Path(sys.argv[1])
made = over([Job(slow, (k,), out / f"{k}.parquet") for k in range(int(sys.argv[2]))], 2, None)
pl.concat(made).write_parquet(out / "all.parquet")
"""


def start(folder: Path) -> subprocess.Popen:
    script = folder / "script.py"
    script.write_text(WORK)
    (folder / "slow_job.py").write_text(SLOW)
    return subprocess.Popen(
        [sys.executable, str(script), str(folder), str(JOBS)],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), *sys.path])},
    )


def test_ctrl_c_keeps_what_is_done_and_the_same_call_goes_on(tmp_path):
    first = start(tmp_path)
    until = time.monotonic() + 60
    while not list(tmp_path.glob("[0-9]*.parquet")) and time.monotonic() < until:
        time.sleep(0.02)
    first.send_signal(signal.SIGINT)
    assert "thermidor.support.stopping.Stopped" in first.communicate(timeout=60)[1]
    kept = {p.name: pl.read_parquet(p)["made"][0] for p in tmp_path.glob("[0-9]*.parquet")}
    assert 0 < len(kept) < JOBS
    assert not list(tmp_path.glob(".thermidor-*"))
    assert not (tmp_path / "all.parquet").exists()

    assert start(tmp_path).wait(60) == 0
    everything = pl.read_parquet(tmp_path / "all.parquet")
    assert everything["k"].to_list() == list(range(JOBS))
    for name, made in kept.items():  # not computed a second time
        assert everything.filter(pl.col("k") == int(name.split("-")[0]))["made"][0] == made


def test_workers_end_with_a_killed_parent(tmp_path):
    """kill -9 on a calibration: its workers, busy or idle, do not stay."""
    job = start(tmp_path)
    until = time.monotonic() + 60
    while not list(tmp_path.glob("[0-9]*.parquet")) and time.monotonic() < until:
        time.sleep(0.02)
    workers = workers_of(job)
    job.kill()
    job.wait()
    assert_they_end(workers)


def tell(k):
    return pl.DataFrame({"k": [k], "made": [time.time_ns()]})


def test_parts_of_other_code_are_not_taken_up(tmp_path, monkeypatch):
    jobs = [work.Job(tell, (k,), tmp_path / f"{k}.parquet") for k in range(2)]
    first = pl.concat(work.over(jobs, 1, None))
    assert pl.concat(work.over(jobs, 1, None)).equals(first)
    monkeypatch.setattr(work, "made_by", lambda: "other")
    assert not pl.concat(work.over(jobs, 1, None)).equals(first)
    assert len(list(tmp_path.glob("*.parquet"))) == 4  # what the other code made is still there


def test_the_fingerprint_is_of_the_days_and_of_what_is_seen_of_them(monkeypatch):
    mine = work.made_by()
    work.made_by.cache_clear()
    monkeypatch.setattr(work, "rules", lambda: "a day computed in another way")
    assert work.made_by() != mine
    work.made_by.cache_clear()


def test_a_part_that_cannot_be_read_is_computed_anew_and_a_link_is_not_followed(tmp_path):
    folder, mine = tmp_path / "parts", tmp_path / "mine.txt"
    jobs = [work.Job(tell, (k,), folder / f"{k}.parquet") for k in range(2)]
    work.over(jobs, 1, None)
    cut, linked = sorted(folder.glob("*.parquet"))
    cut.write_bytes(cut.read_bytes()[:40])
    linked.unlink()
    mine.write_text("untouched")
    linked.symlink_to(mine)
    assert pl.concat(work.over(jobs, 1, None))["k"].to_list() == [0, 1]
    assert mine.read_text() == "untouched" and not linked.is_symlink()
    assert pl.read_parquet(cut)["k"].to_list() == [0]


def test_a_file_in_place_of_the_folder_is_said(tmp_path):
    (tmp_path / "parts").write_text("a file")
    with pytest.raises(Fault, match="a file has that name"):
        work.over([work.Job(tell, (1,), tmp_path / "parts" / "1.parquet")], 1, None)
