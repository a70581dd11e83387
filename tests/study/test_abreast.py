"""A future has the same bytes whichever futures are played beside it, in whichever process, and
whether it was interrupted or not.

Studies are played side by side also where one future is left, so "whichever" includes none. What
the plain loop plays (large futures, all where there is a limit on their seconds, and those that are
played before the steps are compiled) is the same but for last digits: tests/engine/test_batch.py.
"""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from tests.conftest import CITIZENS, SMALL, bytes_of, write
from thermidor.engine.batch import Batch, Futures
from thermidor.scenario.load import load
from thermidor.study import ensemble as ensembles
from thermidor.study.ensemble import ensemble
from thermidor.study.futures import compute, resume
from thermidor.study.plan import RunPlan
from thermidor.study.results import Study
from thermidor.study.store.folder import Folder

pytestmark = pytest.mark.usefixtures("compiled")
RUNS = 30
EVENTFUL = {"events.spark_size": 2.1, "citizens.quiet_turnout": 3e-5}
FAILS = """\
\"\"\"Breaks in futures in which its luck is bad.\"\"\"
import numpy as np
from thermidor.mechanism import mechanism, state

def start(p, place, draw):
    return {"worn": 0.0}

@mechanism(start=start, owns={"worn": state("count", "wear")})
def wears(see, p, draw):
    breaks = draw.uniform("breaks") < 0.004
    SAYS
    return {"worn": see.worn + 1.0}
"""
WAYS = {  # of a step that is not compiled, of one that is, of one that gives no number
    "plain": 'assert type(see) and not breaks, "on purpose"',
    "compiled": 'assert not breaks, "on purpose"',
    "no number": "return {'worn': np.nan if breaks else see.worn + 1.0}",
}


@pytest.fixture(scope="module")
def eventful(small, compiled):
    return small.patched(EVENTFUL)


@pytest.fixture(scope="module")
def reference(eventful, tmp_path_factory):
    out = tmp_path_factory.mktemp("reference")
    ensemble(RunPlan(eventful, RUNS, out, processes=0))
    return bytes_of(out)


@pytest.fixture(scope="module")
def branches(eventful, tmp_path_factory):
    """Branches of a past, with choices that change after it; and their tables."""
    later = eventful.start + timedelta(days=20)
    made = eventful.patched({"treasury.patronage": 1, "choices_from": later})
    out = tmp_path_factory.mktemp("branches")
    past = resume.make_past(eventful, 1, 2, made.choices_day, False, out / "past.npz")
    plan = RunPlan(made, RUNS, out / "one", past=past, processes=0)
    ensemble(plan)
    return plan, bytes_of(plan.folder)


@pytest.fixture(autouse=True)
def lanes(monkeypatch):
    """Studies of this process are played on two lanes of it."""
    monkeypatch.setattr(ensembles, "cores", lambda: 2)


@pytest.fixture
def sizes(monkeypatch):
    """The sizes of the batches that are played in this process."""
    found = []

    def made(futures):
        found.append(len(futures.runs))
        return Batch(futures)

    monkeypatch.setattr(compute, "Batch", made)
    return found


@pytest.mark.parametrize("size", [1, 7, 64])
def test_batches_of_any_size_give_the_same_bytes(
    eventful, reference, tmp_path, monkeypatch, sizes, size
):
    monkeypatch.setattr(compute, "abreast", lambda _: size)
    ensemble(RunPlan(eventful, RUNS, tmp_path, processes=0))
    assert bytes_of(tmp_path) == reference and len(reference) == 5
    assert max(sizes) == min(size, 12)  # a part of this study has 12 futures at most


@pytest.mark.parametrize("number", [1, 3])
def test_any_number_of_lanes_gives_the_same_bytes(
    eventful, reference, tmp_path, monkeypatch, number
):
    monkeypatch.setattr(ensembles, "cores", lambda: number)
    monkeypatch.setattr(compute, "abreast", lambda _: 5)
    ensemble(RunPlan(eventful, RUNS, tmp_path, processes=0))
    assert bytes_of(tmp_path) == reference


def test_two_processes_give_the_same_bytes(eventful, reference, tmp_path):
    ensemble(RunPlan(eventful, RUNS, tmp_path, processes=2))
    assert bytes_of(tmp_path) == reference


def stop_after(monkeypatch, futures: int) -> None:
    """Ctrl-C while the batch is played that begins with the future of this number."""

    def made(asked):
        if asked.runs[0] >= futures:
            os.kill(os.getpid(), signal.SIGINT)
        return Batch(asked)

    monkeypatch.setattr(compute, "Batch", made)


@pytest.mark.parametrize("number, lanes", [(4, 1), (16, 1), (16, 2)])
def test_an_interrupted_study_goes_on_to_the_same_bytes(
    eventful, reference, tmp_path, monkeypatch, number, lanes
):
    plan = RunPlan(eventful, RUNS, tmp_path, processes=0)
    with monkeypatch.context() as patch:
        patch.setattr(ensembles, "cores", lambda: lanes)
        patch.setattr(compute, "abreast", lambda _: 4)
        stop_after(patch, number)
        assert ensemble(plan).status == "stopped"
    kept = Folder(tmp_path).finished()
    assert len(kept) < RUNS  # of two lanes neither may have kept anything on a busy machine
    assert lanes > 1 or (kept and kept == set(range(len(kept))))
    assert ensemble(plan).status == "finished" and bytes_of(tmp_path) == reference


def test_a_study_that_is_made_larger_by_one_future_at_a_time(eventful, reference, tmp_path):
    for runs in (1, 2, 17, 18, RUNS):
        ensemble(RunPlan(eventful, runs, tmp_path, processes=0))
    assert bytes_of(tmp_path) == reference


@pytest.mark.parametrize("size, processes", [(1, 0), (7, 0), (64, 2)])
def test_branches_of_a_past_have_the_same_bytes(branches, tmp_path, monkeypatch, size, processes):
    plan, tables = branches
    monkeypatch.setattr(compute, "abreast", lambda _: size)
    ensemble(replace(plan, folder=tmp_path, processes=processes))
    assert bytes_of(tmp_path) == tables
    days = Study(tmp_path).series.filter(pl.col("day") <= 19).drop("run").unique()
    assert days.height == 20  # what lies before the branch is common


def worn(folder: Path, says: str) -> Study:
    """A study with a mechanism that may fail."""
    (folder / "wears.py").write_text(FAILS.replace("SAYS", says))
    path = write(folder / "small.yaml", SMALL, ("days: 60", "days: 25"))
    made = load(path, citizens=CITIZENS, mechanism_files=[folder / "wears.py"])
    plain = Batch(Futures([made], [0])).steps["wears"].step is None
    assert plain == (says == WAYS["plain"])
    ensemble(RunPlan(made, RUNS, folder / "out", processes=0))
    return Study(folder / "out")


@pytest.fixture(scope="module")
def sound(compiled, tmp_path_factory) -> Study:
    return worn(tmp_path_factory.mktemp("sound"), "pass")


@pytest.mark.parametrize("way", WAYS)
def test_a_future_that_fails_leaves_the_bytes_of_those_beside_it(sound, tmp_path, sizes, way):
    """A file that never fails gives the other futures the same bytes, and the reason is that of the
    plain loop.
    """
    broken = worn(tmp_path, WAYS[way])
    failed = broken.runs.filter(pl.col("ending").is_null())
    assert 0 < failed.height < RUNS / 2
    what = "'worn' became nan on day" if way == "no number" else "AssertionError: on purpose"
    assert all(what in reason for reason in failed["reason"])
    whole = ~pl.col("run").is_in(failed["run"].to_list())
    for table in ("runs", "series", "moved", "events", "provinces"):
        assert getattr(broken, table).filter(whole).equals(getattr(sound, table).filter(whole))
    assert (1 in sizes) == (way != "no number")  # alone only where one ended the play of all
