"""The command line: what machines read, what people read, exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import CITIZENS, SMALL, command, write
from thermidor.cli import app as cli
from thermidor.scenario.load import load

CLAIM = """\
claims:
  - id: K1
    sentence: Without force more people go out.
    arms: {free: {set: {ruler.force_limit: 0}}, as_it_is: {}}
    tests:
      - says: more people go out
        outcome: log10(peak_turnout_country)
        of: free
        against: as_it_is
        expect: above
"""


def call(capsys: pytest.CaptureFixture, *words: object) -> tuple[int, str, str]:
    sys.argv = ["thermidor", *map(str, words)]
    try:
        code = cli.entry() or 0
    except SystemExit as e:
        code = e.code or 0
    out = capsys.readouterr()
    return int(code), out.out, out.err


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write(tmp_path / "small.yaml", SMALL + CLAIM)


def test_run_prints_one_object_for_machines(capsys, file, tmp_path):
    code, out, _ = call(
        capsys,
        "run",
        file,
        "--runs",
        3,
        "--citizens",
        CITIZENS,
        "--out",
        tmp_path / "out",
        "--json",
    )
    found = json.loads(out)
    assert (
        code == 0
        and found["runs"] == found["finished"] == 3
        and found["failed"] == 0
        and found["days"] == 60
    )
    assert sum(found["endings"].values()) == 3 and set(found["survival"]) == {"p", "low", "high"}
    assert (
        all(set(c) == {"median", "low", "high"} for c in found["costs"].values())
        and "killed_protest" in found["costs"]
    )
    assert (
        found["seconds"] > 0
        and found["agent_days_per_second"] > 0
        and found["citizens"] == CITIZENS
        and found["scenario"] == "small"
    )
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert {"citizens", "security", "ruler"} <= set(manifest["seconds_by_mechanism"])
    assert {"runs.parquet", "series.parquet", "moved.parquet", "events.parquet"} <= {
        p.name for p in (tmp_path / "out").iterdir()
    }


def test_claims_print_verdict_number_costs_and_words(capsys, file, tmp_path):
    code, out, _ = call(
        capsys,
        "claims",
        file,
        "--runs",
        16,
        "--citizens",
        CITIZENS,
        "--out",
        tmp_path / "out",
        "--json",
    )
    (found,) = json.loads(out)["claims"]
    assert code == 0 and found["id"] == "K1" and found["verdict"] == "supported"
    assert found["number"]["low"] > 0 and set(found["costs"]) == {"free", "as_it_is"}
    assert found["likelihood"].endswith(".") and "confidence" in found["confidence"]


def test_no_change_has_no_effect_at_all(capsys, file, tmp_path):
    """A patch that sets a choice to what it is already leaves every pair the same."""
    as_it_is = load(file).parameters["ruler.force_limit"].value
    code, out, _ = call(
        capsys,
        "compare",
        file,
        "--with",
        f"ruler.force_limit={as_it_is}",
        "--runs",
        4,
        "--citizens",
        CITIZENS,
        "--out",
        tmp_path / "out",
        "--json",
    )
    found = json.loads(out)
    assert code == 0 and all(
        e["effect"]["mean"] == 0 and e["higher"] == e["lower"] == 0 for e in found["effects"]
    )


def test_without_a_terminal_there_is_no_colour_and_no_progress(file, tmp_path):
    made = subprocess.run(
        [
            sys.executable,
            "-m",
            "thermidor",
            "run",
            str(file),
            "--runs",
            "2",
            "--citizens",
            str(CITIZENS),
            "--out",
            str(tmp_path / "out"),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert (
        "\x1b" not in made.stdout + made.stderr
        and "of 2 futures the regime is still in power" in " ".join(made.stdout.split())
    )


@pytest.mark.parametrize(
    "verb",
    [
        *("run", "claims", "compare", "explain", "outcomes", "check", "report", "list"),
        *("published", "export", "cite", "bundle"),
    ],
)
def test_every_verb_explains_itself_with_an_example(capsys, verb):
    code, out, _ = call(capsys, verb, "--help")
    assert code == 0 and f"thermidor {verb}" in out


def test_published_models_as_a_table_and_as_one_object(capsys):
    code, out, _ = call(capsys, "published", "rubinstein", "powell")
    assert (
        code == 0
        and "Rubinstein1982: closed form" in out
        and "mechanisms.negotiation.proposer_share" in out
    )
    assert out.strip().splitlines()[-1] == "19 of 19 within tolerance"
    code, out, _ = call(capsys, "published", "powell", "--json")
    found = json.loads(out)
    assert (
        code == 0
        and found["quantities"] == found["within"] == len(found["checks"]) == 9
        and set(found["models"]) == {"powell"}
    )
    assert {
        "model",
        "quantity",
        "expected",
        "got",
        "tolerance",
        "passed",
        "source",
        "exercises",
        "slow",
        "test",
    } == set(found["checks"][0])


def test_a_published_number_out_of_tolerance_ends_with_1(capsys, monkeypatch):
    from thermidor.mechanisms import negotiation

    monkeypatch.setattr(negotiation, "proposer_share", lambda first, second: float("nan"))
    code, out, _ = call(capsys, "published", "rubinstein", "--json")
    assert (
        code == 1 and json.loads(out)["within"] == 0 and json.loads(out)["checks"][0]["got"] is None
    )
    code, out, _ = call(capsys, "published", "rubinstein")
    assert code == 1 and out.strip().endswith("0 of 10 within tolerance")


def test_an_unknown_published_model_is_a_fault_of_the_user(capsys):
    code, _, err = call(capsys, "published", "grannovetter")
    assert code == 2 and "Did you mean 'granovetter'?" in err and "Traceback" not in err


def test_an_unknown_claim_is_a_fault_of_the_user(capsys, file, tmp_path):
    code, _, err = call(capsys, "claims", file, "--only", "K9", "--out", tmp_path / "out")
    assert code == 2 and "K9" in err and "Traceback" not in err


def test_the_schema_for_editors_accepts_the_scenarios(capsys):
    """The exported JSON Schema names every top-level key of the bundled scenarios."""
    from thermidor.scenario.file.gather import bundled
    from thermidor.scenario.file.yamlfile import parse

    code, out, _ = call(capsys, "check", "--schema")
    keys = set(json.loads(out)["properties"])
    assert code == 0
    for path in bundled().values():
        data, _ = parse(path.read_text(encoding="utf-8"), path.name)
        assert set(data) <= keys


def test_a_comparison_fits_eighty_columns_whatever_its_numbers(monkeypatch, capsys):
    """Large sums and long names wrap; no number and no word is cut."""
    from thermidor.report.terminal import say_compare

    monkeypatch.setenv("COLUMNS", "80")
    wide = {"mean": -3.34e6, "low": -4.71e6, "high": -1.98e6}
    say_compare(
        {
            "patch": ["ruler.force_limit=0"],
            "effects": [
                {
                    "outcome": o,
                    "with": {"mean": 1250.0},
                    "without": {"mean": 3.34e6},
                    "effect": wide,
                    "higher": 0,
                    "lower": 199,
                    "same": 1,
                }
                for o in ("survived", "jail_days", "hardship_days")
            ],
        }
    )
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80 and not any("…" in line for line in lines)
    assert (
        sum("(-4.71 million to -1.98 million)" in line for line in lines) == 3
        and sum("0, 199, 1" in line for line in lines) == 3
    )


def test_help_makes_the_options_of_no_other_verb(capsys):
    """The list of verbs is the same, and only the one that was typed has its options."""
    from thermidor.cli.app import app, of_words

    every, few = app.registered_commands, of_words(["run", "--help"]).registered_commands
    assert [v.name or v.callback.__name__ for v in every] == [v.name or "run" for v in few]
    assert [v.name or "run" for v in few if v.callback.__name__ != "_bare"] == ["run"]
    assert all(v.help for v in few if v.callback.__name__ == "_bare")
    code, out, _ = command(capsys, "--help")
    assert code == 0 and "Sweep" not in out and "Vary levers and assumptions" in out
