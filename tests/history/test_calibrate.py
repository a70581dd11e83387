"""The fit finds what was planted, in a toy whose answer is known, and the prior is what futures
draw.
"""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import polars as pl
import pytest
from scipy.stats import kstest

from thermidor.history import likelihood as fit
from thermidor.history import quiet
from thermidor.history.calibration import both, prior
from thermidor.history.emulator import emulate, features, weekly
from thermidor.history.simulated.bank import SHARED, at, design, held, parameters, unit
from thermidor.history.simulated.lives import TYPES
from thermidor.history.simulated.observe import CONTINUOUS, street_phase

N = 512
STRENGTH, ONSET, LUCK = (
    SHARED.index(k) for k in ("security.strength", "events.onset", "events.onset_luck")
)


def toy(values: np.ndarray, case: str, seed: int) -> pl.DataFrame:
    """Futures in which falls follow strength, crowds the onset and their scatter its luck, and
    nothing else follows anything.
    """
    rng, u = np.random.default_rng(seed), 2 * unit(values) - 1
    fell = (rng.random(len(u)) < 1 / (1 + np.exp(3 * u[:, STRENGTH]))).astype(float)
    peak = -2 + u[:, ONSET] + rng.normal(0, 0.3, len(u)) * np.exp(0.5 * u[:, LUCK])
    rest = rng.normal(1.5, 0.3, (len(u), 3))
    return pl.DataFrame(
        {
            "case": case,
            "draw": np.arange(len(u)),
            "fell": fell,
            **dict(zip(CONTINUOUS, [peak, *rest.T], strict=True)),
        }
    )


@pytest.fixture(scope="module")
def emulators():
    values = design(N, 1)
    made, common = emulate(
        pl.concat(toy(values, f"T{k}", k) for k in range(12)),
        values,
        {f"T{k}": ((k - 6) / 6, k % 2) for k in range(12)},
    )
    return [made[f"T{k}"] for k in range(12)], common


def facts(fell: float, peak: float) -> fit.Facts:
    return fit.Facts(fell, np.array([peak, 1.5, 1.5, np.nan]), np.full(4, 0.1))


def test_the_emulator_knows_what_moves_what(emulators):
    (e, *_), common = emulators
    slope = e.chance[1 : 1 + len(SHARED)]
    assert np.argmax(np.abs(slope)) == STRENGTH
    assert slope[STRENGTH] == pytest.approx(-3.0, abs=0.8)
    assert e.mean[1 + ONSET, 0] == pytest.approx(1.0, abs=0.1)
    assert np.sqrt(e.scale[0, 0]) == pytest.approx(0.3, abs=0.05)
    assert common.tails >= 10  # luck is normal here
    assert common.scatter[LUCK, 0] / 2 == pytest.approx(0.5, abs=0.1)
    assert np.abs(common.scatter[:, 1]).max() < 0.3
    assert common.error[:4].max() < 0.1  # luck is each future's own here


def test_an_error_that_a_draw_has_in_all_cases_is_found():
    values, rng = design(N, 1), np.random.default_rng(5)
    shared = rng.normal(0, 0.4, N)
    bank = pl.concat(
        toy(values, f"T{k}", k).with_columns(pl.col("deaths") + shared) for k in range(12)
    )
    _, common = emulate(bank, values, {f"T{k}": (0.0,) for k in range(12)})
    assert common.error[CONTINUOUS.index("deaths")] == pytest.approx(
        0.4 * math.sqrt(1 - 2 * len(SHARED) / N), abs=0.06
    )
    assert common.error[CONTINUOUS.index("arrests")] < 0.1


def test_each_part_of_the_bank_has_half_of_the_weight():
    """Sixty-four futures near the posterior with deaths of 2 beside 512 elsewhere with deaths of 1:
    1.5 between them.
    """
    values, near = design(N, 1), design(64, 2)
    parts = [
        toy(v, f"T{k}", k).with_columns(deaths=pl.lit(x))
        for k in range(4)
        for v, x in ((values, 1.0), (near, 2.0))
    ]
    bank = both(pl.concat(parts[::2]), pl.concat(parts[1::2]), N)
    assert bank.filter(pl.col("near"))["draw"].min() == N
    made, _ = emulate(bank, np.concatenate([values, near]), {f"T{k}": (0.0,) for k in range(4)})
    middle = features(np.full((1, len(SHARED)), 0.5)) @ made["T0"].mean
    assert middle[0, CONTINUOUS.index("deaths")] == pytest.approx(1.5, abs=0.15)


def test_the_posterior_moves_where_the_data_point(emulators):
    made, common = emulators
    strong = fit.Likelihood(made, common, {e.case: facts(0.0, -1.5) for e in made})
    weak = fit.Likelihood(made, common, {e.case: facts(1.0, -2.5) for e in made})
    (u, _), (v, _) = (fit.sample(x, 300, 1, steps=1200) for x in (strong, weak))
    assert u[:, STRENGTH].mean() > v[:, STRENGTH].mean() + 0.2
    assert u[:, ONSET].mean() == pytest.approx(0.75, abs=0.07)  # -1.5 = -2 + (2 u - 1)
    assert v[:, ONSET].mean() == pytest.approx(0.25, abs=0.07)
    idle = SHARED.index("ruler.lethality")
    assert abs(u[:, idle].mean() - v[:, idle].mean()) < 0.15


def test_a_missing_value_and_a_missing_ending_say_nothing(emulators):
    made, common = emulators
    nothing = fit.Likelihood(
        made[:1], common, {"T0": fit.Facts(None, np.full(4, np.nan), np.full(4, 0.1))}
    )
    rng = np.random.default_rng(1)
    assert nothing(
        rng.random((20, len(SHARED))), rng.normal(size=(20, fit.ERRORS))
    ) == pytest.approx(0.0)


def test_without_data_the_sampler_gives_the_prior():
    """emcee's snooker move, which was used at first, gives .78 of the prior's spread here."""
    drawn, _ = fit.sample(lambda u, e: np.zeros(len(u)), 4000, 1, steps=4000)
    u = drawn[:, : len(SHARED)]
    before = unit(prior(20_000, 1))
    assert (u.std(0) / before.std(0)).mean() == pytest.approx(1.0, abs=0.03)
    assert u.mean(0) == pytest.approx(before.mean(0), abs=0.05)


def test_breaks_in_quiet_times_follow_what_moves_them():
    """Histories whose rate is known: the regression finds level and slope, and the table's counts
    are likeliest where they are the rate.
    """
    values, rng = design(N, 1), np.random.default_rng(2)
    x = 2 * unit(values) - 1
    parts = []
    for k, t in enumerate(TYPES):
        days = rng.exponential(365 / (0.1 * (k + 1) * np.exp(1.5 * x[:, STRENGTH])))
        parts.append(
            pl.DataFrame(
                {
                    "type": t,
                    "number": np.arange(N),
                    "days": np.minimum(days, 1825),
                    "ending": np.where(days < 1825, "uprising", "in power"),
                }
            )
        )
    b = quiet.breaks((pl.concat(parts[:2]), values), (pl.concat(parts[2:]), values))
    assert np.exp(b.level) == pytest.approx([0.1, 0.2, 0.3, 0.4], rel=0.2)
    assert b.slope[STRENGTH] == pytest.approx(1.5, abs=0.15)
    assert np.abs(np.delete(b.slope, STRENGTH)).max() < 0.25
    only = dataclasses.replace(b, slope=np.where(np.arange(len(SHARED)) == STRENGTH, b.slope, 0.0))
    u = np.full((101, len(SHARED)), 0.5)
    u[:, STRENGTH] = np.linspace(0, 1, 101)
    best = u[np.argmax(only(u, np.zeros(101))), STRENGTH]
    rates = np.exp(only.level + only.slope[STRENGTH] * (2 * best - 1))
    assert (rates * only.years).sum() == pytest.approx(only.seen.sum(), rel=0.05) or best in (
        0.0,
        1.0,
    )


def test_the_prior_is_that_of_futures(small):
    """The density, the sampler and the draws of a scenario agree."""
    u = unit(prior(4000, 7))
    made = held(small, {}).patched({"posterior": False})
    for key, p in parameters().items():  # else the draws of the scenario would be others
        given = made.parameters[key]
        assert (given.low, given.value, given.high) == (p.low, p.default, p.high), key
    own = np.empty((400, len(SHARED)))
    for row in range(len(own)):
        _, drawn = made.draw(3, row)
        for k, key in enumerate(SHARED):
            mechanism, _, name = key.partition(".")
            own[row, k] = getattr(drawn[mechanism], name)
    for k, key in enumerate(SHARED):
        assert kstest(unit(own)[:, k], u[:, k]).pvalue > 1e-4, key
    grid = np.linspace(0.0005, 0.9995, 1000)
    point = np.full((1000, len(SHARED)), 0.5)
    point[:, ONSET] = grid
    density = np.exp(fit.log_prior(point) - fit.log_prior(np.full((1, len(SHARED)), 0.5)))
    below = np.cumsum(density) / density.sum()
    assert np.interp(np.quantile(u[:, ONSET], [0.1, 0.5, 0.9]), grid, below) == pytest.approx(
        [0.1, 0.5, 0.9], abs=0.03
    )


def test_unit_cube_and_back():
    values = design(64, 3)
    assert at(unit(values)) == pytest.approx(values)
    for k, p in enumerate(parameters().values()):
        assert values[:, k].min() >= p.low * 0.999
        assert values[:, k].max() <= p.high * 1.001


def test_street_phase_by_hand():
    quiet = np.full(10, 1e-5)
    crowd = np.concatenate([[1e-5], np.full(10, 1e-2), quiet, np.full(5, 1e-2)])
    # the last day before a week whose mean above the ordinary is at most a tenth of the largest day
    assert street_phase(crowd) == 11
    assert street_phase(np.full(30, 1e-5)) == 2
    assert street_phase(np.linspace(1e-5, 1e-2, 30)) == 30


def test_weekly_crowds_of_leipzig():
    """Weeks 3, 5 and 7 over the first: 6,000, 70,000 and 250,000 over 1,000."""
    assert [round(10**r) for r, _ in weekly("GDR1989")] == [6, 70, 250]
    assert weekly("TUN2010") == []
