"""What is said of each bad expression, word for word: what, at which character, the repair."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from thermidor.expression.check import FLAG, NUMBER, TEXT
from thermidor.scenario.outcomes import expression_faults

KNOWN = {
    "day": NUMBER,
    "killed_protest": NUMBER,
    "executed": NUMBER,
    "survived": FLAG,
    "ending": TEXT,
    "adversary.rally": NUMBER,
}
SENTENCES = yaml.safe_load((Path(__file__).parent / "sentences.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("text", "says"), SENTENCES["outcomes"].items(), ids=list(SENTENCES["outcomes"])
)
def test_a_bad_outcome(text, says):
    assert expression_faults(text, KNOWN) == [f"has the outcome '{text}': {s}" for s in says]


@pytest.mark.parametrize(
    ("text", "says"), SENTENCES["conditions"].items(), ids=list(SENTENCES["conditions"])
)
def test_a_bad_condition(text, says):
    found = expression_faults(text, KNOWN, condition=True)
    assert found == [f"has the condition '{text}': {s}" for s in says]


def test_all_unknown_columns_are_told_at_once_and_no_control_character_is_shown():
    assert len(expression_faults("x + y * z", KNOWN)) == 3
    assert "\x1b" not in "".join(expression_faults("day + \x1b[31m", KNOWN))
