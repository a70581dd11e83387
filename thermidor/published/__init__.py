"""Published models as special cases of the mechanisms' code, each with the published numbers as
checks.

One file a model, in a folder by what it is about. Its docstring says the model in a paragraph, its
citation, what is switched off to get there and what departs from the paper. It has two functions:
`checks(slow)` yields what to check (the slow ones only if asked), `picture()` gives the figure of
its page in the docs as data:

    {"title": a sentence, "x": label, "y": label, "caption": how to read it,
     "lines": [{"label": str, "x": [...], "y": [...]}, ...],
     "marks": [{"x": 12.22, "label": str}, {"y": 0.5, "label": str}, {"x": 1.0, "y": 2.0, ...}],
     "log": "x", "y" or "xy", "xlim": (low, high), "ylim": (low, high)}

A line may have "dash", "points" (marks, no line) or "step": True. Marks, log and limits may be left
out.

Files whose name starts with an underscore are no models.
"""

from __future__ import annotations

import importlib
import math
import pkgutil
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from types import ModuleType
from typing import Any

from ..support.docstrings import written
from ..support.faults import Fault, near
from .check import Check


def models() -> dict[str, ModuleType]:
    """The files of the folders here, in order of name."""
    found = [m for m in pkgutil.walk_packages(__path__, f"{__name__}.") if not m.ispkg]
    paths = {
        m.name.rpartition(".")[2]: m.name
        for m in found
        if m.name.count(".") == __name__.count(".") + 2
    }
    return {n: importlib.import_module(paths[n]) for n in sorted(paths) if not n.startswith("_")}


def known(names: Iterable[str] = ()) -> list[str]:
    """These names, or all if none is given; a fault for one that is no model."""
    all_ = list(models())
    for name in names:
        if name not in all_:
            raise Fault(
                f"there is no published model '{name}'; there are {', '.join(all_)}."
                f"{near(name, all_)}"
            )
    return list(names) or all_


def title(name: str) -> str:
    """First line of a model's docstring."""
    return (written(models()[name]) or name).splitlines()[0]


def checks(names: Iterable[str] = (), slow: bool = False) -> Iterator[tuple[str, Check]]:
    """Every check of these models (all if none is named), with its model; each is made as it is
    asked for.
    """
    found = models()
    for name in known(names):
        for check in found[name].checks(slow):
            yield name, check


def run(names: Iterable[str] = (), slow: bool = False) -> list[dict[str, Any]]:
    """A row for each check: model, quantity, expected, got (None if it is no number), tolerance,
    source, exercises, slow, test, passed.
    """
    rows = []
    for name, check in checks(names, slow):
        got = float(check.got)
        rows.append(
            {
                "model": name,
                **asdict(check),
                "expected": float(check.expected),
                "got": got if math.isfinite(got) else None,
                "exercises": list(check.exercises),
                "passed": check.passed,
            }
        )
    return rows
