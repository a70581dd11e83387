"""Patches of a scenario: from words to values, to the scenario patched, and what they change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..engine.run import Run
from ..engine.simulate import simulate
from ..scenario.file.yamlfile import parse
from ..scenario.scenario import Scenario
from ..support.faults import Fault

AGENTS_OF_PAIRS = 20_000  # both sides share their luck, so that fewer agents serve than for a run
TRIED = 3  # futures of both sides from which it is told that a patch changes nothing


def changed_by(scenario: Scenario, patched: Scenario, seed: int = 1) -> list[str]:
    """What a patch changes in the first futures: columns, and 'speaker into channel'.

    One future of both is computed, and up to TRIED where nothing differs; an empty list if nothing
    does in any. A patch that acts on rare occasions only may change nothing in so few.
    """
    for run in range(TRIED):
        a, b = simulate(scenario, seed, run), simulate(patched, seed, run)
        moved = _differ(a, b)
        if moved:
            return moved
    return []


def _differ(a: Run, b: Run) -> list[str]:
    """Everything recorded of two futures in which they differ, parameters apart."""
    first, second = a.outcomes(), b.outcomes()
    moved = [c for c in first if "." not in c and not _same(first[c], second.get(c))]
    moved += [c for c in a.provinces if not _same(a.provinces[c], b.provinces.get(c))]
    if not moved and not _same(a.series, b.series):
        moved = ["series"]
    theirs = {pair: b.voices[:, k] for k, pair in enumerate(b.speakers)}
    return moved + [
        f"{who} into {channel}"
        for k, (channel, who) in enumerate(a.speakers)
        if not _same(a.voices[:, k], theirs.get((channel, who)))
    ]


def _same(x: Any, y: Any) -> bool:
    if isinstance(x, (float, np.ndarray)) and y is not None:
        return np.array_equal(x, y, equal_nan=True)
    return x == y if not isinstance(x, np.ndarray) else False


def parse_patch(text: str) -> tuple[str, Any]:
    """`key=value` of --set as a key and a plain value."""
    key, found, value = text.partition("=")
    if not found or not key.strip():
        raise Fault(
            f"--set {text} is not of the form key=value, such as --set citizens.country=0.8."
        )
    data, _ = parse(f"x: {value}", f"--set {key.strip()}")
    if list(data) != ["x"]:
        raise Fault(
            f"--set {key.strip()} has more than one line; write one value, "
            "and repeat --set for another."
        )
    return key.strip(), data["x"]


def parse_patches(texts: Sequence[str], option: str = "--set") -> dict[str, Any]:
    """Several of them as a mapping; a key that is given twice is a Fault: one would be lost."""
    out: dict[str, Any] = {}
    for text in texts:
        key, value = parse_patch(text)
        if key in out:
            lists = ""
            if key == "switched_off":
                lists = f"; several names are written {option} {key}=[a, b]"
            raise Fault(f"{option} {key} is given twice; keep one{lists}.")
        out[key] = value
    return out


def patched(scenario: Scenario, patches: Mapping[str, Any]) -> Scenario:
    """A scenario with `switched_off`, `days` and parameters set from a mapping."""
    changes = dict(patches)
    off = changes.pop("switched_off", [])
    if changes.get("days", 1) is None:
        raise Fault("a patch sets days to nothing; give a whole number, or leave it out.")
    days = changes.pop("days", None)
    return scenario.patched(changes, off, days) if patches else scenario


def fewer(scenario: Scenario, most: int = AGENTS_OF_PAIRS) -> Scenario:
    """The scenario with at most so many agents, or as few as its place allows."""
    place = scenario.place
    agents = max(min(place.citizens, most), place.fewest)
    return scenario if agents == place.citizens else scenario.sized(agents)


def is_file(text: str) -> bool:
    return Path(text).suffix in (".yaml", ".yml") or "=" not in text
