"""How an uprising comes into a table: weights have their closed form, and none change nothing."""

import numpy as np
import polars as pl
import pytest
from scipy.special import expit, logit

from thermidor.history.listing import MIDDLE, listed, listing


def uprisings(n: int, share: float, peaks: np.ndarray | None = None) -> pl.DataFrame:
    """Futures of a case, of which a share falls."""
    fell = np.arange(n) < share * n
    peaks = np.full(n, MIDDLE) if peaks is None else peaks
    return pl.DataFrame({"draw": np.arange(n), "fell": fell.astype(float), "peak": peaks})


@pytest.mark.parametrize("falls", [-1.0, 0.0, 0.7, 2.0])
def test_the_logit_of_a_fall_rises_by_falls(falls):
    """King and Zeng (2001), prior correction; to the half future that a draw of 400 can miss by."""
    drawn = listed(uprisings(400, 0.25), np.array([[falls, 0.0]]))
    assert drawn["fell"].mean() == pytest.approx(expit(logit(0.25) + falls), abs=0.5 / 400)


def test_sizes_lean_by_their_variance_times_size():
    """Of a normal distribution tilted by exp(c x) the mean rises by c times its variance."""
    peaks = np.random.default_rng(1).normal(MIDDLE, 0.5, 20_000)
    drawn = listed(uprisings(20_000, 0.0, peaks), np.array([[0.0, 0.8]]))
    assert drawn["peak"].mean() - peaks.mean() == pytest.approx(0.8 * 0.25, abs=0.01)


def test_without_weights_every_future_stays_once():
    made = uprisings(50, 0.3, np.linspace(-3, -1, 50))
    drawn = listed(made, np.zeros((1, 2)))
    assert drawn.drop("own").sort("draw").equals(made)
    assert drawn["own"].to_list() == [made["fell"].mean()] * 50


def test_each_future_is_weighed_by_the_row_of_its_draw():
    """Draws 0, 2, 4 ... have weight for falls, the odd ones against them."""
    made = uprisings(100, 0.5).with_columns(draw=pl.Series(np.arange(100)))
    drawn = listed(made, np.array([[9.0, 0.0], [-9.0, 0.0]]))
    assert set((drawn.filter(pl.col("fell") == 1)["draw"] % 2).to_list()) == {0}


def test_before_any_case_larger_crowds_are_never_the_less_listed():
    falls, size = listing(np.random.default_rng(2).normal(size=(1000, 2))).T
    assert (size >= 0).all()
    assert abs(falls.mean()) < 0.1


def test_a_case_of_no_uprising_stays_empty():
    assert listed(uprisings(0, 0.0), np.zeros((1, 2))).height == 0
