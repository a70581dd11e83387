"""Chance of a fall by largest day: bins by hand, intervals and slopes against other programs."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy.optimize import minimize
from scipy.special import betainc

from docs.make.history import TEACHES, by_crowd
from thermidor.fitted.beside import baselines, crowds, slopes, without
from thermidor.fitted.scoreboard import load_board
from thermidor.history import folds, score
from thermidor.history.bins import by_largest_day, jeffreys, slope
from thermidor.history.forecast import totals
from thermidor.history.tables.cases import read_cases
from thermidor.history.tables.covariates import covariates


def row(name: str, peak: float | None, fell: bool | None) -> dict[str, Any]:
    return {"id": name, "observed": {"peak": peak}, "fell": fell}


def ensemble(peaks: list[float], fell: list[int]) -> pl.DataFrame:
    return pl.DataFrame({"peak": peaks, "fell": [float(x) for x in fell]})


def test_bins_by_hand():
    rows = [
        row("A", -2.8, True),
        row("B", -2.7, False),
        row("C", -1.0, True),
        row("D", -3.3, True),  # smaller than the first bin
        row("E", None, True),
        row("F", -1.9, None),
    ]
    futures = {
        "A": ensemble([-2.9, -2.6, -1.2, 0.0], [0, 1, 1, 0]),
        "B": ensemble([-2.5, -1.5, -3.5], [1, 1, 1]),
    }
    found = by_largest_day(rows, futures)["bins"]
    assert [(b["cases"], b["fell"], b["futures"]) for b in found] == [
        (2, 1, 2),
        (0, 0, 1),
        (0, 0, 0),
        (1, 1, 3),
    ]
    assert [b["predicted"] for b in found] == [0.5, 1.0, None, pytest.approx(2 / 3)]
    assert found[0]["inside"] and found[2]["inside"] is None and found[3]["high"] == 1.0


@pytest.mark.parametrize(("fell", "n"), [(0, 5), (2, 5), (5, 5), (6, 8), (1, 40)])
def test_the_interval_of_a_share_is_jeffreys(fell, n):
    low, high = jeffreys(fell, n)
    a, b = fell + 0.5, n - fell + 0.5
    assert (low == 0.0) if fell == 0 else betainc(a, b, low) == pytest.approx(0.1, abs=1e-9)
    assert (high == 1.0) if fell == n else betainc(a, b, high) == pytest.approx(0.9, abs=1e-9)


def test_the_slope_is_that_of_maximum_likelihood_and_its_error_holds():
    """The slope against a general optimiser; 95 of 100 intervals hold a planted one."""
    rng = np.random.default_rng(5)
    held = 0
    for k in range(200):
        x = rng.normal(-2.2, 0.7, 150)
        fell = (rng.random(150) < 1 / (1 + np.exp(-0.8 * (x + 2.2)))).astype(float)
        found = slope(x, fell)
        held += abs(found["value"] - 0.8) < 1.96 * found["se"]
        if k == 0:
            likeliest = minimize(
                lambda b, x=x, fell=fell: np.sum(
                    np.logaddexp(0, b[0] + b[1] * x) - fell * (b[0] + b[1] * x)
                ),
                [0.0, 0.0],
            )
            assert found["value"] == pytest.approx(likeliest.x[1], abs=1e-3)
    assert 182 <= held <= 198


def test_futures_of_a_case_that_are_all_alike_count_once():
    rng = np.random.default_rng(6)
    x = rng.normal(-2, 0.7, 60)
    fell = (rng.random(60) < 1 / (1 + np.exp(-(x + 2)))).astype(float)
    many, case = np.repeat(x, 50), np.repeat(np.arange(60), 50)
    one, pooled = slope(x, fell), slope(many, np.repeat(fell, 50))
    by_case = slope(many, np.repeat(fell, 50), case)
    assert by_case["value"] == pytest.approx(one["value"])
    assert pooled["se"] == pytest.approx(one["se"] / math.sqrt(50), rel=1e-6)
    assert by_case["se"] == pytest.approx(one["se"], rel=0.35)


@pytest.mark.parametrize(
    ("peak", "fell"),
    [([], []), ([-2.0, -1.0, -3.0], [1, 1, 1]), ([-3.0, -2.9, -1.0, -0.9], [0, 0, 1, 1])],
)
def test_a_slope_that_cannot_be_told_is_none(peak, fell):
    found = slope(np.array(peak, float), np.array(fell, float))
    assert found["value"] is None and found["se"] is None


def test_the_cases_of_the_package_fell_at_every_size():
    board = load_board()
    found = by_largest_day(board["cases"], {})
    assert [(b["fell"], b["cases"]) for b in found["bins"]] == [(2, 5), (6, 8), (5, 11), (4, 7)]
    assert found["slope"]["cases"]["n"] == 37 and 0.2 < found["slope"]["cases"]["value"] < 1.2
    assert "37 cases" in slopes({"crowds": found})


def test_the_board_shows_what_was_predicted_beside_what_was_seen():
    rows = [row("A", -2.8, True), row("B", -2.7, False), row("C", -1.0, True)]
    futures = {n: ensemble([-2.9, -2.6, -1.2, -1.4], [0, 1, 1, 0]) for n in "ABC"}
    board = {"crowds": by_largest_day(rows, futures)}
    shown = crowds(board)
    assert [r[0] for r in shown] == ["0.10 to 0.32", "0.32 to 1", "1 to 3.2", "above 3.2"]
    assert shown[0][1:] == ("1 of 2", "16 to 84", "50", "yes")
    assert shown[1][1:] == ("0 of 0", "", "", "")
    page = "\n".join(by_crowd(board))
    assert "| 0.10 to 0.32 | 1 of 2 | 16 to 84 | 50 | yes |" in page
    assert crowds({}) == [] and by_crowd({"crowds": None}) == [] and slopes({}) == ""


@pytest.fixture
def few_draws(monkeypatch):
    """Intervals from a few draws, where nothing but what they stand beside is looked at."""
    monkeypatch.setattr(score, "BOOT", 40)


def test_the_model_stands_beside_one_half_and_the_constant(few_draws):
    board = load_board()
    t = totals(board["cases"])
    assert t["brier_half"] == 0.25 and t["brier_constant"] == pytest.approx(17 / 37 * 20 / 37)
    assert t["skill_half"] == pytest.approx(1 - t["brier"] / 0.25)
    assert t["skill_half_low"] < t["skill_half"] < t["skill_half_high"]
    by_name = {r[0]: r[1:] for r in baselines(t)}
    assert by_name["always one half"][0] == "0.250"
    assert float(by_name["the constant 17/37, known afterwards"][3]) == 0.0
    for name, x in (("the model", t), ("logistic regression", t["logistic"])):
        assert float(by_name[name][2]) == pytest.approx(x["skill_half"], abs=0.0051)
        assert float(by_name[name][3]) == pytest.approx(x["skill_constant"], abs=0.0051)


def test_the_board_is_told_without_the_theocracy(few_draws):
    t = totals(load_board()["cases"])
    rest = t["without"]["theocracy"]
    assert rest["n"] == 32 and rest["falls"] == 17
    shown = without(t)
    assert [r[:3] for r in shown] == [
        ("all cases", "37", "17"),
        ("without those of the theocracy", "32", "17"),
    ]
    others = [c for c in load_board()["cases"] if c["type"] != "theocracy"]
    assert totals(others)["brier"] == pytest.approx(rest["brier"])
    assert "without" in t and totals(others)["without"] == {}


def test_what_the_page_says_of_backing_is_what_the_board_has():
    backed = {c["id"]: bool(c["backing"]) for c in load_board()["cases"]}
    said = {k: not text.startswith("not ") for k, text in TEACHES.items() if "backed" in text}
    assert set(said) == {"GDR1989", "ARM2018", "KGZ2010"}
    assert said == {k: backed[k] for k in said}


def test_the_board_is_told_without_the_rules_that_were_written_after_looking(
    monkeypatch, few_draws
):
    """The cases that a rule touches are forecast anew without it, by the posterior of their fold;
    the others stay.
    """
    cases = [c for c in read_cases()[0] if c.known.onset.year > 2017]
    known = {c.id: covariates(c.known, None) for c in cases}
    parts = {name: np.zeros((2, 1)) for name in folds.folds(cases)}
    asked: list[list[Any]] = []

    def forecasts(countries, draws, **how):
        asked.append(list(countries))
        assert set(draws) == {c.id for c in countries}
        ends = {c.id: [1, 1, 0] if c.backing or c.revolution else [0, 0, 0] for c in countries}
        columns = ("peak", "duration", "deaths", "arrests", "own")
        return {
            k: pl.DataFrame({"fell": map(float, v), "ending": ["coup"] * 3}).with_columns(
                pl.lit(-2.0).alias(c) for c in columns
            )
            for k, v in ends.items()
        }

    monkeypatch.setattr(folds, "forecasts", forecasts)
    monkeypatch.setattr(folds, "LATER", 2020)
    board = folds.out_of_sample(cases, known, parts, None)
    rules = {c.id for c in known.values() if c.backing or c.revolution}
    assert rules and {c.id for c in asked[-1]} == rules < set(known)
    assert not any(c.backing or c.revolution for c in asked[-1])
    told, plain = board["totals"], board["totals"]["without"]["rules"]
    assert plain["n"] == told["n"] and plain["brier"] != told["brier"]
    fell = {c.id: float(c.observed.fell) for c in cases}
    assert plain["brier"] == pytest.approx(np.mean([(0.125 - x) ** 2 for x in fell.values()]))
    assert "without the rules for backing and revolution" in [r[0] for r in without(told)]
    assert board["crowds"]["slope"]["cases"]["n"] == sum(c.observed.peak is not None for c in cases)
