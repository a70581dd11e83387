"""Mechanisms of the package with a few words of their source changed, for both loops."""

from __future__ import annotations

import dataclasses
import importlib.util
import sys
from pathlib import Path

from thermidor.declaration.declare import Mechanism
from thermidor.declaration.loading import one_of
from thermidor.mechanism import find

PACKAGE = "thermidor.mechanisms"
# mechanism, words of its step or of a function that this calls, words in their place
MUTATIONS = (
    ("treasury", "reserves - gap", "reserves - 1.02 * gap"),
    ("elites", "(1 - patience)", "(1.02 - patience)"),
    ("media", "reach * (1 - told))", "reach * (1 + told))"),
    ("broker", "(aim - see.sanctions)", "(aim - 0.98 * see.sanctions)"),
    ("programme", "paid * (1 - freeze) * (1 - level)", "paid * (1 - freeze) * (1 + level)"),
    ("proxies", "first * paid * p.supply", "first + paid * p.supply"),
    ("events", "(population / 1e7)", "(population / 2e7)"),
    ("adversary", "see.memory_of_war * (1 - 1 /", "see.memory_of_war * (1 - 2 /"),
    ("negotiation", "(1 + see.runway /", "(2 + see.runway /"),
    ("ruler", '"severity_order": severity *', '"severity_order": 1.02 * severity *'),
    ("security", "(used - see.fatigue)", "(used - 0.5 * see.fatigue)"),
    ("citizens", "share / (", "1.03 * share / ("),
)
NAMES = [name for name, _, _ in MUTATIONS]
CHEAP = 1  # the first of them, which are compiled in a few seconds each


def mutant(name: str, old: str, new: str, folder: Path) -> Mechanism:
    """A mechanism of the package with these words replaced, from a file of its own."""
    source = Path(find(name).file).read_text(encoding="utf-8")
    assert old in source, f"{name} no longer says '{old}'"
    file = folder / f"{name}.py"
    file.write_text(source.replace(old, new, 1), encoding="utf-8")
    called = f"{PACKAGE}.mutant_{name}"  # a name in the package: its imports are relative
    spec = importlib.util.spec_from_file_location(called, file)
    assert spec and spec.loader
    module = sys.modules[called] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (made,) = one_of(module)
    return dataclasses.replace(made, file=str(file), source=file.read_bytes())
