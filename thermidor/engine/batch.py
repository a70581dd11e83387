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

from ..chance.draws import Draw
from ..declaration.declare import Mechanism
from . import dated
from .day import bounds, close_day, open_day
from .layout import Span
from .model import ManySheets, Model, Sheets, sheet_of
from .plan import planned
from .pools import Pools
from .record import WEEK, Recorded, finished
from .returned import check_shapes, declared
from .run import Run
from .snapshot import Snapshot, Starts, first_day
from .wiring import view

Watch = Callable[[int, int], None]


class Futures(NamedTuple):
    """Futures to be played side by side: of models with the same mechanisms and axes, dated events
    and days from which choices hold.

    models, runs: of each.  sheets: what they assume, if not what the models draw.  past: a moment
    from which all go on; future r then has the luck of the branch runs[r] after it, and the
    assumptions of the past's own.  starts: what mechanisms started from in futures before.
    """

    models: Sequence[Model]
    runs: Sequence[int]
    seed: int = 1
    fixed: bool = False
    past: Callable[[Snapshot], Snapshot] | None = None
    past_run: int = 0
    sheets: ManySheets | None = None
    starts: Starts | None = None


class Batch:
    """Futures that stand side by side at the end of `day`; `play` goes on to the last.

    compile_steps: those that are not kept from an earlier time; else they are played plainly.
    whole: play the steps of some days in one call, where that was compiled; how long each takes is
    not told then.
    """

    def __init__(self, futures: Futures, compile_steps: bool = True, whole: bool = False):
        model = self.model = futures.models[0]
        for m in futures.models:
            turns = m.choices_day, *m.turns
            if turns != (model.choices_day, *model.turns) or m.dated is not model.dated:
                raise ValueError("futures side by side need the same dated events and choices")
        self.futures, self.size = futures, len(futures.runs)
        self.last = np.array([m.days for m in futures.models])  # day of each
        self.days = int(self.last.max())
        wiring, columns = model.wiring, model.columns
        self.plan = plan = planned(columns)
        layout = self.layout = plan.layout
        size, days = self.size, self.days
        self.places = Pools([{"place": m.place.numbers} for m in futures.models])
        self.tables = np.zeros((2, size, layout.width))
        self.views = self.tables.view()
        self.views.flags.writeable = False
        self.series = np.zeros((size, days + 1, layout.daily.stop))
        self.voices = np.zeros((size, days // WEEK + 1, len(layout.speakers) + 1))
        self.week = np.zeros((size, len(layout.speakers) + 1))
        self.told = np.full((size, max(1, len(layout.tells))), np.nan)
        self.unseen = np.zeros(size)
        self.happened: list[list[tuple[int, str, str, float]]] = [[] for _ in range(size)]
        self.drawn, self.sheets = self._assumptions()
        self.day = self.first = 0
        self.pools, self.bases = self._past() if futures.past else self._first_day()
        local = self.tables[self.day % 2, :, layout.local]
        self.peak = local.copy()
        self.total = np.zeros(local.shape)
        self.series[:, self.day] = self.tables[self.day % 2, :, layout.daily]
        if futures.past:
            self._take_up()
        self.seconds = {m.name: 0.0 for m in wiring.mechanisms}
        self.played = 0
        self.endings: list[str | None] = [None] * size
        self.live = np.arange(size)
        ends = (layout.spans.get(word) for word in model.ends)
        self.ends = np.array([span.begin for span in ends if span], np.int64)
        self.soonest = int(self.last.min())  # day on which one of them is over
        self.marks = layout.daily.stop, layout.local.stop, layout.states.stop
        self.record = self.series, self.peak, self.total, self.unseen
        self.bounds = bounds(columns, layout)
        self.steps = {m.name: plan.step(*self.step_of(m), compile_steps) for m in wiring.mechanisms}
        self.whole = plan.days(self.steps, self.days_of()) if whole else None

    def _assumptions(self) -> tuple[list[Sequence[Sheets]], dict[str, np.ndarray]]:
        """The sheets of each future, those of the status quo, of now and of later days; and as
        numbers, by mechanism, float64[which of them, future, parameter].
        """
        f = self.futures
        runs = [f.past_run] if f.past else f.runs
        if f.sheets is not None:
            made = [f.sheets]
        elif f.past or all(m is self.model for m in f.models):
            made = [self.model.draw_many(f.seed, runs, fixed=f.fixed)]
        else:
            made = [
                m.draw_many(f.seed, [k], fixed=f.fixed) for m, k in zip(f.models, runs, strict=True)
            ]
        rows = [row for some in made for row in some]
        each = self.size if f.past else 1
        table = {
            m.name: np.repeat(np.concatenate([some[m.name] for some in made], axis=1), each, axis=1)
            for m in self.model.wiring.mechanisms
        }
        return rows * each, table

    def _first_day(self) -> tuple[Pools, dict[str, np.ndarray]]:
        """Write day 0 into the rows; what mechanisms remember, and the base of their luck."""
        f, mechanisms, spans = self.futures, self.model.wiring.mechanisms, self.layout.spans
        may = {m.name: declared(m, self.model.columns) for m in mechanisms}
        memories, bases = [], {m.name: np.zeros(self.size, np.uint64) for m in mechanisms}
        for r, run in enumerate(f.runs):
            luck = {m.name: Draw(f.seed, run, m.name) for m in mechanisms}
            states, memory = first_day(f.models[r], may, self.drawn[r][0], luck, f.starts)
            memories.append(memory)
            row = self.tables[0, r]
            for word, value in states.items():
                begin, end, shape = spans[word]
                if shape:
                    row[begin:end] = value.ravel()
                else:
                    row[begin] = value
            for name, draw in luck.items():
                bases[name][r] = draw.base
        return Pools(memories), bases

    def _past(self) -> tuple[Pools, dict[str, np.ndarray]]:
        """Write the moment from which all go on into the rows; the same."""
        f, mechanisms = self.futures, self.model.wiring.mechanisms
        assert f.past
        luck = {m.name: Draw(f.seed, f.past_run, m.name) for m in mechanisms}
        first = Snapshot.first(self.model, f.seed, f.past_run, self.drawn[0][0], luck)
        self.moment = moment = f.past(first)
        self.day = self.first = moment.day
        for word, (begin, end, _) in self.layout.spans.items():
            self.tables[self.day % 2, :, begin:end] = np.ravel(moment.now[word])
        bases = {
            m.name: np.array(
                [Draw(f.seed, f.past_run, m.name, k).base for k in f.runs], dtype=np.uint64
            )
            for m in mechanisms
        }
        return Pools([moment.memory] * self.size), bases

    def _take_up(self) -> None:
        """Go on from what was recorded of the past."""
        past, day = self.moment.record, self.moment.day
        kept = past.kept(day)
        self.series[:, : day + 1] = kept["series"]
        self.peak[:], self.total[:] = kept["peak"].ravel(), kept["total"].ravel()
        self.voices[:, : len(kept["voices"]), :-1] = kept["voices"]
        self.week[:, :-1] = kept["week"]
        self.happened = [list(past.happened) for _ in range(self.size)]

    def step_of(self, m: Mechanism) -> tuple[Mechanism, Pools, tuple[Any, ...]]:
        """What `Plan.step` is asked with for a mechanism."""
        name = m.name
        example = (
            np.zeros(1, np.int64),
            1,
            self.views[0],
            self.tables[0],
            self.week,
            self.told,
            self.pools.tables[name],
            self.pools.dims[name],
            self.sheets[name][0],
            self.bases[name],
            self.places.tables["place"],
            self.places.dims["place"],
        )
        return m, self.pools, example

    def days_of(self) -> tuple[Any, ...]:
        """What `Plan.days` is asked with."""
        return np.zeros(1, np.int64), 1, 1, self._acts(0), *self._rest(0)

    def _acts(self, turn: int) -> np.ndarray:
        """Whether each mechanism acts, bool[mechanism]: before the choices hold, all do."""
        every, off = self.model.wiring.mechanisms, self.model.wiring.off
        return np.array([not turn or m.name not in off for m in every])

    def _rest(self, turn: int) -> tuple[Any, ...]:
        """With what the steps of some days are called in one, but for the days."""
        each = tuple(
            (
                self.pools.tables[m.name],
                self.pools.dims[m.name],
                self.sheets[m.name][turn],
                self.bases[m.name],
                self.steps[m.name].at,
            )
            for m in self.model.wiring.mechanisms
        )
        places = self.places.tables["place"], self.places.dims["place"]
        close = self.layout.states.stop, self.marks, self.bounds, self.record, self.ends
        return self.views, self.tables, self.week, self.told, close, *places, each

    def play(self, watch: Watch | None = None) -> None:
        """Play all days.  watch: told at the end of each day which it was, and how many futures
        lived it; what it raises ends the play.
        """
        model, wiring = self.model, self.model.wiring
        calls = {m.name: self._call(m) for m in wiring.mechanisms}
        every, now_live, whole = wiring.mechanisms, wiring.live, self.whole
        turns = range(2 + len(model.turns)) if whole else ()
        rest = [(self._acts(turn), *self._rest(turn)) for turn in turns]
        while self.day < self.days and len(self.live):
            first, live = self.day + 1, self.live
            turn = sheet_of(model, first)
            some, told = now_live if turn else every, dated.on(model.dated, dated.TELLER, first)
            if whole and not any(told):
                self._end(*whole(live, first, self._alike(first), *rest[turn]))
            else:
                self._one_by_one(some, calls, turn)
            if watch:
                for day in range(first, self.day + 1):
                    watch(day, len(live))

    def _alike(self, day: int) -> int:
        """The last day, from this one on, to which nothing has to be done between days but what
        `days_of` does: of the week, of the same choices, before dated events and the first future
        that is over.
        """
        model = self.model
        edges = (model.choices_day + 1, *model.turns, *(e.first for e in model.dated))
        ends = (-(-day // WEEK) * WEEK, self.days, max(day, self.soonest))
        return min(*ends, *(edge - 1 for edge in edges if edge > day))

    def _one_by_one(
        self,
        some: Sequence[Mechanism],
        calls: Mapping[str, Any],
        turn: int,
    ) -> None:
        """A day, its steps each in a call of its own."""
        day, live, clock = self.day + 1, self.live, perf_counter
        now, today = self.views[self.day % 2], self.tables[day % 2]
        open_day(live, now, today, self.layout.states.stop)
        begin = clock()
        for m in some:
            name = m.name
            step, before, sheets, after = calls[name]
            if step is None:
                self._plainly(m, day, now, today, turn)
            else:
                step(live, day, now, today, *before, sheets[turn], *after)
            if self.model.dated:
                self._dated(name, day, today)
            end = clock()
            self.seconds[name] += end - begin
            begin = end
        close = self.marks, self.bounds, self.record, self.told, self.ends
        self._end(day, *close_day(live, day, today, *close))

    def _call(self, m: Mechanism) -> tuple[Any, tuple[Any, ...], np.ndarray, tuple[Any, ...]]:
        """The compiled step of a mechanism, and with what it is called but for what changes from
        day to day: before the sheet, the sheets, after it.
        """
        name, rows_ = m.name, self.steps[m.name]
        before = (self.week, self.told, self.pools.tables[name], self.pools.dims[name])
        places = self.places.tables["place"], self.places.dims["place"]
        return rows_.step, before, self.sheets[name], (self.bases[name], *places, rows_.at)

    def _dated(self, who: str, day: int, today: np.ndarray) -> None:
        """What a mechanism tells of the dated events of a day."""
        for event in dated.on(self.model.dated, who, day):
            self._say(today, self.live, event.word, who, event.value)
            for r in self.live if day == event.first else ():
                self.happened[r].append((day, who, event.what, 1.0))

    def _end(self, day: int, happened: int, due: int) -> None:
        """After a day that was closed: what happened is put down, endings are judged."""
        live, today = self.live, self.tables[day % 2]
        if happened:
            tells = list(self.layout.tells)
            for r, k in zip(*np.nonzero(self.told == self.told), strict=True):
                self.happened[r].append((day, *tells[k], float(self.told[r, k])))
            self.told[:] = np.nan
        if day % WEEK == 0:
            self._close(live, day)
        self.day, self.played = day, self.played + len(live) * (day - self.day)
        if due:
            for r in live[(today[live][:, self.ends] >= 1.0).any(1)].tolist():
                self._judge(r)
        if due or day >= self.soonest:
            over = self.last[live] <= day
            self._close(live[over], day)
            self.live = live[~over]

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
        self, m: Mechanism, day: int, now: np.ndarray, today: np.ndarray, turn: int
    ) -> None:
        """A day of a mechanism that is not compiled."""
        spans, may = self.layout.spans, declared(m, self.model.columns)
        for r in self.live.tolist():
            seen = view(m, self.futures.models[r].place)
            world = _World(now[r], spans)
            sheet = self.drawn[r][turn][m.name]
            draw = Draw.based(int(self.bases[m.name][r]), day)
            returned = m.step(seen.see(world, self.pools.memory(m.name, r)), sheet, draw)
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
        said: Any = float(np.mean(value)) if np.size(value) else 0.0  # a place without fronts
        if np.ndim(value) and self.model.wiring.channels[word].by == "province":
            weights = (self.futures.models[r].place.weights for r in which)
            said = np.array([np.vdot(value, w) for w in weights])
        voice = self.layout.speakers.get((word, who))
        if voice is not None:
            self.week[which, voice] += said

    def runs(self) -> Iterator[Run | Exception]:
        """The futures, in order; for one that holds what is no number, the Fault that says so."""
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


def simulate_many(
    models: Sequence[Model],
    seed: int,
    runs: Sequence[int],
    sheets: ManySheets | None = None,
    abreast: int = 64,
) -> Iterator[Run]:
    """Futures of models with the same mechanisms and axes, as `simulate` gives them one by one.

    sheets: what all of them assume, if not what the models draw.  abreast: how many at a time.
    """
    for k in range(0, len(runs), abreast):
        some = slice(k, k + abreast)
        own = None if sheets is None else sheets.part(some)
        batch = Batch(Futures(models[some], runs[some], seed, sheets=own))
        batch.play()
        for made in batch.runs():
            if not isinstance(made, Run):
                raise made
            yield made
