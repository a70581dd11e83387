"""What is paid, printed and lost: pay is measured by the first day's, a currency can run away, and
what wages lose they win back at most.
"""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from thermidor.engine.simulate import simulate
from thermidor.mechanism import BUILT_IN
from thermidor.mechanisms.treasury import (
    Parameters,
    falling,
    oil_income,
    paid_by_use,
    real_pay,
    wanted_from_reserves,
)
from thermidor.places.axes import USE

BROKE = {"treasury.exports": 0, "treasury.reserves": 1}  # no oil, no reserves


def played(small, patch, *, days=365, living=("treasury",)):
    """One future of the small country, in which only these mechanisms live."""
    off = [name for name in BUILT_IN if name not in living]
    return simulate(small.patched(patch, days=days, switched_off=off), 1, 0)


@pytest.mark.parametrize("base", [0.08, 2.0])
def test_falling_inflation_makes_nobody_richer(small, base):
    """(treasury.4): wages that lag behind a fall of inflation win back what was lost, no more."""
    run = played(small, {"treasury.inflation": 5.0, "treasury.inflation_base": base}, days=1000)
    assert run["inflation"][-1] < 0.6 * run["inflation"][0]
    assert run["lost_income"].min() == 0.0
    assert run["poverty"].min() >= run["poverty"][0]


def test_pay_is_measured_by_the_first_day(small):
    """Loyalty falls as the budget of the forces is cut, and without a cliff at its end."""
    budgets = [6.0, 3.0, 0.6, 0.06, 0.006, 0.0]
    runs = [
        played(small, {"treasury.forces": x}, days=120, living=("treasury", "security"))
        for x in budgets
    ]
    day = min(r["pay_ratio"].size for r in runs) - 1  # before any of them falls
    felt = 1 - (1 - 1 / runs[0].parameters["treasury"].pay_days) ** day
    pay = [r["pay_ratio"][day] for r in runs]
    assert pay == pytest.approx([1 - felt * (1 - x / 6.0) for x in budgets], rel=1e-2)
    loyal = np.array([r["loyalty_army"][day] for r in runs])
    assert (np.diff(loyal) < 0).all()
    assert loyal[0] - loyal[4] > 0.3  # a thousandth is not free
    assert loyal[4] - loyal[5] < 0.01  # and nothing is the end of the same curve


def test_a_raise_makes_the_forces_more_loyal(small):
    runs = [
        played(small, {"treasury.forces": x}, days=120, living=("treasury", "security"))
        for x in (6.0, 7.5)
    ]
    assert runs[1]["loyalty_army"][-1] > runs[0]["loyalty_army"][-1]


def test_empty_coffers_last_no_day(small):
    """With nothing left to draw and a gap to fill the runway is 0, not the longest there is."""
    run = played(small, BROKE, days=30)
    assert run["reserves"][-1] == 0.0 and run["runway"][-1] == 0.0
    assert wanted_from_reserves(5.0, 4.0, 0.5, 1.0) == 0.0  # a surplus
    assert wanted_from_reserves(0.0, 4.0, 0.5, 1.0) == 3.0  # what printing leaves
    assert wanted_from_reserves(0.0, 4.0, 0.5, 9.0) == 2.0


def test_insolvency_reaches_pay_patronage_and_strength(small):
    poor = BROKE | {"treasury.taxes": 2, "treasury.print_limit": 0.05}
    run = played(small, poor, days=60, living=("treasury", "security"))
    sound = played(small, {}, days=60, living=("treasury", "security"))
    assert run["pay_ratio"][-1] < 0.9 * sound["pay_ratio"][-1]
    assert run.outcomes()["spending_patronage"] < 0.7 * sound.outcomes()["spending_patronage"]
    assert run["strength"][-1] < sound["strength"][-1]


CRISIS = (
    *("pay_weight", "pay_reach", "pay_borne", "pay_days", "pay_floor", "insolvency", "print_limit"),
    *("print_share", "flight", "money_kept", "currency_days", "inflation_per_gap"),
    *("inflation_days", "wage_days", "recovery_days"),
)


@pytest.mark.parametrize("name", CRISIS)
def test_nothing_of_a_crisis_is_without_effect(small, name):
    """Each parameter, low and high in the same future of an empty treasury."""
    field = next(f for f in dataclasses.fields(Parameters) if f.name == name)
    poor = BROKE | {"treasury.taxes": 2, "treasury.reserves": 20, "treasury.print_limit": 0.05}
    low, high = (
        played(small, poor | {f"treasury.{name}": x}, days=30, living=("treasury", "security"))
        for x in (field.metadata["low"], field.metadata["high"])
    )
    moved = [
        n
        for n in ("loyalty_army", "strength", "hardship_country")
        if not np.array_equal(low[n], high[n])
    ]
    assert moved


def test_a_currency_falls_first_and_prices_follow(small):
    run = played(small, BROKE, days=90)
    assert run["currency"][-1] > run["inflation"][-1] > run["inflation"][0]


def test_a_deficit_can_be_too_large_to_print(small):
    """Beyond k s flight e = 1 no rate of fall pays for a deficit: a currency crisis from inside."""
    worst = {"treasury.print_limit": 0.2, "treasury.inflation_per_gap": 9, "treasury.flight": 1.5}
    worst |= {"treasury.taxes": 0, "treasury.money_kept": 0.05}
    run = played(small, BROKE | worst, days=730)
    assert run["inflation"].max() > 5.0
    assert run["lost_income"].max() > 0.5


@given(st.floats(0.0, 0.3), st.floats(0.0, 5.0), st.floats(1.0, 9.0), st.floats(0.05, 1.0))
def test_printing_without_flight_is_in_proportion(printed, falls, k, kept):
    assert falling(printed, falls, 0.1, k, 0.0, kept) == pytest.approx(0.1 + k * printed)
    assert falling(printed, falls, 0.1, k, 0.7, kept) >= falling(printed, falls, 0.1, k, 0.0, kept)
    assert falling(printed, 900.0, 0.1, k, 0.7, kept) == pytest.approx(0.1 + k * printed / kept)


@pytest.mark.parametrize("printed, ends", [(0.1, True), (0.2, False)])
def test_where_money_runs_away(printed, ends):
    """With nothing kept, x = k s exp(flight x) has a root as long as k s flight e <= 1."""
    k, flight, falls = 2.0, 1.0, 0.0
    assert (k * printed * flight * math.e <= 1) is ends
    for _ in range(200):
        falls = min(20.0, falling(printed, falls, 0.0, k, flight, 0.0))
    assert (falls < 1 / flight) is ends


@given(st.floats(0.0, 200.0), st.floats(0.0, 0.6), st.floats(0.01, 80.0))
def test_no_money_is_lost_between_uses(paid, reach, forces):
    plan = np.zeros(len(USE))
    plan[USE.forces], plan[USE.patronage], plan[USE.public] = forces, 20.0, 60.0
    paid = min(paid, float(plan.sum()))
    by_use, rest = paid_by_use(plan, paid, 3.0, reach)
    assert by_use[: USE.siphoned].sum() == pytest.approx(paid)
    assert by_use[USE.siphoned] == 3.0
    assert by_use[USE.forces] / forces >= rest - 1e-12  # the forces last
    first, _ = paid_by_use(plan, paid, 3.0, 0.0)
    assert first[USE.forces] == pytest.approx(min(forces, paid))


def test_pay_where_nothing_was_paid():
    assert real_pay(4.0, 0.0, 0.0, 0.5) == 1.0
    assert real_pay(3.0, 6.0, 0.2, 0.5) == pytest.approx(0.5 * math.exp(-0.1))


def test_crowds_stop_work_that_pays_the_state(small):
    """(treasury.1) on every day of a future with an uprising."""
    patch = {"events.onset_day": 1, "events.onset": 4.5, "treasury.strike": 0.5}
    run = played(small, patch, days=40, living=("treasury", "citizens", "events"))
    p = run.parameters["treasury"]
    share = (1 + run["turnout_country"][:-1] / p.strike_half) ** -p.strike
    oil = [oil_income(p.exports, x, p.discount, p.collected, 0.0) for x in run["oil_price"][1:]]
    assert run["income"][1:] == pytest.approx((np.array(oil) + p.taxes) * share)
    assert share.min() < 0.98
