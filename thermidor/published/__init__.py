"""Published models as special cases of the mechanisms' code, each with the published numbers as checks.

One file a model. Its docstring says the model in a paragraph, its citation, what is switched off to get there and what departs
from the paper. It has two functions: `checks(slow)` yields what to check (the slow ones only if asked), `picture()` gives the
figure of its page in the docs as data:

    {"title": a sentence, "x": label, "y": label, "caption": how to read it,
     "lines": [{"label": str, "x": [...], "y": [...]}, ...]      with "dash", "points" (marks, no line) or "step": True
     "marks": [{"x": 12.22, "label": str}, {"y": 0.5, "label": str}, {"x": 1.0, "y": 2.0, "label": str}]
     "log": "x", "y" or "xy", "xlim": (low, high), "ylim": (low, high)}           marks, log and limits may be left out

Files whose name starts with an underscore are no models.
"""
from __future__ import annotations

import importlib
import math
import pkgutil
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from types import ModuleType
from typing import Any

from ..docstrings import written
from ..faults import Fault, near


@dataclass(frozen=True)
class Check:
    """A quantity of a published model: what is expected of it, and what the shared code gives.

    expected, tolerance: a band is its middle and half of its width.  source: key of refs.bib, and the place where one was checked.
    exercises: dotted names of the functions of mechanisms and kernels that gave the number.  slow: minutes, not seconds.
    test: T1 to T10, where it is one of the ten sharpest tests of the theory notes.
    """

    quantity: str
    expected: float
    got: float
    tolerance: float
    source: str
    exercises: tuple[str, ...]
    slow: bool = False
    test: str | None = None

    @property
    def passed(self) -> bool:
        return bool(abs(self.got - self.expected) <= self.tolerance)


def models() -> dict[str, ModuleType]:
    """The files of this folder, in order of name."""
    names = sorted(m.name for m in pkgutil.iter_modules(__path__) if not m.name.startswith("_"))
    return {name: importlib.import_module(f"{__name__}.{name}") for name in names}


def known(names: Iterable[str] = ()) -> list[str]:
    """These names, or all if none is given; a fault for one that is no model."""
    all_ = list(models())
    for name in names:
        if name not in all_:
            raise Fault(f"there is no published model '{name}'; there are {', '.join(all_)}.{near(name, all_)}")
    return list(names) or all_


def title(name: str) -> str:
    """First line of a model's docstring."""
    return (written(models()[name]) or name).splitlines()[0]


def checks(names: Iterable[str] = (), slow: bool = False) -> Iterator[tuple[str, Check]]:
    """Every check of these models (all if none is named), with its model; each is made as it is asked for."""
    found = models()
    for name in known(names):
        for check in found[name].checks(slow):
            yield name, check


def run(names: Iterable[str] = (), slow: bool = False) -> list[dict[str, Any]]:
    """A row for each check: model, quantity, expected, got (None if it is no number), tolerance, source, exercises, slow, test, passed."""
    rows = []
    for name, check in checks(names, slow):
        got = float(check.got)
        rows.append({"model": name, **asdict(check), "expected": float(check.expected), "got": got if math.isfinite(got) else None,
                     "exercises": list(check.exercises), "passed": check.passed})
    return rows
