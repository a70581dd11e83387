"""What the report says: counts, units in words, whose claims they are, what was switched off."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import polars as pl
import pytest

from tests.test_report import change, drawn, end_some, folder, study, words, written  # noqa: F401
from thermidor.mechanism import BUILT_IN, find
from thermidor.report.parts.units import WORDS, unit_words
from thermidor.report.sections.study_view import part_between
from thermidor.scenario.load import load
from thermidor.wording import part


def declared() -> set[str]:
    """The units of all parameters, states and channels."""
    found = set()
    for m in map(find, BUILT_IN):
        found |= {p.unit for p in m.parameters.values()}
        found |= {q.unit for q in (*m.owns.values(), *m.opens.values())}
    return found


def test_every_declared_unit_has_its_words() -> None:
    assert declared() - set(WORDS) == set()
    assert set(WORDS) - declared() == set(), "words for a unit that nothing declares"


def test_units_are_words() -> None:
    for unit, text in WORDS.items():
        assert not re.search(r"\bsd\b|USD|^1$|logit|\bpie\b", text), unit
        assert re.search("[a-z]{2}", text) or text == unit, unit
    assert unit_words("bushels") == "bushels"  # of a mechanism of one's own


def test_no_bare_unit_reaches_the_page(study: Path) -> None:  # noqa: F811
    page = written(study)
    small = re.findall(r"<small>(.*?)</small>", page, re.S)
    cells = re.findall(r"<td[^>]*>(.*?)</td>", page, re.S)
    bare = {"sd", "1", "logit", "USD million", "log times", "share of the pie"}
    assert not bare & {x.strip().split(";")[0] for x in small + cells if x.strip() != "1"}
    assert drawn(page)["pull"]["unit"] == "standard deviations of disposition"
    assert "1" not in {x.strip() for x in small}


@pytest.mark.parametrize(
    "n, of, text",
    [
        (20, 20, "20 of 20 futures (84 to 100 of 100)"),
        (0, 7, "0 of 7 futures (0 to 35 of 100)"),
        (1, 1, "1 of 1 future (21 to 100 of 100)"),
        (99, 99, "99 of 99 futures (96 to 100 of 100)"),
        (100, 100, "100 of 100 futures (96 to 100)"),
        (150, 200, "75 of 100 futures (69 to 80)"),
    ],
)
def test_a_share_of_few_is_told_as_it_was_counted(n: int, of: int, text: str) -> None:
    assert part_between(n, of) == text and text.startswith(part(n, of))


def test_a_headline_says_how_many_were_computed(folder: Path) -> None:  # noqa: F811
    end_some(folder, [("in power", 28), ("coup", 9), ("in power", 28)], times=50)
    told = words(written(folder))
    assert "In 67 of 100 futures the regime is still in power after 28 days" in told
    assert "100 of 150 futures computed; the 95 % interval is 59 to 74 of 100." in told
    headline = r'<h3 id="title-(?:rates|endings|costs|survival)">(.*?)</h3>'
    titles = re.findall(headline, written(folder))
    assert len(titles) == 4 and all("150 computed" in t for t in titles), titles


def test_few_futures_are_never_a_hundred(folder: Path) -> None:  # noqa: F811
    end_some(folder, [("in power", 28)] * 20)
    told = words(written(folder))
    assert "In 20 of 20 futures the regime is still in power" in told
    assert not re.search(r"(?<!\d to )\b100 of 100 futures\b", told)


def test_failed_futures_are_told_with_their_bounds_and_reasons(folder: Path) -> None:  # noqa: F811
    end_some(folder, [("in power", 28), ("coup", 9), ("in power", 28), ("in power", 28)], times=5)
    runs = pl.read_parquet(folder / "runs.parquet")
    broken = pl.col("run") < 6
    gone = [
        pl.when(broken).then(None).otherwise(pl.col(c)).alias(c)
        for c in ("ending", "day", "survived")
    ]
    reason = pl.when(pl.col("run") < 4).then(pl.lit("first <i>"))
    reason = reason.when(broken).then(pl.lit("second.")).otherwise(None).alias("reason")
    runs.with_columns(*gone, reason).write_parquet(folder / "runs.parquet")
    told = words(written(folder))
    lasted = 15 - 4
    assert "6 futures of 20 could not be finished and are left out of every number." in told
    assert (
        f"The bounds: {lasted} of 20 futures would be still in power if every one of them had "
        f"ended, {lasted + 6} of 20 futures if none had."
    ) in told
    assert "Commonest reasons: first <i> (4 futures); second (2 futures)." in told
    assert f"In {lasted} of 14 futures" in told


def test_a_stopped_study_says_how_far_it_came(folder: Path) -> None:  # noqa: F811
    change(folder, "manifest.json", status="stopped", runs=200)
    assert "The study was stopped: 6 futures of 200 are here." in words(written(folder))


def test_claims_are_attributed(folder: Path) -> None:  # noqa: F811
    told = words(written(folder))
    assert "C1 the scenario's author claims: Strikes kill." in told
    assert "are those of the scenario's author: an argument under test, not evidence." in told
    change(folder, "model.json", claims_of="a pamphlet of 1789")
    told = words(written(folder))
    assert "C1 claim of a pamphlet of 1789: Strikes kill." in told
    assert "C2 claim of a pamphlet of 1789: Envoys lie." in told
    assert "those of a pamphlet of 1789: an argument under test" in told


def test_the_base_scenario_says_whose_argument_it_is() -> None:
    assert load("iran-2025").file.claims_of == "an opinion article of June 2025"


def test_the_terminal_says_whose_argument_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    from thermidor.report.explained import say_explain
    from thermidor.report.terminal import say_claims
    from thermidor.scenario.ledger import explain

    told = explain(load("iran-2025"))
    say_explain(told, None)
    say_claims([], told["claims_of"])
    shown = " ".join(capsys.readouterr().out.split())
    assert "Parts of the system, in the words of an opinion article of June 2025: S1" in shown
    assert "Claims of an opinion article of June 2025: an argument under test" in shown
    row = {"id": "A2", "sentence": "So.", "verdict": "not testable", "reason": "it ought to be"}
    empty = {"tests": [], "also": [], "costs": {}, "pairs_to_settle": None}
    say_claims([row | empty], "a speech", holder="a sceptic", failing={"A2": ["A1"]})
    shown = " ".join(capsys.readouterr().out.split())
    assert "not evidence. Under the beliefs of a sceptic." in shown
    assert "not testable (it ought to be); its support A1 fails" in shown
    say_explain(told, "citizens")
    assert not re.search(r";\s+sd\)", capsys.readouterr().out)


def test_what_is_switched_off_is_not_told(study: Path, folder: Path) -> None:  # noqa: F811
    model = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    counted = sum(
        r["role"] == "assumption" and not r["key"].startswith(("media.", "adversary."))
        for r in model["ledger"]
    )
    for m in model["mechanisms"]:
        m["switched_off"] = m["name"] in ("media", "adversary")
    end_some(folder, [("in power", 28), ("uprising", 9)], times=20)
    runs = pl.read_parquet(folder / "runs.parquet")
    lever = pl.col("survived") + pl.col("run") * 1e-6
    runs.with_columns(lever.alias("media.bias")).write_parquet(folder / "runs.parquet")
    before = written(folder)
    assert "media.bias" in before.split('id="title-carries"')[1][:400]
    change(folder, "model.json", mechanisms=model["mechanisms"])
    page = written(folder)
    told = words(page)
    assert f"{counted} assumptions, " in told and "play no part and are not listed" in told
    assert not re.search(r"<code>(media|adversary)\.", page)
    assert {"media", "adversary"} & {x["speaker"] for x in drawn(page)["pull"]["lines"]} == set()
    assert "Switched off, so not drawn: adversary and media." in told
    moved = page.split('id="fig-moved"')[1].split("</figure>")[0]
    assert ">media<" not in moved and "heard by media" not in moved and ">adversary<" not in moved
    assert "campaign from the air" not in [p["label"] for p in drawn(page)["told"]["panels"]]


def test_what_is_switched_off_later_spoke_before(folder: Path) -> None:  # noqa: F811
    model = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for m in model["mechanisms"]:
        m["switched_off"] = m["name"] == "adversary"
    change(folder, "model.json", mechanisms=model["mechanisms"])
    change(folder, "manifest.json", resolved=manifest["resolved"] | {"choices_from": "2025-07-01"})
    assert "Switched off, so not drawn" not in words(written(folder))


def test_the_answer_comes_first_and_the_board_after_it(study: Path) -> None:  # noqa: F811
    told = words(written(study))
    order = [
        "futures the regime is",
        "Base rates",
        "Endings",
        "Costs to citizens, beside survival",
        "What carries it",
        "Score board",
        "Does it last?",
    ]
    at = [told.index(x, told.index("Make it again")) for x in order]
    assert at == sorted(at)


def test_base_rates_by_class_say_how_many_stand_behind_them(folder: Path) -> None:  # noqa: F811
    rates = [
        {
            "says": "regimes of all kinds",
            "rate": 0.05,
            "low": 0.04,
            "high": 0.06,
            "n": 5206,
            "ended": 240,
            "source": "Own",
        },
        {
            "says": "regimes under siege",
            "rate": 0.0,
            "low": 0.0,
            "high": 0.28,
            "n": 10,
            "ended": 0,
            "source": "Other",
            "rests_on": "6 of 40 cells from memory",
        },
        {"says": "regimes by hearsay", "rate": 0.5},
    ]
    change(
        folder,
        "model.json",
        base_rates=rates,
        sources={"Own": {"files": ["data/own.csv"], "says": "none of 9 cells from memory"}},
        citations={"Own": "Our own table."},
    )
    told = words(written(folder))
    assert "in the past 0 to 50 of 100 did in 3 reference classes." in told
    assert "5 of 100 (4 to 6) 240 of 5,206; no clear departure" in told
    assert "0 of 100 (0 to 28) 0 of 10; no clear departure; 6 of 40 cells from memory" in told
    assert "50 of 100, without an interval" in told
    assert "Own Our own table. Files: data/own.csv; none of 9 cells from memory." in told


def test_the_map_says_what_it_does_not_draw(folder: Path) -> None:  # noqa: F811
    square = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]
    features = [
        {
            "properties": {"iso": i},
            "geometry": {"type": "Polygon", "coordinates": [[[x + k, y] for x, y in square]]},
        }
        for k, i in enumerate(("A", "B"))
    ]
    change(folder, "model.json", outlines={"type": "FeatureCollection", "features": features})
    assert "Without an outline, so not on the map: Gamma." in words(written(folder))
    noted = {"type": "FeatureCollection", "features": features, "notes": ["No outline: Gamma <b>."]}
    change(folder, "model.json", outlines=noted)
    assert "No outline: Gamma <b>." in words(written(folder))
    change(folder, "model.json", outlines={"type": "FeatureCollection", "features": []})
    assert "The outlines do not fit the provinces of this study" in words(written(folder))


def test_two_reports_at_once(study: Path, tmp_path: Path) -> None:  # noqa: F811
    from concurrent.futures import ThreadPoolExecutor

    place = Path(shutil.copytree(study, tmp_path / "results"))
    with ThreadPoolExecutor(3) as pool:
        assert len(set(pool.map(written, [place] * 3))) == 1
