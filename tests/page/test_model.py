"""The view of the model: its words are the declarations', its weights the record's."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

import thermidor as th
from thermidor.fitted.scoreboard import lines, load_board
from thermidor.page.wiring.facts import blocks
from thermidor.page.wiring.gates import gates
from thermidor.page.wiring.played import FUTURES
from thermidor.report.sections.movers import movers
from thermidor.report.sections.study_view import StudyView
from thermidor.scenario.ledger import ledger


@pytest.fixture(scope="module")
def found(client: Any) -> dict[str, Any]:
    return client.get("/model.json?a.citizens.opposition=0.7").json()


def test_mechanisms_and_ledger_are_the_declarations(found: dict[str, Any], country: Path) -> None:
    told = th.explain(country)
    assert [m["key"] for m in found["mechanisms"]] == [m["name"] for m in told["mechanisms"]]
    shown = {
        r["key"]: r
        for m in found["mechanisms"]
        if not m["off"]
        for r in (*m["choices"], *m["assumptions"])
    }
    rows = {r["key"]: r for r in ledger(th.load(country))}
    assert set(shown) == set(rows)
    for key, r in shown.items():
        assert r["says"].lower() == rows[key]["means"].lower() and r["grade"] == rows[key]["grade"]
        assert r["role"] == rows[key]["role"] and bool(r["source"]) == bool(rows[key]["source"])
    for m, n in zip(found["mechanisms"], told["mechanisms"], strict=True):
        text = " ".join(n["equations"].split())
        for block in m["text"]:
            assert all(" ".join(x.split()) in text for x, _ in block.get("equations", []))
            assert " ".join(block.get("text", "").split()) in text


def test_what_the_reader_changed_is_marked(found: dict[str, Any]) -> None:
    rows = [r for m in found["mechanisms"] for r in (*m["choices"], *m["assumptions"])]
    (mine,) = [r for r in rows if r["was"] is not None]
    assert (mine["key"], mine["value"], mine["was"]) == ("citizens.opposition", "0.7", "0.7")
    assert mine["range"] == "0.60 to 0.85" and not mine["drawn"]


def test_arrows_are_weighed_as_the_report_weighs_them(
    client: Any, country: Path, tmp_path: Path
) -> None:
    made = client.get("/model.json?seed=3").json()
    th.run(country, runs=FUTURES, seed=3, out=tmp_path / "s", processes=0)
    table = movers(StudyView(tmp_path / "s"))
    assert table is not None
    saved = table["saved"]
    columns = (saved[k] for k in ("channel", "speaker", "mean_size"))
    report = {(c, who): size for c, who, size in zip(*columns, strict=True)}
    page = {(r["channel"], r["from"]): r["size"] for r in made["weights"]["rows"]}
    assert set(report) <= set(page) and len(report) > 10
    for pair, size in report.items():
        assert page[pair] == pytest.approx(size, rel=1e-3), pair  # files leave out the smallest
    known = {(a["channel"], a["from"]) for a in made["arrows"]}
    assert set(page) <= known
    of: dict[str, float] = {}
    for r in made["weights"]["rows"]:
        of[r["channel"]] = of.get(r["channel"], 0) + r["part"]
    assert all(total == pytest.approx(100) for total in of.values())


def test_the_model_comes_first_and_its_weights_after_it(client: Any) -> None:
    reply = client.post("/api/wiring", content="country=small", headers={"x-page": "m1"})
    told = [json.loads(b.split("data: ", 1)[1]) for b in reply.text.strip().split("\n\n")]
    parts = [w["name"] for w in told if w["kind"] == "part"]
    assert parts == ["model", "weights"] and told[-1]["kind"] == "end"
    assert f"over {FUTURES} futures of seed 1" in told[-2]["found"]["sentence"]
    reply = client.post("/api/wiring", content="a.citizens.nothing=1", headers={"x-page": "m1"})
    assert reply.status_code == 400 and "there is no assumption" in reply.json()["faults"][0]


def test_the_ledger_is_a_table_too(client: Any, found: dict[str, Any]) -> None:
    rows = list(csv.reader(io.StringIO(client.get("/model.csv").text)))
    assert rows[0][:3] == ["key", "says", "value"]
    every = [r for m in found["mechanisms"] for r in (*m["choices"], *m["assumptions"])]
    assert rows.index([]) == 1 + len(every)


def test_what_was_missed_stands_beside_what_was_met() -> None:
    board = load_board()
    assert board is not None
    by_key = {g["key"]: g for g in gates()}
    ending, peak, rates = lines(board)
    assert by_key["board"]["sentences"][:2] == [ending, peak]
    assert by_key["rates"]["sentences"] == [rates]
    met = [r[3] for r in by_key["rates"]["tables"][0]["rows"]]
    assert met.count("NO") == sum(not b["met"] for b in board["gate"]["bands"])
    assert len(by_key["board"]["tables"][-1]["rows"]) == len(board["cases"])
    for g in gates():
        for t in g["tables"]:
            assert {len(r) for r in t["rows"]} == {len(t["head"])}, t["title"]


def test_a_text_is_paragraphs_and_equations_with_their_labels() -> None:
    text = "One\nline.\n\n    x = y        (some.1)\n      + z\nand so on.\n\n    a = b"
    assert blocks(text) == [
        {"text": "One line."},
        {"equations": [["x = y", "some.1"], ["  + z", ""]]},
        {"text": "and so on."},
        {"equations": [["a = b", ""]]},
    ]
