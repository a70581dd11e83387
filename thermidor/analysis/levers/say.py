"""A robust search as text for a terminal: the answer, then the finalists with their costs."""

from __future__ import annotations

from ... import wording as words
from ...terminal.console import console, escape, table
from .robust import Robust


def say_robust(found: Robust, again: str) -> None:
    """The sentence; finalists by regret and worst tenth; survival and costs to citizens beside; the
    command that gives it again.
    """
    out = console()
    out.print(f"\n[bold]{escape(found.sentence())}[/bold]\n")
    better = "high" if found.high_is_better else "low"
    out.print(f"{escape(found.outcome)} ({better} is better), {found.held_out:,} held-out futures:")
    alone = "alone best in, of 100"
    t = table("setting", "mean", "worst tenth", "regret", alone, "in power, of 100")
    for f in found.finalists:
        j = f.judged
        t.add_row(
            escape(f.name),
            words.two(j.mean.value),
            words.two(j.worst),
            f"{words.two(j.regret)} ({words.two(j.regret_90)})",
            words.hundred(j.best) if len(found.finalists) > 1 else "–",
            f"{words.hundred(f.survival.value)} ({words.span(f.survival.low, f.survival.high)})",
        )
    out.print(t)
    out.print("Regret: mean, and what nine of ten futures stay under.")
    if len(found.finalists) > 1:
        tie = f"in {words.hundred(found.alike)} of 100 futures several do equally well"
        out.print(f"Alone best: better than every other setting here; {tie}.")
    if not found.told:
        out.print("None of this tells a setting from the scenario as it is: see the sentence.")
    out.print()
    costs = table("mean cost to citizens", *(escape(f.name) for f in found.finalists))
    for c, called in found.called.items():
        if c in found.finalists[0].costs:
            costs.add_row(escape(called), *(words.number(f.costs[c]) for f in found.finalists))
    out.print(costs)
    out.print("Costs: over the days that the futures of all these settings lived.")
    for f in found.finalists:
        if f.set:
            each = ", ".join(f"{k} = {words.exact(v)}" for k, v in f.set.items())
            out.print(f"{escape(f.name)}: {escape(each)}")
    if found.failed:
        out.print(f"{words.count(found.failed, 'future')} failed in some setting and are left out.")
    out.print(f"All settings tried: {escape(found.folder / 'tried.parquet')}", soft_wrap=True)
    out.print(f"Again: {escape(again)}\n", soft_wrap=True)
