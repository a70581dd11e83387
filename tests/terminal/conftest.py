"""One finished study of every verb, for all tests of what is shown; standard streams as consoles of
any kind."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import CITIZENS, SMALL, write
from thermidor.cli import app as cli

STRANGE = """\
claims:
  - id: K1
    sentence: "K[/bold] Without force [red]more people[/red] go out – «so ran» ایران"
    note: "a note [/dim]"
    arms: {"free [/]": {set: {ruler.force_limit: 0}}, as_it_is: {}}
    tests:
      - says: "more [people] go out…"
        outcome: survived
        of: "free [/]"
        against: as_it_is
        expect: above
left_out: ["all [/that] is left out"]
base_rates: [{says: "falls [/i] of “old” regimes", rate: 0.1}]
"""
RUNS = 3


@pytest.fixture(scope="session")
def strange(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scenario of ten days whose words are full of markup, control characters and letters that
    consoles lack."""
    return write(
        tmp_path_factory.mktemp("strange") / "strange.yaml",
        SMALL + STRANGE,
        ("days: 60", "days: 10"),
        ("title: A small country", 'title: "A [bold]small[/] country – of “10⁻⁴”"'),
        ("name: Alpha", 'name: "Al[/x]pha"'),
        (
            "treasury.gdp: 60_000",
            'treasury.gdp: {value: 60_000, why: "a sum [/dim] of … much"}',
        ),
    )


@pytest.fixture(scope="session")
def verbs(strange: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Every verb that ends by itself with the words to call it; studies are computed once and taken
    up from their folder."""
    out = str(tmp_path_factory.mktemp("verbs") / "out")
    size = ["--citizens", str(CITIZENS), "--processes", "1", "--out", out]
    study = [str(strange), "--runs", str(RUNS), *size]
    return {
        "run": ["run", *study],
        "claims": ["claims", *study],
        "compare": ["compare", *study, "--with", "ruler.force_limit=0"],
        "report": ["report", out],
        "explain": ["explain", str(strange)],
        "one": ["explain", str(strange), "--only", "treasury"],
        "outcomes": ["outcomes", str(strange), "--like", "turnout"],
        "check": ["check", str(strange)],
        "list": ["list"],
        "validate": ["validate"],
        "published": ["published", "powell"],
        "schema": ["check", "--schema"],
        "help": ["--help"],
        "json": ["explain", str(strange), "--json"],
        "fault": ["check", "“nowhere” \x1b[2J.yaml"],
    }


Call = Callable[..., int]


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch) -> Call:
    """Run the command line in this process, with streams of one's own; the exit code."""

    def run(
        words: list[str], out: io.TextIOBase | None = None, err: io.TextIOBase | None = None
    ) -> int:
        monkeypatch.setattr(sys, "argv", ["thermidor", *words])
        for name, stream in (("stdout", out), ("stderr", err)):
            if stream is not None:
                monkeypatch.setattr(sys, name, stream)
        with pytest.raises(SystemExit) as e:
            cli.entry()
        return int(e.value.code or 0)

    return run


def console(encoding: str) -> io.TextIOWrapper:
    """A stream that refuses what its encoding lacks."""
    return io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="strict", newline="\n")


def written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    return stream.buffer.getvalue().decode(stream.encoding)
