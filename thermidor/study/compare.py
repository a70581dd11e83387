"""Two scenarios on common luck: the difference belongs to the patch, not to chance."""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from ..faults import Fault
from ..scenario import Scenario
from . import stats
from .ensemble import ensemble
from .folder import rules
from .results import COSTS, Results, carriers
from .underway import make_past

SHOWN = ("survived", "final_coup_risk", "peak_turnout_country", *COSTS)


@dataclass(frozen=True)
class Effect:
    """The paired effect of a patch on one outcome."""

    outcome: str
    of: stats.Interval
    against: stats.Interval
    effect: stats.Interval
    pairs: int
    higher: int
    lower: int

    def as_dict(self) -> dict[str, Any]:
        return {"outcome": self.outcome, "with": self.of.as_dict("mean"), "without": self.against.as_dict("mean"),
                "effect": self.effect.as_dict("mean"), "pairs": self.pairs, "higher": self.higher, "lower": self.lower,
                "same": self.pairs - self.higher - self.lower}


def joined(a: pl.DataFrame, b: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Futures that were finished in both, in the same order."""
    both = a.filter(pl.col("ending").is_not_null()).select("run").join(b.filter(pl.col("ending").is_not_null()).select("run"), on="run").sort("run")
    return both.join(a, on="run", maintain_order="left"), both.join(b, on="run", maintain_order="left")


def effect(a: pl.DataFrame, b: pl.DataFrame, outcome: str, given: str | None = None) -> tuple[Effect, np.ndarray, pl.DataFrame]:
    """The effect on an SQL outcome over pairs, the differences pair by pair, and the futures of the first arm."""
    a, b = joined(a, b)
    if given:
        keep = _values(a, given).astype(bool) & _values(b, given).astype(bool)
        a, b = a.filter(keep), b.filter(keep)
    x, y = _values(a, outcome), _values(b, outcome)
    ok = np.isfinite(x) & np.isfinite(y)
    a, x, y = a.filter(ok), x[ok], y[ok]
    binary = len(x) > 0 and set(np.unique(np.concatenate([x, y]))) <= {0.0, 1.0}
    one = (lambda v: stats.share(int(v.sum()), len(v))) if binary else stats.mean
    found = Effect(outcome, one(x), one(y), stats.paired(x, y, binary) if len(x) else stats.Interval(np.nan, np.nan, np.nan),
                   len(x), int((x > y).sum()), int((x < y).sum()))
    return found, x - y, a


def _values(runs: pl.DataFrame, expression: str) -> np.ndarray:
    try:
        return runs.select(pl.sql_expr(expression).cast(pl.Float64).alias("x"))["x"].to_numpy().astype(float)
    except pl.exceptions.PolarsError as e:
        raise Fault(f"the outcome '{expression}' cannot be computed: {str(e).splitlines()[0]}.") from e


def pairs(other: Scenario, base: Scenario, *, runs: int = 200, seed: int = 1, processes: int | None = None, out: str | Path,
          past: int | None = None, progress: Callable[[str, float], None] | None = None) -> dict[str, Any]:
    """Compute both scenarios and compare them, pair by pair; raises KeyboardInterrupt if the user stops it.

    past: number of a future. Its days before `choices_from` are computed once, and the pairs are branches of it: all of them
    know that past, with its assumptions, and differ in luck after it.
    """
    made, common = [], None
    if past is not None:
        if not other.choices_day:
            raise Fault("a common past needs the day on which the two sides part; give --from, or choices_from in the file.")
        path = Path(out) / "past" / f"{base.hash}-{rules()}-{seed}-{past}-{other.choices_day}.npz"
        common = make_past(base, seed, past, other.choices_day, False, path,
                           (lambda day: progress("past", day / other.choices_day)) if progress else None)
    for label, s in (("with", other), ("without", base)):
        path = Path(out) / "arms" / (s.hash if common is None else f"{s.hash}-from-{past}")
        watch = (lambda done, total, reached, label=label: progress(label, max(done, reached) / total)) if progress else None
        if ensemble(s, runs, seed=seed, processes=processes, out=path, past=common, progress=watch)["status"] == "stopped":
            raise KeyboardInterrupt
        made.append(Results(path))
    return compare(*made)


def compare(first: Results, second: Results, outcomes: tuple[str, ...] = SHOWN) -> dict[str, Any]:
    """Effects of the first study against the second, on the futures that both finished."""
    if first.manifest["seed"] != second.manifest["seed"]:
        raise Fault("the two studies have different seeds, so their futures are not paired; run both with the same --seed.")
    rows = []
    for outcome in outcomes:
        if outcome in first.runs.columns and outcome in second.runs.columns:
            found, differences, arm = effect(first.runs, second.runs, outcome)
            rows.append(found.as_dict() | {"carried_by": carriers(arm, differences, 3)})
    return {"with": {"scenario": first.manifest["scenario"], "hash": first.manifest["hash"], "endings": first.endings()},
            "without": {"scenario": second.manifest["scenario"], "hash": second.manifest["hash"], "endings": second.endings()},
            "effects": rows}


def parse_patch(text: str) -> tuple[str, Any]:
    """`key=value` of --set as a key and a plain value."""
    from ..yamlfile import parse
    key, found, value = text.partition("=")
    if not found or not key.strip():
        raise Fault(f"--set {text} is not of the form key=value, such as --set citizens.country=0.8.")
    data, _ = parse(f"x: {value}", f"--set {key.strip()}")
    if list(data) != ["x"]:
        raise Fault(f"--set {key.strip()} has more than one line; write one value, "
                    "and repeat --set for another.")
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
