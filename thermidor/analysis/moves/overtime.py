"""What moves an outcome day by day.

The outcome of a day is whether a future is still in power, or an expression over the daily series,
then of the futures that are still in power. The chance of luck that is allowed is shared out over
the days, so that the whole picture holds as one list does.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from ...expression.values import numbers
from ...study.results import Study
from ...support.faults import Fault
from ...wording import hundred, listed, upper
from .given import LEVEL
from .parts import Part, part
from .sample import SURVIVAL, Sample, outcome_columns, sample
from .units import units

DAYS = 12  # days that are looked at
LINES = 6  # inputs of a role that are drawn


@dataclass(frozen=True)
class Day:
    """What moves the outcome of a day, by role."""

    day: int
    futures: int
    left_out: int
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class OverTime:
    """Days, each with what moves its outcome; the same allowance for luck over all of them."""

    outcome: str
    days: tuple[Day, ...]

    @property
    def last(self) -> Day:
        """The last day on which there was anything to tell."""
        told = [d for d in self.days if any(not p.why for p in d.parts)]
        return told[-1] if told else self.days[-1]

    def lines(self, role: str) -> dict[str, list[float]]:
        """Shares by day of the inputs that move it on any day, strongest first; NaN on days on
        which they cannot be told from luck.
        """
        found: dict[str, list[float]] = {}
        for k, day in enumerate(self.days):
            for told in day.parts:
                for d in told.found if told.role == role else ():
                    line = found.setdefault(d.name, [math.nan] * len(self.days))
                    line[k] = d.measure.value
        order = sorted(found, key=lambda n: -np.nanmax(found[n]))
        return {n: found[n] for n in order}

    def says(self, role: str) -> dict[str, str]:
        """What the ledger says of them."""
        return {
            d.name: d.says
            for day in self.days
            for p in day.parts
            if p.role == role
            for d in p.found
        }

    @property
    def sentences(self) -> list[str]:
        """When each of the strongest can be told, a sentence a role."""
        out = []
        for role in dict.fromkeys(p.role for day in self.days for p in day.parts):
            lines = self.lines(role)
            if not lines:
                out.append(f"No {role} can be told from luck on any of {len(self.days)} days.")
                continue
            bits = []
            for name, line in list(lines.items())[:3]:
                known = [k for k, x in enumerate(line) if np.isfinite(x)]
                top = max(known, key=lambda k: line[k])
                bits.append(
                    f"{name} {self._when(known)} (most on day "
                    f"{self.days[top].day}: {hundred(line[top])} of 100)"
                )
            out.append(upper(f"{role}s by day: {listed(bits)}."))
        return out

    def _when(self, known: list[int]) -> str:
        """From when to when something can be told."""
        first, last = (self.days[k].day for k in (known[0], known[-1]))
        if known[-1] == len(self.days) - 1:
            return f"from day {first} on"
        return f"on day {first}" if first == last else f"from day {first} to day {last}"

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "outcome": self.outcome,
            "days": [
                {"day": d.day, "futures": d.futures, "parts": [p.as_dict() for p in d.parts]}
                for d in self.days
            ],
            "sentences": self.sentences,
        }

    @property
    def table(self) -> pl.DataFrame:
        """A row for each day and input that moves it on any day; null where it cannot be told."""
        rows = [
            {
                "role": role,
                "input": name,
                "day": d.day,
                "share": x if math.isfinite(x) else None,
            }
            for role in ("assumption", "lever")
            for name, line in self.lines(role).items()
            for d, x in zip(self.days, line, strict=True)
        ]
        schema = {"role": pl.String, "input": pl.String, "day": pl.Int32, "share": pl.Float64}
        return pl.DataFrame(rows, schema=schema)


def over_days(
    study: Study, outcome: str | None, tick: Callable[[int, int], None] = lambda done, of: None
) -> OverTime:
    """What moves the outcome on each of some days. Raises Fault where it is no daily series.

    tick: is called with days done, and how many there will be.
    """
    base = sample(study)
    table = study.scan("series") if outcome else None
    if table is not None and outcome:
        schema = table.collect_schema()
        _daily(outcome, schema, study)
        needed = outcome_columns(outcome, dict(schema))
    at = np.unique(np.linspace(0, study.days, DAYS + 1).round().astype(int))[1:]
    ends = study.finished.select("run", "day", "ending") if not outcome else None
    out = []
    for done, day in enumerate(at.tolist()):
        tick(done, len(at))
        if table is None or not outcome:
            assert ends is not None
            y = _in_power(ends, base, day)
        else:
            frame = table.filter(pl.col("day") == day).select("run", *needed).collect()
            y = _aligned(numbers(outcome, frame), frame["run"].to_numpy(), base.run)
        found = replace(base, y=y, outcome=_called(outcome, day))
        sweep = study.manifest.get("sweep")
        parts = tuple(
            part(u, study.seed, LEVEL / len(at))
            for u in units(found if sweep else found.known(), sweep)
        )
        known = int(np.isfinite(y).sum())
        out.append(Day(day, known, len(y) - known, parts))
    return OverTime(outcome or SURVIVAL, tuple(out))


def _called(outcome: str | None, day: int) -> str:
    return f"{outcome or 'staying in power'} on day {day}"


def _daily(outcome: str, schema: Any, study: Study) -> None:
    """Raises Fault if an outcome of `runs` is asked for by day."""
    try:
        outcome_columns(outcome, dict(schema))
    except Fault as e:
        in_runs = study.scan("runs").collect_schema().names()
        summed = [c for c in in_runs if c in outcome]
        hint = "by day an outcome is a daily series, as `thermidor outcomes --table series` lists"
        raise Fault([*e.faults, f"{hint}."] if summed else e.faults) from e


def _in_power(ends: pl.DataFrame, base: Sample, day: int) -> np.ndarray:
    """1 where a future is still in power on a day, float64[futures]."""
    still = ((ends["ending"] == "in power") | (ends["day"] > day)).cast(pl.Float64).to_numpy()
    return _aligned(still, ends["run"].to_numpy(), base.run)


def _aligned(y: np.ndarray, run: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Values by future, NaN for those that have none."""
    out = np.full(len(wanted), np.nan)
    order = np.argsort(wanted)
    place = np.searchsorted(wanted[order], run)
    place = np.minimum(place, len(wanted) - 1)
    same = wanted[order][place] == run
    out[order[place[same]]] = y[same]
    return out
