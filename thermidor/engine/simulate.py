"""One future, day by day. This is the whole loop."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import TYPE_CHECKING

from ..endings import judge
from ..kernels.draws import Draw
from .snapshot import Moment
from .wiring import check_shapes, declared, freeze, heard, silence, views

if TYPE_CHECKING:
    from ..scenario.scenario import Scenario
    from .run import Run


def simulate(
    scenario: Scenario,
    seed: int = 1,
    run: int = 0,
    *,
    fixed: bool = False,
    branch: tuple[int, int] = (0, 0),
    since: Callable[[Moment], Moment] | None = None,
    watch: Callable[[Moment], None] | None = None,
) -> Run:
    """One future of a scenario: its assumptions drawn (or fixed), its days played, its ending
    judged.

    The same scenario, seed, run number and branch give the same future, whatever else is computed
    beside it. branch: (day, number); after that day luck is that of the branch, 0 being the
    future's own. since: takes the first day and returns the moment to go on from
    (`Moment.restored`, `Moment.over`). watch: called at the end of each day; what it raises ends
    the run.
    """
    wiring, sizes = scenario.wiring, scenario.place.sizes
    before, after = scenario.draw(seed, run, fixed=fixed)
    own = {m.name: Draw(seed, run, m.name) for m in wiring.mechanisms}
    other = {m.name: Draw(seed, run, m.name, branch[1]) for m in wiring.mechanisms}
    quiet = {c: silence(q, sizes) for c, q in wiring.channels.items()}
    may = {m.name: declared(m, wiring, sizes) for m in wiring.mechanisms}

    moment = Moment.first(scenario, seed, run, before, own)
    if since:
        moment = since(moment)
    see, record = views(wiring), moment.record
    for name, memory in moment.memory.items():
        see[name].__dict__["memory"] = memory

    ending = judge(moment.now) if moment.day else None
    while moment.day < scenario.days and not ending:
        day = moment.day + 1
        now, today, said = moment.now, dict(moment.now), {c: {} for c in wiring.channels}
        changed = (
            day > scenario.choices_day
        )  # patched choices hold, and what is switched off is off
        for m in wiring.live if changed else wiring.mechanisms:
            begin = perf_counter()
            luck = (other if day > branch[0] else own)[m.name]
            luck.day = day
            returned = m.step(see[m.name].see(now), (after if changed else before)[m.name], luck)
            check_shapes(m, returned, may[m.name])
            for word, value in returned.items():
                if word in m.owns:
                    today[word] = value if type(value) is float else freeze(value)
                elif word == "happened":
                    record.note(day, m.name, value)
                else:
                    said[word][m.name] = value
            record.seconds[m.name] += perf_counter() - begin
        for c, q in wiring.channels.items():
            today[c] = heard(said[c], q, quiet[c])  # one order, for mechanisms are sorted
        moment.day, moment.now = day, today
        record.take(day, today, said)
        ending = judge(today)
        if watch:
            watch(moment)
    return record.finish(run, seed, after, moment.day, ending or "in power")
