"""Conditioning: toys equal their closed forms, branches equal the futures they are made of, what
cannot be met is named."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest

import thermidor as th
from tests.conftest import CITIZENS, SMALL, command, write
from thermidor.analysis.updating.branches import branched
from thermidor.analysis.updating.follow import follow, systematic
from thermidor.analysis.updating.update import ENOUGH, read_values, update
from thermidor.analysis.updating.weights import (
    Sighting,
    effective,
    log_weights,
    mean,
    normal,
    not_met,
    quantile,
    share,
)
from thermidor.engine.simulate import simulate
from thermidor.study.stats import Z95
from thermidor.study.stats import share as plain_share

SEEN = """\
seen: 1
title: Crowds
observations:
  - {date: DATE, series: turnout_country, value: 0.001, low: 0.00001, high: 0.9, source: a
      paper, known: 2025-07-01}
"""


def sighting(day: int, value: float, sd: float, series: str = "x") -> Sighting:
    date = dt.date(2025, 6, 16) + dt.timedelta(day)
    return Sighting(day, date, series, value, value - Z95 * sd, value + Z95 * sd, "a paper")


def test_a_linear_gaussian_toy_equals_its_closed_form() -> None:
    """theta ~ N(0, 1), x_t = a_t theta + N(0, q), y_t = x_t + N(0, r)."""
    rng, a, q, r = np.random.default_rng(1), np.array([1.0, 0.5, -1.0]), 0.4, 0.5
    y = np.array([0.8, 0.1, -1.1])
    theta = rng.normal(size=400_000)
    x = theta[:, None] * a + q * rng.normal(size=(theta.size, 3))
    w = normal(log_weights([sighting(t, v, r) for t, v in enumerate(y)], x))
    precision = 1 + (a**2).sum() / (q**2 + r**2)
    expected = (a * y).sum() / (q**2 + r**2) / precision
    found, low, high = mean(w, theta)
    assert abs(found - expected) < min(0.01, high - low)
    assert abs(w @ (theta - found) ** 2 - 1 / precision) < 0.01
    # effective sample of normal weights: known too
    assert 0 < effective(w) < theta.size


def test_branches_of_a_random_walk_equal_the_kalman_filter() -> None:
    """x_t = x_(t-1) + N(0, 1), seen with error 0.3 for ten days: weights alone collapse."""
    rng, n, sd = np.random.default_rng(2), 4000, 0.3
    truth = np.cumsum(rng.normal(size=10)) + 2.0
    at = [sighting(t + 1, v, sd) for t, v in enumerate(truth)]

    def play(p: tuple[float, ...], day: int, number: int) -> tuple[float, ...]:
        return (*p, p[-1] + rng.normal())

    found = follow([(0.0,)] * n, at, play, lambda p, today: [p[-1]] * len(today), seed=1)
    m, v = 0.0, 0.0
    for y in truth:
        v += 1
        gain = v / (v + sd**2)
        m, v = m + gain * (y - m), (1 - gain) * v
    ends = np.array([p[-1] for p in found.particles])
    assert abs(found.weights @ ends - m) < 0.05
    assert any(s.drawn for s in found.stages) and effective(found.weights) > 100
    straight = np.cumsum(rng.normal(size=(n, 10)), axis=1)
    assert effective(normal(log_weights(at, straight))) < 20


def test_systematic_resampling_draws_each_as_often_as_its_weight() -> None:
    w = np.array([0.5, 0.25, 0.0, 0.25])
    assert systematic(w, 0.5) == [0, 0, 1, 3]
    assert np.bincount(systematic(np.tile(w / 100, 100), 0.3), minlength=400)[2::4].sum() == 0


def test_equal_weights_give_what_is_told_without_them() -> None:
    flag = np.array([1.0] * 30 + [0.0] * 70)
    even = np.full(100, 0.01)
    assert np.allclose(share(even, flag), plain_share(30, 100))
    assert effective(even) == pytest.approx(100)
    assert quantile(even, np.arange(100.0), 0.5) == 49
    assert not normal(np.full(3, -np.inf)).any() and effective(np.zeros(3)) == 0


def test_branches_of_few_draws_are_told_with_the_draws_interval() -> None:
    flag, even = np.array([1.0, 1.0, 0.0, 0.0] * 10), np.full(40, 0.025)
    draws = np.repeat(np.arange(10), 4)
    assert np.allclose(share(even, flag, draws), plain_share(5, 10))
    assert np.allclose(mean(even, flag, np.arange(40)), mean(even, flag))
    assert np.ptp(mean(even, flag, np.tile([0, 1, 2, 3], 10))[1:]) > np.ptp(mean(even, flag)[1:])


def test_errors_differ_on_the_two_sides() -> None:
    s = Sighting(1, dt.date(2025, 6, 17), "x", 1.0, 0.5, 3.0, "")
    z = s.errors(np.array([0.5, 1.0, 3.0, 5.0]))
    assert np.allclose(z, [-Z95, 0, Z95, 2 * Z95])


def test_what_no_future_meets_is_named_with_the_nearest() -> None:
    at = [sighting(1, 0.0, 1.0, "calm"), sighting(2, 50.0, 1.0, "storm"), sighting(3, 1.0, 1.0)]
    values = np.array([[0.0, 9.0, np.nan], [1.0, 20.0, np.nan]])
    far, gone = not_met(at, values, [7, 8])
    assert "'storm' of 2025-06-18 was 50" in far and "nearest is future 8 with 20" in far
    assert "no future was still in power on that day, day 3" in gone


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory):
    """A study of eight days, with its scenario."""
    folder = tmp_path_factory.mktemp("update")
    file = write(folder / "s.yaml", SMALL, ("days: 60", "days: 8"))
    made = th.load(file, citizens=CITIZENS)
    return th.run(made, runs=12, processes=0, out=folder / "out"), made


def test_branches_without_observations_that_tell_are_the_futures_themselves(short) -> None:
    study, made = short
    wide = [sighting(d, 0.001, 10.0, "turnout_country") for d in (2, 5)]
    found = branched(made, wide, 3, study.seed)
    assert found.ancestors == [0, 1, 2] and not any(s.drawn for s in found.stages)
    for k in range(3):
        plain = simulate(made, study.seed, k)
        assert found.runs["peak_turnout_country"][k] == plain.outcomes()["peak_turnout_country"]
        assert found.runs["killed_protest"][k] == plain.outcomes()["killed_protest"]


def test_branches_share_their_ancestors_days_and_part_then(short) -> None:
    study, made = short
    x = [simulate(made, study.seed, k)["turnout_country"][3] for k in range(4)]
    near = [sighting(3, x[2], max(1e-9, min(abs(x[2] - v) for v in x if v != x[2]) / 3.5), S)]
    found = branched(made, near, 4, study.seed)
    assert found.stages[0].drawn and set(found.ancestors) == {2}
    assert found.runs["final_turnout_country"].n_unique() == 4


S = "turnout_country"


def test_a_sweep_is_not_weighed_as_if_its_points_were_one_belief(short, tmp_path) -> None:
    study, _ = short
    (tmp_path / "s.yaml").write_text(SEEN.replace("DATE", "2025-06-20"))
    swept = th.Study(study.path)
    swept.manifest["sweep"] = {"kind": "full"}
    with pytest.raises(th.Fault, match="is a sweep"):
        update(swept, tmp_path / "s.yaml")


def test_a_study_is_updated_and_says_when_it_cannot_tell(short, tmp_path) -> None:
    study, _ = short
    (tmp_path / "s.yaml").write_text(SEEN.replace("DATE", "2025-06-20"))
    found = update(study, tmp_path / "s.yaml", outcomes=("peak_turnout_country",))
    assert "Cannot tell" in found.sentence() and "effective sample" in found.sentence()
    assert found.stood == study.futures < ENOUGH
    assert found.weights["weight"].sum() == pytest.approx(1)
    table = study.series.filter(pl.col("day") == 4)[S].to_numpy()
    assert np.allclose(read_values(study, list(found.sightings))[:, 0], table)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ([("value: 0.001, low: 0.00001, high: 0.9", "value: 0.001")], "has no range"),
        ([("0.001, low: 0.00001, high: 0.9", "0.9, low: 0.89, high: 0.91")], "no future meets"),
        ([("DATE", "2025-06-29")], "lies after the end"),
        ([("turnout_country", "turnout_contry")], "Did you mean 'turnout_country'"),
    ],
)
def test_bad_observations_are_a_sentence_each(short, tmp_path, capsys, changes, says) -> None:
    text = SEEN
    for old, new in [*changes, ("DATE", "2025-06-20")]:
        text = text.replace(old, new)
    (tmp_path / "s.yaml").write_text(text)
    code, out, err = command(capsys, "update", short[0].path, "--seen", tmp_path / "s.yaml")
    assert code == 2 and not out and says in " ".join(err.split())


def test_what_was_not_known_yet_does_not_count(short, tmp_path) -> None:
    (tmp_path / "s.yaml").write_text(SEEN.replace("DATE", "2025-06-20"))
    with pytest.raises(th.Fault, match="nothing in it was known by 2025-06-20"):
        update(short[0], tmp_path / "s.yaml", known_by=dt.date(2025, 6, 20))


def test_branches_of_another_scenario_are_refused(short, tmp_path) -> None:
    study, made = short
    (tmp_path / "s.yaml").write_text(SEEN.replace("DATE", "2025-06-20"))
    other = made.patched({"citizens.ties": 0.5})
    with pytest.raises(th.Fault, match="another scenario"):
        update(study, tmp_path / "s.yaml", branch=10, scenario=other)
