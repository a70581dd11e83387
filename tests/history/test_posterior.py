"""The posterior that comes with the package is what futures draw, and the score board that comes
with it is its own.
"""

from __future__ import annotations

import hashlib
import json
from importlib.resources import files

import numpy as np
import pytest

import thermidor as th
from tests.conftest import command
from thermidor.fitted.posterior import load
from thermidor.fitted.scoreboard import load_board
from thermidor.history import score
from thermidor.history.folds import country, fingerprint, folds
from thermidor.history.forecast import totals
from thermidor.history.listing import LISTING
from thermidor.history.simulated.bank import SHARED
from thermidor.history.tables.cases import read_cases
from thermidor.history.validate import left_out, validate

INVENTED = """case_id,country,name,regime_type,onset,regime_fell,population_m,crowd_frac_low,\
crowd_frac_best,crowd_frac_high,deaths_best,days_onset_to_outcome
INV1,Smallland,The red spring,party,2003-04-01,0,12,0.001,0.002,0.004,40,30
INV2,Bigland,,military (personal),1994-10-01,,60,,,,,
FIT1,Burma,,military,2007-08-20,0,48,,0.002,,31,45
BAD1,Smallland,,party,last year,1,12,,,,,
BAD2,Smallland,,party,2003-04-01,1,-3,,,,,
"""


@pytest.fixture(scope="module")
def iran():
    return th.load("iran-2025", citizens=8_000)


def values(sheets, keys):
    return np.array([getattr(sheets[k.split(".")[0]], k.split(".")[1]) for k in keys])


def test_a_future_takes_one_row_of_the_posterior(iran):
    learnt = load()
    assert iran.fitted == learnt.keys
    rows = {tuple(r) for r in learnt.draws}
    drawn = [tuple(values(iran.draw(1, k)[1], learnt.keys)) for k in range(40)]
    assert set(drawn) <= rows
    assert len(set(drawn)) > 30


def test_what_a_scenario_gives_itself_stands_and_the_rest_is_drawn_as_before(iran):
    changed = iran.patched({"security.strength": 0.7})
    assert "security.strength" not in changed.fitted
    for k in range(5):
        before, after = (values(s.draw(1, k)[1], load().keys) for s in (iran, changed))
        at = load().keys.index("security.strength")
        assert after[at] == 0.7
        assert np.array_equal(np.delete(before, at), np.delete(after, at))


def test_without_the_posterior_futures_draw_from_the_ledger(iran):
    prior = iran.patched({"posterior": False})
    assert prior.fitted == ()
    assert prior.hash != iran.hash
    for k in range(5):
        ours, theirs = (s.draw(1, k)[1] for s in (iran, prior))
        assert theirs["treasury"] == ours["treasury"]  # the others' luck is as it was
    strength = [prior.draw(1, k)[1]["security"].strength for k in range(200)]
    a = prior.parameters["security.strength"]
    assert a.low <= min(strength) < max(strength) <= a.high
    assert np.mean(strength) == pytest.approx((a.low + a.value + a.high) / 3, abs=0.02)


def test_fixed_futures_hold_the_medians(iran):
    sheet = iran.draw(1, 0, fixed=True)[1]
    assert values(sheet, load().keys) == pytest.approx(
        [load().quantiles[k][1] for k in load().keys]
    )


def test_the_ledger_shows_both(iran):
    rows = {r["key"]: r for r in th.explain(iran)["ledger"]}
    for key in load().keys:
        r = rows[key]
        assert (
            r["declared"]["low"]
            <= r["posterior"]["q10"]
            <= r["posterior"]["q50"]
            <= r["posterior"]["q90"]
            <= r["declared"]["high"]
        )
    assert rows["treasury.price"]["posterior"] is None


def test_the_board_belongs_to_these_cases_and_this_posterior():
    board = load_board()
    assert board["made"]["cases_sha256"] == fingerprint() == load().made["cases"]
    assert (
        board["made"]["posterior_sha256"]
        == hashlib.sha256(
            (files("thermidor.fitted") / "data" / "posterior.json").read_bytes()
        ).hexdigest()[:16]
    )
    cases, _ = read_cases()
    assert {r["id"] for r in board["cases"]} == {c.id for c in cases}
    again = totals(board["cases"])
    for k in ("brier", "brier_base", "skill", "skill_low", "auc", "log_score"):
        assert again[k] == pytest.approx(board["totals"][k], abs=2e-3), k


def test_no_case_is_forecast_by_what_was_fitted_to_its_country():
    cases, _ = read_cases()
    for name, (inside, outside) in folds(cases).items():
        assert not {c.id for c in inside} & {c.id for c in outside}
        if name != "forward":
            assert not {c.known.country for c in inside} & {c.known.country for c in outside}
    assert sorted(
        c.id for n, (_, outside) in folds(cases).items() if n != "forward" for c in outside
    ) == sorted(c.id for c in cases)


def test_shuffled_outcomes_give_no_skill():
    board = load_board()
    p, base, fell = (
        np.array([r[k] for r in board["cases"]], float) for k in ("fall", "base_rate", "fell")
    )
    rng = np.random.default_rng(2)
    found = [
        score.skill(score.brier(p, dealt), score.brier(base, dealt))
        for dealt in (rng.permutation(fell) for _ in range(500))
    ]
    assert np.mean(found) < 0.02
    assert board["shuffled"]["mean"] < 0.05  # fitted anew to outcomes dealt out anew


def test_the_posteriors_that_left_a_country_out_come_with_the_package():
    """Of each country with a case; what `validate --fresh` computes the board from."""
    cases, _ = read_cases()
    kept = left_out()
    assert {country(c) for c in cases} <= set(kept)
    for u in kept.values():
        assert u.shape[1] == len(SHARED) + len(LISTING)
        assert np.isfinite(u).all()


def test_invented_cases_are_scored_and_the_rest_is_named(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(INVENTED)
    told = validate(path, futures=40, processes=1)
    assert [r["id"] for r in told["cases"]] == ["INV1", "INV2", "FIT1"]
    assert told["fitted_before"] == ["FIT1"]
    assert [r["fitted_as"] for r in told["cases"]] == [None, None, "MMR2007"]
    assert told["totals_fitted"]["n"] == 1 and "FIT1 (MMR2007 of the fit)" in told["warning"]
    assert told["columns_not_used"] == ["name"]
    assert any("'Bigland' is not known" in n for n in told["notes"])
    assert told["totals"]["skill_low"] is None  # of one country nothing follows for others
    assert set(told["not_used"]) == {"BAD1", "BAD2"}
    assert 0 < told["cases"][0]["fall"] < 1
    assert told["cases"][1]["fell"] is None
    assert told["cases"][1]["brier"] is None
    assert told["totals"]["n"] == 1
    assert told["cases"][0]["crps"].keys() == {"peak", "duration", "deaths"}
    again = validate(path, futures=40, processes=2, out=tmp_path / "parts")
    assert [r["fall"] for r in again["cases"]] == [r["fall"] for r in told["cases"]]
    kept = validate(path, futures=40, processes=1, out=tmp_path / "parts")
    assert [r["predicted"] for r in kept["cases"]] == [r["predicted"] for r in told["cases"]]


def test_the_command_reads_the_board_and_refuses_what_is_not_there(tmp_path, capsys):
    code, said, _ = command(capsys, "validate", "--json")
    assert code == 0
    assert len(json.loads(said)["cases"]) == 37
    for words in (["--cases", tmp_path / "none.csv"], ["--fresh"]):
        code, _, wrong = command(capsys, "validate", *words)
        assert code == 2
        assert "Traceback" not in wrong
        assert wrong.startswith("thermidor: ")


def test_parts_are_named_by_what_they_are_made_of(tmp_path):
    """A stranger's case_id is no path, and parts of another seed or other values are not taken for
    these.
    """
    import dataclasses

    from thermidor.history.simulated.bank import bank, design
    from thermidor.history.tables.covariates import covariates

    c = dataclasses.replace(covariates(read_cases()[0][0].known, None), id="../../outside")
    rows, out = design(2, 1), tmp_path / "in" / "parts"
    first = bank([c], rows, out=out, processes=1)
    assert [p.parent for p in tmp_path.rglob("*") if p.is_file()] == [out]
    assert bank([c], rows, out=out, processes=1).equals(first)
    assert not bank([c], rows, seed=2, out=out, processes=1).equals(first)
    assert not bank([c], rows[::-1].copy(), out=out, processes=1).equals(first)
    assert bank([c], rows, processes=1).equals(first)
