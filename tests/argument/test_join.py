"""One argument on any country: roles become patches, and what cannot be played says why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import SMALL, write
from thermidor.declaration.loading import BUILT_IN, find
from thermidor.expression.parser import parse
from thermidor.expression.tree import columns
from thermidor.scenario.argument.argument import read
from thermidor.scenario.argument.roles import FRONTS, OBSERVED, roles
from thermidor.scenario.argument.written import arguments
from thermidor.scenario.ledger import references
from thermidor.scenario.load import combined, load
from thermidor.scenario.scenario import Scenario
from thermidor.support.faults import Fault

# the arms of the twelve claims as they stood in the country's own file
FROZEN = json.loads((Path(__file__).parent / "arms-of-2025.json").read_text(encoding="utf-8"))
HEAD = "argument: 1\nname: x\ntitle: An argument\nof: a speech\nclaims:\n"
TEST = 'tests: [{says: "so", outcome: survived, of: a, against: b, expect: below}]'


@pytest.fixture(scope="module")
def iran() -> Scenario:
    return load("iran-2025", citizens=8_000)


def argued(tmp_path: Path, country: Scenario, arms: str, test: str = TEST) -> Any:
    """The claim of an argument with these arms, in a country."""
    path = tmp_path / "x.yaml"
    path.write_text(f"{HEAD}  - {{id: A1, sentence: It is so., arms: {arms}, {test}}}\n")
    return combined(country, arguments=[path]).claims[-1]


@pytest.mark.parametrize("claim", FROZEN)
def test_roles_give_the_arms_of_before_to_the_last_digit(claim: str, iran: Scenario) -> None:
    found = next(c for c in iran.claims if c.id == claim)
    assert list(found.arms) == list(FROZEN[claim])
    for name, patch in FROZEN[claim].items():
        assert found.arms[name].set == patch
        assert iran.patched(found.arms[name].set).hash == iran.patched(patch).hash


def test_every_role_names_what_there_is() -> None:
    known = {p.key: p for m in BUILT_IN for p in find(m).parameters.values()}
    for role in roles().values():
        assert role.says and len(role.levels) >= 2
        for key in role.parameters:
            assert key in known, (role.name, key)
        texts = [n.holds for n in role.needs]
        texts += [v for p in role.levels.values() for v in p.values() if isinstance(v, str)]
        for name in (c.name for text in texts for c in columns(parse(text))):
            assert name in known or name in (FRONTS, OBSERVED), (role.name, name)


def test_a_country_without_a_programme_cannot_try_a_deal_about_one(iran: Scenario) -> None:
    made = combined(iran.patched({"programme.level": 0, "adversary.intensity": 0}))
    made = combined(made, arguments=["survival-at-any-cost"])
    why = {c.id: c.not_testable for c in made.claims}
    assert why["C4"] == "here: it has no programme that a deal could be about"
    assert why["C6"] == "here: no adversary strikes it"
    assert why["C12"] is None


def test_a_mechanism_that_is_off_or_missing_is_named(tmp_path: Path, small: Scenario) -> None:
    off = small.patched({}, ["media"])
    found = argued(tmp_path, off, "{a: {media: free}, b: {}}")
    assert found.not_testable == "here: the mechanism 'media' is switched off"
    assert not found.arms and not found.tests


def test_sides_that_are_the_same_here_are_not_compared(tmp_path: Path, small: Scenario) -> None:
    found = argued(tmp_path, small, "{a: {media: closed}, b: {media: as they are}}")
    assert found.not_testable == "here: 'a' and 'b' are the same in it"


def test_a_number_beyond_the_model_is_not_testable(tmp_path: Path, small: Scenario) -> None:
    rich = small.patched({"treasury.reserves": 2_000_000})
    found = argued(tmp_path, rich, "{a: {coffers: full}, b: {}}")
    assert found.not_testable is not None
    assert found.not_testable.startswith("here: 3 * treasury.reserves is 6e+06 here")


def test_what_is_not_recorded_here_is_told_with_what_may_be_meant(
    tmp_path: Path, small: Scenario
) -> None:
    test = TEST.replace("survived", "final_opositon")
    found = argued(tmp_path, small, "{a: {media: free}, b: {}}", test)
    assert "is called 'final_opositon'. Did you mean 'final_opposition'?" in found.not_testable


def test_a_test_beside_that_cannot_be_made_is_left_out_and_told(
    tmp_path: Path, small: Scenario
) -> None:
    also = 'also: [{says: "strikes", outcome: day, of: c, against: b, expect: below}]'
    calm = small.patched({"adversary.intensity": 0})
    arms = "{a: {media: free}, b: {}, c: {strikes: none}}"
    found = argued(tmp_path, calm, arms, f"{TEST}, {also}")
    assert found.not_testable is None and list(found.arms) == ["a", "b"] and not found.also
    assert found.note == "Not tried here: strikes (no adversary strikes it)."


def test_a_file_with_claims_of_its_own_keeps_them_before_those_of_its_argument(
    tmp_path: Path,
) -> None:
    own = (
        "arguments: [free-media]\nclaims:\n  - {id: M1, sentence: Mine., not_testable: so}\n"
        "  - {id: Z1, sentence: Also mine., not_testable: so}\n"
    )
    made = load(write(tmp_path / "s.yaml", SMALL + own), citizens=2000)
    assert [(c.id, c.sentence == "Mine.") for c in made.claims] == [
        ("M1", True),
        ("M2", False),
        ("M3", False),
        ("Z1", False),
    ]
    assert made.source.where(("claims", 1)).startswith("free-media.yaml, line")
    assert made.source.where(("claims", 3)).startswith("s.yaml, line")
    other = combined(made, arguments=["nonviolence"])
    assert [c.id for c in other.claims] == ["N1", "N2", "N3", "N4"]
    assert other.file.claims_of == "studies of nonviolent campaigns"


def test_an_argument_that_is_not_there_is_told_with_its_line(tmp_path: Path) -> None:
    path = write(tmp_path / "s.yaml", SMALL + "arguments: [free-medai]\n")
    with pytest.raises(Fault) as e:
        load(path, citizens=2000)
    line = len(SMALL.splitlines()) + 1
    assert str(e.value).startswith(f"s.yaml, line {line}: there is no argument 'free-medai'")
    assert "Did you mean 'free-media'?" in str(e.value)


def test_two_arguments_that_share_an_id_are_tested_one_at_a_time(
    tmp_path: Path, small: Scenario
) -> None:
    for name in ("x", "y"):
        text = HEAD.replace("name: x", f"name: {name}")
        (tmp_path / f"{name}.yaml").write_text(
            f"{text}  - {{id: A1, sentence: So., not_testable: so}}\n"
        )
    with pytest.raises(Fault, match="claim A1 is also one of x; test the two"):
        combined(small, arguments=[tmp_path / "x.yaml", tmp_path / "y.yaml"])


def test_the_library_s_arguments_disagree_and_cite_what_there_is() -> None:
    assert len(arguments()) >= 7
    keys, seen = references(), set[str]()
    for name in arguments():
        a = read(name)
        ids = [c.id for c in a.claims]
        assert not seen & set(ids), name  # so that several can be tested at once
        seen |= set(ids)
        assert all(k in keys for k in a.file.cites), name
        assert all(c.source is None or c.source in keys for c in a.claims), name
        assert all(c.objections and c.kind for c in a.claims), name
        assert any(c.supports or c.attacks for c in a.claims), name
        assert all(c.quote is None for c in a.claims)  # none was checked word for word


@pytest.mark.parametrize("name", ["free-media", "sanctions-work"])
def test_the_library_s_arguments_can_be_tried_in_iran(name: str, iran: Scenario) -> None:
    made = combined(iran, arguments=[name])
    assert not [c.not_testable for c in made.claims if c.not_testable]


def test_equal_files_have_equal_hashes(tmp_path: Path) -> None:
    path = arguments()["free-media"]
    text = path.read_text(encoding="utf-8")
    (tmp_path / "a.yaml").write_text(text + "\n# a comment\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text(text.replace("Free media end", "Media end"), encoding="utf-8")
    assert read(path).hash == read(tmp_path / "a.yaml").hash != read(tmp_path / "b.yaml").hash
