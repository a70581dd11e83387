"""A finished future and what can be read off it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

REDUCERS = {
    "final": "value on the last day",
    "peak": "largest value",
    "low": "smallest value",
    "mean": "mean over the days lived",
    "first": "first day on which it is above zero (empty if never)",
}


@dataclass(frozen=True)
class Run:
    """One future: what was assumed, how it ended, its series, what happened, who moved whom."""

    run: int
    seed: int
    day: int
    ending: str
    names: Sequence[str]
    series: np.ndarray  # [day + 1, names]
    finals: Mapping[str, float]
    costs: Sequence[str]
    speakers: Sequence[tuple[str, str]]
    voices: np.ndarray  # [weeks, speakers], mean a day
    happened: Sequence[tuple[int, str, str, float]]
    seconds: Mapping[str, float]
    parameters: Mapping[str, Any]
    provinces: Mapping[str, np.ndarray]

    def __getitem__(self, name: str) -> np.ndarray:
        """A daily series by name, from day 0."""
        return self.series[:, list(self.names).index(name)]

    def outcomes(self) -> dict[str, Any]:
        """Everything about the future in one row: inputs, ending, day, costs, reductions of every
        series.
        """
        row: dict[str, Any] = {
            "run": self.run,
            "ending": self.ending,
            "day": self.day,
            "survived": float(self.ending == "in power"),
            "reason": None,
        }
        for who in sorted(self.parameters):
            for f in dataclasses.fields(self.parameters[who]):
                row[f"{who}.{f.name}"] = getattr(self.parameters[who], f.name)
        for c in self.costs:
            row[c] = float(self[c][-1])
        row |= self.finals
        series = self.series
        reduced = {
            "final": series[-1],
            "peak": series.max(0),
            "low": series.min(0),
            "mean": series[1:].mean(0),
        }
        ever: npt.NDArray[np.bool_] = np.asarray((series > 0).any(0))
        first = np.where(ever, (series > 0).argmax(0), -1)
        for k, name in enumerate(self.names):
            for reducer, values in reduced.items():
                row[f"{reducer}_{name}"] = float(values[k])
            row[f"first_{name}"] = int(first[k]) if ever[k] else None
        return row
