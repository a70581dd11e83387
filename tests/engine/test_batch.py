"""Futures side by side are those of the plain loop, one by one, in every corner that was thought
of: series, events, who moved whom, provinces, last days, costs, endings.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import CITIZENS, SMALL, write
from tests.engine.abreast import abreast, differences, unlike
from tests.engine.corners import corners
from thermidor.engine.batch import Batch, Futures, simulate_many
from thermidor.engine.simulate import simulate
from thermidor.engine.snapshot import Snapshot
from thermidor.history.simulated.bank import SHARED, design
from thermidor.history.simulated.country import scenario
from thermidor.history.tables.cases import read_cases
from thermidor.history.tables.covariates import covariates
from thermidor.mechanism import BUILT_IN
from thermidor.scenario.load import load
from thermidor.support.faults import Fault

FEW = 4
FEWER = 2  # of long or many futures: the plain loop takes most of the time
CURFEW = Path(__file__).parents[2] / "docs" / "examples" / "curfew.py"
EVENTFUL = {"events.spark_rate": 1.2, "events.spark_size": 2.1, "citizens.quiet_turnout": 6e-5}
AT_WAR = {"adversary.under_way": 1, "programme.level": 0.6, "adversary.strikes": 120}
EVENTS = """\
events:
  - {day: 2, what: a march, into: pull, value: 1.5, days: 5}
  - {day: 3, what: a march in B, into: pull, value: 2.5, days: 9, where: B}
  - {day: 3, what: troops in the capital, into: force, value: 0.3, days: 4, where: A}
  - {day: 8, what: a long strike, into: strain, value: 0.4, days: 30}
  - {day: 8, what: a rumour, into: plots, value: 1.0}
  - {day: 40, what: the last, into: departures, value: 0.5, days: 21}
"""


@pytest.fixture(scope="module", autouse=True)
def steps(small, compiled):
    """The steps of the mechanisms."""
    return Batch(Futures([small], [0])).steps


@pytest.fixture(scope="module")
def eventful(small):
    return small.patched(EVENTFUL)


def test_every_built_in_mechanism_is_compiled(steps):
    assert {name: step.why for name, step in steps.items() if step.step is None} == {}
    assert set(steps) == set(BUILT_IN)


@pytest.mark.parametrize("name, days", [("iran-2025", 365), ("first-steps", 60)])
def test_the_scenarios_of_the_package(name, days):
    made = load(name)
    made = made.sized(made.place.fewest)
    assert made.days == days and unlike(made, FEWER) == {}


def test_more_agents_a_province(eventful):
    assert unlike(eventful.sized(30_000).patched({}, days=20), FEW) == {}


CASES = [case.known for case in read_cases()[0]][:: len(read_cases()[0]) // 6][:6]


@pytest.mark.parametrize("known", CASES, ids=lambda known: known.id)
def test_past_cases(known):
    made = scenario(covariates(known, None))
    assert unlike(made.sized(made.place.fewest).patched({}, days=60), FEW) == {}


def test_past_cases_with_assumptions_of_their_own():
    """As the bank plays them: the shared parameters of each future are given."""
    eight = 8  # a power of two, for the design
    made = scenario(covariates(CASES[0], None))
    made = made.sized(made.place.fewest).patched({}, days=60)
    values = dict(zip(SHARED, design(eight, 1).T, strict=True))
    sheets = made.draw_many(1, range(eight)).holding(values)
    many = list(simulate_many([made] * eight, 1, range(eight), sheets, abreast=3))
    drawn = abreast([made] * eight, range(eight))
    for run, other, (_, now) in zip(many, drawn, sheets, strict=True):
        assert run.parameters == now and not np.array_equal(run.series, other.series)
    held = made.draw_many(1, range(eight))
    for run, other in zip(
        simulate_many([made] * eight, 1, range(eight), held, abreast=3), drawn, strict=True
    ):
        assert np.array_equal(run.series, other.series)


def test_parameters_at_the_ends_of_their_ranges(tmp_path):
    """In odd places, with the loudest events and mechanisms switched off."""
    found = {
        name: told
        for name, made in corners(14, 5, 40, tmp_path)
        if (told := unlike(made, 1, fixed=True))
    }
    assert found == {}


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_mechanism_that_is_switched_off(eventful, name):
    assert unlike(eventful.patched(AT_WAR, switched_off=[name], days=40), FEW) == {}


def later(days: int, made) -> dict:
    return {"choices_from": made.start + timedelta(days=days)}


CHOICES = {"treasury.patronage": 1, "ruler.force_limit": 0, "adversary.intensity": 0.5}
SETTINGS = {
    "assumptions that are held": {},
    "a campaign": AT_WAR,
    "ground forces": AT_WAR | {"adversary.ground_force": 2.0},
    "a deal": AT_WAR | {"negotiation.deal_day": 9},
    "a pact": {"negotiation.pact_day": 9, "negotiation.handover_days": 30},
    "a pact that promises": {"negotiation.pact_day": 5, "negotiation.transfer": 0},
    "no deal, no offer": {"negotiation.no_deal": 1, "broker.offer_open": 0},
    "an uprising": {"events.onset_day": 4, "events.onset": 3.0},
    "a leader who dies": {"events.leader_mortality": 0.4},
    "coups": {"elites.coup_rate": {"value": 9, "low": 9, "high": 9, "source": "a test"}},
    "quiet streets": {"citizens.quiet_turnout": 4e-6},
} | {f"arrests {form}": {"security.arrest_form": form} for form in ("floor", "smooth", "rounded")}


@pytest.mark.parametrize("name", SETTINGS)
def test_settings_under_stress(eventful, name):
    fixed = name == "assumptions that are held"
    assert unlike(eventful.patched(SETTINGS[name]), FEW, fixed=fixed) == {}


def test_under_stress_regimes_end_in_many_ways(eventful):
    found = {"in power"}
    for patch in SETTINGS.values():
        made = eventful.patched(patch)
        found |= {run.ending for run in abreast([made] * FEW, range(FEW))}
    assert found == {"in power", "uprising", "coup", "imposed", "pact"}


def test_choices_that_change_on_a_day(eventful):
    made = eventful.patched(AT_WAR | CHOICES | later(20, eventful))
    assert made.choices_day == 19 and made.status_quo and unlike(made, FEW) == {}


def test_mechanisms_that_are_switched_off_on_a_day(eventful):
    off = ["media", "security", "events", "adversary"]
    made = eventful.patched(AT_WAR | later(20, eventful), switched_off=off)
    assert unlike(made, FEW) == {}


@pytest.mark.parametrize("off", [[], ["events"], ["citizens"]])
def test_dated_events(tmp_path, off):
    """Into channels by province, by kind and province and of one number; told on their first
    day.
    """
    made = load(write(tmp_path / "s.yaml", SMALL + EVENTS), citizens=CITIZENS)
    made = made.patched({}, switched_off=off)
    assert unlike(made, FEW) == {}
    told = {what for _, _, what, _ in abreast([made], [0])[0].happened}
    assert ("a march in B" in told) == ("events" not in off)


def test_a_file_of_the_users_own_is_compiled(tmp_path):
    made = load(write(tmp_path / "s.yaml"), citizens=CITIZENS, mechanism_files=[CURFEW])
    made = made.patched(EVENTFUL | {"curfew.trigger": 1e-4})
    assert Batch(Futures([made], [0])).steps["curfew"].step is not None
    assert unlike(made, FEW) == {}
    assert any(run["curfew"].max() > 0 for run in abreast([made] * FEW, range(FEW)))


HOME = '''\
"""Numbers of every shape that a file may own, say, tell and remember."""
from dataclasses import dataclass
from typing import NamedTuple
import numpy as np
from thermidor.mechanism import Draw, Yesterday, channel, mechanism, option, par, state, when

class Inner(NamedTuple):
    counts: np.ndarray

class Memory(NamedTuple):
    rate: float
    level: np.ndarray
    inner: Inner

@dataclass(frozen=True)
class P:
    rate: float = par(0.3, 0.1, 0.9, "a day", "how fast")

class See(Yesterday):
    turnout: np.ndarray
    talk: float
    tales: np.ndarray
    at_home: float
    house: np.ndarray
    room: np.ndarray
    memory: Memory

def start(p: P, place, draw):
    n = len(place.ids)
    memory = Memory(p.rate, np.full(n, draw.uniform("first")), Inner(np.zeros((n, 2), np.int64)))
    return {"memory": memory, "at_home": 0.0, "house": np.zeros(n), "room": np.ones((5, n))}

@mechanism(
    start=start,
    owns={"at_home": state("count", "x"), "house": state("count", "x", by="province"),
          "room": state("count", "x", by="story x province")},
    opens={"talk": channel("count", "x", low=-1.0, high=1.0),
           "tales": channel("count", "x", by="province")},
    adds=["pull", "talk", "force"],
    tells=["the bell is rung", "a door is shut"],
    axes={"story": Axis(tuple("abcde"))},
)
def homes(see: See, p: P, draw: Draw):
    memory = see.memory
    memory.level[:] = memory.level * (1 - memory.rate) + see.turnout
    memory.inner.counts[0, 1] += draw.happens("count", 0.3)
    luck = draw.uniforms("luck", 3)
    held = draw.during(7.0).normal("mood")
    rung = draw.uniform("bell") < 0.1
    PLAINLY
    return {
        "at_home": see.at_home + memory.inner.counts[0, 1] + held,
        "house": see.house * 0.9 + memory.level + luck[0],
        "room": see.room * 0.99 + see.talk,
        "pull": 0.01 * see.house,
        "talk": 0.01 * draw.exponential("talk"),
        "force": 0.001,
        "the bell is rung": when(rung, luck[1]),
        "a door is shut": when(luck[2] < 0.05),
    }
'''.replace("import Draw,", "import Axis, Draw,")
WAYS = {  # what stands in a step that cannot be compiled, or that can
    "compiled": "pass",
    "a dict": "rung = {'yes': [True], 'no': [False]}['yes' if rung else 'no'][0]",
    "try": "\n    try:\n        see.at_home.none\n    except AttributeError:\n        pass",
}


@pytest.mark.parametrize("way", WAYS)
def test_a_file_that_cannot_be_compiled_plays_as_plain_python(tmp_path, way):
    file = tmp_path / "homes.py"
    file.write_text(HOME.replace("PLAINLY", WAYS[way]))
    made = load(write(tmp_path / "s.yaml"), citizens=CITIZENS, mechanism_files=[file])
    step = Batch(Futures([made], [0])).steps["homes"]
    assert (step.step is None) == bool(step.why) == (way != "compiled"), step.why
    assert unlike(made, FEW) == {}
    told = {what for run in abreast([made] * FEW, range(FEW)) for _, _, what, _ in run.happened}
    assert {"the bell is rung", "a door is shut"} <= told


SIZES = '''\
"""Arrays of sizes that do not fit."""
from dataclasses import dataclass
import numpy as np
from thermidor.mechanism import Axis, mechanism, par, state

@dataclass(frozen=True)
class P:
    case: float = par(0.0, 0.0, 9.0, "number", "which does not fit")

def start(p, place, draw):
    return {"one": np.zeros(3), "two": np.zeros((5, 3))}

@mechanism(
    params=P,
    start=start,
    owns={"one": state("count", "x", by="province"),
          "two": state("count", "x", by="story x province")},
    adds=["pull", "force"],
    axes={"story": Axis(tuple("abcde"))},
)
def sizes(see, p, draw):
    one, two, pull, force = np.zeros(3), np.zeros((5, 3)), np.zeros(3), np.zeros((2, 3))
    if p.case == 1:
        one = np.zeros(1)
    if p.case == 2:
        two = np.zeros((3, 5))
    if p.case == 3:
        pull = np.zeros(2)
    if p.case == 4:
        pull = np.zeros(4)
    if p.case == 5:
        force = np.zeros((3, 2))
    return {"one": one, "two": two, "pull": pull, "force": force}
'''


def test_an_array_of_another_size_is_refused_by_compiled_steps_too(tmp_path):
    file = tmp_path / "sizes.py"
    for text, last in ((SIZES, 5), (SIZES.replace('"pull": pull', '"pull": force'), 0)):
        file.write_text(text)
        made = load(write(tmp_path / "s.yaml"), citizens=CITIZENS, mechanism_files=[file])
        step = Batch(Futures([made], [0])).steps["sizes"].step
        assert (step is None) == (last == 0)  # another number of axes is not compiled
        for case in range(last + 1):
            one = made.patched({"sizes.case": case}, days=1)
            if last and not case:
                assert unlike(one, 1) == {}
                continue
            for play in (lambda s: abreast([s], [0]), simulate):
                with pytest.raises((Fault, ValueError), match="of shape|not of the size"):
                    play(one)


def test_futures_of_different_countries_are_those_of_each(tmp_path):
    """Places of other people, strength, agents and days, side by side."""
    texts = (
        (),
        (("days: 60", "days: 31"), ("5_000_000", "900_000")),
        (("days: 60", "days: 80"), ("minority: 0.3", "minority: 0.9"), ("0.3}]\n", "0.9}]\n")),
        (("3_000_000", "80_000_000"), ("gdp: 60_000", "gdp: 900_000")),
    )
    made = [
        load(write(tmp_path / f"{k}.yaml", SMALL, *changes)).sized(agents).patched(EVENTFUL)
        for k, (changes, agents) in enumerate(zip(texts, (768, 3000, 800, 20_000), strict=True))
    ]
    models = [made[k % 4] for k in range(12)]
    days = set()
    for model, run in zip(models, abreast(models, range(12)), strict=True):
        alone = abreast([model], [run.run])[0]
        assert list(differences(alone, run)) == [] and np.array_equal(alone.series, run.series)
        assert list(differences(simulate(model, 1, run.run), run)) == []
        days.add(run.day)
    assert {31, 60, 80} <= days


@pytest.mark.parametrize("day", [1, 14, 58])
def test_branches_of_a_past(eventful, tmp_path, day):
    """With other choices after it; the branch 0 is the future's own."""
    moments: list[Snapshot] = []
    made = eventful.patched(CHOICES | later(day + 1, eventful))

    def keep(moment: Snapshot) -> None:
        if moment.day == day:
            moment.save(tmp_path / "past.npz", "x")
            moments.append(moment)

    simulate(made, 1, 2, watch=keep)
    assert moments, "the past ended before"
    branches = abreast(
        [made] * FEW,
        range(FEW),
        past=lambda first: first.restored(tmp_path / "past.npz", "x"),
        past_run=2,
    )
    for number, run in enumerate(branches):
        whole = simulate(made, 1, 2, branch=(day, number))
        assert [x for x in differences(whole, run) if not x.startswith("run: ")] == []
        assert run.run == number


def test_days_in_one_call_are_those_of_their_steps(eventful, compiled, tmp_path):
    late = eventful.patched(AT_WAR | CHOICES | later(20, eventful))
    off = eventful.patched({}, ["media"])
    told = load(write(tmp_path / "s.yaml", SMALL + EVENTS), citizens=CITIZENS)
    for model, one_by_one in ((eventful, False), (late, False), (off, False), (told, True)):
        futures = Futures([model] * 5, range(5), 3)
        steps, day = Batch(futures), Batch(futures, whole=True)
        first, second = [], []
        steps.play(lambda *d, seen=first: seen.append(d))
        day.play(lambda *d, seen=second: seen.append(d))
        assert first == second and day.played == steps.played
        assert day.whole is not None and steps.whole is None
        assert (sum(day.seconds.values()) > 0) == one_by_one
        assert np.array_equal(steps.series, day.series, equal_nan=True)
        assert np.array_equal(steps.voices, day.voices) and steps.endings == day.endings
        assert steps.happened == day.happened


def test_what_is_watched_is_every_day_and_how_many_lived_it(eventful):
    runs, seen = range(FEW), []
    batch = Batch(Futures([eventful.patched(SETTINGS["a pact"])] * FEW, runs))
    batch.play(lambda day, futures: seen.append((day, futures)))
    lived = [run.day for run in batch.runs()]
    assert seen == [(d, sum(n >= d for n in lived)) for d in range(1, max(lived) + 1)]
    assert len(set(lived)) > 1  # some end early
