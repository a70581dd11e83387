"""Results as text for a terminal. Colour is Rich's to give and to leave out."""
from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from .. import words
from ..scenario import Scenario
from ..study.claims import summary
from ..study.results import COSTS, Results

IN_SHORT = ("killed_protest", "executed", "killed_strikes", "arrested", "exiled")
OUTCOMES = COSTS | {"survived": "still in power", "final_coup_risk": "chance of a coup", "peak_turnout_country": "largest turnout"}
NOT_SCORED = "Not yet scored against history: read this as a comparison of mechanisms, not as a forecast."
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
    for b in (scenario.file.base_rates if scenario else []):
        spread = f" ({words.hundred(b.low)} to {words.hundred(b.high)})" if b.low is not None and b.high is not None else ""
        out.print(f"For comparison: {escape(b.says)}: {words.hundred(b.rate)} of 100{spread}.")
    _history(out)
    few = s["finished"] < 100  # a count of so few is not blown up to 100
    table = _table("how it ends", "futures", *([] if few else ["of 100"]))
    for e, n in s["endings"].items():
        part = words.hundred(n / s["finished"])
        table.add_row(e, *([f"{n} of {s['finished']}"] if few else [f"{n:,}", part]))
    out.print(table)
    middle = "middle 90 %" if few else "90 of 100 futures"
    table = _table("what it costs citizens", "median", middle)
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


def say_claims(found: list[dict[str, Any]]) -> None:
    """The verdicts on claims, and a line for each at the end."""
    out = _console()
    for c in found:
        reason = f" ({escape(c['reason'])})" if c.get("reason") else ""
        out.print(f"\n[bold]{c['id']}  {escape(c['sentence'])}[/bold]\n  Verdict: [bold]{c['verdict']}[/bold]{reason}")
        for t in (*c["tests"], *c["also"]):
            out.print(f"  - {escape(t['says'])}: {escape(_told(t, beside=t not in c['tests']))}")
        for name, costs in c["costs"].items():
            shown = ", ".join(f"{COSTS[k]} {words.number(costs[k]['mean'])}" for k in IN_SHORT if k in costs)
            failed = c["futures"][name]["failed"]
            more = f" ({failed} futures failed)" if failed else ""
            out.print(f"    {escape(name)}: {shown}{more}")
        if c.get("likelihood"):
            out.print(f"  {c['likelihood']}\n  {c['confidence']}")
        if c.get("note"):
            out.print(f"  [dim]{escape(c['note'])}[/dim]")
    out.print()
    table = _table("claim", "verdict", "effect of its first test", "pairs")
    table.columns[1].justify = "left"
    for row in summary(found):
        size = sized(row, row["kind"], row["verdict"])
        table.add_row(row["id"], row["verdict"], size, f"{row['pairs']:,}")
    out.print(table)
    _history(out)


def _told(t: dict[str, Any], beside: bool) -> str:
    """A test in a line: its effect, what it had to pass, what it was told from, and the verdict."""
    verdict = f"beside ({t['verdict']})" if beside else t["verdict"]
    if t["verdict"] == "not testable":
        return f"{verdict}: {t['reason']}"
    scale, unit = (100, " of 100") if t["kind"] in ("flag", "share") else (1, "")
    bits = [sized(t["effect"], t["kind"]), _from(t),
            f"margin {scale * t['margin']:.3g}{unit} ({t['margin_from']})", verdict]
    if t["reason"]:
        bits.append(t["reason"])
    elif t["failed"]:
        bits.append(f"{t['failed']:,} more failed" + _bounds(t, scale, unit))
    if t["valueless"]:
        bits.append(f"in {t['valueless']:,} more the outcome has no value")
    if t["pairs_to_settle"]:
        bits.append(f"{t['pairs_to_settle']:,} would settle it")
    return "; ".join(bits)


def _from(t: dict[str, Any]) -> str:
    """What the effect was told from: pairs, or the futures of one arm."""
    if isinstance(t["against"], str):
        return f"{t['seen']} ({t['higher']:,} higher, {t['lower']:,} lower, {t['same']:,} the same)"
    mean = t["with"]["mean"]
    if t["kind"] == "flag":
        return words.of_futures(round(mean * t["pairs"]), t["pairs"])
    return f"{mean:.3g} in {t['seen']}"


def _bounds(t: dict[str, Any], scale: float, unit: str) -> str:
    if not t["bounds"]:
        return ""
    low, high = (scale * t["bounds"][k] for k in ("low", "high"))
    return f", with which the effect lies between {low:+.3g} and {high:+.3g}{unit}"


def sized(effect: dict[str, Any], kind: str | None, verdict: str | None = None) -> str:
    """An effect with its interval: +31 of 100 (+24 to +38); nothing if it is not testable."""
    scale, unit = (100, " of 100") if kind in ("flag", "share") else (1, "")
    mean, low, high = (None if effect[k] is None else f"{scale * effect[k]:+.3g}"
                       for k in ("mean", "low", "high"))
    if mean is None or verdict == "not testable":
        return "-"
    return f"{mean}{unit}" + (f" ({low} to {high})" if low is not None else "")


def say_compare(found: dict[str, Any]) -> None:
    """The two sides of a comparison."""
    out = _console()
    out.print(f"\n[bold]{escape(' '.join(found.get('patch', [])))}[/bold] against the scenario as it is, on the same luck\n")
    if found.get("note"):
        out.print(f"[bold]In all {found['pairs']:,} pairs {escape(found['note'])}.[/bold]\n")
    for side in ("with", "without"):
        told = found.get(side, {})
        if told.get("failed"):
            out.print(f"{side}: {told['failed']:,} of {told['futures']:,} futures failed; their "
                      "pairs are left out.")
    table = _table("outcome", "with\nwithout", "effect\n(95 of 100)", "pairs: higher,\nlower, same")
    table.padding = (0, 1)
    for c in table.columns[1:]:
        c.no_wrap = True
    for r in found["effects"]:
        sides = f"{_side(r, 'with')}\n{_side(r, 'without')}"
        table.add_row(OUTCOMES.get(r["outcome"], r["outcome"]), sides, _compared(r),
                      f"{r['higher']}, {r['lower']}, {r['same']}")
    out.print(table)


def _side(r: dict[str, Any], side: str) -> str:
    """The mean of an outcome on one side; futures still in power as a count where they are few."""
    mean, n = r[side]["mean"], r["higher"] + r["lower"] + r["same"]
    if mean is None:
        return "-"
    few = r["outcome"] == "survived" and n < 100
    return f"{round(mean * n)} of {n}" if few else words.number(mean)


def _compared(r: dict[str, Any]) -> str:
    if r["same"] and not r["higher"] and not r["lower"]:
        return "the same"
    mean, low, high = (None if x is None else f"{'+' if x >= 0 else ''}{words.number(x)}"
                       for x in r["effect"].values())
    if mean is None:
        return "-"
    return mean if low is None else f"{mean}\n({low} to {high})"


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
            table.add_row(f"{r['key'].split('.')[1]}\n  {r['says']}", _value(r["value"]), _range(r) + _learnt(r), r["unit"], r["grade"], r["source"] or "")
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
