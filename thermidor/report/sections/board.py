"""The score board against past uprisings in plain words: three sentences, and tables for a
terminal.
"""

from __future__ import annotations

import math
from typing import Any

from rich.table import Table
from scipy.stats import binom

from ...cli.terminal.console import Paper, console, escape, table
from ...wording import hundred
from ..phrases import count, listed, two

SAME = 0.005  # skills nearer to each other than this print as the same number
QUANTITIES = {
    "peak": "largest day",
    "duration": "duration",
    "deaths": "deaths",
    "arrests": "arrests",
}
UNITS = {"peak": "% of residents", "duration": "days", "deaths": "persons", "arrests": "persons"}
MOST_NAMED = 4  # missed bands named in a sentence
MOST_LISTED = 30  # rows, or columns, that are named one by one
FEWEST_CASES = 5  # from fewer no verdict is given
FEWEST_SHARE = 20  # of fewer no share of 100 is given


def lines(board: dict[str, Any]) -> list[str]:
    """The board in three sentences: how it ends, how large the largest day is, how often regimes
    fail in ordinary years. Cases of the user's that were part of the fit have one of their own.
    """
    told = [_ending(board["totals"]), _peak(board["totals"]), _gate(board.get("gate"))]
    apart = board.get("totals_fitted")
    if not apart:
        return told
    if not board["totals"].get("n"):
        told[0] = "Ending: it is known of no case that was not part of the fit."
    return [*told, _fitted(apart)]


def is_number(x: Any) -> bool:
    """Some scores cannot be computed, such as the AUC of cases that all fell."""
    return isinstance(x, (int, float)) and math.isfinite(x)


def signed(x: float | None) -> str:
    """With its sign, and no sign on what rounds to zero."""
    return "" if not is_number(x) else "0.00" if abs(x) < SAME else f"{x:+.2f}"


def plain(x: float | None, digits: int = 3) -> str:
    return f"{x:.{digits}f}" if is_number(x) else ""


def span(low: float | None, high: float | None) -> str:
    return f"{signed(low)} to {signed(high)}" if is_number(low) and is_number(high) else ""


def against(skill: float, low: float | None = None, high: float | None = None) -> str:
    """How a skill compares with none. Without an interval the number alone decides."""
    if not (is_number(low) and is_number(high)):
        return (
            "no better than" if abs(skill) < SAME else "better than" if skill > 0 else "worse than"
        )
    if low > 0:
        return "better than"
    return (
        "worse than"
        if high < 0
        else "not shown to be better than"
        if skill > 0
        else "no better than"
    )


def _ending(t: dict[str, Any]) -> str:
    if not t.get("n"):
        return "Ending: of no case is it known."
    head = f"Ending: for {count(t['n'], 'past uprising')}, of which {t['falls']} brought the regime down, "
    if not is_number(t.get("skill")):
        return head + "no skill could be computed."
    low, high = t.get("skill_low"), t.get("skill_high")
    few = t["n"] < FEWEST_CASES
    if few or not span(low, high):
        why = f"fewer than {FEWEST_CASES} cases" if few else "cases of one country"
        return (
            f"{head}the Brier score is {plain(t['brier'])} against {plain(t['brier_base'])} of "
            f"the base rate; {why} say nothing of skill."
        )
    text = (
        f"{head}the predictions are {against(t['skill'], low, high)} the base rate (Brier score {plain(t['brier'])} against "
        f"{plain(t['brier_base'])}; skill {signed(t['skill'])}, {span(low, high)})"
    )
    other = (t.get("logistic") or {}).get("skill")
    if not is_number(other):
        return text + "."
    than = (
        "about as well"
        if abs(other - t["skill"]) < SAME
        else "better"
        if other > t["skill"]
        else "worse"
    )
    return f"{text}; a logistic regression on what was known at the onset does {than} (skill {signed(other)})."


def _peak(t: dict[str, Any]) -> str:
    c = (t.get("coverage") or {}).get("peak") or {}
    if not c.get("n"):
        return "Largest day: no observed crowd could be compared."
    n, inside = c["n"], round(c["80"] * c["n"])
    low, high = binom.interval(0.95, n, 0.8)
    verdict = (
        "fewer than they should: they are too narrow or in the wrong place"
        if inside < low
        else "more than they should: they are too wide"
        if inside > high
        else "about as many as they should"
    )
    share = f" ({hundred(inside / n)} of 100)" if n >= FEWEST_SHARE else ""
    if n < FEWEST_CASES:
        peaks = "peak" if n == 1 else "peaks"
        return (
            f"Largest day: the 80 % intervals hold {inside} of {n} observed {peaks}; so few say "
            "nothing of them."
        )
    text = f"Largest day: the 80 % intervals hold {inside} of {n} observed peaks{share}, {verdict}"
    skill = ((t.get("crps") or {}).get("peak") or {}).get("skill")
    if not is_number(skill):
        return text + "."
    return f"{text}; as a whole the prediction is {against(skill)} taking the peaks of the other cases (skill {signed(skill)})."


def _fitted(t: dict[str, Any]) -> str:
    """Cases that the posterior was fitted to: their scores, which are no test."""
    if not t.get("n"):
        return "Part of the fit: of these cases no ending is known here."
    return (
        f"Part of the fit, so no test: {count(t['n'], 'case')}, of which {t['falls']} brought "
        f"the regime down; Brier score {plain(t['brier'])} against {plain(t['brier_base'])} of "
        "the base rate."
    )


def _gate(g: dict[str, Any] | None) -> str:
    if not g:
        return "Base rates: how often regimes fail in ordinary years is not compared on this board."
    part = sum(bool(b["met"] and b.get("built_in")) for b in g["bands"])
    missed = [b["name"].replace("_", " ") for b in g["bands"] if not b["met"]]
    few = (
        "all"
        if g["met"] == g["of"]
        else "none of"
        if not g["met"]
        else f"only {g['met']} of"
        if 2 * g["met"] <= g["of"]
        else f"{g['met']} of"
    )
    where, which = (
        ("lies in its band", "it") if g["met"] == 1 else ("lie in their bands", "all of these")
    )
    text = (
        f"Base rates: in {count(g['histories'], 'simulated history', 'simulated histories')} of up to {count(g['years'], 'year')}, {few} "
        f"{g['of']} known rates {where}"
    )
    more = [f"{len(missed) - MOST_NAMED} more"] if len(missed) > MOST_NAMED else []
    text += f" (missed: {listed(missed[:MOST_NAMED] + more)})" if missed else ""
    return text + (
        f"; in {which if part == g['met'] else f'{part} of these'} a part of the result is put in beforehand."
        if part
        else "."
    )


def worst(board: dict[str, Any]) -> list[dict[str, Any]]:
    """The cases, worst misses of the ending first; those without a known ending last."""
    return sorted(
        board["cases"], key=lambda c: (c.get("brier") is None, -(c.get("brier") or 0.0), c["id"])
    )


def named(case: dict[str, Any]) -> str:
    fitted = ", part of the fit" if case.get("fitted_as") else ""
    return f"{case['country']} {case['onset'][:4]}{fitted}"


def happened(case: dict[str, Any]) -> str:
    return {True: "fell", False: "stood"}.get(case["fell"], "not known")


def value(what: str, x: float | None) -> str:
    """A number of the board in its unit (UNITS)."""
    if x is None:
        return ""
    if what == "peak":
        return two(100 * 10**x)
    n = max(0, round(10**x - 1)) if what in ("deaths", "arrests") else max(1, round(10**x))
    return f"{n}" if n < 1000 else two(n)


def interval(what: str, case: dict[str, Any]) -> str:
    """The 80 % interval of a case."""
    q = (case.get("predicted") or {}).get(what)
    return f"{value(what, q['q10'])} to {value(what, q['q90'])}" if q else ""


def outside(what: str, case: dict[str, Any]) -> str:
    """'above' or 'below' where what was observed lies outside the 80 % interval."""
    q, x = (case.get("predicted") or {}).get(what), (case.get("observed") or {}).get(what)
    return (
        "" if not q or x is None else "above" if x > q["q90"] else "below" if x < q["q10"] else ""
    )


def observed(what: str, case: dict[str, Any]) -> str:
    x = (case.get("observed") or {}).get(what)
    return "not known" if x is None else f"{value(what, x)} {outside(what, case)}".strip()


def baselines(t: dict[str, Any]) -> list[tuple[str, str, str, str, str]]:
    """The model beside the base rate and the logistic regression: Brier score, skill, AUC, log
    score.
    """
    base = {"brier": t.get("brier_base"), "skill": 0.0, "log_score": t.get("log_score_base")}
    who = [
        ("the model", t),
        ("the base rate of the other cases", base),
        ("logistic regression", t.get("logistic") or {}),
    ]
    return [
        (
            name,
            plain(x.get("brier")),
            signed(x.get("skill")),
            plain(x.get("auc"), 2),
            plain(x.get("log_score")),
        )
        for name, x in who
        if x
    ]


def band(b: dict[str, Any]) -> tuple[str, str, str]:
    """A band of the gate: what the model gives, what is known, whether the one lies in the other."""
    low, high = b.get("low"), b.get("high")
    known = (
        f"{two(low)} to {two(high)}"
        if low is not None and high is not None
        else f"at least {two(low)}"
        if low is not None
        else f"at most {two(high)}"
        if high is not None
        else ""
    )
    return two(b.get("value")), known, "yes" if b["met"] else "NO"


def say_board(board: dict[str, Any]) -> None:
    """The board for a terminal."""
    out = console()
    out.print()
    for line in lines(board):
        out.print(f"[bold]{escape(line)}[/bold]")
    if warning := board.get("warning"):
        out.print(f"[bold red]{escape(warning)}[/bold red]")
    if not board.get("fitted_before"):
        out.print(
            "\nNo case was predicted with parameters fitted to its outcome, "
            "base rates by type apart."
        )
    if board["cases"]:
        out.print(
            "\nWorst misses of the ending first. Peak (the largest day, % of residents) and "
            "days: 80 of 100 futures, and below them what was observed.\n"
        )
        out.print(_cases(board))
    if board["totals"].get("n", 0) >= FEWEST_CASES:
        out.print()
        shown = table("who predicts", "Brier score", "skill", "AUC", "log score")
        for row in baselines(board["totals"]):
            shown.add_row(*row)
        out.print(shown)
    if gate := board.get("gate"):
        out.print()
        shown = table("base rate", "model", "known", "met")
        for b in gate["bands"]:
            shown.add_row(escape(b["says"]), *band(b))
        out.print(shown)
        out.print("What of each is put in beforehand: docs/history.md of the project.")
    _left_out(out, board)


def _left_out(out: Paper, board: dict[str, Any]) -> None:
    """Rows and columns of the user's tables that were not used, and what was taken for what."""
    for where, key in (("Not used", "not_used"), ("Rows of the panel not used", "panel_not_used")):
        lost = board.get(key) or {}
        if lost:
            out.print(f"\n{where}:")
        for k, reason in list(lost.items())[:MOST_LISTED]:
            out.print(f"  - {escape(k)}: {escape(reason)}")
        if len(lost) > MOST_LISTED:
            out.print(f"  - and {len(lost) - MOST_LISTED:,} more")
    if columns := board.get("columns_not_used"):
        more = [f"{len(columns) - MOST_LISTED} more"] if len(columns) > MOST_LISTED else []
        out.print(f"\nColumns not used: {escape(listed([*columns[:MOST_LISTED], *more]))}.")
    for note in board.get("notes") or []:
        out.print(f"\nNote: {escape(note)}")
    out.print()


def _cases(board: dict[str, Any]) -> Table:
    """Each case in two lines: what was predicted of it, and below that what was observed."""
    shown = table("case", "fall of 100\nwas", "peak, %\nobserved", "days\nobserved")
    for c in worst(board):
        cells = [f"{interval(w, c)}\n{observed(w, c)}" for w in ("peak", "duration")]
        shown.add_row(
            f"{escape(c['id'])}\n  {escape(named(c))}",
            f"{hundred(c['fall'])}\n{happened(c)}",
            *cells,
        )
    return shown
