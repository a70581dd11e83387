"""What the layout promises: code is known by its source, and a mechanism is one file."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import numpy as np
import polars as pl
import pytest

import thermidor as th
from tests.conftest import CITIZENS, SMALL, write
from thermidor.engine.simulate import simulate
from thermidor.report.terminal import say_run
from thermidor.scenario.ledger import explain
from thermidor.scenario.load import load
from thermidor.study.ensemble import ensemble
from thermidor.study.plan import RunPlan
from thermidor.study.store import folder
from thermidor.support.faults import Fault

PACKAGE = folder.PACKAGE

TIDE = '''"""A tide rises by a step a day."""

from thermidor.mechanism import mechanism, state


def start(p, place, draw):
    return {"tide": 0.0}


@mechanism(start=start, owns={"tide": state("m", "height of the tide")})
def tide(see, p, draw):
    return {"tide": see.tide + 1.0}
'''

ANEW = """
import json, sys
from thermidor.engine.simulate import simulate
from thermidor.scenario.load import load
made = load(sys.argv[1], citizens=int(sys.argv[2]), mechanism_files=[sys.argv[3]])
print(json.dumps([made.hash, simulate(made, 1, 0)["tide"].tolist()]))
"""


def small(tmp_path, *files):
    path = write(tmp_path / "small.yaml", SMALL, ("days: 60", "days: 8"))
    return load(path, citizens=CITIZENS, mechanism_files=files)


def test_a_file_edited_twice_in_one_process_is_the_new_one_each_time(tmp_path):
    file, hashes = tmp_path / "tide.py", []
    for rise in ("1.0", "2.0", "3.0"):
        file.write_text(TIDE.replace("1.0", rise), encoding="utf-8")
        made = small(tmp_path, file)
        heights = simulate(made, 1, 0)["tide"].tolist()
        assert heights == [float(rise) * day for day in range(9)]
        arguments = [str(tmp_path / "small.yaml"), str(CITIZENS), str(file)]
        done = subprocess.run(
            [sys.executable, "-c", ANEW, *arguments], capture_output=True, text=True, check=True
        )
        assert json.loads(done.stdout) == [made.hash, heights]
        hashes.append(made.hash)
    assert len(set(hashes)) == 3


def test_what_was_loaded_goes_on_with_the_code_that_was_loaded(tmp_path):
    file = tmp_path / "tide.py"
    file.write_text(TIDE, encoding="utf-8")
    made = small(tmp_path, file)
    file.write_text(TIDE.replace("1.0", "2.0"), encoding="utf-8")
    patched = made.patched({"citizens.ties": 0.5})
    assert simulate(patched, 1, 0)["tide"][-1] == 8.0


def loaded_by_a_future() -> list[str]:
    """Modules of the package that are loaded once a future was computed."""
    code = (
        "import sys; from thermidor.engine.simulate import simulate; "
        "from thermidor.scenario.load import load; "
        "simulate(load('first-steps', citizens=2048).patched({}, days=2)); "
        "print(*(m for m in sys.modules if m.startswith('thermidor')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_a_changed_line_in_any_module_that_makes_a_future_changes_the_rules(tmp_path):
    copy = tmp_path / "thermidor"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__", "*.csv"))
    before, silent = folder._rules.__wrapped__(copy), []
    for name in loaded_by_a_future():
        path = copy.joinpath(*name.split(".")[1:])
        path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        text = path.read_bytes()
        path.write_bytes(text + b"# changed\n")
        if folder._rules.__wrapped__(copy) == before and text.strip():
            silent.append(name)
        path.write_bytes(text)
    # the version, the language of claims, and names of tables decide no day
    decide_nothing = ("thermidor.expression", "thermidor.library")
    assert [m for m in silent if not m.startswith(decide_nothing)] == ["thermidor"]


BELL = '''"""A bell is rung on every third day, as loudly as the day is late."""

from thermidor.mechanism import Draw, Yesterday, mechanism, when


@mechanism(tells=["the bell is rung"])
def bell(see: Yesterday, p, draw: Draw):
    return {"the bell is rung": when(draw.day % 3 == 0, draw.day)}
'''


def test_what_a_mechanism_tells_is_an_event_with_its_size(tmp_path):
    file = tmp_path / "bell.py"
    file.write_text(BELL, encoding="utf-8")
    made = small(tmp_path, file)
    rung = [h for h in simulate(made, 1, 0).happened if h[1] == "bell"]
    assert rung == [(3, "bell", "the bell is rung", 3.0), (6, "bell", "the bell is rung", 6.0)]
    told = next(m for m in explain(made)["mechanisms"] if m["name"] == "bell")
    assert told["tells"] == ["the bell is rung"]


def test_what_is_told_but_not_declared_is_refused(tmp_path):
    file = tmp_path / "bell.py"
    file.write_text(BELL.replace('tells=["the bell is rung"]', ""), encoding="utf-8")
    with pytest.raises(Fault, match="returns 'the bell is rung', which it neither owns"):
        simulate(small(tmp_path, file), 1, 0)


TOLL = '''"""A toll is taken in three months of the year, and paid by citizens.

    toll(t+1) = toll(t) + rate in each month                                        (toll.1)
"""

from dataclasses import dataclass

import numpy as np

from thermidor.mechanism import Axis, Draw, Yesterday, mechanism, par, state

MONTHS = ("may", "june", "july")


@dataclass(frozen=True)
class Parameters:
    rate: float = par(2.0, 1.0, 3.0, "persons a day", "toll a day in each month")


class See(Yesterday):
    toll: np.ndarray
    toll_paid: float


def steady(given):
    """The rate must be a whole number."""
    if given.parameters["toll.rate"] % 1:
        yield ("assumptions", "toll.rate"), "toll.rate must be whole; give 1, 2 or 3."


def start(p, place, draw):
    return {"toll": np.zeros(len(MONTHS)), "toll_paid": 0.0}


@mechanism(
    start=start,
    owns={
        "toll": state("persons", "toll taken", by="month"),
        "toll_paid": state("persons", "paid to the toll since the start", cost=True),
    },
    axes={"month": Axis(MONTHS)},
    checks=[steady],
)
def toll(see: See, p: Parameters, draw: Draw):
    return {"toll": see.toll + p.rate, "toll_paid": see.toll_paid + 3 * p.rate}  # (toll.1)
'''


@pytest.fixture
def toll(tmp_path):
    file = tmp_path / "toll.py"
    file.write_text(TOLL, encoding="utf-8")
    return file


def test_its_axis_its_cost_and_its_check_arrive_in_the_record(tmp_path, toll):
    made = small(tmp_path, toll).patched({"toll.rate": 2})
    run = simulate(made, 1, 0)
    assert [run[f"toll_{m}"][-1] for m in ("may", "june", "july")] == [16.0] * 3
    assert run.outcomes()["toll_paid"] == 48.0 and "toll_paid" in run.costs
    with pytest.raises(Fault, match="toll.rate must be whole; give 1, 2 or 3"):
        small(tmp_path, toll).patched({"toll.rate": 1.5})


def test_a_mechanism_without_a_docstring_is_refused_in_a_sentence(tmp_path):
    file = tmp_path / "tide.py"
    file.write_text(TIDE.partition("\n\n")[2], encoding="utf-8")
    with pytest.raises(Fault, match="it has no docstring; begin the file with one"):
        small(tmp_path, file)


def test_it_runs_in_worker_processes_as_it_was_loaded(tmp_path, toll):
    made = small(tmp_path, toll).patched({"toll.rate": 2})
    toll.unlink()
    ensemble(RunPlan(made, 2, tmp_path / "out", processes=2))
    paid = pl.read_parquet(tmp_path / "out" / "runs.parquet")["toll_paid"]
    assert np.array_equal(paid, [48.0, 48.0])


def test_its_cost_arrives_in_the_costs_the_page_the_comparison_and_the_terminal(
    tmp_path, toll, capsys
):
    made = small(tmp_path, toll)
    study = th.run(made, runs=3, out=tmp_path / "out", set={"toll.rate": 2}, processes=0)
    assert study.costs()["toll_paid"].median == 48.0
    assert "paid to the toll" in study._repr_html_()
    th.write_report(tmp_path / "out")
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert ">paid to the toll<" in page
    say_run(study)
    assert "paid to the toll" in capsys.readouterr().out
    found = th.compare(
        made, {"toll.rate": 3}, set={"toll.rate": 2}, runs=3, out=tmp_path / "pairs", processes=0
    )
    assert found["toll_paid"].told.value == 24.0 and found.costs["toll_paid"] == "paid to the toll"
