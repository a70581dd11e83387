"""What decides: the odds ratio and the spread of the sum against what can be computed by hand, what
counts as an uprising, a crisis and a first move, and that few futures give a page.
"""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest

from docs.make import decides
from docs.make.deciding import crises, first, killing, levers
from docs.make.deciding.sums import by_draw, odds_ratio, spread
from docs.make.deciding.worlds import Change, cases, iran, made, play
from thermidor.history.tables.effects import effects


class Told(dict):
    """A future as told: its series from day 0, its last day and its ending."""

    def __init__(self, ending: str, **series):
        super().__init__({k: np.asarray(v, float) for k, v in series.items()})
        self.ending, self.day = ending, len(next(iter(self.values()))) - 1


def test_the_odds_ratio_of_histories_of_one_unit_has_woolfs_interval():
    a, b, c, d = 12, 30, 20, 140
    found = odds_ratio(np.repeat(np.eye(4), (a, b, c, d), axis=0))
    assert found.value == pytest.approx(a * d / (b * c))
    n = a + b + c + d
    woolf = math.sqrt((1 / a + 1 / b + 1 / c + 1 / d) * n / (n - 1))
    assert math.log(found.high / found.value) == pytest.approx(1.959964 * woolf, rel=1e-6)
    assert found.value / found.low == pytest.approx(found.high / found.value)


def test_months_of_one_history_are_no_evidence_of_their_own():
    """Each history ten times over in its months: the same ratio, and the same interval."""
    one = np.repeat(np.eye(4), (12, 30, 20, 140), axis=0)
    assert tuple(odds_ratio(10 * one)) == pytest.approx(tuple(odds_ratio(one)))


def test_an_empty_cell_is_no_infinite_ratio_and_nothing_seen_is_not_known():
    never = odds_ratio(np.repeat(np.eye(4), (0, 30, 20, 140), axis=0))
    assert never.value == pytest.approx(0.5 * 140.5 / (30.5 * 20.5))
    woolf = math.sqrt(1 / 0.5 + 1 / 30.5 + 1 / 20.5 + 1 / 140.5)
    assert math.log(never.high / never.value) == pytest.approx(1.959964 * woolf, rel=1e-6)
    assert math.isnan(odds_ratio(np.repeat(np.eye(4), (0, 30, 0, 140), axis=0)).value)


@pytest.mark.parametrize("tau", [0.0, 0.5, 3.0])
def test_the_interval_of_the_sum_is_that_without_noise(tau):
    """Effects N(1, tau^2) seen with noise of variance 1/4: 80 % between 1 -+ 1.2816 tau."""
    rng, draws, worlds, each = np.random.default_rng(1), 1500, 4, 4
    effect = np.repeat(1 + tau * rng.normal(size=draws), worlds * each)
    of_world = np.tile(np.repeat(rng.normal(size=worlds), each), draws)
    own = of_world - of_world.mean() + 2.0 * rng.normal(size=effect.size)
    pairs = pl.DataFrame(
        {
            "draw": np.repeat(np.arange(draws), worlds * each),
            "world": np.tile(np.repeat(np.arange(worlds), each), draws),
            "moved": effect + own,
        }
    )
    x, noise = by_draw(pairs, "moved")
    assert noise.mean() == pytest.approx(0.25, rel=0.05)
    found = spread(x, noise)
    assert found.mean.value == pytest.approx(1, abs=0.03 + 0.1 * tau)
    assert found.high - found.low == pytest.approx(2 * 1.2816 * tau, abs=0.35 if not tau else 0.3)
    above = 0.5 * math.erfc(-1 / (tau * math.sqrt(2))) if tau else 1.0
    assert found.above == pytest.approx(above, abs=0.03)
    assert found.above + found.below == pytest.approx(1)
    assert found.noise == pytest.approx(0.25 / (0.25 + tau**2), abs=0.07)


def test_what_is_not_known_of_a_pair_is_left_out():
    pairs = pl.DataFrame(
        {"draw": [0, 0, 1, 1], "world": ["a"] * 4, "moved": [1.0, 3.0, 5.0, math.nan]}
    )
    x, noise = by_draw(pairs, "moved")
    assert x.tolist() == [2.0, 5.0]
    assert noise.tolist() == [1.0, 2.0]  # the cell of one takes the variance of the others


def test_an_uprising_begins_after_a_quarter_without_a_crowd():
    turnout = np.zeros(400)
    turnout[[10, 60, 120, 300]] = 0.002
    assert crises.beginnings(turnout).tolist() == [10, 300]


def test_a_crisis_is_a_doubling_of_inflation_a_tenth_of_income_or_reserves_that_empty():
    day = np.arange(801)
    run = Told(
        "in power",
        inflation=np.where(day < 400, 0.10, 0.20),
        hardship_country=np.where(day < 500, 0.0, 0.106),
        reserves=np.where(day < 700, 50.0, 0.0),
        income=np.ones(801),
    )
    found = crises.in_crisis(run)
    assert np.flatnonzero(found["prices"]).tolist() == list(range(400, 765))
    assert np.flatnonzero(found["incomes"]).tolist() == list(range(500, 801))
    assert np.flatnonzero(found["reserves"]).tolist() == [700]
    assert np.flatnonzero(found["any"])[[0, -1]].tolist() == [400, 800]


def test_months_count_the_year_after_a_crisis():
    crisis = np.zeros(811, bool)
    crisis[200] = True
    counts = crises.months(np.array([100, 300, 790]), crisis)
    # months 1, 31, ...: after the crisis those that begin on 211 to 565, that is 211 to 541
    assert counts == (1, 11, 2, 13)


def uprising(**series) -> Told:
    flat = {"turnout_country": np.zeros(101), "united": np.ones(101), "refusing": np.zeros(101)}
    run = {k: v.copy() for k, v in flat.items()}
    run["turnout_country"][40:] = np.concatenate([np.linspace(0.002, 0.03, 41), [0.01] * 20])
    for k, (day, value) in series.items():
        run[k][day:] = value
    return Told("uprising", **run)


def test_who_moves_first_is_looked_for_between_the_month_before_and_the_peak():
    """The crowd passes 0.1 % on day 40 and is largest on day 80."""
    quiet = first.moves(uprising())
    assert quiet == {"ended": True} | dict.fromkeys(first.HOW, False) | {"rise": 40, "left": 20}
    early = first.moves(uprising(united=(30, 0.94)))
    assert early["elites"] and early["either"] and early["before the crowd"]
    later = first.moves(uprising(refusing=(60, 0.2)))
    assert later["forces"] and not later["elites"] and not later["before the crowd"]
    assert not first.moves(uprising(refusing=(80, 0.2)))["either"]  # on the day of the peak
    assert not first.moves(uprising(refusing=(5, 0.2)))["either"]  # so since before the uprising
    assert not first.moves(uprising(turnout_country=(0, 0.0009)))["ended"]


def test_levers_are_parameters_of_the_model_and_their_rows_stand_in_the_table():
    known = effects()
    for lever in levers.LEVERS:
        assert lever.row is None or lever.row in known
        assert lever.unit in levers.UNITS
    one = made(cases()[0], levers.LEVERS[3].treated)
    usual = made(cases()[0])
    for key in levers.FORCES[:3]:
        assert one.parameters[key].value == pytest.approx(usual.parameters[key].value / 10)
    assert all(p >= 1e3 for p in [one.parameters["security.army"].value])
    assert made(iran(2)).parameters["events.onset_day"].value == 1


def test_units_of_rows():
    n = 400
    some = pl.DataFrame(
        {
            "fall": np.repeat([1.0, 0.0], (n // 2, n // 2)),
            "fall_0": np.repeat([1.0, 0.0], (n // 4, 3 * n // 4)),
        }
    )
    assert levers.in_unit(some, "times").value == pytest.approx(2)
    assert levers.in_unit(some, "points").value == pytest.approx(25)
    assert levers.in_unit(some, "points, less").value == pytest.approx(-25)
    by_point = levers.in_unit(some, "odds a point")
    assert by_point.value == pytest.approx(100 * (3 ** (1 / 20) - 1))  # odds 1 against 1/3
    assert by_point.low < by_point.value < by_point.high


def test_few_futures_give_every_table():
    """One case and one country, a few days long: each part of the page is there."""
    short, names = cases()[0]._replace(days=9), [levers.OPPOSITION]
    work = [
        ("levers", levers.pairs, (short, names, 0, 2, 0)),
        ("killing", killing.sums, (short, [0, 100], 2)),
        ("planted", first.planted, (short, 0, 2, 0)),
        *(("histories", crises.histories, (0, 0, 2, 40, c)) for c in crises.CHANGES),
    ]
    found = decides.compute(work, None, 1)
    assert found["levers"].height == 2
    assert found["killing"].select("world", "draw").unique().height == 2
    assert set(found["histories"]["events"]) == set(crises.CHANGES)
    text = decides.page(found)
    assert text.count(f"| {levers.OPPOSITION} |") == 2
    for says in killing.SUMS.values():
        assert says in text
    for row in ("without events", "the cases, planted", short.name):
        assert f"| {row} |" in text
    assert "| nan" not in text


@pytest.mark.slow
def test_the_leader_is_killed_at_once_and_once():
    world = cases()[0]._replace(days=9)
    killed, spared = (
        play(world, made(world, Change(killed=k)), [0], [0])[0] for k in (True, False)
    )
    assert np.diff(killed["successions"]).tolist() == [0, 1, *[0] * 7]
    assert not spared["successions"].any()


def test_the_parts_cover_what_is_asked_for():
    s = decides.size(600)
    work = decides.parts(s)
    pairs = [args for name, _, args in work if name == "levers"]
    mine = [a for a in pairs if a[0].name == cases()[0].name and levers.OPPOSITION in a[1]]
    assert sum(a[3] for a in mine) == s.opposition
    draws = {d for name, _, args in work if name == "killing" for d in args[1]}
    assert len(draws) == s.draws
    assert decides.evenly(4, 256) == [0, 64, 128, 192]
