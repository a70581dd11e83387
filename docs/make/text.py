"""Markdown for pages that are generated: cells, tables, links, docstrings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from textwrap import dedent

LABEL = re.compile(r"\s{6,}\([a-z_]+\.\d+\)$")  # of an equation, at the end of its line


def cell(x: object) -> str:
    """A value as the text of a cell; nothing for None."""
    text = "" if x is None else str(x)
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")


def code(x: object) -> str:
    """A word of the program."""
    return "" if x in (None, "") else f"`{x}`"


def number(x: float | str | None) -> str:
    """A number as people write it: 20,000, 0.05, 3e-05; a word as it is."""
    if x is None or isinstance(x, str):
        return x or ""
    if x and not 1e-4 <= abs(x) < 1e12:
        return f"{x:.6g}"
    return f"{x:,.10g}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """The lines of a table, with an empty line after it; cells are Markdown already."""
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    return [*lines, *(f"| {' | '.join(row)} |" for row in rows), ""]


def prose(text: str) -> str:
    """Plain text whose signs mean themselves in Markdown; `code` in backticks stays."""
    parts = text.split("`")
    parts[::2] = [re.sub(r"([\\*_\[\]#])", r"\\\1", p).replace("<", "&lt;") for p in parts[::2]]
    return "`".join(parts)


def first_sentence(doc: str) -> str:
    """What a docstring says first, on one line."""
    paragraph = " ".join(doc.strip().split("\n\n")[0].split())
    return re.split(r"(?<=\.)\s+(?=[A-Z])", paragraph)[0]


def equations(lines: Sequence[str]) -> list[str]:
    """Lines without what all are indented by, their labels in one column near the longest."""
    rows = [
        (line[: m.start()], m[0].strip()) if (m := LABEL.search(line)) else (line, "")
        for line in dedent("\n".join(lines)).strip().splitlines()
    ]
    width = max(len(body) for body, _ in rows)
    return [f"{body:<{width}}   {label}".rstrip() for body, label in rows]


def docstring(doc: str) -> list[str]:
    """A docstring in plain text as Markdown: paragraphs, and equations as they are set in it.

    A line is of an equation if it is indented or ends with a label such as (elites.1).
    """
    lines: list[str] = []
    kept: list[str] = []

    def flush() -> None:
        if kept:
            lines.extend(["", "``` { .text .no-copy }", *equations(kept), "```", ""])
        kept.clear()

    for line in doc.strip("\n").splitlines():
        if line.startswith("  ") or LABEL.search(line):
            kept.append(line.rstrip())
        elif not line.strip():
            (kept if kept else lines).append("")
        else:
            flush()
            lines.append(prose(line))
    flush()
    return [*lines, ""]
