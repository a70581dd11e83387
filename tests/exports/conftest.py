"""A finished study of four futures, and copies of it to spoil."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from thermidor.study.ensemble import ensemble
from thermidor.study.plan import RunPlan

RUNS = 4


@pytest.fixture(scope="session")
def done(small, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("exports") / "study"
    small = small.patched({}, days=5)
    ensemble(RunPlan(small, RUNS, processes=0, folder=out, command="thermidor run small.yaml"))
    return out


@pytest.fixture
def copy(done: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(done, tmp_path / "copy"))
