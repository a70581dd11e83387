"""What the page is generated from: the choices by actor and the assumptions by mechanism, with
their sentences, units, ranges, grades and sources, as the model's ledger has them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from .. import wording as words
from ..scenario.ledger import citation, ledger
from ..scenario.scenario import Scenario
from .address import of_file
from .charts import listed

ACTORS = (
    "ruler",
    "society",
    "neighbours",
    "broker",
    "adversary",
)  # from within outwards; others follow
AROUND = 2.0  # widths of the plausible range on either side of it that a slider shows


def model(scenario: Scenario) -> dict[str, Any]:
    """The country: its controls and the charts that there are."""
    rows = ledger(scenario)
    says = {m.name: first_sentence(m.doc) for m in scenario.wiring.mechanisms}
    learnt = set(scenario.fitted)
    turns = of_file(scenario)
    controls = [_control(r, r["key"] in learnt, turns.get(r["key"], {})) for r in rows]
    for c in controls:
        c["switch"] = scenario.parameters[c["key"]].parameter.switch
    choices = [c for c in controls if c["role"] == "choice"]
    assumptions = [c for c in controls if c["role"] == "assumption"]
    return {
        "country": scenario.name,
        "title": scenario.title,
        "hash": scenario.hash,
        "start": str(scenario.start),
        "days": scenario.days,
        "citizens": scenario.place.citizens,
        "choices": _groups(choices, "actor", {}, ACTORS),
        "assumptions": _groups(assumptions, "mechanism", says),
        "grades": _grades(assumptions),
        "charts": listed(scenario),
    }


def first_sentence(doc: str) -> str:
    """The first sentence of a mechanism."""
    paragraph = " ".join(doc.strip().split("\n\n")[0].split())
    return paragraph.split(". ")[0].rstrip(".") + "."


def _control(row: Mapping[str, Any], learnt: bool, turns: Mapping[str, float]) -> dict[str, Any]:
    """A slider, a switch, or a list of forms.

    turns: its values by date in the country's file.

    low, high: of the slider, which shows the plausible range and as much around it as keeps it
    readable.  least, most: that the model takes.  plausible: the range that the ledger gives, None
    where it gives one value only.
    """
    key, declared = row["key"], row["declared"]
    mechanism, _, name = key.partition(".")
    made = {
        "key": key,
        "role": row["role"],
        "actor": row["actor"],
        "mechanism": mechanism,
        "name": name.replace("_", " "),
        "says": words.upper(row["means"]),
        "reason": reason(row),
        "unit": row["unit"],
        "value": row["value"],
        "grade": row["grade"],
        "source": citation(row["source"]) if row["source"] else None,
        "drawn": row["drawn"],
        "learnt": learnt,
        "options": row["options"],
        "plausible": None,
        "turns": turns,
    }
    if row["options"]:
        return made
    low, high = min(declared["low"], row["low"]), max(declared["high"], row["high"])
    low, high = (x if math.isfinite(x) else row["value"] for x in (low, high))
    spread = row["low"] < row["high"] and row["role"] == "assumption"
    log = row["scale"] == "log" and low > 0
    least, most = low, high
    if spread and not log:
        wide = AROUND * (row["high"] - row["low"])
        low, high = max(least, row["low"] - wide), min(most, row["high"] + wide)
    return made | {
        "low": low,
        "high": high,
        "least": least,
        "most": most,
        "log": log,
        "plausible": [row["low"], row["high"]] if spread else None,
        "range": words.between(row["low"], row["high"]) if spread else words.between(low, high),
    }


def reason(row: Mapping[str, Any]) -> str:
    """Why a parameter has its value, as the country's file says it; nothing where it says none."""
    return "" if row["says"] == row["means"] else str(row["says"])


def _groups(
    controls: list[dict[str, Any]], by: str, says: Mapping[str, str], first: tuple[str, ...] = ()
) -> list[dict[str, Any]]:
    rank = {actor: k for k, actor in enumerate(first)}
    found: dict[str, list[dict[str, Any]]] = {}
    named = [(c[by] or c["mechanism"], c) for c in controls]
    for name, c in sorted(named, key=lambda x: (rank.get(x[0], len(rank)), x[0], x[1]["key"])):
        found.setdefault(name, []).append(c)
    return [
        {"key": k, "title": words.upper(k), "says": says.get(k, ""), "controls": v}
        for k, v in found.items()
    ]


def _grades(assumptions: list[dict[str, Any]]) -> str:
    """What the assumptions rest on, in a sentence."""
    weak = sum(a["grade"] == "judgement" for a in assumptions)
    return (
        f"{words.count(len(assumptions), 'assumption')}, of which {weak:,} rest on judgement alone."
    )
