"""Every number that a mechanism uses stands in its ledger, or says what else it is; every equation
of its docstring stands at the line that computes it.

    python -m tests.test_literals

lists what does not, as file:line: number.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "thermidor"
MECHANISMS = sorted((PACKAGE / "mechanisms").glob("[!_]*.py"))
PLAIN = {0, 1, 2, 365} | {float(f"1e{sign}{k}") for k in range(3, 16) for sign in "+-"}
DECLARED = {"par", "fact", "choice", "option", "state", "channel"}
MARK = re.compile(r"\b(mathematics|unit|numerical guard):")
LABEL = re.compile(r"\(([a-z_]+\.\d+)\)")


def comments(text: str) -> dict[int, str]:
    """Comments by line."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return {t.start[0]: t.string for t in tokens if t.type == tokenize.COMMENT}


def marked(node: ast.stmt, lines: list[str], said: dict[int, str]) -> bool:
    """Whether a comment at a statement, or right above it, says what its numbers are."""
    about = [said.get(k, "") for k in range(node.lineno, (node.end_lineno or node.lineno) + 1)]
    above = node.lineno - 1
    while above and lines[above - 1].startswith("#"):
        about.append(said[above])
        above -= 1
    return any(MARK.search(a) for a in about)


def literals(node: ast.AST) -> Iterator[ast.Constant]:
    """Numbers in a piece of code, those of declarations left out."""
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") in DECLARED:
        return
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        if node.value not in PLAIN:
            yield node
        return
    for child in ast.iter_child_nodes(node):
        yield from literals(child)


def places(node: ast.stmt) -> bool:
    """Whether it names places in an array: `class Kind(NamedTuple)` with `police: int = 0`."""
    return (
        isinstance(node, ast.ClassDef)
        and any(getattr(b, "id", "") == "NamedTuple" for b in node.bases)
        and all(
            getattr(x.annotation, "id", "") == "int"
            for x in node.body
            if isinstance(x, ast.AnnAssign) and x.value is not None
        )
    )


def numbers(text: str) -> list[tuple[int, float]]:
    """(line, number) for each that a mechanism's file uses and does not account for."""
    lines, said, found = text.splitlines(), comments(text), []
    for node in ast.parse(text).body:
        constant = isinstance(node, (ast.Assign, ast.AnnAssign))
        if places(node) or (constant and marked(node, lines, said)):
            continue
        found += [(x.lineno, x.value) for x in literals(node)]
    return found


def labels(text: str) -> list[tuple[int, str]]:
    """(line, label) for each equation that the docstrings of a file name."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.Module, ast.FunctionDef, ast.ClassDef)) and ast.get_docstring(
            node
        ):
            said = node.body[0]
            rows = text.splitlines()[said.lineno - 1 : said.end_lineno]
            found += [
                (said.lineno + k, x) for k, row in enumerate(rows) for x in LABEL.findall(row)
            ]
    return found


def without_account(file: Path) -> list[str]:
    where = file.relative_to(PACKAGE.parent)
    return [f"{where}:{k}: {x}" for k, x in numbers(file.read_text(encoding="utf-8"))]


def without_line(file: Path) -> list[str]:
    """Labels that no comment of the package's code repeats."""
    where = file.relative_to(PACKAGE.parent)
    return [
        f"{where}:{k}: ({label}) stands at no line of code"
        for k, label in labels(file.read_text(encoding="utf-8"))
        if label not in computed()
    ]


@cache
def computed() -> set[str]:
    """Labels in the comments of the package."""
    texts = (f.read_text(encoding="utf-8") for f in PACKAGE.rglob("*.py"))
    return {x for text in texts for said in comments(text).values() for x in LABEL.findall(said)}


@pytest.mark.parametrize("file", MECHANISMS, ids=lambda f: f.stem)
def test_every_number_stands_in_the_ledger_or_says_what_it_is(file: Path) -> None:
    assert not (found := without_account(file)), "\n".join(["no ledger has:", *found])


@pytest.mark.parametrize("file", MECHANISMS, ids=lambda f: f.stem)
def test_every_equation_stands_at_the_line_that_computes_it(file: Path) -> None:
    assert not (found := without_line(file)), "\n".join(found)


def test_the_measure_finds_what_it_should() -> None:
    text = '''"""A rule. x = 3 (rule.1)"""
LONG = 14
YEAR = 12  # unit: months
# numerical guard: exp would overflow
# beyond it
MOST = 700.0
class Kind(NamedTuple):
    police: int = 0
    army: int = 3
class Parameters:
    share: float = par(0.3, 0.1, 0.5, "share", "a share")
    other: float = 0.4
def step(see, p, draw, k=5):
    return {"x": min(0.1, 2 * see.x + p.share - 0.25) / 365 * 1e6 * 1e-9, "y": see.y[:, 3]}
'''
    assert numbers(text) == [(2, 14), (12, 0.4), (13, 5), (14, 0.1), (14, 0.25), (14, 3)]
    assert labels(text) == [(1, "rule.1")]


if __name__ == "__main__":
    for path in MECHANISMS:
        for line in [*without_account(path), *without_line(path)]:
            print(line)
