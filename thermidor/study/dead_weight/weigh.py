"""Dead weight: which parameters move the model, which only a record, and which nothing at all.

Each parameter is set to the low and to the high end of its range (a form of a rule to each of its
options) and the same futures are played as without: same seed, same luck, all else as drawn. What
differs tells what it does:

    model        a state that another mechanism reads, the ending, its chance or its day
    bookkeeping  only states that nobody but their owner reads: a cost, an indicator
    inert        nothing

One calm year shows little of this, so there are several settings; what has moved the model in one
is not played in the next. Inert means that nothing here woke it: a setting may be missing as well
as a rule.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ...execution.progress import Progress, Watch
from ...scenario.scenario import Scenario
from .settings import SETTINGS, Setting
from .tried import TOLD, Arm, tried

MODEL, BOOKKEEPING, INERT = "model", "bookkeeping", "inert"
CHANCES = ("coup_risk",)  # states that are the chance of an ending
SEEDS = (1, 2, 3)
# Parameters that may move a record only, and why.
# what the coalition needs binds where it is more than was paid on the first day (elites.1)
NEEDED = "an indicator: what the coalition needs; it binds where less was paid on the first day"
REASONS: dict[str, str] = {
    "elites.coalition": NEEDED,
    "elites.patience": NEEDED,
    "elites.public_price": NEEDED,
    "elites.selectorate": NEEDED,
    "security.executions": "a cost: the executed are counted",
    "treasury.hospital": "an indicator: money told in hospitals",
    "treasury.poverty": "a cost: days below the poverty line",
    "treasury.poverty_slope": "a cost: days below the poverty line",
}


class Weight(NamedTuple):
    """What a parameter does.

    kind: model, bookkeeping or inert.  where: the first setting in which it does so, "" if none.
    moves: the states that it moves there; of bookkeeping those of all settings.  fails: values
    under which a future could not be computed.
    """

    key: str
    kind: str
    where: str
    moves: tuple[str, ...]
    fails: tuple[float, ...] = ()


def records(scenario: Scenario) -> frozenset[str]:
    """States that nobody but their owner reads, that no ending is judged by, and that are not the
    chance of one.
    """
    wiring = scenario.wiring
    read = {word for m in wiring.mechanisms for word in m.reads}
    return frozenset(set(wiring.states) - read - {*scenario.ends, *CHANCES})


def dead_weight(
    scenario: Scenario,
    settings: Mapping[str, Setting] = SETTINGS,
    *,
    keys: Sequence[str] | None = None,
    seeds: Sequence[int] = SEEDS,
    progress: Watch | None = None,
) -> list[Weight]:
    """What each parameter of a scenario does, in its order; keys: only these.  seeds: what moves
    nothing, or only a record, under the first is tried again under the others.

    Raises Fault where a setting sets what is no parameter of the scenario.
    """
    asked = list(scenario.parameters) if keys is None else list(keys)
    found = {key: Weight(key, INERT, "", ()) for key in asked}
    own, steps = records(scenario), [(seed, name) for seed in seeds for name in settings]
    for k, (seed, name) in enumerate(steps):
        left = [key for key in asked if found[key].kind != MODEL]
        if progress:
            progress(Progress(name, k, len(steps)))
        for arm, moved in tried(scenario, settings[name], left, seed):
            found[arm.key] = _heavier(found[arm.key], arm, moved, name, own)
    if progress:
        progress(Progress("", len(steps), len(steps)))
    return list(found.values())


def _heavier(
    before: Weight, arm: Arm, moved: frozenset[str] | None, name: str, own: frozenset[str]
) -> Weight:
    """What a parameter does, as far as is known after one more arm; moved: None if it failed."""
    if moved is None:
        return before._replace(fails=tuple(sorted({*before.fails, arm.value})))
    moves = tuple(sorted(moved))
    if not moved or before.kind == MODEL:
        return before
    if moved - own - {TOLD}:
        return before._replace(kind=MODEL, where=name, moves=moves)
    return before._replace(
        kind=BOOKKEEPING,
        where=before.where or name,
        moves=tuple(sorted({*before.moves, *moves})),
    )
