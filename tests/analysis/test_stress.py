"""The least change of belief, held against closed forms and planted truths."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import brentq

from tests.analysis.belief_planted import evidence, iran
from thermidor.analysis.belief.ledgertable import LedgerTable, prior_of
from thermidor.analysis.belief.stress import ONE, PAIR, believed, weighed
from thermidor.analysis.belief.tilt import tilt
from thermidor.wording import about

KEY, SECOND = "media.independent", "ruler.ideology"


def closed_form(key: str, target: float) -> float:
    """Bits of the exponential tilt of the ledger's triangle that brings its mean to `target`, by
    quadrature over parts of the way, 0 to 1.
    """
    a = iran().parameters[key]
    m = float(prior_of(a).part(np.array(float(a.value))))

    def density(x: float) -> float:
        return 2 * x / m if x < m else 2 * (1 - x) / (1 - m)

    def total(t: float, k: int) -> float:
        return quad(lambda x: x**k * density(x) * np.exp(t * x), 0, 1, points=[m])[0]

    t = brentq(lambda t: total(t, 1) / total(t, 0) - target, -200, 200)
    return float((t * target - np.log(total(t, 0))) / np.log(2))


def test_a_linear_outcome_has_its_closed_form() -> None:
    found = evidence(lambda ledger, _: ledger[KEY][:, 0] - 0.35, 2000)
    change = next(c for c in weighed(found).changes if c.kind == ONE and c.told)
    assert change.name == KEY and change.bits is not None and change.low and change.high
    exact = closed_form(KEY, 0.35)
    assert change.low <= exact <= change.high
    assert change.bits == pytest.approx(exact, rel=0.1)


def test_the_tilt_of_a_bell_is_its_closed_form() -> None:
    x = np.random.default_rng(1).normal(0.5, 1, 200_000)
    found = tilt(x)
    assert found is not None
    assert found.bits == pytest.approx(0.5**2 / 2 / np.log(2), rel=0.02)
    assert abs(float(found.weights @ x)) < 1e-6
    assert tilt(np.abs(x)) is None


def planted(ledger: LedgerTable, rng: np.random.Generator) -> np.ndarray:
    x, y = ledger[KEY][:, 0], ledger[SECOND][:, 0]
    return 0.1 + (x - x.mean()) + 0.6 * (y - y.mean()) + rng.normal(0, 0.3, len(x))


def test_the_planted_assumption_turns_with_least_and_a_pair_with_less() -> None:
    found = evidence(planted, 800)
    result = weighed(found)
    first = result.told[0]
    assert (first.kind, first.name) == (ONE, KEY)
    pair = next(c for c in result.changes if c.kind == PAIR)
    assert set(pair.keys) == {KEY, SECOND} and pair.bits is not None and first.bits is not None
    assert pair.bits < first.bits
    assert f"of belief about {KEY}" in result.sentence()
    row = believed(found, first)[KEY]
    a = iran().parameters[KEY]
    assert a.low <= row["low"] <= row["value"] <= row["high"] <= a.high
    assert (row["low"] + row["value"] + row["high"]) / 3 == pytest.approx(
        first.moved[0].after[0], abs=0.02
    )


def test_no_verdict_turns_on_what_one_pair_says() -> None:
    """Where the weighed pairs count as few and no fresh ones were played, it is not an answer."""
    result = weighed(evidence(planted, 800))
    bare = tuple(replace(c, effective=1.2) for c in result.changes)
    few = replace(result, changes=bare)
    assert result.turning and not few.turning and few.told
    assert "turns with" in result.sentence() and "they count as 1." in few.sentence()
    assert "Cannot tell with 800 pairs whether it turns" in few.sentence()
    assert "from 1 in effect" in few.picture() and "in effect" not in result.picture()
    played = tuple(replace(c, turned=True) for c in bare)
    assert replace(result, changes=played).turning


def test_pairs_without_the_outcome_are_counted_in_what_would_tell() -> None:
    found = evidence(lambda ledger, rng: 0.1 + rng.normal(0, 1, len(ledger[KEY])), 126)
    asked = replace(found, played=200)
    assert (found.seen, asked.seen) == ("126 pairs", "126 of 200 pairs")
    assert asked.to_play(341) == pytest.approx(341 * 200 / 126)
    assert about(asked.to_play(341)) == "550" and about(87) == "87" and about(1201) == "1,300"
    (needed, more) = (
        [c["needed"] for c in weighed(e).to_dict()["cannot_tell"] if c["needed"]]
        for e in (found, asked)
    )
    assert needed and np.ceil(np.array(needed) * 200 / 126).tolist() == more
    assert f"about {about(min(more))} would" in weighed(asked).sentence()


def test_a_claim_turned_round_turns_with_the_same_beliefs() -> None:
    """Whether it should lie above or below, and passes or fails, is of no account."""
    one = evidence(planted, 400)
    other = replace(one, holds=-one.holds, verdict="not supported")
    said = weighed(one).sentence()
    assert "supported; it turns with" in said
    assert weighed(other).sentence() == said.replace("supported", "not supported")


@pytest.mark.slow
def test_luck_overturns_nothing() -> None:
    false = 0
    for seed in range(1, 21):
        noise = evidence(lambda ledger, rng: 0.1 + rng.normal(0, 1, len(ledger[KEY])), 200, seed)
        result = weighed(noise)
        false += bool(result.told)
    assert false <= 4  # 5 of 100 on average; more than 4 of 20 by luck: 3 in 1,000
    assert "Cannot tell with 200 pairs" in result.sentence()


def test_what_moves_it_but_cannot_turn_it_is_said() -> None:
    def far(ledger: LedgerTable, rng: np.random.Generator) -> np.ndarray:
        return 5 + ledger[KEY][:, 0] + rng.normal(0, 0.05, len(ledger[KEY]))

    result = weighed(evidence(far, 200))
    assert not result.told and f"({KEY}) turns it" in result.sentence()
