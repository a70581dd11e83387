"""One country as two people believe it to be: the same futures by number, on the same luck."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ... import wording as words
from ...scenario.argument.beliefs import read
from ...scenario.scenario import Scenario
from ...study.costs import of_columns
from ..answer import difference, in_words, sentence
from ..charts import counted
from ..futures import Some, evenly
from . import drawn

SAME = "{a} and {b} believe the same of {country}."
BOTH = "What you set holds on both sides, in place of what either believes of it: {keys}."
COSTS = "Counted {how}. " + drawn.UNITS


def told(
    scenarios: Sequence[Scenario],
    played: Sequence[Some],
    files: Sequence[str],
    base: Scenario,
    assumptions: Mapping[str, Any],
) -> dict[str, Any]:
    """Two beliefs beside each other.

    base: the country with its own.  assumptions: that the reader set, which hold on both sides.
    """
    holders = [read(f).file.holder for f in files]
    if holders[0] == holders[1]:
        holders = [f"{h} ({Path(f).stem})" for h, f in zip(holders, files, strict=True)]
    sides = [
        drawn.Side(h, p.ending, p.day, s.days)
        for h, s, p in zip(holders, scenarios, played, strict=True)
    ]
    d = difference(*played)
    rows = list(held(scenarios, base))
    said = in_words(d, words.count(d["pairs"], "future"))
    line = f"With what {holders[0]} believes rather than {holders[1]}: {said}."
    if not any(r["differ"] for r in rows):
        line = SAME.format(a=holders[0], b=holders[1], country=base.title)
    even, cut = evenly(played)
    values = [
        {c.name: paid[:, k] for k, c in enumerate(s.columns.costs)}
        for s, paid in zip(scenarios, even, strict=True)
    ]
    named = of_columns(base.columns)
    how = COSTS.format(how=counted(cut, 2))
    return {
        "sides": [
            {"title": h, "sentence": sentence(s, p), "hash": s.hash, "futures": len(p)}
            for h, s, p in zip(holders, scenarios, played, strict=True)
        ],
        "differences": [d | {"sentence": line, "paired": True}],
        "charts": [
            drawn.curves(sides, "Futures still in power", apart=False),
            drawn.endings(sides),
            drawn.costs(sides, values, named, "median (90 of 100 futures)", how),
        ],
        "beliefs": {"holders": holders, "rows": rows},
        "claims": [{"id": c.id, "sentence": c.sentence} for c in base.claims if c.tests],
        "notes": [BOTH.format(keys=words.listed(list(assumptions)))] if assumptions else [],
    }


def held(scenarios: Sequence[Scenario], base: Scenario) -> list[dict[str, Any]]:
    """What each holds where either differs from the country's own: a row an assumption."""
    rows = []
    for key, own in base.parameters.items():
        each = [s.parameters[key] for s in scenarios]
        texts = [_range(a) for a in (own, *each)]
        if len(set(texts)) == 1:
            continue
        p = own.parameter
        rows.append(
            {"key": key, "says": words.upper(p.why), "unit": p.unit, "role": p.role}
            | {"own": texts[0], "each": texts[1:], "differ": texts[1] != texts[2]}
        )
    return sorted(rows, key=lambda r: not r["differ"])


def _range(a: Any) -> str:
    if a.parameter.options or not a.low < a.high:
        return words.exact(a.value)
    return f"{words.exact(a.value)} ({words.between(a.low, a.high)})"


def crux_command(files: Sequence[str], asked: tuple[str, int], claim: str = "CLAIM") -> str:
    """The command that tells which of the beliefs part their answers."""
    country, seed = asked
    told = ["thermidor", "crux", *files, country, "--claim", claim]
    return shlex.join(told + (["--seed", str(seed)] if seed != 1 else []))
