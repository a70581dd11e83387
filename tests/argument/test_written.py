"""What is said of bad files of the three kinds, word for word, with lines."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from thermidor.scenario.argument import seen
from thermidor.scenario.argument.beliefs import held
from thermidor.scenario.argument.beliefs import read as read_beliefs
from thermidor.scenario.load import combined, load
from thermidor.scenario.scenario import Scenario
from thermidor.support.faults import Fault

HERE = Path(__file__).parent
BAD = HERE / "bad"
EXPECTED = yaml.safe_load((HERE / "expected.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def country() -> Scenario:
    """Three provinces, every mechanism, 60 days from 16 June 2025."""
    return load(HERE.parent / "errors" / "bad" / "good.yaml", citizens=2000)


def tried(path: Path, country: Scenario) -> None:
    """Use a file as its kind is used; raises Fault."""
    if path.stem.startswith("belief"):
        combined(country, beliefs=path)
    elif path.stem.startswith("seen"):
        seen.check(seen.read(path), country)
    else:
        combined(country, arguments=[path])


def test_every_bad_file_is_expected() -> None:
    assert {p.name for p in BAD.glob("*.yaml")} == set(EXPECTED) and len(EXPECTED) >= 30


@pytest.mark.parametrize("name", EXPECTED)
def test_bad_file(name: str, country: Scenario) -> None:
    with pytest.raises(Fault) as e:
        tried(BAD / name, country)
    assert e.value.faults == EXPECTED[name]


def test_all_faults_are_told_at_once(tmp_path: Path, country: Scenario) -> None:
    texts = [
        (BAD / f"{n}.yaml").read_text(encoding="utf-8")
        for n in ("role-unknown", "quote-without-locator")
    ]
    claims = [t[t.index("claims:\n") + 8 :] for t in texts]
    rows = "".join(c.replace("A1", f"A{k}") for k, c in enumerate(claims))
    (tmp_path / "both.yaml").write_text(texts[1][: texts[1].index("claims:")] + "claims:\n" + rows)
    with pytest.raises(Fault) as e:
        combined(country, arguments=[tmp_path / "both.yaml"])
    assert len(e.value.faults) == 2


def test_beliefs_take_the_place_of_what_the_country_has(tmp_path: Path, country: Scenario) -> None:
    text = (
        "beliefs: 1\nholder: H\ndate: 2025-06-01\nassumptions:\n"
        '  citizens.ties: {value: 1.3, why: "friends"}\n'
        '  treasury.reserves: {value: 8000, why: "gold that nobody counts"}\n'
    )
    (tmp_path / "b.yaml").write_text(text)
    made = combined(country, beliefs=tmp_path / "b.yaml")
    ties, reserves = (made.parameters[k] for k in ("citizens.ties", "treasury.reserves"))
    assert (ties.value, ties.why) == (1.3, "friends") and ties.low < ties.high
    assert (reserves.low, reserves.value, reserves.high) == (4000, 8000, 8000)
    assert made.hash != country.hash
    assert (
        held(country, read_beliefs(tmp_path / "b.yaml")).where(("assumptions", "citizens.ties"))
        == "b.yaml, line 5"
    )


def test_a_belief_beyond_its_range_is_the_belief_s_fault(country: Scenario) -> None:
    with pytest.raises(Fault) as e:
        combined(country, beliefs=BAD / "belief-out-of-range.yaml")
    assert e.value.title == "belief-out-of-range.yaml has 1 fault:"


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("no-test.yaml", "thermidor claims COUNTRY --argument no-test.yaml"),
        ("belief-unknown.yaml", "thermidor claims COUNTRY --beliefs belief-unknown.yaml"),
        ("seen-twice.yaml", "thermidor run COUNTRY --seen seen-twice.yaml"),
    ],
)
def test_what_is_no_country_is_told_how_it_is_given(name: str, how: str) -> None:
    with pytest.raises(Fault) as e:
        load(BAD / name)
    assert len(e.value.faults) == 1 and e.value.faults[0].endswith(f"beside a country: {how}.")
