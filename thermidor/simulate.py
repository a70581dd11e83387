"""One future, day by day. This is the whole loop."""
from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import TYPE_CHECKING

from .draws import Draw
from .endings import judge
from .record import Record
from .world import check_shapes, freeze, silence, views

if TYPE_CHECKING:
    from .future import Run
    from .scenario import Scenario


def simulate(scenario: Scenario, seed: int = 1, run: int = 0, *, fixed: bool = False,
             watch: Callable[[int], None] | None = None) -> Run:
    """One future of a scenario: its assumptions drawn (or fixed), its days played, its ending judged.

    The same scenario, seed and run number give the same future, whatever else is computed beside it. `watch` is called with
    the number of each day that is done; what it raises ends the run.
    """
    place, wiring, sizes = scenario.place, scenario.wiring, scenario.place.sizes
    before, parameters = scenario.draw(seed, run, fixed=fixed)
    luck = {m.name: Draw(seed, run, m.name) for m in wiring.mechanisms}
    see = views(wiring)
    heard = {c: silence(q, sizes) for c, q in wiring.channels.items()}

    now = dict(heard)
    for m in wiring.mechanisms:
        started = m.start(before[m.name], place, luck[m.name])
        see[m.name].__dict__["memory"] = started.pop("memory", None)
        check_shapes(m, started, wiring, sizes)
        now |= {k: freeze(v) for k, v in started.items()}

    record = Record(scenario, now)
    ending = "in power"
    for day in range(1, scenario.days + 1):
        today, said = dict(now), {c: {} for c in wiring.channels}
        for m in wiring.live:
            begin = perf_counter()
            luck[m.name].day = day
            returned = m.step(see[m.name].see(now), parameters[m.name], luck[m.name])
            if day == 1:
                check_shapes(m, returned, wiring, sizes)
            for word, value in returned.items():
                if word in m.owns:
                    today[word] = value if type(value) is float else freeze(value)
                elif word == "happened":
                    record.note(day, m.name, value)
                else:
                    said[word][m.name] = value
            record.seconds[m.name] += perf_counter() - begin
        for c in wiring.channels:
            today[c] = freeze(sum(said[c].values(), heard[c])) if said[c] else heard[c]  # one order, for mechanisms are sorted
        now = today
        record.take(day, now, said)
        ending = judge(now)
        if watch:
            watch(day)
        if ending:
            break
    return record.finish(run, seed, parameters, day, ending or "in power")
