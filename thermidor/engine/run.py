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
        return {name: values[0] for name, values in outcomes([self]).items()}


def outcomes(futures: Sequence[Run]) -> dict[str, list[Any]]:
    """The rows of some futures of one scenario, as columns: a list of numbers or texts each, with
    None where there is no value.
    """
    ends = [f.ending for f in futures]
    columns: dict[str, list[Any]] = {
        "run": [f.run for f in futures],
        "ending": ends,
        "day": [f.day for f in futures],
        "survived": [float(ending == "in power") for ending in ends],
        "reason": [None] * len(futures),
    }
    one = futures[0]
    for who in sorted(one.parameters):
        sheets = [f.parameters[who] for f in futures]
        for field in dataclasses.fields(sheets[0]):
            columns[f"{who}.{field.name}"] = [getattr(s, field.name) for s in sheets]
    last = np.array([f.series[-1] for f in futures])
    for c in one.costs:
        columns[c] = last[:, list(one.names).index(c)].tolist()
    for c in one.finals:
        columns[c] = [f.finals[c] for f in futures]
    return columns | _reduced(futures, last)


def _reduced(futures: Sequence[Run], last: npt.NDArray[np.float64]) -> dict[str, list[Any]]:
    """The reductions of every series, by the names of `REDUCERS`.

    last: what the series are on the last day, float64[future, series].
    """
    peak = np.array([f.series.max(0) for f in futures])
    first = np.array([(f.series > 0).argmax(0) for f in futures]).astype(object)
    first[~(peak > 0)] = None
    reduced = {
        "final": last,
        "peak": peak,
        "low": np.array([f.series.min(0) for f in futures]),
        "mean": np.array([f.series[1:].mean(0) for f in futures]),
        "first": first,
    }
    columns = {reducer: values.T.tolist() for reducer, values in reduced.items()}
    return {
        f"{reducer}_{name}": columns[reducer][k]
        for k, name in enumerate(futures[0].names)
        for reducer in REDUCERS
    }
