"""Costs at equal exposure: an arm whose futures end early does not seem to spare lives, and a
future that is cut is the one that would have been stopped on that day.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import polars as pl
import pytest

import thermidor as th
from tests.conftest import CITIZENS, SMALL, write
from thermidor.engine.run import REDUCERS
from thermidor.report.sections.claims import _counted
from thermidor.report.terminal import say_claims, say_compare
from thermidor.scenario.file.schema import Claim
from thermidor.scenario.load import load
from thermidor.study import exposure
from thermidor.study.compare import compare
from thermidor.study.ensemble import ensemble
from thermidor.study.plan import RunPlan
from thermidor.study.verdicts import judge
from thermidor.support.faults import Fault

COSTS = ("killed_protest",)


def arm(days: list[int], a_day: float) -> tuple[pl.DataFrame, pl.LazyFrame]:
    """Futures that end on these days, in each of which so many are killed a day."""
    n = len(days)
    last = np.array(days)
    killed = a_day * last * np.arange(1, n + 1)
    runs = pl.DataFrame(
        {
            "run": pl.Series(range(n), dtype=pl.Int32),
            "ending": np.where(last == max(100, last.max()), "in power", "pact"),
            "day": pl.Series(days, dtype=pl.Int32),
            "survived": (last == 100).astype(float),
            "reason": pl.Series([None] * n, dtype=pl.String),
            "killed_protest": killed,
            "final_killed_protest": killed,
            "mean_killed_protest": a_day * (last + 1) / 2 * np.arange(1, n + 1),
            "final_broken": (last >= 60).astype(float),
        }
    )
    rows = [
        (k, d, a_day * d * (k + 1), float(d >= 60))
        for k, end in enumerate(days)
        for d in range(end + 1)
    ]
    schema = {
        "run": pl.Int32,
        "day": pl.Int32,
        "killed_protest": pl.Float32,
        "broken": pl.Float32,
    }
    return runs, pl.DataFrame(rows, schema, orient="row").lazy()


def tried(a: Any, b: Any, outcome: str = "killed_protest", **more: Any) -> dict[str, Any]:
    claim = Claim(
        id="X1",
        sentence="It matters.",
        arms={"a": {}, "b": {}},
        tests=[
            {"says": "so", "outcome": outcome, "of": "a", "against": "b", "expect": "below"} | more
        ],
    )
    arms, daily = {"a": a[0], "b": b[0]}, {"a": a[1], "b": b[1]}
    return judge(claim, arms, {"judgement": 1}, {}, costs=COSTS, daily=daily).to_dict()


EARLY = arm([20 + k for k in range(12)], 3.0)  # deadlier on each day, and soon over
LATE = arm([100] * 12, 2.0)


def test_the_sign_of_the_costs_turns_where_one_side_ends_early():
    found = tried(EARLY, LATE)
    (test,) = found["tests"]
    days = np.arange(20, 32)
    assert test["effect"]["mean"] == pytest.approx(np.mean(days * np.arange(1, 13)), rel=1e-5)
    assert found["verdict"] == "not supported"
    assert test["exposure"]["counted"] == "equal" and test["exposure"]["cut"] == 12
    assert test["exposure"]["days"] == pytest.approx(days.mean())
    assert test["exposure"]["whole"]["mean"] < 0  # as each lived, the early side spares lives
    whole = tried(EARLY, LATE, exposure="whole")
    assert whole["verdict"] == "supported" and whole["tests"][0]["exposure"]["counted"] == "whole"
    assert whole["tests"][0]["effect"] == test["exposure"]["whole"]


def test_the_costs_of_the_arms_are_counted_over_the_days_that_all_share():
    found = tried(EARLY, LATE)
    assert found["costs_days"] == pytest.approx(np.arange(20, 32).mean())
    costs = {name: c["killed_protest"]["mean"] for name, c in found["costs"].items()}
    assert costs["a"] == pytest.approx(1.5 * costs["b"])
    assert found["costs"]["b"]["survived"]["mean"] == 1.0  # survival is told to the end


def test_only_costs_are_cut_unless_the_test_says_so():
    a, b = arm([100] * 12, 1.0), arm([30] * 12, 1.0)
    free = tried(a, b, "final_broken > 0", expect="above")["tests"][0]
    assert free["effect"]["mean"] == 1.0 and free["exposure"] is None
    told = tried(a, b, "final_broken > 0", expect="above", exposure="equal")["tests"][0]
    assert told["effect"]["mean"] == 0.0 and told["exposure"]["cut"] == 12


def test_pairs_of_equal_length_keep_their_numbers_and_say_so():
    a, b = arm([100] * 12, 3.0), arm([100] * 12, 2.0)
    (test,) = tried(a, b)["tests"]
    assert test["exposure"]["cut"] == 0 and test["effect"] == test["exposure"]["whole"]
    without = {"a": a[0], "b": b[0]}
    claim = Claim(
        id="X1",
        sentence="It matters.",
        arms={"a": {}, "b": {}},
        tests=[
            {"says": "x", "outcome": "killed_protest", "of": "a", "against": "b", "expect": "above"}
        ],
    )
    found = judge(claim, without, {}, {}, costs=COSTS).to_dict()  # no daily series were kept
    assert found["tests"][0]["exposure"]["counted"] == "not kept" and found["costs_days"] is None


def test_the_first_days_of_a_test_are_all_that_counts():
    a, b = arm([100] * 12, 3.0), arm([40] * 12, 3.0)
    (test,) = tried(a, b, "mean_killed_protest", days=50, exposure="whole")["tests"]
    assert test["effect"]["mean"] == pytest.approx(3.0 * 5 * np.mean(np.arange(1, 13)))
    (test,) = tried(a, b, "final_broken > 0", days=50)["tests"]
    assert test["effect"]["mean"] == 0.0 and test["days"] == 50
    (test,) = tried(a, b, "day", days=50, expect="above")["tests"]
    assert test["effect"]["mean"] == 10.0


def test_a_future_that_is_cut_is_the_one_that_stopped_on_that_day(tmp_path):
    """Every reduction of every series, against a study of so many days."""
    made = load(write(tmp_path / "s.yaml", SMALL, ("days: 60", "days: 14")), citizens=CITIZENS)
    long = ensemble(RunPlan(made, 4, tmp_path / "long", processes=1))
    short = ensemble(RunPlan(made.patched({}, days=6), 4, tmp_path / "short", processes=1))
    states = [c for c in long.series.columns if c not in ("run", "day")]
    names = [f"{r}_{s}" for r in REDUCERS for s in states] + list(long.called)
    cut = exposure.first_days(long.runs, long.scan("series"), 6, names)
    assert cut.columns == long.runs.columns and cut["day"].to_list() == [6] * 4
    assert cut["ending"].to_list() == short.runs["ending"].to_list()
    for name in names:
        x, y = (t[name].cast(pl.Float64).to_numpy() for t in (cut, short.runs))
        assert np.allclose(x, y, rtol=2e-6, atol=1e-30, equal_nan=True), name


@pytest.mark.parametrize(
    ("test", "says"),
    [
        (
            "outcome: survived, against: 0.5, exposure: equal",
            "has exposure = 'equal' in a test against a number, which has no pairs",
        ),
        ("outcome: USED, against: a, days: 9", "is recorded on the last day only"),
        ("outcome: USED, against: a, exposure: equal", "is recorded on the last day only"),
        ("outcome: survived, against: a, exposure: even", "exposure"),
    ],
)
def test_days_that_cannot_be_are_refused(tmp_path, test, says):
    made = load(write(tmp_path / "s.yaml", SMALL), citizens=CITIZENS)
    used = made.columns.finals[0].name
    text = SMALL + (
        "claims:\n  - id: K1\n    sentence: So.\n"
        "    arms: {a: {}, b: {set: {broker.guarantee: 6}}}\n"
        f"    tests: [{{says: x, of: b, expect: above, {test.replace('USED', used)}}}]\n"
    )
    with pytest.raises(Fault) as e:
        load(write(tmp_path / "t.yaml", text), citizens=CITIZENS)
    assert says in str(e.value)


def test_a_comparison_counts_costs_equally_and_says_what_whole_futures_give(tmp_path, capsys):
    made = load(write(tmp_path / "s.yaml", SMALL, ("days: 60", "days: 12")), citizens=CITIZENS)
    shorter = made.patched({}, days=5)
    found = th.compare(made, shorter, runs=5, processes=1, out=tmp_path / "c")
    by_cost = {e.outcome: e for e in found.effects if e.outcome in found.costs}
    assert by_cost and all(e.identical for e in by_cost.values())  # over five days they are alike
    assert all(e.exposure.counted == "equal" for e in by_cost.values())
    assert all(e.exposure.cut == 5 for e in by_cost.values())
    assert by_cost["exiled"].exposure.whole.value < 0
    say_compare(found.to_dict(), found.costs)
    said = " ".join(capsys.readouterr().out.split())
    assert "over the days that both futures of a pair lived (of unequal length in 5 pairs" in said


OBJECTED = """\
claims:
  - id: K1
    sentence: So it is.
    caveat: Mostly arithmetic.
    objections: {supporter: "It holds more widely.", critic: "It was put in."}
    days: 6
    arms: {a: {}, b: {days: 3}}
    tests: [{says: fewer die, outcome: exiled, of: b, against: a, expect: below}]
"""


def test_caveat_and_objections_stand_beside_the_verdict(tmp_path, capsys):
    made = load(write(tmp_path / "s.yaml", SMALL + OBJECTED), citizens=CITIZENS)
    found = th.claims(made, runs=6, processes=1, out=tmp_path / "out")
    (told,) = found.to_dict()["claims"]
    assert told["caveat"] == "Mostly arithmetic."
    assert told["objections"] == {
        "supporter": "It holds more widely.",
        "critic": "It was put in.",
    }
    assert told["verdict"] == "not testable"  # over the days that both lived nothing differs
    say_claims([told])
    said = " ".join(capsys.readouterr().out.split())
    for text in (
        "Mostly arithmetic.",
        "A supporter of the claim may object: It holds more widely.",
        "A critic of the claim may object: It was put in.",
        "the futures of all sides lived (up to day 3 on average)",
    ):
        assert text in said
    assert "A critic of the claim may object: It was put in." in found[0]._repr_html_()
    counted = _counted(told["tests"][0], 1.0, "")
    assert "of unequal length in 6 pairs; up to day 3" in counted and "−" in counted


def test_a_verdict_that_is_not_settled_says_how_many_pairs_it_would_need():
    rng = np.random.default_rng(3)
    a, b = (arm([100] * 40, 1.0) for _ in range(2))
    noisy = pl.col("killed_protest")
    few = [
        (runs.with_columns(noisy * pl.Series(rng.normal(1, 0.5, 40))), daily)
        for runs, daily in (a, b)
    ]
    found = tried(*few)
    assert found["verdict"] == "not settled" and found["pairs_to_settle"] > 40


def test_endings_that_were_alike_in_few_pairs_are_not_settled_but_would_need_more():
    """Citizens fared differently, no regime fell on either side: so many pairs show little."""
    more = []
    for n in (200, 368):
        a, b = arm([100] * n, 3.0), arm([100] * n, 2.0)
        claim = Claim(
            id="X1",
            sentence="It matters.",
            arms={"a": {}, "b": {}},
            tests=[
                {"says": "x", "outcome": "survived", "of": "a", "against": "b", "expect": "above"}
            ],
        )
        kinds = {"survived": "flag"}
        more.append(judge(claim, {"a": a[0], "b": b[0]}, {}, kinds, costs=COSTS))
    few, enough = more
    needed = math.ceil(math.log(0.025) / math.log(0.99))
    assert few.verdict == "not settled" and few.pairs_to_settle == needed == 368
    assert few.said == "not settled: would need about 370 pairs"
    assert enough.verdict == "not supported"


def test_the_report_says_which_days_were_counted_and_what_either_side_would_object(tmp_path):
    made = load(write(tmp_path / "s.yaml", SMALL + OBJECTED), citizens=CITIZENS)
    how = {"runs": 6, "processes": 1, "out": tmp_path / "out"}
    th.run(made.patched({}, days=6), **how)
    th.claims(made, **how)
    page = " ".join(th.write_report(tmp_path / "out").read_text(encoding="utf-8").split())
    for text in (
        "Mostly arithmetic.",
        "A supporter of the claim may object: It holds more widely.",
        "A critic of the claim may object: It was put in.",
        "Counted over the days that both futures of a pair lived (of unequal length in 6 pairs",
        "the futures of all sides lived (up to day 3 on average)",
    ):
        assert text in page, text


def test_what_was_not_kept_is_said(tmp_path, capsys):
    made = load(write(tmp_path / "s.yaml", SMALL, ("days: 60", "days: 8")), citizens=CITIZENS)
    sides = [
        ensemble(RunPlan(made.patched({}, days=d), 5, tmp_path / f"{d}", processes=1, keep="runs"))
        for d in (8, 4)
    ]
    found = compare(*sides)
    assert found["exiled"].exposure.counted == "not kept" and found["exiled"].effect.value > 0
    assert found["survived"].exposure is None
    say_compare(found.to_dict(), found.costs)
    assert "daily series were not kept" in " ".join(capsys.readouterr().out.split())
