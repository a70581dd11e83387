"""Many futures side by side, day by day: the loop of simulate.py over rows.

The world is a table: a row a future, a column a number (layout.py). On a day each mechanism plays
all futures in one call of its compiled step (rows.py); a mechanism that cannot be compiled plays
them one after another as plain Python. Either way the numbers are those of simulate.py, whose
future is the definition, to the last digits: compiled code may round the last one otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np

from ..declaration.declare import Mechanism
from ..kernels.arrays import F64, I64
from ..kernels.draws import Draw
from ..support.compiled import compiled
from . import dated
from .columns import Columns
from .layout import Layout, Span
from .model import Model, Sheets
from .pools import Pools
from .record import WEEK, Recorded, finished
from .returned import check_shapes, declared
from .rows import Rows, rows
from .run import Run
from .snapshot import Snapshot
from .wiring import views

Watch = Callable[[int, int], None]
MOST_PLANS = 64  # that are kept


class Futures(NamedTuple):
    """Futures to be played side by side: of models that differ in their assumptions at most.

    models, runs: of each.  past: a moment from which all go on; future r then has the luck of the
    branch runs[r] after it, and the assumptions of the past's own.
    """

    models: Sequence[Model]
    runs: Sequence[int]
    seed: int = 1
    fixed: bool = False
    past: Callable[[Snapshot], Snapshot] | None = None
    past_run: int = 0


class Plan:
    """What futures of the same mechanisms and sizes have in common: columns, and compiled steps."""

    def __init__(self, columns: Columns):
        self.layout = Layout(columns)
        self._steps: dict[str, Rows] = {}

    def step(self, m: Mechanism, pools: Pools, example: Sequence[Any]) -> Rows:
        """The step of a mechanism over rows; see `rows`."""
        if m.name not in self._steps:
            self._steps[m.name] = rows(m, self.layout, pools, example)
        return self._steps[m.name]


_plans: dict[Any, Plan] = {}


def planned(columns: Columns) -> Plan:
    """The plan for these columns, made once in a process."""
    wiring = columns.wiring
    key = (wiring.mechanisms, wiring.off, tuple(sorted(columns.sizes.items())))
    if key not in _plans:
        if len(_plans) >= MOST_PLANS:
            _plans.clear()
        _plans[key] = Plan(columns)
    return _plans[key]


class Batch:
    """Futures that stand side by side at the end of `day`; `play` goes on to the last."""

    def __init__(self, futures: Futures):
        model = self.model = futures.models[0]
        self.futures, self.days, self.size = futures, model.days, len(futures.runs)
        wiring, columns = model.wiring, model.columns
        self.plan = plan = planned(columns)
        layout = self.layout = plan.layout
        size, days = self.size, self.days
        self.drawn: list[tuple[Sheets, Sheets]] = []
        firsts, self.sheets = self._begin()
        self.day = self.first = firsts[0].day
        self.pools = Pools([f.memory for f in firsts])
        self.bases = self._luck()
        self.tables = np.zeros((2, size, layout.width))
        self.views = self.tables.view()
        self.views.flags.writeable = False
        self.series = np.zeros((size, days + 1, layout.daily.stop))
        local = (size, layout.local.stop - layout.local.start)
        self.peak, self.total = np.zeros(local), np.zeros(local)
        self.voices = np.zeros((size, days // WEEK + 1, len(layout.speakers) + 1))
        self.week = np.zeros((size, len(layout.speakers) + 1))
        self.told = np.full((size, max(1, len(layout.tells))), np.nan)
        self.unseen = np.zeros(size)
        self.happened: list[list[tuple[int, str, str, float]]] = [[] for _ in range(size)]
        self.seconds = {m.name: 0.0 for m in wiring.mechanisms}
        self.played = 0
        self.last = np.full(size, days)
        self.endings: list[str | None] = [None] * size
        for r, f in enumerate(firsts):
            self._put(r, f)
        self.live = np.arange(size)
        ends = (layout.spans.get(word) for word in model.ends)
        self.ends = [span.begin for span in ends if span]
        self.bounds = _bounds(columns, layout)
        self.steps = self._steps()

    def _begin(self) -> tuple[list[Snapshot], dict[str, np.ndarray]]:
        """Where each future begins; and the sheets of each mechanism as a table, float[status quo
        or now, future, parameter].
        """
        f, names = self.futures, self.model.wiring.mechanisms
        sheets = {m.name: np.zeros((2, self.size, max(1, len(m.parameters)))) for m in names}
        firsts: list[Snapshot] = []
        for r, (model, run) in enumerate(zip(f.models, f.runs, strict=True)):
            if f.past and firsts:
                firsts.append(firsts[0])
                self.drawn.append(self.drawn[0])
                for table in sheets.values():
                    table[:, r] = table[:, 0]
                continue
            own = f.past_run if f.past else run
            drawn = model.draw(f.seed, own, fixed=f.fixed)
            for k, sheet in enumerate(drawn):
                for m in names:
                    sheets[m.name][k, r, : len(m.parameters)] = numbers(m, sheet[m.name])
            luck = {m.name: Draw(f.seed, own, m.name) for m in names}
            first = Snapshot.first(model, f.seed, own, drawn[0], luck)
            firsts.append(f.past(first) if f.past else first)
            self.drawn.append(drawn)
        return firsts, sheets

    def _luck(self) -> dict[str, np.ndarray]:
        """The base of each mechanism's luck, uint64[future]."""
        f = self.futures
        out = {}
        for m in self.model.wiring.mechanisms:
            draws = (
                Draw(f.seed, f.past_run, m.name, k) if f.past else Draw(f.seed, k, m.name)
                for k in f.runs
            )
            out[m.name] = np.array([d.base for d in draws], np.uint64)
        return out

    def _put(self, r: int, first: Snapshot) -> None:
        """Write the moment from which a future goes on into its row."""
        row = self.tables[self.day % 2, r]
        for word, (begin, end, _) in self.layout.spans.items():
            row[begin:end] = np.ravel(first.now[word])
        past, day = first.record, first.day
        self.series[r, : day + 1] = past.series[: day + 1]
        self.peak[r], self.total[r] = past.peak.ravel(), past.total.ravel()
        kept = past.kept(day)
        self.voices[r, : len(kept["voices"]), :-1] = kept["voices"]
        self.week[r, :-1] = kept["week"]
        self.happened[r] = list(past.happened)

    def _steps(self) -> dict[str, Rows]:
        """The step of each mechanism over rows."""
        place, none = self.model.place.numbers, np.zeros(1, np.int64)
        found = {}
        for m in self.model.wiring.mechanisms:
            name = m.name
            example = (
                none,
                1,
                self.views[0],
                self.tables[0],
                self.week,
                self.told,
                self.pools.tables[name],
                self.pools.dims[name],
                self.sheets[name][0],
                self.bases[name],
                place,
            )
            found[name] = self.plan.step(m, self.pools, example)
        return found

    def play(self, watch: Watch | None = None) -> None:
        """Play all days.  watch: told at the end of each day which it was, and how many futures
        lived it; what it raises ends the play.
        """
        model, wiring, layout = self.model, self.model.wiring, self.layout
        place, states = model.place.numbers, layout.states.stop
        while self.day < self.days and len(self.live):
            day, live = self.day + 1, self.live
            now, today = self.views[self.day % 2], self.tables[day % 2]
            changed = day > model.choices_day
            open_day(live, now, today, states)
            for m in wiring.live if changed else wiring.mechanisms:
                begin, name = perf_counter(), m.name
                step, sheets = self.steps[name], self.sheets[name][1 if changed else 0]
                if step.step is None:
                    self._plainly(m, day, now, today, changed)
                else:
                    step.step(
                        live,
                        day,
                        now,
                        today,
                        self.week,
                        self.told,
                        self.pools.tables[name],
                        self.pools.dims[name],
                        sheets,
                        self.bases[name],
                        place,
                        step.at,
                    )
                for event in dated.on(model.dated, name, day):
                    self._say(today, live, event.word, name, event.value)
                    if day == event.first:
                        for r in live:
                            self.happened[r].append((day, name, event.what, 1.0))
                self.seconds[name] += perf_counter() - begin
            self._end(day, today)
            if watch:
                watch(day, len(live))

    def _end(self, day: int, today: np.ndarray) -> None:
        """What channels carry is bounded, the day recorded, its endings judged."""
        live, layout = self.live, self.layout
        happened = close_day(
            live,
            day,
            today,
            (layout.daily.stop, layout.local.stop, layout.states.stop),
            self.bounds,
            self.series,
            self.peak,
            self.total,
            self.unseen,
            self.told,
        )
        if happened:
            tells = list(layout.tells)
            for r, k in zip(*np.nonzero(self.told == self.told), strict=True):
                self.happened[r].append((day, *tells[k], float(self.told[r, k])))
            self.told[:] = np.nan
        if day % WEEK == 0:
            self._close(live, day)
        self.day, self.played = day, self.played + len(live)
        due = live[(today[np.ix_(live, self.ends)] >= 1.0).any(1)]
        for r in due:
            self._judge(int(r))
        if len(due):
            self.live = np.array([r for r in live if self.endings[r] is None], np.int64)
            self._close([r for r in live if self.endings[r] is not None], day)

    def _close(self, which: Any, day: int) -> None:
        """Put down what was said in the week of this day."""
        self.voices[which, (day - 1) // WEEK] += self.week[which]
        self.week[which] = 0.0

    def _judge(self, r: int) -> None:
        """The ending of a future today, if there is one."""
        row, spans = self.tables[self.day % 2, r], self.layout.spans
        single = {w: float(row[spans[w].begin]) for w in self.model.columns.single}
        self.endings[r] = self.model.judge(single)
        if self.endings[r]:
            self.last[r] = self.day

    def _plainly(
        self, m: Mechanism, day: int, now: np.ndarray, today: np.ndarray, changed: bool
    ) -> None:
        """A day of a mechanism that is not compiled."""
        columns, spans = self.model.columns, self.layout.spans
        may, view = declared(m, columns), views(self.model.wiring, self.model.place)[m.name]
        for r in self.live:
            world = _World(now[r], spans)
            sheet = self.drawn[r][changed][m.name]
            draw = Draw.based(int(self.bases[m.name][r]), day)
            returned = m.step(view.see(world, self.pools.memory(m.name, r)), sheet, draw)
            check_shapes(m, returned, may)
            for word, value in returned.items():
                if word in m.owns:
                    today[r, spans[word].begin : spans[word].end] = np.ravel(value)
                elif word in m.tells:
                    if value == value:
                        self.happened[r].append((day, m.name, word, float(value)))
                else:
                    self._say(today, [r], word, m.name, value)

    def _say(self, today: np.ndarray, which: Any, word: str, who: str, value: Any) -> None:
        """Add what a speaker says to a channel, for some futures."""
        begin, end, _ = self.layout.spans[word]
        today[which, begin:end] += np.ravel(value)
        if np.ndim(value) == 0:
            said = float(value)
        elif self.model.wiring.channels[word].by == "province":
            said = float(np.vdot(value, self.model.place.weights))
        else:
            said = float(np.mean(value))
        voice = self.layout.speakers.get((word, who))
        if voice is not None:
            self.week[which, voice] += said

    def runs(self) -> Iterator[Run | Exception]:
        """The futures, in order; for one that holds what is no number, the Fault that says so."""
        if self.day % WEEK:
            self._close(self.live, self.day)
        for r in range(self.size):
            try:
                yield self._finished(r)
            except Exception as e:
                yield e

    def _finished(self, r: int) -> Run:
        layout, columns, day = self.layout, self.model.columns, int(self.last[r])
        row = self.tables[day % 2, r]
        shape = (len(columns.local), -1)
        part = (day - self.first) / max(1, self.played)
        kept = Recorded(
            self.series[r],
            self.voices[r, :, :-1],
            row[layout.local].reshape(shape),
            self.peak[r].reshape(shape),
            self.total[r].reshape(shape),
            float(self.unseen[r]),
            _World(row, layout.spans),
            self.happened[r],
            {name: s * part for name, s in self.seconds.items()},
        )
        f = self.futures
        return finished(
            columns, kept, f.runs[r], f.seed, self.drawn[r][1], day, self.endings[r] or "in power"
        )


class _World(Mapping[str, Any]):
    """A row, read by the names of states and channels."""

    def __init__(self, row: np.ndarray, spans: Mapping[str, Span]):
        self.row, self.spans = row, spans

    def __getitem__(self, word: str) -> Any:
        begin, end, shape = self.spans[word]
        return self.row[begin:end].reshape(shape) if shape else float(self.row[begin])

    def __iter__(self) -> Iterator[str]:
        return iter(self.spans)

    def __len__(self) -> int:
        return len(self.spans)


def numbers(m: Mechanism, sheet: Any) -> list[float]:
    """A parameter sheet as numbers, options by their index."""
    return [
        float(p.options.index(getattr(sheet, n)) if p.options else getattr(sheet, n))
        for n, p in m.parameters.items()
    ]


def _bounds(columns: Columns, layout: Layout) -> np.ndarray:
    """The bounds of each channel column, float[lower or upper, column]."""
    out = np.zeros((2, layout.width - layout.states.stop))
    for word, q in columns.wiring.channels.items():
        begin, end, _ = layout.spans[word]
        out[0, begin - layout.states.stop : end - layout.states.stop] = q.low
        out[1, begin - layout.states.stop : end - layout.states.stop] = q.high
    return out


@compiled(nogil=True)
def open_day(live: I64, now: F64, today: F64, states: int) -> None:
    """States stand as they did, and channels are silent.  now, today: float64[future, column]."""
    for r in live:
        today[r, :states] = now[r, :states]
        today[r, states:] = 0.0


@compiled(nogil=True)
def close_day(
    live: I64,
    day: int,
    today: F64,
    ends: tuple[int, int, int],
    bounds: F64,
    series: F64,
    peak: F64,
    total: F64,
    unseen: F64,
    told: F64,
) -> int:
    """Bound what channels carry and record the day; how many things happened.

    ends: where the columns of the daily states, of those by province and of all states end.
    bounds: float64[2, channel column].  series: float64[future, day, column].  peak, total:
    float64[future, column].  unseen: float64[future].  told: float64[future, what], else nan.
    """
    daily, local, states = ends
    happened = 0
    for r in live:
        row = today[r]
        for c in range(states, row.size):
            row[c] = min(max(row[c], bounds[0, c - states]), bounds[1, c - states])
        series[r, day] = row[:daily]
        for c in range(daily, local):
            peak[r, c - daily] = max(peak[r, c - daily], row[c])
            total[r, c - daily] += row[c]
        for c in range(local, states):
            unseen[r] += row[c]
        for what in told[r]:
            happened += what == what
    return happened
