"""What stored pairs of futures say of a claim: by how much it holds in each, and what each assumed.

    h = s d - margin                                                                     (holds.1)

with d the difference of the outcome between the two sides of a pair (or from a number), and s = 1
where the test expects more, -1 where it expects less. The claim is held up by the mean of h: the
test passes, as far as the mean tells, where it lies above 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import polars as pl

from ... import wording as words
from ...execution.progress import Watch
from ...scenario.file.schema import Claim, Test
from ...scenario.scenario import Scenario
from ...study import costs
from ...study.claims import arm_of, column_kinds
from ...study.claims import claims as put_to_test
from ...study.plan import RunPlan
from ...study.results import Study
from ...study.verdicts import FEWEST, NOT_TESTABLE, Verdict, measured
from ...support.arrays import Array
from ...support.faults import Fault, near
from ...support.stopping import Stopped
from .ledgertable import LedgerTable, ledger_table


@dataclass(frozen=True)
class Evidence:
    """A claim, its verdict, and the pairs that it was told from.

    test: the one on which the verdict hangs.  holds: by how much it passes in each pair (holds.1),
    float64[pairs], in units of the outcome.  runs: numbers of the pairs.  ledger: what they
    assumed.  kind: of the outcome, as the verdict has it.  played: pairs that were played, of which
    some may have no outcome; as many as are told from if 0.
    """

    scenario: Scenario
    seed: int
    claim: Claim
    verdict: str
    test: Test
    holds: Array
    runs: tuple[int, ...]
    ledger: LedgerTable
    kind: str = "rest"
    margin: float = 0.0
    settle: int | None = None
    played: int = 0

    @property
    def mean(self) -> float:
        """By how much the test passes on average."""
        return float(self.holds.mean())

    @property
    def pairs(self) -> int:
        return len(self.holds)

    @property
    def seen(self) -> str:
        """What it is told from, in words: 200 pairs, or 126 of 200 futures."""
        one = "pair" if isinstance(self.test.against, str) else "future"
        if self.played > self.pairs:
            return f"{self.pairs:,} of {words.count(self.played, one)}"
        return words.count(self.pairs, one)

    def to_play(self, needed: float) -> float:
        """How many pairs must be played that so many can be told from."""
        return needed * max(self.played, self.pairs) / self.pairs


def arms(plan: RunPlan, claim: Claim) -> dict[str, Study]:
    """The stored futures of each side of a claim."""
    made = {name: arm_of(plan.scenario, claim, arm) for name, arm in claim.arms.items()}
    return {name: Study(plan.folder / "arms" / s.hash) for name, s in made.items()}


def claim_of(scenario: Scenario, name: str) -> Claim:
    """A claim by its id. Raises Fault if there is none, or no run can decide it."""
    known = {c.id: c for c in scenario.claims}
    if name not in known:
        has = f"it has {', '.join(known)}" if known else "it makes none; name an --argument"
        raise Fault(f"there is no claim '{name}' in {scenario.name}; {has}.{near(name, known)}")
    claim = known[name]
    if not claim.tests:
        why = claim.not_testable or "it has no test"
        raise Fault(f"no run can decide {name}: {why}.")
    return claim


def judged(plan: RunPlan, name: str, progress: Watch | None = None) -> Verdict:
    """The verdict on a claim, its pairs computed or read. Raises Stopped."""
    found = put_to_test(plan, only=[name], progress=progress)
    if found.status == "stopped":
        raise Stopped
    return found[name]


def differences(plan: RunPlan, claim: Claim, test: Test) -> tuple[Array, list[int]]:
    """The difference of a test's outcome in each stored pair, and the numbers of the pairs."""
    stored, n = arms(plan, claim), min(plan.runs, claim.runs or plan.runs)
    sides = [s for s in (test.of, test.against) if isinstance(s, str)]
    _, d, runs = measured(
        test,
        {s: stored[s].runs.filter(pl.col("run") < n) for s in sides},
        column_kinds(plan.scenario),
        tuple(costs.of_columns(plan.scenario.columns)),
        {s: stored[s].scan("series") for s in sides},
    )
    return d, runs["run"].to_list()


def evidence(plan: RunPlan, name: str, progress: Watch | None = None) -> Evidence:
    """The pairs of a claim, computed or read, and the test on which its verdict hangs: of those
    that failed the one that failed most, else the one that passes least, in standard errors.

    Raises Fault where there is nothing to weigh, Stopped if the user ended it.
    """
    claim = claim_of(plan.scenario, name)
    verdict = judged(plan, name, progress)
    if verdict.verdict == NOT_TESTABLE:
        raise Fault(f"{name} is not testable here: {verdict.reason}.")
    each = []
    for test, told in zip(claim.tests, verdict.tests, strict=True):
        d, runs = differences(plan, claim, test)
        sign, margin = (1.0 if test.expect == "above" else -1.0), told.margin or 0.0
        holds = sign * d - margin
        spread = float(holds.std()) / math.sqrt(max(1, len(holds)))
        each.append((holds.mean() / spread if spread else math.inf, test, told, holds, runs))
    _, test, told, holds, runs = min(each, key=lambda e: e[0])
    if len(holds) < FEWEST or np.ptp(holds) == 0:
        many = verdict.pairs_to_settle
        more = f"about {words.about(many)} pairs (--runs)" if many else "more --runs"
        raise Fault(
            f"{name} comes out alike in all {len(holds):,} pairs of futures ('{test.says}'), so no "
            f"assumption can be seen to move it; {more} may show pairs that differ."
        )
    return Evidence(
        plan.scenario,
        plan.seed,
        claim,
        verdict.verdict,
        test,
        holds,
        tuple(runs),
        ledger_table(plan.scenario, plan.seed, runs),
        told.kind,
        told.margin or 0.0,
        verdict.pairs_to_settle,
        min(plan.runs, claim.runs or plan.runs),
    )


def under(plan: RunPlan, found: Evidence, scenario: Scenario, progress: Watch | None) -> Array:
    """By how much the same test passes in fresh pairs of another scenario, against the same margin:
    float64[pairs].
    """
    other = plan.of(scenario, folder=plan.folder / "believed" / scenario.hash)
    judged(other, found.claim.id, progress)
    claim = claim_of(scenario, found.claim.id)
    test = claim.tests[found.claim.tests.index(found.test)]
    d, _ = differences(other, claim, test)
    return (1.0 if test.expect == "above" else -1.0) * d - found.margin
