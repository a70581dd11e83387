"""A file whose step breaks its contract gets a sentence when it is registered; one whose memory
does gets it on the first day, from both loops.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.conftest import CITIZENS, command, write
from tests.engine.abreast import unlike
from thermidor.declaration.contract import faults
from thermidor.declaration.loading import load_file
from thermidor.engine.batch import Batch, Futures
from thermidor.engine.simulate import simulate
from thermidor.mechanism import BUILT_IN, find
from thermidor.scenario.load import load
from thermidor.study.ensemble import ensemble
from thermidor.study.plan import RunPlan
from thermidor.support.faults import Fault, NothingFinished

FOLDER = Path(__file__).parent / "contract"
EXPECTED = yaml.safe_load((FOLDER.parent / "contract.yaml").read_text(encoding="utf-8"))
LATE = [name for name in EXPECTED if name.startswith("memory-")]


def test_every_file_is_expected_and_there_are_many():
    assert {p.name for p in FOLDER.glob("*.py")} - {"good.py"} == set(EXPECTED)
    assert len(EXPECTED) >= 25


@pytest.mark.parametrize("name", [n for n in EXPECTED if n not in LATE])
def test_a_step_that_breaks_its_contract_is_refused(name):
    with pytest.raises(Fault) as e:
        load_file(FOLDER / name)
    assert e.value.faults == EXPECTED[name]
    assert f"Mechanism 'bell' ({FOLDER / name}) is not declared well:" in str(e.value)


def test_it_is_refused_on_the_command_line(tmp_path, capsys):
    path = write(tmp_path / "s.yaml")
    code, out, err = command(capsys, "check", path, "--mechanism", FOLDER / "many.py")
    assert code == 2 and out == "" and "Traceback" not in err
    assert all(" ".join(f.split()) in " ".join(err.split()) for f in EXPECTED["many.py"])


@pytest.mark.parametrize("name", LATE)
def test_a_memory_that_breaks_it_is_refused_on_the_first_day(name, tmp_path):
    made = load(write(tmp_path / "s.yaml"), citizens=CITIZENS, mechanism_files=[FOLDER / name])
    for play in (lambda: simulate(made), lambda: Batch(Futures([made], [0]))):
        with pytest.raises(Fault) as e:
            play()
        assert e.value.faults == EXPECTED[name]
    with pytest.raises(NothingFinished) as e:
        ensemble(RunPlan(made, 2, tmp_path / "out", processes=0))
    assert f"Fault: {EXPECTED[name][0]}" in str(e.value)


def test_a_step_that_keeps_its_contract_runs_in_both_loops(tmp_path):
    file = FOLDER / "good.py"
    made = load(write(tmp_path / "s.yaml"), citizens=CITIZENS, mechanism_files=[file])
    made = made.patched({}, days=30)
    assert Batch(Futures([made], [0])).steps["bell"].step is not None
    assert unlike(made, 3) == {}
    assert any(what == "the bell is rung" for _, _, what, _ in simulate(made).happened)


@pytest.mark.parametrize("name", BUILT_IN)
def test_the_mechanisms_of_the_package_keep_it(name):
    m = find(name)
    assert list(faults(m.step, m.owns, m.adds, m.tells)) == []


ENDS = {
    "if p.x: return {'a': 1.0}\nelse: return {'a': 2.0}": True,
    "if p.x: return {'a': 1.0}\nraise ValueError": True,
    "if p.x: return {'a': 1.0}\nelif p.y: return {'a': 1.0}": False,
    "for k in range(3): return {'a': 1.0}": False,
    "try: return {'a': 1.0}\nexcept ValueError: return {'a': 2.0}": True,
    "try: return {'a': 1.0}\nexcept ValueError: pass": False,
    "match p.x:\n case 1: return {'a': 1.0}\n case _: return {'a': 2.0}": True,
    "match p.x:\n case 1: return {'a': 1.0}": False,
    "with p.x: return {'a': 1.0}": True,
}


@pytest.mark.parametrize("text", ENDS)
def test_every_way_through_a_step_ends_with_a_return(text, tmp_path):
    body = "".join(f"    {line}\n" for line in text.splitlines())
    file = tmp_path / "x.py"
    file.write_text(
        '"""x"""\nfrom thermidor.mechanism import mechanism, state\n'
        f"@mechanism(owns={{'a': state('count', 'x')}})\ndef x(see, p, draw):\n{body}"
    )
    if ENDS[text]:
        load_file(file)
    else:
        with pytest.raises(Fault, match="its step may end without a return; end it with return"):
            load_file(file)
