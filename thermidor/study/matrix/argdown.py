"""An argument as Argdown, a plain language for maps of arguments (argdown.org).

[C3]: A deal now will not hold. {verdict: "not settled"}
  + [C4]
  - <critic of C3>: Outsiders break deals as well.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from ...scenario.file.schema import Claim
from .links import failing


def argdown(
    title: str, of: str, claims: Sequence[Claim], verdicts: Mapping[str, Mapping[str, str]]
) -> str:
    """The claims with what supports and attacks each, and their verdicts by country and claim."""
    lines = ["===", f"title: {json.dumps(title, ensure_ascii=False)}"]
    lines += [f"author: {json.dumps(of, ensure_ascii=False)}", "===", ""]
    supports = {c.id: c.supports for c in claims}
    lost = {k: failing(supports, of_country) for k, of_country in verdicts.items()}
    for c in claims:
        data = {country: found[c.id] for country, found in verdicts.items() if c.id in found}
        weak = {k: " ".join(x[c.id]) for k, x in lost.items() if c.id in x}
        told = [f"{json.dumps(k)}: {json.dumps(v)}" for k, v in data.items()]
        told += [f"{json.dumps(f'support fails in {k}')}: {json.dumps(v)}" for k, v in weak.items()]
        data_of = f" {{{', '.join(told)}}}" if told else ""
        lines.append(f"[{c.id}]: {_line(c.sentence)}{data_of}")
        lines += [f"  + [{o.id}]" for o in claims if c.id in o.supports]
        lines += [f"  - [{o.id}]" for o in claims if c.id in o.attacks]
        if c.objections:
            lines.append(f"  - <critic of {c.id}>: {_line(c.objections.critic)}")
        lines.append("")
    return "\n".join(lines)


def _line(text: str) -> str:
    """A sentence with nothing in it that Argdown takes for a sign of its own."""
    return " ".join(text.split()).translate({ord(c): f"\\{c}" for c in "[]<>{}#*_@"})
