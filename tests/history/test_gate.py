"""The base-rate gate and the strikes against what can be computed by hand, and in the directions
that must hold.
"""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest

from thermidor.history.simulated import gate, lives, strikes
from thermidor.history.simulated.bank import SHARED, at


def histories(*rows: tuple[str, int, str, list[int]]) -> pl.DataFrame:
    """Histories as simulated, from type, days, ending and days of attempts."""
    return pl.DataFrame(
        [(t, k, *rest) for k, (t, *rest) in enumerate(rows)], schema=lives.HISTORY, orient="row"
    )


HAND = [
    ("party", 1825, "in power", []),
    ("party", 1700, "coup", [30, 1700]),  # 5 + 5 years begun, 1 failure
    ("personal", 1460, "in power", []),
    ("monarchy", 365, "in power", []),
    ("military", 1825, "uprising", [7]),
]  # 5 years begun, 1 failure


@pytest.fixture
def nothing_outside(monkeypatch):
    """No outside endings, so that histories are counted as they stand."""
    monkeypatch.setattr(
        gate, "compete", lambda frame, seed: frame.with_columns(outside=pl.lit(False))
    )


def assessed(*rows, years: int = 20) -> dict:
    return gate.assess(histories(*rows), lives.wars(0, 0, 1, None, 1), seed=1, pairs=0, years=years)


def value(result: dict, name: str) -> float | None:
    return next(b["value"] for b in result["bands"] if b["name"] == name)


def test_types_weigh_by_their_regime_years(nothing_outside):
    """Hazards 1/10 and 1/5, regime-years 2,168 and 579 in the table: coups are 216.8 of 216.8 +
    115.8 failures; uncorrected, half.
    """
    r = assessed(*HAND)
    assert (
        value(r, "hazard party"),
        value(r, "hazard military"),
        value(r, "hazard personal"),
    ) == pytest.approx((0.1, 0.2, 0.0))
    assert value(r, "endings by coup") == pytest.approx(216.8 / 332.6)
    assert value(r, "endings by uprising") == pytest.approx(115.8 / 332.6)
    assert value(r, "coup success") == pytest.approx(216.8 / (2 * 216.8 + 115.8))
    more = assessed(
        *HAND, *[("military", 1825, "uprising", [7])] * 9
    )  # ten times as many histories of a type move no share
    assert value(more, "endings by coup") == pytest.approx(216.8 / 332.6)


def test_a_year_begun_is_a_year(nothing_outside):
    """The failure of day 366 falls in the second year; a history of 12 years has two years among 11
    to 20.
    """
    by_type = gate.tally(
        lives.compete(
            histories(("party", 366, "coup", [366]), ("party", 12 * 365, "collapse", [])), 1
        )
    )["party"]
    assert by_type["regime_years"] == 2 + 12 and by_type["failures"] == 2
    assert by_type["by_age"] == {"1 to 5": (2 + 5, 1), "11 to 20": (2, 1)}
    assert by_type["endings"] == {"collapse": 1, "coup": 1}


def test_the_band_of_age_is_that_of_the_table():
    """86 of 1,089 regime-years against 43 of 1,041: 1.91 times, standard error of its logarithm
    0.182.
    """
    assert gate.age_band() == pytest.approx(
        (1.912 * math.exp(-0.356), 1.912 * math.exp(0.356)), rel=0.01
    )


def test_outside_endings_alone_reproduce_their_rate():
    """Regimes that nothing else ends fail at 1 - (1 - h)^(outside share) a year: 51 of 76 failures
    in 579 years for military ones.
    """
    n = 3000
    found = lives.compete(histories(*[("military", 7300, "in power", [1, 7300])] * n), 1)
    expected = 1 - (1 - 76 / 579) ** (51 / 76)
    got = gate.tally(found)["military"]
    assert got["hazard"] == pytest.approx(
        expected, abs=4 * math.sqrt(expected / got["regime_years"])
    )
    assert got["failures"] == got["outside"] == int((found["days"] < 7300).sum())
    assert got["endings"]["no incumbent runs; opponent wins"] / got["failures"] == pytest.approx(
        28 / 51, abs=0.04
    )
    assert got["attempts"] == n + int(
        (found["days"] == 7300).sum()
    )  # an attempt after the end never was


def test_what_ended_before_stays_ended():
    found = lives.compete(histories(*[("party", 1, "coup", [1])] * 500), 1)
    assert (found["ending"] == "coup").all() and (found["days"] == 1).all()


def worlds(per_pair, pairs: int = 300, days: int = 7300) -> float:
    found = [(k, int(d), 0.5) for k in range(pairs) for d in per_pair(k) if 0 < d <= days]
    return gate.onsets(
        pl.DataFrame(found, schema=["pair", "day", "chance"], orient="row"), pairs, 1, days // 365
    )


def test_the_scatter_of_onsets():
    """Poisson pairs give 1, pairs that fight at their one interval less, pairs that fight in one of
    five years only, much, more.
    """
    rng = np.random.default_rng(1)
    assert worlds(lambda k: rng.integers(1, 7301, rng.poisson(20))) == pytest.approx(1.0, abs=0.5)
    assert worlds(lambda k: range(90, 7300, 90)) < 0.2
    assert (
        worlds(lambda k: [d + 365 * y for y in range(k % 5, 20, 5) for d in range(1, 365, 12)]) > 5
    )


def test_the_chance_to_prevail():
    class P:
        power_floor, power_gain, curvature = 0.2, 0.6, 2.0

    assert strikes.prevails(P, 0.5) == pytest.approx(0.65)


def test_onsets_are_the_days_on_which_a_campaign_begins():
    class Run(dict):
        parameters = {
            "adversary": type("P", (), {"power_floor": 0.2, "power_gain": 0.6, "curvature": 1.0})
        }

    run = Run(
        campaign=np.array([0, 1, 1, 0, 0.5, 0.0]),
        programme_level=np.array([0.5, 0.4, 0.3, 0.0, 0.9, 0.9]),
    )
    assert strikes.onsets(run) == [(1, pytest.approx(0.5)), (4, pytest.approx(0.8))]


def test_more_coups_where_more_are_tried():
    few, many = (
        lives.lives("military", 0, 40, 1, None, 365, {"elites.coup_rate": x})
        for x in (0.015, 0.060)
    )
    assert sum(map(len, many["attempts"])) > sum(map(len, few["attempts"]))
    assert (many["ending"] == "coup").sum() > (few["ending"] == "coup").sum()


def test_posterior_rows_are_held():
    rows = at(np.full((2, len(SHARED)), 0.25))
    rows[1] = at(np.full((1, len(SHARED)), 0.75))[0]
    made = strikes.quiet_country(
        lives.country("party", 3, 1), 10, lives.FEWEST, values=strikes.row(rows, 3)
    )
    assert (
        [made.parameters[k].low for k in SHARED]
        == [made.parameters[k].high for k in SHARED]
        == pytest.approx(list(rows[1]))
    )


def test_countries_stay_within_what_their_type_had():
    many = [lives.country("monarchy", k, 1) for k in range(300)]
    assert (
        329.9 < min(c.income for c in many) < 1000
        and 20_000 < max(c.income for c in many) < 39_666.1
    )
    assert float(np.mean([c.coups for c in many])) == pytest.approx(0.09, abs=0.05)
    assert {c.age for c in many} == {8.0}


def test_processes_and_finished_parts_change_nothing(tmp_path, monkeypatch):
    wanted = {"years": 1, "pairs": 2, "chunk": 1}
    alone = gate.gate(1, 1, processes=1, **wanted)
    seen = []
    both = gate.gate(1, 1, processes=2, out=tmp_path, progress=seen.append, **wanted)
    assert alone == both and [(p.done, p.total) for p in seen] == [(k, 6) for k in range(1, 7)]
    assert alone["histories"] == 4 and alone["of"] == 10
    monkeypatch.setattr(lives, "simulate_many", None)
    monkeypatch.setattr(strikes, "simulate_many", None)
    assert gate.gate(1, 1, processes=1, out=tmp_path, **wanted) == alone
    with pytest.raises(TypeError):
        gate.gate(1, 2, processes=1, out=tmp_path, **wanted)  # another seed is other work


def test_ground_forces_end_more_regimes_than_air_alone():
    """A force as large as was reckoned takes the capital in about half, some of them within the
    days.
    """
    r = strikes.strikes(6, processes=1, days=250)
    none, air, worst, ground = r["arms"]
    assert ground["ended"] > air["ended"] and 1 <= ground["endings"].get("imposed", 0) < 6
    assert all("imposed" not in arm["endings"] for arm in (none, air, worst))
    assert (
        none["campaign_days"] == none["strikes"] == 0
        and air["campaign_days"] > 10
        and air["strikes"] > 500
    )
    assert (r["observed"]["air"]["fell"], r["observed"]["air"]["n"]) == (0, 10)
    assert (r["observed"]["ground"]["fell"], r["observed"]["ground"]["n"]) == (5, 9)
