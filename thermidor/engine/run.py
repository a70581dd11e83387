"""A finished future and what can be read off it."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, NamedTuple

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
        found = outcomes([self])
        row: dict[str, Any] = dict(zip(found.names, found.numbers[0].tolist(), strict=True))
        for name in found.days:
            row[name] = None if math.isnan(row[name]) else int(row[name])
        row |= {name: values[0] for name, values in found.texts.items()}
        return {"run": self.run} | {name: row[name] for name in found.order}


class Outcomes(NamedTuple):
    """The rows of some futures of one scenario without their numbers, by what they hold.

    order: the names of all columns, in their order.
    texts: columns of texts, with None where there is no value.
    names, numbers: the other columns, float64[future, name].
    days: names of those that hold whole days, NaN where there is none.
    """

    order: list[str]
    texts: dict[str, list[str | None]]
    names: list[str]
    numbers: npt.NDArray[np.float64]
    days: list[str]


def outcomes(futures: Sequence[Run]) -> Outcomes:
    """The rows of some futures of one scenario."""
    one, size = futures[0], len(futures)
    texts: dict[str, list[str | None]] = {
        "ending": [f.ending for f in futures],
        "reason": [None] * size,
    }
    order, names = ["ending", "day", "survived", "reason"], ["day", "survived"]
    numbers = [np.array([(f.day, f.ending == "in power") for f in futures], np.float64)]
    for who in sorted(one.parameters):
        sheets = [f.parameters[who] for f in futures]
        fields = [field.name for field in dataclasses.fields(sheets[0])]
        order += [f"{who}.{field}" for field in fields]
        for field in [x for x in fields if isinstance(getattr(sheets[0], x), str)]:
            texts[f"{who}.{field}"] = [getattr(s, field) for s in sheets]
            fields.remove(field)
        if fields:
            names += [f"{who}.{field}" for field in fields]
            values = list(map(attrgetter(*fields), sheets))
            numbers.append(np.array(values, np.float64).reshape(size, -1))
    last = np.array([f.series[-1] for f in futures])
    numbers.append(last[:, np.array([list(one.names).index(c) for c in one.costs], np.intp)])
    numbers.append(np.array([[f.finals[c] for c in one.finals] for f in futures], np.float64))
    numbers.append(_reduced(futures, last))
    reduced = [f"{reducer}_{name}" for name in one.names for reducer in REDUCERS]
    told = [*one.costs, *one.finals, *reduced]
    days = ["day", *(f"first_{name}" for name in one.names)]
    return Outcomes(order + told, texts, names + told, np.concatenate(numbers, axis=1), days)


def _reduced(futures: Sequence[Run], last: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The reductions of every series, in the order of `REDUCERS`: float64[future, series and
    reducer].

    last: what the series are on the last day, float64[future, series].
    """
    found = np.empty((*last.shape, len(REDUCERS)))
    found[:, :, 0] = last
    for row, f in zip(found, futures, strict=True):
        row[:, 1] = f.series.max(0)
        row[:, 2] = f.series.min(0)
        row[:, 3] = f.series[1:].mean(0)
        row[:, 4] = np.where(row[:, 1] > 0, (f.series > 0).argmax(0), np.nan)
    return found.reshape(len(futures), -1)
