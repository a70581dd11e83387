"""What the answer rests on: assumptions and choices, weakest evidence first, with their influence.

Rows of switched-off mechanisms play no part in any future: they are neither listed nor counted.
"""

from __future__ import annotations

import math
from typing import Any

from ...mechanism import GRADES
from ...wording import count, exact, listed, signed
from ..parts.plain import TITLE, plain
from ..parts.units import unit_words
from .carries import why_none
from .study_view import StudyView

IN_SIGHT = 15
LEAST = 0.2  # correlation that a whole bar stands for at least


def ledger(view: StudyView) -> dict[str, Any]:
    """Rows of the ledger, and a header that counts them."""
    rows = [r for r in view.model["ledger"] if r["key"].partition(".")[0] not in view.off]
    silent = len(view.model["ledger"]) - len(rows)
    moves = influence(view)
    assumptions: list[dict[str, Any]] = []
    choices: list[dict[str, Any]] = []
    for r in rows:
        kind = choices if r["role"] == "choice" else assumptions
        kind.append(_row(r, moves.get(r["key"]), view))
    grades = {r["grade"] for r in assumptions}
    weak = sum(r["grade"] == "judgement" for r in assumptions)
    rest = "rests" if weak == 1 else "rest"
    title = f"{count(len(assumptions), 'assumption')}, {weak:,} {rest} on judgement alone."
    return {
        "title": title,
        "assumptions": assumptions,
        "choices": choices,
        "in_sight": IN_SIGHT,
        "note": _note(view, rows, silent),
        "influence": bool(moves),
        "why_none": None if moves else why_none(view),
        "mechanisms": sorted({r["mechanism"] for r in assumptions}),
        "grades": [g for g in reversed(GRADES) if g in grades],
    }


def _note(view: StudyView, rows: list[dict[str, Any]], silent: int) -> str:
    drawn = 0 if view.manifest["fixed"] else sum(r["drawn"] for r in rows)
    note = "All of them are held at their value in every future."
    if drawn:
        note = (
            f"{drawn:,} of them are drawn anew in each future, from a triangle over their "
            "range that peaks at the value; the rest are held."
        )
    learnt = sum(bool(r["posterior"]) for r in rows)
    if learnt:
        note += (
            f" {learnt} that all countries share are taken instead from what past uprisings "
            "say of them; eight of ten draws lie in the second range."
        )
    if silent:
        off = listed(sorted(view.off))
        note += (
            f" {count(silent, 'row')} of what is switched off ({off}) play no part and are "
            "not listed."
        )
    return note


def influence(view: StudyView) -> dict[str, dict[str, Any]]:
    """Rank correlation of each drawn parameter with survival, over the finished futures."""
    found = view.carriers
    longest = max([LEAST, *(abs(c["correlation"]) for c in found)])
    out = {}
    for c in found:
        out[c["assumption"]] = c | {"size": 100 * abs(c["correlation"]) / longest}
    return out


def _row(r: dict[str, Any], moved: dict[str, Any] | None, view: StudyView) -> dict[str, Any]:
    mechanism, _, name = r["key"].partition(".")
    source, grade = r["source"], r["grade"]
    moves = None
    if moved is not None:
        moves = {
            "text": signed(moved["correlation"]),
            "size": moved["size"],
            "up": moved["correlation"] > 0,
            "sure": moved["beyond_luck"],
        }
    return {
        "key": plain(r["key"], TITLE),
        "mechanism": mechanism,
        "name": name,
        "says": r["says"],
        "value": exact(r["value"]),
        "unit": unit_words(r["unit"]),
        "grade": grade,
        "rank": GRADES.index(grade) if grade in GRADES else len(GRADES) - 1,
        "actor": r["actor"],
        "source": source,
        "bar": _bar(r),
        "range": _range(r),
        "citation": view.model["citations"].get(source, source) if source else None,
        "learnt": _learnt(r),
        "rests_on": r["rests_on"],
        "moves": moves,
    }


def _range(r: dict[str, Any]) -> str:
    if r["drawn_from"]:
        return " or ".join(r["drawn_from"])
    if r["low"] is None or r["high"] is None or r["low"] == r["high"]:
        return "fixed"
    return f"{exact(r['low'])} to {exact(r['high'])}"


def _learnt(r: dict[str, Any]) -> str | None:
    """Posterior beside the prior: where eight of ten draws lie after the fit to past uprisings."""
    q = r["posterior"] or {}
    if "q10" not in q or "q90" not in q:
        return None
    low, high = (exact(float(f"{q[k]:.3g}")) for k in ("q10", "q90"))
    return f"{low} to {high}"


def _bar(r: dict[str, Any]) -> dict[str, float] | None:
    """Where range and value lie within what the mechanism declares, in parts of 100."""
    if any(not isinstance(r[k], int | float) for k in ("value", "low", "high")):
        return None
    declared = [x for x in (r["declared"] or {}).values() if isinstance(x, int | float)]
    low = min([r["low"], r["value"], *declared])
    high = max([r["high"], r["value"], *declared])
    scale = math.log if r["scale"] == "log" and low > 0 else float
    a, b = scale(low), scale(high)
    if not b > a:
        return {"from": 50.0, "to": 50.0, "at": 50.0}

    def at(x: float) -> float:
        return round(100 * (scale(x) - a) / (b - a), 1)

    return {"from": at(r["low"]), "to": at(r["high"]), "at": at(r["value"])}
