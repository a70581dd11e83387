"""What stands beside the model on the score board: plainer forecasts, cases left out, chances of a
fall by largest day. Rows of tables, for the terminal and the page alike.
"""

from __future__ import annotations

import math
from typing import Any

from ..wording import count, hundred, listed, two
from .scoreboard import is_number, plain, signed

WHO = (
    "who predicts",
    "Brier score",
    "skill",
    "against one half",
    "against the constant",
    "AUC",
    "log score",
)


def baselines(t: dict[str, Any]) -> list[tuple[str, ...]]:
    """The model beside the logistic regression and three forecasts that know nothing of a case, in
    the columns of `WHO`: Brier score, its skill against the base rate of the other cases, against
    always one half and against the share of all cases that fell, AUC, log score.

    That share is known only afterwards, so it is the hardest of the three to beat.
    """
    share = t["falls"] / t["n"]
    constant = {"brier": share * (1 - share), "log_score": _entropy(share)}
    half = {"brier": 0.25, "auc": 0.5, "log_score": math.log(0.5)}
    base = {"brier": t.get("brier_base"), "log_score": t.get("log_score_base")}
    who = [
        ("the model", t),
        ("logistic regression", t.get("logistic") or {}),
        ("the base rate of the other cases", base),
        ("always one half", half),
        (f"the constant {t['falls']}/{t['n']}, known afterwards", constant),
    ]
    return [
        (
            name,
            plain(x.get("brier")),
            *(
                signed(_against(x.get("brier"), other.get("brier")))
                for other in (base, half, constant)
            ),
            plain(x.get("auc"), 2),
            plain(x.get("log_score")),
        )
        for name, x in who
        if x
    ]


def _against(brier: float | None, reference: float | None) -> float | None:
    """Brier skill of one forecast against another."""
    if not (is_number(brier) and is_number(reference)) or not reference:
        return None
    return 1 - brier / reference


def _entropy(p: float) -> float:
    """Mean log score of the constant p where a share p fell; 0 where all did, or none."""
    return sum(q * math.log(q) for q in (p, 1 - p) if q)


CROWDS = (
    "largest day, % of residents",
    "fell",
    "observed, 80 % interval, of 100",
    "predicted, of 100",
    "inside",
)


def crowds(board: dict[str, Any]) -> list[tuple[str, ...]]:
    """Chance of a fall by largest day, in the columns of `CROWDS`; empty for a board without."""
    return [
        (
            f"{_percent(b['from'])} to {_percent(b['to'])}"
            if b["to"] < 1
            else f"above {_percent(b['from'])}",
            f"{b['fell']} of {b['cases']}",
            f"{hundred(b['low'])} to {hundred(b['high'])}" if b["cases"] else "",
            "" if b["predicted"] is None else hundred(b["predicted"]),
            {True: "yes", False: "NO"}.get(b["inside"], "") if b["cases"] else "",
        )
        for b in (board.get("crowds") or {}).get("bins", ())
    ]


def _percent(share: float) -> str:
    return two(100 * share) if share < 0.01 else f"{100 * share:.2g}"


def slopes(board: dict[str, Any]) -> str:
    """How much a tenfold crowd adds to the log odds of a fall, of cases and of their futures."""
    found = (board.get("crowds") or {}).get("slope") or {}
    said = []
    for who in ("cases", "futures"):
        x = found.get(who) or {}
        if is_number(x.get("value")):
            what = "case" if who == "cases" else "simulated future"
            said.append(f"{x['value']:.2f} (standard error {x['se']:.2f}) in {count(x['n'], what)}")
    if not said:
        return ""
    return f"A tenfold crowd adds to the log odds of a fall: {listed(said)}."


def picked(board: dict[str, Any]) -> str:
    """How far the chance of an uprising that a table lists stands above that of any uprising
    (history/listing.py); empty for a board without.
    """
    rows = [r for r in board["cases"] if is_number(r.get("own"))]
    if not rows:
        return ""
    listed_, own = (hundred(sum(r[k] for r in rows) / len(rows)) for k in ("fall", "own"))
    text = (
        f"Predicted chances are those of uprisings that a table lists, in the mean {listed_} of "
        f"100; of any uprising in such countries it is {own}, for tables were made of those that "
        "were remembered."
    )
    odds = board.get("listing")
    if not odds:
        return text
    size, falls = (_times(odds[k]) for k in ("size", "falls"))
    return f"{text} Fitted odds of being listed: a tenfold crowd {size}, a fall {falls}."


def _times(log: dict[str, float]) -> str:
    """Odds by their logarithm's quantiles."""
    q10, q50, q90 = (two(math.exp(log[k])) for k in ("q10", "q50", "q90"))
    return f"{q50} times (80 %: {q10} to {q90})"


def without(t: dict[str, Any]) -> list[tuple[str, ...]]:
    """The scores of endings with all cases, and with those of a type left out: cases, falls, Brier
    score of the model, its skill against the base rate, one half and the constant, AUC.
    """
    parts = t.get("without") or {}
    rows = [("all cases", t), *((WITHOUT.get(k, f"without {k}"), x) for k, x in parts.items())]
    return [
        (name, str(x["n"]), str(x["falls"]), *baselines(x)[0][1:6]) for name, x in rows if parts
    ]


WITHOUT = {
    "theocracy": "without those of the theocracy",
    "rules": "without the rules for backing and revolution",
}
PARTS = (
    "cases",
    "number",
    "falls",
    "Brier score",
    "skill",
    "against one half",
    "against the constant",
    "AUC",
)
