"""The mechanisms of a scenario: who speaks to whom, in which words and equations, resting on what.

Everything comes from the declarations (scenario/ledger.py), as in `thermidor explain`.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping
from typing import Any

from ... import wording as words
from ...report.parts.units import unit_words
from ...scenario.ledger import citation, explain
from ...scenario.scenario import Scenario
from ..model import first_sentence, reason

LABEL = re.compile(r"\s+\(([a-z_]+\.\d+)\)\s*$")  # of an equation, at the end of its line


def facts(base: Scenario, chosen: Scenario, changed: Mapping[str, Any]) -> dict[str, Any]:
    """The country under the reader's values.

    base: the country as it is.  changed: values by key.
    """
    told = explain(chosen)
    silent = chosen.silent
    mechanisms = [_mechanism(m, base, changed, silent) for m in told["mechanisms"]]
    rows = [r for m in mechanisms if not m["off"] for r in m["assumptions"]]
    weak = sum(r["grade"] == "judgement" for r in rows)
    held = sum(not r["drawn"] for r in rows)
    on, arrows = [m for m in mechanisms if not m["off"]], _arrows(chosen)
    return {
        "title": told["title"],
        "hash": told["hash"],
        "sentence": f"{words.count(len(on), 'mechanism')} speak to each other over "
        f"{words.count(len({a['channel'] for a in arrows}), 'channel')}, and rest on "
        f"{words.count(len(rows), 'assumption')}: {weak:,} on judgement alone, {held:,} held at "
        "one value.",
        "mechanisms": mechanisms,
        "arrows": arrows,
        "reads": _reads(chosen),
        "grades": sorted({r["grade"] for r in rows}, key=_grade),
        "left_out": told["left_out"],
        "not_given": [f"{r['key']} ({r['says']}) {r['stands']}." for r in told["not_given"]],
        "changed": len(changed),
    }


def _grade(grade: str) -> int:
    from ...mechanism import GRADES

    return -GRADES.index(grade)


def _arrows(s: Scenario) -> list[dict[str, str]]:
    """Who speaks into which channel of whom."""
    w = s.wiring
    return [
        {
            "from": who,
            "to": w.listener[c],
            "channel": c,
            "says": w.channels[c].why,
            "unit": unit_words(w.channels[c].unit),
        }
        for c, who in w.speakers()
        if not {who, w.listener[c]} & s.silent
    ]


def _reads(s: Scenario) -> list[dict[str, Any]]:
    """Who reads which states of whom."""
    w = s.wiring
    found: dict[tuple[str, str], list[str]] = {}
    for m in w.mechanisms:
        for r in m.reads:
            if r in w.owner and w.owner[r] != m.name and not {m.name, w.owner[r]} & s.silent:
                found.setdefault((w.owner[r], m.name), []).append(r)
    return [{"from": a, "to": b, "states": sorted(c)} for (a, b), c in sorted(found.items())]


def _mechanism(
    m: Mapping[str, Any], base: Scenario, changed: Mapping[str, Any], silent: Any
) -> dict[str, Any]:
    rows = [_row(r, base, changed) for r in m["parameters"]]
    return {
        "key": m["name"],
        "title": words.upper(m["name"]),
        "says": first_sentence(m["equations"]),
        "off": m["name"] in silent,
        "text": blocks(m["equations"]),
        "states": [_told(k, q) for k, q in m["owns"].items()],
        "channels": [_told(k, q) for k, q in m["opens"].items()],
        "choices": [r for r in rows if r["role"] == "choice"],
        "assumptions": [r for r in rows if r["role"] == "assumption"],
        "cites": [citation(c) for c in m["cites"]],
    }


def _told(key: str, q: Mapping[str, Any]) -> dict[str, Any]:
    return {"key": key, "says": q["says"], "unit": unit_words(q["unit"]), "by": q["by"]}


def _row(r: Mapping[str, Any], base: Scenario, changed: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the ledger; what the reader changed has what it was."""
    key = r["key"]
    mine, was = changed.get(key), base.parameters.get(key)
    spread = not r["options"] and r["low"] < r["high"]
    span = words.between(r["low"], r["high"]) if spread else ""
    if key in changed and was is not None and not r["options"] and was.low < was.high:
        span = words.between(was.low, was.high)
    return {
        "key": key,
        "mechanism": key.partition(".")[0],
        "says": words.upper(r["means"]),
        "reason": reason(r),
        "value": words.exact(r["value"]),
        "was": words.exact(was.value) if mine is not None and was is not None else None,
        "range": ", ".join(r["drawn_from"] or r["options"] or ()) or span,
        "unit": unit_words(r["unit"]),
        "role": r["role"],
        "actor": r["actor"],
        "grade": r["grade"],
        "source": citation(r["source"]) if r["source"] else "",
        "rests": r["rests_on"] or "",
        "drawn": bool(r["drawn"]) and key not in changed,
        "learnt": bool(r["posterior"]),
    }


def blocks(text: str) -> list[dict[str, Any]]:
    """A docstring as paragraphs and equations, these with their labels."""
    out: list[dict[str, Any]] = []
    prose: list[str] = []
    equation: list[str] = []

    def close() -> None:
        if prose:
            out.append({"text": " ".join(prose)})
            prose.clear()
        if equation:
            made = textwrap.dedent("\n".join(equation)).splitlines()
            out.append({"equations": [_equation(x) for x in made]})
            equation.clear()

    for line in [*text.splitlines(), ""]:
        indented = line[:1] == " " and bool(line.strip())
        if not line.strip() or bool(prose if indented else equation):
            close()
        if line.strip():
            (equation if indented else prose).append(line.rstrip() if indented else line.strip())
    return out


def _equation(line: str) -> list[str]:
    """An equation and its label."""
    found = LABEL.search(line)
    return [line[: found.start()] if found else line, found.group(1) if found else ""]
