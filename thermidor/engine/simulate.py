"""One future, day by day. This is the whole loop."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Any

from ..chance.draws import Draw
from . import dated
from .model import Model, sheet_of
from .returned import check_shapes, declared
from .run import Run
from .snapshot import Snapshot
from .wiring import freeze, heard, silence, views


def simulate(
    model: Model,
    seed: int = 1,
    run: int = 0,
    *,
    fixed: bool = False,
    branch: tuple[int, int] = (0, 0),
    since: Callable[[Snapshot], Snapshot] | None = None,
    watch: Callable[[Snapshot], None] | None = None,
) -> Run:
    """One future: its assumptions drawn (or fixed), its days played, its ending judged.

    The same scenario, seed, run number and branch give the same future, whatever else is computed
    beside it. branch: (day, number); after that day luck is that of the branch, 0 being the
    future's own. since: takes the first day and returns the snapshot to go on from
    (`Snapshot.restored`, `Snapshot.over`). watch: called at the end of each day; what it raises
    ends the run.
    """
    wiring, columns = model.wiring, model.columns
    sheets = model.draw(seed, run, fixed=fixed)
    own = {m.name: Draw(seed, run, m.name) for m in wiring.mechanisms}
    other = {m.name: Draw(seed, run, m.name, branch[1]) for m in wiring.mechanisms}
    quiet = {c: silence(columns.sizes[q.by]) for c, q in wiring.channels.items()}
    may = {m.name: declared(m, columns) for m in wiring.mechanisms}

    snapshot = Snapshot.first(model, seed, run, sheets[0], own)
    if since:
        snapshot = since(snapshot)
    see, record, memory = views(wiring, model.place), snapshot.record, snapshot.memory

    ending = model.judge(snapshot.now) if snapshot.day else None
    while snapshot.day < model.days and not ending:
        day, now, today = snapshot.day + 1, snapshot.now, dict(snapshot.now)
        said: dict[str, dict[str, Any]] = {c: {} for c in wiring.channels}
        turn = sheet_of(model, day)  # past 0 choices hold, and what is switched off is off
        for m in wiring.live if turn else wiring.mechanisms:
            begin, name = perf_counter(), m.name
            draw = (other if day > branch[0] else own)[name]
            draw.day = day
            returned = m.step(see[name].see(now, memory[name]), sheets[turn][name], draw)
            check_shapes(m, returned, may[name])
            for word, value in returned.items():
                if word in m.owns:
                    today[word] = value if type(value) is float else freeze(value)
                elif word in m.tells:
                    if value == value:  # NaN: it did not happen
                        record.note(day, name, [(word, value)])
                else:
                    said[word][name] = value
            for event in dated.on(model.dated, name, day):
                said[event.word][name] = said[event.word].get(name, 0.0) + event.value
                record.note(day, name, [(event.what, 1.0)] if day == event.first else [])
            record.seconds[name] += perf_counter() - begin
        for c, q in wiring.channels.items():
            today[c] = heard(said[c], q, quiet[c])  # one order, for mechanisms are sorted
        snapshot.day, snapshot.now = day, today
        record.take(day, today, said)
        ending = model.judge(today)
        if watch:
            watch(snapshot)
    return record.finish(run, seed, sheets[1], snapshot.day, ending or "in power")
