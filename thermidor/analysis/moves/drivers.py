"""What moves an outcome, said: which inputs beyond luck, by how much, and what cannot be told."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from ...study.results import Study
from ...wording import count
from .overtime import OverTime, over_days
from .parts import Part, part
from .sample import SURVIVAL, sample
from .units import units

TABLE: dict[str, Any] = {
    **dict.fromkeys(("role", "input", "measure"), pl.String),
    **dict.fromkeys(("value", "low", "high", "total", "total_low", "total_high"), pl.Float64),
    **dict.fromkeys(("direction", "luck"), pl.Float64),
    "beyond_luck": pl.Boolean,
    "says": pl.String,
}


@dataclass(frozen=True)
class Drivers:
    """What moves an outcome of a study. left_out: futures in which the outcome has no value."""

    path: Path
    outcome: str
    futures: int
    left_out: int
    parts: tuple[Part, ...]
    over_time: OverTime | None = None

    @property
    def command(self) -> str:
        """What gives this again."""
        asked = [] if self.outcome == SURVIVAL else ["--outcome", self.outcome]
        more = ["--over-time"] if self.over_time else []
        return shlex.join(["thermidor", "drivers", str(self.path), *asked, *more])

    @property
    def sentences(self) -> list[str]:
        """The answer, a sentence for assumptions and one for levers."""
        said = [p.sentence for p in self.parts]
        if not said:
            said = ["Nothing was drawn or varied in this study, so nothing in it moves an outcome."]
        if self.left_out:
            said.append(
                f"{count(self.left_out, 'future')} in which {self.outcome} has no value "
                f"{'is' if self.left_out == 1 else 'are'} left out."
            )
        return said

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers, texts and lists."""
        return {
            "study": str(self.path),
            "outcome": self.outcome,
            "futures": self.futures,
            "left_out": self.left_out,
            "sentences": self.sentences,
            "parts": [p.as_dict() for p in self.parts],
            "over_time": self.over_time.as_dict() if self.over_time else None,
            "command": self.command,
        }

    @property
    def table(self) -> pl.DataFrame:
        """A row for each input that was looked at; no value where none can be told."""
        rows: list[dict[str, Any]] = []
        for p in self.parts:
            told = {d.name: d for d in p.found}
            for name, luck in sorted(p.luck.items(), key=lambda x: x[1]):
                d = told.get(name)
                value, low, high = d.measure if d else (None, None, None)
                rows.append(
                    {
                        "role": p.role,
                        "input": name,
                        "measure": p.by,
                        "value": value,
                        "low": low,
                        "high": high,
                        "total": d.total.value if d and d.total else None,
                        "total_low": d.total.low if d and d.total else None,
                        "total_high": d.total.high if d and d.total else None,
                        "direction": d.direction if d else None,
                        "luck": luck,
                        "beyond_luck": d is not None,
                        "says": d.says if d else None,
                    }
                )
        return pl.DataFrame(rows, schema=TABLE)


def drivers(
    study: Study,
    outcome: str | None = None,
    *,
    over_time: bool = False,
    tick: Callable[[int, int], None] = lambda done, of: None,
) -> Drivers:
    """What moves an outcome of a study: survival, or an expression over its columns of `runs`.

    over_time: by day as well; an outcome is then a daily series or an expression over them.  tick:
    is called with days done, and how many there will be. Raises Fault if the outcome is none, or no
    future is finished.
    """
    days = over_days(study, outcome, tick) if over_time else None
    if over_time and outcome:
        assert days is not None
        last = days.last
        return Drivers(study.path, outcome, last.futures, last.left_out, last.parts, days)
    found = sample(study, outcome)
    sweep = study.manifest.get("sweep")
    return Drivers(
        study.path,
        found.outcome,
        len(found.y),
        int((~np.isfinite(found.y)).sum()),
        tuple(part(u, study.seed) for u in units(found if sweep else found.known(), sweep)),
        days,
    )
