"""What is said of studies that cannot be, word for word (refused.yaml), and that nothing is lost or
written over.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from pathlib import Path

import pytest
import yaml

import thermidor as th
from tests.conftest import CITIZENS, SMALL, command, write
from thermidor.scenario.load import load
from thermidor.study import ensemble

EXPECTED = yaml.safe_load((Path(__file__).parent / "refused.yaml").read_text(encoding="utf-8"))

BELIEFS = """\
beliefs: 1
holder: HOLDER
date: 2020-08-01
assumptions:
  KEY: {value: VALUE, why: planted}
"""
SEEN = """\
seen: 1
title: What was seen
observations:
  - {date: DATE, series: SERIES, value: VALUE, low: LOW, high: HIGH, source: a paper, known: DATE}
"""


def believed(path: Path, holder: str, key: str, value: float) -> None:
    words = {"HOLDER": holder, "KEY": key, "VALUE": str(value)}
    path.write_text(re.sub("HOLDER|KEY|VALUE", lambda m: words[m[0]], BELIEFS), encoding="utf-8")


def sighted(path: Path, date: str, series: str, value: float) -> None:
    words = {"DATE": date, "SERIES": series, "VALUE": str(value)}
    words |= {"LOW": str(value * 0.9), "HIGH": str(value * 1.1)}
    text = re.sub("DATE|SERIES|VALUE|LOW|HIGH", lambda m: words[m[0]], SEEN)
    path.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with files of the user and studies that are there already."""
    out = tmp_path_factory.mktemp("refused")
    believed(out / "her.yaml", "her", "broker.talks_days", 30)
    believed(out / "him.yaml", "him", "citizens.ties", 1.1)
    believed(out / "elsewhere.yaml", "them", "proxies.gaza", 0.5)
    believed(out / "lever.yaml", "them", "treasury.forces", 5)
    sighted(out / "crowds.yaml", "2025-06-18", "turnout_country", 0.9)
    sighted(out / "before.yaml", "2020-08-12", "turnout_countri", 0.01)
    write(out / "small.yaml", SMALL, ("days: 60", "days: 3"))
    small = load(out / "small.yaml", citizens=CITIZENS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ensemble, "compile_first", lambda: None)
        th.run(small, runs=4, out=out / "study", processes=0)
        for k in (1, 2, 3, 4):
            th.run(small, runs=4, out=out / "half", processes=0, shard=f"{k}/4")
        for name, gone in (("lacking", (2, 3)), ("mixed", (4,))):
            shutil.copytree(out / "half", out / name)
            for k in gone:
                shutil.rmtree(out / name / "shards" / f"{k}-of-4")
        th.run(small, runs=4, seed=2, out=out / "mixed", processes=0, shard="4/4")
    (out / "half" / "shards" / "2-of-4" / "runs.parquet").unlink()
    return out


def bytes_below(path: Path) -> dict[str, str]:
    return {
        str(p.relative_to(path)): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(path.rglob("*"))
        if p.is_file()
    }


def plainly(text: str) -> list[str]:
    """Lines of standard error, with # for what another version of the model would say otherwise."""
    text = re.sub(r"future \d+ with [-0-9.e]*[0-9]", "future # with #", text)
    return [line.strip() for line in text.splitlines() if line.strip()]


@pytest.mark.parametrize("asked", EXPECTED)
def test_word_for_word(asked, place, tmp_path, monkeypatch, capsys):
    here = shutil.copytree(place, tmp_path / "here")
    monkeypatch.chdir(here)
    before, warned = bytes_below(here), "--plan" in asked.split()
    code, _, err = command(capsys, *asked.split())
    assert plainly(err) == EXPECTED[asked]
    assert code == (0 if warned else 2)
    after = bytes_below(here)
    if warned:  # a plan was written beside them
        after = {k: v for k, v in after.items() if k in before}
    assert after == before
