"""Thermidor: a laboratory for arguments about how authoritarian regimes survive and fall.

    import thermidor as th
    th.run("iran-2025", runs=200).answer()

The names below are loaded when first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_DOORS = (
    "load",
    "run",
    "compare",
    "claims",
    "sweep",
    "gather",
    "explain",
    "new",
    "results",
    "write_report",
)
_STUDIES = (
    "drivers",
    "discover",
    "stress",
    "crux",
    "learn",
    "update",
    "robust",
    "seal",
    "resolve",
    "record",
)
_WHERE = (
    dict.fromkeys(_DOORS, "api")
    | dict.fromkeys(_STUDIES, "studies")
    | {
        "Fault": "support.faults",
        "MachineFault": "support.faults",
        "NothingFinished": "support.faults",
        "Scenario": "scenario.scenario",
        "Run": "engine.run",
        "Study": "study.results",
        "Sweep": "study.design.sweep",
        "Comparison": "study.compare",
        "Effect": "study.effects",
        "Claims": "study.claims",
        "Matrix": "study.matrix.matrix",
        "Verdict": "study.verdicts",
        "Progress": "execution.progress",
        "Stress": "analysis.belief.stress",
        "Crux": "analysis.belief.crux",
        "Learning": "analysis.belief.learn",
    }
)
__all__ = ["__version__", *_WHERE]


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(import_module(f".{_WHERE[name]}", __name__), name)
    raise AttributeError(f"module 'thermidor' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted(__all__)
