"""Every source key of the project's own can be followed to a table, and a number that nobody
checked says so.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

import thermidor as th
from tests.conftest import SMALL, write
from thermidor.library.sources import TABLES, from_memory, matching, source
from thermidor.report.terminal import say_run
from thermidor.scenario.ledger import references
from thermidor.study.stats import share
from thermidor.support.faults import Fault

PACKAGE = Path(th.__file__).parents[1]
LAST_DAY = "2025-06-16"


@pytest.fixture(scope="module")
def iran() -> th.Scenario:
    return th.load("iran-2025", citizens=8_000)


def test_every_own_key_has_its_file_in_the_package_and_its_entry_says_where() -> None:
    own = {key for key in references() if key.startswith("Thermidor")}
    assert own == set(TABLES)
    for key in own:
        for file in source(key)["files"]:
            assert (PACKAGE / file).is_file()
            assert Path(file).name in references()[key]["howpublished"]


@pytest.mark.parametrize("key", sorted(TABLES))
def test_the_counts_in_the_references_are_those_of_the_table(key: str) -> None:
    told, note = source(key), references()[key]["note"]
    for status, n in told["cells"].items():
        if re.search(rf"\d+ (are marked )?{status}", note):
            assert re.search(rf"\b{n} (are marked )?{status}", note), (key, status, n)
    assert sum(told["cells"].values()) >= told["rows"]


def test_what_an_explanation_cites_of_ours_is_told_with_its_cells(iran: th.Scenario) -> None:
    told = th.explain(iran)
    assert set(told["sources"]) == {key for key in told["citations"] if key in TABLES}
    rows = {r["key"]: r for r in told["ledger"]}
    assert rows["adversary.ground_days"]["rests_on"] == "19 of 19 cells from memory"
    assert rows["security.frailty"]["rests_on"] is None  # computed, not remembered
    assert rows["treasury.exports"]["rests_on"] is None  # somebody else's


@pytest.mark.parametrize(
    ("key", "where", "says"),
    [
        ("ThermidorStrikes", {"ground_force": "1"}, "9 of 9 cells from memory"),
        ("ThermidorTimeline", {"date": "2025-06-13"}, None),
        ("ThermidorTimeline", {"date": "2025-06-12"}, "1 of 1 cell from memory"),
        ("ThermidorBaseRates", {"group": "all"}, None),
        ("Kuran1991", None, None),
        (None, None, None),
    ],
)
def test_only_what_was_remembered_is_said(
    key: str | None, where: dict[str, str] | None, says: str | None
) -> None:
    assert from_memory(key, where) == says


def test_no_fact_of_iran_is_later_than_the_day_on_which_the_scenario_starts() -> None:
    for file in ("iran_facts.csv", "iran_timeline.csv"):
        with (PACKAGE / "thermidor" / "library" / "tables" / file).open(encoding="utf-8") as f:
            rows = list(csv.DictReader(f))
        for row in rows:
            days = re.findall(r"(?<!FY)\d{4}-\d{2}(?:-\d{2})?", row["date"])
            assert all(day <= LAST_DAY for day in days), row
            told = " ".join(row.values())
            assert not re.search(
                r"2025(0[7-9]|1[0-2])\d\d|(Jul|Aug|Sep|Oct|Nov|Dec)\w*[- ]2025|20(2[6-9]|3\d)\b",
                told,
            ), row
            assert row["status"] in ("verified", "mixed", "derived", "memory")


def test_base_rates_are_those_of_the_rows_that_they_name(iran: th.Scenario) -> None:
    """Several classes, each with its cases; the numbers are the table's, the intervals Wilson's."""
    rates = iran.file.base_rates
    groups = {(b.rows or {}).get("group") for b in rates}
    assert len(groups) >= 4 and len(rates) >= 6
    for b in rates:
        assert b.n and b.ended is not None and b.low is not None and b.high is not None
        found = [row for _, row in matching(b.source, b.rows)]
        if b.source == "ThermidorStrikes":
            assert (b.n, b.ended) == (len(found), sum(int(r["fell_within_1y"]) for r in found))
        else:
            assert (b.n, b.ended) == tuple(
                sum(int(r[c]) for r in found) for c in ("regime_years", "failures")
            )
        assert (b.rate, b.low, b.high) == pytest.approx(share(b.ended, b.n), abs=6e-4)


RATE = "base_rates: [{says: regimes that end, rate: 0.1, low: 0.05, high: 0.2, n: 10, ended: 1"
BAD = [
    ("rate: 0.1", "rate: 0.3", "must lie between low and high"),
    ("n: 10", "n: 100", "not the rate"),
    (
        "ended: 1",
        "ended: 1, source: ThermidorStrikes, rows: {ground_force: '7'}",
        "there is no such row",
    ),
    ("ended: 1", "ended: 1, source: Kuran1991, rows: {page: '7'}", "there is no such row"),
    ("n: 10, ended: 1", "ended: 1", "give both"),
]


@pytest.mark.parametrize(("old", "new", "says"), BAD)
def test_a_base_rate_that_contradicts_itself_is_refused(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    th.load(write(tmp_path / "good.yaml", SMALL + f"\n{RATE}}}]\n"))
    with pytest.raises(Fault, match=says):
        th.load(write(tmp_path / "bad.yaml", SMALL + f"\n{RATE.replace(old, new)}}}]\n"))


def test_a_run_names_every_class_with_its_cases(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "150")
    monkeypatch.setenv("NO_COLOR", "1")
    rates = """
base_rates:
  - {says: old regimes, rate: 0.0313, low: 0.0176, high: 0.0552, n: 351, ended: 11,
     source: ThermidorBaseRates}
  - {says: under air attack, rate: 0, low: 0, high: 0.278, n: 10, ended: 0,
     source: ThermidorStrikes, rows: {ground_force: "0"}}
"""
    made = th.load(
        write(tmp_path / "small.yaml", SMALL + rates, ("days: 60", "days: 2")), citizens=2_000
    )
    th.run(made, runs=1, processes=1, out=tmp_path / "results")
    say_run(th.results(tmp_path / "results"), made)
    text = capsys.readouterr().out
    assert re.search(r"old regimes +3\.1 \(1\.8 to 5\.5\) +11 of 351", text)
    assert re.search(
        r"under air attack; 10 of 10 cells from memory +0\.0 \(0\.0 to 27\.8\) +0 of 10", text
    )
