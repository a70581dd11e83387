"""The claims: verdict, effect with its interval, what both sides cost, likelihood and confidence
apart.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from ...wording import (
    count,
    exact,
    exposed,
    listed,
    objections,
    of_futures,
    over_shared_days,
    settled,
    signed,
    two,
)
from ..parts.argument_map import MARKS, argument_map
from ..parts.plain import TITLE, plain
from .answer import whose
from .provenance import claims_command
from .study_view import StudyView

SCALES = {"flag": (100.0, " of 100 futures"), "share": (100.0, " of 100")}  # by kind of outcome


def claims(view: StudyView) -> dict[str, Any]:
    """Every claim as it was judged, or how to have it judged, with whose claims they are."""
    found = _judged(view)
    of = (view.claims or {}).get("scenario") or view.manifest["scenario"]
    other = bool(found["claims"]) and of != view.manifest["scenario"]
    tested = (view.claims or {}).get("claims_of") if found["claims"] else None
    named = plain(tested, TITLE) if tested else None
    said_by = named or (f"the author of {of}" if other else whose(view))
    known = named or (view.model["claims_of"] and not other)
    label = f"claim of {said_by}" if known else f"{said_by} claims"
    note = (
        f"Each is a claim of {said_by}, stated so that runs can support it or not; the verdict "
        "says what follows from the assumptions, not who is right."
    )
    judged = (view.claims or {}).get("claims", []) if found["claims"] else []
    links = [(view.claims or {}).get(k) or {} for k in ("supports", "attacks")]
    return found | {
        "map": argument_map(judged, *links),
        "label": label,
        "whose": note if found["claims"] or found["made"] else None,
        "figures": [
            {"id": f"claim-{k}", "data": None, "saved": _saved(c)} for k, c in enumerate(judged, 1)
        ],
    }


def _saved(c: dict[str, Any]) -> dict[str, list[Any]]:
    """The tests of a claim as columns, for a reader who keeps them."""
    tests = [*c.get("tests", []), *c.get("also", [])]
    names = ("says", "outcome", "of", "against", "expect", "margin", "pairs", "verdict")
    columns = {k: [t.get(k) for t in tests] for k in names}
    effects = [t.get("effect") or {} for t in tests]
    return columns | {k: [e.get(k) for e in effects] for k in ("mean", "low", "high")}


def _judged(view: StudyView) -> dict[str, Any]:
    made, tested = view.model["claims"], view.claims or {}
    if not tested.get("claims"):
        title, command = "This scenario makes no claims.", None
        if made:
            are = "is" if len(made) == 1 else "are"
            title = f"{count(len(made), 'claim')} {are} made and not yet tested."
            command = claims_command(view)
        return {"title": title, "claims": [], "made": made, "command": command, "notes": []}
    found = tested["claims"]
    verdicts = Counter(c["verdict"] for c in found)
    each = [
        f"{verdicts[v]} {'is' if verdicts[v] == 1 else 'are'} {v}" for v in MARKS if verdicts[v]
    ]
    title = f"Of {count(len(found), 'claim')}, {listed(each)}."
    notes = [
        f"Tested on pairs of futures with common luck: {tested.get('runs', '?')} wanted, "
        f"{tested.get('citizens', 0):,} agents, seed {tested.get('seed', '?')}. Dot and line: the "
        "effect with its 95 % interval; shaded: the side that the claim expects; dashed: the "
        "margin that it must pass."
    ]
    m = view.manifest
    says = {r["key"]: r["says"] for r in view.model.get("ledger", [])}
    if tested.get("scenario") != m["scenario"]:
        notes.append(
            f"These claims belong to the scenario {tested.get('scenario')}, not to this one."
        )
    elif tested.get("citizens") == m.get("citizens") and tested.get("hash") != m["hash"]:
        notes.append(
            "The scenario has changed between the claims and this study (their fingerprints "
            "differ)."
        )
    return {
        "title": title,
        "claims": [claim(c, says, view.called) for c in found],
        "made": [],
        "command": None,
        "notes": notes,
    }


def claim(c: dict[str, Any], says: dict[str, str], called: dict[str, str]) -> dict[str, Any]:
    """A claim as it was judged, in words.

    says: of each assumption, by key.  called: the costs to citizens, by column.
    """
    tests = [_test(t, says, beside=False) for t in c.get("tests", [])]
    tests += [_test(t, says, beside=True) for t in c.get("also", [])]
    arms = list(c.get("costs", {}))
    known = [k for k in called if any(k in c["costs"][a] for a in arms)]
    costs = [
        {"says": called[k], "cells": [_cost(c["costs"][a].get(k)) for a in arms]} for k in known
    ]
    # survival never without its costs, nor costs without survival
    if any("survived" in c["costs"][a] for a in arms):
        costs.insert(0, {"says": "still in power", "cells": [_lasting(c, a) for a in arms]})
    return {
        "id": c["id"],
        "sentence": c["sentence"],
        "verdict": c["verdict"],
        "said": settled(c["verdict"], c.get("pairs_to_settle")),
        "caveat": c.get("caveat"),
        "objections": objections(c.get("objections")),
        "mark": MARKS.get(c["verdict"], "?"),
        "reason": c.get("reason"),
        "tests": tests,
        "arms": arms,
        "costs": costs,
        "counted": over_shared_days(c["costs_days"]) if c.get("costs_days") is not None else None,
        "likelihood": c.get("likelihood"),
        "confidence": c.get("confidence"),
        "note": c.get("note"),
    }


def _lasting(c: dict[str, Any], arm: str) -> dict[str, str]:
    """Futures of an arm still in power, and those that failed."""
    x, n = c["costs"][arm].get("survived"), c.get("futures", {}).get(arm, {})
    finished, failed = n.get("finished", 100), n.get("failed", 0)
    if not x:
        return {"mean": "–", "range": ""}
    text = of_futures(round(x["mean"] * finished), finished).removesuffix(" futures")
    return {"mean": text, "range": f"{failed:,} failed" if failed else ""}


def _cost(x: dict[str, float] | None) -> dict[str, str]:
    if not x:
        return {"mean": "–", "range": ""}
    return {"mean": two(x["mean"]), "range": f"{two(x['low'])} to {two(x['high'])}"}


def _test(t: dict[str, Any], says: dict[str, str], beside: bool) -> dict[str, Any]:
    """A test with its dot and bar on an axis that holds zero, the margin and the interval."""
    e, number = t["effect"], isinstance(t.get("against"), (int, float))
    margin = (t.get("margin") or 0.0) * (1 if t.get("expect") == "above" else -1)
    scale, unit = SCALES.get(t.get("kind") or "", (1.0, ""))
    values = [e.get(k) for k in ("mean", "low", "high")]
    drawn = None not in values
    text = "nothing can be said"
    if t["verdict"] != "not testable" and values[0] is not None:
        between = f" ({signed(scale * values[1])} to {signed(scale * values[2])})" if drawn else ""
        text = f"{signed(scale * values[0])}{unit}{between}"
    carried = []
    for k in t.get("carried_by", []):
        if k.get("beyond_luck"):
            key = k["assumption"]
            carried.append(f"{says.get(key, key)} ({key}, {signed(k['correlation'])})")
    against = f"the number {exact(t['against'])}" if number else str(t.get("against"))
    expect = (
        f"expected {t.get('expect', '')} {exact(float(f'{scale * margin:.3g}'))}{unit} "
        f"({t.get('margin_from') or 'given'})"
    )
    picture = _picture(values, margin, scale, t.get("expect") == "above") if drawn else None
    what = "futures" if number else "pairs"
    return {
        "says": t["says"],
        "of": t.get("of"),
        "against": against,
        "expect": expect,
        "outcome": t.get("outcome", ""),
        "given": t.get("given"),
        "reason": t.get("reason"),
        "verdict": None if beside else settled(t["verdict"], t.get("pairs_to_settle"), what),
        "mark": MARKS.get(t["verdict"], "?"),
        "picture": picture,
        "text": text,
        "pairs": _pairs(t),
        "carried": carried,
        "beside": beside,
        "days": t.get("days"),
        "counted": _counted(t, scale, unit),
    }


def _counted(t: dict[str, Any], scale: float, unit: str) -> str:
    """How the days of both sides were counted, with the effect over all days of each."""
    x = t.get("exposure") or {}
    whole = x.get("whole") or {}
    told = [signed(scale * whole[k]) for k in ("mean", "low", "high") if whole.get(k) is not None]
    between = f" ({told[1]} to {told[2]})" if len(told) == 3 else ""
    return exposed(x, f"{told[0]}{unit}{between}" if told else "nothing can be said")


def _picture(values: list[float], margin: float, scale: float, above: bool) -> dict[str, Any]:
    """Where dot, bar, zero and margin lie, in parts of 100 of the axis."""
    ends = [*values, 0.0, margin]
    reach = (max(ends) - min(ends)) or 1.0
    low, width = min(ends) - 0.08 * reach, 1.16 * reach

    def at(v: float) -> float:
        return round(100 * (v - low) / width, 2)

    wanted = at(margin)
    return {
        "mean": at(values[0]),
        "low": at(values[1]),
        "high": at(values[2]),
        "zero": at(0.0),
        "margin": wanted,
        "side": (wanted, 100 - wanted) if above else (0, wanted),
        "ends": (signed(scale * (low + 0.08 * reach)), signed(scale * (low + 1.08 * reach))),
    }


def _pairs(t: dict[str, Any]) -> str:
    """What a test was told from, and what was lost to failed futures."""
    text = t.get("seen") or count(int(t.get("pairs", 0)), "pair")
    if isinstance(t.get("against"), str):
        text += (
            f": higher in {t.get('higher', 0):,}, lower in {t.get('lower', 0):,}, the same in "
            f"{t.get('same', 0):,}"
        )
    if not t.get("failed"):
        return text
    return f"{text}; {t['failed']:,} more were lost to futures that failed"
