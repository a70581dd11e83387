"""Results as text for a terminal: the answer of a run, verdicts on claims, a comparison."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import words
from ..scenario import Scenario
from ..schema import BaseRate
from ..sources import from_memory
from ..study.results import COSTS, Results
from ..terminal.console import Paper, escape
from ..terminal.console import console as _console
from ..terminal.console import table as _table

IN_SHORT = ("killed_protest", "executed", "killed_strikes", "arrested", "exiled")
OUTCOMES = COSTS | {"survived": "still in power", "final_coup_risk": "chance of a coup", "peak_turnout_country": "largest turnout"}
NOT_SCORED = "Not yet scored against history: read this as a comparison of mechanisms, not as a forecast."
AUTHOR = "the scenario's author"
SCORED = "Read this as a comparison of mechanisms, not as a forecast. Against history (thermidor validate):"


def _history(out: Paper) -> None:
    """How far the model has been held against the past: a line, or the first line of the score board."""
    from ..past import load_board
    from .board import lines
    board = load_board()
    out.print(f"[italic]{NOT_SCORED if board is None else f'{SCORED} {lines(board)[0]}'}[/italic]\n")


def say_run(results: Results, scenario: Scenario | None = None) -> None:
    """The answer of a run."""
    out, s = _console(), results.summary()
    if not s["finished"]:
        out.print(f"\n[bold]{escape(results.answer())}[/bold]\n")
        return
    out.print(f"\n[bold]{escape(results.answer())}[/bold]")
    if scenario and scenario.file.base_rates:
        _base_rates(out, scenario.file.base_rates)
    _history(out)
    ends = _table("how it ends", "futures", "of 100")
    for e, n in s["endings"].items():
        ends.add_row(escape(e), f"{n:,}", words.hundred(n / s["finished"]))
    out.print(ends)
    out.print()
    costs = _table("what it costs citizens", "median", "90 of 100 futures")
    for c, v in s["costs"].items():
        costs.add_row(COSTS[c], words.number(v["median"]),
                      f"{words.number(v['low'])} to {words.number(v['high'])}")
    out.print(costs)
    out.print()
    carried = [c for c in s["carried_by"] if c["beyond_luck"]]
    if carried:
        each = ", ".join(f"{escape(c['assumption'])} ({c['correlation']:+.2f})" for c in carried)
        out.print(f"Survival goes with: {each}.")
    if s["failed"]:
        out.print(f"{s['failed']} futures failed; their reasons are in runs.parquet.")
    pace = s["agent_days_per_second"]
    rate = f", {words.number(pace)} agent-days a second" if pace else ""
    out.print(f"{s['agents']:,} agents, {s['seconds']:.1f} s{rate}.")
    # a path is one line, to be copied
    out.print(f"Results and report: {escape(s['out'])}\n", soft_wrap=True)


def _base_rates(out: Paper, rates: Sequence[BaseRate]) -> None:
    """What the answer stands beside: how often several classes of regimes ended."""
    table = _table("for comparison", "ended, of 100\n(95 % interval)", "cases")
    table.padding = (0, 1)
    for c in table.columns[1:]:
        c.no_wrap = True
    for b in rates:
        known = b.low is not None and b.high is not None
        spread = f" ({100 * b.low:.1f} to {100 * b.high:.1f})" if known else ""
        rests = from_memory(b.source, b.rows)
        cases = "" if b.n is None else f"{b.n:,}" if b.ended is None else f"{b.ended:,} of {b.n:,}"
        says = escape(b.says) + (f"; {rests}" if rests else "")
        table.add_row(says, f"{100 * b.rate:.1f}{spread}", cases)
    out.print(table)


def say_claims(found: list[dict[str, Any]], claims_of: str | None = None) -> None:
    """The verdicts on claims, and whose claims they are."""
    out = _console()
    out.print(f"\n[italic]Claims of {escape(claims_of or AUTHOR)}: an argument under test, not evidence.[/italic]")
    for c in found:
        reason = f" ({escape(c['reason'])})" if c.get("reason") else ""
        out.print(f"\n[bold]{c['id']}  {escape(c['sentence'])}[/bold]\n  Verdict: [bold]{c['verdict']}[/bold]{reason}")
        for t in (*c["tests"], *c["also"]):
            e = t["effect"]
            mark = t["verdict"] if t in c["tests"] else "beside"
            out.print(f"  - {escape(t['says'])}: {e['mean']:+.3g} ({e['low']:+.3g} to {e['high']:+.3g}), {t['pairs']} pairs; {mark}"
                      + (f", {t['pairs_to_settle']:,} pairs would settle it" if t["verdict"] == "inconclusive" and t["pairs_to_settle"] else ""))
        for name, costs in c["costs"].items():
            shown = ", ".join(f"{COSTS[k]} {words.number(costs[k]['mean'])}" for k in IN_SHORT if k in costs)
            out.print(f"    {escape(name)}: {shown}")
        if c.get("likelihood"):
            out.print(f"  {c['likelihood']}\n  {c['confidence']}")
        if c.get("note"):
            out.print(f"  [dim]{escape(c['note'])}[/dim]")
    out.print()
    _history(out)


def say_compare(found: dict[str, Any]) -> None:
    """The two sides of a comparison."""
    out = _console()
    out.print(f"\n[bold]{escape(' '.join(found.get('patch', [])))}[/bold] against the scenario as it is, on the same luck\n")
    table = _table("outcome", "with\nwithout", "effect\n(95 of 100)", "pairs: higher,\nlower, same")
    table.padding = (0, 1)
    for c in table.columns[1:]:
        c.no_wrap = out.width >= 80
    for r in found["effects"]:
        mean, low, high = (f"{'+' if x >= 0 else ''}{words.number(x)}" for x in r["effect"].values())
        table.add_row(OUTCOMES.get(r["outcome"], r["outcome"]), f"{words.number(r['with']['mean'])}\n{words.number(r['without']['mean'])}",
                      f"{mean}\n({low} to {high})", f"{r['higher']}, {r['lower']}, {r['same']}")
    out.print(table)


def say_verdicts(found: list[dict[str, Any]]) -> None:
    """One line a claim: its verdict, and the first number with its interval and its pairs."""
    out, shown = _console(), _table("claim", "verdict", "first number (95 of 100)", "pairs")
    shown.columns[0].no_wrap, shown.columns[1].justify = True, "left"
    for c in found:
        e = c["number"]
        size = "" if e is None else f"{e['mean']:+.3g} ({e['low']:+.3g} to {e['high']:+.3g})"
        pairs = f"{c['tests'][0]['pairs']:,}" if c["tests"] else ""
        shown.add_row(escape(c["id"]), escape(c["verdict"]), size, pairs)
    out.print(shown)
    out.print()
