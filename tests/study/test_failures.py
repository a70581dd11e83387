"""A future that fails is a row with its reason, whatever it does to its process; it is never taken
for a result.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import CITIZENS, SMALL, write
from tests.study.played import before_each
from thermidor.scenario.load import load
from thermidor.study.ensemble import ensemble
from thermidor.study.plan import RunPlan
from thermidor.study.results import Study
from thermidor.support.faults import Fault, NothingFinished
from thermidor.support.writing import to_json

MECHANISM = Path(__file__).parent / "misbehaves.py"
pytestmark = pytest.mark.usefixtures("compiled")
RUNS = 8


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    path = write(tmp_path_factory.mktemp("odd") / "odd.yaml", SMALL, ("days: 60", "days: 6"))
    return load(path, citizens=CITIZENS, mechanism_files=[MECHANISM])


@pytest.fixture(scope="module")
def healthy(odd, compiled, tmp_path_factory) -> Study:
    out = tmp_path_factory.mktemp("healthy")
    ensemble(RunPlan(odd, RUNS, processes=0, folder=out))
    return Study(out)


@pytest.mark.parametrize(
    "way, says",
    [
        ("raises", "ValueError: on purpose"),
        ("no_number", "'odd' became nan on day 3"),
        ("leaves", "SystemExit: 0"),
        ("cannot_say", "Speechless: (it cannot say what)"),
        ("no_memory", "MemoryError: not enough memory"),
        ("wrong_shape", "returned 'odd_here' of shape (99,); it is given by province, so (3,)"),
        ("forgets", "did not return its state 'odd_here'"),
        ("says_else", "returned 'strein', which it neither owns nor adds to"),
        ("no_number_by_group", "odd_group"),
        ("interrupts", "KeyboardInterrupt"),
    ],
)
def test_what_a_future_does_is_its_reason_and_the_others_finish(odd, healthy, tmp_path, way, says):
    made = odd.patched({"misbehaves.way": way})
    assert ensemble(RunPlan(made, RUNS, processes=0, folder=tmp_path)).status == "finished"
    found = Study(tmp_path)
    failed = found.runs.filter(found.runs["ending"].is_null())
    assert 0 < failed.height < RUNS and all(says in r for r in failed["reason"])
    same = healthy.series.filter(~healthy.series["run"].is_in(failed["run"].to_list()))
    assert found.series.drop("odd").equals(same.drop("odd"))


@pytest.mark.parametrize(
    "way, limit, says",
    [
        ("dies", None, "its worker process ended 3 times (with exit code 9)"),
        ("hangs", 2.0, "took longer than 2 seconds"),
    ],
)
def test_a_future_that_takes_its_process_along_or_hangs(odd, tmp_path, way, limit, says):
    made = odd.patched({"misbehaves.way": way, "misbehaves.share": 0.15})
    assert (
        ensemble(RunPlan(made, RUNS, processes=1, folder=tmp_path, future_seconds=limit)).status
        == "finished"
    )
    reasons = Study(tmp_path).runs["reason"].to_list()
    assert len(reasons) == RUNS and 0 < reasons.count(says) < RUNS and set(reasons) == {None, says}


def test_failed_futures_are_tried_again_unless_they_are_to_be_kept(odd, tmp_path, monkeypatch):
    def fails(k):
        if k in (1, 4):
            raise ZeroDivisionError("for a while")

    before_each(monkeypatch, fails)
    ensemble(RunPlan(odd, RUNS, processes=0, folder=tmp_path))
    assert Study(tmp_path).failed == 2
    monkeypatch.undo()
    ensemble(RunPlan(odd, RUNS, processes=0, folder=tmp_path, keep_failed=True))
    assert Study(tmp_path).failed == 2
    ensemble(RunPlan(odd, RUNS, processes=0, folder=tmp_path))
    assert Study(tmp_path).failed == 0
    ensemble(RunPlan(odd, RUNS, processes=0, folder=tmp_path / "alone"))
    assert (tmp_path / "runs.parquet").read_bytes() == (
        tmp_path / "alone" / "runs.parquet"
    ).read_bytes()


def test_a_study_of_failures_says_why_and_is_no_result(odd, tmp_path):
    made = odd.patched({"misbehaves.way": "raises", "misbehaves.share": 1.0})
    with pytest.raises(
        NothingFinished,
        match=r"(?s)None of 3 futures of small could be finished.*on purpose \(3 of 3",
    ) as e:
        ensemble(RunPlan(made, 3, processes=0, folder=tmp_path))
    assert e.value.code == 1
    found = Study(tmp_path)
    assert (
        found.status == "failed"
        and "no answer" in found.answer()
        and "on purpose" in found.answer()
    )
    assert json.loads(to_json(found.to_dict()))["survival"]["p"] is None


@pytest.mark.parametrize("runs", [0, -1, 10_000_001])
def test_how_many_futures_there_may_be(odd, tmp_path, runs):
    with pytest.raises(Fault, match="must lie between 1 and 10,000,000"):
        ensemble(RunPlan(odd, runs, folder=tmp_path))
