"""How often regimes have ended, by reference class, beside how often they do here."""

from __future__ import annotations

from typing import Any

from ...study import stats
from ...wording import count, hundred, listed, of_hundred, part, span
from ..parts.drawing import figure
from ..parts.plain import TITLE, plain
from .carries import named
from .study_view import StudyView, part_between

NONE = {
    "title": "No base rate stands beside the answer.",
    "rates": [],
    "sentences": [
        "The scenario gives no base rate, so the answer stands without a comparison "
        "with how often regimes have ended."
    ],
}


def base_rates(view: StudyView) -> dict[str, Any]:
    """The rates, whether the model departs from each, and what a departure goes with."""
    rates = view.model["base_rates"]
    if not rates:
        return NONE
    ended, n = view.ended.height, view.n
    here = stats.share(ended, n) if n else None
    rows: list[dict[str, Any]] = []
    if here:
        rows.append(
            {
                "says": f"ended in this study within {count(view.days, 'day')}",
                "model": True,
                "rate": 100 * here.value,
                "low": 100 * here.low,
                "high": 100 * here.high,
                "text": part_between(ended, n),
                "source": None,
                "notes": [],
            }
        )
    rows += [_row(b, here) for b in rates]
    past = [b["rate"] for b in rates]
    between = f"{span(min(past), max(past))} of 100"
    if min(past) == max(past):
        between = f"{hundred(past[0])} of 100"
    of_what = "" if len(rates) == 1 else f" in {len(rates)} reference classes"
    title = f"In the past {between} ended{of_what}."
    if here:
        here_end = part_between(ended, n, headline=True)
        title = (
            f"{here_end} {'ends' if here_end.startswith('1 of') else 'end'} here; in the past "
            f"{between} did{of_what}."
        )
    top = max([r["high"] or r["rate"] for r in rows] + [1.0])
    saved = {k: [r[k] for r in rows] for k in ("says", "rate", "low", "high", "source")}
    saved["notes"] = ["; ".join(r["notes"]) for r in rows]
    sources = list(dict.fromkeys(r["source"] for r in rows if r["source"]))
    top = min(100.0, 1.1 * top)
    caption = (
        "Dot: of 100, how many ended. Line: 95 % interval. The axis runs from 0 to "
        f"{top:.2g} of 100."
    )
    head = ["what", "ended, of 100 (95 % interval)", "cases; how the model stands to it", "source"]
    table = [[r["says"], r["text"], "; ".join(r["notes"]) or "–", r["source"] or "–"] for r in rows]
    return figure(
        "rates",
        title,
        "",
        caption,
        head,
        table,
        saved,
        rates=rows,
        top=top,
        sources=sources,
        sentences=_sentences(view, rates, here) if here else [],
    )


def _row(b: dict[str, Any], here: stats.Interval | None) -> dict[str, Any]:
    known = b["low"] is not None and b["high"] is not None
    text = (
        of_hundred(b["rate"], b["low"], b["high"])
        if known
        else f"{hundred(b['rate'])} of 100, without an interval"
    )
    notes = [f"{b['ended']:,} of {b['n']:,}"] if b["n"] and b["ended"] is not None else []
    notes += [_how(b, here)] if known and here else []
    notes += [plain(b["rests_on"], TITLE)] if b["rests_on"] else []
    return {
        "says": plain(b["says"], TITLE),
        "rate": 100 * b["rate"],
        "text": text,
        "low": 100 * b["low"] if known else None,
        "high": 100 * b["high"] if known else None,
        "model": False,
        "source": b["source"],
        "notes": notes,
    }


def _how(b: dict[str, Any], here: stats.Interval) -> str:
    """Whether the model departs from a rate: only where the intervals lie apart."""
    if here.low > b["high"]:
        return "more end here"
    return "fewer end here" if here.high < b["low"] else "no clear departure"


def _sentences(view: StudyView, rates: list[dict[str, Any]], here: stats.Interval) -> list[str]:
    compared = [b for b in rates if b["low"] is not None and b["high"] is not None]
    apart = [b for b in compared if _how(b, here) != "no clear departure"]
    sentences = []
    if apart:
        which = (
            f"“{plain(apart[0]['says'], TITLE)}”"
            if len(apart) == 1
            else f"{len(apart)} of the {len(rates)} rates"
        )
        sentences += [f"The model departs from {which}: the intervals lie apart.", _why(view)]
    if compared and not 330 <= view.days <= 400:
        sentences.append(
            f"Mind the horizon: this study runs {count(view.days, 'day')}, a base "
            "rate is of the period that its sentence names."
        )
    if len(compared) < len(rates):
        sentences.append("A rate without an interval is shown, but no departure is judged from it.")
    return sentences


def _why(view: StudyView) -> str:
    """What a departure goes with."""
    ends = sorted(((n, e) for e, n in view.endings.items() if n and e != "in power"), reverse=True)
    how = "No future ends. "
    if ends:
        first = listed([f"{e} ({part(n, view.n)})" for n, e in ends[:2]])
        how = f"Its most frequent endings are {first}. "
    carried = [c for c in view.carriers[:5] if c["beyond_luck"]]
    if not carried:
        return how + (
            "No single assumption goes with survival beyond luck; the departure belongs "
            "to the scenario as a whole."
        )
    return how + f"Survival goes, by rank correlation, with: {listed(named(view, carried))}."
