"""What moves an outcome, where the answer was planted."""

from __future__ import annotations

import shlex

import numpy as np
import pytest

from tests.analysis.planted import FIRST, TOTAL, ishigami, study
from tests.conftest import command
from thermidor.analysis.moves import designed, given, regional
from thermidor.analysis.moves.drivers import drivers
from thermidor.analysis.moves.overtime import Day, OverTime
from thermidor.support.faults import Fault

pytest.importorskip("SALib")


def draws(n: int, d: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).random((n, d))


def named(found, role="assumption"):
    return [d.name for p in found.parts if p.role == role for d in p.found]


def saltelli(d: int, blocks: int) -> np.ndarray:
    from SALib.sample import sobol

    problem = {"num_vars": d, "names": [str(k) for k in range(d)], "bounds": [[0, 1]] * d}
    return sobol.sample(problem, blocks, calc_second_order=False, seed=1)


def test_the_shares_are_salibs():
    from SALib.analyze import rbd_fast

    x = draws(300, 4)
    y = x[:, 0] + np.sin(9 * x[:, 1])
    told = rbd_fast.analyze({"num_vars": 4, "names": list("abcd")}, x, y, M=6, seed=1)
    assert given.shares(x, y).share == pytest.approx(told["S1"], abs=1e-5)


def test_shares_of_ishigami_lie_in_their_intervals_from_futures_as_drawn():
    x = 2 * np.pi * draws(2000, 3) - np.pi
    for told, truth in zip(given.intervals(x, ishigami(x), list("abc")), FIRST, strict=True):
        assert told.low - 1e-9 <= truth <= told.high
    assert given.shares(x, ishigami(x)).luck.tolist() == pytest.approx([1 / 300, 1 / 300, 1], abs=1)


def test_shares_of_ishigami_lie_in_their_intervals_from_a_design():
    x = 2 * np.pi * saltelli(3, 512) - np.pi
    found = designed.designed(ishigami(x), list("abc"))
    for told, truth in zip([*found.first, *found.total], [*FIRST, *TOTAL], strict=True):
        assert told.low - 0.005 <= truth <= told.high + 0.005
    assert (found.luck < 0.05).tolist() == [True, True, False]


def test_shares_of_a_sum_are_those_of_its_weights():
    weights = np.array([4.0, 2.0, 1.0, 0.0])
    truth = weights**2 / (weights**2).sum()
    found = designed.designed(saltelli(4, 512) @ weights, list("abcd"))
    for first, total, share in zip(found.first, found.total, truth, strict=True):
        assert first.low - 0.005 <= share <= first.high + 0.005
        assert total.low - 0.005 <= share <= total.high + 0.005
    x = draws(1500, 4)
    for told, share in zip(given.intervals(x, x @ weights, list("abcd")), truth, strict=True):
        assert told.low - 1e-9 <= share <= told.high


def test_a_future_that_failed_takes_its_block_along_and_never_comes_back_as_nothing():
    y = saltelli(3, 64) @ np.array([3.0, 1.0, 0.0])
    y[7] = np.nan
    found = designed.designed(y, list("abc"))
    assert (found.blocks, found.lost) == (63, 1) and found.first[0].value > 0.7
    for none in (np.full(320, np.nan), np.full(320, 0.3)):
        with pytest.raises(ValueError):
            designed.designed(none, list("abc"))
    with pytest.raises(Fault, match="no whole number of blocks"):
        designed.designed(y[:-1], list("abc"))
    for none in (np.full(100, np.nan), np.full(100, 0.3)):
        with pytest.raises(ValueError):
            given.shares(draws(100, 3), none)


def test_a_planted_driver_is_named_first_among_many(tmp_path):
    x, rng = draws(400, 120, seed=1), np.random.default_rng(1)
    y = 2 * x[:, 17] + (x[:, 40] - 0.5) ** 2 * 4 + rng.normal(0, 0.3, 400)
    found = drivers(study(tmp_path, x, y), "y")
    assert named(found) == ["m.a17", "m.a40"]
    (part,) = found.parts
    up, both = part.found
    assert up.direction > 0.5 and abs(both.direction) < 0.3
    assert (
        "most what a17 is (m.a17), which carries" in part.sentence
        and "there is more" in part.sentence
    )
    assert part.others.startswith("of 118 more: cannot tell with 400 futures; about")


def test_noise_moves_nothing_and_the_number_of_futures_that_would_tell_is_given(tmp_path):
    rng = np.random.default_rng(5)
    found = drivers(study(tmp_path, draws(200, 150), rng.normal(size=200)), "y")
    assert not named(found)
    (part,) = found.parts
    assert part.sentence.startswith("Cannot tell with 200 futures which of 150 assumptions moves y")
    assert 400 < part.about < 1000
    assert found.table["value"].null_count() == 150  # no bar, rather than a bar of nothing


def test_luck_is_named_in_no_more_than_its_part_of_studies():
    rng = np.random.default_rng(2)
    few = rng.random((60, 60)) < 0.15
    hits = sum((given.shares(rng.random((60, 12)), y.astype(float)).luck < 0.05).any() for y in few)
    assert hits <= 8  # 60 at 5 of 100: more than 8 by luck once in 250


def test_as_many_futures_as_it_asks_for_do_tell():
    x, rng = draws(700, 12), np.random.default_rng(3)
    spread = np.sqrt(1 / 12 * (1 - given.WORTH) / given.WORTH)
    about = given.enough(given.shares(x[:200], rng.normal(size=200)), 200)
    told = [
        given.shares(x[:about], x[:about, 0] + rng.normal(0, spread, 700)[:about], k).luck[0]
        for k in range(8)
    ]
    assert sum(p < 0.05 for p in told) >= 5


def test_what_is_the_same_everywhere_and_what_is_too_little_has_a_reason(tmp_path):
    same = drivers(study(tmp_path / "same", draws(50, 3), np.full(50, 0.25)), "y")
    assert same.sentences == [
        "Cannot tell which of 3 assumptions moves y: it is the same in all 50 futures (0.250)."
    ]
    few = drivers(study(tmp_path / "few", draws(12, 3), draws(12, 1)[:, 0]), "y")
    assert "shares need 24 futures or more, and there are 12" in few.sentences[0]
    assert few.table["value"].null_count() == few.table.height
    none = drivers(study(tmp_path / "none", np.ones((30, 2)), draws(30, 1)[:, 0]), "y")
    assert none.sentences[0].startswith("Nothing was drawn or varied")


def test_failed_futures_and_those_without_a_value_are_counted_and_left_out(tmp_path):
    x = draws(100, 2)
    y = x[:, 0].copy()
    y[:10] = np.nan
    made = study(tmp_path, x, y)
    found = drivers(made, "case when y > 0.9 then null else y end")
    assert found.futures == 90 and found.left_out == int((y[10:] > 0.9).sum())
    assert named(found) == ["m.a0"] and "left out" in found.sentences[-1]


def test_a_rare_ending_is_told_by_where_its_futures_lie(tmp_path):
    x, rng = draws(1000, 60), np.random.default_rng(4)
    coup = (x[:, 8] > 0.8) & (rng.random(1000) < 0.2)
    day = np.where(coup, 40, 100)
    found = drivers(study(tmp_path, x, rng.random(1000), day=day), "ending = 'coup'")
    (part,) = found.parts
    assert part.by == "shift" and named(found) == ["m.a8"]
    (d,) = part.found
    assert d.at == pytest.approx(0.8, abs=0.03) and d.so > 0.95 and 0.1 < d.other < 0.3
    assert d.measure.low < 0.8 < d.measure.high + 0.05
    assert "of the futures that end so" in part.sentence


def test_where_hardly_any_future_ends_so_nothing_is_ranked(tmp_path):
    x = draws(200, 30)
    day = np.where(np.arange(200) < 3, 40, 100)
    (part,) = drivers(study(tmp_path, x, x[:, 0], day=day), "ending = 'coup'").parts
    assert not part.found and "only 3 of 200 futures" in part.sentence and part.about == 2000
    with pytest.raises(ValueError):
        regional.regions(x, day < 100)


def test_levers_and_assumptions_are_told_apart(tmp_path):
    x = draws(300, 6)
    found = drivers(study(tmp_path, x, x[:, 0] + x[:, 4], levers=(4, 5)), "y")
    assert named(found) == ["m.a0"] and named(found, "lever") == ["m.a4"]
    assert [p.of for p in found.parts] == [4, 2]
    assert found.parts[1].sentence.startswith("Of 2 levers, 1 moves y")


def test_points_of_a_design_count_once_however_many_futures_stand_at_each(tmp_path):
    """Twenty lucks, forty points each: a drawn assumption has twenty values, not eight hundred."""
    points, lucks, rng = 40, 20, np.random.default_rng(6)
    lever = np.tile(rng.random(points), lucks)
    drawn = np.repeat(rng.random((lucks, 30)), points, axis=0)
    y = lever + 0.2 * np.repeat(rng.normal(size=lucks), points)
    sweep = {
        "kind": "lhs",
        "points": points,
        "over": [{"key": "m.a0", "role": "lever"}],
    }
    x = np.column_stack([lever, drawn])
    found = drivers(study(tmp_path, x, y, levers=(0,), sweep=sweep), "y")
    assert named(found) == [] and named(found, "lever") == ["m.a0"]
    assert {(p.role, p.what, p.n) for p in found.parts} == {
        ("lever", "points", 40),
        ("assumption", "lucks", 20),
    }


def test_a_saltelli_design_gives_total_shares_with_levers_apart(tmp_path):
    x = saltelli(3, 128)
    y = x[:, 0] * x[:, 1] + 0.5 * x[:, 2]
    over = [{"key": f"m.a{k}", "role": "lever" if k == 2 else "assumption"} for k in range(3)]
    sweep = {"kind": "saltelli", "points": len(x), "over": over}
    found = drivers(study(tmp_path, x, y, levers=(2,), sweep=sweep), "y")
    assert set(named(found)) == {"m.a0", "m.a1"} and named(found, "lever") == ["m.a2"]
    for d in found.parts[0].found:
        assert d.total.value > d.measure.value


def test_by_day_what_can_be_told_begins_when_it_does(tmp_path):
    x, rng = draws(300, 8), np.random.default_rng(7)
    early = np.where(rng.random(300) < 0.4, rng.integers(5, 50, 300), 100)
    late = np.where((x[:, 3] > 0.5) & (early == 100), rng.integers(50, 100, 300), early)
    found = drivers(study(tmp_path, x, rng.random(300), day=late), over_time=True)
    (line,) = found.over_time.lines("assumption").values()
    days = [d.day for d in found.over_time.days]
    told = [day for day, s in zip(days, line, strict=True) if np.isfinite(s)]
    assert min(told) > 50 and max(told) == 100
    assert found.over_time.table["share"].null_count() == len(days) - len(told)


def test_what_can_be_told_for_a_time_is_not_said_to_last():
    days = tuple(Day(d, 300, 0, ()) for d in (30, 60, 90))
    when = OverTime("survival", days)._when
    assert when([0, 1, 2]) == "from day 30 on" and when([1]) == "on day 60"
    assert when([0, 1]) == "from day 30 to day 60"


def test_the_command_gives_it_again_whatever_the_folder_is_called(tmp_path):
    made = study(tmp_path / "a study", draws(60, 2), draws(60, 1)[:, 0])
    words = shlex.split(drivers(made, "y > 0.5").command)
    assert words == ["thermidor", "drivers", str(made.path), "--outcome", "y > 0.5"]


def test_where_no_picture_is_none_is_promised(tmp_path, capsys):
    made = study(tmp_path / "s", draws(60, 2), np.ones(60))
    code, out, _ = command(capsys, "drivers", made.path, "--outcome", "y")
    assert code == 0 and "\nTables: " in out and "pictures" not in out
    assert f"Again: thermidor drivers {made.path} --outcome y" in out


def test_what_is_no_outcome_is_said_at_once(tmp_path):
    made = study(tmp_path, draws(30, 2), draws(30, 1)[:, 0])
    with pytest.raises(Fault) as e:
        drivers(made, "m.a0 + yy")
    assert len(e.value.faults) == 2 and "Did you mean 'y'?" in str(e.value)


def test_tables_and_pictures_are_written_for_each_role(tmp_path):
    from thermidor import studies

    x = draws(200, 4)
    made = study(tmp_path / "s", x, x[:, 0] + x[:, 3], levers=(3,))
    studies.drivers(made, "y", out=tmp_path / "out")
    names = {p.name for p in (tmp_path / "out").iterdir()}
    assert {"drivers-assumptions-futures.svg", "drivers-levers-futures.svg"} <= names
    assert {"drivers.json", "drivers.csv", "drivers.parquet"} <= names
    picture = (tmp_path / "out" / "drivers-assumptions-futures.svg").read_text(encoding="utf-8")
    assert "m.a3" not in picture and "m.a0" in picture
