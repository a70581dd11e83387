"""A Saltelli design from the command line to its shares, where the answer was planted."""

from __future__ import annotations

import re

import numpy as np
import pytest

from tests.analysis.planted import FIRST, TOTAL, ishigami, study
from tests.conftest import CITIZENS, SMALL, command, write
from thermidor.analysis.moves.drivers import drivers
from thermidor.study.design.design import design
from thermidor.study.design.over import every, parse
from thermidor.support.faults import Fault

pytest.importorskip("SALib")

KEYS = ["broker.pressure", "treasury.price", "treasury.patronage"]
EVENLY = ["broker.pressure=0:1", "treasury.price=60:70", "treasury.patronage=1:9"]


def of(scenario, *texts, points=256, runs=1):
    return design("saltelli", parse(texts, scenario), points, runs, 1)


def planted(folder, d, y, lucks=1, levers=(0, 2)):
    """A study of the design whose outcome is given: float64[luck, point]."""
    values = np.tile(d.points, (lucks, 1))
    names = [o.key for o in d.over]
    return study(folder, values, y.ravel(), levers=levers, sweep=d.to_dict(), names=names)


def angles(small):
    d = of(small, *EVENLY)
    low, high = (np.array([getattr(o, end) for o in d.over]) for end in ("low", "high"))
    return d, np.pi * (2 * (d.points - low) / (high - low) - 1)


def test_ishigami_over_the_parameters_of_a_country(small, tmp_path):
    d, x = angles(small)
    assert len(d) == 256 * 5 and d.to_dict()["blocks"] == 256
    found = drivers(planted(tmp_path, d, ishigami(x)), "y")
    told = found.table
    assert set(told["measure"]) == {"first and total share"}
    by_key = {x.name: x for p in found.parts for x in p.found}
    assert [p.role for p in found.parts] == ["assumption", "lever"]
    for key, first, total in zip(KEYS, FIRST, TOTAL, strict=True):
        s = by_key[key]
        assert s.measure.low - 0.005 <= first <= s.measure.high + 0.005
        assert s.total.low - 0.005 <= total <= s.total.high + 0.005


def test_a_failed_future_takes_its_block_on_its_luck_and_no_more(small, tmp_path):
    d, x = angles(small)
    rng = np.random.default_rng(0)
    y = np.stack([ishigami(x), ishigami(x) + 0.1 * rng.normal(size=len(d))])
    y[0, ::50] = np.nan  # a tenth of the blocks on one luck
    y[:, 3] = np.nan  # a block on both
    found = drivers(planted(tmp_path, d, y, lucks=2), "y")
    first = found.parts[1].found[0]
    assert first.name == KEYS[0]
    assert first.measure.low - 0.01 <= FIRST[0] <= first.measure.high + 0.01
    assert found.left_out == 0 and found.futures < 2 * len(d)


@pytest.mark.parametrize(
    "spoil, said",
    [
        (lambda y: np.full_like(y, np.nan), "no future of .* is finished"),
        (lambda y: np.full_like(y, 0.25), "it is the same at all 320 points"),
        (lambda y: np.where(np.arange(len(y)) < 300, np.nan, y), "16 whole blocks or more, and 4"),
        (lambda y: (np.arange(len(y)) % 160 == 0) * 1.0, "only 2 of 128 points that were drawn"),
    ],
)
def test_what_has_no_shares_never_comes_back_as_nothing(small, tmp_path, spoil, said):
    d = of(small, *EVENLY, points=64)
    y = spoil(np.random.default_rng(1).random(len(d)))
    if "finished" in said:
        with pytest.raises(Fault, match=said):
            drivers(planted(tmp_path, d, y), "y")
        return
    found = drivers(planted(tmp_path, d, y), "y")
    assert any(re.search(said, s) for s in found.sentences), found.sentences
    assert found.table["value"].null_count() == found.table.height  # no row of nothing


def test_the_ledger_alone_is_believed_as_it_is_drawn(small):
    """What is varied by name alone has the quantiles of the futures that a run draws."""
    over = every(small)
    drawn = small.draw_many(1, list(range(4000)))
    assert len(over) > 200 and {o.role for o in over} == {"assumption"}
    u = (np.arange(4000) + 0.5) / 4000
    for o in over[::10]:
        column = drawn.now[:, drawn.form.keys.index(o.key)]
        assert np.ptp(column) > 0
        mine, other = np.sort(o.believed(u)), np.sort(column)
        assert np.abs(mine - other).mean() < 0.06 * np.ptp(column), o.key


@pytest.mark.parametrize(
    "points, runs, said",
    [
        (100, 1, "--points 100 must be a power of 2 for --design saltelli, such as 64 or 128"),
        (
            2**20,
            10**6,
            "asks for 5,242,880,000,000 futures .1,048,576 blocks of 5 points, 1,000,000 at each.; "
            "at most 10,000,000 are computed. Give fewer --points .blocks.",
        ),
    ],
)
def test_designs_that_are_too_large_are_refused(small, points, runs, said):
    with pytest.raises(Fault, match=said):
        of(small, *EVENLY, points=points, runs=runs)


def test_more_numbers_than_are_held_are_refused(small):
    with pytest.raises(Fault, match="at most 50,000,000 numbers are held. Give fewer --points"):
        design("saltelli", every(small), 1024, 1, 1)


@pytest.mark.slow
def test_from_the_command_line_to_the_shares(tmp_path, capsys):
    file = write(tmp_path / "small.yaml", SMALL, ("days: 60", "days: 3"))
    words = ["sweep", file, "--design", "saltelli", "--points", 16, "--runs", 1]
    words += ["--citizens", CITIZENS, "--out", tmp_path / "out", "--processes", 1]
    for text in ("security.loyalty_days", "citizens.quiet_turnout", "broker.pressure=0:1"):
        words += ["--over", text]
    code, out, err = command(capsys, *words)
    assert code == 0, err
    assert "16 blocks of 5 points (3 parameters and 2), 1 future at each: 80 futures" in err
    assert re.search("thermidor drivers .* tells what moves it", " ".join(out.split()))
    code, out, err = command(
        capsys, "drivers", tmp_path / "out", "--outcome", "peak_turnout_country"
    )
    assert code == 0, err
    assert "with all in which it takes part" in " ".join(out.split())
