"""The one rule: a state has one owner, a channel has many speakers, everyone reads yesterday and
writes today.
"""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace

import numpy as np
import pytest

from thermidor.chance.draws import Draw
from thermidor.endings import judge
from thermidor.engine.columns import Columns
from thermidor.engine.simulate import simulate
from thermidor.engine.wiring import Wiring, wire
from thermidor.mechanism import (
    Axis,
    Mechanism,
    NoParameters,
    Yesterday,
    channel,
    mechanism,
    par,
    state,
)
from thermidor.support.faults import Fault

INVENTED: dict[str, Mechanism] = {}


@pytest.fixture
def invented():
    """Mechanisms for one test only."""

    def add(
        name, step, *, owns=None, opens=None, adds=(), reads=(), start=lambda p, place, draw: {}
    ):
        words = {"reads": tuple(reads), "adds": tuple(adds), "cites": ()}
        INVENTED[name] = Mechanism(
            name=name,
            step=step,
            start=start,
            params=NoParameters,
            owns=owns or {},
            opens=opens or {},
            doc="",
            file=name,
            **words,
        )

    yield add
    INVENTED.clear()


def joined(names, off=()) -> Wiring:
    return wire([INVENTED[n] for n in names], off, ["province"])


def play(wiring: Wiring, days: int = 3, place=None):
    """Run invented mechanisms on the real loop."""
    place = SimpleNamespace(weights=np.array([0.5, 0.5]))
    scenario = SimpleNamespace(
        place=place,
        wiring=wiring,
        columns=Columns(wiring, {"province": Axis(("a", "b"), "by province")}),
        judge=judge,
        days=days,
        start=None,
        choices_day=0,
        turns=(),
        dated=(),
        draw=lambda *a, **k: ({m.name: NoParameters() for m in wiring.mechanisms},) * 2,
    )
    return simulate(scenario)


COUNT = state("count", "x")


def test_everyone_reads_yesterday_so_the_order_of_listing_changes_nothing(invented):
    invented(
        "ahead",
        lambda see, p, draw: {"a": see.b + 1},
        owns={"a": COUNT},
        reads=["b"],
        start=lambda p, place, draw: {"a": 0.0},
    )
    invented(
        "behind",
        lambda see, p, draw: {"b": see.a * 2},
        owns={"b": COUNT},
        reads=["a"],
        start=lambda p, place, draw: {"b": 1.0},
    )
    runs = [play(joined(order), 5) for order in (["ahead", "behind"], ["behind", "ahead"])]
    assert list(runs[0]["a"]) == [0, 2, 1, 5, 3, 11]
    assert np.array_equal(runs[0].series, runs[1].series)


def test_a_channel_sums_its_speakers_and_keeps_who_said_what(invented):
    invented(
        "listener",
        lambda see, p, draw: {"heard": float(see.talk)},
        owns={"heard": COUNT},
        opens={"talk": channel("count", "x")},
        start=lambda p, place, draw: {"heard": 0.0},
    )
    invented("one", lambda see, p, draw: {"talk": 2.0}, adds=["talk"])
    invented("two", lambda see, p, draw: {"talk": -0.5}, adds=["talk"])
    run = play(joined(["listener", "one", "two"]), 7)
    assert list(run["heard"]) == [0, 0] + [1.5] * 6
    assert dict(zip(run.speakers, run.voices[0], strict=True)) == {
        ("talk", "one"): 2.0,
        ("talk", "two"): -0.5,
    }


def test_what_was_not_declared_cannot_be_read(invented):
    invented(
        "owner",
        lambda see, p, draw: {"secret": 1.0},
        owns={"secret": COUNT},
        start=lambda p, place, draw: {"secret": 1.0},
    )
    invented(
        "spy",
        lambda see, p, draw: {"x": see.secret},
        owns={"x": COUNT},
        start=lambda p, place, draw: {"x": 0.0},
    )
    with pytest.raises(
        AttributeError, match="spy looked at 'secret' without declaring it; add it to reads="
    ):
        play(joined(["owner", "spy"]))


def test_yesterday_cannot_be_written():
    with pytest.raises(AttributeError, match="return it from the step"):
        Yesterday("someone", ["x"]).see({"x": 1}).x = 2


def test_arrays_that_are_handed_out_are_frozen(invented):
    def vandal(see, p, draw):
        see.field[0] = 7.0
        return {"y": 0.0}

    invented(
        "owner",
        lambda see, p, draw: {"field": see.field + 1},
        owns={"field": state("x", "x", by="province")},
        start=lambda p, place, draw: {"field": np.zeros(2)},
    )
    invented(
        "vandal",
        vandal,
        owns={"y": COUNT},
        reads=["field"],
        start=lambda p, place, draw: {"y": 0.0},
    )
    with pytest.raises(ValueError, match="read-only"):
        play(joined(["owner", "vandal"]))


@pytest.mark.parametrize(
    "returned, says",
    [
        ({"a": 1.0, "b": 2.0}, "m returned 'b', which it neither owns nor adds to"),
        ({}, "m did not return its state 'a'"),
        ({"a": np.zeros(3)}, r"m returned 'a' of shape \(3,\); it is given by country, so \(\)"),
    ],
)
def test_a_step_returns_what_it_declared(invented, returned, says):
    invented(
        "m",
        lambda see, p, draw: returned,
        owns={"a": COUNT},
        start=lambda p, place, draw: {"a": 0.0},
    )
    with pytest.raises(Fault, match=says):
        play(joined(["m"]))


def test_wiring_faults_are_told_all_at_once(invented):
    invented("first", None, owns={"x": COUNT})
    invented("second", None, owns={"x": COUNT})
    with pytest.raises(Fault) as e:
        joined(["first", "second", "first"], off=["nobody"])
    text = str(e.value)
    assert "'x' belongs to both first and second" in text
    assert (
        "'first' is listed more than once" in text
        and "'nobody' is switched off but is not one of the mechanisms" in text
    )


def test_a_channel_without_listener_and_a_state_without_owner(invented):
    invented("caller", None, adds=["void"], reads=["nothing"])
    with pytest.raises(
        Fault, match="caller adds to channel 'void', which no mechanism here listens to"
    ) as e:
        joined(["caller"])
    assert "caller reads 'nothing', which no mechanism here owns" in str(e.value)


@pytest.mark.parametrize(
    "bad, says",
    [
        (par(2.0, 0.0, 1.0, "x", "x"), "lies outside its own range"),
        (
            par(0.5, 0.0, 1.0, "x", "x", None, "measured"),
            "has no source, so its grade must be 'judgement'",
        ),
        (par(0.5, 0.0, 1.0, "x", "x", "A2000", "guess"), "has grade 'guess'"),
        (par(0.5, 0.0, 1.0, "x", "x", log=True), "drawn on a log scale"),
    ],
)
def test_a_badly_declared_parameter_is_refused(bad, says):
    sheet = dataclasses.make_dataclass("P", [("x", float, bad)], frozen=True)
    with pytest.raises(Fault, match=says):
        mechanism(params=sheet)(lambda see, p, draw: {})


def test_taking_a_mechanism_out_leaves_the_draws_of_the_others_unchanged(small):
    at_war = small.patched(
        {"adversary.under_way": 1, "programme.level": 0.6}
    )  # a campaign wears the fronts down
    whole = simulate(at_war, 3, 5)
    without = simulate(at_war.patched({}, switched_off=["proxies"]), 3, 5)
    for name in ("oil_price", "sparks"):
        assert np.array_equal(whole[name], without[name])
    assert whole.parameters["citizens"] == without.parameters["citizens"]
    assert not np.array_equal(
        whole["deterrence_lent"], without["deterrence_lent"]
    )  # off: stays as it started
    assert len(set(without["deterrence_lent"])) == 1


def test_a_patch_changes_no_other_assumption(small):
    a, b = small.draw(1, 2)[1], small.patched({"citizens.ties": 0.5}).draw(1, 2)[1]
    changed = {
        (w, f.name)
        for w in a
        for f in dataclasses.fields(a[w])
        if getattr(a[w], f.name) != getattr(b[w], f.name)
    }
    assert changed == {("citizens", "ties")}


def test_a_patch_of_a_choice_acts_from_the_first_day_on_the_world_as_it_was(small):
    base, patched = simulate(small, 1, 1), simulate(small.patched({"treasury.public": 0}), 1, 1)
    assert (
        base["poverty"][0] == patched["poverty"][0] and patched["poverty"][1] > base["poverty"][1]
    )


def test_draws_are_addressed_not_consumed():
    a, b = Draw(1, 2, "citizens"), Draw(1, 2, "citizens")
    a.day = b.day = 9
    a.uniform("something else")
    assert a.uniform("x") == b.uniform("x") != b.uniform("y")
    assert a.key("x") != Draw(1, 2, "media").key("x") and a.key("x") != Draw(2, 2, "citizens").key(
        "x"
    )
    held = [Draw(1, 2, "ruler") for _ in range(40)]
    for day, draw in enumerate(held):
        draw.day = day
    assert len({d.during(20).uniform("mood") for d in held}) == 2


def test_draws_look_uniform_and_unrelated():
    n = 40_000
    x = np.array(
        [Draw(s, 0, "m").uniform("x") for s in range(n // 100)]
        + list(Draw(1, 0, "m").uniforms("x", n))
    )
    assert abs(x.mean() - 0.5) < 4 * 0.2887 / np.sqrt(len(x))
    counts, _ = np.histogram(x, 20, (0, 1))
    assert (
        (counts - len(x) / 20) ** 2 / (len(x) / 20)
    ).sum() < 45  # chi-square, 19 degrees, one in a thousand is 43.8
    y = Draw(1, 1, "m").uniforms("x", n)
    assert abs(np.corrcoef(Draw(1, 0, "m").uniforms("x", n), y)[0, 1]) < 4 / np.sqrt(n)


def test_the_record_refuses_numbers_that_are_not_finite(invented):
    invented(
        "m",
        lambda see, p, draw: {"a": float("nan")},
        owns={"a": COUNT},
        start=lambda p, place, draw: {"a": 0.0},
    )
    with pytest.raises(Fault, match="'a' became nan on day 1"):
        play(joined(["m"]))
