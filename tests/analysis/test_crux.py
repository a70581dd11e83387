"""Where two people disagree, with the assumption that parts them planted over the real ledger."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from tests.analysis.belief_planted import iran
from thermidor.analysis.belief.apart import apart
from thermidor.analysis.belief.crux import MOST_GIVEN, Crux, spread
from thermidor.analysis.belief.ledgertable import prior_of
from thermidor.analysis.belief.mixed import Mixed, mixed, weights
from thermidor.analysis.belief.shares import Given, closed, gap
from thermidor.chance.draws import uniforms
from thermidor.scenario.argument.observable import OBSERVABLE, observable
from thermidor.scenario.described import tables
from thermidor.scenario.load import combined
from thermidor.scenario.sheets import WHO
from thermidor.support.faults import Fault

CRUX = "media.independent"
STRENGTH = {  # of each assumption on the planted outcome; the last three do next to nothing
    CRUX: 0.55,
    "ruler.ideology": 0.3,
    "media.trust": -0.25,
    "media.exposure": 0.02,
    "ruler.alarm": 0.0,
    "media.staff": 0.0,
}


def believing(path: Path, part: float) -> Path:
    """A file that puts each of these assumptions at a part of its way, within a fifth of it."""
    rows = []
    for key, strength in STRENGTH.items():
        a = iran().parameters[key]
        at = part if strength >= 0 else 1 - part
        low, value, high = prior_of(a).at(np.array([at - 0.1, at, at + 0.1])).tolist()
        rows.append(f"  {key}: {{value: {value}, low: {low}, high: {high}, why: planted}}")
    head = f"beliefs: 1\nholder: {path.stem}\ndate: 2025-06-01\nassumptions:\n"
    path.write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Mixed:
    folder = tmp_path_factory.mktemp("two")
    files = [believing(folder / f"{k}.yaml", p) for k, p in (("her", 0.2), ("him", 0.8))]
    return mixed(*files, lambda path: combined(iran(), [], path), folder / "mixed")


class Planted:
    """A flag that is so with a chance that the assumptions set; luck is shared by all sets.

    What is assumed is drawn as scenarios draw it, but only of what counts.
    """

    def __init__(self, two: Mixed, futures: int, seed: int = 1, **strength: float):
        self.two, self.runs, self.seed = two, range(futures), seed
        self.strength = STRENGTH | {CRUX: strength.get("crux", STRENGTH[CRUX])}
        self.made: dict[Given, np.ndarray] = {}

    def flags(self, given: Given) -> np.ndarray:
        if given not in self.made:
            believed = self.two.scenario(given).parameters
            chance = np.full(len(self.runs), 0.35)
            for key, strength in self.strength.items():
                u = uniforms(self.seed, self.runs, WHO, [key])[:, 0]
                x = prior_of(believed[key]).quantile(u)
                chance += strength * (prior_of(iran().parameters[key]).part(x) - 0.4)
            luck = np.random.default_rng(self.seed).uniform(size=len(self.runs))
            self.made[given] = np.asarray(luck < chance, np.float64)
        return self.made[given]

    def value(self, part: slice):
        return lambda given: dict(zip(self.runs[part], self.flags(given)[part], strict=True))


def first_named(two: Mixed, blocks: int, futures: int, **strength: float) -> tuple[int, int, int]:
    """Of some blocks of futures: those that name the planted crux, another, and cannot tell."""
    planted = Planted(two, blocks * futures, **strength)
    right = wrong = open_ = 0
    for k in range(blocks):
        found = gap(planted.value(slice(k * futures, (k + 1) * futures)), two.keys)
        if not found.named:
            open_ += 1
        elif found.shares[0].key == CRUX:
            right += 1
        else:
            wrong += 1
    return right, wrong, open_


def test_the_planted_crux_is_named_first(two: Mixed) -> None:
    right, wrong, open_ = first_named(two, 8, 400)
    assert right >= 7 and wrong == 0 and open_ <= 1


def test_few_futures_cannot_tell(two: Mixed) -> None:
    right, wrong, open_ = first_named(two, 20, 60, crux=0.35)
    assert wrong <= 1 and open_ > right


@pytest.mark.slow
def test_the_planted_crux_is_named_first_in_95_of_100(two: Mixed) -> None:
    right, wrong, _ = first_named(two, 100, 400)
    assert right >= 95 and wrong == 0


def test_giving_the_three_beliefs_that_matter_closes_the_gap(two: Mixed) -> None:
    found = gap(Planted(two, 800).value(slice(None)), two.keys)
    given = frozenset(s.key for s in found.shares[:MOST_GIVEN] if s.told)
    assert given == {CRUX, "ruler.ideology", "media.trust"} and found.differs
    fresh = Planted(two, 800, seed=2)
    part = closed(*(fresh.flags(g) for g in (frozenset(), given, frozenset(two.keys))))
    assert part.value >= 0.8 and part.low > 0.8 and part.high < 1.2


def test_shares_and_what_comes_of_three_together_make_up_the_gap() -> None:
    """v = 2 a + b c: half of what b and c do together goes to each, as by Shapley."""
    worth = {"a": 2.0, "b": 1.0, "c": 1.0}

    def value(given: Given) -> dict[int, float]:
        on = {k: float(k in given) * v for k, v in worth.items()}
        return {r: on["a"] + on["b"] * on["c"] + 0.1 * r for r in range(5)}

    found = gap(value, list(worth))
    assert {s.key: round(s.share.value, 9) for s in found.shares} == {"a": 2, "b": 0.5, "c": 0.5}
    assert found.together.value == pytest.approx(0) and found.gap.value == pytest.approx(3)
    assert found.named and found.shares[0].key == "a"


def test_beliefs_that_make_up_for_each_other_are_told() -> None:
    """Two people may give the same answer for opposite reasons."""

    def value(given: Given) -> dict[int, float]:
        jitter = np.random.default_rng(1).normal(0, 0.1, 200)
        mean = 0.3 * ("crowds" in given) - 0.3 * ("forces" in given)
        return dict(enumerate((mean + jitter * (1 + len(given))).tolist()))

    told = Crux(
        "C1", "it lasts", "flag", ("a firm man", "a doubter"), gap(value, ["crowds", "forces"]),
        "futures of their own", None, (), None, None, 30, "2025-06-16",
    )  # fmt: skip
    assert not told.gap.differs and told.sentence().startswith("Cannot tell with 200 pairs whether")
    (said,) = [x for x in told.more() if "make up for each other" in x]
    assert "forces by -3" in said and "crowds by +" in said
    assert "000 of 100" not in told.picture() and "-30." in told.picture()


def test_weighed_futures_answer_as_those_of_the_belief(tmp_path: Path) -> None:
    a = iran().parameters[CRUX]
    low, value, high = prior_of(a).at(np.array([0.0, 0.75, 1.0])).tolist()
    path = tmp_path / "her.yaml"
    path.write_text(
        "beliefs: 1\nholder: her\ndate: 2025-06-01\nassumptions:\n"
        f"  {CRUX}: {{value: {value}, low: {low}, high: {high}, why: planted}}\n"
    )
    other = combined(iran(), [], path)
    runs = list(range(2000))
    w = weights(iran(), other, 1, runs)
    assert w is not None

    def x(s):
        sheets = s.draw_many(1, runs)
        return prior_of(a).part(sheets.now[:, sheets.form.keys.index(CRUX)])

    told = spread(x(iran()), w)
    error = told.std() / np.sqrt(len(told))
    assert abs(told.mean() - x(other).mean()) < 4 * error < 0.05
    assert w.mean() == pytest.approx(1, abs=0.05)


def test_what_no_weights_reach_is_played(two: Mixed) -> None:
    key = iran().fitted[0]
    fitted = iran().patched({key: iran().parameters[key].value})
    assert weights(iran(), fitted, 1, [0, 1]) is None
    assert weights(two.scenario(()), iran(), 1, [0, 1]) is None  # beyond the range of the base


def test_the_observation_that_tells_them_apart_is_found() -> None:
    rng, n = np.random.default_rng(1), 120
    days = np.repeat(np.arange(31), n)

    def series(shift: float) -> pl.LazyFrame:
        late = shift * (days >= 15)
        noise = {k: rng.normal(size=len(days)) for k in sorted(OBSERVABLE - {"wages"})}
        inside = {"expected_strength": rng.normal(3 * late)}  # what nobody outside can look at
        told = {"run": np.tile(np.arange(n), 31), "day": days, "wages": rng.normal(late)}
        return pl.LazyFrame(inside | told | noise)

    found = apart(series(0.0), series(1.5), 30)
    assert found and found.series == "wages" and found.day >= 15 and found.told
    assert found.higher.low < 0.855 < found.higher.high  # P(N(1.5, 1) > N(0, 1))
    alike = apart(series(0.0), series(0.0), 30)
    assert alike and not alike.told
    unseen = [x.select("run", "day", "expected_strength") for x in (series(0.0), series(1.5))]
    assert apart(*unseen, 30) is None


def test_what_can_be_seen_are_daily_series_and_none_of_what_only_insiders_know() -> None:
    known = [c.name for c in tables(iran().columns) if c.table == "series"]
    assert set(known) >= OBSERVABLE
    inside = {"expected_strength", "opposition", "confidence", "refusing", "strength", "home"}
    assert not OBSERVABLE & inside and inside <= set(known)
    assert observable(["strength", "wages", "run", "leaks"]) == ["wages", "leaks"]


def test_files_that_cannot_disagree_are_refused(two: Mixed, tmp_path: Path) -> None:
    def build(path: Path | None):
        return combined(iran(), [], path)

    same = believing(tmp_path / "same.yaml", 0.2)
    with pytest.raises(Fault, match="believe the same of iran-2025"):
        mixed(same, same, build, tmp_path)
    bad = tmp_path / "bad.yaml"
    bad.write_text(same.read_text().replace("media.trust", "media.trusst"))
    with pytest.raises(Fault) as e:
        mixed(bad, tmp_path / "none.yaml", build, tmp_path)
    assert "media.trust" in str(e.value) and "none.yaml" in str(e.value)
