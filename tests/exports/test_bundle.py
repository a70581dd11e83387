"""A bundle holds what repeats a study, nothing of the machine, and nothing through a link."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import thermidor as th
from tests.conftest import CITIZENS, bytes_of, command, write
from thermidor.scenario.load import load
from thermidor.study.exports import installed
from thermidor.study.exports.crate import Held, metadata
from thermidor.support.faults import Fault


@pytest.fixture(scope="module")
def made(done, tmp_path_factory) -> Path:
    """The bundle, unzipped."""
    folder = tmp_path_factory.mktemp("bundle")
    path = th.results(done).bundle(
        folder / "b.zip", licence="CC-BY-4.0", authors=["A. Author", "B. {Author}"]
    )
    with zipfile.ZipFile(path) as z:
        z.extractall(folder)
    (root,) = (p for p in folder.iterdir() if p.is_dir())
    return root


def test_all_that_a_verifier_needs_is_there(made, done):
    found = {p.relative_to(made).as_posix() for p in made.rglob("*") if p.is_file()}
    assert found >= {
        "README.md",
        "reproduce.py",
        "plan.json",
        "requirements.lock",
        "codebook.csv",
        "citations.bib",
        "ro-crate-metadata.json",
        "study/scenario.yaml",
        "results/manifest.json",
        "results/model.json",
    } | {f"results/{n}" for n in bytes_of(done)}
    assert bytes_of(made / "results") == bytes_of(done)
    assert not any(p.endswith(".html") for p in found), "a page could be a stranger's"
    study = th.results(done)
    assert load(made / "study" / "scenario.yaml", citizens=CITIZENS).hash == study.hash
    plan = json.loads((made / "plan.json").read_text())["arguments"]
    assert plan[:4] == ["run", "study/scenario.yaml", "--runs", "4"] and str(CITIZENS) in plan


def test_the_crate_names_every_file_with_its_bytes(made):
    told = json.loads((made / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    by_id = {e["@id"]: e for e in told["@graph"]}
    assert by_id["ro-crate-metadata.json"]["about"] == {"@id": "./"}
    root = by_id["./"]
    assert {"name", "description", "datePublished", "license", "hasPart"} <= set(root)
    assert root["license"] == {"@id": "https://spdx.org/licenses/CC-BY-4.0"}
    assert [by_id[a["@id"]]["name"] for a in root["author"]] == ["A. Author", "B. {Author}"]
    files = {p.relative_to(made).as_posix(): p for p in made.rglob("*") if p.is_file()}
    parts = {p["@id"] for p in root["hasPart"]}
    assert parts == set(files) - {"ro-crate-metadata.json"}
    for name in parts:
        data = files[name].read_bytes()
        assert by_id[name]["sha256"] == hashlib.sha256(data).hexdigest()
        assert by_id[name]["contentSize"] == str(len(data))
    every = json.dumps(told)
    assert all(ref in by_id for ref in _references(told["@graph"])), every


def _references(x):
    if isinstance(x, dict):
        if set(x) == {"@id"} and "://w3id.org/" not in x["@id"]:
            yield x["@id"]
        for v in x.values():
            yield from _references(v)
    elif isinstance(x, list):
        for v in x:
            yield from _references(v)


def test_a_crate_without_a_licence_says_so():
    import datetime as dt

    m = {"title": "t", "runs": 1, "scenario": "s", "hash": "h", "seed": 1, "version": "0"}
    held = [Held("results/runs.parquet", 1, "0", "x")]
    told = json.loads(metadata(m, "Answer.", held, dt.date(2025, 6, 16), None))
    (licence,) = (e for e in told["@graph"] if e["@id"] == "#licence")
    assert licence["name"] == "Not stated" and "author" not in told["@graph"][1]


def test_the_codebook_has_every_column(made, done):
    with open(made / "codebook.csv", encoding="utf-8", newline="") as file:
        rows = {(r["table"], r["column"]) for r in csv.DictReader(file)}
    study = th.results(done)
    assert {("runs", c) for c in study.runs.columns} <= rows


def test_the_same_study_gives_the_same_bytes(done, tmp_path):
    one, two = (th.results(done).bundle(tmp_path / f"{k}.zip") for k in "ab")
    assert one.read_bytes() == two.read_bytes()
    with zipfile.ZipFile(one) as z:
        names = z.namelist()
        assert names == sorted(names) and {i.date_time for i in z.infolist()} == {
            (1980, 1, 1, 0, 0, 0)
        }
        assert all(n.isascii() and ".." not in n and not n.startswith("/") for n in names)


def test_the_wheel_holds_the_package_and_its_record():
    found = installed.wheel()
    assert found
    from io import BytesIO

    with zipfile.ZipFile(BytesIO(found[1])) as z:
        names = set(z.namelist())
        assert {"thermidor/__init__.py", "thermidor/library/refs.bib"} <= names
        assert not any("__pycache__" in n or n.endswith(".pyc") for n in names)
        about = next(n.split("/")[0] for n in names if n.endswith("/METADATA"))
        rows = z.read(f"{about}/RECORD").decode().splitlines()
        assert {r.split(",")[0] for r in rows} == names
        assert "thermidor = thermidor.__main__:main" in z.read(f"{about}/entry_points.txt").decode()


def test_the_lock_lists_what_is_needed_and_no_more():
    locked = installed.lock()
    assert {"numpy", "numba", "llvmlite", "polars", "pydantic-core"} <= set(locked)
    assert not {"thermidor", "pytest", "ruff"} & set(locked)


def test_files_of_the_study_are_found_by_the_command(small_file, tmp_path, capsys):
    out = tmp_path / "out"
    beliefs = tmp_path / "doubts.yaml"
    beliefs.write_text(
        "beliefs: 1\nholder: A doubter\ndate: 2025-06-01\n"
        "assumptions:\n  elites.tenure: {value: 18, why: it is said to be so}\n"
    )
    words = ["run", small_file, "--runs", 2, "--days", 5, "--citizens", CITIZENS, "--out", out]
    words += ["--beliefs", beliefs, "--set", "treasury.forces=5"]
    assert command(capsys, *words)[0] == 0
    code, _, err = command(capsys, "bundle", out, "--out", tmp_path / "b.zip")
    assert code == 0, err
    with zipfile.ZipFile(tmp_path / "b.zip") as z:
        files = {n.split("/", 1)[1]: z.read(n) for n in z.namelist()}
    assert files["files/doubts.yaml"] == beliefs.read_bytes()
    assert files["files/small.yaml"] == small_file.read_bytes()
    assert {"study/country.yaml", "study/scenario.yaml"} <= set(files), "a choice was changed"


def test_a_command_of_a_stranger_brings_no_file_of_ours(copy, tmp_path, monkeypatch):
    """Its manifest names a scenario here that is not the study's."""
    monkeypatch.chdir(tmp_path)
    from tests.conftest import SMALL

    write(tmp_path / "small.yaml", SMALL, ("5_000_000", "4_000_000"))
    th.results(copy).bundle(tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as z:
        assert not any("/files/" in n for n in z.namelist())


@pytest.mark.parametrize("name", ["runs.parquet", "manifest.json", "claims.json", "parts"])
def test_no_link_is_followed(copy, tmp_path, name):
    target = tmp_path / "precious"
    path = copy / name
    if path.is_dir() or path.exists():
        path.rename(target)
    else:
        target.write_text("precious")
    path.unlink(missing_ok=True)
    path.symlink_to(target)
    with pytest.raises(Fault, match="is a link"):
        th.results(copy).bundle(tmp_path / "b.zip")
    assert not (tmp_path / "b.zip").exists()


def test_what_else_lies_in_the_folder_stays_out(copy, tmp_path):
    (copy / "secret.txt").write_text("x")
    (copy / "report.html").write_text("<script>")
    (copy / "parts").mkdir(exist_ok=True)
    (copy / "parts" / "..runs.parquet").write_text("x")
    (copy / "parts" / "evil.runs.parquet").write_text("x")
    with zipfile.ZipFile(th.results(copy).bundle(tmp_path / "b.zip")) as z:
        assert not any(w in n for n in z.namelist() for w in ("secret", "html", "evil", ".."))


def test_a_file_too_large_is_refused(done, tmp_path, monkeypatch):
    from thermidor.study.exports import bundle

    monkeypatch.setattr(bundle, "MOST_FILE", 3)
    (tmp_path / "x.txt").write_text("four")
    with pytest.raises(Fault, match="more than 3 bytes"):
        th.results(done).bundle(tmp_path / "b.zip", files=[tmp_path / "x.txt"])
    monkeypatch.setattr(bundle, "MOST_BYTES", 3)
    with pytest.raises(Fault, match="at most 3 are bundled"):
        th.results(done).bundle(tmp_path / "b.zip")


CHANGED = {
    "stopped": ({"status": "stopped"}, "the study is stopped, with 4 of 4 futures"),
    "version": ({"version": "0.0.9"}, "Thermidor 0.0.9 there, "),
    "rules": ({"rules": "0"}, "the code of a day 0 there, "),
    "numpy": ({"versions": {}}, "numpy None there, "),
    "mechanism": (
        {"mechanism_files": ["/home/x/curfew.py"]},
        "it used mechanisms of its own (curfew.py); name their files with --mechanism.",
    ),
    "past": ({"past": {"run": 1}}, "its futures branch from a past"),
    "hash": ({"hash": "0" * 16}, "or the manifest was changed."),
    "no scenario": ({"resolved": None}, "does not hold the scenario"),
}


@pytest.mark.parametrize("what", CHANGED)
def test_a_study_that_cannot_be_repeated_is_told(capsys, copy, tmp_path, what):
    change, says = CHANGED[what]
    path = copy / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | change))
    code, out, err = command(capsys, "bundle", copy, "--out", tmp_path / "b.zip")
    assert (code, out) == (2, "") and says in err and not (tmp_path / "b.zip").exists()


BAD = {
    "ending": (["--out", "x.tar"], "x.tar must end in .zip."),
    "licence": (
        ["--licence", "free for all"],
        "--licence 'free for all' must be an SPDX identifier such as CC-BY-4.0, or a URL.",
    ),
    "author": (
        ["--author", "a\nb"],
        "--author must be a name of one line, of at most 200 letters.",
    ),
    "file": (["--file", "no.yaml"], "there is no file no.yaml."),
}


@pytest.mark.parametrize("what", BAD)
def test_bad_input_is_a_sentence(capsys, done, tmp_path, monkeypatch, what):
    monkeypatch.chdir(tmp_path)
    words, says = BAD[what]
    code, _, err = command(capsys, "bundle", done, *words)
    assert (code, err) == (2, f"thermidor: {says}\n") and not list(tmp_path.iterdir())


def reproduce(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "reproduce.py", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        env=os.environ | environment,
    )


STUB = """\
import pathlib, shutil, sys
assert sys.argv[1:3] == ["run", "study/scenario.yaml"] and pathlib.Path(sys.argv[2]).is_file()
shutil.copytree("results", sys.argv[sys.argv.index("--out") + 1])
"""


def test_the_script_says_whether_tables_are_the_same(made, done, tmp_path):
    """With a program in Thermidor's place that gives the same tables, then others, then fails."""
    copy, stub = Path(shutil.copytree(made, tmp_path / "b")), tmp_path / "thermidor.py"
    stub.write_text(STUB)
    told = reproduce(copy, PYTHONPATH=str(tmp_path))
    assert told.returncode == 0 and told.stdout.startswith("The same to the byte: ")
    assert "runs.parquet" in told.stdout and told.stdout.count("\n") == 1
    shutil.rmtree(copy / "repeated")
    stub.write_text(f"{STUB}(pathlib.Path('repeated') / 'runs.parquet').write_text('other')")
    told = reproduce(copy, PYTHONPATH=str(tmp_path))
    assert told.returncode == 1 and told.stdout.startswith("NOT the same to the byte: runs.parquet")
    stub.write_text("raise SystemExit(1)")
    told = reproduce(copy, PYTHONPATH=str(tmp_path))
    assert told.returncode == 2 and "could not be repeated" in told.stdout


@pytest.mark.slow
def test_the_tables_are_repeated_here(made, done, tmp_path):
    """Half a minute: the futures are computed again by the environment of the tests."""
    copy = Path(shutil.copytree(made, tmp_path / "b"))
    told = reproduce(copy)
    assert told.returncode == 0, told.stdout + told.stderr
    assert told.stdout.startswith("The same to the byte: ") and "runs.parquet" in told.stdout
    assert told.stdout.count("\n") == 1 and bytes_of(copy / "repeated") == bytes_of(done)


@pytest.mark.slow
def test_in_a_new_environment(made, tmp_path):
    """Minutes: an environment is made from the lock file and the wheel."""
    copy = Path(shutil.copytree(made, tmp_path / "b"))
    told = reproduce(copy, "--install", PYTHONPATH="")
    assert told.returncode == 0, told.stdout + told.stderr
    assert told.stdout.startswith("The same to the byte: ")
