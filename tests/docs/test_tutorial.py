"""The tutorial as a newcomer follows it: every file saved and every command run, in its order."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from docs.make import DOCS
from thermidor.scenario.argument.seen import check, read
from thermidor.scenario.load import load

PAGES = ("index", "own-country", "own-claim", "own-argument", "own-mechanism", "studies")
FENCE = re.compile(
    r"^``` ?\{? ?\.?(?P<kind>\w+)(?: title=\"(?P<file>[^\"]+)\")? ?\}?\n(?P<body>.*?)^```$",
    re.M | re.S,
)
SCENARIOS, OPINIONS = ["valley.yaml", "friends.yaml"], ["paid-guards.yaml", "sceptic.yaml"]
TWO, SEEN = ["hers.yaml", "his.yaml"], ["week.yaml", "spring.yaml"]
THIN = "--runs 5 --citizens 7000"  # in place of --quick: what is tested is that it runs
INCLUDED = re.compile(r'^--8<-- "([^"]+)"$', re.M)


class Block(NamedTuple):
    """A block of code of the tutorial: its page, its language, the file that it is saved as."""

    page: str
    kind: str
    file: str | None
    body: str


def blocks() -> list[Block]:
    """All blocks of the tutorial in their order."""
    found = []
    for page in PAGES:
        text = (DOCS / "tutorial" / f"{page}.md").read_text(encoding="utf-8")
        for kind, file, body in FENCE.findall(text):
            whole = INCLUDED.sub(lambda m: (DOCS / m[1]).read_text(encoding="utf-8"), body)
            found.append(Block(page, kind, file or None, whole))
    return found


def test_every_block_is_one_that_can_be_followed() -> None:
    pages = [(DOCS / "tutorial" / f"{p}.md").read_text(encoding="utf-8") for p in PAGES]
    assert len(blocks()) == sum(len(re.findall(r"^```", text, re.M)) for text in pages) // 2
    assert {b.kind for b in blocks()} == {"bash", "python", "yaml"}
    assert [b.file for b in blocks() if b.kind == "yaml"] == [*SCENARIOS, *OPINIONS, *TWO, *SEEN]


def test_the_argument_is_sound_and_two_countries_can_play_it(tmp_path: Path) -> None:
    for block in blocks():
        if block.file in OPINIONS:
            (tmp_path / block.file).write_text(block.body, encoding="utf-8")
    argument, beliefs = (tmp_path / f for f in OPINIONS)
    for country in ("blr-2020", "tun-2010"):
        made = load(country, arguments=[argument], beliefs=beliefs)
        assert [bool(c.tests) for c in made.claims] == [True, True, False]
    assert made.parameters["security.crowd_strain"].high == 0.1


def test_two_people_and_what_was_seen_fit_the_country(tmp_path: Path) -> None:
    for block in blocks():
        if block.file in TWO + SEEN:
            (tmp_path / block.file).write_text(block.body, encoding="utf-8")
    for name in TWO:
        assert (
            load("first-steps", beliefs=tmp_path / name).parameters["citizens.country"].low >= 0.1
        )
    for name in SEEN:
        check(read(tmp_path / name), load("first-steps"))


@pytest.mark.slow
def test_a_newcomer_can_follow_it(tmp_path: Path) -> None:
    follow([b for b in blocks() if b.page != PAGES[-1]], tmp_path)
    for name in ("first", "valley", "curfew"):
        assert (tmp_path / name / "report.html").is_file()


@pytest.mark.slow
def test_the_questions_after_the_answer_can_be_asked(tmp_path: Path) -> None:
    follow([b for b in blocks() if b.page == PAGES[-1]], tmp_path)
    for name in ("force/sweep.svg", "steps/drivers/drivers.csv", "week.svg", "record.jsonl"):
        assert (tmp_path / name).is_file()


def follow(steps: list[Block], tmp_path: Path) -> None:
    """Save the files and run the commands of a page, one after another."""
    paths = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for block in steps:
        if block.file:
            (tmp_path / block.file).write_text(block.body, encoding="utf-8")
            continue
        shell = {"bash": ["bash", "-euo", "pipefail", "-c"], "python": [sys.executable, "-c"]}
        done = subprocess.run(
            [*shell[block.kind], block.body.replace("--quick", THIN)],
            cwd=tmp_path,
            env=os.environ | {"PATH": paths},
            capture_output=True,
            text=True,
            timeout=600,
        )
        assert done.returncode == 0, f"{block.page}: {block.body}\n{done.stdout}\n{done.stderr}"
        assert done.stdout.strip(), f"{block.page}: nothing is said by {block.body}"
