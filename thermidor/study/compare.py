"""Two scenarios on common luck: the difference belongs to the patch, not to chance."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from ..engine.run import REDUCERS, Run
from ..engine.simulate import simulate
from ..execution.afresh import afresh
from ..scenario.scenario import Scenario
from ..support.faults import Fault
from .effects import Effect, effect, joined
from .ensemble import ensemble
from .folder import refuse_links, rules
from .results import COSTS, Results, carriers
from .resume import make_past

__all__ = [
    "SHOWN",
    "Effect",
    "changed",
    "changed_by",
    "compare",
    "effect",
    "is_file",
    "pairs",
    "parse_patch",
    "patched",
]

SHOWN = ("survived", "final_coup_risk", "peak_turnout_country", *COSTS)
NOTHING = "nothing that was recorded changed"
TRIED = 3  # futures of both sides from which it is told that a patch changes nothing
MOST_NAMED = 8


@afresh
def pairs(
    other: Scenario,
    base: Scenario,
    *,
    runs: int = 200,
    seed: int = 1,
    processes: int | None = None,
    out: str | Path,
    past: int | None = None,
    progress: Callable[[str, float], None] | None = None,
    keep_failed: bool = False,
    future_seconds: float | None = None,
) -> dict[str, Any]:
    """Compute both scenarios and compare them, pair by pair; raises KeyboardInterrupt if the user
    stops it.

    past: number of a future. Its days before `choices_from` are computed once, and the pairs are
    branches of it: all of them know that past, with its assumptions, and differ in luck after it.
    """
    made, common = [], None
    refuse_links(Path(out), ("arms", "past"))
    if past is not None:
        if not other.choices_day:
            raise Fault(
                "a common past needs the day on which the two sides part; give --from, or choices_from in the file."
            )
        path = Path(out) / "past" / f"{base.hash}-{rules()}-{seed}-{past}-{other.choices_day}.npz"
        common = make_past(
            base,
            seed,
            past,
            other.choices_day,
            False,
            path,
            (lambda day: progress("past", day / other.choices_day)) if progress else None,
        )
    for label, s in (("with", other), ("without", base)):
        path = Path(out) / "arms" / (s.hash if common is None else f"{s.hash}-from-{past}")
        watch = (
            (lambda done, total, reached, label=label: progress(label, max(done, reached) / total))
            if progress
            else None
        )
        manifest = ensemble(
            s,
            runs,
            seed=seed,
            processes=processes,
            out=path,
            past=common,
            progress=watch,
            keep_failed=keep_failed,
            future_seconds=future_seconds,
        )
        if manifest["status"] == "stopped":
            raise KeyboardInterrupt
        made.append(Results(path))
    return compare(*made)


def compare(first: Results, second: Results, outcomes: tuple[str, ...] = SHOWN) -> dict[str, Any]:
    """Effects of the first study against the second, on the futures that both finished.

    `changed` lists the columns in which any pair differs, `note` says it where no outcome shown
    here moved.
    """
    if first.manifest["seed"] != second.manifest["seed"]:
        raise Fault(
            "the two studies have different seeds, so their futures are not paired; run both with the same --seed."
        )
    rows, off = [], first.off | second.off
    for outcome in outcomes:
        if outcome in first.runs.columns and outcome in second.runs.columns:
            within = (0.0, 1.0) if outcome == "survived" else None
            found, differences, arm = effect(first.runs, second.runs, outcome, within=within)
            carried = carriers(arm, differences, 3, off=off)
            rows.append((found, found.as_dict() | {"carried_by": carried}))
    moved = changed(first.runs, second.runs) + _changed_locally(first, second)
    pairs = joined(first.runs, second.runs)[0].height
    still = pairs > 0 and all(found.identical for found, _ in rows if found.pairs)
    return {
        "with": _side(first),
        "without": _side(second),
        "pairs": pairs,
        "effects": [row for _, row in rows],
        "changed": moved,
        "note": _note(moved) if still else None,
    }


def _side(study: Results) -> dict[str, Any]:
    return {
        "scenario": study.manifest["scenario"],
        "hash": study.manifest["hash"],
        "endings": study.endings(),
        "futures": study.runs.height,
        "failed": study.failed,
    }


def changed(a: pl.DataFrame, b: pl.DataFrame) -> list[str]:
    """Columns of runs in which any pair of finished futures differs; parameters do not count."""
    a, b = joined(a, b)
    told = [c for c in a.columns if "." not in c and c not in ("run", "reason") and c in b.columns]
    return [c for c in told if not a[c].equals(b[c])]


def _changed_locally(first: Results, second: Results) -> list[str]:
    """Columns of the tables by province in which any pair differs."""
    keys = ["run", "province"]
    try:
        a, b = first.provinces, second.provinces
    except Fault:  # no future was finished in one of them
        return []
    both = a.select(keys).join(b.select(keys), on=keys).sort(keys)
    a, b = (both.join(x, on=keys, maintain_order="left") for x in (a, b))
    return [c for c in a.columns if c in b.columns and not a[c].equals(b[c])]


def _note(moved: Sequence[str]) -> str:
    """What to say where no outcome that is shown moved."""
    if not moved:
        return NOTHING
    return f"no outcome shown here moved; what changed: {named(moved)}"


def named(columns: Sequence[str]) -> str:
    """Columns as the states that they are reductions of, each once."""
    states = []
    for c in columns:
        head, _, rest = c.partition("_")
        states.append(rest if head in REDUCERS and rest else c)
    states = list(dict.fromkeys(states))
    more = len(states) - MOST_NAMED
    return ", ".join(states[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


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
    from ..scenario.yamlfile import parse

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
    """Several of them as a mapping; a key that is given twice is a Fault, since one would be lost."""
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


def is_file(text: str) -> bool:
    return Path(text).suffix in (".yaml", ".yml") or "=" not in text
