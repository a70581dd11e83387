"""An update as text for a terminal: the answer, then prior beside posterior."""

from __future__ import annotations

from pathlib import Path

from ... import wording as words
from ...study.stats import Interval
from ...terminal.console import console, escape, table
from .update import Update


def say_update(found: Update, folder: Path, again: str) -> None:
    """The sentence; outcomes, endings and costs before and after; what moved; where it is kept, and
    the command that gives it again.
    """
    out = console()
    out.print(f"\n[bold]{escape(found.sentence())}[/bold]\n")
    t = table("of 100 futures, or mean", "before", f"stood on {found.as_of}", "after")
    for o in found.told:
        name = f"in power after {found.days:,} days" if o.outcome == "survived" else o.outcome
        sides = o[1:] if found.enough else o[1:-1]
        t.add_row(
            escape(name), *(_told(o.outcome, x) for x in sides), *([] if found.enough else "–")
        )
    for e, (before, after) in found.endings.items():
        if (before or after) and e != "in power":
            told = words.hundred(after) if found.enough else "–"
            t.add_row(f"  {escape(e)}", words.hundred(before), "", told)
    out.print(t)
    out.print()
    costs = table("what it costs citizens", "before (90 of 100)", "after (90 of 100)")
    for c in found.costs:
        told = _range(c.after) if found.enough else "–"
        costs.add_row(escape(c.called), _range(c.before), told)
    out.print(costs)
    out.print()
    for s in found.shifts:
        out.print(
            f"{escape(s.assumption)}: mean {words.two(s.before, 3)} before, "
            f"{words.two(s.after, 3)} after ({words.signed(s.moved)} standard deviations)."
        )
    if found.branches:
        out.print(f"Weights alone: effective sample {found.plain:.1f} of {found.futures:,}.")
    if found.failed:
        out.print(f"{words.count(found.failed, 'future')} failed and are left out.")
    out.print(
        f"{found.stood:,} of {found.futures:,} futures were still in power on {found.as_of}. "
        f"Weights: {escape(folder)}",
        soft_wrap=True,
    )
    out.print(f"Again: {escape(again)}\n", soft_wrap=True)


def _told(outcome: str, x: Interval) -> str:
    if outcome == "survived":
        return f"{words.hundred(x.value)} ({words.span(x.low, x.high)})"
    return f"{words.two(x.value, 3)} ({words.between(x.low, x.high)})"


def _range(x: tuple[float, float, float]) -> str:
    middle, low, high = (words.number(v) for v in x)
    return f"{middle} ({low} to {high})"
