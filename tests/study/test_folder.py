"""Same seed, same bytes; finished work is kept, never computed again, never overwritten."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

from tests.conftest import CITIZENS, SMALL, assert_they_end, bytes_of, workers_of, write
from tests.study.played import before_each
from thermidor.scenario.load import load
from thermidor.study.ensemble import ensemble
from thermidor.study.futures import compute
from thermidor.study.plan import RunPlan
from thermidor.study.results import Study
from thermidor.study.store.folder import Folder
from thermidor.support import writing
from thermidor.support.faults import Fault, MachineFault

pytestmark = pytest.mark.usefixtures("compiled")
RUNS = 6


@pytest.fixture(scope="module")
def reference(small, compiled, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("reference")
    ensemble(RunPlan(small, RUNS, processes=1, folder=out))
    return out


def test_two_processes_give_the_same_bytes(small, reference, tmp_path):
    ensemble(RunPlan(small, RUNS, processes=2, folder=tmp_path))
    assert bytes_of(tmp_path) == bytes_of(reference) and len(bytes_of(reference)) == 5


def test_two_threads_give_the_same_bytes(small, reference, tmp_path):
    ensemble(RunPlan(small.sized(threads=2), RUNS, processes=1, folder=tmp_path))
    assert bytes_of(tmp_path) == bytes_of(reference)


def test_the_order_of_listing_gives_the_same_bytes(reference, tmp_path):
    listed = (
        "[citizens, security, elites, treasury, media, proxies, programme, adversary, broker, "
        "negotiation, ruler, events]"
    )
    turned = "[" + ", ".join(reversed(listed.strip("[]").split(", "))) + "]"
    path = write(tmp_path / "other.yaml", SMALL, (listed, turned))
    ensemble(RunPlan(load(path, citizens=CITIZENS), RUNS, processes=1, folder=tmp_path / "out"))
    assert bytes_of(tmp_path / "out") == bytes_of(reference)


def test_an_interrupted_study_goes_on_to_the_same_bytes(small, reference, tmp_path, monkeypatch):
    monkeypatch.setattr(compute, "abreast", lambda _: 3)
    with monkeypatch.context() as patch:
        before_each(patch, lambda k: k == 3 and os.kill(os.getpid(), signal.SIGINT))
        assert ensemble(RunPlan(small, RUNS, processes=1, folder=tmp_path)).status == "stopped"
    assert Folder(tmp_path).finished() == {0, 1, 2}
    computed: list[int] = []
    before_each(monkeypatch, computed.append)
    assert ensemble(RunPlan(small, RUNS, processes=1, folder=tmp_path)).status == "finished"
    assert computed == [3, 4, 5] and bytes_of(tmp_path) == bytes_of(reference)


def test_more_runs_are_added_and_the_first_are_not_computed_again(
    small, reference, tmp_path, monkeypatch
):
    ensemble(RunPlan(small, 2, processes=1, folder=tmp_path))
    computed: list[int] = []
    before_each(monkeypatch, computed.append)
    ensemble(RunPlan(small, RUNS, processes=1, folder=tmp_path))
    assert computed == [2, 3, 4, 5] and bytes_of(tmp_path) == bytes_of(reference)


def test_a_future_that_fails_is_a_row_with_its_reason(small, tmp_path, monkeypatch):
    def fails(k):
        if k == 1:
            raise ZeroDivisionError("nothing to divide")

    before_each(monkeypatch, fails)
    assert ensemble(RunPlan(small, 3, processes=1, folder=tmp_path)).status == "finished"
    results = Study(tmp_path)
    assert results.failed == 1 and results.runs["reason"].to_list() == [
        None,
        "ZeroDivisionError: nothing to divide",
        None,
    ]
    assert results.to_dict()["finished"] == 2 and sum(results.endings().values()) == 2


def test_another_scenario_may_not_use_the_folder(small, reference):
    before = bytes_of(reference)
    with pytest.raises(
        Fault, match="holds another study .*choose another folder with --out. Nothing was changed."
    ):
        ensemble(
            RunPlan(small.patched({"citizens.ties": 0.5}), RUNS, processes=1, folder=reference)
        )
    with pytest.raises(Fault, match="seed 1 there, 2 now"):
        ensemble(RunPlan(small, RUNS, seed=2, processes=1, folder=reference))
    assert bytes_of(reference) == before


def test_futures_of_other_rules_are_not_joined(small, reference, monkeypatch):
    """The same file and version, and yet a mechanism whose code was changed since."""
    before = bytes_of(reference)
    monkeypatch.setattr("thermidor.study.plan.rules", lambda: "others")
    with pytest.raises(Fault, match="holds another study .rules [0-9a-f]{12} there, others now"):
        ensemble(RunPlan(small, RUNS + 1, processes=1, folder=reference))
    assert bytes_of(reference) == before


def test_two_runs_may_not_write_one_folder(small, tmp_path):
    first = Folder(tmp_path)
    first.claim(
        {"hash": "x", "seed": 1, "fixed": False, "version": "0", "rules": "0", "past": None}
    )
    with pytest.raises(
        MachineFault, match="is being written by another run; wait for it, or choose another folder"
    ):
        ensemble(RunPlan(small, 2, processes=1, folder=tmp_path))
    first.release()


def test_a_folder_that_cannot_be_written(small, tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(
        MachineFault, match="cannot write into .*choose another folder with --out"
    ) as e:
        ensemble(RunPlan(small, 2, processes=1, folder=tmp_path / "file"))
    assert e.value.code == 1


def test_a_full_disk_keeps_what_is_finished(small, reference, tmp_path, monkeypatch):
    ensemble(RunPlan(small, 2, processes=1, folder=tmp_path))
    before = bytes_of(tmp_path)
    real, calls = os.replace, []

    def full(a, b):
        calls.append(b)
        if str(b).endswith("runs.parquet"):
            raise OSError(errno.ENOSPC, "No space left on device")
        real(a, b)

    monkeypatch.setattr(writing.os, "replace", full)
    with pytest.raises(
        MachineFault,
        match="the disk is full. What is finished is kept; make room and run the same command "
        "again",
    ):
        ensemble(RunPlan(small, RUNS, processes=1, folder=tmp_path))
    assert bytes_of(tmp_path) == before
    monkeypatch.undo()
    ensemble(RunPlan(small, RUNS, processes=1, folder=tmp_path))
    assert bytes_of(tmp_path) == bytes_of(reference)


def test_a_killed_worker_is_replaced_and_nothing_finished_is_lost(small, reference, tmp_path):
    """kill -9 on a worker of a study on the command line."""
    scenario = write(tmp_path / "small.yaml", SMALL, ("days: 60", "days: 400"))
    out = tmp_path / "out"
    job = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "thermidor",
            "run",
            str(scenario),
            "--runs",
            "40",
            "--citizens",
            str(CITIZENS),
            "--processes",
            "2",
            "--out",
            str(out),
            "--json",
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline and not list(out.glob("parts/*.runs.parquet")):
        time.sleep(0.05)
    workers = [int(w) for w in workers_of(job)]
    assert workers, "no worker found"
    with contextlib.suppress(ProcessLookupError):
        os.kill(workers[0], signal.SIGKILL)
    stdout, stderr = job.communicate(timeout=120)
    assert job.returncode == 0 and "Traceback" not in stderr, stderr
    assert pl.read_parquet(out / "runs.parquet")["run"].to_list() == list(range(40))


def test_workers_end_with_a_killed_parent_and_the_next_run_takes_up_the_folder(tmp_path):
    """kill -9 on the study itself: no worker goes on writing into a folder that another run may
    want.
    """
    scenario = write(tmp_path / "small.yaml", SMALL, ("days: 60", "days: 400"))
    out = tmp_path / "out"
    command = [
        sys.executable,
        "-m",
        "thermidor",
        "run",
        str(scenario),
        "--runs",
        "60",
        "--citizens",
        str(CITIZENS),
        "--processes",
        "2",
        "--out",
        str(out),
        "--json",
    ]
    job = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline and not list(out.glob("parts/*.runs.parquet")):
        time.sleep(0.05)
    workers = workers_of(job)
    job.kill()
    job.wait()
    assert_they_end(workers)
    again = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert again.returncode == 0, again.stderr
    assert pl.read_parquet(out / "runs.parquet")["run"].to_list() == list(range(60))
    assert not (out / "parts").exists()


def test_ctrl_c_keeps_what_is_finished_and_says_how_to_go_on(tmp_path):
    scenario = write(tmp_path / "small.yaml", SMALL, ("days: 60", "days: 400"))
    out = tmp_path / "out"
    command = [
        sys.executable,
        "-m",
        "thermidor",
        "run",
        str(scenario),
        "--runs",
        "300",
        "--citizens",
        str(CITIZENS),
        "--processes",
        "2",
        "--out",
        str(out),
    ]
    job = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # a suite in the background ignores it, and so would the job
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline and not list(out.glob("parts/*.runs.parquet")):
        time.sleep(0.05)
    job.send_signal(signal.SIGINT)
    _, stderr = job.communicate(timeout=60)
    assert (
        job.returncode == 130
        and "The same command goes on from there" in stderr
        and "Traceback" not in stderr
    )
    kept = pl.read_parquet(out / "runs.parquet").height
    assert 0 < kept < 300
