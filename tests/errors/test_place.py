"""A place of one's own: its agents, what it keeps of a parent, what a shorter run leaves out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import SMALL, command, write
from thermidor import api
from thermidor.scenario.load import load
from thermidor.support.faults import Fault

MANY = (
    SMALL[: SMALL.index("    - {id: A")]
    + "".join(
        f"    - {{id: D{k}, name: District {k}, population: {20_000 + k}}}\n" for k in range(110)
    )
    + SMALL[SMALL.index("  neighbours") :]
)
MANY = MANY.replace("capital: A", "capital: D7").replace(
    "[[A, B], [B, C]]", "[[D1, D2], [D2, D1], [D2, D3]]"
)
CLAIM = """\
claims:
  - id: C1
    sentence: It lasts longer.
    {extra}
    arms: {{a: {{}}, b: {{set: {{citizens.ties: 0.5}}}}}}
    tests: [{{says: it lasts, outcome: survived, of: a, against: b, expect: above}}]
"""


def test_a_place_of_many_provinces_runs_with_every_default(tmp_path, capsys):
    path = write(tmp_path / "s.yaml", MANY + CLAIM.format(extra="days: 2"))
    made = load(path)
    assert made.place.fewest == 110 * 256 and made.place.citizens == 100_000
    sizes = ("--runs", "2", "--processes", "1", "--out", tmp_path / "o")
    for verb in (
        ["check", path],
        ["claims", path, *sizes],
        ["compare", path, "--with", "citizens.ties=0.5", "--days", "2", *sizes],
    ):
        code, _, err = command(capsys, *verb)
        assert code == 0, err


def test_as_many_agents_as_a_place_needs_and_no_more_than_it_has_people(tmp_path):
    provinces = "".join(
        f"    - {{id: D{k}, name: District {k}, population: 300}}\n" for k in range(450)
    )
    text = MANY[: MANY.index("    - {id: D0")] + provinces + MANY[MANY.index("  neighbours") :]
    made = load(write(tmp_path / "s.yaml", text))
    assert made.place.citizens == made.place.fewest == 450 * 256
    little = load(
        write(
            tmp_path / "s.yaml",
            SMALL,
            ("5_000_000", "5000"),
            ("3_000_000", "3000"),
            ("2_000_000", "2000"),
        )
    )
    assert little.place.citizens == 10_000 and little.sized("full").place.citizens == 10_000
    assert little.notes == (
        "Smallland has 10,000 people in all; population is in persons, not in thousands.",
    )
    with pytest.raises(
        Fault, match=r"citizens = 10001 must lie between 768 .* and 10000 \(one a person\)"
    ):
        little.sized(10_001)


def test_both_sides_of_a_comparison_have_as_many_agents_as_the_larger_place_needs(tmp_path, capsys):
    small = write(
        tmp_path / "small.yaml", SMALL, ("days: 60", "days: 2\nsuggest: {citizens: 2000}")
    )
    many = write(tmp_path / "s.yaml", MANY)
    sizes = ("--days", "2", "--runs", "2", "--processes", "1", "--out", tmp_path / "o", "--json")
    code, out, err = command(capsys, "compare", small, "--with", many, *sizes)
    assert code == 0 and json.loads(out)["with"], err


@pytest.mark.parametrize(
    "extra, when",
    [("days: 20", "date: 2025-08-01"), ("days: 20", "day: 46"), ("note: x", "day: 46")],
)
def test_a_shorter_arm_leaves_out_what_happens_later(extra, when, tmp_path):
    text = (
        SMALL
        + f"events: [{{{when}, what: a march, into: pull, value: 1}}]\n"
        + CLAIM.format(extra=extra)
    )
    made = load(write(tmp_path / "s.yaml", text))
    assert made.notes == (
        ("Claim C1, arms a, b: 1 dated event outside of this run's 20 days: left out.",)
        if "20" in extra
        else ()
    )
    arm = made.patched({"citizens.ties": 0.5}, [], 20)
    assert made.place.dated[0][0] == 46 and arm.place.dated == ()


def test_events_outside_of_the_horizon_of_their_own_file_are_refused(tmp_path):
    for when in ("date: 2025-06-16", "date: 2025-08-16", "day: 61"):
        with pytest.raises(Fault, match="'a march' on .* is outside the run"):
            load(
                write(
                    tmp_path / "s.yaml",
                    SMALL + f"events: [{{{when}, what: a march, into: pull, value: 1}}]\n",
                )
            )


def test_a_child_with_a_shorter_run_leaves_out_its_parents_later_events(tmp_path):
    write(
        tmp_path / "base.yaml",
        SMALL
        + "choices_from: 2025-07-10\nevents:\n"
        + "".join(
            f"  - {{day: {d}, what: march {d}, into: pull, value: 1}}\n" for d in (5, 30, 50)
        ),
    )
    child = "parent: base.yaml\nname: child\ntitle: c\ndays: {}\n"
    made = load(
        write(
            tmp_path / "s.yaml",
            child.format(40) + "events: [{day: 39, what: x, into: pull, value: 1}]\n",
        )
    )
    assert [d[0] for d in made.place.dated] == [5, 30, 39] and made.notes == (
        "1 dated event outside of this run's 40 days: left out.",
    )
    short = load(write(tmp_path / "s.yaml", child.format(10)))
    assert short.choices_day == 23 and short.notes[0] == (
        "choices_from = 2025-07-10 lies outside of this run; the choices of the file never hold."
    )
    with pytest.raises(
        Fault, match="'x' on day 41 is outside the run, which goes from day 1 to day 40"
    ):
        load(
            write(
                tmp_path / "s.yaml",
                child.format(40) + "events: [{day: 41, what: x, into: pull, value: 1}]\n",
            )
        )


def test_a_child_with_provinces_of_its_own_keeps_what_still_holds(tmp_path):
    write(
        tmp_path / "base.yaml",
        SMALL + "events:\n  - {day: 3, what: x, into: pull, value: 1, where: C}\n"
        "  - {day: 4, what: y, into: pull, value: 1, where: A}\n"
        "  - {day: 5, what: z, into: pull, value: 1}\n",
    )
    child = (
        "parent: base.yaml\nname: child\ntitle: c\nplace:\n"
        "  provinces: [{id: A, name: Aleph, population: 600_000},"
        " {id: B, name: B, population: 400_000}]\n"
    )
    made = load(write(tmp_path / "s.yaml", child))
    assert made.place.neighbours == (("A", "B"),) and [d[4] for d in made.place.dated] == ["y", "z"]
    assert made.notes == (
        "1 event of base.yaml in provinces that are not here: left out.",
        "The provinces are those of s.yaml, but 21 facts of the country are still those "
        "of base.yaml, such as adversary.deaths, broker.sanctions, elites.tenure; "
        "give your own, or see them with 'thermidor explain'.",
    )
    assert load(write(tmp_path / "s.yaml", child.replace("id: B", "id: D"))).place.neighbours == ()
    with pytest.raises(Fault) as e:  # another country; the line of a fault is that of its own file
        load(write(tmp_path / "s.yaml", child.replace("id: A", "id: E").replace("id: B", "id: D")))
    assert e.value.faults == [
        f"s.yaml, line 4: '{k}' is missing from place; add it." for k in ("country", "capital")
    ]


def test_a_child_of_many_provinces_has_the_agents_that_they_need(tmp_path):
    write(tmp_path / "base.yaml", SMALL, ("days: 60", "days: 60\nsuggest: {citizens: 2000}"))
    place = MANY[MANY.index("place:") : MANY.index("  fronts:")]
    child = "parent: base.yaml\nname: c\ntitle: c\n" + place
    assert load(write(tmp_path / "s.yaml", child)).place.citizens == 110 * 256
    with pytest.raises(Fault, match="s.yaml, line 1[0-9]+: suggest.citizens = 2000 must lie"):
        load(write(tmp_path / "s.yaml", child + "suggest: {citizens: 2000}\n"))


def test_ids_that_are_nearly_right_are_suggested(tmp_path):
    for place, says in (
        ("capital: a", "capital 'a' is no province id. Did you mean 'A'?"),
        ("neighbours: [[A, b]]", "neighbour 'b' is no province id. Did you mean 'B'?"),
        ("capital: Gamma", "capital 'Gamma' is a province's name; give its id, 'C'."),
    ):
        write(tmp_path / "base.yaml")
        with pytest.raises(Fault) as e:
            load(write(tmp_path / "s.yaml", f"parent: base.yaml\nplace: {{{place}}}\n"))
        assert e.value.faults == [f"s.yaml, line 2: {says}"]


def test_a_child_with_fronts_of_its_own_loses_events_on_others(tmp_path):
    write(
        tmp_path / "base.yaml",
        SMALL + "events: [{day: 3, what: x, into: front_losses, value: 0.1, where: north}]\n",
    )
    made = load(
        write(
            tmp_path / "s.yaml",
            "parent: base.yaml\nname: c\ntitle: c\n"
            "place: {fronts: [{name: south, strength: 0.2}]}\n",
        )
    )
    assert made.place.dated == () and made.notes == (
        "1 event of base.yaml in fronts that are not here: left out.",
    )


def test_a_child_may_replace_a_claim_of_its_parent_on_purpose(tmp_path):
    write(tmp_path / "base.yaml", SMALL + CLAIM.format(extra="note: old"))
    child = "parent: base.yaml\nname: c\ntitle: c\n"
    made = load(write(tmp_path / "s.yaml", child + CLAIM.format(extra="note: new")))
    assert [c.note for c in made.claims] == ["new"]
    twice = CLAIM.format(extra="note: new") + CLAIM.format(extra="note: newer").removeprefix(
        "claims:\n"
    )
    with pytest.raises(Fault, match="s.yaml, line 10: claim C1 is given twice"):
        load(write(tmp_path / "s.yaml", child + twice))


def test_choices_of_the_status_quo_are_numbers_too(tmp_path):
    write(tmp_path / "base.yaml", SMALL, ("treasury.public: 12", "treasury.public: much"))
    with pytest.raises(
        Fault, match="treasury.public = 'much', from which a later file departs, must be a number"
    ):
        load(
            write(
                tmp_path / "s.yaml",
                "parent: base.yaml\nname: c\ntitle: c\nchoices: {treasury.public: 3}\n",
            )
        )


def test_what_is_rarely_meant_is_said(tmp_path, capsys):
    text = (
        SMALL.replace("name: Beta", "name: Alpha")
        + "switched_off: [media]\nevents:\n"
        + (
            "  - {day: 3, what: x, into: pull, value: 1}\n" * 2
            + "  - {day: 3, what: y, into: doubt, value: 1}\n"
        )
    )
    path = write(tmp_path / "s.yaml", text)
    notes = (
        "2 provinces are called 'Alpha'; in tables their ids alone tell them apart.",
        "media is switched off: 1 dated event into 'doubt' will change nothing.",
        "Event 'x' is given 2 times for one day; it then counts 2 times.",
    )
    assert load(path).notes == notes
    code, out, err = command(capsys, "check", path, "--json")
    assert code == 0 and json.loads(out)["notes"] == list(notes) and all(n in err for n in notes)
    assert (
        load(path).patched({}, ["events"]).notes[1]
        == "events is switched off: 3 dated events will not happen."
    )


def test_switched_off_is_a_name_or_names(tmp_path: Path):
    made = load(write(tmp_path / "s.yaml"))
    assert api.load(made, set={"switched_off": "media"}).wiring.off == {"media"}
    for odd in (5, None, 1.5):
        with pytest.raises(Fault, match="must be the name of a mechanism, or a list of names"):
            api.load(made, set={"switched_off": odd})


def test_ids_and_names_may_be_of_any_script(tmp_path):
    rows = (
        "{id: तेलंगाना, name: तेलंगाना, population: 600_000},"
        " {id: سمنان ۱, name: سمنان, population: 400_000}"
    )
    place = f"country: x\n  capital: तेलंगाना\n  provinces: [{rows}]\n"
    text = SMALL[: SMALL.index("  country")] + "  " + place + SMALL[SMALL.index("mechanisms") :]
    made = load(write(tmp_path / "s.yaml", text))
    assert made.place.ids == ("तेलंगाना", "سمنان ۱")
    with pytest.raises(Fault, match=r"province id 'a\u200bb' holds U\+200B; letters"):
        load(write(tmp_path / "s.yaml", text.replace("id: سمنان ۱", 'id: "a\\u200bb"')))
