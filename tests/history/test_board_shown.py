"""The score board as readers meet it: it says plainly when it is bad, and shows the worst first."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.etree import ElementTree

import pytest

import thermidor as th
from tests.conftest import CITIZENS, SMALL, write
from thermidor.fitted.scoreboard import lines, load_board, worst
from thermidor.report.board import say_board
from thermidor.report.page import write_report

WARNING = "Not yet scored against history."


def case(
    id: str,
    country: str,
    onset: str,
    fell: bool | None,
    fall: float,
    peak: float | None,
    **more: Any,
) -> dict[str, Any]:
    """A case whose predictions all have the same shape."""
    q = {"q10": -3.5, "q25": -2.8, "q50": -2.2, "q75": -1.8, "q90": -1.3}
    counts = {"q10": 0.0, "q25": 0.5, "q50": 1.5, "q75": 2.0, "q90": 3.0}
    return {
        "id": id,
        "country": country,
        "onset": onset,
        "type": "party",
        "fold": 1,
        "fell": fell,
        "fall": fall,
        "base_rate": 0.5,
        "logistic": 0.4,
        "endings": {"in power": 1 - fall, "uprising": fall},
        "assumed": ["income"],
        "crps": {},
        "climatology_crps": {},
        "pit": {"peak": 0.4},
        "predicted": {"peak": q, "duration": counts, "deaths": counts, "arrests": counts},
        "observed": {"peak": peak, "duration": 1.0, "deaths": 3.5, "arrests": None},
        "brier": None if fell is None else (fall - fell) ** 2,
        "log_score": None if fell is None else 0.7,
    } | more


def board(
    skill: float = 0.2, half: float = 0.1, inside: float = 0.8, met: int = 1, **more: Any
) -> dict[str, Any]:
    """A board of four cases."""
    totals = {
        "n": 30,
        "falls": 20,
        "brier": 0.25 * (1 - skill),
        "brier_low": 0.1,
        "brier_high": 0.4,
        "brier_base": 0.25,
        "skill": skill,
        "skill_low": skill - half,
        "skill_high": skill + half,
        "logistic": {"brier": 0.24, "skill": 0.04, "auc": 0.6, "log_score": 0.65},
        "log_score": 0.6,
        "log_score_base": 0.69,
        "auc": 0.7,
        "auc_low": 0.5,
        "auc_high": 0.9,
        "reliability": [
            {
                "from": 0.0,
                "to": 0.5,
                "n": 1,
                "predicted": 0.1,
                "observed": 1.0,
                "low": 0.1,
                "high": 1.0,
            },
            {
                "from": 0.5,
                "to": 1.0,
                "n": 2,
                "predicted": 0.8,
                "observed": 0.5,
                "low": 0.1,
                "high": 0.9,
            },
            {
                "from": 0.9,
                "to": 1.0,
                "n": 0,
                "predicted": None,
                "observed": None,
                "low": None,
                "high": None,
            },
        ],
        "coverage": {
            "peak": {"50": 0.5, "80": inside, "n": 20},
            "arrests": {"50": None, "80": None, "n": 0},
        },
        "crps": {"peak": {"model": 0.4, "climatology": 0.5, "skill": 0.2}},
        "pit": {"peak": [3, 2, 1, 2, 2, 2, 2, 2, 1, 3], "arrests": [0] * 10},
        "splits": [{"name": "by country", "n": 3, "brier": 0.2, "skill": 0.2, "brier_base": 0.25}],
    }
    bands = [
        {
            "name": "yearly failures",
            "says": "regimes that fail in a year",
            "value": 0.05,
            "low": 0.02,
            "high": 0.05,
            "met": met > 0,
            "built_in": "it was fitted",
        },
        {
            "name": "coup share",
            "says": "falls that are coups",
            "value": 0.9,
            "low": 0.2,
            "high": 0.4,
            "met": met > 1,
            "built_in": None,
        },
    ]
    made = {
        "version": "0",
        "cases_sha256": "a" * 64,
        "posterior_sha256": "b" * 64,
        "seed": 1,
        "futures_per_case": 100,
        "panel": None,
        "date": "2025-01-01",
    }
    return {
        "made": made,
        "totals": totals,
        "strikes": None,
        "cases": [
            case("AAA1", "Aland [x]", "1989-09-04", True, 0.8, -2.0),
            case("BBB1", "Bland", "2011-01-25", True, 0.1, -0.7),
            case("CCC1", "Cland", "2019-06-09", False, 0.7, -4.2),
            case("DDD1", "Dland", "2020-08-09", None, 0.5, None),
        ],
        "not_used": {"EEE1": "onset is empty"},
        "gate": {"histories": 40, "years": 20, "bands": bands, "met": met, "of": 2},
        "parameters": [
            {
                "key": "citizens.crowding",
                "says": "how much crowds draw",
                "unit": "none",
                "low": 0.1,
                "high": 10.0,
                "log": True,
                "default": 1.0,
                "q10": 0.5,
                "q50": 1.0,
                "q90": 3.0,
                "narrowed": 0.4,
                "moved": True,
            }
        ],
        "shuffled": {"repeats": 2, "skill": [-0.1, 0.02], "mean": -0.04},
        "recovery": {"draws": 50, "inside80": 0.78, "by_parameter": {"citizens.crowding": 0.8}},
    } | more


def test_the_sentence_on_endings_flips_with_the_skill() -> None:
    said = [
        lines(board(skill, half))[0]
        for skill, half in ((0.2, 0.1), (0.2, 0.3), (-0.05, 0.3), (-0.4, 0.1))
    ]
    for text, verdict in zip(
        said,
        (
            "are better than",
            "are not shown to be better than",
            "are no better than",
            "are worse than",
        ),
        strict=True,
    ):
        assert f"{verdict} the base rate" in text
    assert "does worse (skill +0.04)" in said[0] and "does better (skill +0.04)" in said[3]
    assert "skill -0.40, -0.50 to -0.30" in said[3]


@pytest.mark.parametrize(
    ("inside", "says"),
    [(0.8, "about as many as they should"), (0.4, "too narrow"), (1.0, "too wide")],
)
def test_the_sentence_on_the_largest_day_says_what_intervals_miss(inside: float, says: str) -> None:
    assert (
        says in lines(board(inside=inside))[1]
        and f"{20 * inside:.0f} of 20" in lines(board(inside=inside))[1]
    )


def test_the_sentence_on_base_rates_names_what_is_missed_and_what_is_built_in() -> None:
    assert (
        "only 1 of 2 known rates lies in its band (missed: coup share); in it a part of the "
        "result is put in beforehand." in lines(board())[2]
    )
    assert "none of 2" in lines(board(met=0))[2] and "all 2 known" in lines(board(met=2))[2]
    assert "not compared on this board" in lines(board(gate=None))[2]


def test_the_terminal_shows_worst_misses_first(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert [c["id"] for c in worst(board())] == ["BBB1", "CCC1", "AAA1", "DDD1"]
    say_board(board())
    text = capsys.readouterr().out
    assert [m[:3] for m in re.findall(r"^ *([A-D]{3}1) ", text, re.M)] == [
        "BBB",
        "CCC",
        "AAA",
        "DDD",
    ]
    assert (
        "\x1b" not in text
        and "Aland [x] 1989" in text
        and "20 above" in text
        and "0.0063 below" in text
        and "onset is empty" in text
    )
    for line in lines(board()):
        assert line in " ".join(text.split())


def test_cases_of_ones_own_have_less_to_show(capsys: pytest.CaptureFixture[str]) -> None:
    nan = float("nan")
    say_board(
        {
            "made": {},
            "cases": [],
            "not_used": {"EEE1": "onset is empty"},
            "fitted_before": [],
            "totals": {"n": 0},
        }
    )
    assert "of no case is it known" in capsys.readouterr().out
    fitted = board()
    say_board(
        {
            "made": {},
            "cases": fitted["cases"],
            "not_used": {},
            "fitted_before": ["AAA1"],
            "warning": "1 of these cases was fitted.",
            "totals": fitted["totals"] | {"auc": nan, "skill_low": nan, "logistic": None},
        }
    )
    text = capsys.readouterr().out
    assert (
        "1 of these cases was fitted." in text
        and "fitted to its outcome" not in text
        and "nan" not in text
        and "not compared" in text
    )


def test_of_few_cases_no_verdict_is_given() -> None:
    few = board(0.4)["totals"] | {
        "n": 3,
        "falls": 1,
        "coverage": {"peak": {"50": 1.0, "80": 1.0, "n": 1}},
    }
    said = lines({"cases": [], "totals": few})
    assert "fewer than 5 cases say nothing of skill" in said[0] and "better than" not in " ".join(
        said
    )
    assert "1 of 1 observed peak;" in said[1] and "of 100" not in said[1]
    one_country = few | {"n": 30, "skill_low": None, "skill_high": None}
    assert (
        "cases of one country say nothing of skill"
        in lines({"cases": [], "totals": one_country})[0]
    )


def test_cases_of_the_fit_are_told_apart(capsys: pytest.CaptureFixture[str]) -> None:
    mine = board(0.4)
    cases = [c | {"fitted_as": "EGY2011" if c["id"] == "AAA1" else None} for c in mine["cases"]]
    told = {
        "made": {},
        "cases": cases,
        "not_used": {},
        "fitted_before": ["AAA1"],
        "warning": "1 of these cases was part of the fit.",
        "totals": {"n": 0},
        "totals_fitted": mine["totals"] | {"n": 1, "falls": 1},
        "columns_not_used": ["colour", "wishes"],
        "notes": ["country 'Aland [x]' is not known."],
        "panel_not_used": {f"line {k}": "year is empty" for k in range(2, 60)},
    }
    assert lines(told)[0] == "Ending: it is known of no case that was not part of the fit."
    assert lines(told)[-1].startswith(
        "Part of the fit, so no test: 1 case, of which 1 brought the regime down"
    )
    say_board(told)
    text = " ".join(capsys.readouterr().out.split())
    assert (
        "who predicts" not in text
        and "Aland [x] 1989, part of the fit" in text
        and "1 of these cases was part of the fit." in text
    )
    assert (
        "Columns not used: colour and wishes." in text
        and "country 'Aland [x]' is not known." in text
    )
    assert "Rows of the panel not used: - line 2: year is empty" in text and "and 28 more" in text


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shown")
    file = write(folder / "small.yaml", SMALL, ("days: 60", "days: 3"))
    th.run(file, runs=1, citizens=CITIZENS, processes=1, out=folder / "results")
    return folder / "results"


def seen(folder: Path) -> str:
    page = write_report(folder).read_text(encoding="utf-8")
    page = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.S)
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page)))


def test_the_report_shows_the_board_in_place_of_the_warning(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("thermidor.fitted.scoreboard.load_board", board)
    text = seen(study)
    assert (
        WARNING not in text
        and "docs/history.md" in text
        and all(line in text for line in lines(board()))
    )
    monkeypatch.setattr("thermidor.fitted.scoreboard.load_board", lambda: None)
    text = seen(study)
    assert WARNING in text and "docs/history.md" not in text


def test_the_board_that_comes_with_the_package_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = load_board.__wrapped__  # without the cache
    monkeypatch.setattr("thermidor.fitted.scoreboard.files", lambda package: tmp_path)
    assert read() is None
    folder = tmp_path / "data"
    folder.mkdir(parents=True)
    (folder / "board.json").write_text(json.dumps(board()), encoding="utf-8")
    assert read() == json.loads(json.dumps(board()))


@pytest.fixture
def script() -> ModuleType:
    """The script that writes docs/history.md."""
    from docs.make import history

    return history


def test_the_page_names_every_case_and_every_picture(
    script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arms = [
        {
            "name": "air",
            "says": "from the air alone",
            "ended": 0.1,
            "low": 0.05,
            "high": 0.2,
            "effect": 0.02,
        }
    ]
    struck = {
        "runs": 100,
        "days": 365,
        "arms": arms,
        "observed": {"air": {"fell": 0, "n": 10, "share": 0.0, "low": 0.0, "high": 0.28}},
    }
    monkeypatch.setattr(
        script,
        "TEACHES",
        {"BBB1": "Crowds can grow faster than the model lets them.", "ZZZ": "never"},
    )
    text = script.write(board(strikes=struck), tmp_path).read_text(encoding="utf-8")
    assert (
        all(c["id"] in text and c["country"] in text for c in board()["cases"])
        and "EEE1: onset is empty" in text
    )
    assert (
        text.index("| BBB1 ")
        < text.index("| CCC1 ")
        < text.index("| AAA1 ")
        < text.index("| DDD1 ")
    )
    assert (
        "What the misses teach" in text and "Crowds can grow faster" in text and "never" not in text
    )
    assert (
        "the mean skill is -0.04 (-0.10 to +0.02)" in text
        and "from the air alone (0 of 10)" in text
    )
    assert (
        "regimes that fail in a year: it was fitted" in text
        and "thermidor validate" in text
        and all(f"- {line}" in text for line in lines(board()))
    )
    pictures = re.findall(r"!\[([^\]]+)\]\((history/\w+\.svg)\)\n\n\*(.+)\*", text)
    assert len(pictures) == 5 == text.count("![")
    for alt, path, says in pictures:
        root = ElementTree.parse(tmp_path / path).getroot()
        assert root.tag.endswith("svg") and root[0].text and len(alt) > 20 and len(says) > 20
    for table in re.findall(r"(?:^\|.*\n)+", text, re.M):
        assert len({row.count("|") for row in table.splitlines()}) == 1, table


def test_the_page_does_without_what_is_missing(script: ModuleType, tmp_path: Path) -> None:
    text = script.write(
        board(gate=None, parameters=[], recovery=None, not_used={}), tmp_path
    ).read_text(encoding="utf-8")
    assert (
        "What the misses teach" not in text
        and "Not yet compared." in text
        and text.count("![") == 4
    )
