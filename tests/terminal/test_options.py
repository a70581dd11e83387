"""What people type for numbers, files and settings: a sentence and exit code 2 for each that cannot
be meant."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import SMALL, write
from tests.terminal.conftest import console, written
from thermidor import __version__
from thermidor.terminal.options import scenarios


def told(call, *words: object) -> tuple[int, str]:
    err = console("utf-8")
    code = call(list(map(str, words)), console("utf-8"), err)
    return code, written(err)


@pytest.fixture
def small_file(tmp_path):
    return write(tmp_path / "small.yaml", SMALL)


@pytest.mark.parametrize(
    ("text", "repair"),
    [
        ("²", 2),
        ("1__0", 10),
        ("1e5", 100000),
        (" 5000 ", 5000),
        ("１２", 12),
        ("٣", 3),
        ("1,000", 1000),
        ("20 000", 20000),
        ("7.0", 7),
        ("Ⅳ", None),
        ("½", None),
        ("", None),
        ("many", None),
        ("0x10", None),
        ("inf", None),
        ("nan", None),
        ("1_", None),
        ("9" * 40, None),
    ],
)
def test_whole_numbers(call, small_file, tmp_path, text, repair):
    code, says = told(call, "run", small_file, "--citizens", text, "--out", tmp_path / "out")
    assert (
        code == 2
        and "must be a whole number or 'full'" in says
        and (f"write {repair}." in says) is (repair is not None)
    )
    for verb, option in (
        ("run", "--runs"),
        ("claims", "--runs"),
        ("run", "--seed"),
        ("compare", "--past"),
        ("run", "--threads"),
        ("validate", "--futures"),
    ):
        file = [] if verb == "validate" else [small_file]
        code, says = told(
            call, verb, *file, option, text, *(["--with", "days=3"] if verb == "compare" else [])
        )
        assert (
            code == 2
            and f"'{option}': '{text}' must be a whole number in digits" in says
            and f"'thermidor {verb} --help'" in says
        )
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("option", "text", "says"),
    [
        ("--runs", "0", "0 must lie between 1 and 10,000,000"),
        ("--runs", "10000000000", "10000000000 must lie between 1 and 10,000,000"),
        ("--runs", "-3", "-3 must lie between"),
        ("--processes", "0", "must lie between 1 and 1,024"),
        ("--days", "0", "between 1 and 100,000"),
        ("--seed", "-1", "-1 must be at least 0"),
        ("--seed", "9223372036854775808", "must be"),
        ("--citizens", "-3", "citizens = -3 must lie between"),
    ],
)
def test_numbers_outside_their_range(call, small_file, option, text, says):
    code, said = told(call, "run", small_file, option, text)
    assert code == 2 and says in said


@pytest.mark.parametrize(
    ("patch", "says"),
    [
        (
            "switched_off=5",
            "switched_off = 5 must be the name of a mechanism, or a list of names",
        ),
        ("switched_off=null", "switched_off = None must be"),
        ("switched_off={media: 1}", "must be the name of a mechanism"),
        ("switched_off=[1, 2]", "must be a text"),
        ("switched_off=true", "switched_off = True"),
        ("days=abc", "days = 'abc' must be a whole number"),
        ("days=null", "sets days to nothing"),
        ("days=3.5", "days = 3.5 must be a whole number"),
        ("start=soon", "start = 'soon' is not a date"),
        ("posterior=perhaps", "must be true or false"),
        ("null", "not of the form key=value"),
        ("days=5\nseed: 3", "has more than one line"),
        ("citizens.ties=[0.5]", "must be a number"),
        ("=1", "not of the form key=value"),
    ],
)
def test_settings_of_the_wrong_type(call, small_file, patch, says):
    code, said = told(call, "check", small_file, "--set", patch)
    assert code == 2 and says in said
    code, said = told(call, "compare", small_file, "--with", patch)
    assert code == 2 and (says in said or "=" not in patch)


def test_nothing_that_was_set_is_lost(call, small_file):
    code, said = told(
        call, "check", small_file, "--set", "switched_off=media", "--set", "switched_off=ruler"
    )
    assert (
        code == 2
        and "given twice; keep one; several names are written --set switched_off=[a, b]" in said
    )
    code, said = told(call, "compare", small_file, "--with", "days=3", "--with", "days=4")
    assert code == 2 and "--with days is given twice" in said


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["check", "FILE", "--mechanism", "FOLDER"], "is a folder; name the Python file in it"),
        (["check", "FILE", "--mechanism", "TEXT"], "is no Python file; its name must end in .py"),
        (["run", "FILE", "--out", "TEXT"], "is a file; name a folder"),
        (["claims", "FILE", "--out", "TEXT"], "is a file; name a folder"),
        (["compare", "FILE", "--with", "days=3", "--out", "TEXT"], "is a file; name a folder"),
        (["validate", "--cases", "TEXT", "--out", "TEXT"], "is a file; name a folder"),
        (["report", "TEXT"], "is a file; give the folder that"),
        (["validate", "--cases", "FOLDER"], "is a folder; name the file in it"),
        (["validate", "--panel", "FOLDER"], "is a folder; name the file in it"),
        (["calibrate", "--panel", "FOLDER", "--out", "FOLDER"], "is a folder; name the file in it"),
        (["validate", "--panel", "nowhere.csv"], "there is no file nowhere.csv"),
        (["check", "x" * 5000], "there is no scenario"),
        (["check", "TEXT/small.yaml"], "there is no scenario file"),
    ],
)
def test_paths_of_the_wrong_kind(call, small_file, tmp_path, words, says):
    (tmp_path / "text.txt").write_text("a text\n")
    place = {"FILE": str(small_file), "FOLDER": str(tmp_path), "TEXT": str(tmp_path / "text.txt")}
    before = sorted(p.name for p in tmp_path.iterdir())
    code, said = told(call, *(place.get(w, w.replace("TEXT", place["TEXT"])) for w in words))
    assert code == 2 and says in said and sorted(p.name for p in tmp_path.iterdir()) == before


def test_usage_is_a_sentence_and_what_was_typed_does_not_act(call):
    for words, says in (
        (["nonsense\x1b[2J"], "No such command 'nonsense\\x1b[2J'"),
        (["run"], "Missing argument 'SCENARIO'"),
        (["--nope"], "No such option: --nope"),
        (["run", "a", "b\u202e"], "extra argument"),
        (["compare", "first-steps"], "Missing option '--with'"),
    ):
        code, said = told(call, *words)
        assert (
            code == 2
            and says in said
            and "Usage: thermidor" in said
            and "\x1b" not in said
            and "\u202e" not in said
        )


def test_a_first_look_has_a_size_of_its_own(call, small_file):
    code, said = told(call, "claims", small_file, "--quick", "--runs", "50")
    assert code == 2 and "give it or --runs, not both" in said


def test_the_version(call):
    out = console("utf-8")
    assert call(["--version"], out) == 0 and written(out) == f"{__version__}\n"


def test_completion_knows_verbs_options_and_scenarios(call, monkeypatch):
    """What a shell asks when Tab is pressed."""
    assert scenarios("ir") == ["iran-2025"] and scenarios("nothing") == []
    for typed, position, answer in (
        ("thermidor outc", 1, "outcomes"),
        ("thermidor run fir", 2, "first-steps"),
        ("thermidor run first-steps --pro", 3, "--processes"),
    ):
        done = subprocess.run(
            [sys.executable, "-c", "from thermidor.cli.app import app; app(prog_name='thermidor')"],
            capture_output=True,
            text=True,
            env={
                "_THERMIDOR_COMPLETE": "complete_bash",
                "COMP_WORDS": typed,
                "COMP_CWORD": str(position),
            },
        )
        assert done.stdout.split() == [answer]
    out = console("utf-8")
    assert call(["--help"], out) == 0 and "--install-completion" in written(out)


@pytest.mark.parametrize(
    "verb",
    [
        "run",
        "claims",
        "compare",
        "explain",
        "outcomes",
        "check",
        "report",
        "published",
        "validate",
        "calibrate",
        "list",
    ],
)
def test_help_has_an_example_and_loads_nothing_heavy(verb):
    """A person who looks something up does not wait for compilers and tables."""
    code = (
        "import sys; sys.argv = ['thermidor', sys.argv[1], '--help']\n"
        "from thermidor.cli.app import entry\n"
        "try: entry()\n"
        "except SystemExit: pass\n"
        "heavy = ('numpy', 'numba', 'polars', 'scipy', 'yaml', 'jinja2')\n"
        "print([m for m in heavy if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code, verb], capture_output=True, text=True)
    assert (
        done.stdout.splitlines()[-1] == "[]"
        and f"thermidor {verb}" in done.stdout
        and done.stderr == ""
    )
