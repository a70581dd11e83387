"""Designs: their points, what futures at a point assume, what is told of them, what is refused."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest

import thermidor as th
from tests.analysis.planted import MANIFEST
from tests.conftest import CITIZENS, SMALL, command, write
from thermidor.engine.simulate import simulate
from thermidor.scenario.load import load
from thermidor.study.design.design import design
from thermidor.study.design.over import notes, parse
from thermidor.study.design.sweep import Sweep
from thermidor.study.design.told import by_luck, to_tell, told
from thermidor.support.faults import Fault

LEVER, ASSUMPTION = "broker.pressure", "treasury.price"


def of(scenario, kind, *texts, points=None, runs=2, seed=1):
    return design(kind, parse(texts, scenario), points, runs, seed)


@pytest.fixture(scope="module")
def short(tmp_path_factory):
    path = write(tmp_path_factory.mktemp("short") / "small.yaml", SMALL, ("days: 60", "days: 4"))
    return load(path, citizens=CITIZENS)


def test_all_combinations_and_the_scenario_as_it_stands(small):
    d = of(small, "full", f"{LEVER}=0:1:3", f"{ASSUMPTION}=60,80")
    held = [(a, b) for a in (0.0, 0.5, 1.0) for b in (60.0, 80.0)]
    assert d.table.rows() == [(0, None, None), *((k + 1, *h) for k, h in enumerate(held))]


def test_one_at_a_time_leaves_the_others_as_they_are(small):
    d = of(small, "one-at-a-time", LEVER, f"{ASSUMPTION}=60,70,80")
    assert d.table.drop("point").rows() == [
        (None, None),
        (0.0, None),
        (1.2, None),
        (None, 60.0),
        (None, 70.0),
        (None, 80.0),
    ]


@pytest.mark.parametrize("kind", ["lhs", "sobol"])
def test_drawn_points_fill_every_part_of_each_range(small, kind):
    n = 32
    d = of(small, kind, f"{LEVER}=0:1", f"{ASSUMPTION}=40:60", points=n)
    for column, low, width in ((LEVER, 0.0, 1.0), (ASSUMPTION, 40.0, 20.0)):
        share = (d.table[column].to_numpy() - low) / width
        assert sorted((share * n).astype(int)) == list(range(n))
    again = of(small, kind, f"{LEVER}=0:1", f"{ASSUMPTION}=40:60", points=n)
    other = of(small, kind, f"{LEVER}=0:1", f"{ASSUMPTION}=40:60", points=n, seed=2)
    assert d.hash == again.hash != other.hash


def test_a_future_at_a_point_is_that_of_the_patched_scenario(short):
    """The sheets of a design, made at once, are those of its points' scenarios one by one; and so
    is what becomes of them: the luck is the future's own.
    """
    d = of(short, "full", f"{LEVER}=0,1", f"{ASSUMPTION}=60,80", "treasury.patronage=1,9")
    numbers = range(2 * len(d))
    for n, (before, now) in zip(numbers, d.sheets(short, 7, numbers), strict=True):
        assert (before, now) == d.at(short, n % len(d)).draw(7, n // len(d))


def test_a_sweep_gives_the_futures_of_patches_on_common_luck(short, tmp_path):
    found = th.sweep(
        short, {LEVER: [0, 1], ASSUMPTION: [60, 80]}, runs=2, out=tmp_path, processes=0
    )
    runs = found.study.runs
    assert runs["run"].to_list() == list(range(10))
    assert found.futures([ASSUMPTION]).filter(pl.col("point") == 4)[ASSUMPTION].to_list() == [
        80.0,
        80.0,
    ]
    for n in (0, 3, 9):
        made = simulate(short.patched(_held(found, n % 5)), 1, n // 5).outcomes()
        row = runs.row(n, named=True)
        numbers = [k for k, v in made.items() if isinstance(v, float)]
        assert np.allclose(
            [made[k] for k in numbers], [row[k] for k in numbers], rtol=1e-9, equal_nan=True
        )
    assert found.table["futures"].to_list() == [2] * 5
    assert found.told[0].effects is not None and found.told[0].effects[0].value == 0
    assert any("treasury.price is varied from 60 to 80" in said for said in found.notes)


def _held(found, point):
    row = found.points.row(point, named=True)
    return {k: v for k, v in row.items() if k != "point" and v is not None}


def test_more_futures_go_on_from_those_that_are_there(short, tmp_path):
    for runs in (1, 2):
        th.sweep(short, [f"{LEVER}=0,1"], runs=runs, out=tmp_path / "a", processes=0)
    th.sweep(short, [f"{LEVER}=0,1"], runs=2, out=tmp_path / "b", processes=0)
    one, other = (pl.read_parquet(tmp_path / x / "runs.parquet").drop("reason") for x in ("a", "b"))
    assert one.equals(other)
    with pytest.raises(Fault, match="holds another study \\(design "):
        th.sweep(short, [f"{LEVER}=0,0.5"], runs=2, out=tmp_path / "a", processes=0)


def folder_of_two_points(path, keep):
    """The scenario as it stands lives 30 days and kills one a day; the other point, at which two a
    day are killed, falls on day 10 on every second luck.
    """
    sweep = {"kind": "full", "points": 2, "over": [{"key": LEVER, "role": "lever", "unit": "x"}]}
    lives = [30, 30, 30, 10, 30, 30, 30, 10]  # run = 2 luck + point
    path.mkdir(parents=True)
    rows = {
        "run": pl.Series(range(8), dtype=pl.Int32),
        "day": pl.Series(lives, dtype=pl.Int32),
        "ending": ["in power" if d == 30 else "coup" for d in lives],
        "survived": [float(d == 30) for d in lives],
        "killed_protest": [float(d * (1 + k % 2)) for k, d in enumerate(lives)],
    }
    pl.DataFrame(rows).write_parquet(path / "runs.parquet")
    days = [(k, t, float(t * (1 + k % 2))) for k, d in enumerate(lives) for t in range(d + 1)]
    kinds = {"run": pl.Int32, "day": pl.Int32, "killed_protest": pl.Float32}
    pl.DataFrame(days, kinds, orient="row").write_parquet(path / "series.parquet")
    pl.DataFrame({"point": [0, 1], LEVER: [None, 1.0]}).write_parquet(path / "points.parquet")
    (path / "model.json").write_text("{}", encoding="utf-8")
    told = MANIFEST | {"runs": 8, "days": 30, "keep": keep, "sweep": sweep}
    (path / "manifest.json").write_text(json.dumps(told), encoding="utf-8")
    return Sweep(path)


def test_costs_are_counted_over_the_same_days_at_every_point(tmp_path):
    """A point at which regimes fall early is no cheaper for that."""
    found = folder_of_two_points(tmp_path / "series", "series")
    (killed,) = [t for t in found.told if t.outcome == "killed_protest"]
    assert [m.value for m in killed.means] == [30.0, 40.0]  # each to its own end
    assert [killed.told(k).value for k in (0, 1)] == [30.0, 20.0]  # half of 30 and of 10 more
    assert found.heading("killed_protest").endswith("(then the difference, over days both lived)")
    assert killed.apart and killed.effects[0].value == 0
    assert "over the days that both futures of a luck lived" in found.said_of_costs()
    assert found.heading("survived") == "still in power"
    whole = folder_of_two_points(tmp_path / "runs", "runs")
    (killed,) = [t for t in whole.told if t.outcome == "killed_protest"]
    assert [m.value for m in killed.means] == [30.0, 40.0]
    assert whole.heading("killed_protest") == "killed in protest (to its own end)"
    assert "--keep series would mend it" in whole.said_of_costs()


def test_correlations_over_a_sweep_are_refused_and_not_mixed(tmp_path):
    found = folder_of_two_points(tmp_path / "series", "series")
    with pytest.raises(Fault, match="is a sweep: .*`thermidor drivers` parts"):
        found.study.carried_by()
    assert found.study.to_dict()["carried_by"] == []


def planted(lucks: int, size: float) -> np.ndarray:
    """Points of which the last is higher by `size`, under luck that all share and some of their
    own.
    """
    rng = np.random.default_rng(3)
    made = rng.normal(size=(lucks, 1)) * 5 + rng.normal(size=(lucks, 4))
    made[:, -1] += size
    return made


def test_a_planted_difference_is_told_and_luck_is_not():
    assert told("x", planted(40, 2.0), True).differ
    by_chance = [by_luck(np.random.default_rng(k).normal(size=(20, 4))) for k in range(40)]
    assert sum(p < 0.05 for p in by_chance) <= 6  # 2 expected; 6 or fewer in 99 of 100
    assert by_luck(np.zeros((20, 4))) == 1.0


def test_how_many_would_tell_is_about_right():
    needed = to_tell(planted(400, 0.5))  # enough to know the sizes well
    assert needed is None or needed > 400
    few = to_tell(planted(25, 0.5))
    assert few is None or 26 <= few <= 400
    assert np.isnan(told("x", planted(1, 1.0), False).chance)


@pytest.mark.parametrize(
    "texts, said",
    [
        ([], "nothing is varied"),
        (["broker.presure=0:1:3"], "no such parameter .* Did you mean 'broker.pressure'"),
        ([f"{LEVER}=0:1:3", f"{LEVER}=0,1"], "given twice"),
        ([f"{ASSUMPTION}=5,60"], "5 lies outside 20 to 150 USD a barrel"),
        ([f"{ASSUMPTION}=80:60:3"], "from a smaller number to a larger"),
        ([f"{ASSUMPTION}=70"], "one value is no design; set it with --set"),
        ([f"{ASSUMPTION}=60,60"], "has a value twice"),
        ([f"{ASSUMPTION}=60:70:3:4"], "neither values nor a range"),
        ([f"{ASSUMPTION}=60:70:1"], "must be the number of values, 2 or more"),
        ([f"{ASSUMPTION}=much,little"], "'much' must be a number"),
        ([f"{ASSUMPTION}=nan,60"], "nan lies outside"),
    ],
)
def test_what_varies_nothing_is_refused(small, texts, said):
    with pytest.raises(Fault, match=said):
        parse(texts, small)


def test_all_faults_at_once(small):
    with pytest.raises(Fault) as e:
        parse(["a.b=1,2", f"{LEVER}=0,9", f"{ASSUMPTION}=60:x"], small)
    assert len(e.value.faults) == 3


def test_a_key_that_is_held_is_not_varied(small):
    with pytest.raises(Fault, match="held by --set and varied by --over"):
        parse([f"{LEVER}=0,1"], small, {LEVER})


def test_a_mechanism_that_is_off_is_not_varied(small):
    with pytest.raises(Fault, match="broker is switched off"):
        parse([f"{LEVER}=0,1"], small.patched({}, ["broker"]))


@pytest.mark.parametrize(
    "kind, texts, points, runs, said",
    [
        ("full", [f"{LEVER}=0:1:1000000", f"{ASSUMPTION}=60:70:1000000"], None, 1, "1,000,000,000"),
        ("lhs", [LEVER, f"{ASSUMPTION}=60:70"], 1000, 10**9, "asks for 1,000,000,000,000 futures"),
        ("full", [f"{LEVER}=0:1"], None, 1, "is a range, and --design full takes values"),
        ("full", [f"{LEVER}=0,1"], 5, 1, "--points is for --design lhs, sobol and saltelli"),
        ("sobol", [f"{LEVER}=0:1"], 100, 1, "a power of 2 .* such as 64 or 128"),
        (
            "some",
            [f"{LEVER}=0:1"],
            None,
            1,
            "must be one of full, lhs, .*, saltelli",
        ),
    ],
)
def test_designs_that_cannot_be(small, kind, texts, points, runs, said):
    with pytest.raises(Fault, match=said):
        of(small, kind, *texts, points=points, runs=runs)


def test_a_range_beyond_the_ledger_is_said(small):
    drawn = (
        next(
            a
            for a in small.parameters.values()
            if a.drawn and not a.options and a.parameter.high > a.high
        )
        if any(
            a.drawn and not a.options and a.parameter.high > a.high
            for a in small.parameters.values()
        )
        else small.parameters[ASSUMPTION]
    )
    p = drawn.parameter
    over = parse([f"{p.key}={p.low}:{p.high}:3", f"{LEVER}=0,1"], small)
    (said,) = notes(over, small)
    assert said.startswith(f"{p.key} is varied from") and "defends" in said


def test_the_verb(tmp_path, capsys):
    file = write(tmp_path / "small.yaml", SMALL, ("days: 60", "days: 3"))
    words = ("sweep", file, "--over", f"{LEVER}=0,1", "--over", f"{ASSUMPTION}=60,80")
    words += ("--citizens", CITIZENS, "--runs", 2, "--out", tmp_path / "out", "--processes", 1)
    code, out, err = command(capsys, *words, "--outcome", "peak_turnout_country")
    assert code == 0, err
    assert "5 points of 2 futures each" in " ".join(out.split()) and "as it stands" in out
    assert "treasury.price is varied from 60 to 80" in err
    assert "<svg" in (tmp_path / "out" / "sweep.svg").read_text(encoding="utf-8")
    table = pl.read_csv(tmp_path / "out" / "sweep.csv")
    assert table.columns[:3] == ["point", LEVER, ASSUMPTION] and table.height == 5
    code, out, err = command(capsys, *words, "--outcome", "nothing")
    assert code == 2 and "no column 'nothing'" in err
