"""What a scenario is made of, generated from the declarations: mechanisms, wiring, equations,
ledger, citations, parts.
"""

from __future__ import annotations

import math
import re
from functools import cache
from importlib.resources import files
from typing import Any

from ..endings import ENDINGS
from ..library.sources import TABLES, from_memory, source
from ..mechanism import GRADES, Quantity
from .assumption import Assumption
from .scenario import Scenario
from .unsaid import unsaid

WEAKEST_FIRST = tuple(reversed(GRADES))


@cache
def references() -> dict[str, dict[str, str]]:
    """Entries of refs.bib by key: type and fields."""
    text = (files("thermidor.library") / "refs.bib").read_text(encoding="utf-8")
    out = {}
    for kind, key, body in re.findall(r"@(\w+)\{([^,\s]+),(.*?)\n\}", text, re.S):
        out[key] = {"type": kind.lower()}
        for field, words in re.findall(r"(\w+)\s*=\s*\{((?:[^{}]|\{[^{}]*\})*)\}", body):
            out[key][field.lower()] = " ".join(words.split()).replace("{", "").replace("}", "")
    return out


def citation(key: str) -> str:
    """A reference as a line of text."""
    r = references().get(key)
    if r is None:
        return key
    outlets = ("journal", "publisher", "howpublished", "institution")
    volume = [r.get("volume", ""), f"({r['number']})" if "number" in r else ""]
    bits = [
        f"{r.get('author', key)} ({r.get('year', 'n.d.')}). {r.get('title', '')}.",
        next((r[k] for k in outlets if r.get(k)), ""),
        " ".join(v for v in volume if v),
        r.get("pages", "").replace("--", "-"),
        f"doi:{r['doi']}" if "doi" in r else r.get("url", ""),
    ]
    return " ".join(b for b in bits if b)


def ledger(scenario: Scenario) -> list[dict[str, Any]]:
    """Every parameter as a row, weakest evidence first; choices, nobody's evidence, last.

    Those of a mechanism that is switched off are left out.
    """
    return [r for r in _rows(scenario) if not scenario.parameters[r["key"]].off]


def _rows(scenario: Scenario) -> list[dict[str, Any]]:
    learnt = scenario.posterior.quantiles if scenario.posterior else {}
    rows = [_row(key, a) for key, a in scenario.parameters.items()]
    for r in rows:
        drawn = r["key"] in scenario.fitted and not scenario.parameters[r["key"]].off
        r["posterior"] = _learnt(learnt[r["key"]]) if drawn else None
    return sorted(
        rows, key=lambda r: (r["role"] == "choice", WEAKEST_FIRST.index(r["grade"]), r["key"])
    )


def _row(key: str, a: Assumption) -> dict[str, Any]:
    p = a.parameter
    return {
        "key": key,
        "says": a.why,
        "means": p.why,
        "value": a.value,
        "low": a.low,
        "high": a.high,
        "unit": p.unit,
        "role": p.role,
        "actor": p.actor,
        "grade": a.grade,
        "source": a.source,
        "drawn": a.drawn,
        "scale": "log" if p.log else "linear",
        "options": list(p.options) or None,
        "drawn_from": list(a.options) or None,
        "rests_on": from_memory(a.source),
        "declared": {"low": p.low, "high": p.high, "default": p.default},
    }


def _bounds(q: Quantity) -> dict[str, float]:
    """What a channel takes at least and at most, where its listener declares it."""
    return {k: x for k, x in (("low", q.low), ("high", q.high)) if math.isfinite(x)}


def _learnt(q: tuple[float, float, float]) -> dict[str, float]:
    return dict(zip(("q10", "q50", "q90"), q, strict=True))


def diagram(scenario: Scenario) -> str:
    """Who reads whom and who speaks to whom, as a Mermaid graph.

    What is off on every day is left out; what is switched off on a later day is dashed.
    """
    w, silent = scenario.wiring, scenario.silent
    arrows = {(w.owner[r], f"-- {r} -->", m.name) for m in w.mechanisms for r in m.reads}
    arrows |= {(m.name, f"== {c} ==>", w.listener[c]) for m in w.mechanisms for c in w.adds(m)}
    lines = sorted(f"  {a} {how} {b}" for a, how, b in arrows if not silent & {a, b})
    later = [f"  class {m} off" for m in sorted(w.off - silent)]
    if later:
        later.append("  classDef off stroke-dasharray: 5 5")
    return "\n".join(["graph LR", *lines, *later])


def explain(scenario: Scenario) -> dict[str, Any]:
    """Everything above as one object."""
    w = scenario.wiring
    rows = _rows(scenario)
    cited = sorted(
        {c for m in w.mechanisms for c in m.cites}
        | {r["source"] for r in rows if r["source"]}
        | {e.source for e in scenario.file.events if e.source}
        | {b.source for b in scenario.file.base_rates if b.source}
        | {o.source for o in scenario.file.observed if o.source}
        | ({scenario.file.place.source} if scenario.file.place.source else set())
    )
    return {
        "scenario": scenario.name,
        "title": scenario.title,
        "hash": scenario.hash,
        "start": str(scenario.start),
        "days": scenario.days,
        "mechanisms": [
            {
                "name": m.name,
                "says": m.doc.strip().splitlines()[0],
                "equations": m.doc.strip(),
                "switched_off": m.name in w.off,
                "reads": list(m.reads),
                "adds": list(w.adds(m)),
                "tells": list(m.tells),
                "cites": list(m.cites),
                "owns": {
                    k: {"unit": q.unit, "says": q.why, "by": q.by, "cost": q.cost}
                    for k, q in m.owns.items()
                },
                "opens": {
                    k: {"unit": q.unit, "says": q.why, "by": q.by} | _bounds(q)
                    for k, q in m.opens.items()
                },
                "parameters": [r for r in rows if r["key"].startswith(m.name + ".")],
            }
            for m in w.mechanisms
        ],
        "wiring": diagram(scenario),
        "ledger": ledger(scenario),
        "citations": {c: citation(c) for c in cited},
        "sources": {c: source(c) for c in cited if c in TABLES},
        "parts": [p.model_dump() for p in scenario.file.parts],
        "left_out": list(scenario.file.left_out),
        "not_given": unsaid(scenario),
        "endings": dict(ENDINGS),
        "claims_of": scenario.file.claims_of,
        "claims": [{"id": c.id, "sentence": c.sentence} for c in scenario.claims],
        "base_rates": [
            b.model_dump() | {"rests_on": from_memory(b.source, b.rows)}
            for b in scenario.file.base_rates
        ],
        "provinces": [
            {"id": r.id, "name": r.name, "population": r.population}
            for r in scenario.file.place.provinces
        ],
    }


def outlines(scenario: Scenario) -> dict[str, Any] | None:
    """The provinces' outlines as GeoJSON, if the scenario names a file of them."""
    found = scenario.outlines
    return found.geojson() if found else None
