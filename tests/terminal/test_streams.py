"""Streams that are closed, broken or full: the work goes on, its results are kept, the exit code
tells."""

from __future__ import annotations

import errno
import io
import os
import subprocess
import sys

import pytest

from tests.conftest import CITIZENS, SMALL, write
from tests.terminal.conftest import console, written

COMMAND = [sys.executable, "-m", "thermidor"]


class Broken(io.RawIOBase):
    """A device that takes nothing."""

    def __init__(self, number: int):
        self.number = number

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:
        raise OSError(
            self.number, os.strerror(self.number)
        )  # OSError picks BrokenPipeError for EPIPE


def broken(number: int) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BufferedWriter(Broken(number)), encoding="utf-8")


@pytest.fixture(autouse=True)
def forgiving(monkeypatch):
    """Broken buffers complain once more when they are collected; that is theirs to do in this test
    and nowhere else."""
    monkeypatch.setattr(sys, "unraisablehook", lambda *_: None)


@pytest.mark.parametrize(
    "verb", ["run", "claims", "explain", "json", "list", "validate", "published", "help"]
)
@pytest.mark.parametrize(
    ("number", "code", "says"),
    [
        (errno.EPIPE, 141, ""),
        (errno.ENOSPC, 1, "standard output could not be written (No space left on device)"),
    ],
)
def test_output_that_cannot_be_written(call, verbs, verb, number, code, says):
    err = console("utf-8")
    assert call(verbs[verb], broken(number), err) == code
    said = written(err)
    assert says in said and "Traceback" not in said and ("thermidor:" in said) is bool(says)


@pytest.mark.parametrize("number", [errno.EPIPE, errno.ENOSPC, errno.EIO])
def test_errors_that_nobody_can_read_stop_nothing(call, verbs, number):
    out = console("utf-8")
    assert call(verbs["run"], out, broken(number)) == 0 and "how it ends" in written(out)
    assert call(verbs["fault"], console("utf-8"), broken(number)) == 2


def shell(line: str, *words: object, **env: str) -> subprocess.CompletedProcess:
    """A line for bash in which "$@" is thermidor with these words."""
    return subprocess.run(
        ["bash", "-c", line, "bash", *COMMAND, *map(str, words)],
        capture_output=True,
        text=True,
        timeout=60,
        env=os.environ | {"PYTHONWARNINGS": "ignore"} | env,
    )


@pytest.mark.skipif(os.name == "nt", reason="a shell of Unix")
def test_a_study_whose_streams_are_closed_is_kept_whole(tmp_path):
    """No file that is opened later becomes standard error."""
    scenario = write(tmp_path / "small.yaml", SMALL, ("days: 60", "days: 5"))
    done = shell(
        '"$@" <&- >&- 2>&-',
        "run",
        scenario,
        "--runs",
        2,
        "--citizens",
        CITIZENS,
        "--out",
        tmp_path / "out",
    )
    import polars as pl

    assert done.returncode == 0 and done.stdout == done.stderr == ""
    assert (
        pl.read_parquet(tmp_path / "out" / "runs.parquet").height == 2
        and (tmp_path / "out" / "report.html").exists()
    )


@pytest.mark.skipif(os.name == "nt", reason="a shell of Unix")
@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('"$@" 2>&-', 0),
        ('"$@" >&-', 0),
        ('"$@" | head -1 >&2; exit ${PIPESTATUS[0]}', 141),
        ('"$@" > /dev/full', 1),
        ('LC_ALL=C PYTHONUTF8=0 "$@"', 0),
    ],
)
def test_what_shells_do_to_output(line, code):
    if "/dev/full" in line and not os.path.exists("/dev/full"):
        pytest.skip("this system has no full device")
    words = (
        ["explain", "iran-2025", "--json"] if "head" in line else ["list"]
    )  # more than a pipe holds
    done = shell(line, *words)
    assert done.returncode == code and "Traceback" not in done.stderr and "rror" not in done.stderr
    assert done.stderr.count("\n") <= 1  # the sentence, or the first line of the output
