"""Ctrl-C at moments that a terminal cannot be made to hit: in the report, before the first
future.
"""

from __future__ import annotations

import os
import signal

import pytest

from tests.study.played import before_each
from tests.terminal.conftest import console, written
from thermidor.support.stopping import Stopped
from thermidor.terminal.interrupt import Interrupted, ends_at_once, leave, stoppable


@pytest.fixture(autouse=True)
def _as_before():
    """What Ctrl-C does to this test run."""
    before = signal.getsignal(signal.SIGINT)
    yield
    signal.signal(signal.SIGINT, before)


def pressed(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGINT)


@pytest.mark.parametrize("verb", ["run", "report"])
def test_while_the_report_is_written(call, verbs, monkeypatch, verb):
    assert call(verbs["run"], console("utf-8"), console("utf-8")) == 0
    monkeypatch.setattr("thermidor.report.page.write_report", pressed)
    err = console("utf-8")
    assert call(verbs[verb], console("utf-8"), err) == 130
    said = written(err)
    assert "thermidor: stopped. The results are kept in " in said and "thermidor report " in said


def test_before_the_first_future_is_done(call, verbs, monkeypatch, tmp_path):
    def stops(_: int) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        raise Stopped

    before_each(monkeypatch, stops)
    words = [*verbs["run"][:-1], str(tmp_path / "new")]
    for _ in range(2):  # and again on the folder that this leaves
        out, err = console("utf-8"), console("utf-8")
        assert call(words, out, err) == 130 and written(out) == ""
        assert "stopped. 0 of 3 futures are kept in " in written(err)


@pytest.mark.parametrize("verb", ["claims", "compare"])
def test_pairs_say_where_their_work_is(call, verbs, monkeypatch, tmp_path, verb):
    monkeypatch.setattr(f"thermidor.study.{verb}.ensemble", pressed)
    words = list(verbs[verb])
    words[words.index("--out") + 1] = str(tmp_path)
    err = console("utf-8")
    assert call(words, console("utf-8"), err) == 130
    assert f"stopped. What is finished is kept in {tmp_path}" in written(err)


def test_what_ctrl_c_did_before_it_does_again():
    first = signal.getsignal(signal.SIGINT)
    with ends_at_once():
        ours = signal.getsignal(signal.SIGINT)
        with pytest.raises(Interrupted, match="kept"), stoppable("kept"):
            pressed()
        assert signal.getsignal(signal.SIGINT) is ours is not first
    assert signal.getsignal(signal.SIGINT) is first


def test_a_job_in_the_background_goes_on():
    """Where Ctrl-C is ignored it is not ours to hear."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with ends_at_once(), stoppable("kept"):
        pressed()
    assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN


def test_a_program_that_is_leaving_is_not_disturbed():
    with ends_at_once():
        leave()
        pressed()
    assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN
