"""Choices on a date hold from that day on, in the loop and in many futures side by side."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from tests.conftest import SMALL
from thermidor.engine.batch import Batch, Futures
from thermidor.engine.simulate import simulate
from thermidor.scenario.load import load
from thermidor.support.faults import Fault


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    path = tmp_path_factory.mktemp("turns") / "small.yaml"
    path.write_text(SMALL.replace("days: 60", "days: 24"), encoding="utf-8")
    return load(path)


def on(made, days, key="treasury.public"):
    return f"{key}@{made.start + dt.timedelta(days=days)}"


def test_a_choice_holds_from_its_day_until_the_next(made):
    turned = made.patched({"treasury.public": 1, on(made, 8): 4, on(made, 16): 2})
    a, b = simulate(made.patched({"treasury.public": 1}), 1, 0), simulate(turned, 1, 0)
    days = min(a.day, b.day)
    differ = np.array([not np.array_equal(x, y) for x, y in zip(a.series, b.series, strict=False)])
    assert differ[:days].any() and not differ[:8].any() and differ[8]
    sheets = turned.draw(1, 0)
    assert [s["treasury"].public for s in sheets[1:]] == [1, 4, 2]
    assert turned.turns == (8, 16)
    assert b.parameters["treasury"].public == 1


def test_one_from_the_first_day_and_one_later(made):
    """What a choice on the day itself gives is what choices_from gives."""
    later = made.start + dt.timedelta(days=8)
    one = made.patched({"treasury.public": 4, "choices_from": later})
    other = made.patched({on(made, 8): 4})
    for run in range(3):
        assert np.array_equal(simulate(one, 1, run).series, simulate(other, 1, run).series)


def test_side_by_side_they_are_the_same(made):
    turned = made.patched({on(made, 8): 4, on(made, 12, "treasury.forces"): 3.3})
    batch = Batch(Futures([turned] * 3, [0, 1, 2]), compile_steps=False)
    batch.play()
    for run, found in enumerate(batch.runs()):
        alone = simulate(turned, 1, run)
        assert found.ending == alone.ending
        np.testing.assert_allclose(found.series[: alone.day + 1], alone.series[: alone.day + 1])
    with pytest.raises(ValueError, match="the same dated events and choices"):
        Batch(Futures([turned, made], [0, 1]), compile_steps=False)


def test_the_date_counts_in_the_fingerprint(made):
    hashes = [made.patched(p).hash for p in ({}, {on(made, 8): 4}, {on(made, 9): 4})]
    assert len(set(hashes)) == 3


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("treasury.public@2025-13-01", 4, "has no date of the calendar after @"),
        ("treasury.public@soon", 4, "has no date of the calendar after @"),
        ("treasury.public@20250701", 4, "has no date of the calendar after @"),
        ("treasury.public@2025-W26-1", 4, "has no date of the calendar after @"),
        ("treasury.public@2031-01-01", 4, "must lie after"),
        ("treasury.publik@2025-06-20", 4, "Did you mean 'treasury.public'"),
        ("security.street_police@2025-06-20", 0.2, "only choices may turn on a day"),
        ("treasury.public@2025-06-20", {"value": 4, "low": 1, "high": 5}, "takes a bare number"),
        ("treasury.public@2025-06-20", "much", "must be a number"),
        ("treasury.public@2025-06-20", -3, "lies outside"),
    ],
)
def test_bad_dates_are_a_sentence(made, key, value, said):
    with pytest.raises(Fault, match=said):
        made.patched({key: value})


def test_one_after_a_shorter_run_is_left_out_with_a_note(made, tmp_path):
    path = tmp_path / "child.yaml"
    dated = f"{on(made, 16)}: 4"
    (tmp_path / "small.yaml").write_text(SMALL.replace("days: 60", "days: 24"), encoding="utf-8")
    path.write_text(
        f"thermidor: 1\nname: child\ntitle: A child\nparent: small.yaml\nchoices: {{{dated}}}\n",
        encoding="utf-8",
    )
    whole = load(path)
    short = whole.patched({}, days=10)
    assert whole.turns == (16,) and short.turns == ()
    assert any("left out" in n for n in short.notes)


def test_a_study_with_them_can_be_made_again(made, tmp_path):
    import json

    import thermidor as th
    from thermidor.study.exports.again import again, files_of

    turned = made.patched({"treasury.public": 1, on(made, 8): 4})
    th.run(turned, runs=2, out=tmp_path / "s", processes=0)
    manifest = json.loads((tmp_path / "s" / "manifest.json").read_text())
    assert again(manifest).hash == turned.hash
    for name, text in files_of(manifest).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert load(tmp_path / "scenario.yaml").hash == turned.hash
