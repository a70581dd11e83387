"""The rule by which a forecast is resolved: its claim, read of the world as it is read of a future.

A claim is a condition over columns of runs.parquet that can be observed: `peak_`, `low_`, `first_`
and `final_` of a daily series, costs to citizens, `survived` and `ending`. What was seen of a
series up to the last day stands for the series; its low and high ends are tried as well, and, where
the last week was not seen, that what came after was as large or as small as can be. Where these do
not agree the rule does not decide. Assumptions cannot be observed, nor can a mean over days
of which most were not seen.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from typing import NamedTuple

import polars as pl

from ...endings import ENDINGS
from ...expression.values import numbers
from ...study import exposure
from ...support.faults import Fault, near

IN_POWER = "in power"
ENDS = ("ending", "survived")
REDUCED = ("peak", "low", "first", "final")
RECENT = 7  # days before the last in which something must be seen, lest what came after may tell
FAR = 1e30  # as large as what was not seen may have been; a claim is no condition on infinity


class Point(NamedTuple):
    """What was seen of a series on a day of the futures."""

    series: str
    day: int
    low: float
    value: float
    high: float


class Rule(NamedTuple):
    """A claim with what must be seen to resolve it. reads: (column, how, series); `how` is one of
    REDUCED, or None for an ending.
    """

    claim: str
    reads: tuple[tuple[str, str | None, str], ...]

    @property
    def series(self) -> list[str]:
        """The series that must be seen."""
        return list(dict.fromkeys(s for _, how, s in self.reads if how))

    @property
    def needs_ending(self) -> bool:
        """Whether it must be known how the regime ended, or that it did not."""
        return any(how is None for _, how, _ in self.reads)


def rule(claim: str, series: Collection[str]) -> Rule:
    """The rule of a claim. Raises Fault where something in it cannot be observed.

    series: the daily series of the study.
    """
    known = [s for s in series if s not in ("run", "day")]
    reads: list[tuple[str, str | None, str]] = []
    faults: list[str] = []
    for name in exposure.named(claim):
        head, _, state = name.partition("_")
        if name in ENDS:
            reads.append((name, None, name))
        elif head in REDUCED and state in known:
            reads.append((name, head, state))
        elif name in known:
            reads.append((name, "final", name))
        elif "." in name:
            faults.append(f"the claim reads '{name}', an assumption, which nobody can observe.")
        elif head == "mean" and state in known:
            faults.append(f"the claim reads '{name}'; a mean needs every day seen; take peak_.")
        else:
            hint = near(name, [*known, *ENDS, *(f"{r}_{s}" for r in REDUCED for s in known)])
            faults.append(f"the claim reads '{name}', which cannot be observed.{hint}")
    if not reads and not faults:
        faults.append(f"the claim '{claim}' reads nothing that could be observed.")
    if faults:
        raise Fault(faults)
    return Rule(claim, tuple(reads))


def resolved(
    rule: Rule, points: Sequence[Point], last: int, ending: str | None = None
) -> tuple[bool | None, str]:
    """Whether the claim came true by the last day, or None with the reason why that is not decided.

    points: what was seen.  ending: how the regime stands or fell by then, one of ENDINGS.
    """
    if ending is not None and ending not in ENDINGS:
        raise Fault(
            f"there is no ending '{ending}'; endings: {', '.join(ENDINGS)}.{near(ending, ENDINGS)}"
        )
    if rule.needs_ending and ending is None:
        return None, f"the claim reads {ENDS[0]} or {ENDS[1]}; say how it stands with --ending"
    answers, later, unseen = [], [], ""
    for which in ("low", "value", "high"):
        row: dict[str, float | str | None] = {}
        after: dict[str, float | str | None] = {}  # as far as days that were not seen may take it
        for column, how, series in rule.reads:
            if how is None:
                row[column] = ending if column == "ending" else float(ending == IN_POWER)
                after[column] = row[column]
                continue
            mine = sorted(
                (p.day, float(getattr(p, which)))
                for p in points
                if p.series == series and 0 <= p.day <= last
            )
            if not mine:
                return None, f"nothing was seen of '{series}' up to the last day"
            early = mine[-1][0] < last - RECENT
            not_seen = f"nothing was seen of '{series}' in the {RECENT} days up to the last"
            if how == "final" and early:
                return None, not_seen
            values = [v for _, v in mine]
            first = next((float(d) for d, v in mine if v > 0), None)
            row[column] = {
                "peak": max(values),
                "low": min(values),
                "final": values[-1],
                "first": first,
            }[how]
            after[column] = row[column]
            if early:
                unseen = not_seen
                later_first = float(last) if first is None else first
                after[column] = {"peak": FAR, "low": -FAR, "first": later_first}[how]
        answers.append(_holds(rule.claim, row))
        later.append(_holds(rule.claim, after))
    if len(set(answers)) > 1:
        return None, "the ends of what may have been seen do not agree"
    if later != answers:
        return None, f"{unseen}, and what came then may turn it"
    return answers[1], ""


def _holds(claim: str, row: dict[str, float | str | None]) -> bool:
    table = pl.DataFrame({k: [v] for k, v in row.items()})
    kinds = {k: pl.Float64 for k, v in row.items() if v is None}
    x = float(numbers(claim, table.cast(kinds) if kinds else table)[0])  # type: ignore[arg-type]
    return not math.isnan(x) and x == 1.0


def of_future(rule: Rule, days: pl.DataFrame) -> list[Point]:
    """What would have been seen of a future, exactly and on every day. days: its rows of the
    series, with `day`.
    """
    return [
        Point(s, int(day), float(x), float(x), float(x))
        for s in rule.series
        for day, x in days.select("day", s).iter_rows()
    ]
