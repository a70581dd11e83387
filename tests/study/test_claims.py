"""Claims whose truth is planted: levers that nobody hears, what is off, what a verb would
refuse.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

import thermidor as th
from tests.conftest import CITIZENS, SMALL, write
from thermidor.engine.simulate import simulate
from thermidor.scenario.ledger import explain
from thermidor.scenario.load import load
from thermidor.study.claims import effort, grade_counts, summary
from thermidor.study.ensemble import ensemble
from thermidor.study.patches import changed_by
from thermidor.study.plan import RunPlan
from thermidor.study.results import Study, carriers
from thermidor.support.faults import Fault

CHILD = """\
thermidor: 1
name: planted
title: Planted
parent: {parent}
days: {days}
claims:
  - id: P1
    sentence: A lever is felt.
    arms:
      as it is: {{switched_off: [{off}]}}
      pulled: {{switched_off: [{off}], set: {{{lever}}}}}
    tests:
      - {{says: it lasts less often, outcome: survived, of: pulled, against: as it is, expect:
      below}}
      - {{says: the crowd is larger, outcome: "log10(peak_turnout_country)", of: pulled, against: as
      it is, expect: above}}
"""
IRAN = 31 * 4 * 64
FIXED = "  programme.level: 0.3\n"
RANGED = "  programme.level: {value: 0.5, low: 0.2, high: 0.8, why: seen}\n"


def planted(folder: Path, parent: str, lever: str, off: str = "", days: int = 10) -> Path:
    (folder / "planted.yaml").write_text(
        CHILD.format(parent=parent, days=days, off=off, lever=lever), encoding="utf-8"
    )
    return folder / "planted.yaml"


@pytest.mark.parametrize(
    ("parent", "citizens", "lever", "off", "moves"),
    [
        ("first-steps", 768, "broker.exit_offer: 6", "", "nothing else that was recorded"),
        # off in the file
        ("first-steps", 768, "programme.reference: 9.0", "", "nothing else that was recorded"),
        ("first-steps", 768, "treasury.hospital: 150.0", "", "others do (hospitals_forgone)"),
        # read off, and heard by nobody
        (
            "iran-2025",
            IRAN,
            "adversary.intensity: 0.1",
            "adversary",
            "nothing else that was recorded",
        ),
        ("iran-2025", IRAN, "broker.guarantee: 6", "negotiation", "others do (guarantee)"),
    ],
)
def test_a_lever_that_nobody_hears_is_not_testable(tmp_path, parent, citizens, lever, off, moves):
    made = load(planted(tmp_path, parent, lever, off), citizens=citizens)
    found = th.claims(made, only=["P1"], runs=6, processes=1, out=tmp_path / "out")["P1"]
    assert found.verdict == "not testable" and found.likelihood is None
    for t in found.tests:
        assert t.reason and t.reason.startswith("both sides are identical in all 6 pairs; ")
        assert moves in t.reason
    json.dumps(found.to_dict(), allow_nan=False)
    assert summary([found.to_dict()])[0]["verdict"] == "not testable"


def test_a_patch_that_changes_nothing_is_told_beforehand(tmp_path):
    base = load("first-steps", citizens=768).patched({}, days=12)
    assert changed_by(base, base.patched({"broker.exit_offer": 6})) == []
    read_off = changed_by(base, base.patched({"treasury.hospital": 150.0}))
    assert read_off and all("hospitals_forgone" in c for c in read_off)
    moved = changed_by(base, base.patched({"ruler.force_limit": 0}))
    assert {"arrested", "killed_protest"} <= set(moved)
    heard = changed_by(base, base.patched({}, switched_off=["media"]))
    assert any(c.startswith("media into ") for c in heard)
    assert "day" in changed_by(base, base.patched({}, days=11))


def test_compare_says_what_changed_where_no_outcome_moved(tmp_path):
    base = load("first-steps", citizens=768).patched({}, days=12)
    nothing, read_off, moved = (
        th.compare(base, patch, runs=5, processes=1, out=tmp_path)
        for patch in (
            {"broker.exit_offer": 6},
            {"treasury.hospital": 150.0},
            {"ruler.force_limit": 0},
        )
    )
    assert nothing.changed == () and nothing.note == "nothing that was recorded changed"
    assert read_off.note == "no outcome shown here moved; what changed: hospitals_forgone"
    assert "final_hospitals_forgone" in read_off.changed
    told = [e["effect"] for e in read_off.to_dict()["effects"]]
    assert all(e == {"mean": 0.0, "low": None, "high": None} for e in told)
    assert moved.note is None and "arrested" in moved.changed
    json.dumps([x.to_dict() for x in (nothing, read_off, moved)], allow_nan=False)


UNREAD = '''
"""A mechanism whose parameter nobody reads."""
from dataclasses import dataclass

from thermidor.mechanism import mechanism, par


@dataclass(frozen=True)
class P:
    level: float = par(0.5, 0.0, 1.0, "share", "a number that nobody reads")


@mechanism(params=P)
def deaf(see, p, draw):
    return {}
'''


def test_a_parameter_that_nobody_reads(tmp_path):
    (tmp_path / "deaf.py").write_text(UNREAD, encoding="utf-8")
    made = load(
        write(tmp_path / "small.yaml", SMALL, ("days: 60", "days: 8")),
        citizens=CITIZENS,
        mechanism_files=[tmp_path / "deaf.py"],
    )
    found = th.compare(
        made.patched({"deaf.level": 0.0}),
        made.patched({"deaf.level": 1.0}),
        runs=4,
        processes=1,
        out=tmp_path,
    )
    assert found.note == "nothing that was recorded changed"
    assert changed_by(made, made.patched({"deaf.level": 1.0})) == []


# -- what is switched off


def test_what_is_off_is_held_and_not_counted(small):
    off = small.patched({}, switched_off=["proxies", "media"])
    keys = [k for k, a in off.parameters.items() if a.parameter.mechanism in ("proxies", "media")]
    assert not any(off.parameters[k].drawn for k in keys) and any(
        small.parameters[k].drawn for k in keys
    )
    first, second = off.draw(1, 0)[0], off.draw(1, 1)[0]
    assert first["media"] == second["media"] and first["proxies"] == second["proxies"]
    assert first["citizens"] != second["citizens"]
    assert first["citizens"] == small.draw(1, 0)[0]["citizens"]  # and the others' draws stay
    lost = sum(small.parameters[k].parameter.role == "assumption" for k in keys)
    assert sum(grade_counts(off).values()) == sum(grade_counts(small).values()) - lost


def test_what_is_off_is_in_neither_ledger_nor_diagram_but_can_be_explained(small):
    told = explain(small.patched({}, switched_off=["media"]))
    assert (
        not any(r["key"].startswith("media.") for r in told["ledger"])
        and "media" not in told["wiring"]
    )
    assert next(m for m in told["mechanisms"] if m["name"] == "media")["parameters"]


def test_what_is_off_from_a_later_day_is_drawn_and_drawn_in_the_diagram(small):
    later = small.patched(
        {"choices_from": small.start + dt.timedelta(days=15)}, switched_off=["media"]
    )
    assert later.silent == frozenset() and any(
        a.drawn for k, a in later.parameters.items() if k.startswith("media.")
    )
    assert later.draw(1, 3)[0] == small.draw(1, 3)[0]
    assert "class media off" in explain(later)["wiring"]


def test_a_fact_with_a_range_stays_as_drawn_since_the_first_day_stands(tmp_path):
    ranged = write(tmp_path / "s.yaml", SMALL, (FIXED, RANGED))
    made = load(ranged, citizens=CITIZENS)
    off = made.patched({}, switched_off=["programme"])
    assert [off.draw(1, k)[0]["programme"].level for k in range(5)] == [
        made.draw(1, k)[0]["programme"].level for k in range(5)
    ]
    assert (
        simulate(off.patched({}, days=3), 1, 2)["programme_level"][0]
        == simulate(made.patched({}, days=3), 1, 2)["programme_level"][0]
    )


def test_what_past_uprisings_say_of_a_mechanism_that_is_off_is_held_at_its_median(small):
    from thermidor.fitted.posterior import load as posterior

    off = small.patched({}, switched_off=["events"])
    keys = [k for k in off.fitted if k.startswith("events.")]
    assert keys
    for k in keys:
        assert {getattr(off.draw(1, r)[0]["events"], k.split(".")[1]) for r in range(4)} == {
            posterior().quantiles[k][1]
        }


def test_what_is_off_carries_nothing(tmp_path, small):
    ranged = write(
        tmp_path / "s.yaml",
        SMALL,
        ("days: 60", "days: 6\nswitched_off: [programme]"),
        (FIXED, RANGED),
    )
    made = load(ranged, citizens=CITIZENS)
    ensemble(RunPlan(made, 12, processes=1, folder=tmp_path / "out"))
    results = Study(tmp_path / "out")
    assert results.off == {"programme"} and results.runs["programme.level"].n_unique() == 12
    level = results.finished["programme.level"].to_numpy()
    assert carriers(results.finished, level, 1)[0].assumption == "programme.level"
    assert not any(
        c.assumption.startswith("programme.")
        for c in results.carried_by("final_programme_level", most=999)
    )


def test_nothing_moves_where_nothing_is_off():
    made = load("iran-2025", citizens=IRAN)
    assert (
        made.silent == frozenset()
        and made.hash == load("iran-2025", citizens=IRAN).patched({}).hash
    )
    assert not any(a.off for a in made.parameters.values())


# -- how long it takes


def test_a_quick_look_is_smaller_and_its_effort_is_known(tmp_path):
    made = load("first-steps")
    whole, quick = effort(made), effort(made, quick=True)
    assert whole["arms"] == 3 and whole["futures"] == 600 and whole["days"] == 600 * 60
    assert quick["futures"] == 120
    assert 0 < quick["seconds"] < whole["seconds"] and effort(made, only=["T1"])["arms"] == 2
    short = made.patched({}, days=5)
    found = th.claims(short, only=["T2"], quick=True, processes=1, out=tmp_path)
    assert found["T2"].tests[0].effect.pairs == 40
    assert effort(short, only=["T2"], quick=True, out=tmp_path)["futures"] == 0


def test_a_quick_look_at_long_horizons_takes_fewer_pairs():
    made = load("iran-2025")
    assert effort(made, quick=True, only=["C9"])["futures"] == 2 * 10


# -- what check refuses, so that no verb does later

BASE = """\
claims:
  - id: K1
    sentence: So it is.
    arms: {a: {}, b: {set: {broker.guarantee: 6}}}
    tests: [{says: x, outcome: survived, of: b, against: a, expect: above}]
"""


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            "outcome: survived",
            "outcome: reason",
            "it is a text, and an outcome is a number or a condition",
        ),
        (
            "outcome: survived",
            "outcome: \"case when ending = 'coup' then 'lost' end\"",
            "it is a text",
        ),
        ("outcome: survived", "outcome: security.arrest_form", "it is a text"),
        (
            "outcome: survived",
            'outcome: "(select min(day) from self)"',
            "'select' asks for a table",
        ),
        ("outcome: survived", "outcome: median(day)", "'median' runs over futures"),
        ("outcome: survived", "outcome: 3.5 > 2", "it reads no column of a future"),
        ("outcome: survived", 'outcome: survived, given: "2"', "condition '2': it reads no column"),
        (
            "outcome: survived",
            'outcome: survived, given: "killed_protest"',
            "it is a number, not a condition",
        ),
        (
            "outcome: survived",
            'outcome: survived, given: "avg(day) > 3"',
            "'avg' runs over futures",
        ),
        ("expect: above", "expect: above, margin: 0", "margin = 0, by which any difference"),
        ("against: a", "against: b", "compares arm 'b' with itself"),
        (
            "expect: above",
            "expect: above, margin: 5",
            "margin = 5 for 'survived', whose mean is a share",
        ),
        (
            "outcome: survived, of: b, against: a",
            'outcome: "day > 9", of: b, against: 60',
            "against = 60 for 'day > 9', whose mean is a share from 0 to 1; 60 of 100 is 0.6.",
        ),
        (
            "outcome: survived, of: b, against: a",
            f"outcome: day, of: b, against: 1{'0' * 400}",
            "is larger than any number of a scenario (1e+18)",
        ),
        ("guarantee: 6", "guarantee: banana", "broker.guarantee value = 'banana' must be a number"),
        (
            "guarantee: 6",
            "guarantee: true",
            "arm 'b': as set: choices.broker.guarantee = True must be a number",
        ),
        ("guarantee: 6", "guarantee: [6]", "broker.guarantee = [6] must be a number"),
        (
            "guarantee: 6",
            "guarantee: {value: 6, hihg: 7}",
            "unknown key 'hihg' in choices.broker.guarantee",
        ),
        ("guarantee: 6", "guarantee: 600", "lies outside"),
        (
            "broker.guarantee: 6",
            "security.arrest_form: litteral",
            "allowed: literal, floor, smooth, rounded. Did you mean 'literal'?",
        ),
        ("broker.guarantee: 6", "days: 20", "Give the arm itself 'days'."),
        (
            "sentence: So it is.",
            "sentence: So it is.\n    citizens: 500",
            "asks for 500 citizens; this place needs 768",
        ),
        ("claims:", "choices_from: 2025-07-10\nclaims:", None),
    ],
)
def test_what_a_verb_would_refuse_is_refused_by_check(tmp_path, old, new, says):
    assert old in BASE
    text = SMALL + BASE.replace(old, new, 1)
    if says is None:  # an arm that ends before the choices of the file hold
        text = text.replace("a: {}", "a: {days: 20}")
        says = "has 20 days in arm 'a', and choices_from lies 24 days after the start"
    with pytest.raises(Fault) as e:
        load(write(tmp_path / "s.yaml", text), citizens=CITIZENS)
    assert len(e.value.faults) == 1 and says in str(e.value)
    assert "claim K1" in str(e.value) or "any number of a scenario" in says


@pytest.mark.parametrize(
    "new",
    [
        "survived",
        '"killed_protest + executed"',
        '"coalesce(first_talks, 999) <= 30"',
        "survived, given: survived",
        '"final_talks", given: "not survived or day > 3"',
    ],
)
def test_what_check_lets_pass_is_judged(tmp_path, new):
    text = (
        (SMALL + BASE)
        .replace("days: 60", "days: 5")
        .replace("outcome: survived", f"outcome: {new}")
    )
    made = load(write(tmp_path / "s.yaml", text), citizens=CITIZENS)
    (found,) = th.claims(made, runs=5, processes=1, out=tmp_path / "out")
    assert found.verdict in ("supported", "not supported", "not settled", "not testable")


def test_all_faults_of_a_test_are_told_at_once(tmp_path):
    text = SMALL + BASE.replace("outcome: survived", "outcome: survivd, given: ending").replace(
        "against: a", "against: c, margin: 0"
    )
    with pytest.raises(Fault) as e:
        load(write(tmp_path / "s.yaml", text), citizens=CITIZENS)
    assert len(e.value.faults) == 4
