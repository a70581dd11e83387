"""The docstrings of modules and functions, which carry the model's sentences and equations.

`python -OO` strips them from the compiled code; they are then read from the source.
"""

from __future__ import annotations

import ast
import inspect
from functools import cache
from pathlib import Path
from types import FunctionType, ModuleType

from .trees import ONE_AT_A_TIME


def written(x: ModuleType | FunctionType | None) -> str:
    """The docstring of a module or of one of its functions; empty if there is none."""
    if x is None:
        return ""
    if x.__doc__:
        return inspect.cleandoc(x.__doc__)
    if isinstance(x, ModuleType):
        return _in_source(x.__file__ or "", None)
    return _in_source(inspect.getsourcefile(x) or "", x.__name__)


@cache
def _in_source(file: str, name: str | None) -> str:
    try:
        with ONE_AT_A_TIME:
            tree = ast.parse(Path(file).read_text(encoding="utf-8"))
    except (OSError, ValueError, SyntaxError):
        return ""
    if name is None:
        return ast.get_docstring(tree) or ""
    functions = [n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == name]
    return (ast.get_docstring(functions[0]) or "") if functions else ""
