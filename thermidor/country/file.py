"""A country file as text: every line with its source and grade, every guess marked."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Mapping
from typing import Any

from .data import data, name
from .known import GUESS, Fact, Giver, Known
from .notes import NOTES, PEOPLE, UNITS, Note
from .provinces import Provinces
from .rule import CITIZENS
from .worth import MEASURED, worth

GRADES = {"verified": "measured", "derived": "derived", "mixed": "mixed", "memory": "memory"}
ABOUT = (
    "A first file of a country, to be mended. The rule that made it is the one that the score "
    "board is of; what it could not know it guessed, and says so in the line."
)
LEFT_OUT = (
    "Factions, kinds of force and groups of people other than those of the mechanisms.",
    "Elections, insurgency, secession and civil war.",
    "What happened after the first day.",
)
OUTSIDE = "The world outside; its mechanisms are switched off."
SANCTIONED = "The world outside but for sanctions; its other mechanisms are switched off."


def text(
    known: Known,
    provinces: Provinces | None = None,
    command: str = "",
    unsaid: Iterable[str] = (),
) -> str:
    """The file.  command: that made it.  unsaid: sentences on facts that it does not give."""
    made = data(known, provinces)
    lines = [
        *_head(known, command),
        "thermidor: 1",
        f"name: {name(known)}",
        f"title: {made['title']}",
        "about: >-",
        *textwrap.wrap(ABOUT, 98, initial_indent="  ", subsequent_indent="  "),
        f"start: {made['start']}  # {'an uprising begins' if known.onset else 'as asked for'}",
        f"days: {made['days']}  # {_days(known)}",
        f"suggest: {{runs: {made['suggest']['runs']}, "
        f"citizens: {number(made['suggest']['citizens'])}}}  # agents: {_agents(made)}",
        "",
        *_place(known, made["place"], provinces),
        "",
        f"mechanisms: [{', '.join(made['mechanisms'])}]",
        f"switched_off: [{', '.join(made['switched_off'])}]  "
        "# the world outside, of which the rule knows nothing",
        "",
        "assumptions:  # facts of the country; what all countries share comes from the posterior",
        *(_entry(known, k, v) for k, v in made["assumptions"].items()),
        *(f"  # {key}" for key in unsaid),
        "",
        "choices:  # what the ruler spends, USD million a day; never drawn",
        *(_entry(known, k, v) for k, v in made["choices"].items()),
        "",
        "left_out:",
        *(f"  - {x}" for x in LEFT_OUT),
        f"  - {OUTSIDE if 'broker' in made['switched_off'] else SANCTIONED}",
        "",
        *_worth(known, made),
    ]
    return "\n".join(lines) + "\n"


def _head(known: Known, command: str) -> Iterable[str]:
    c = known.covariates
    by = f"Made by `{command}`, by" if command else "Made by"
    yield f"# {known.name} on {c.onset}. {by}"
    yield "# the rule that the score board is of (docs/countries.md). Covariates, and their givers:"
    for key, unit in UNITS.items():
        value = getattr(c, key)
        shown = value if isinstance(value, str) else number(value)
        yield f"#   {key:10} {shown:>12} {unit:46} {_says(known.givers.get(key))}".rstrip()
    if c.carried:
        yield f"# The last year known is {c.carried} before: frailty has a range for that."


def _days(known: Known) -> str:
    if known.onset:
        return "as on the score board; whoever is in power then has survived"
    return "a year"


def _agents(made: Mapping[str, Any]) -> str:
    if made["suggest"]["citizens"] == CITIZENS:
        return "as on the score board"
    return "as few as its provinces allow"


def _place(known: Known, place: Mapping[str, Any], given: Provinces | None) -> Iterable[str]:
    yield "place:"
    yield f"  country: {place['country']}"
    yield f"  capital: {place['capital']}"
    if given is None:
        yield "  provinces:  # guess: six in a ring, shares of the population by the rule"
    else:
        yield f"  provinces:  # {given.source}, {given.year}; scaled to the country on that day"
    yield from _people(known)
    status = {p.id: p.status for p in given.listed} if given else {}
    for p in place["provinces"]:
        rest = ", ".join(f"{k}: {number(p[k])}" for k in p if k not in ("id", "name"))
        mark = "# guess: share by a rule" if status.get(p["id"]) != "verified" else "# verified"
        yield f"    - {{id: {p['id']}, name: {quoted(p['name'])}, {rest}}}  {mark}"
    pairs = ", ".join(f"[{a}, {b}]" for a, b in place["neighbours"])
    yield from textwrap.wrap(
        f"neighbours: [{pairs}]",
        98,
        initial_indent="  ",
        subsequent_indent="    ",
        break_on_hyphens=False,
    )
    yield "  fronts: [{name: none, strength: 0}]  # no armed groups abroad"
    if "outlines" in place:
        yield f"  outlines: {place['outlines']}  # comes with the package: Natural Earth"


def _people(known: Known) -> Iterable[str]:
    """Who gives the shares of residents."""
    rest = [f for f in PEOPLE if f not in known.people]
    yield from (f"    # {f}: {_says(x.giver)}" for f, x in known.people.items())
    yield f"    # guess, in all provinces alike: {', '.join(f'{f} {PEOPLE[f]}' for f in rest)}"


def _entry(known: Known, key: str, said: Any) -> str:
    row = said if isinstance(said, dict) else {"value": said}
    body = number(row["value"])
    if len(row) > 1:
        words = (f"{k}: {x if isinstance(x, str) else number(x)}" for k, x in row.items())
        body = "{" + ", ".join(words) + "}"
    return f"  {key}: {body}  # {_comment(known, key)}"


def _comment(known: Known, key: str) -> str:
    """Whether it is a guess, why it is so, who gives it."""
    if key in known.facts:
        giver = known.facts[key].giver
        return f"{'guess: ' if giver.guessed else ''}{_says(giver)}"
    note = NOTES[key]
    assumed = [k for k in note.of if known.givers[k].guessed] if note.of else []
    if guessed(known, key):
        why = "judgement" if note.rule else f"{', '.join(assumed)}: guess"
        return f"guess: {note.why} ({why})"
    return f"{note.why} ({_sources(known, note)})"


def guessed(known: Known, key: str) -> bool:
    """Whether a line is a guess: by the rule, or because of a covariate that is one."""
    if key in known.facts:
        return known.facts[key].giver.guessed
    note = NOTES[key]
    return note.rule or any(known.givers[k].status == GUESS for k in note.of)


def _sources(known: Known, note: Note) -> str:
    found = dict.fromkeys(known.givers[k].source for k in note.of)
    if len(found) > 2:
        return "covariates above: derived"
    weakest = "memory" if any(known.givers[k].guessed for k in note.of) else "derived"
    return f"{'; '.join(found)}: {weakest}" if found else "a past case, or as asked for"


def _says(giver: Giver | None) -> str:
    if giver is None:
        return ""
    if giver.status == GUESS:
        return f"guess, {giver.source}"
    return f"{giver.source} ({GRADES[giver.status]})"


def _worth(known: Known, made: Mapping[str, Any]) -> Iterable[str]:
    keys = [k for k in (*made["assumptions"], *made["choices"]) if guessed(known, k)]
    keys += [f"place.{f}" for f in PEOPLE if _open(known.people.get(f))]
    yield "# The ten facts most worth replacing, the first the most: how far the chance of a fall"
    yield from (f"# {line}" for line in textwrap.wrap(MEASURED, 96))
    for k, w in enumerate(worth(keys), 1):
        yield f"#   {k:2}. {w.key}: {w.says}; {_points(w.points)} of 100"


def _open(fact: Fact | None) -> bool:
    """Whether nobody has given it."""
    return fact is None or fact.giver.guessed


def _points(x: float) -> str:
    return f"{x:.0f}" if x >= 1 else "less than 1"


def number(x: float) -> str:
    """A number as the file has it: six digits, no exponent, large whole ones with underscores."""
    if x == int(x) or abs(x) >= 1e6:
        whole = round(x)
        return f"{whole:_}" if abs(whole) >= 10_000 else str(whole)
    places = max(0, 5 - math.floor(math.log10(abs(x))))
    return f"{x:.{places}f}".rstrip("0").rstrip(".")


def quoted(word: str) -> str:
    """A name as YAML takes it, in quotes."""
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'
