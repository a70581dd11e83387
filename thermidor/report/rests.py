"""What the answer rests on: the ledger of assumptions and choices, weakest evidence first, with their influence."""
from __future__ import annotations

import math
from typing import Any

from ..mechanism import GRADES
from ..study.results import carriers, chance
from .phrases import count, exact, signed
from .reading import Reading

IN_SIGHT = 15


def ledger(read: Reading) -> dict[str, Any]:
    """Rows of the ledger, and a header that counts them."""
    rows = read.model.get("ledger") or []
    moves = influence(read)
    assumptions = [_row(r, moves.get(r["key"]), read) for r in rows if r["role"] != "choice"]
    choices = [_row(r, moves.get(r["key"]), read) for r in rows if r["role"] == "choice"]
    weak = sum(r["grade"] == "judgement" for r in rows if r["role"] != "choice")
    drawn = 0 if read.manifest.get("fixed") else sum(bool(r.get("drawn")) for r in rows)
    title = f"{count(len(assumptions), 'assumption')}, {weak:,} rest{'s' if weak == 1 else ''} on judgement alone."
    note = (f"{drawn:,} of them are drawn anew in each future, from a triangle over their range that peaks at the value; the rest are held."
            if drawn else "All of them are held at their value in every future.")
    learnt = sum(bool(r.get("posterior")) for r in rows)
    if learnt:
        note += f" {learnt} that all countries share are taken instead from what past uprisings say of them; 80 of 100 draws lie in the second range."
    return {"title": title, "assumptions": assumptions, "choices": choices, "note": note, "in_sight": IN_SIGHT, "influence": bool(moves),
            "why_none": None if moves else _none(read), "mechanisms": sorted({r["mechanism"] for r in assumptions}),
            "grades": [g for g in reversed(GRADES) if any(r["grade"] == g for r in assumptions)]}


def influence(read: Reading) -> dict[str, dict[str, Any]]:
    """Rank correlation of each drawn parameter with survival (results.chance), over the finished futures."""
    if read.n < 2 or "survived" not in read.finished.columns:
        return {}
    found = carriers(read.finished, chance(read.finished), most=99_999, ranked=False,
                     off=read.results.off)
    longest = max([0.2, *(abs(c["correlation"]) for c in found)])
    return {c["assumption"]: c | {"size": 100 * abs(c["correlation"]) / longest} for c in found}


def _none(read: Reading) -> str:
    if read.n < 10:
        return f"Influence on survival needs ten futures or more; {'none is' if not read.n else 'one is' if read.n == 1 else f'{read.n} are'} finished."
    ended = read.ended.height
    return "Influence on survival cannot be told: " + ("every future ended." if ended == read.n else "no future ended." if not ended else "nothing is drawn.")


def _row(r: dict[str, Any], moved: dict[str, Any] | None, read: Reading) -> dict[str, Any]:
    mechanism, _, name = r["key"].partition(".")
    source = r.get("source")
    return {"key": r["key"], "mechanism": mechanism, "name": name, "says": r["says"], "value": exact(r["value"]), "unit": r["unit"], "grade": r["grade"],
            "rank": GRADES.index(r["grade"]) if r["grade"] in GRADES else len(GRADES) - 1, "actor": r.get("actor"), "source": source,
            "citation": read.model.get("citations", {}).get(source, source) if source else None, "bar": _bar(r), "range": _range(r), "learnt": _learnt(r),
            "moves": None if moved is None else {"text": signed(moved["correlation"]), "size": moved["size"],
                                                 "up": moved["correlation"] > 0, "sure": moved["beyond_luck"]}}


def _range(r: dict[str, Any]) -> str:
    if r.get("drawn_from"):
        return " or ".join(r["drawn_from"])
    return "fixed" if r["low"] is None or r["low"] == r["high"] else f"{exact(r['low'])} to {exact(r['high'])}"


def _learnt(r: dict[str, Any]) -> str | None:
    """Posterior beside the prior: where 80 of 100 draws lie after the fit to past uprisings."""
    q = r.get("posterior")
    return " to ".join(exact(float(f"{q[k]:.3g}")) for k in ("q10", "q90")) if q else None


def _bar(r: dict[str, Any]) -> dict[str, float] | None:
    """Where range and value lie within what the mechanism declares, in parts of 100."""
    if any(not isinstance(r.get(k), (int, float)) for k in ("value", "low", "high")):
        return None
    declared = [x for x in (r.get("declared") or {}).values() if isinstance(x, (int, float))]
    low, high = min([r["low"], r["value"], *declared]), max([r["high"], r["value"], *declared])
    scale = math.log if r.get("scale") == "log" and low > 0 else float
    a, b = scale(low), scale(high)
    if not b > a:
        return {"from": 50.0, "to": 50.0, "at": 50.0}
    at = lambda x: round(100 * (scale(x) - a) / (b - a), 1)  # noqa: E731
    return {"from": at(r["low"]), "to": at(r["high"]), "at": at(r["value"])}
