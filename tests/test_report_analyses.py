"""The report tells what analyses left in a study's folder, to the digit, and what is damaged."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from tests.test_report import HOSTILE, change, end_some, folder, held, study, words  # noqa: F401
from tests.test_report_damage import ODD, RAW, paths, put
from thermidor.cli.scenario import say_shown
from thermidor.report.page import write_report

SPAN = {"low": 0.1, "high": 0.3}
MEAN = {"mean": 0.2, **SPAN}


def driver(name: str) -> dict[str, Any]:
    return {"name": name, "says": f"what {name} is", "measure": {"value": 0.2, **SPAN}}


def part(role: str, name: str) -> dict[str, Any]:
    others = "of 7 more: cannot tell with 40 futures; about 90 would, for 5 of 100"
    sentence = f"Of 8 {role}s, 1 moves it."
    return {"role": role, "sentence": sentence, "others": others, "drivers": [driver(name)]}


SIDE = {"name": "broker.pressure", "words": "above 0.4", "low": 0.4, "so": 0.8, "other": 0.3}
TELL = {"claim": "C1", "test": "more die", "pairs": 40, "command": None}
LEFT: dict[str, dict[str, Any]] = {
    "drivers/drivers.json": {
        "outcome": "survival",
        "parts": [part("assumption", "citizens.able"), part("lever", "broker.pressure")],
        "over_time": {
            "days": [
                {"day": 5, "parts": [part("assumption", "citizens.able")]},
                {"day": 10, "parts": [part("lever", "broker.pressure")]},
            ],
            "sentences": ["Assumptions by day: one.", "Levers by day: another."],
        },
        "command": 'thermidor drivers here --outcome "survival; rm -rf x"',
    },
    "discover/discover.json": {
        "parts": [
            {
                "role": "assumption",
                "sentence": "Where it is above 0.4 it holds.",
                "futures": 40,
                "cases": 10,
                "box": [SIDE],
                "density": 0.625,
                "coverage": 0.5,
                "kept_aside": {"density": [0.5, 0.6, 0.7], "coverage": [0.2, 0.3, 0.4]},
            }
        ],
        "watch": ["Watch the bread."],
        "command": "thermidor discover here",
    },
    "stress-C1.json": TELL
    | {
        "sentence": "C1 turns with 0.2 bits.",
        "changes": [
            {"kind": "one assumption", "name": "citizens.able", "bits": 0.2, "low": 0.1},
            {"kind": "one assumption", "name": "media.reach", "bits": None},
        ],
        "cannot_tell": [{"name": "citizens.noise", "needed": 369}, {"name": "x.y", "needed": None}],
        "failing": {"sentence": "It fails in 3.", "story": [{"day": 3, "what": "a march"}]},
    },
    "learn-C1.json": TELL
    | {
        "sentence": "citizens.able is most worth finding out.",
        "values": [
            {"kind": "one assumption", "name": "citizens.able"}
            | dict.fromkeys(("turns", "moves", "perfect", "partial"), MEAN)
        ],
        "cannot_tell": [{"name": "citizens.noise", "needed": None}],
        "foresight": 0.004,
    },
    "crux-C1-a-b.json": TELL
    | {
        "sentence": "On C1 they differ.",
        "holders": ["Anna", HOSTILE],
        "answers": [MEAN, MEAN],
        "gap": MEAN,
        "shares": [{"key": "citizens.able", "share": MEAN}],
    },
    "updates/0123abcd/update.json": {
        "answer": "After 2 observations it stands in 40 of 100.",
        "outcomes": [{"outcome": "survived", "before": MEAN, "after": MEAN}],
    },
    "robust.json": {
        "answer": "None does better.",
        "outcome": "killed_protest",
        "finalists": [
            {"name": "as it is", "mean": MEAN, "survival": {"p": 0.5}, "costs": {"executed": 3.0}}
        ],
    },
}
IDS = {"drivers", "tips", "stress", "learn", "crux", "since", "robust"}


@pytest.fixture(autouse=True)
def without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages without the half megabyte of the drawing library, so that they are read fast."""
    monkeypatch.setattr("thermidor.report.page.SCRIPTS", ("save.js",))


@pytest.fixture
def full(folder: Path) -> Path:  # noqa: F811
    """A study in whose folder every analysis left its file."""
    for name, data in LEFT.items():
        leave(folder, name, json.dumps(data))
    return folder


def leave(at: Path, name: str, text: str) -> None:
    (at / name).parent.mkdir(parents=True, exist_ok=True)
    (at / name).write_text(text, encoding="utf-8")


def page_of(at: Path) -> str:
    return write_report(at).read_text(encoding="utf-8")


def shown(page: str) -> set[str]:
    return {i for i in IDS if f'<section id="{i}"' in page}


def test_only_what_was_analysed_has_a_section(folder: Path) -> None:  # noqa: F811
    page = page_of(folder)
    assert not shown(page) and "below 100 none are weighed" in words(page)
    leave(folder, "learn-C1.json", json.dumps(LEFT["learn-C1.json"]))
    assert shown(page_of(folder)) == {"learn"}


def test_the_numbers_are_those_of_the_files(full: Path) -> None:
    page = page_of(full)
    assert shown(page) == IDS
    saved, text = held(page)["saved"], words(page)
    for name in ("drivers-1-1", "drivers-1-2"):
        assert [saved[name][k] for k in ("value", "low", "high")] == [[0.2], [0.1], [0.3]]
    assert saved["tips-1-1"]["low"] == [0.4] and saved["tips-1-1"]["so"] == [0.8]
    assert saved["stress-1"] | {"says": 0, "note": 0} == {
        "name": ["citizens.able"],
        "value": [0.2],
        "low": [0.1],
        "high": [None],
        "says": 0,
        "note": 0,
    }
    for name in ("learning-1", "crux-1", "robust-1"):
        assert [saved[name][k] for k in ("value", "low", "high")] == [[0.2], [0.1], [0.3]], name
    for data in LEFT.values():
        assert (data.get("sentence") or data.get("answer") or "") in text
    assert "20 (10 to 30) of 100" in text and "0.20 (0.10 to no end) bits" in text
    assert "62 of 100 (50 to 70 in futures kept aside)" in text
    assert "still in power in 50 of 100; executed 3" in text  # costs beside survival
    assert "<script>alert" not in page


def test_levers_and_assumptions_have_figures_of_their_own(full: Path) -> None:
    page = page_of(full)
    found = [f for f in page.split("<figure ")[1:] if f.startswith('id="fig-drivers')]
    assert len(found) == 4  # of each role, over all days and by day
    for figure in found:
        inside = figure.split("</figure>")[0]
        assert ("citizens.able" in inside) != ("broker.pressure" in inside)


def test_what_cannot_be_told_has_a_sentence_in_place_of_a_bar(full: Path) -> None:
    page = page_of(full)
    text = words(page)
    assert "Cannot tell with 40 pairs of 2 more; about 369 would, beginning with" in text
    assert "Cannot tell with 40 pairs of 1 more." in text
    change(full, "learn-C1.json", seen="40 of 90 futures")
    assert "Cannot tell with 40 of 90 futures of 1 more." in words(page_of(full))
    assert "Of 7 more: cannot tell with 40 futures; about 90 would" in text
    assert "No belief over their range turns it: media.reach." in text


def test_the_commands_are_there_and_quoted(full: Path) -> None:
    text = words(page_of(full))
    assert "thermidor drivers here --outcome 'survival; rm -rf x'" in text
    assert "thermidor stress C1 tiny --citizens" in text and "--seed 1 --out results" in text
    change(full, "stress-C1.json", command="thermidor stress C1 mine.yaml")
    change(full, "learn-C1.json", command="rm -rf /")
    text = words(page_of(full))
    assert "thermidor stress C1 mine.yaml" in text and "rm -rf /" not in text


@pytest.mark.parametrize("name", LEFT)
def test_a_damaged_file_costs_its_own_section(full: Path, name: str) -> None:
    luck, data = random.Random(name), LEFT[name]
    whole = words(page_of(full))
    for made in ("", "[]", "{}", '"x"', "{" * 5000):
        leave(full, name, made)
        page = page_of(full)
        text = words(page)
        assert f"{name} is damaged" in text and shown(page) == IDS
        for other, kept in LEFT.items():
            said = kept.get("sentence") or kept.get("answer") or kept["parts"][0]["sentence"]
            assert (said in text) == (other != name) and said in whole
    for at in luck.sample(list(paths(data)), 5):
        made = json.dumps(put(data, at, "(here)"))
        odd = luck.choice([*(json.dumps(x) for x in ODD), *RAW])
        leave(full, name, made.replace('"(here)"', odd))
        page = page_of(full)
        assert shown(page) == IDS and len(page) < 2_000_000
        json.dumps(held(page), allow_nan=False)


def test_a_file_behind_a_link_is_not_read(full: Path, tmp_path: Path) -> None:
    (full / "drivers").rename(tmp_path / "elsewhere")
    (full / "drivers").symlink_to(tmp_path / "elsewhere")
    assert "drivers/drivers.json is damaged (it lies behind a link)" in words(page_of(full))


def test_a_verb_writes_the_report_again_where_one_stands(
    full: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (full / "report.html").unlink(missing_ok=True)
    say_shown(full)
    assert "thermidor report" in capsys.readouterr().out and not (full / "report.html").exists()
    (full / "report.html").write_text("of before", encoding="utf-8")
    say_shown(full, quiet=True)
    assert shown((full / "report.html").read_text(encoding="utf-8")) == IDS
    assert not capsys.readouterr().out


# A reader's own beliefs: what the page holds of them (test_report_believe.py weighs)


def drawn_again(at: Path, n: int = 300, seed: int = 3) -> dict[str, np.ndarray]:
    """Futures whose assumptions are drawn from the ledger and whose endings lean on one of them;
    the parts of the way of each assumption.
    """
    end_some(at, [("in power", 28)], times=n)
    ledger = json.loads((at / "model.json").read_text(encoding="utf-8"))["ledger"]
    runs, rng = pl.read_parquet(at / "runs.parquet"), np.random.default_rng(seed)
    parts: dict[str, np.ndarray] = {}
    for r in ledger:
        plain = r["drawn"] and not r["posterior"] and not r["drawn_from"]
        if not plain or r["key"] not in runs.columns or len(parts) >= 40:
            continue
        low, mode, high = (np.float64(r[k]) for k in ("low", "value", "high"))
        if r["scale"] == "log":
            low, mode, high = np.log([low, mode, high])
        x = rng.triangular(low, mode, high, n)
        parts[r["key"]] = (x - low) / (high - low)
        made = np.exp(x) if r["scale"] == "log" else x
        runs = runs.with_columns(pl.Series(r["key"], made))
    first = next(iter(parts))
    falls = rng.random(n) < parts[first]
    ends = pl.Series("ending", np.where(falls, "uprising", "in power"))
    days = pl.Series("day", np.where(falls, rng.integers(1, 28, n), 28).astype(np.int32))
    kept = (~falls).astype(float)
    cost = pl.Series("killed_protest", 1000 * rng.random(n) * (1 + falls))
    runs = runs.with_columns(ends, days, pl.Series("survived", kept), cost)
    runs.write_parquet(at / "runs.parquet")
    return parts


def test_the_page_holds_the_futures_and_their_assumptions(folder: Path) -> None:  # noqa: F811
    parts = drawn_again(folder)
    page = page_of(folder)
    data = held(page)["drawn"]["believe"]
    runs = pl.read_parquet(folder / "runs.parquet")
    assert data["n"] == 300 and data["day"] == runs["day"].to_list()
    assert {r["key"] for r in data["rows"]} == set(parts) and data["first"][0] == next(iter(parts))
    assert len(page) < 1_000_000 and "--beliefs tiny-beliefs.yaml" in words(page)


def test_many_futures_are_capped_and_it_is_said(
    folder: Path,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn_again(folder)
    monkeypatch.setattr("thermidor.report.analyses.believe.MOST", 120)
    page = page_of(folder)
    assert held(page)["drawn"]["believe"]["n"] == 120
    assert "The page holds the first 120 of 300 futures." in words(page)


@pytest.mark.parametrize("held_fixed", [{"fixed": True}, {"sweep": {"over": []}}])
def test_what_was_not_drawn_is_not_weighed(folder: Path, held_fixed: dict) -> None:  # noqa: F811
    change(folder, "manifest.json", **held_fixed)
    assert '<section id="believe"' not in page_of(folder)
