"""A page for each mechanism: what it says, its equations, its parameters with their evidence, and
how it is wired to the others.
"""

from __future__ import annotations

import math

from . import model, references
from .text import cell, code, docstring, first_sentence, number, table


def pages() -> dict[str, str]:
    """The pages by their path in docs/reference."""
    made = {f"mechanisms/{m.name}.md": page(m) for m in model.mechanisms()}
    return {"mechanisms/index.md": index()} | made


def index() -> str:
    lines = [
        "# Mechanisms",
        "",
        "A state has one owner, a channel has many speakers, everyone reads yesterday and writes",
        "today. Each page gives the sentences and equations of one mechanism, its parameters with",
        "their evidence, and its wiring. To write one, see the [tutorial](../../tutorial/"
        "own-mechanism.md).",
        "",
    ]
    lines += table(
        ["mechanism", "says", "parameters", "states", "channels"],
        (
            [
                f"[{m.name}]({m.name}.md)",
                cell(first_sentence(m.doc)),
                str(len(m.parameters)),
                str(len(m.owns)),
                str(len(m.opens)),
            ]
            for m in model.mechanisms()
        ),
    )
    return "\n".join(lines)


def page(m) -> str:
    """The page of a mechanism."""
    where = model.source_file(m).with_suffix(".md").as_posix()
    lines = [
        f"# {m.name}",
        "",
        *docstring(m.doc),
        f"Source: [`{model.source_file(m).as_posix()}`](../source/{where})",
        "",
        *_parameters(m),
        *_axes(m),
        *_states(m),
        *_channels(m),
        *_reads(m),
        *_adds(m),
        *_tells(m),
        *_references(m),
    ]
    return "\n".join(lines)


COST = " (a cost to citizens, summed over the run)"
ROLES = {
    "Assumptions": "How the world works. Each future draws them from their range.",
    "Facts": "Of the country or the day; the scenario gives them.",
    "Choices": "What actors decide. They are never drawn; a patch or a study changes them.",
}


def _role(p) -> str:
    if p.role == "choice":
        return "Choices"
    return "Facts" if p.fact else "Assumptions"


def _parameters(m) -> list[str]:
    lines = ["## Parameters", ""]
    if not m.parameters:
        return [*lines, "None.", ""]
    for role, says in ROLES.items():
        mine = [p for p in m.parameters.values() if _role(p) == role]
        if mine:
            who = ["actor"] if role == "Choices" else []
            head = ["name", "default", "range", "unit", "meaning", *who, "source", "grade"]
            rows = (
                [
                    code(p.name),
                    cell(number(p.default)),
                    _range(p),
                    cell(p.unit),
                    cell(p.why),
                    *([cell(p.actor)] if who else []),
                    references.link(p.source, "../references.md"),
                    cell(p.grade),
                ]
                for p in mine
            )
            lines += [f"### {role}", "", says, "", *table(head, rows)]
    return lines


def _range(p) -> str:
    if p.options:
        return ", ".join(code(o) for o in p.options)
    return f"{number(p.low)} to {number(p.high)}" + (", log scale" if p.log else "")


def _axes(m) -> list[str]:
    if not m.axes:
        return []
    rows = ([code(k), cell(", ".join(a.members))] for k, a in m.axes.items())
    return ["## Axes it declares", "", *table(["axis", "members"], rows)]


def _states(m) -> list[str]:
    lines = ["## States it owns", ""]
    if not m.owns:
        return [*lines, "None.", ""]
    rows = (
        [code(k), cell(q.unit), cell(q.by), cell(q.why) + (COST if q.cost else "")]
        for k, q in m.owns.items()
    )
    return lines + table(["state", "unit", "indexed by", "meaning"], rows)


def _channels(m) -> list[str]:
    lines = ["## Channels it opens", "", "It hears the sum of what others say, within the bounds."]
    if not m.opens:
        return [*lines[:2], "None.", ""]
    rows = (
        [
            code(k),
            cell(q.unit),
            cell(q.by),
            bounds(q),
            cell(q.why),
            ", ".join(_link(s) for s in speakers(k)) or "nobody",
        ]
        for k, q in m.opens.items()
    )
    head = ["channel", "unit", "indexed by", "bounds", "meaning", "spoken into by"]
    return [*lines, "", *table(head, rows)]


def bounds(q) -> str:
    """The bounds of a channel; nothing where it has none."""
    if math.isinf(q.low) and math.isinf(q.high):
        return ""
    return f"{number(q.low)} to {number(q.high)}"


def speakers(channel: str) -> list[str]:
    """Mechanisms that may speak into a channel."""
    w = model.wiring()
    return [m.name for m in w.mechanisms if channel in w.adds(m)]


def _reads(m) -> list[str]:
    w, lines = model.wiring(), ["## States of others it reads", ""]
    if not m.reads:
        return [*lines, "None.", ""]
    rows = (
        [code(r), _link(w.owner[r]), cell(w.states[r].unit), cell(w.states[r].why)] for r in m.reads
    )
    return lines + table(["state", "owner", "unit", "meaning"], rows)


def _tells(m) -> list[str]:
    if not m.tells:
        return []
    return ["## What may happen", "", *(f"- {cell(what)}" for what in m.tells), ""]


def _adds(m) -> list[str]:
    w, lines = model.wiring(), ["## Channels it speaks into", ""]
    if not w.adds(m):
        return [*lines, "None.", ""]
    rows = (
        [code(c), _link(w.listener[c]), cell(w.channels[c].unit), cell(w.channels[c].why)]
        for c in w.adds(m)
    )
    return lines + table(["channel", "listener", "unit", "meaning"], rows)


def _link(name: str) -> str:
    return f"[{name}]({name}.md)"


def _references(m) -> list[str]:
    keys = sorted({*m.cites, *(p.source for p in m.parameters.values() if p.source)})
    lines = ["## References", ""]
    if not keys:
        return [*lines, "None.", ""]
    return [*lines, *(f"- {references.entry(k, '../references.md')}" for k in keys), ""]
