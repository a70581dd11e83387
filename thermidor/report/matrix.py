"""A matrix of verdicts for people: in the terminal, and as one page that opens offline."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .. import __version__
from ..study.costs import FIRST
from ..study.matrix.matrix import Block, Cell, Matrix
from ..support.writing import whole
from ..terminal.console import console, escape, table
from ..wording import listed, settled, two
from .page import policy, style, templates
from .parts.argument_map import MARKS, argument_map
from .terminal import sized

NOT_TESTABLE = "not testable"


def said(c: Cell) -> str:
    """The verdict of a cell in words."""
    if c.verdict == NOT_TESTABLE and c.reason and c.reason.startswith("here: "):
        return f"{c.verdict} {c.reason}"
    return settled(c.verdict, c.pairs_to_settle)


def number(c: Cell) -> str:
    """The effect of its first test, with its interval."""
    if c.mean is None:
        return ""
    return sized({"mean": c.mean, "low": c.low, "high": c.high}, c.kind, c.verdict)


def say_matrix(found: Matrix, page: Path, holder: str | None = None) -> None:
    """The matrix as a table: claims down, countries across; then how each cell is made again.

    holder: under whose beliefs.
    """
    out = console()
    if holder:
        out.print(f"\nUnder the beliefs of {escape(holder)}.")
    countries = list(dict.fromkeys(b.country for b in found.blocks))
    for argument, blocks in _by_argument(found).items():
        out.print(f"\n[bold]{escape(argument)}[/bold], claims of {escape(blocks[0].of)}")
        sheet = table("claim", *countries)
        for column in sheet.columns[1:]:
            column.justify = "left"
        cells = {(c.claim, c.country): c for b in blocks for c in b.cells}
        for claim in dict.fromkeys(c.claim for b in blocks for c in b.cells):
            shown = [_short(cells.get((claim, k))) for k in countries]
            sheet.add_row(claim, *(escape(x) for x in shown))
        out.print(sheet)
        for c in {c.claim: c for b in blocks for c in b.cells}.values():
            out.print(f"  {c.claim}  {escape(c.sentence)}")
    out.print("\nEach cell by itself:")
    for c in found:
        out.print(f"  [dim]{escape(c.command)}[/dim]", soft_wrap=True)  # to be copied
    out.print(f"\nTable and page: {escape(str(page))}")


def _short(c: Cell | None) -> str:
    if c is None:
        return ""
    told = f"{MARKS.get(c.verdict, '?')} {said(c)}"
    told += f": {number(c)}" if number(c) else ""
    return told + (f"; its support {listed(c.failing)} fails" if c.failing else "")


def _by_argument(found: Matrix) -> dict[str, list[Block]]:
    out: dict[str, list[Block]] = {}
    for b in found.blocks:
        out.setdefault(b.argument, []).append(b)
    return out


def write_matrix(found: Matrix) -> Path:
    """Write the page of a matrix into its folder, beside its table; the path."""
    path = found.folder / f"{found.name}.html"
    countries = list(dict.fromkeys(b.country for b in found.blocks))
    text = (
        templates()
        .get_template("matrix.html.j2")
        .render(
            countries=countries,
            arguments=[_argument(k, of, countries) for k, of in _by_argument(found).items()],
            version=__version__,
            style=style(),
            policy=policy([]),
        )
    )
    whole(path, lambda beside: beside.write_text(text, encoding="utf-8", newline="\n"))
    return path


def _argument(name: str, blocks: list[Block], countries: list[str]) -> dict[str, Any]:
    """An argument on the page: its claims by country, and its map in each."""
    cells = {(c.claim, c.country): c for b in blocks for c in b.cells}
    claims = {c.claim: c.sentence for b in blocks for c in b.cells}
    maps = [
        (b.country, argument_map([_node(c) for c in b.cells], b.supports, b.attacks))
        for b in blocks
    ]
    return {
        "name": name,
        "of": blocks[0].of,
        "claims": [
            {
                "id": i,
                "sentence": sentence,
                "cells": [_cell(cells.get((i, k))) for k in countries],
            }
            for i, sentence in claims.items()
        ],
        "maps": [{"country": k, "map": m} for k, m in maps if m],
    }


def _node(c: Cell) -> dict[str, str]:
    return {"id": c.claim, "sentence": c.sentence, "verdict": c.verdict}


def _cell(c: Cell | None) -> dict[str, Any] | None:
    if c is None:
        return None
    known = [k for k in FIRST if any(k in costs for costs in c.costs.values())]
    return {
        "mark": MARKS.get(c.verdict, "?"),
        "said": said(c),
        "verdict": c.verdict,
        "reason": c.reason if c.reason and not c.reason.startswith("here: ") else None,
        "number": number(c),
        "says": c.says,
        "carried": list(c.carried_by),
        "failing": listed(c.failing) if c.failing else None,
        "arms": list(c.costs),
        "costs": [
            {"says": FIRST[k], "cells": [two(costs.get(k)) for costs in c.costs.values()]}
            for k in known
        ],
        "command": c.command,
    }
