"""How the model did against past uprisings: the score board that comes with the package (made by
history/calibrate.py), and what it says in plain words.
"""

from __future__ import annotations

import json
import math
from functools import cache
from importlib.resources import files
from typing import Any, TypeGuard

from ..wording import count, hundred, listed, two

SAME = 0.005  # skills nearer to each other than this print as the same number
QUANTITIES = {
    "peak": "largest day",
    "duration": "duration",
    "deaths": "deaths",
    "arrests": "arrests",
}
UNITS = {"peak": "% of residents", "duration": "days", "deaths": "persons", "arrests": "persons"}
MOST_NAMED = 4  # missed bands named in a sentence
FEWEST_CASES = 5  # from fewer no verdict is given
FEWEST_SHARE = 20  # of fewer no share of 100 is given


@cache
def load_board() -> dict[str, Any] | None:
    """The board, or None if none has been made."""
    path = files(__package__) / "data" / "board.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def skill() -> tuple[float, float] | None:
    """Brier skill of the ending out of sample and the low end of its interval, or None without a
    board.
    """
    board = load_board()
    return (board["totals"]["skill"], board["totals"]["skill_low"]) if board else None


def lines(board: dict[str, Any]) -> list[str]:
    """The board in three sentences: how it ends, how large the largest day is, how often regimes
    fail in ordinary years. Cases of the user's that were part of the fit have one of their own.
    """
    said = [_ending(board["totals"]), _peak(board["totals"]), _gate(board.get("gate"))]
    apart = board.get("totals_fitted")
    if not apart:
        return said
    if not board["totals"].get("n"):
        said[0] = "Ending: it is known of no case that was not part of the fit."
    return [*said, _fitted(apart)]


def is_number(x: Any) -> TypeGuard[float]:
    """Some scores cannot be computed, such as the AUC of cases that all fell."""
    return isinstance(x, (int, float)) and math.isfinite(x)


def signed(x: float | None) -> str:
    """With its sign, and no sign on what rounds to zero."""
    if not is_number(x):
        return ""
    return "0.00" if abs(x) < SAME else f"{x:+.2f}"


def plain(x: float | None, digits: int = 3) -> str:
    """A score with its decimals; nothing if it could not be computed."""
    return f"{x:.{digits}f}" if is_number(x) else ""


def span(low: float | None, high: float | None) -> str:
    """The interval of a skill; nothing if it could not be computed."""
    return f"{signed(low)} to {signed(high)}" if is_number(low) and is_number(high) else ""


def against(skill: float, low: float | None = None, high: float | None = None) -> str:
    """How a skill compares with none. Without an interval the number alone decides."""
    if not (is_number(low) and is_number(high)):
        if abs(skill) < SAME:
            return "no better than"
        return "better than" if skill > 0 else "worse than"
    if low > 0:
        return "better than"
    if high < 0:
        return "worse than"
    return "not shown to be better than" if skill > 0 else "no better than"


def _ending(t: dict[str, Any]) -> str:
    if not t.get("n"):
        return "Ending: of no case is it known."
    head = (
        f"Ending: for {count(t['n'], 'past uprising')}, of which {t['falls']} brought the regime "
        "down, "
    )
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
        f"{head}the predictions are {against(t['skill'], low, high)} the base rate (Brier score "
        f"{plain(t['brier'])} against {plain(t['brier_base'])}; skill {signed(t['skill'])}, "
        f"{span(low, high)})"
    )
    other = (t.get("logistic") or {}).get("skill")
    if not is_number(other):
        return text + "."
    than = "better" if other > t["skill"] else "worse"
    if abs(other - t["skill"]) < SAME:
        than = "about as well"
    return (
        f"{text}; a logistic regression on what was known at the onset does {than} (skill "
        f"{signed(other)})."
    )


def _peak(t: dict[str, Any]) -> str:
    from scipy.stats import binom  # slow to import, and few need the sentence

    c = (t.get("coverage") or {}).get("peak") or {}
    if not c.get("n"):
        return "Largest day: no observed crowd could be compared."
    n, inside = c["n"], round(c["80"] * c["n"])
    low, high = binom.interval(0.95, n, 0.8)
    verdict = "about as many as they should"
    if inside < low:
        verdict = "fewer than they should: they are too narrow or in the wrong place"
    elif inside > high:
        verdict = "more than they should: they are too wide"
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
    return (
        f"{text}; as a whole the prediction is {against(skill)} taking the peaks of the other "
        f"cases (skill {signed(skill)})."
    )


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
    where, which = "lie in their bands", "all of these"
    if g["met"] == 1:
        where, which = "lies in its band", "it"
    histories = count(g["histories"], "simulated history", "simulated histories")
    text = (
        f"Base rates: in {histories} of up to {count(g['years'], 'year')}, "
        f"{_how_many(g['met'], g['of'])} {g['of']} known rates {where}"
    )
    if missed:
        more = [f"{len(missed) - MOST_NAMED} more"] if len(missed) > MOST_NAMED else []
        text += f" (missed: {listed(missed[:MOST_NAMED] + more)})"
    if not part:
        return text + "."
    if part < g["met"]:
        which = f"{part} of these"
    return f"{text}; in {which} a part of the result is put in beforehand."


def _how_many(met: int, of: int) -> str:
    if met == of:
        return "all"
    if not met:
        return "none of"
    return f"only {met} of" if 2 * met <= of else f"{met} of"


def worst(board: dict[str, Any]) -> list[dict[str, Any]]:
    """The cases, worst misses of the ending first; those without a known ending last."""
    return sorted(
        board["cases"], key=lambda c: (c.get("brier") is None, -(c.get("brier") or 0.0), c["id"])
    )


def named(case: dict[str, Any]) -> str:
    """Country and year of a case."""
    fitted = ", part of the fit" if case.get("fitted_as") else ""
    return f"{case['country']} {case['onset'][:4]}{fitted}"


def happened(case: dict[str, Any]) -> str:
    """How a case ended."""
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
    if not q or x is None:
        return ""
    if x > q["q90"]:
        return "above"
    return "below" if x < q["q10"] else ""


def observed(what: str, case: dict[str, Any]) -> str:
    """What was observed of a case, and on which side of the 80 % interval if outside."""
    x = (case.get("observed") or {}).get(what)
    return "not known" if x is None else f"{value(what, x)} {outside(what, case)}".strip()


def band(b: dict[str, Any]) -> tuple[str, str, str]:
    """A band of the gate: the model's value, what is known, and whether the one lies in it."""
    low, high = b.get("low"), b.get("high")
    match low, high:
        case None, None:
            known = ""
        case _, None:
            known = f"at least {two(low)}"
        case None, _:
            known = f"at most {two(high)}"
        case _:
            known = f"{two(low)} to {two(high)}"
    return two(b.get("value")), known, "yes" if b["met"] else "NO"
