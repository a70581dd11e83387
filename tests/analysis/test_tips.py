"""Where an outcome tips, where the answer was planted."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest

from tests.analysis.planted import study
from thermidor.analysis.tips import boxes, halves
from thermidor.analysis.tips.boxes import Box, Limit
from thermidor.analysis.tips.discover import discover, enough
from thermidor.support.faults import Fault

pytest.importorskip("ema_workbench")
HALVINGS = 2  # fewer than by default: PRIM takes its time


@pytest.fixture
def quick(monkeypatch):
    """Fewer and larger steps, over fewer inputs."""
    monkeypatch.setattr(boxes, "STEPS", (0.2,))
    monkeypatch.setattr(boxes, "CANDIDATES", 3)


def planted(n: int, d: int = 12, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """It holds in nine of ten futures with a3 above .6 and a7 at most .4, in one of 20 others."""
    rng = np.random.default_rng(seed)
    x = rng.random((n, d))
    inside = (x[:, 3] > 0.6) & (x[:, 7] < 0.4)
    return x, np.where(inside, rng.random(n) < 0.9, rng.random(n) < 0.05)


@pytest.mark.parametrize("how", ["prim", "tree"])
def test_a_planted_box_is_found_with_its_limits_and_no_others(how):
    x, y = planted(600)
    box = getattr(boxes, how)(x, y, boxes.candidates(x, y))
    first, second = sorted(box.limits)
    assert (first.at, second.at) == (3, 7)
    assert first.low == pytest.approx(0.6, abs=0.05) and first.high == np.inf
    assert second.high == pytest.approx(0.4, abs=0.05) and second.low == -np.inf


def test_the_workbench_is_left_as_it_was():
    peeling = pytest.importorskip("ema_workbench.analysis.prim")
    before = peeling.PrimBox._calculate_quasi_p
    x, y = planted(200)
    boxes.prim(x, y, [0, 1])
    assert peeling.PrimBox._calculate_quasi_p is before


def test_a_box_has_three_inputs_at_most():
    rng = np.random.default_rng(2)
    x = rng.random((800, 8))
    y = (x[:, :5] > 0.3).all(axis=1)
    assert len(boxes.prim(x, y, boxes.candidates(x, y)).limits) <= 3
    assert len(boxes.tree(x, y, boxes.candidates(x, y)).limits) <= 3


def test_limits_are_exclusive_below_and_inclusive_above():
    x = np.array([[0.1], [0.2], [0.3]])
    assert Box((Limit(0, 0.1, 0.2),)).holds(x).tolist() == [False, True, False]
    assert Box(()).holds(x).all()


def test_the_deviance_is_that_of_its_closed_form():
    inside, y = np.arange(10) < 4, np.array([1, 1, 1, 0, 0, 0, 0, 0, 1, 0], bool)
    told = 3 * np.log(3 / 4) + np.log(1 / 4) + np.log(1 / 6) + 5 * np.log(5 / 6)
    none = 4 * np.log(0.4) + 6 * np.log(0.6)
    assert boxes.deviance(inside, y) == pytest.approx(2 * (told - none))
    assert boxes.deviance(~inside, y) == pytest.approx(-2 * (told - none))


def test_a_planted_box_is_told_with_how_it_held_and_what_to_watch(quick, tmp_path):
    x, y = planted(500)
    found = discover(study(tmp_path, x, y.astype(float)), "y = 1", halvings=HALVINGS)
    (part,) = found.parts
    assert {s.name for s in part.sides} == {"m.a3", "m.a7"}
    assert part.density > 0.8 and part.coverage > 0.55
    low, _, high = part.held.density
    assert 0.6 < low <= high <= 1
    assert "y = 1 holds in" in part.sentence and "in futures kept aside" in part.sentence
    assert all(s.stable >= 3 for s in part.sides) and "m.a3 in" in part.stability
    assert len(found.watch) == 2 and "of 100 of the others" in found.watch[0]
    assert found.table.height == 2 and found.table["of"].to_list() == [4, 4]
    assert json.dumps(found.to_dict(), allow_nan=False, default=int)


def test_noise_has_no_box_and_the_futures_that_would_show_one_are_given(quick, tmp_path):
    rng = np.random.default_rng(3)
    y = (rng.random(300) < 0.1).astype(float)
    found = discover(study(tmp_path, rng.random((300, 40)), y), "y = 1", halvings=HALVINGS)
    (part,) = found.parts
    assert not part.sides and part.held.luck > 0.05 and found.table.height == 0
    assert part.sentence.startswith("Cannot tell with 300 futures where y = 1 tips")
    assert part.about == enough(y.mean()) > 300


def test_boxes_in_noise_do_not_hold_in_the_other_halves(quick):
    rng = np.random.default_rng(4)
    luck = [
        halves.halves(rng.random((80, 5)), rng.random(80) < 0.3, np.arange(80), k, 1).luck
        for k in range(8)
    ]
    assert sum(p < 0.05 for p in luck) <= 2


def test_what_holds_hardly_ever_has_no_box(tmp_path):
    x, _ = planted(200)
    some = discover(study(tmp_path / "a", x, (np.arange(200) < 4) * 1.0), "y = 1")
    assert "it holds in 4 of 200 futures; about 1,000 would give 20" in some.parts[0].sentence
    none = discover(study(tmp_path / "b", x, np.zeros(200)), "y = 1")
    assert "it holds in none of 200 futures." in none.parts[0].sentence


def test_levers_have_a_box_of_their_own(quick, tmp_path):
    x, y = planted(500)
    made = study(tmp_path, x, y.astype(float), levers=(7, 8))
    assumptions, levers = discover(made, "y = 1", halvings=1).parts
    assert [s.name for s in assumptions.sides] == ["m.a3"]
    assert [s.name for s in levers.sides] == ["m.a7"]


def test_a_number_is_no_condition(tmp_path):
    x, _ = planted(100)
    with pytest.raises(Fault, match=r"--outcome y is a number.*such as y > 0\.5\."):
        discover(study(tmp_path, x, np.linspace(0, 1, 100)), "y")
    with pytest.raises(Fault, match="Did you mean 'y'"):
        discover(study(tmp_path, x, np.linspace(0, 1, 100)), "yy > 1")


def test_a_daily_series_that_tells_early_is_a_signpost(quick, tmp_path):
    x, y = planted(400)
    rng = np.random.default_rng(5)
    day = np.where(y, rng.integers(60, 90, 400), 100)
    made = study(tmp_path, x, y.astype(float), day=day)
    days = np.arange(1, 101)
    unrest = 2.0 * y[:, None] * (days > 15) + rng.normal(size=(400, 100))
    pl.DataFrame(
        {
            "run": np.repeat(np.arange(400), 100).astype(np.int32),
            "day": np.tile(days, 400).astype(np.int32),
            "anger": unrest.ravel() + 1.0 * np.repeat(y, 100),  # tells more, and nobody sees it
            "arrested": unrest.ravel(),
            "wages": rng.normal(size=40_000),
        }
    ).write_parquet(tmp_path / "series.parquet")
    found = discover(made, "ending = 'coup'", halvings=1)
    (sign,) = found.signposts
    assert (sign.series, sign.day, sign.above) == ("arrested", 17, True)
    assert sign.hits > 0.7 and sign.false < 0.3 and 45 < sign.left < 70
    assert "days before the end" in found.watch[-1] and "false alarm" in found.watch[-1]


def test_tables_and_a_picture_are_written(quick, monkeypatch, tmp_path):
    from thermidor import studies

    x = planted(300)[0][:, :2]
    made = study(tmp_path / "s", x, (x[:, 0] > 0.7) * 1.0)
    ticks = []
    monkeypatch.setattr(halves, "HALVINGS", 1)
    studies.discover(made, "y = 1", out=tmp_path / "out", progress=lambda *at: ticks.append(at))
    names = {p.name for p in (tmp_path / "out").iterdir()}
    assert names == {
        "discover.json",
        "discover.csv",
        "discover.parquet",
        "discover-assumptions.svg",
    }
    assert ticks == [(1, 2), (2, 2)]
