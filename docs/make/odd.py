"""The model in the form of the ODD protocol, from what the code declares.

What cannot be generated is said to be not described yet; nothing is filled in by hand.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator

from thermidor import __version__, published
from thermidor.chance.draws import Draw
from thermidor.endings import ENDINGS
from thermidor.scenario.dictionary import TABLES

from . import ROOT, model
from .mechanism_pages import bounds, speakers
from .text import cell, code, first_sentence, prose, table

BLANK = "*Not described yet.*"
FEW = 12  # members of an axis that are listed by name
DRAWS = {name for name in vars(Draw) if not name.startswith("_")} - {"day", "during"}


def pages() -> dict[str, str]:
    """The page by its path in docs/reference."""
    return {"odd.md": page()}


def page() -> str:
    """The seven elements of ODD."""
    lines = [*_head(), "## Overview", ""]
    lines += [*_purpose(), *_entities(), *_process()]
    lines += ["## Design concepts", "", "Element 4 of the protocol.", ""]
    for name, told in CONCEPTS.items():
        lines += [f"### {name}", "", *(told() if told else [BLANK, ""])]
    lines += ["## Details", ""]
    lines += [*_initialization(), *_inputs(), *_submodels()]
    return "\n".join(lines)


def _head() -> list[str]:
    return [
        "# ODD",
        "",
        "The model in the form of the ODD protocol (Overview, Design concepts, Details; Grimm and",
        "others 2020, *Journal of Artificial Societies and Social Simulation* 23(2) 7). Generated",
        f"from the declarations of version {__version__} with the scenario `{model.SCENARIO}`, in",
        "which every mechanism runs. What no declaration holds is said to be not described yet.",
        "",
    ]


def _purpose() -> list[str]:
    titles = [published.title(name) for name in published.models()]
    return [
        "### 1. Purpose and patterns",
        "",
        "Thermidor is a laboratory for arguments about how authoritarian regimes survive and fall.",
        "It compares mechanisms under stated assumptions; it is not a forecast.",
        "",
        "Patterns by which it is judged:",
        "",
        "- how past uprisings ended, out of sample: [the score board](../history.md);",
        f"- {len(titles)} [published models](../published.md) as special cases of the same code.",
        "",
        "What is asked of each future is how it ends:",
        "",
        *table(["ending", "definition"], ([cell(k), cell(says)] for k, says in ENDINGS.items())),
    ]


def _entities() -> list[str]:
    s = model.scenario()
    lines = [
        "### 2. Entities, state variables, and scales",
        "",
        f"*Agents.* {int(s.place.agents.sum()):,} agents stand for the people of",
        f"{s.file.place.country} in `{model.SCENARIO}`; at most one agent a person.",
        "Everything else is indexed by these axes:",
        "",
        *table(["axis", "declared by", "members", "names"], _axes()),
        f"*Scales.* A step is a day; the scenario has {s.days} days from {s.start}. Space is",
        f"{len(s.place.ids)} provinces and which of them are neighbours.",
        "",
        "*State variables*, each owned by one mechanism:",
        "",
    ]
    w = model.wiring()
    rows = (
        [code(k), _link(w.owner[k]), cell(q.by), cell(q.unit), cell(q.why)]
        for k, q in sorted(w.states.items(), key=lambda x: (w.owner[x[0]], x[0]))
    )
    return lines + table(["state", "owner", "indexed by", "unit", "meaning"], rows)


def _axes() -> Iterator[list[str]]:
    for axis, (owner, names) in model.axes().items():
        by = owner if owner == "the place" else _link(owner)
        more = f" and {len(names) - FEW} more" if len(names) > FEW else ""
        yield [cell(axis), by, str(len(names)), cell(", ".join(names[:FEW]) + more)]


def _process() -> list[str]:
    lines = [
        "### 3. Process overview and scheduling",
        "",
        "Every day each mechanism takes its step, in the order of their names. All read the states",
        "of the day before, so the order decides nothing. Then each channel carries the sum of",
        "what was said into it, and the day is judged for an ending. The loop is",
        "[simulate](source/thermidor/engine/simulate.md).",
        "",
    ]
    rows = (
        [str(k), _link(m.name), cell(first_sentence(m.doc))]
        for k, m in enumerate(model.mechanisms(), 1)
    )
    return lines + table(["step", "mechanism", "what it does"], rows)


def _principles() -> list[str]:
    rows = (
        [_link(m.name), ", ".join(f"[{c}](references.md#{c.lower()})" for c in m.cites)]
        for m in model.mechanisms()
    )
    return table(["mechanism", "rests on"], rows)


def _sensing() -> list[str]:
    rows = (
        [_link(m.name), ", ".join(code(r) for r in m.reads) or "nothing"]
        for m in model.mechanisms()
    )
    said = ["A mechanism sees its own states, and of others' only what it declares:", ""]
    return said + table(["mechanism", "reads"], rows)


def _interaction() -> list[str]:
    w = model.wiring()
    rows = (
        [
            code(c),
            _link(w.listener[c]),
            ", ".join(_link(m) for m in speakers(c)) or "nobody",
            cell(q.unit),
            bounds(q),
        ]
        for c, q in sorted(w.channels.items())
    )
    said = ["Mechanisms act on each other through channels only. One listens, many may speak:", ""]
    return said + table(["channel", "listener", "speakers", "unit", "bounds"], rows)


def _stochasticity() -> list[str]:
    s = model.scenario()
    drawn = sum(a.drawn for a in s.parameters.values())
    lines = [
        f"*Assumptions.* {drawn} of {len(s.parameters)} parameters are drawn anew for each future;",
        f"{len(s.fitted)} of them from what past uprisings say of them, the others from their",
        "range.",
        "",
        "*Random streams.* A draw is addressed by seed, number of the future, mechanism, day and",
        "the name of the decision. So futures that differ in one assumption share all other luck.",
        "The names in the code:",
        "",
    ]
    rows = ([_link(m.name), ", ".join(_streams(m)) or "none"] for m in model.mechanisms())
    return lines + table(["mechanism", "decisions that are drawn"], rows)


def _streams(m) -> list[str]:
    """Names of the decisions that a mechanism draws, as its source has them."""
    tree = ast.parse((ROOT / model.source_file(m)).read_text(encoding="utf-8"))
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and n.args]
    named = [c.args[0] for c in calls if isinstance(c.func, ast.Attribute) and c.func.attr in DRAWS]
    words = (n.value if isinstance(n, ast.Constant) else ast.unparse(n) for n in named)
    return [code(w) for w in dict.fromkeys(words) if isinstance(w, str)]


def _collectives() -> list[str]:
    by = Counter(q.by for q in model.wiring().states.values())
    told = ", ".join(f"{cell(axis)} ({n})" for axis, n in sorted(by.items()) if axis != "country")
    return [f"States that belong to parts of the country or of a side, by axis: {told}.", ""]


def _observation() -> list[str]:
    rows = ([code(f"{name}.parquet"), cell(one)] for name, one in TABLES.items())
    return [
        *table(["table", "a row is"], rows),
        "Every column with its unit and meaning: [the data dictionary](../outcomes.md).",
        "",
    ]


CONCEPTS = {
    "Basic principles": _principles,
    "Emergence": None,
    "Adaptation": None,
    "Objectives": None,
    "Learning": None,
    "Prediction": None,
    "Sensing": _sensing,
    "Interaction": _interaction,
    "Stochasticity": _stochasticity,
    "Collectives": _collectives,
    "Observation": _observation,
}


def _initialization() -> list[str]:
    return [
        "### 5. Initialization",
        "",
        "Each mechanism's `start` returns its states of day 0 from the parameters of the future",
        "and the place; it sees the choices of the status quo, so that a patch of a choice acts",
        "from day 1. Why the initial values are what they are: " + BLANK.lower(),
        "",
    ]


def _inputs() -> list[str]:
    s = model.scenario()
    grades = Counter(a.grade for a in s.parameters.values() if a.parameter.role != "choice")
    lines = [
        "### 6. Input data",
        "",
        "A scenario file gives the place, facts, choices and dated events "
        "([fields](scenario-schema.md)).",
        f"`{model.SCENARIO}` has {len(s.file.events)} dated events and {len(s.claims)} claims",
        "under test. Its assumptions by the grade of their evidence:",
        "",
        *table(["grade", "assumptions"], ([cell(g), str(n)] for g, n in grades.most_common())),
    ]
    left = list(s.file.left_out)
    if left:
        lines += ["Left out on purpose:", "", *(f"- {prose(x)}" for x in left), ""]
    return lines


def _submodels() -> list[str]:
    lines = [
        "### 7. Submodels",
        "",
        "Equations and parameters of each, with sources and grades:",
        "",
    ]
    rows = (
        [_link(m.name), str(len(m.parameters)), str(len(m.owns)), str(len(m.opens))]
        for m in model.mechanisms()
    )
    return lines + table(["mechanism", "parameters", "states", "channels"], rows)


def _link(name: str) -> str:
    return f"[{name}](mechanisms/{name}.md)"
