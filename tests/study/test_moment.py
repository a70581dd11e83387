"""A future that was kept and taken up, or branched from a common past, is the one that was never
put down, bit for bit.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

import thermidor as th
from tests.conftest import write
from thermidor.engine.simulate import simulate
from thermidor.engine.snapshot import Snapshot
from thermidor.study.futures import resume as underway
from thermidor.study.plan import RunPlan
from thermidor.support.faults import Fault

EVENTFUL = {"events.spark_size": 2.1, "citizens.quiet_turnout": 3e-5}


@pytest.fixture(scope="module")
def eventful(small):
    return small.patched(EVENTFUL)


def same(a, b) -> bool:
    return (
        (a.ending, a.day, list(a.happened)) == (b.ending, b.day, list(b.happened))
        and np.array_equal(a.series, b.series)
        and np.array_equal(a.voices, b.voices)
        and all(np.array_equal(a.provinces[k], b.provinces[k]) for k in a.provinces)
    )


class Enough(Exception):
    pass


def kept(scenario, day: int, path: Path, mark: str | None = None, **options) -> None:
    def watch(moment: Snapshot) -> None:
        if moment.day == day:
            moment.save(path, mark or scenario.hash)
            raise Enough

    with pytest.raises(Enough):
        simulate(scenario, 1, 2, watch=watch, **options)


@pytest.mark.parametrize("day", [1, 17, 59, 60])
def test_a_future_taken_up_from_disk_is_the_same(eventful, tmp_path, day):
    path = tmp_path / "moment.npz"
    kept(eventful, day, path)
    assert same(
        simulate(eventful, 1, 2, since=lambda first: first.restored(path, eventful.hash)),
        simulate(eventful, 1, 2),
    )


def test_the_file_holds_no_objects_and_belongs_to_its_study(eventful, tmp_path):
    path = tmp_path / "moment.npz"
    kept(eventful, 3, path)
    with np.load(path, allow_pickle=False) as saved:
        assert all(saved[k].dtype.kind in "fiubU" for k in saved.files)
    for seed, what in ((1, "another"), (2, eventful.hash)):
        with pytest.raises(Fault, match="another study"):
            simulate(eventful, seed, 2, since=lambda first, what=what: first.restored(path, what))


def test_a_future_that_other_code_began_is_computed_anew(eventful, tmp_path):
    path, days = tmp_path / "moment.npz", []
    for mark, first in ((underway.made_by(eventful), 18), (f"{eventful.hash} others", 1)):
        kept(eventful, 17, path, mark)
        days.clear()
        underway.future(eventful, 1, 2, False, path, watch=days.append)
        assert days[0] == first


def test_a_branch_equals_a_future_that_was_never_forked(eventful, tmp_path):
    """The past is computed once, without knowing what comes; choices then change on day 30, and
    luck with the branch.
    """
    other = eventful.patched(
        {
            "treasury.patronage": 1,
            "ruler.force_limit": 0,
            "choices_from": eventful.start + timedelta(days=30),
        }
    )
    past = underway.make_past(eventful, 1, 2, other.choices_day, False, tmp_path / "past.npz")
    for number in (0, 1, 7):
        branch = underway.future(other, 1, number, False, tmp_path / "none.npz", past=past)
        whole = simulate(other, 1, 2, branch=(29, number))
        assert same(branch, whole) and branch.run == number
    plain = simulate(eventful, 1, 2)
    assert same(underway.future(eventful, 1, 0, False, tmp_path / "none.npz", past=past), plain)
    assert np.array_equal(whole.series[:30], plain.series[:30]) and not np.array_equal(
        whole.series[31], plain.series[31]
    )


def test_a_past_serves_many_branches_unchanged(eventful):
    pasts = []
    simulate(
        eventful, 1, 2, watch=lambda moment: pasts.append(moment) if moment.day == 60 else None
    )
    before = {k: v.copy() for k, v in pasts[0].arrays().items()}
    simulate(eventful.patched({"days": 80}), 1, 2, since=lambda first: first.over(pasts[0]))
    assert all(np.array_equal(before[k], v) for k, v in pasts[0].arrays().items())


def test_a_past_that_ends_too_early_says_so(eventful, tmp_path, monkeypatch):
    monkeypatch.setattr("thermidor.scenario.scenario.judge", lambda world: "coup")
    with pytest.raises(
        Fault,
        match=r"ends on day 1 \(coup\), before the 50 days of the common past are over; "
        "name another future with --past",
    ):
        underway.make_past(eventful, 1, 2, 50, False, tmp_path / "past.npz")


def test_pairs_from_a_common_past_differ_after_it_only(eventful, tmp_path):
    other = eventful.patched(
        {"ruler.force_limit": 0, "choices_from": eventful.start + timedelta(days=30)}
    )
    found = th.compare(eventful, other, runs=4, past=2, out=tmp_path)
    assert {e.pairs for e in found.effects} == {4}
    with pytest.raises(Fault, match="needs the day on which the two sides part"):
        th.compare(eventful, {"ruler.force_limit": 0}, runs=2, past=2, out=tmp_path)


LONG = """\
import sys
from thermidor.scenario.load import load
from thermidor.study.futures import resume as underway
from thermidor.study import ensemble as studies
from thermidor.study.futures import compute
from thermidor.study.plan import RunPlan
underway.KEEP_SECONDS = 0.2
studies.LARGE = compute.LARGE = 100_000  # a future that is large is played by the plain loop
s = load(sys.argv[1], citizens=200_000, threads=int(sys.argv[3]))
s = s.patched({"days": 1000, "events.spark_size": 2.1})
print(studies.ensemble(RunPlan(s, 1, processes=1, folder=sys.argv[2])).status)
"""


def begun(folder: Path, name: str, threads: int) -> subprocess.Popen:
    """A study of one long future, begun in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", LONG, str(folder / "small.yaml"), str(folder / name), str(threads)],
        text=True,
        stdout=subprocess.PIPE,
        env=os.environ | {"NUMBA_NUM_THREADS": "2"},
    )


def hashes(out: Path) -> list[str]:
    names = ("runs.parquet", "series.parquet", "moved.parquet", "events.parquet")
    return [hashlib.sha256((out / n).read_bytes()).hexdigest() for n in names]


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> list[str]:
    """The tables of the long future that is left alone."""
    folder = write(tmp_path_factory.mktemp("long") / "small.yaml").parent
    assert begun(folder, "whole", 1).communicate()[0].strip() == "finished"
    return hashes(folder / "whole")


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_single_long_future_goes_on_where_it_was_stopped(whole, tmp_path, number):
    """Killed or stopped in the middle and taken up, with other threads, it writes the same bytes as
    if left alone.
    """
    write(tmp_path / "small.yaml")
    first = begun(tmp_path, "out", 1)
    moment = tmp_path / "out" / "unfinished" / "000000000.npz"
    while not moment.exists() and first.poll() is None:
        time.sleep(0.01)
    first.send_signal(number)
    first.wait()
    assert moment.exists() and not (tmp_path / "out" / "runs.parquet").exists()
    assert begun(tmp_path, "out", 2).communicate()[0].strip() == "finished" and not moment.exists()
    assert json.loads((tmp_path / "out" / "manifest.json").read_text())["status"] == "finished"
    assert hashes(tmp_path / "out") == whole


def test_many_agents_get_threads_and_many_futures_get_processes(small, monkeypatch):
    from thermidor.study import ensemble as module

    monkeypatch.setattr(module, "cores", lambda: 4)
    monkeypatch.setattr(module, "most_threads", lambda: 4)
    large = small.sized(3_000_000).patched({"days": 2000})

    def shares(s, runs, processes):
        return module.shares(RunPlan(s, runs, "", processes=processes))

    assert (
        shares(large, 1, None) == (0, 4)
        and shares(large, 2, None) == (2, 2)
        and shares(large, 100, None) == (4, 1)
    )
    assert shares(large, 1, 1) == (0, 4) and shares(small, 1, None) == (0, 1)
