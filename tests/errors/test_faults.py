"""Bad input gets a sentence: what, where, the value, what is allowed, the likely repair. Exit code
2, never a traceback.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.conftest import command
from thermidor.scenario.load import load
from thermidor.support.faults import Fault

BAD = Path(__file__).parent / "bad"
EXPECTED = yaml.safe_load((Path(__file__).parent / "expected.yaml").read_text(encoding="utf-8"))


def test_every_bad_file_is_expected_and_there_are_many():
    assert {p.name for p in BAD.glob("*.yaml")} - {"good.yaml"} == set(EXPECTED) and len(
        EXPECTED
    ) >= 60
    assert load(BAD / "good.yaml", citizens=2000).name == "good"


@pytest.mark.parametrize("name", EXPECTED)
def test_bad_file(name, capsys):
    code, out, err = command(capsys, "check", BAD / name)
    assert code == 2 and out == "" and "Traceback" not in err
    with pytest.raises(Fault) as e:
        load(BAD / name, citizens=2000)
    assert e.value.faults == EXPECTED[name]
    assert all(f in err for f in EXPECTED[name])


def test_a_file_of_fifty_megabytes(tmp_path, capsys):
    with (tmp_path / "huge.yaml").open("wb") as f:
        f.truncate(50_000_000)
    code, _, err = command(capsys, "check", tmp_path / "huge.yaml")
    assert code == 2 and "huge.yaml has 50.0 MB; a scenario file has at most 2 MB" in err


def test_too_many_entries(tmp_path, capsys):
    (tmp_path / "long.yaml").write_text("name: [" + "1, " * 120_000 + "1]\n")
    code, _, err = command(capsys, "check", tmp_path / "long.yaml")
    assert code == 2 and "more than 100000 entries" in err


GOOD = str(BAD / "good.yaml")


@pytest.mark.parametrize(
    "arguments, says",
    [
        (["run", "iran-2024"], "there is no scenario 'iran-2024'; with the package come"),
        (["run", "iran-2024"], "Did you mean 'iran-2025'?"),
        (["run", "nowhere.yaml"], "there is no scenario file nowhere.yaml"),
        (
            ["run", GOOD, "--citizens", "0"],
            "citizens = 0 must lie between 768 (256 for each of 3 provinces) and 10000000 "
            "(one a person)",
        ),
        (["run", GOOD, "--citizens", "many"], "--citizens many must be a whole number or 'full'"),
        (
            ["run", GOOD, "--set", "citizens.tie=1"],
            "a patch sets 'citizens.tie', which is no parameter of this scenario. "
            "Did you mean 'citizens.ties'?",
        ),
        (
            ["run", GOOD, "--set", "citizens.ties"],
            "--set citizens.ties is not of the form key=value",
        ),
        (
            ["run", GOOD, "--set", "citizens.ties=9"],
            "citizens.ties value = 9 lies outside 0.2 to 1.4 sd",
        ),
        (
            ["run", GOOD, "--set", "citizens.ties=!!python/name:os.system"],
            "the tag '!!python/name:os.system' is not allowed",
        ),
        (["run", GOOD, "--mechanism", "nothing.py"], "does not exist"),
        (["claims", GOOD, "--only", "C9"], "there is no claim 'C9' in good; it has C1"),
        (
            ["compare", GOOD, "--with", "citizens.tis=1"],
            "which is no parameter of this scenario. Did you mean 'citizens.ties'?",
        ),
        (
            ["compare", GOOD, "--with", "a.yaml", "--with", "days=3"],
            "--with takes one scenario file, or any number of patches",
        ),
        (
            ["explain", GOOD, "--only", "citizen"],
            "there is no mechanism 'citizen' in good; it has adversary",
        ),
        (["report", "."], "holds no results (no manifest.json)"),
        (["check"], "name a scenario to check, or use --schema"),
    ],
)
def test_bad_commands(arguments, says, monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    code, out, err = command(capsys, *arguments)
    assert code == 2 and says in err and "Traceback" not in err and out == ""
    assert not list(tmp_path.iterdir())  # nothing was written


@pytest.mark.parametrize(
    "arguments", [["run"], ["run", GOOD, "--runs", "0"], ["run", GOOD, "--days", "0"], ["nonsense"]]
)
def test_bad_usage(arguments):
    done = subprocess.run(
        [sys.executable, "-m", "thermidor", *arguments], capture_output=True, text=True
    )
    assert done.returncode == 2 and "Traceback" not in done.stderr and "Usage" in done.stderr


def test_a_mechanism_file_that_fails_is_named(tmp_path, capsys):
    (tmp_path / "broken.py").write_text("import nothing_of_that_name\n")
    code, _, err = command(capsys, "check", GOOD, "--mechanism", tmp_path / "broken.py")
    assert (
        code == 2
        and "broken.py could not be run: ModuleNotFoundError" in err
        and "Traceback" not in err
    )


def test_no_code_runs_from_a_scenario_file(tmp_path, capsys):
    (tmp_path / "evil.py").write_text(f"open({str(tmp_path / 'was-here')!r}, 'w').close()\n")
    text = (
        (BAD / "good.yaml")
        .read_text(encoding="utf-8")
        .replace("mechanisms: [", "mechanisms: [./evil.py, evil, ")
    )
    (tmp_path / "s.yaml").write_text(text)
    code, _, err = command(capsys, "check", tmp_path / "s.yaml")
    assert (
        code == 2
        and "there is no mechanism './evil.py'" in err
        and not (tmp_path / "was-here").exists()
    )


def test_the_schema_for_editors_knows_the_good_file(capsys):
    code, out, _ = command(capsys, "check", "--schema")
    schema = json.loads(out)
    assert (
        code == 0
        and set(yaml.safe_load((BAD / "good.yaml").read_text())) <= set(schema["properties"])
        and schema["additionalProperties"] is False
    )
