"""Lines of at most 100 letters; functions of at most twelve parameters."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("thermidor", "tests", "docs", "benchmarks")
LONGEST, MOST_PARAMETERS = 100, 12


def files(*folders: str) -> list[Path]:
    return [p for folder in folders for p in sorted((ROOT / folder).rglob("*.py"))]


def long_lines(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [
        f"line {k}: {len(line)} letters" for k, line in enumerate(lines, 1) if len(line) > LONGEST
    ]


def parameters(function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> int:
    a = function.args
    named = [*a.posonlyargs, *a.args, *a.kwonlyargs]
    own = [p for k, p in enumerate(named) if k or p.arg not in ("self", "cls")]
    return len(own) + sum(rest is not None for rest in (a.vararg, a.kwarg))


def crowded(path: Path) -> list[str]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
    found = [
        n for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, kinds)
    ]
    return [
        f"line {f.lineno}: {getattr(f, 'name', 'lambda')} has {parameters(f)} parameters"
        for f in found
        if parameters(f) > MOST_PARAMETERS
    ]


@pytest.mark.parametrize(
    ("look", "folders"),
    [(long_lines, FOLDERS), (crowded, FOLDERS[:1])],
    ids=["lines", "parameters"],
)
def test_style(look, folders):
    offenders = [f"{p.relative_to(ROOT)}, {what}" for p in files(*folders) for what in look(p)]
    assert not offenders, f"{len(offenders)}:\n" + "\n".join(offenders)
