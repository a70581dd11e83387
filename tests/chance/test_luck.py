"""Luck in compiled steps is luck in plain Python, bit for bit."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest
from numba import njit

from thermidor.chance.draws import Draw
from thermidor.chance.luck import luck
from thermidor.chance.normal import quantile

DAYS = (0, 1, 2, 19, 20, 364, 365, 100_000)
MANY = 7


@njit
def several(base, day):
    """Every method, under several names, today and held for some days."""
    draw, held = luck(base, day), luck(base, day).during(20.0)
    weekly, daily = luck(base, day).during(6.5), luck(base, day).during(0.2)
    numbers = np.array(
        [
            draw.uniform("spark"),
            draw.uniform("Funke, größer"),
            draw.uniform(""),
            draw.normal("spark"),
            draw.normal("how long an uprising lasts"),
            draw.exponential("spark"),
            draw.exponential("spark size, second part"),
            1.0 if draw.happens("spark", 0.4) else 0.0,
            1.0 if draw.happens("leader dies", 0.0) else 0.0,
            1.0 if draw.happens("leader dies", 1.0) else 0.0,
            held.uniform("mood"),
            held.normal("mood"),
            held.exponential("mood"),
            weekly.uniform("mood"),
            daily.uniform("mood"),
            held.during(3.0).uniform("mood"),
        ]
    )
    keys = np.array([draw.key("cells"), draw.key("spark"), held.key("cells")])
    arrays = draw.uniforms("offices", MANY), held.uniforms("offices", 1), draw.uniforms("none", 0)
    return numbers, keys, arrays


def plainly(draw: Draw):
    """The same by Draw."""
    held, weekly, daily = draw.during(20.0), draw.during(6.5), draw.during(0.2)
    numbers = [
        draw.uniform("spark"),
        draw.uniform("Funke, größer"),
        draw.uniform(""),
        draw.normal("spark"),
        draw.normal("how long an uprising lasts"),
        draw.exponential("spark"),
        draw.exponential("spark size, second part"),
        float(draw.happens("spark", 0.4)),
        float(draw.happens("leader dies", 0.0)),
        float(draw.happens("leader dies", 1.0)),
        held.uniform("mood"),
        held.normal("mood"),
        held.exponential("mood"),
        weekly.uniform("mood"),
        daily.uniform("mood"),
        held.during(3.0).uniform("mood"),
    ]
    keys = [draw.key("cells"), draw.key("spark"), held.key("cells")]
    arrays = draw.uniforms("offices", MANY), held.uniforms("offices", 1), draw.uniforms("none", 0)
    return numbers, keys, arrays


@pytest.mark.parametrize("seed, run, who, branch", [(1, 0, "events", 0), (7, -1, "ruler", 3)])
def test_every_method_gives_what_draw_gives(seed, run, who, branch):
    seen = set()
    for day in DAYS:
        draw = Draw(seed, run, who, branch)
        draw.day = day
        numbers, keys, arrays = several(np.uint64(draw.base), day)
        expected = plainly(draw)
        assert numbers.tolist() == expected[0] and keys.tolist() == expected[1]
        assert all(a.tolist() == b.tolist() for a, b in zip(arrays, expected[2], strict=True))
        seen.add(numbers[0])
    assert len(seen) == len(DAYS)


def test_uniform_numbers_of_many_days_are_the_same():
    @njit
    def compiled(base, days):
        return np.array([luck(base, day).uniform("x") for day in range(days)])

    draw, found = Draw(3, 5, "citizens"), []
    for day in range(2000):
        draw.day = day
        found.append(draw.uniform("x"))
    assert compiled(np.uint64(draw.base), 2000).tolist() == found


def test_the_normal_distribution_is_that_of_python():
    """20,000 numbers: evenly spread, and far into both tails."""
    least = 0.5 / 2**52  # the smallest that is ever drawn
    tails = np.geomspace(least, 0.5, 5000)
    edges = [0.5, 0.075, 0.925, least, 1 - 2**-53, math.exp(-25.0), 1 - math.exp(-25.0)]
    drawn = np.array([Draw(s, 0, "m").uniform("x") for s in range(2993)])
    p = np.concatenate([np.linspace(0, 1, 7002)[1:-1], tails, 1 - tails, drawn, edges])
    assert p.size == 20_000 and p.min() > 0 and p.max() < 1
    expected = [NormalDist().inv_cdf(x) for x in p.tolist()]
    assert [quantile(x) for x in p] == expected
