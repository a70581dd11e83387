"""Results as text for a terminal: the answer of a run, verdicts on claims, a comparison."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .. import wording as words
from ..library.sources import from_memory
from ..scenario.file.schema import BaseRate
from ..scenario.scenario import Scenario
from ..study.claims import summary
from ..study.costs import FIRST
from ..study.results import Study
from ..terminal.console import Paper, escape
from ..terminal.console import console as _console
from ..terminal.console import table as _table

IN_SHORT = ("killed_protest", "executed", "killed_strikes", "arrested", "exiled")
OUTCOMES = {
    "survived": "still in power",
    "final_coup_risk": "chance of a coup",
    "peak_turnout_country": "largest turnout",
}
NOT_SCORED = (
    "Not yet scored against history: read this as a comparison of mechanisms, not as a forecast."
)
AUTHOR = "the scenario's author"
SCORED = (
    "Read this as a comparison of mechanisms, not as a forecast. Against history (thermidor "
    "validate):"
)


def _history(out: Paper) -> None:
    """How far the model has been held against the past: a line, or the first line of the score
    board.
    """
    from ..fitted.scoreboard import lines, load_board

    board = load_board()
    out.print(
        f"[italic]{NOT_SCORED if board is None else f'{SCORED} {lines(board)[0]}'}[/italic]\n"
    )


def say_run(results: Study, scenario: Scenario | None = None) -> None:
    """The answer of a run."""
    out, s = _console(), results.to_dict()
    if not s["finished"]:
        out.print(f"\n[bold]{escape(results.answer())}[/bold]\n")
        return
    out.print(f"\n[bold]{escape(results.answer())}[/bold]")
    if scenario and scenario.file.base_rates:
        _base_rates(out, scenario.file.base_rates)
    _history(out)
    few = s["finished"] < 100  # a count of so few is not blown up to 100
    ends = _table("how it ends", "futures", *([] if few else ["of 100"]))
    for e, n in s["endings"].items():
        part = words.hundred(n / s["finished"])
        ends.add_row(escape(e), *([f"{n} of {s['finished']}"] if few else [f"{n:,}", part]))
    out.print(ends)
    out.print()
    costs = _table(
        "what it costs citizens", "median", "middle 90 %" if few else "90 of 100 futures"
    )
    for c, v in s["costs"].items():
        costs.add_row(
            escape(results.called[c]),
            words.number(v["median"]),
            f"{words.number(v['low'])} to {words.number(v['high'])}",
        )
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
    say_where(s["out"], "Results and report")


def say_where(folder: object, what: str = "Results") -> None:
    """Where results lie: a path is one line, to be copied."""
    _console().print(f"{what}: {escape(str(folder))}\n", soft_wrap=True)


def _base_rates(out: Paper, rates: Sequence[BaseRate]) -> None:
    """What the answer stands beside: how often several classes of regimes ended."""
    table = _table("for comparison", "ended, of 100\n(95 % interval)", "cases")
    table.padding = (0, 1)
    for c in table.columns[1:]:
        c.no_wrap = True
    for b in rates:
        spread = cases = ""
        if b.low is not None and b.high is not None:
            spread = f" ({100 * b.low:.1f} to {100 * b.high:.1f})"
        if b.n is not None:
            cases = f"{b.n:,}" if b.ended is None else f"{b.ended:,} of {b.n:,}"
        rests = from_memory(b.source, b.rows)
        says = escape(b.says) + (f"; {rests}" if rests else "")
        table.add_row(says, f"{100 * b.rate:.1f}{spread}", cases)
    out.print(table)


def say_claims(
    found: list[dict[str, Any]],
    claims_of: str | None = None,
    called: Mapping[str, str] = FIRST,
    holder: str | None = None,
    failing: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """The verdicts on claims, whose claims they are, and a line for each at the end.

    called: the costs to citizens by column, and what to call them.  holder: under whose beliefs.
    failing: by claim, those that were to support it and are not supported.
    """
    told = [k for k in called if k in IN_SHORT or k not in FIRST]
    out = _console()
    whose = escape(claims_of or AUTHOR)
    under = f" Under the beliefs of {escape(holder)}." if holder else ""
    out.print(f"\n[italic]Claims of {whose}: an argument under test, not evidence.{under}[/italic]")
    for c in found:
        reason = f" ({escape(c['reason'])})" if c.get("reason") else ""
        out.print(f"\n[bold]{c['id']}  {escape(c['sentence'])}[/bold]")
        said = words.settled(c["verdict"], c["pairs_to_settle"])
        lost = words.listed((failing or {}).get(c["id"], ()))
        fails = f"; its support {lost} fails" if lost else ""
        out.print(f"  Verdict: [bold]{said}[/bold]{reason}{fails}")
        if c.get("caveat"):
            out.print(f"  {escape(c['caveat'])}")
        for line in words.objections(c.get("objections")):
            out.print(f"  {escape(line)}")
        for t in (*c["tests"], *c["also"]):
            out.print(
                f"  - {escape(t['says'])}: {escape(_in_a_line(t, beside=t not in c['tests']))}"
            )
        for name, costs in c["costs"].items():
            shown = ", ".join(
                f"{escape(called[k])} {words.number(costs[k]['mean'])}" for k in told if k in costs
            )
            failed = c["futures"][name]["failed"]
            more = f" ({failed} futures failed)" if failed else ""
            out.print(f"    {escape(name)}: {shown}{more}")
        if c["costs"] and c.get("costs_days") is not None:
            out.print(f"    {words.over_shared_days(c['costs_days'])}")
        if c.get("likelihood"):
            out.print(f"  {c['likelihood']}\n  {c['confidence']}")
        if c.get("note"):
            out.print(f"  [dim]{escape(c['note'])}[/dim]")
    out.print()
    table = _table("claim", "verdict", "effect of its first test", "pairs")
    table.columns[1].justify = "left"
    for row, c in zip(summary(found), found, strict=True):
        size = sized(row, row["kind"], row["verdict"])
        said = words.settled(row["verdict"], c["pairs_to_settle"])
        table.add_row(row["id"], said, size, f"{row['pairs']:,}")
    out.print(table)
    _history(out)


def _in_a_line(t: dict[str, Any], beside: bool) -> str:
    """A test in a line: its effect, what it had to pass, what it was told from, and the verdict."""
    what = "pairs" if isinstance(t["against"], str) else "futures"
    said = words.settled(t["verdict"], t["pairs_to_settle"], what)
    verdict = f"beside ({said})" if beside else said
    if t["verdict"] == "not testable":
        return f"{verdict}: {t['reason']}"
    scale, unit = (100, " of 100") if t["kind"] in ("flag", "share") else (1, "")
    bits = [
        sized(t["effect"], t["kind"]),
        _from(t),
        f"margin {scale * t['margin']:.3g}{unit} ({t['margin_from']})",
        verdict,
    ]
    if t["reason"]:
        bits.append(t["reason"])
    elif t["failed"]:
        bits.append(f"{t['failed']:,} more failed" + _bounds(t, scale, unit))
    if t["valueless"]:
        bits.append(f"in {t['valueless']:,} more the outcome has no value")
    if counted := words.exposed(t.get("exposure"), whole(t)):
        bits.append(counted)
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
    mean, low, high = (
        None if effect[k] is None else f"{scale * effect[k]:+.3g}" for k in ("mean", "low", "high")
    )
    if mean is None or verdict == "not testable":
        return "-"
    return f"{mean}{unit}" + (f" ({low} to {high})" if low is not None else "")


def whole(t: dict[str, Any]) -> str:
    """The effect of a test over all days of each future, where it was compared over fewer."""
    exposure = t.get("exposure")
    return sized(exposure["whole"], t.get("kind")) if exposure else ""


def say_compare(found: dict[str, Any], called: Mapping[str, str] = FIRST) -> None:
    """The two sides of a comparison. called: the costs to citizens, and what to call them."""
    named = {**OUTCOMES, **called}
    out = _console()
    out.print(
        f"\n[bold]{escape(' '.join(found.get('patch', [])))}[/bold] against the scenario as it "
        "is, on the same luck\n"
    )
    if found.get("note"):
        out.print(f"[bold]In all {found['pairs']:,} pairs {escape(found['note'])}.[/bold]\n")
    for side in ("with", "without"):
        arm = found.get(side, {})
        if arm.get("failed"):
            out.print(
                f"{side}: {arm['failed']:,} of {arm['futures']:,} futures failed; their "
                "pairs are left out."
            )
    table = _table("outcome", "with\nwithout", "effect\n(95 of 100)", "pairs: higher,\nlower, same")
    table.padding = (0, 1)
    for c in table.columns[1:]:
        c.no_wrap = out.width >= 80
    for r in found["effects"]:
        sides = f"{_side(r, 'with')}\n{_side(r, 'without')}"
        table.add_row(
            escape(named.get(r["outcome"], r["outcome"])),
            sides,
            _compared(r),
            f"{r['higher']}, {r['lower']}, {r['same']}",
        )
    out.print(table)
    for r in found["effects"]:
        each = r.get("exposure") or {}
        if each.get("counted") == words.NOT_KEPT or each.get("cut"):
            counted = words.exposed(each, _effect_in_a_line(each["whole"]))
            out.print(f"{escape(named.get(r['outcome'], r['outcome']))}: {counted}.")


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
    return _effect_in_a_line(r["effect"], "\n")


def _effect_in_a_line(effect: dict[str, Any], gap: str = " ") -> str:
    mean, low, high = (
        None if effect[k] is None else f"{'+' if effect[k] >= 0 else ''}{words.number(effect[k])}"
        for k in ("mean", "low", "high")
    )
    if mean is None:
        return "-"
    return mean if low is None else f"{mean}{gap}({low} to {high})"
