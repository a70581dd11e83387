"""Levers: a planted best one is found, what raises repression is refused, regret by hand."""

from __future__ import annotations

import json
from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest

import thermidor as th
from tests.conftest import CITIZENS, SMALL, command, write
from thermidor.analysis.levers import robust as module
from thermidor.analysis.levers.judge import front, judged, regrets, worst_tenth
from thermidor.analysis.levers.lever import Lever, levers
from thermidor.analysis.levers.robust import NOW, Wanted, robust
from thermidor.analysis.levers.say import say_robust
from thermidor.analysis.levers.search import search
from thermidor.study.plan import RunPlan

PLANTED = Lever("broker.relief", 0.0, 1.0, 0.2, "share", "planted", "broker")
IDLE = Lever("media.openness", 0.0, 1.0, 0.0, "share", "moves nothing", "society")
SWITCH = Lever("broker.offer_open", 0.0, 1.0, 0.0, "0 or 1", "planted", "broker", True)


def test_a_planted_best_setting_is_found() -> None:
    """The outcome is best at relief .7 with the offer open, whatever openness is."""
    luck = np.random.default_rng(1).normal(size=60)

    def worth(s: dict[str, float]) -> np.ndarray:
        at = -10 * (s["broker.relief"] - 0.7) ** 2 + s["broker.offer_open"]
        return at + luck

    tried = search([PLANTED, IDLE, SWITCH], worth, 80, seed=3)
    best = tried[front([t.aims for t in tried])[0]].setting
    assert abs(best["broker.relief"] - 0.7) < 0.1 and best["broker.offer_open"] == 1.0
    assert tried[0].setting == {"broker.relief": 0.2, "media.openness": 0, "broker.offer_open": 0}
    again = search([PLANTED, IDLE, SWITCH], worth, 80, seed=3)
    assert [t.setting for t in again] == [t.setting for t in tried]


def test_a_setting_that_fails_in_the_worst_tenth_is_not_the_only_finalist() -> None:
    """A gamble has the better mean, a safe setting the better worst tenth: both are kept."""
    assert front([(3.0, -9.0), (2.0, 1.0), (1.0, 0.5), (2.0, 0.0)]) == [0, 1]


def test_regret_and_the_worst_tenth_by_hand() -> None:
    v = np.array([[1.0, 5.0], [4.0, 2.0]])
    assert regrets(v).tolist() == [[3, 0], [0, 3]]
    assert worst_tenth(np.arange(20.0)) == 0.5 and worst_tenth(np.array([3.0, 1.0])) == 1.0
    killed = {NOW: np.arange(10.0), "S1": np.arange(10.0) - np.array([1.0] * 5 + [-1.0] * 5)}
    found = judged(killed, NOW, high_is_better=False)
    assert found["S1"].regret == 0.5 and found[NOW].regret == 0.5 and found["S1"].best == 0.5
    assert found["S1"].worst == 10 and found[NOW].worst == 9  # most killed
    assert found["S1"].against_now.value == 0
    tied = {NOW: np.arange(10.0), "S1": np.arange(10.0) - np.array([1.0] + [0.0] * 9)}
    found = judged(tied, NOW, high_is_better=False)
    assert (found[NOW].best, found["S1"].best) == (0, 0.1)


def test_what_cannot_be_told_has_no_best(scenario, tmp_path, monkeypatch, capsys) -> None:
    """As is and the one setting are alike but in one future of forty."""

    def nearly(plan: RunPlan) -> SimpleNamespace:
        moved = plan.scenario.parameters["broker.relief"].value > 0.6
        killed = 100.0 - np.arange(plan.runs) % 7 - (np.arange(plan.runs) == 3) * moved
        runs = futures_of(plan).runs.with_columns(pl.Series("killed_protest", killed))
        return held(runs)

    monkeypatch.setattr(module, "ensemble", nearly)
    found = robust(RunPlan(scenario, 1, tmp_path), ASK)
    assert found.sentence().startswith("Cannot tell with 40 futures") and not found.told
    assert json.loads((tmp_path / "robust.json").read_text())["best"] is None
    assert found.finalists[0].judged.best == 0 and found.alike == pytest.approx(39 / 40)
    say_robust(found, "again")
    told = " ".join(capsys.readouterr().out.split())
    assert "in 98 of 100 futures several do equally well" in told
    assert "None of this tells a setting from the scenario as it is" in told


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory):
    path = write(tmp_path_factory.mktemp("l") / "s.yaml", SMALL, ("days: 60", "days: 4"))
    return th.load(path, citizens=CITIZENS)


REFUSED = {
    "treasury.forces": "is a choice of the ruler",
    "media.bias": "is a choice of the ruler",
    "security.severity": "is an assumption",
    "adversary.on_guards": "says whom attacks strike",
    "negotiation.deal_day": "a day on which something is signed",
    "broker.relif": "Did you mean 'broker.relief'",
    "broker.relief=0:2": "leaves the range",
    "broker.guarantee=1:0": "is empty",
    "broker.exit_offer=much": "is no range",
}


def test_what_raises_repression_is_refused_by_name(scenario) -> None:
    with pytest.raises(th.Fault) as e:
        levers(scenario, list(REFUSED))
    assert len(e.value.faults) == len(REFUSED)
    for name, why in REFUSED.items():
        assert any(name.partition("=")[0] in f and why in f for f in e.value.faults), name


def test_force_goes_down_only(scenario) -> None:
    less = scenario.patched({"ruler.force_limit": 0.5, "adversary.intensity": 0.3})
    found = {x.key: x for x in levers(less)}
    assert found["ruler.force_limit"].high == 0.5 and found["adversary.intensity"].high == 0.3
    with pytest.raises(th.Fault, match="would raise repression above what the scenario has, 0.5"):
        levers(less, ["ruler.force_limit=0:0.9"])
    with pytest.raises(th.Fault, match="would raise attacks"):
        levers(less, ["adversary.intensity=0:1"])
    assert all(scenario.parameters[k].parameter.actor != "ruler" for k in found)


def test_a_lever_of_what_is_switched_off_is_refused(scenario) -> None:
    off = scenario.patched({}, ["broker"])
    with pytest.raises(th.Fault, match="moves nothing: broker is switched off"):
        levers(off, ["broker.relief"])


ASK = Wanted(("broker.relief", "media.openness"), "killed_protest", tries=30, runs=20, held_out=40)


def futures_of(plan: RunPlan) -> SimpleNamespace:
    """What a study of a setting would hold: most are spared at relief .7, whatever else is set."""
    luck = np.random.default_rng(plan.seed).normal(size=plan.runs)
    relief = plan.scenario.parameters["broker.relief"].value
    killed = 100 + 300 * (relief - 0.7) ** 2 + 10 * luck
    columns = {
        "run": np.arange(plan.runs, dtype=np.int32),
        "ending": ["in power"] * plan.runs,
        "day": np.full(plan.runs, 4, np.int32),
        "survived": np.ones(plan.runs),
        "killed_protest": killed,
    }
    return held(pl.DataFrame(columns))


def held(runs: pl.DataFrame, series: pl.DataFrame | None = None) -> SimpleNamespace:
    """What `robust` asks of a study."""
    daily = pl.DataFrame({"run": [], "day": []}) if series is None else series
    called = {"killed_protest": "killed in protest"}
    return SimpleNamespace(status="finished", runs=runs, called=called, scan=lambda _: daily.lazy())


def test_a_planted_lever_is_found_and_judged_on_futures_not_seen(
    scenario, tmp_path, monkeypatch
) -> None:
    plans: list[RunPlan] = []
    monkeypatch.setattr(module, "ensemble", lambda p: plans.append(p) or futures_of(p))
    found = robust(RunPlan(scenario, 1, tmp_path), ASK)
    assert abs(found.best.set["broker.relief"] - 0.7) < 0.05
    assert "broker.relief" in found.sentence() and "40 futures that the search" in found.sentence()
    assert found.best.judged.regret < 1 < found.finalists[0].judged.regret
    assert found.finalists[0].name == NOW and "killed_protest" in found.best.costs
    searched = {p.seed for p in plans if p.runs == 20}
    assert searched.isdisjoint({p.seed for p in plans if p.runs == 40})
    assert pl.read_parquet(tmp_path / "tried.parquet").height == found.tried.height


def test_where_nothing_moves_it_says_so(scenario, tmp_path, monkeypatch) -> None:
    flat = futures_of(RunPlan(scenario, 40, tmp_path)).runs
    monkeypatch.setattr(module, "ensemble", lambda p: held(flat))
    found = robust(RunPlan(scenario, 1, tmp_path), ASK)
    assert found.best.name == NOW and "none was tried on futures" in found.sentence()


def test_a_setting_that_ends_regimes_sooner_is_given_no_lives_for_it(
    scenario, tmp_path, monkeypatch
) -> None:
    """Ten a day are killed, 12 with the offer open, which ends the regime on day 3 in place of 4:
    over the days that both lived it costs more.
    """

    def early(plan: RunPlan) -> SimpleNamespace:
        on = plan.scenario.parameters["broker.relief"].value > 0.6
        last, rate, n = (3, 12.0, plan.runs) if on else (4, 10.0, plan.runs)
        days = pl.DataFrame({"day": np.arange(last + 1, dtype=np.int32)})
        runs = pl.DataFrame({"run": np.arange(n, dtype=np.int32)})
        killed = (pl.col("day") * rate).cast(pl.Float32).alias("killed_protest")
        ends = pl.lit("uprising" if on else "in power").alias("ending")
        row = [
            ends,
            pl.lit(last, pl.Int32).alias("day"),
            pl.lit(0.0 if on else 1.0).alias("survived"),
        ]
        total = pl.lit(rate * last).alias("killed_protest")
        return held(
            runs.with_columns(*row, total), runs.join(days, how="cross").with_columns(killed)
        )

    monkeypatch.setattr(module, "ensemble", early)
    ask = Wanted(("broker.relief=0:1",), "killed_protest", tries=12, runs=10, held_out=10)
    found = robust(RunPlan(scenario, 1, tmp_path), ask)
    worse = found.tried.filter(pl.col("broker.relief") > 0.6)
    assert found.best.name == NOW or found.best.set["broker.relief"] <= 0.6
    assert worse.height and set(worse["mean"]) == {46.0}  # 40 as it is, and 6 in three days


@pytest.mark.slow
def test_a_search_goes_on_from_what_is_kept(scenario, tmp_path) -> None:
    ask = Wanted(
        ("ruler.force_limit",), "peak_turnout_country", True, tries=4, runs=10, held_out=10
    )
    plan = RunPlan(scenario, 1, tmp_path, processes=0)
    found = robust(plan, ask)
    assert all({"killed_protest", "arrested"} <= set(f.costs) for f in found.finalists)
    assert robust(plan, ask, command="again").to_dict() == found.to_dict()
    assert json.loads((tmp_path / "robust.json").read_text())["command"] == "again"


def test_refusals_end_the_verb_with_code_2(tmp_path, capsys) -> None:
    file = write(tmp_path / "s.yaml")
    code, out, err = command(capsys, "robust", file, "--levers", "treasury.forces")
    assert code == 2 and not out and "choice of the ruler" in err


def test_what_a_search_does_not_do_is_no_option_of_it(tmp_path, capsys) -> None:
    """It computes many studies: a shard or a plan of one would be silently ignored."""
    file = write(tmp_path / "s.yaml")
    for words in (["--plan"], ["--shard", "1/2"], ["--engine", "ray"], ["--address", "a:1"]):
        code, out, err = command(capsys, "robust", file, *words)
        assert code == 2 and not out and "No such option" in err


def test_without_optuna_one_sentence_says_how_to_get_it(monkeypatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(th.Fault, match=r"pip install 'thermidor\[studies\]'"):
        search([PLANTED], lambda s: np.zeros(3), 4, 1)
