"""A record: scores of a known one by hand, nothing overwritten, rules tried before."""

from __future__ import annotations

import datetime as dt
import json
import math

import pytest

import thermidor as th
from tests.conftest import CITIZENS, SMALL, command, write
from thermidor.analysis.record import book
from thermidor.analysis.record.rule import Point, resolved, rule
from thermidor.analysis.record.score import scored
from thermidor.analysis.record.seal import resolve, seal

DAY = dt.date(2025, 6, 16)
SERIES = ["run", "day", "turnout_country", "killed_protest"]
# chance, outcome
KNOWN = [(0.9, "yes"), (0.8, "yes"), (0.3, "no"), (0.1, "yes"), (0.6, "void"), (0.5, None)]


def sealed(name: str, chance: float, late: bool = False) -> dict:
    line = {"kind": "seal", "id": name, "claim": "survived", "by": "2025-07-01", "late": late}
    return line | {"sealed": "2025-06-16", "chance": chance}


@pytest.fixture
def known(tmp_path):
    path = tmp_path / "record.jsonl"
    for k, (p, outcome) in enumerate(KNOWN):
        book.add(path, sealed(f"f{k}", p))
        if outcome:
            book.add(
                path, {"kind": "resolve", "id": f"f{k}", "outcome": outcome, "on": "2025-07-02"}
            )
    return path


def test_scores_of_a_known_record_by_hand(known) -> None:
    found = scored(book.read(known), today=dt.date(2025, 7, 3))
    s = found["scores"]
    assert s["brier"]["mean"] == pytest.approx((0.01 + 0.04 + 0.09 + 0.81) / 4)
    logs = [math.log(x) for x in (0.9, 0.8, 0.7, 0.1)]
    assert s["log"]["mean"] == pytest.approx(sum(logs) / 4)
    assert (found["resolved"], found["void"], found["open"]) == (4, 1, 1)
    assert found["overdue"] == ["f5"] and found["late"] is None
    told = {(c["from"], c["to"]): (c["n"], c["said"], c["true"]) for c in s["calibration"]}
    assert told[0.8, 1.0] == (2, pytest.approx(0.85), 1.0) and told[0.0, 0.2][2] == 1.0
    assert "0.237" in found["answer"] and "1 void" in found["answer"]


def test_late_forecasts_are_scored_apart(known) -> None:
    book.add(known, sealed("after", 0.99, late=True))
    book.add(known, {"kind": "resolve", "id": "after", "outcome": "yes", "on": "2025-07-02"})
    found = scored(book.read(known))
    assert found["scores"]["n"] == 4 and found["late"]["n"] == 1


def test_a_line_that_was_changed_taken_out_or_moved_is_found(known) -> None:
    lines = known.read_text().splitlines()
    changed = lines[0].replace("0.9", "0.2")
    for bad, says in (
        ([changed, *lines[1:]], "line 1: the line is not what was written"),
        (lines[1:], "line 1: the line before it"),
        ([lines[0], *lines[2:]], "line 2: the line before it"),
        ([lines[1], lines[0], *lines[2:]], "line 1"),
        ([*lines, "{"], "is no line of a record"),
        ([*lines, "[]"], "is no line of a record"),
    ):
        known.write_text("\n".join(bad) + "\n")
        with pytest.raises(th.Fault, match=says):
            book.read(known)


def test_nothing_is_overwritten(known) -> None:
    before = known.read_bytes()
    with pytest.raises(th.Fault, match="is sealed already"):
        book.add(known, sealed("f0", 0.5))
    with pytest.raises(th.Fault, match="resolved on 2025-07-02: yes"):
        resolve(known, "f0", outcome="no", because="x")
    with pytest.raises(th.Fault, match="Did you mean"):
        resolve(known, "f00", outcome="no", because="x")
    assert known.read_bytes() == before
    book.add(known, sealed("more", 0.5))
    assert known.read_bytes().startswith(before)


def test_the_rule_reads_what_was_seen() -> None:
    r = rule("peak_turnout_country >= 0.02", SERIES)
    seen = [Point("turnout_country", d, x, x, x) for d, x in ((3, 0.01), (9, 0.03), (20, 0.5))]
    assert resolved(r, seen, last=10) == (True, "")
    assert resolved(r, seen, last=8)[0] is False
    found, why = resolved(r, [Point("turnout_country", 3, 0.01, 0.03, 0.04)], last=10)
    assert found is None and "do not agree" in why
    assert resolved(r, [], last=10)[0] is None
    # a day that was seen early cannot say that nothing came later, but can say that it came
    quiet = [Point("turnout_country", 3, 0.001, 0.002, 0.003)]
    assert resolved(r, quiet, last=10)[0] is False
    found, why = resolved(r, quiet, last=300)
    assert found is None and "and what came then may turn it" in why
    assert resolved(r, [Point("turnout_country", 3, 0.05, 0.06, 0.07)], last=300) == (True, "")
    ends = rule("survived and killed_protest < 100", SERIES)
    killed = [Point("killed_protest", 9, 50, 60, 70)]
    assert resolved(ends, killed, 10, "in power")[0] is True
    assert resolved(ends, killed, 10, "coup")[0] is False
    assert "--ending" in resolved(ends, killed, 10)[1]
    assert "7 days up to the last" in resolved(ends, killed, 30, "in power")[1]


@pytest.mark.parametrize(
    ("claim", "says"),
    [
        ("security.severity > 1", "an assumption, which nobody can observe"),
        ("mean_turnout_country > 0", "a mean needs every day seen"),
        ("peak_turnout_contry > 0", "Did you mean 'peak_turnout_country'"),
        ("1 > 0", "reads nothing that could be observed"),
    ],
)
def test_what_cannot_be_observed_cannot_be_sealed(claim, says) -> None:
    with pytest.raises(th.Fault, match=says):
        rule(claim, SERIES)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("record")
    file = write(folder / "s.yaml", SMALL, ("days: 60", "days: 4"))
    return th.run(th.load(file, citizens=CITIZENS), runs=40, processes=0, out=folder / "out")


def test_a_forecast_is_sealed_resolved_and_scored(study, tmp_path) -> None:
    path, crowd = tmp_path / "r.jsonl", float(study.runs["peak_turnout_country"].median())
    claim = f"peak_turnout_country > {crowd}"
    made, line = seal(path, claim, study, DAY + dt.timedelta(4), name="crowd", today=DAY)
    k = int((study.runs["peak_turnout_country"] > crowd).sum())
    assert line["chance"] == pytest.approx((k + 0.5) / 41, abs=1e-6)
    tried = line["rule"]["executed"]
    peaks = dict(study.runs.select("run", "peak_turnout_country").iter_rows())
    assert peaks[tried["yes"]] > crowd >= peaks[tried["no"]]
    row = "{date: 2025-06-18, series: turnout_country, value: 0.9, source: x, known: 2025-06-19}"
    (tmp_path / "s.yaml").write_text(f"seen: 1\ntitle: x\nobservations: [{row}]\n")
    with pytest.raises(th.Fault, match="open until 2025-06-20"):
        resolve(path, "crowd", seen=tmp_path / "s.yaml", today=DAY)
    _, end = resolve(path, "crowd", seen=tmp_path / "s.yaml", today=dt.date(2025, 6, 21))
    assert end["outcome"] == "yes" and end["how"] == "rule" and end["seen"]
    found = scored(book.read(path))
    assert found["scores"]["brier"]["mean"] == pytest.approx((1 - line["chance"]) ** 2)


def test_a_day_in_the_past_is_sealed_only_as_late(study, tmp_path) -> None:
    path, by = tmp_path / "r.jsonl", DAY + dt.timedelta(3)
    with pytest.raises(th.Fault, match="has passed"):
        seal(path, "survived", study, by, today=dt.date(2025, 7, 1))
    with pytest.raises(th.Fault, match="lies outside the futures"):
        seal(path, "survived", study, DAY + dt.timedelta(9), today=DAY)
    assert not path.exists()
    _, line = seal(path, "survived", study, by, today=dt.date(2025, 7, 1), late=True)
    assert line["late"] is True and json.loads(path.read_text())["id"] == line["id"]


def test_the_verbs(study, tmp_path, capsys) -> None:
    path = tmp_path / "r.jsonl"
    words = ("seal", "survived", "--study", study.path, "--by", "2025-06-19", "--record", path)
    code, _, err = command(capsys, *words)
    assert code == 2 and "--late" in err
    code, out, _ = command(capsys, *words, "--late", "--id", "stands")
    assert code == 0 and "Sealed 'stands'" in out
    code, _, err = command(capsys, "resolve", "stands", "--record", path)
    assert code == 2 and "--seen FILE or --ending" in err
    code, _, err = command(capsys, "resolve", "stands", "--record", path, "--outcome", "void")
    assert code == 2 and "--because" in err
    code, out, _ = command(capsys, "resolve", "stands", "--record", path, "--ending", "in power")
    assert code == 0 and "Resolved 'stands': yes" in out
    code, out, _ = command(capsys, "record", path, "--json")
    assert code == 0 and json.loads(out)["late"]["n"] == 1
    code, _, err = command(capsys, "record", tmp_path / "none.jsonl")
    assert code == 2 and "there is no record" in err
