"""A fresh install: the plain loop gives the first answers, and compiled steps are found later."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import polars as pl
import pytest


def thermidor(*words: object, cache: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "thermidor", *map(str, words)],
        capture_output=True,
        text=True,
        env=os.environ | {"NUMBA_CACHE_DIR": str(cache)},
        check=False,
    )


@pytest.mark.slow
def test_a_fresh_install_answers_before_its_steps_are_compiled_and_the_same_after(tmp_path):
    cache = tmp_path / "compiled"
    few = ("run", "first-steps", "--runs", 6)
    first = thermidor(*few, "--out", tmp_path / "first", cache=cache)
    assert first.returncode == 0, first.stderr
    said = thermidor("warm", "--json", cache=cache)
    assert json.loads(said.stdout)["compiled"] > 0  # so the first did not wait for them
    again = thermidor("warm", "--json", cache=cache)
    assert json.loads(again.stdout)["compiled"] == 0
    second = thermidor(*few, "--out", tmp_path / "second", cache=cache)
    assert second.returncode == 0, second.stderr
    told = [
        pl.read_parquet(tmp_path / name / "runs.parquet").select("run", "ending", "day")
        for name in ("first", "second")
    ]
    assert told[0].equals(told[1])
