"""A newcomer's mechanism is one file: it is in the ledger, the diagram, who moved whom and the
generic tests, nothing else touched.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from tests.conftest import CITIZENS, SMALL, write
from thermidor.engine.batch import simulate_many
from thermidor.engine.simulate import simulate
from thermidor.scenario.ledger import explain
from thermidor.scenario.load import load

CURFEW = Path(__file__).parents[1] / "docs" / "examples" / "curfew.py"
SPARKS = {"events.spark_rate": 1.2, "events.spark_size": 2.1, "citizens.quiet_turnout": 6e-5}


@pytest.fixture
def curfew(tmp_path):
    made = load(write(tmp_path / "small.yaml"), citizens=CITIZENS, mechanism_files=[CURFEW])
    return made.patched(SPARKS)


def test_it_is_one_file_of_at_most_40_lines():
    assert len(CURFEW.read_text().splitlines()) <= 40


def test_it_is_in_the_ledger_the_diagram_and_the_record(curfew):
    told = explain(curfew)
    assert len(told["mechanisms"]) == 13
    assert {"curfew.trigger", "curfew.hold", "curfew.bite"} <= {
        r["key"] for r in told["ledger"] if r["drawn"]
    }
    assert (
        "curfew == pull ==> citizens" in told["wiring"]
        and "citizens -- turnout_country --> curfew" in told["wiring"]
    )
    run = simulate(curfew, 1, 1)
    assert (
        ("pull", "curfew") in run.speakers
        and "curfew" in run.names
        and "curfew.bite" in run.outcomes()
    )


def test_generic_null_set_to_nothing_it_does_nothing(curfew, small):
    without = simulate(small.patched(SPARKS), 1, 1)
    nothing = simulate(curfew.patched({"curfew.bite": 0}), 1, 1)
    assert np.array_equal(without["turnout_country"], nothing["turnout_country"])


def test_generic_it_leaves_the_luck_of_the_others_unchanged(curfew, small):
    with_, without = simulate(curfew, 1, 1), simulate(small.patched(SPARKS), 1, 1)
    assert (
        np.array_equal(with_["oil_price"], without["oil_price"])
        and with_.parameters["citizens"] == without.parameters["citizens"]
    )


def test_it_keeps_people_in(curfew):
    long = {"curfew.trigger": 0.0001, "curfew.hold": 0.99}
    strong, weak = (
        np.mean([r["turnout_country"].max() for r in simulate_many([s] * 12, 1, range(12))])
        for s in (curfew.patched(long | {"curfew.bite": b}) for b in (1.0, 0.0))
    )
    assert strong < weak


def test_from_the_command_line_in_worker_processes(tmp_path):
    scenario = write(tmp_path / "small.yaml", SMALL)
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "thermidor",
            "run",
            str(scenario),
            "--mechanism",
            str(CURFEW),
            "--runs",
            "4",
            "--processes",
            "2",
            "--citizens",
            str(CITIZENS),
            "--out",
            str(tmp_path / "out"),
            "--json",
        ],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["finished"] == 4
    moved = pl.read_parquet(tmp_path / "out" / "moved.parquet")
    assert (
        "curfew"
        in json.loads((tmp_path / "out" / "manifest.json").read_text())["seconds_by_mechanism"]
    )
    assert moved.filter(pl.col("speaker") == "curfew")["channel"].unique().to_list() in (
        [],
        ["pull"],
    )
