"""The gate of effects: every row is expressed or has its reason, what an arm sets is there, a wrong
sign fails, and the intervals are those that can be computed by hand.
"""

from __future__ import annotations

import json
import math

import numpy as np
import polars as pl
import pytest

from tests.conftest import command
from thermidor.history import effects as gate_of_effects
from thermidor.history.effects import difference, gate, held, level, percent, ratio
from thermidor.history.simulated import arms
from thermidor.history.simulated.arms import Arm, Learnt, Of, Says, cells, of_record, scenario_of
from thermidor.history.simulated.effects import ARMS, NOT_EXPRESSED, ROWS, Row
from thermidor.history.simulated.quantities import QUANTITIES, UNREST, Future
from thermidor.history.tables.effects import GROUPS, effect, effects
from thermidor.report.effects import by_tier, head, known, of, say_effects, sides, verdict
from thermidor.support.faults import Fault

KNOWN = effects()
ALWAYS = np.ones(400)


@pytest.fixture
def few(monkeypatch):
    """Two countries an arm, so that little has to be built."""
    monkeypatch.setattr(arms, "COUNTRIES", 2)
    monkeypatch.setattr(arms, "_kept", {})


def side(top, bottom=None) -> np.ndarray:
    top = np.asarray(top, float)
    return np.array([top, np.ones(len(top)) if bottom is None else np.asarray(bottom, float)])


class Told(dict):
    """A future as told: its series, its last day and its ending."""

    def __init__(self, day: int, ending: str, **series):
        super().__init__({k: np.asarray(v, float) for k, v in series.items()})
        self.day, self.ending = day, ending


def seen(quantity: str, run: Told, first: int = 1, last: int = 365) -> tuple[float, float]:
    return QUANTITIES[quantity](Future(run, "party", first, last))


def test_every_row_of_the_table_is_expressed_or_has_its_reason():
    assert len(KNOWN) == 54
    expressed = {r.id for r in ROWS}
    assert expressed | set(NOT_EXPRESSED) == set(KNOWN)
    assert not expressed & set(NOT_EXPRESSED)
    assert all(NOT_EXPRESSED.values())
    assert len({(r.id, r.label) for r in ROWS}) == len(ROWS)
    assert {a for r in ROWS for a in (r.treated, r.control) if a} == set(ARMS)  # none is spare
    assert {k for g in GROUPS for k in g} <= set(KNOWN)


def test_every_row_is_computed_from_parameters_channels_and_states_that_are_there(few):
    """A parameter, a channel or a state that is gone is a fault here, for whichever row."""
    short = {}
    for name, arm in ARMS.items():
        needed = max([12, *(s.day + 1 for s in arm.events)])
        short[name] = arm._replace(days=min(arm.days, needed))
    rows = [r._replace(days=(1, 12)) for r in ROWS]
    found = gate(2, rows=rows, arms=short, chunk=2, processes=1)
    assert [r["id"] for r in found["rows"]] == [r.id for r in ROWS]
    assert found["all"]["of"] == len({r.id for r in ROWS}) == len(ROWS) - 1  # E38 in two parts
    json.dumps(found, allow_nan=False)
    for r in found["rows"]:
        assert sides(r) and of(r["model"]) and known(r) and verdict(r)
    say_effects(found)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"sets": {"media.nonsense": 1.0}}, "no parameter of media"),
        ({"sets": {"nonsense.rate": 1.0}}, "nonsense"),
        ({"sets": {"security.strength": 7.0}}, "security.strength"),
        ({"sets": {"security.guards": Of("security.nonsense", 1.0)}}, "no parameter of security"),
        ({"events": (Says("nonsense", 1.0),)}, "no mechanism here listens to"),
        ({"events": (Says("leader_risk", 1.0),)}, "channel of events itself"),
        ({"people": {"nonsense": 1.0}}, "nonsense"),
    ],
)
def test_what_an_arm_sets_must_be_there(changes, says):
    with pytest.raises(Fault, match=says):
        scenario_of(ARMS["regimes"].but("regimes", **changes), 0, 1)


def test_a_row_whose_quantity_reads_a_state_that_is_gone_is_no_pass():
    with pytest.raises(ValueError, match="opposition"):
        QUANTITIES["support"](Future(_Nothing(), "party", 1, 5))


class _Nothing:
    day, ending = 5, "in power"

    def __getitem__(self, name: str):
        raise ValueError(f"{name} is not in list")


def test_a_wrong_sign_fails(few):
    """Fear keeps people at home (E39); with treated and control exchanged it is not inside."""
    right = next(r for r in ROWS if r.id == "E39")
    wrong = right._replace(treated=right.control, control=right.treated)
    short = {k: ARMS[k]._replace(days=12) for k in (right.treated, right.control)}
    told = [
        gate(12, rows=[r._replace(days=(2, 12))], arms=short, processes=1)["rows"][0]
        for r in (right, wrong)
    ]
    assert [t["inside"] for t in told] == [True, False]
    assert told[0]["model"]["value"] == pytest.approx(-told[1]["model"]["value"])
    assert told[0]["model"]["high"] < 0 and told[1]["miss"] < 0 == told[0]["miss"]


def test_an_effect_that_no_pair_shows_has_no_sign(few):
    same = Row("E39", "regimes", "twin", "crowd", (1, 8))
    short = ARMS["regimes"]._replace(days=8)
    found = gate(4, rows=[same], arms={"regimes": short, "twin": short}, processes=1)
    row = found["rows"][0]
    assert row["model"] == {"value": 0.0, "low": 0.0, "high": 0.0} and not row["inside"]


def one(row: Row, *columns: tuple[np.ndarray, np.ndarray]) -> dict:
    """A row held against the table, its arms as given."""
    names = [n for n in (row.treated, row.control) if n]
    found = {
        name: pl.DataFrame(
            {
                "number": range(len(top)),
                "kind": ["party"] * len(top),
                "top0": top,
                "bottom0": bottom,
            }
        )
        for name, (top, bottom) in zip(names, columns, strict=True)
    }
    asked = {n: [read] for n, read in zip(names, gate_of_effects.reads(row), strict=False)}
    return held(row, KNOWN[row.id], found, asked, dict.fromkeys(names, Arm("regimes")))


def chance(p: float, n: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    return (np.arange(n) < round(p * n)).astype(float), np.ones(n)


def test_an_interval_overlaps_or_misses_by_how_much():
    """E31: .34, .24 to .45."""
    row = Row("E31", "a", None, "falls")
    inside, near, far = (one(row, chance(p)) for p in (0.30, 0.235, 0.10))
    assert inside["inside"] and inside["miss"] == 0 and inside["sharp"]
    assert near["inside"] and near["miss"] == pytest.approx(-0.005)
    assert not far["inside"] and far["miss"] == pytest.approx(-0.14)
    wide = one(row, chance(0.2, 20))
    assert wide["inside"] and not wide["sharp"]
    assert [verdict(x) for x in (inside, far, wide)] == ["yes", "no", "yes, wide"]


def test_ratios_stand_against_ratios_and_directions_against_one():
    """E16 (A): 1.62, 1.17 to 2.23. E21 (C): above 1, whatever its tolerance."""
    e16 = one(Row("E16", "a", "b", "falls"), chance(0.08), chance(0.05))
    assert e16["model"]["value"] == pytest.approx(1.6) and e16["inside"]
    far = one(Row("E21", "a", "b", "falls"), chance(0.5), chance(0.05))
    none = one(Row("E21", "a", "b", "falls"), chance(0.05), chance(0.05))
    assert far["inside"] and far["model"]["value"] == pytest.approx(10) and far["miss"] == 0
    assert not none["inside"] and known(none) == "above"
    never = one(Row("E62", "a", "b", "falls"), chance(0.0), chance(0.0))
    assert not never["inside"] and of(never["model"]) == "not known"


def test_times_and_kinds():
    points = one(Row("E07", "a", "b", "falls", times=100), chance(0.12), chance(0.05))
    assert points["model"]["value"] == pytest.approx(7.0) and points["inside"]
    frame = {"number": range(4), "kind": ["party", "party", "personal", "personal"]}
    found = {"a": pl.DataFrame({**frame, "top0": [1.0, 0, 0, 0], "bottom0": ALWAYS[:4]})}
    row = Row("E08", "a", None, "ends", kinds=("party",))
    told = held(row, KNOWN["E08"], found, {"a": [("ends", 1, 365)]}, {"a": Arm("regimes")})
    assert told["futures"] == 2 and told["model"]["value"] == 0.5


def test_a_row_without_a_direction_must_be_given_one():
    with pytest.raises(ValueError, match="E32 has no direction"):
        one(Row("E32", "a", None, "falls"), chance(0.9))
    with pytest.raises(ValueError, match="needs a control"):
        one(Row("E16", "a", None, "falls"), chance(0.9))


def test_a_share_has_its_wilson_interval_and_a_difference_its_paired_one():
    from thermidor.study.stats import paired, share

    a, b = (np.array(x, float) for x in ([1, 1, 0, 0] * 30, [1, 0, 0, 0] * 30))
    assert level(side(a)) == share(60, 120)
    assert difference(side(a), side(b)) == paired(a, b, True)
    assert level(side(np.zeros(50), np.full(50, 0.1))).high == pytest.approx(share(0, 5).high)


def test_the_error_of_a_ratio_is_that_of_the_delta_method():
    """Independent shares: var of the log of the ratio = (1 - p)/(n p) + (1 - q)/(n q)."""
    rng = np.random.default_rng(1)
    n, p, q = 40_000, 0.2, 0.1
    a, b = (rng.random(n) < x for x in (p, q))
    found = ratio(side(a), side(b))
    width = math.log(found.high / found.low) / (2 * 1.96)
    assert width == pytest.approx(math.sqrt((1 - p) / (n * p) + (1 - q) / (n * q)), rel=0.03)
    assert found.value == pytest.approx(a.sum() / b.sum())
    same = ratio(side(a), side(a))
    assert tuple(same) == pytest.approx((1.0, 1.0, 1.0))  # common luck: no error is left


def test_a_chance_given_something_has_the_error_of_those_futures_alone():
    rng = np.random.default_rng(2)
    n, given = 40_000, rng.random(40_000) < 0.25
    top = given & (rng.random(n) < 0.4)
    found = level(side(top, given))
    own = math.sqrt(0.4 * 0.6 / given.sum())
    assert (found.high - found.low) / (2 * 1.96) == pytest.approx(own, rel=0.03)


def test_per_cent_is_of_what_a_logarithm_is_of():
    a, b = side(np.log([2.4, 1.2])), side(np.log([2.0, 1.0]))
    assert tuple(percent(a, b)) == pytest.approx((20.0, 20.0, 20.0))


def test_no_interval_is_called_a_published_one():
    kinds = {e.id: e.kind for e in KNOWN.values()}
    assert set(kinds.values()) == {
        "counted from data",
        "the source's range",
        "our tolerance",
        "direction",
    }
    assert (kinds["E08"], kinds["E24"], kinds["E57"], kinds["E39"]) == (
        "counted from data",
        "the source's range",
        "our tolerance",
        "direction",
    )
    for e in KNOWN.values():
        assert e.sign or ("tolerance" in e.interval or "ours" in e.interval) <= (
            e.kind == "our tolerance"
        )
    assert not any("published interval" in x for x in kinds.values())


def test_a_row_of_the_table_says_how_far_it_can_be_trusted():
    row = {"id": "X1", "topic": "t", "quantity": "q", "value": "1", "low": "", "high": ""}
    more = {"unit": "sign", "population": "p", "source": "s"}
    with pytest.raises(ValueError, match="X1: its note must begin"):
        effect({**row, **more, "note": "paired=yes"})
    tagged = "tier=B; interval=tolerance (ours; SE not read); paired=yes; more"
    assert effect({**row, **more, "note": tagged}).interval == "tolerance (ours; SE not read)"
    with pytest.raises(ValueError, match="both ends"):
        effect({**row, **more, "low": "0.5", "note": tagged})


def test_countries_are_of_the_types_and_ages_of_the_record():
    """Regime-years by type and age: party 350 + 585 + 626 + 607 of all 4,492."""
    some = [
        of_record(k, ("party", "personal", "military", "monarchy"), (0, 70)) for k in range(800)
    ]
    party = np.array([kind == "party" for kind, _ in some]).mean()
    assert party == pytest.approx(2168 / 4494, abs=0.02)
    old = [of_record(k, ("party", "monarchy"), (31, 70)) for k in range(50)]
    assert min(age for _, age in old) >= 31 and {kind for kind, _ in old} == {"party", "monarchy"}
    (cell,) = cells(("party",), (20, 31))
    assert cell == ("party", 20, 31, pytest.approx(626 * 11 / 15))


def test_what_is_read_off_a_future():
    quiet = np.zeros(366)
    risk = np.linspace(0, 0.0365, 366)
    stands = Told(365, "in power", coup_risk=risk, turnout_country=quiet, attempts=quiet)
    assert seen("falls", stands) == (pytest.approx(0.0365), 1.0)
    assert seen("falls", stands, 1, 100) == (pytest.approx(0.01), 1.0)
    rate = seen("ends", stands)[0]
    assert rate > 0.0365 and seen("lasts", stands) == (pytest.approx(1 - rate), 1.0)
    fell = Told(100, "uprising", coup_risk=risk[:101], turnout_country=quiet[:101])
    assert seen("falls", fell) == (pytest.approx(1.01), 1.0)  # what it risked before counts too
    assert seen("uprisings", fell) == (1.0, 1.0) and seen("uprisings", fell, 101) == (0.0, 0.0)
    taken = Told(100, "imposed", coup_risk=0 * risk[:101])
    assert (seen("falls", taken), seen("falls_at_home", taken)) == ((1.0, 1.0), (0.0, 1.0))


def test_events_of_unrest_are_counted_after_a_quiet_week():
    crowd = np.zeros(366)
    crowd[[10, 11, 15, 30, 200]] = 2 * UNREST
    stands = Told(365, "in power", turnout_country=crowd)
    assert seen("events", stands) == (3.0, pytest.approx(12.0))
    assert seen("events", stands, 31, 210)[0] == 1.0
    assert seen("unrest", stands, 1, 9) == (0.0, 1.0)
    assert seen("unrest", stands, 1, 10) == (1.0, 1.0)


def test_the_year_after_a_leaders_death():
    deaths, quiet = np.zeros(731), np.zeros(731)
    deaths[200:] = 1
    stands = Told(730, "in power", successions=deaths, coup_risk=quiet)
    assert seen("lasts_without", stands)[1] == 1.0
    assert seen("lasts_without", Told(730, "in power", successions=quiet, coup_risk=quiet)) == (
        0,
        0,
    )
    fell = Told(300, "uprising", successions=deaths[:301], coup_risk=quiet[:301])
    assert seen("lasts_without", fell) == (0.0, 1.0)
    assert seen("democracies_without", fell) == (pytest.approx(0.605), 1.0)


def test_processes_and_finished_parts_change_nothing(few, tmp_path, monkeypatch):
    rows = [Row("E39", "fear", "regimes", "crowd", (1, 6))]
    short = {k: ARMS[k]._replace(days=6) for k in ("fear", "regimes")}
    what = {"rows": rows, "arms": short, "chunk": 2}
    alone = gate(4, processes=1, **what)
    told = []
    kept = gate(4, processes=1, out=tmp_path, progress=told.append, **what)
    assert alone == kept and [(p.done, p.total) for p in told] == [(k, 4) for k in range(1, 5)]
    monkeypatch.setattr(gate_of_effects, "play", None)
    assert gate(4, processes=1, out=tmp_path, **what) == alone
    with pytest.raises(TypeError):
        gate(4, 2, processes=1, out=tmp_path, **what)  # another seed is other work


def test_what_past_uprisings_say_is_held_but_for_what_an_arm_sets(few):
    keys = ("citizens.weariness", "security.severity")
    learnt = Learnt(keys, np.array([[1.0, 0.5], [2.0, 0.6], [3.0, 0.7]]))
    arm = Arm("regimes", days=2, sets={"security.severity": 1.2})
    runs = [run for _, run in arms.play(arm, range(4), 1, learnt)]
    assert [r.parameters["citizens"].weariness for r in runs] == [1.0, 2.0, 3.0, 1.0]
    assert {r.parameters["security"].severity for r in runs} == {1.2}
    with pytest.raises(Fault, match="thermidor calibrate"):
        gate(2, learnt=Learnt(("media.gone",), np.ones((1, 1))), processes=1)


def test_a_choice_of_an_arm_holds_from_the_first_day_and_is_not_the_way_things_were():
    _, cut = scenario_of(ARMS["austerity"], 0, 1)
    before = cut.status_quo["treasury.public"]
    assert cut.parameters["treasury.public"].value == pytest.approx(0.61 * before)


def made() -> dict:
    row = {
        "id": "E39", "label": "E39", "topic": "repression", "quantity": "fear", "tier": "C",
        "paired": "yes", "group": "E39", "treated": "a", "control": "b", "reads": "crowd",
        "days": [1, 30], "unit": "sign", "sign": -1, "null": 0.0, "inside": True, "miss": 0.0,
        "known": {"value": -1.0, "low": None, "high": None, "is": "direction"}, "sharp": True,
        "model": {"value": -0.6, "low": -0.7, "high": -0.5}, "futures": 20, "adds": "",
    }  # fmt: skip
    none = {"inside": 0, "of": 0, "sharp": 0, "groups_inside": 0, "groups": 0}
    some = none | {"inside": 1, "of": 1, "sharp": 1, "groups_inside": 1, "groups": 1}
    return {
        "pairs": 20, "seed": 1, "rows": [row], "gated": none, "all": some,
        "tiers": {"A": none, "B": none, "C": some},
        "not_expressed": [{"id": "E61", "topic": "elections", "quantity": "q", "reason": "none"}],
    }  # fmt: skip


def test_a_row_in_parts_counts_once_and_so_does_a_group():
    rows = [
        {"id": "E38", "group": "E38", "inside": True, "sharp": True},
        {"id": "E38", "group": "E38", "inside": False, "sharp": True},
        {"id": "E01", "group": "E01", "inside": True, "sharp": False},
        {"id": "E02", "group": "E01", "inside": True, "sharp": True},
    ]
    told = gate_of_effects.tally(rows)
    assert (told["inside"], told["of"], told["sharp"]) == (2, 3, 1)
    assert (told["groups_inside"], told["groups"]) == (1, 2)


def test_the_verb_tells_each_row_and_what_cannot_be_expressed(capsys, monkeypatch):
    monkeypatch.setattr(gate_of_effects, "gate", lambda *_, **__: made())
    code, told, _ = command(capsys, "validate", "--effects")
    assert code == 0
    for words in ("E39 repression", "below", "E61 elections: none", "Tier A", "yes"):
        assert words in told, words
    code, told, _ = command(capsys, "validate", "--effects", "--json")
    assert code == 0 and json.loads(told)["rows"][0]["inside"] is True
    code, _, error = command(capsys, "validate", "--effects", "--fresh")
    assert code == 2 and "--effects stands alone" in error


def test_the_head_counts_tiers_apart():
    told = head(made())
    assert "0 of 0 are inside in tier A" in told[0] and "1 of 1" in told[0]
    assert [len(rows) for _, rows in by_tier(made())] == [0, 0, 1]
