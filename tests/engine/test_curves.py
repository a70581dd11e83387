"""exp and Phi of many numbers at once: near the true ones, the same wherever a number stands."""

import numpy as np
import pytest
from scipy.special import ndtr

from thermidor.kernels import curves


def of(f, x):
    found = np.array(x, float)
    f(found)
    return found


def test_exp_is_right_to_the_last_digit_or_the_one_beside_it():
    x = np.concatenate([np.linspace(-707.9, 708.9, 400_001), np.linspace(-1e-3, 1e-3, 2_001)])
    assert np.abs(of(curves.exponentials, x) / np.exp(x) - 1).max() <= 2.3e-16
    assert of(curves.exponentials, [0.0])[0] == 1.0


def test_exp_is_held_to_what_a_float_holds():
    low, high, infinite = of(curves.exponentials, [-1e9, 1e9, -np.inf])
    assert 0 < low < 1e-300 and 1e300 < high < np.inf and infinite == low


def test_phi_is_right_to_fifteen_digits_of_one():
    x = np.linspace(-38.0, 38.0, 400_001)
    assert np.abs(of(curves.below, x) - ndtr(x)).max() <= 3e-16
    assert of(curves.below, [0.0])[0] == pytest.approx(0.5, abs=1e-15)
    assert of(curves.below, x[x < -8]).max() < 1e-15


@pytest.mark.parametrize("f", [curves.exponentials, curves.below], ids=["exp", "phi"])
def test_what_is_no_number_stays_none(f):
    found = of(f, [1.0, np.nan, -1.0])
    assert np.isnan(found[1]) and not np.isnan(found[[0, 2]]).any()


@pytest.mark.parametrize("f", [curves.exponentials, curves.below], ids=["exp", "phi"])
def test_a_number_gives_the_same_bits_wherever_it_stands(f):
    """Several are taken at once and the rest one by one; which is which must not matter."""
    x = np.random.default_rng(3).uniform(-9, 4, 67)
    alone = np.array([of(f, [v])[0] for v in x])
    for begin in range(20):
        for end in range(begin + 1, 68):
            assert np.array_equal(of(f, x[begin:end]), alone[begin:end])
