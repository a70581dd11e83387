"""Results as text for a terminal. Colour is Rich's to give and to leave out."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from .. import words
from ..scenario import Scenario
from ..schema import BaseRate
from ..sources import from_memory
from ..study.results import COSTS, Results
from .units import unit_words

IN_SHORT = ("killed_protest", "executed", "killed_strikes", "arrested", "exiled")
OUTCOMES = COSTS | {"survived": "still in power", "final_coup_risk": "chance of a coup", "peak_turnout_country": "largest turnout"}
NOT_SCORED = "Not yet scored against history: read this as a comparison of mechanisms, not as a forecast."
AUTHOR = "the scenario's author"
SCORED = "Read this as a comparison of mechanisms, not as a forecast. Against history (thermidor validate):"


def _console() -> Console:
    return Console(highlight=False, width=None, soft_wrap=False)


def _table(*columns: str) -> Table:
    table = Table(box=None, padding=(0, 2), header_style="dim")
    for k, c in enumerate(columns):
        table.add_column(c, justify="left" if k == 0 else "right")
    return table


def _history(out: Console) -> None:
    """How far the model has been held against the past: a line, or the first line of the score board."""
    from ..past import load_board
    from .board import lines
    board = load_board()
    out.print(f"[italic]{NOT_SCORED if board is None else f'{SCORED} {lines(board)[0]}'}[/italic]\n")


def say_run(results: Results, scenario: Scenario | None = None) -> None:
    """The answer of a run."""
    out, s = _console(), results.summary()
    if not s["finished"]:
        out.print(f"None of {s['runs']} futures could be finished; the first reason: {results.runs['reason'][0]}")
        return
    out.print(f"\n[bold]{escape(results.answer())}[/bold]")
    if scenario and scenario.file.base_rates:
        _base_rates(out, scenario.file.base_rates)
    _history(out)
    table = _table("how it ends", "futures", "of 100")
    for e, n in s["endings"].items():
        table.add_row(e, f"{n:,}", words.hundred(n / s["finished"]))
    out.print(table)
    table = _table("what it costs citizens", "median", "90 of 100 futures")
    for c, v in s["costs"].items():
        table.add_row(COSTS[c], words.number(v["median"]), f"{words.number(v['low'])} to {words.number(v['high'])}")
    out.print(table)
    carried = [c for c in s["carried_by"] if c["beyond_luck"]]
    if carried:
        out.print("Survival goes with: " + ", ".join(f"{c['assumption']} ({c['correlation']:+.2f})" for c in carried) + ".")
    if s["failed"]:
        out.print(f"{s['failed']} futures failed; their reasons are in runs.parquet.")
    rate = f", {words.number(s['agent_days_per_second'])} agent-days a second" if s["agent_days_per_second"] else ""
    out.print(f"{s['agents']:,} agents, {s['seconds']:.1f} s{rate}.\nResults and report: {s['out']}\n", soft_wrap=True)


def _base_rates(out: Console, rates: Sequence[BaseRate]) -> None:
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
        c.no_wrap = True
    for r in found["effects"]:
        mean, low, high = (f"{'+' if x >= 0 else ''}{words.number(x)}" for x in r["effect"].values())
        table.add_row(OUTCOMES.get(r["outcome"], r["outcome"]), f"{words.number(r['with']['mean'])}\n{words.number(r['without']['mean'])}",
                      f"{mean}\n({low} to {high})", f"{r['higher']}, {r['lower']}, {r['same']}")
    out.print(table)


def _learnt(r: dict[str, Any]) -> str:
    """What past uprisings say of a parameter, under its range."""
    q = r.get("posterior")
    return "\n  fitted " + " to ".join(_value(float(f"{q[k]:.3g}")) for k in ("q10", "q90")) if q else ""


def say_explain(told: dict[str, Any], only: str | None) -> None:
    """What a scenario rests on."""
    out = _console()
    if only:
        m = next(m for m in told["mechanisms"] if m["name"] == only)
        out.print(f"\n{m['equations']}\n", markup=False)
        table = _table("parameter", "value", "range", "unit", "grade", "source")
        for r in m["parameters"]:
            rests = f"\n  table: {r['rests_on']}" if r["rests_on"] else ""
            table.add_row(f"{r['key'].split('.')[1]}\n  {r['says']}", _value(r["value"]),
                          _range(r) + _learnt(r), unit_words(r["unit"]), r["grade"], (r["source"] or "") + rests)
        out.print(table)
        return
    out.print(f"\n[bold]{escape(told['title'])}[/bold]\nfrom {told['start']}, {told['days']} days\n")
    table = Table(box=None, padding=(0, 2), show_header=False)
    for m in told["mechanisms"]:
        table.add_row(f"[bold]{m['name']}[/bold]", escape(m["says"]))
    out.print(table)
    out.print("\nWho reads whom (--) and speaks to whom (==):\n")
    out.print(told["wiring"], markup=False)
    grades: dict[str, int] = {}
    for r in told["ledger"]:
        if r["role"] == "assumption":
            grades[r["grade"]] = grades.get(r["grade"], 0) + 1
    learnt = sum(bool(r["posterior"]) for r in told["ledger"])
    if learnt:
        out.print(f"\n{learnt} assumptions that all countries share are drawn from what past uprisings say of them (thermidor validate).")
    out.print("\nAssumptions by grade: " + ", ".join(f"{n} {g}" for g, n in grades.items()) + ".")
    out.print(f"Choices that actors make: {sum(r['role'] == 'choice' for r in told['ledger'])}.")
    if told["sources"]:
        out.print("Tables of the project that are cited:")
    for key, table in told["sources"].items():
        out.print(f"  {key}: {', '.join(table['files'])}; {table['says']}", markup=False)
    if told["parts"]:
        out.print(f"\nParts of the system, in the words of {escape(told['claims_of'] or AUTHOR)}:")
    for part in told["parts"]:
        out.print(f"  {part['id']:4} {part['says']}", markup=False)
    out.print("\nLeft out:")
    for x in told["left_out"]:
        out.print(f"  - {x}", markup=False)
    out.print("\nOne mechanism in full: thermidor explain " + told["scenario"] + " --only citizens; everything: --json\n")


def say_published(told: dict[str, Any]) -> None:
    """The checks of the published models, and the functions that each model exercises."""
    out = Console(highlight=False, width=None if Console().is_terminal else 170)
    table = Table(box=None, padding=(0, 1), header_style="dim")
    for c in ("model", "quantity", "expected", "got", "tolerance", "pass", "source"):
        table.add_column(c, justify="right" if c in ("expected", "got", "tolerance") else "left", no_wrap=c != "quantity")
    before = None
    for r in told["checks"]:
        got = "none" if r["got"] is None else f"{r['got']:.6g}"
        table.add_row("" if r["model"] == before else r["model"], escape(r["quantity"]) + (f" [dim]({r['test']})[/dim]" if r["test"] else ""),
                      f"{r['expected']:.6g}", got, "exact" if r["tolerance"] == 0 else f"{r['tolerance']:.2g}",
                      "yes" if r["passed"] else "[bold red]NO[/bold red]", escape(r["source"]))
        before = r["model"]
    out.print(table)
    for name in told["models"]:
        used = sorted({f for r in told["checks"] if r["model"] == name for f in r["exercises"]})
        out.print(f"[dim]{name} exercises {', '.join(used)}[/dim]")
    out.print(f"\n{told['within']} of {told['quantities']} within tolerance")


def _value(x: Any) -> str:
    return x if isinstance(x, str) else f"{x:g}"


def _range(r: dict[str, Any]) -> str:
    return ", ".join(r["drawn_from"]) if r["drawn_from"] else f"{r['low']:g} to {r['high']:g}"
