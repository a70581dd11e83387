"""What a scenario rests on, as text for a terminal: mechanisms, wiring, one mechanism in full, the
ledger in short."""

from __future__ import annotations

import textwrap
from typing import Any

from ..terminal.console import Paper, console, escape, hanging, table
from .parts.units import unit_words
from .terminal import AUTHOR

INDENT = 4  # of an equation, in the docstrings that it comes from


def say_explain(facts: dict[str, Any], only: str | None) -> None:
    """What a scenario rests on, or one of its mechanisms in full."""
    out = console()
    if only:
        _one(out, next(m for m in facts["mechanisms"] if m["name"] == only))
        return
    out.print(f"\n[bold]{escape(facts['title'])}[/bold]")
    out.print(f"from {facts['start']}, {facts['days']} days\n")
    listed = table("mechanism", "says", head=False)
    listed.columns[0].no_wrap, listed.columns[1].justify = True, "left"
    for m in facts["mechanisms"]:
        listed.add_row(f"[bold]{escape(m['name'])}[/bold]", escape(m["says"]))
    out.print(listed)
    out.print("\nWho reads whom (--) and speaks to whom (==):\n")
    out.print(facts["wiring"], markup=False)
    _ledger(out, facts["ledger"])
    if facts["sources"]:
        out.print("Tables of the project that are cited:")
    for key, cited in facts["sources"].items():
        said = f"{', '.join(cited['files'])}; {cited['says']}"
        out.print(hanging(f"{escape(key)}:", escape(said), indent=2))
    if facts["parts"]:
        whose = escape(facts["claims_of"] or AUTHOR)
        out.print(f"\nParts of the system, in the words of {whose}:")
    for part in facts["parts"]:
        out.print(hanging(f"{escape(part['id']):4}", escape(part["says"]), indent=2))
    say_not_given(facts["not_given"])
    out.print("\nLeft out:")
    for x in facts["left_out"]:
        out.print(hanging("-", escape(x), indent=2))
    out.print(
        f"\nOne mechanism in full: thermidor explain {escape(facts['scenario'])} --only citizens; "
        "everything: --json\n"
    )


def say_not_given(rows: list[dict[str, Any]]) -> None:
    """Facts of the country that the file does not give, and what stands in."""
    if not rows:
        return
    out = console()
    out.print("\nFacts of the country that the file does not give:")
    for r in rows:
        out.print(hanging("-", escape(f"{r['key']} ({r['says']}) {r['stands']}"), indent=2))


def _ledger(out: Paper, rows: list[dict[str, Any]]) -> None:
    """Assumptions by grade and choices, counted."""
    grades: dict[str, int] = {}
    for r in rows:
        if r["role"] == "assumption":
            grades[r["grade"]] = grades.get(r["grade"], 0) + 1
    learnt = sum(bool(r["posterior"]) for r in rows)
    if learnt:
        out.print(
            f"\n{learnt} assumptions that all countries share are drawn from what past uprisings "
            "say of them (thermidor validate)."
        )
    each = ", ".join(f"{n} {escape(g)}" for g, n in grades.items())
    out.print(f"\nAssumptions by grade: {each}.")
    out.print(f"Choices that actors make: {sum(r['role'] == 'choice' for r in rows)}.")


def _one(out: Paper, m: dict[str, Any]) -> None:
    """A mechanism's text with its equations, then its parameters."""
    out.print()
    for text in paragraphs(m["equations"], out.width):
        out.print(text, markup=False)
    out.print()
    for r in m["parameters"]:
        on = ", ".join(x for x in (r["grade"], r["source"], r["rests_on"]) if x)
        out.print(
            f"[bold]{escape(r['key'].split('.', 1)[1])}[/bold]  {escape(_value(r['value']))}"
            f"  ({escape(_range(r) + _learnt(r))}; {escape(unit_words(r['unit']))})"
        )
        out.print(hanging("", f"{escape(r['says'])} [dim]({escape(on)})[/dim]", indent=2))
    out.print()


def paragraphs(text: str, width: int) -> list[str]:
    """A docstring in lines of this width: its paragraphs are filled anew, its equations keep their
    lines and their indent."""
    found: list[str] = []
    prose: list[str] = []
    for line in [*text.splitlines(), ""]:
        indent = len(line) - len(line.lstrip())
        if line.strip() and not indent:
            prose.append(line.strip())
            continue
        if prose:
            found += textwrap.wrap(" ".join(prose), width, break_on_hyphens=False)
            prose = []
        if not line.strip():
            found.append("")
        else:
            found += textwrap.wrap(
                line.strip(),
                width,
                initial_indent=" " * indent,
                subsequent_indent=" " * (indent + INDENT),
                break_on_hyphens=False,
            )
    return found[:-1]


def _learnt(r: dict[str, Any]) -> str:
    """What past uprisings say of a parameter, after its range."""
    q = r.get("posterior")
    if not q:
        return ""
    return ", fitted " + " to ".join(_value(float(f"{q[k]:.3g}")) for k in ("q10", "q90"))


def _value(x: Any) -> str:
    return x if isinstance(x, str) else f"{x:g}"


def _range(r: dict[str, Any]) -> str:
    return ", ".join(r["drawn_from"]) if r["drawn_from"] else f"{r['low']:g} to {r['high']:g}"
