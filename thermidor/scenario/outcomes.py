"""What claims may name: the outcomes of a future, the arms that are compared, and the sentences for
what does not fit.

An outcome is an expression over the columns of runs.parquet, such as `survived`, `killed_protest +
executed`,
`peak_turnout_country > 0.01` or `coalesce(first_deals, 9999)`. docs/expressions.md tells the
language.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ..engine.run import REDUCERS
from ..engine.wiring import Wiring
from ..expression.check import (
    CONDITION,
    FLAG,
    NUMBER,
    TEXT,
    condition_faults,
    kind_of,
    outcome_faults,
)
from ..expression.parser import parse
from ..expression.tree import columns as tree_columns
from ..support.faults import Fault, closest, near
from .assumption import Assumption
from .described import Column
from .file.schema import Claim, Test

_SHOWN = 60
ANY_DAY = ("run", "ending", "day", "survived")  # what is known of a future on any day
INSTEAD = {k: f" Give the arm itself '{k}'." for k in ("days", "switched_off")}


def value_kinds(columns: Iterable[Column]) -> dict[str, str]:
    """What each column is to an expression: a number, a number of 0 and 1, or a text."""
    return {c.name: {"text": TEXT, "flag": FLAG}.get(c.kind, NUMBER) for c in columns}


def column_faults(columns: Iterable[Column]) -> list[str]:
    """Columns that two states, or two members of one, would share."""
    seen: dict[str, str] = {}
    faults = []
    for c in columns:
        if c.name in seen:
            faults.append(
                f"the results would have two columns '{c.name}' ({seen[c.name]}; "
                f"{c.says}); rename one of the fronts or states."
            )
        seen[c.name] = c.says
    return faults


def expression_faults(text: str, known: Mapping[str, str], condition: bool = False) -> list[str]:
    """What is wrong with an outcome, or with a condition, over columns of these kinds."""
    try:
        tree = parse(text)
        faults = condition_faults(tree, known) if condition else outcome_faults(tree, known)
    except Fault as e:
        faults = e.faults
    what = "condition" if condition else "outcome"
    return [f"has the {what} '{_short(text)}': {f}" for f in faults]


def _short(text: str) -> str:
    """A text of the file as a sentence may show it."""
    text = text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."
    return "".join(c if c.isprintable() else " " for c in text)


def claim_faults(
    claim: Claim,
    known: Mapping[str, str],
    parameters: Mapping[str, Assumption],
    wiring: Wiring,
    since: int = 0,
) -> list[str]:
    """What is wrong with a claim: what its arms name, and its tests. What arms hold: mentions.py.

    known: kind of each column (`value_kinds`).  since: day from which the file's choices hold.
    """
    faults = []
    if not claim.tests and claim.not_testable is None:
        faults.append("has neither a test nor a reason why it cannot be tested ('not_testable').")
    if claim.tests and not claim.arms:
        faults.append("has tests but no arms to compare.")
    names = [m.name for m in wiring.mechanisms]
    for name, arm in claim.arms.items():
        days = arm.days or claim.days
        if days is not None and days <= since:
            faults.append(
                f"has {days} days in arm '{name}', and choices_from lies {since} days "
                "after the start; give more."
            )
        faults += [
            f"sets '{key}' in arm '{name}', which is no parameter here."
            f"{INSTEAD.get(key) or closest(key, list(parameters))}"
            for key in arm.set
            if key not in parameters
        ]
        faults += [
            f"switches off '{m}' in arm '{name}', which is no mechanism here.{near(m, names)}"
            for m in arm.switched_off
            if m not in names
        ]
    for test in (*claim.tests, *claim.also):
        faults += _test_faults(test, list(claim.arms), known)
    return faults


def _days_faults(test: Test, known: Mapping[str, str]) -> Iterable[str]:
    """What is wrong with the days on which a test reads its outcome."""
    if test.exposure is not None and not isinstance(test.against, str):
        yield (
            f"has exposure = '{test.exposure}' in a test against a number, which has no pairs; "
            "leave it out."
        )
    if test.days is None and test.exposure != "equal":
        return
    states = {c.removeprefix("final_") for c in known if c.startswith("final_")}
    daily = states | {f"{reducer}_{s}" for reducer in REDUCERS for s in states} | set(ANY_DAY)
    read = (test.outcome, test.given if test.days is not None else None)
    for name in dict.fromkeys(n for text in read for n in _named(text)):
        if name in known and name not in daily and "." not in name:
            yield (
                f"is cut to some days by 'days' or 'exposure: equal', and '{name}' is recorded on "
                "the last day only."
            )


def _named(text: str | None) -> list[str]:
    """Columns that an expression reads; none of one that cannot be parsed, which is told apart."""
    try:
        return [c.name for c in tree_columns(parse(text))] if text else []
    except Fault:
        return []


def side_faults(test: Test, arms: Sequence[str]) -> list[str]:
    """What is wrong with the two sides of a test, whatever its outcome."""
    faults = [
        f"compares arm '{side}', which it does not define; arms: {', '.join(arms) or 'none'}."
        f"{near(side, arms)}"
        for side in (test.of, test.against)
        if isinstance(side, str) and side not in arms
    ]
    if test.against == test.of:
        faults.append(f"compares arm '{test.of}' with itself; name another arm, or a number.")
    if test.margin == 0:
        faults.append(
            "has margin = 0, by which any difference, however small, would count; give "
            "the smallest that matters, or leave it out (1 of 100 for shares, a factor "
            "of 1.05 for logarithms, 5 % of the other side for the rest)."
        )
    return faults


def _test_faults(test: Test, arms: Sequence[str], known: Mapping[str, str]) -> list[str]:
    faults = side_faults(test, arms)
    given = {"against": test.against, "margin": test.margin}
    numbers = {word: x for word, x in given.items() if isinstance(x, (int, float))}
    wrong = expression_faults(test.outcome, known)
    if not wrong and kind_of(parse(test.outcome), known, []) in (CONDITION, FLAG):
        faults += [
            f"has {word} = {x:g} for '{_short(test.outcome)}', whose mean is a share from 0 "
            f"to 1; {x:g} of 100 is {x / 100:g}."
            for word, x in numbers.items()
            if abs(x) > 1
        ]
    faults += _days_faults(test, known)
    if test.given is not None:
        wrong += expression_faults(test.given, known, condition=True)
    return faults + wrong
