"""What is kept of a future: daily series, what happened, who moved whom, and the seconds that each
mechanism took.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from ..support.faults import Fault
from .columns import Columns
from .run import Run

WEEK = 7
HAIR = 1e-6  # by which a sum of shares may pass 1
LARGEST = float(np.finfo(np.float32).max)


class Record:
    """Takes the world day by day into arrays laid out in advance.

    weights: each province's share of the population, float[province].
    """

    def __init__(self, columns: Columns, weights: np.ndarray, days: int, world: Mapping[str, Any]):
        wiring = columns.wiring
        self.columns, self._single, self._lists = columns, columns.single, columns.lists
        self.series = np.zeros((days + 1, len(columns.series)))
        self.speakers = wiring.speakers()
        self._province_weights = weights
        channels = {c: self._weights(q.by) for c, q in wiring.channels.items()}
        self._at = {pair: (k, channels[pair[0]]) for k, pair in enumerate(self.speakers)}
        self.voices = np.zeros((days // WEEK + 1, len(self.speakers)))
        self._week = [0.0] * len(self.speakers)
        self._local, self._unseen, self._unseen_sum = columns.local, columns.unseen, 0.0
        self._ones = np.ones(max((np.size(world[s]) for s in self._unseen), default=0))
        self.now = np.zeros((len(self._local), len(weights)))
        self.peak, self.total = self.now.copy(), self.now.copy()
        self.happened: list[tuple[int, str, str, float]] = []
        self.seconds = {m.name: 0.0 for m in wiring.mechanisms}
        self._last: Mapping[str, Any] = world
        self._take(0, world)
        for k, s in enumerate(self._local):
            self.peak[k] = world[s]

    def _take(self, day: int, world: Mapping[str, Any]) -> None:
        row = [world[s] for s in self._single]
        for s in self._lists:
            row += world[s].tolist()
        self.series[day] = row

    def note(self, day: int, who: str, happened: Sequence[tuple[str, float]]) -> None:
        self.happened += [(day, who, what, float(value)) for what, value in happened]

    def take(
        self, day: int, world: Mapping[str, Any], said: Mapping[str, Mapping[str, Any]]
    ) -> None:
        self._take(day, world)
        week, at = self._week, self._at
        for c, speakers in said.items():
            for who, value in speakers.items():
                found = at.get((c, who))
                if found:
                    k, weights = found
                    week[k] += (
                        value
                        if weights is None or type(value) is float or np.ndim(value) == 0
                        else float(np.vdot(value, weights))
                    )
        if day % WEEK == 0:
            self._close(day)
        for k, s in enumerate(self._local):
            self.now[k] = world[s]
        for s in self._unseen:
            self._unseen_sum += float(np.dot(world[s].ravel(), self._ones[: world[s].size]))
        np.maximum(self.peak, self.now, out=self.peak)
        self.total += self.now
        self._last = world

    def _close(self, day: int) -> None:
        """Put down what was said in the week of this day."""
        self.voices[(day - 1) // WEEK] += self._week
        self._week = [0.0] * len(self.speakers)

    def _weights(self, by: str) -> np.ndarray | None:
        """What an array by these members counts for in one number: people by province, else a plain
        mean.
        """
        shape = self.columns.sizes[by]
        if not shape:
            return None
        if by == "province":
            return self._province_weights
        return np.full(shape, 1 / max(1, self.columns.size(by)))

    def kept(self, day: int) -> dict[str, np.ndarray]:
        """What was recorded up to a day, as arrays by name (what happened apart)."""
        return {
            "series": self.series[: day + 1],
            "voices": self.voices[: (day - 1) // WEEK + 1],
            "week": np.array(self._week),
            "peak": self.peak,
            "total": self.total,
            "local": self.now,
            "seconds": np.array(list(self.seconds.values())),
        }

    def take_up(
        self,
        kept: Mapping[str, np.ndarray],
        day: int,
        happened: list[Any],
        world: Mapping[str, Any],
    ) -> None:
        """Go on from what was recorded."""
        self.series[: day + 1], self.voices[: len(kept["voices"])] = kept["series"], kept["voices"]
        self._week = kept["week"].tolist()
        self.peak, self.total, self.now, self.happened, self._last = (
            kept["peak"],
            kept["total"],
            kept["local"],
            happened,
            world,
        )
        self.seconds = dict(zip(self.seconds, map(float, kept["seconds"]), strict=True))

    def finish(
        self, run: int, seed: int, parameters: Mapping[str, Any], day: int, ending: str
    ) -> Run:
        if day % WEEK:
            self._close(day)
        kept = Recorded(
            self.series,
            self.voices,
            self.now,
            self.peak,
            self.total,
            self._unseen_sum,
            self._last,
            self.happened,
            self.seconds,
        )
        return finished(self.columns, kept, run, seed, parameters, day, ending)


class Recorded(NamedTuple):
    """What was recorded of a future, whichever loop played it."""

    series: np.ndarray  # float[day, column]
    voices: np.ndarray  # sums of the week, float[week, speaker]
    now: np.ndarray  # of states by province, float[state, province]: on the last day,
    peak: np.ndarray  # their largest values,
    total: np.ndarray  # their sums over the days
    unseen: float  # the sum of all states of which not every day is recorded
    last: Mapping[str, Any]  # the states on the last day
    happened: list[tuple[int, str, str, float]]
    seconds: dict[str, float]


def finished(
    columns: Columns,
    kept: Recorded,
    run: int,
    seed: int,
    parameters: Mapping[str, Any],
    day: int,
    ending: str,
) -> Run:
    """A future of which so much was recorded until its last day; raises a Fault for what is no
    number.
    """
    series, names = kept.series[: day + 1], [c.name for c in columns.series]
    weeks = (day - 1) // WEEK + 1
    days_in_week = np.minimum(WEEK, day - WEEK * np.arange(weeks))
    finals: dict[str, float] = {}
    for state in dict.fromkeys(c.state for c in columns.finals):
        cells = [c.name for c in columns.finals if c.state == state]
        finals |= zip(cells, map(float, kept.last[state]), strict=True)
    provinces = {
        f"{s}.{r}": v[k]
        for k, s in enumerate(columns.local)
        for r, v in (("peak", kept.peak), ("mean", kept.total / day), ("final", kept.now))
    }
    _refuse_what_is_no_number(columns, kept, series)
    return Run(
        run=run,
        seed=seed,
        day=day,
        ending=ending,
        names=names,
        series=series,
        finals=finals,
        costs=[c.name for c in columns.costs],
        speakers=columns.wiring.speakers(),
        voices=kept.voices[:weeks] / days_in_week[:, None],
        happened=sorted(kept.happened),
        seconds=kept.seconds,
        parameters=parameters,
        provinces=provinces,
    )


def _refuse_what_is_no_number(columns: Columns, kept: Recorded, series: np.ndarray) -> None:
    """A future that is kept holds finite numbers only, in the 32 bits of its tables too, and shares
    between 0 and 1.
    """
    names = [c.name for c in columns.series]
    if not _is_number(series).all():
        day, column = np.argwhere(~_is_number(series))[0]
        raise Fault(f"'{names[column]}' became {series[day, column]} on day {day}.")
    shares = columns.shares
    parts = series[:, shares]
    if parts.size and (parts.min() < -HAIR or parts.max() > 1 + HAIR):
        day, k = np.argwhere((parts < -HAIR) | (parts > 1 + HAIR))[0]
        raise Fault(
            f"'{names[shares[k]]}' became {parts[day, k]:g} on day {day}; it is a part of 1."
        )
    if not _is_number(kept.unseen):
        raise Fault(f"one of {', '.join(columns.unseen)} became {kept.unseen}.")
    local = (("peak", kept.peak), ("mean", kept.total), ("final", kept.now))
    fine = all(_is_number(what).all() for _, what in local)  # all at once: it is nearly always so
    for k, state in enumerate(() if fine else columns.local):
        for r, what in local:
            if not np.all(_is_number(what[k])):
                wrong = what[k][~_is_number(what[k])][0]
                raise Fault(f"'{state}.{r}' became {wrong}.")
    if not np.all(_is_number(kept.voices)):
        wrong = kept.voices[~_is_number(kept.voices)][0]
        raise Fault(f"'what was said' became {wrong}.")


def _is_number(x: Any) -> Any:
    return np.abs(x) <= LARGEST  # false for what is no number
