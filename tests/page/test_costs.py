"""Costs on the page are counted over the same days on all sides."""

from __future__ import annotations

import numpy as np

from thermidor.page.answer import paired
from thermidor.page.charts import counted
from thermidor.page.futures import Some, evenly


def side(last: list[int], a_day: float) -> Some:
    """Futures that cost so much a day until their last, of nine days."""
    n = len(last)
    day = np.arange(10)
    paid = np.array([[np.where(day <= d, a_day * day, np.nan)] for d in last])
    return Some(
        runs=np.arange(n),
        day=np.array(last),
        ending=tuple("in power" if d == 9 else "coup" for d in last),
        costs=np.array([[a_day * d] for d in last], float),
        paid=paid.transpose(0, 2, 1).astype(np.float32),
        series=np.zeros((n, 2, 1), np.float32),
        assumed=np.zeros((n, 0)),
    )


def test_a_side_whose_futures_end_early_does_not_seem_to_spare_lives():
    early, late = side([4, 9], 2.0), side([9, 9], 1.0)
    even, cut = evenly([early, late])
    assert [x[:, 0].tolist() for x in even] == [[8.0, 18.0], [4.0, 9.0]] and cut == 1
    assert counted(cut, 2).endswith("(1 future lived longer on one)")


def test_alone_a_side_is_counted_to_its_own_end():
    one = side([4, 9], 2.0)
    even, cut = evenly([one])
    assert even[0][:, 0].tolist() == [8.0, 18.0] and cut == 0
    assert counted(cut, 1) == "each future counted to its own end"


def test_futures_that_failed_on_one_side_are_left_out_of_all_and_counted():
    base, chosen = side([9, 9, 9], 1.0), side([4, 9, 9], 2.0)
    base = base.on(np.array([1, 2]))  # as if the first had failed
    played = paired(base, chosen, chosen)
    assert [s.runs.tolist() for s in played] == [[1, 2]] * 3
    assert [s.failed for s in played] == [1, 1, 1]
    assert played.chosen.day.tolist() == [9, 9] and played.chosen.costs[:, 0].tolist() == [18, 18]
