"""The page on arguments as a newcomer follows it: its files are sound, and run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs.make import DOCS
from tests.conftest import command
from thermidor.scenario.load import load

FILES = dict(
    re.findall(
        r'^```yaml title="([^"]+)"\n(.*?)^```$',
        (DOCS / "arguments.md").read_text(encoding="utf-8"),
        re.M | re.S,
    )
)


@pytest.mark.parametrize("name", FILES)
def test_each_file_is_sound(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / name
    path.write_text(FILES[name], encoding="utf-8")
    code, out, err = command(capsys, "check", path)
    assert code == 0 and "sound" in out, err


def test_an_argument_under_somebody_s_beliefs(tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    made = load(
        "first-steps",
        citizens=8000,
        arguments=[tmp_path / "bread.yaml"],
        beliefs=tmp_path / "hers.yaml",
    )
    assert made.parameters["citizens.ties"].low == 1.0
    assert made.claims[0].arms["dry"].set["treasury.reserves"] * 4 == pytest.approx(
        made.parameters["treasury.reserves"].value
    )


def test_the_command_lists_roles_and_arguments(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = command(capsys, "list")
    assert code == 0 and "survival-at-any-cost" in out and "coffers" in out and "empty" in out
