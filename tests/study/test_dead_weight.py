"""What a parameter moves: a planted one that moves nothing is found, and so is one that moves a
record; none of the package's may.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from docs.make.dead_weight import page
from tests.conftest import CITIZENS, SMALL, write
from thermidor.scenario.load import load
from thermidor.study.dead_weight.settings import SETTINGS, Setting, placed
from thermidor.study.dead_weight.weigh import (
    BOOKKEEPING,
    INERT,
    MODEL,
    REASONS,
    Weight,
    dead_weight,
    records,
)
from thermidor.support.faults import Fault

PLANTED = '''"""Weighs down (planted.1)."""

from dataclasses import dataclass

from thermidor.mechanism import Draw, Yesterday, mechanism, option, par, state


@dataclass(frozen=True)
class Parameters:
    idle: float = par(0.5, 0.0, 1.0, "1", "read by nobody")
    counted: float = par(0.5, 0.0, 1.0, "1", "how much is counted")
    pull: float = par(0.5, 0.0, 1.0, "sd", "how much it draws people into the street")
    late: float = par(0.0, 0.0, 1.0, "sd", "the same, in an uprising")
    broken: float = par(1.0, 0.0, 1.0, "1", "by which is divided")
    form: str = option("flat", ("flat", "steep"), "how it is counted")


class See(Yesterday):
    sparks: float
    count: float


def start(p: Parameters, place, draw: Draw):
    return {"count": 0.0}


@mechanism(start=start, owns={"count": state("1", "a count")}, adds=["pull"])
def planted(see: See, p: Parameters, draw: Draw):
    steps = 2.0 if p.form == "steep" else 1.0
    return {
        "count": see.count + p.counted * steps,
        "pull": p.pull + p.late * min(1.0, see.sparks) + 0.0 / p.broken - 0.0,
    }
'''
SHORT = {
    "calm": Setting("as it is", {}, {}, 4, 2),
    "uprising": Setting("an uprising", {"events.onset_day": 1.0}, {}, 6, 2),
}
COUNTRY = (  # where unemployment differs, and the population is not that of (events.2)
    "population: 5_000_000",
    "population: 4_000_000, unemployment: 0.2",
)


@pytest.fixture
def country(tmp_path: Path):
    file = tmp_path / "planted.py"
    file.write_text(PLANTED)
    small = write(tmp_path / "small.yaml", SMALL, COUNTRY)
    return load(small, citizens=CITIZENS, mechanism_files=[file])


def test_what_a_planted_parameter_moves_is_found(country):
    names = ("idle", "counted", "form", "pull", "late")
    found = dead_weight(country, SHORT, keys=[f"planted.{n}" for n in names])
    kinds = {w.key.split(".")[1]: (w.kind, w.where) for w in found}
    assert kinds == {
        "idle": (INERT, ""),
        "counted": (BOOKKEEPING, "calm"),
        "form": (BOOKKEEPING, "calm"),
        "pull": (MODEL, "calm"),
        "late": (MODEL, "uprising"),
    }
    by_name = {w.key.split(".")[1]: w for w in found}
    assert by_name["counted"].moves == ("count",) and by_name["idle"].moves == ()
    assert "turnout" in by_name["pull"].moves


def test_a_value_that_cannot_be_computed_is_told(country):
    (broken,) = dead_weight(country, {"calm": SHORT["calm"]}, keys=["planted.broken"])
    assert broken.fails == (0.0,) and broken.kind == INERT


def test_a_state_that_another_reads_or_an_ending_is_judged_by_is_no_record(country):
    own = records(country)
    assert "count" in own and "poverty" in own
    assert not own & {
        "turnout_country",
        "strength",
        "coup",
        "coup_risk",
        "broken",
        "transfer",
        "occupied",
    }


def test_a_choice_is_tried_from_the_first_day_and_is_not_the_way_things_were(country):
    (spent,) = dead_weight(country, SHORT, keys=["treasury.public"])
    assert spent.kind == MODEL and "hardship" in spent.moves


def test_a_setting_must_fit_the_scenario(country):
    for setting in SETTINGS.values():
        placed(country, setting)
    with pytest.raises(Fault, match="nonsense"):
        placed(country, Setting("", {"media.nonsense": 1.0}, {}, 5, 1))
    with pytest.raises(Fault, match="nonsense"):
        placed(country, Setting("", {}, {"nonsense": 1.0}, 5, 1))


def test_the_page_lists_what_is_inert_and_why_records_may_be_kept(country):
    some = [
        Weight("planted.idle", INERT, "", ()),
        Weight("treasury.hospital", BOOKKEEPING, "calm", ("hospitals_forgone",)),
        Weight("elites.treason", MODEL, "crisis", ("united",), (1.0,)),
    ]
    told = page(some, country)
    assert "Of 3 parameters 1 move the model, 1 a record only, 1 nothing." in told
    assert "- `planted.idle`: read by nobody" in told
    assert REASONS["treasury.hospital"] in told and "Crisis: `elites.treason`." in told
    assert "could not be computed" in told


@pytest.mark.slow
def test_no_parameter_is_inert_and_few_only_keep_a_record(tmp_path):
    """A minute: every parameter, low and high, in every setting."""
    country = load(write(tmp_path / "small.yaml", SMALL, COUNTRY), citizens=CITIZENS)
    found = dead_weight(country)
    assert len(found) == len(country.parameters) and set(REASONS) <= set(country.parameters)
    inert = {w.key for w in found if w.kind == INERT}
    assert not inert, f"these move nothing: {sorted(inert)}"
    kept = {w.key: w.moves for w in found if w.kind == BOOKKEEPING}
    without = {k: moves for k, moves in kept.items() if k not in REASONS}
    assert not without, f"these move a record only, without a reason: {without}"
    failed = {w.key: w.fails for w in found if w.fails}
    assert not failed, f"futures fail at these values: {failed}"
