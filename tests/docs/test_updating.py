"""What is scored of the first weeks: nothing of later days gets in, and weights are as by hand."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest

from docs.make.updating import Seen, chance, crowd_days, crowds, over_by, seen
from thermidor.history.tables.cases import read_cases

CASES = {c.id: c for c in read_cases()[0]}


def test_weeks_count_from_the_onset_and_only_when_over() -> None:
    found = {w: x for w, x, _ in crowds(CASES["GDR1989"])}
    assert found[1] == 0 and found[4] == pytest.approx(math.log10(20))
    assert [x[0] for x in seen(CASES["GDR1989"], 61, 14).weeks] == [1]
    assert [x[0] for x in seen(CASES["BLR2020"], 7, 28).weeks] == [2, 3]
    assert crowds(CASES["EGY2011"]) == []


def test_a_largest_day_that_was_still_to_come_is_not_known() -> None:
    days = crowd_days()
    assert days["EGY2011"] == 7 and days["GDR1989"] == 61
    assert seen(CASES["EGY2011"], days["EGY2011"], 7).peak is None
    assert seen(CASES["EGY2011"], days["EGY2011"], 14).peak is not None
    assert seen(CASES["GDR1989"], days["GDR1989"], 28).peak is None
    assert over_by(CASES["PHL1986"], 7) and not over_by(CASES["GDR1989"], 28)


def test_chances_by_hand() -> None:
    """Of four futures one fell on day 5; of the others one fell later, after a large day."""
    futures = pl.DataFrame(
        {
            "fell": [1.0, 1.0, 0.0, 0.0],
            "duration": np.log10([5.0, 40.0, 30.0, 30.0]),
            "week0": [-2.0, -3.0, -3.0, -3.0],
            "week1": [math.nan, -1.0, -2.0, -3.0],
        }
    )
    case = CASES["EGY2011"]
    assert chance(futures, case, Seen((), None), 0) == (pytest.approx(2.5 / 5), pytest.approx(4))
    assert chance(futures, case, Seen((), None), 14)[0] == pytest.approx(1.5 / 4)
    w = np.exp(-(np.array([0.0, 1.0, 2.0]) ** 2) / 2)
    w /= w.sum()
    p, n = chance(futures, case, Seen((), (-1.0, 1.0)), 14)
    assert n == pytest.approx(1 / (w**2).sum()) and p == pytest.approx((w[0] * n + 0.5) / (n + 1))
