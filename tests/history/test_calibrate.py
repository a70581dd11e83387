"""The fit finds what was planted, in a toy whose answer is known, and the prior is what futures draw."""
from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from scipy.stats import kstest

from thermidor.history import calibrate as fit
from thermidor.history.bank import SHARED, at, design, held, parameters, unit
from thermidor.history.fit import prior
from thermidor.history.observe import CONTINUOUS, street_phase

N = 512
STRENGTH, ONSET = SHARED.index("security.strength"), SHARED.index("events.onset")


def toy(values: np.ndarray, case: str, seed: int) -> pl.DataFrame:
    """Futures in which falls follow strength and crowds follow the onset, and nothing else follows anything."""
    rng, u = np.random.default_rng(seed), 2 * unit(values) - 1
    fell = (rng.random(len(u)) < 1 / (1 + np.exp(3 * u[:, STRENGTH]))).astype(float)
    peak = -2 + u[:, ONSET] + rng.normal(0, 0.3, len(u))
    rest = rng.normal(1.5, 0.3, (len(u), 3))
    return pl.DataFrame({"case": case, "draw": np.arange(len(u)), "fell": fell, **dict(zip(CONTINUOUS, [peak, *rest.T], strict=True))})


@pytest.fixture(scope="module")
def emulators():
    values = design(N, 1)
    made = fit.emulate(pl.concat(toy(values, f"T{k}", k) for k in range(12)), values, {f"T{k}": ((k - 6) / 6, k % 2) for k in range(12)})
    return [made[f"T{k}"] for k in range(12)]


def facts(fell: float, peak: float) -> fit.Facts:
    return fit.Facts(fell, np.array([peak, 1.5, 1.5, np.nan]), np.full(4, 0.1))


def test_the_emulator_knows_what_moves_what(emulators):
    e = emulators[0]
    slope = e.chance[1:1 + len(SHARED)]
    assert np.argmax(np.abs(slope)) == STRENGTH
    assert slope[STRENGTH] == pytest.approx(-3.0, abs=0.8)
    assert e.mean[1 + ONSET, 0] == pytest.approx(1.0, abs=0.1)
    assert np.sqrt(e.covariance[0, 0]) == pytest.approx(0.3, abs=0.05)


def test_the_posterior_moves_where_the_data_point(emulators):
    strong = fit.Likelihood(emulators, {e.case: facts(0.0, -1.5) for e in emulators})
    weak = fit.Likelihood(emulators, {e.case: facts(1.0, -2.5) for e in emulators})
    (u, _), (v, _) = (fit.sample(x, 300, 1, steps=900, burn=300) for x in (strong, weak))
    assert u[:, STRENGTH].mean() > v[:, STRENGTH].mean() + 0.2
    assert u[:, ONSET].mean() == pytest.approx(0.75, abs=0.07)  # -1.5 = -2 + (2 u - 1)
    assert v[:, ONSET].mean() == pytest.approx(0.25, abs=0.07)
    idle = SHARED.index("ruler.lethality")
    assert abs(u[:, idle].mean() - v[:, idle].mean()) < 0.15


def test_a_missing_value_and_a_missing_ending_say_nothing(emulators):
    nothing = fit.Likelihood(emulators[:1], {"T0": fit.Facts(None, np.full(4, np.nan), np.full(4, 0.1))})
    assert nothing(np.random.default_rng(1).random((20, len(SHARED)))) == pytest.approx(0.0)


def test_the_prior_is_that_of_futures(small):
    """The density, the sampler and the draws of a scenario agree."""
    drawn = prior(4000, 7)
    u = unit(drawn)
    made = held(small, {})
    made = made.patched({"posterior": False})
    own = np.array([[getattr(made.draw(3, k)[1][key.split(".")[0]], key.split(".")[1]) for key in SHARED] for k in range(400)])
    for k, key in enumerate(SHARED):
        if key in ("security.strength",) or made.parameters[key].low == parameters()[key].low:
            assert kstest(unit(own)[:, k], u[:, k]).pvalue > 1e-4, key
    grid = np.linspace(0.0005, 0.9995, 1000)
    point = np.full((1000, len(SHARED)), 0.5)
    point[:, ONSET] = grid
    density = np.exp(fit.log_prior(point) - fit.log_prior(np.full((1, len(SHARED)), 0.5)))
    below = np.cumsum(density) / density.sum()
    assert np.interp(np.quantile(u[:, ONSET], [0.1, 0.5, 0.9]), grid, below) == pytest.approx([0.1, 0.5, 0.9], abs=0.03)


def test_unit_cube_and_back():
    values = design(64, 3)
    assert at(unit(values)) == pytest.approx(values)
    for k, p in enumerate(parameters().values()):
        assert values[:, k].min() >= p.low * 0.999
        assert values[:, k].max() <= p.high * 1.001


def test_street_phase_by_hand():
    quiet = np.full(10, 1e-5)
    crowd = np.concatenate([[1e-5], np.full(10, 1e-2), quiet, np.full(5, 1e-2)])
    assert street_phase(crowd) == 18  # the first week whose mean above the ordinary is at most a tenth of the largest day
    assert street_phase(np.full(30, 1e-5)) == 7
    assert street_phase(np.linspace(1e-5, 1e-2, 30)) == 30


def test_weekly_crowds_of_leipzig():
    """Weeks 3, 5 and 7 over the first: 6,000, 70,000 and 250,000 over 1,000."""
    assert [round(10**r) for r, _ in fit.weekly("GDR1989")] == [6, 70, 250]
    assert fit.weekly("TUN2010") == []
