"""Some of the corners of corners.py, and what was found there."""

from __future__ import annotations

import json

import numpy as np
import pytest

from tests.conftest import SMALL, write
from tests.engine.corners import corners, wrong
from thermidor.engine.simulate import simulate
from thermidor.scenario.load import load
from thermidor.support.faults import Fault

KINDS = ("police", "militia", "guards", "army")


def small(tmp_path, *changes):
    made = load(write(tmp_path / "s.yaml", SMALL, *changes))
    return made.sized(made.place.fewest)


def test_corners_of_the_ledger(tmp_path):
    assert {
        name: found for name, made in corners(24, 11, 40, tmp_path) if (found := wrong(made))
    } == {}


def test_the_search_finds_what_is_wrong(tmp_path, monkeypatch):
    from thermidor.mechanisms import adversary

    monkeypatch.setattr(adversary, "advanced", lambda *a: 1.44)
    assert "occupied (share) is 1.44 to 1.44" in wrong(small(tmp_path).patched({}, [], 3))[0]


@pytest.mark.parametrize(
    "nobody", [["militia"], ["police"], ["guards"], ["police", "militia", "guards"]]
)
def test_a_kind_of_force_may_have_nobody(nobody, tmp_path):
    made = small(tmp_path).patched({f"security.{k}": 0 for k in nobody}, [], 20)
    assert wrong(made) == []
    loyalty = [simulate(made, 1, 0)[f"loyalty_{k}"] for k in KINDS]
    assert all(x.min() > 0 and x.max() < 1 for x in loyalty)


def test_a_regime_without_any_force_has_none_that_refuse(tmp_path):
    none = {"value": 0, "low": 0, "high": 0, "source": "a source of one's own"}
    made = small(tmp_path).patched({f"security.{k}": none for k in KINDS}, [], 20)
    assert wrong(made) == [] and not simulate(made, 1, 0)["refusing"].any()


def test_groups_and_fronts_with_nobody(tmp_path):
    made = small(
        tmp_path,
        ("  fronts: [{name: north, strength: 0.3}]\n", ""),
        (", minority: 0.1", ""),
        (", minority: 0.3", ""),
    )
    assert wrong(made.patched({}, [], 20)) == []
    finals = simulate(made, 1, 0).finals
    assert (
        finals["turnout_group_young_men_minority"] == 0
        and finals["turnout_group_young_men_majority"] > 0
    )


def test_shares_that_add_up_to_one_and_a_hair(tmp_path):
    made = small(tmp_path, ("minority: 0.1", "children: 0.33, young: 0.56, old: 0.11"))
    assert made.place.composition.min() >= 0 and wrong(made.patched({}, [], 5)) == []
    with pytest.raises(Fault, match="sum to 1.01; at most 1"):
        small(tmp_path, ("minority: 0.1", "children: 0.33, young: 0.57, old: 0.11"))


def test_nobody_is_lost_twice_in_a_small_country_under_great_force(tmp_path):
    """Each cause of loss goes to its end and no further."""
    event = (
        "events:\n  - {day: 1, what: x, into: force, value: 1, days: 60}\n"
        "  - {day: 1, what: x, into: departures, value: 7, days: 60}\n"
    )
    path = write(
        tmp_path / "s.yaml",
        SMALL + event,
        ("5_000_000", "1000"),
        ("3_000_000", "1000"),
        ("2_000_000", "1000"),
    )
    made = load(path).patched(
        {
            "adversary.under_way": 1,
            "adversary.strikes": 200,
            "adversary.deaths": 10,
            "security.executions": 5000,
            "citizens.quiet_turnout": 6e-5,
            "citizens.leave_rate": 0.004,
        },
        [],
        60,
    )
    assert wrong(made) == []
    last = simulate(made, 1, 0, fixed=True)
    gone = sum(
        last[s][-1] for s in ("jailed", "exiled", "killed_protest", "executed", "killed_strikes")
    )
    assert 2000 < gone <= 3000


def test_what_is_heard_lies_within_the_bounds_of_the_channel(tmp_path):
    """Many events together are heard as one of the loudest."""
    loud = "events:\n" + "".join(
        f"  - {{day: 2, what: x{k}, into: pull, value: 30, where: A}}\n" for k in range(5)
    )
    made = load(write(tmp_path / "s.yaml", SMALL + loud))
    pull = []
    simulate(
        made.sized(768).patched({}, [], 3),
        1,
        0,
        watch=lambda m: pull.append(np.asarray(m.now["pull"])),
    )
    assert pull[1][0] == 30 and abs(pull[1][1]) < 10 and abs(pull[2]).max() < 10


def test_every_channel_that_an_event_can_reach_has_bounds():
    w = load("iran-2025").wiring
    assert all(
        np.isfinite([q.low, q.high]).all() and q.low <= 0 <= q.high for q in w.channels.values()
    )


def test_an_event_for_one_province_of_a_channel_with_two_axes(tmp_path):
    made = load(
        write(
            tmp_path / "s.yaml",
            SMALL + "events: [{day: 2, what: x, into: force, value: 0.5, where: B}]\n",
        )
    )
    assert json.dumps(made.place.dated[0][3].tolist()) == "[[0.0, 0.5, 0.0], [0.0, 0.5, 0.0]]"
