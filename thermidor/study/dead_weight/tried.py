"""Parameters at the ends of their ranges on the same futures, side by side, and what differs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from ...engine.batch import Batch, Futures
from ...engine.run import Run
from ...scenario.scenario import Scenario
from ...scenario.sheets import Sheets
from ...support.faults import Fault
from ..stats import ROUNDING
from .settings import Setting, placed

TOLD = "what happened"  # stands for a difference in the events that are told
ENDING = "the ending"
ABREAST = 128  # futures side by side


class Arm(NamedTuple):
    """A parameter at one value."""

    key: str
    value: float
    choice: bool


def arms(scenario: Scenario, keys: Sequence[str]) -> list[Arm]:
    """Low and high of each parameter, or each of its options by number."""
    made = []
    for key in keys:
        p = scenario.parameters[key].parameter
        values = range(len(p.options)) if p.options else (p.low, p.high)
        made += [Arm(key, float(v), p.role == "choice") for v in values]
    return made


def tried(
    scenario: Scenario, setting: Setting, keys: Sequence[str], seed: int = 1
) -> Iterator[tuple[Arm, frozenset[str] | None]]:
    """Each arm of these parameters, and the states that it moves in a setting; None where a future
    of it could not be computed.
    """
    if not keys:
        return
    world = placed(scenario, setting)
    some, numbers = arms(world, keys), list(range(setting.futures))
    drawn = world.draw_many(seed, numbers)
    base = list(_played(world, numbers, seed, drawn))
    each = max(1, ABREAST // len(numbers))
    for k in range(0, len(some), each):
        part = some[k : k + each]
        for arm, runs in zip(part, _of_arms(world, numbers, seed, drawn, part), strict=True):
            yield arm, _moved(base, runs, world.columns.series)


def _of_arms(
    world: Scenario, numbers: Sequence[int], seed: int, drawn: Sheets, part: Sequence[Arm]
) -> list[list[Run | Exception]]:
    """The futures of each arm, side by side; one by one where a value cannot be computed with."""
    try:
        runs = list(_played(world, [*numbers] * len(part), seed, _held(drawn, part)))
    except (ArithmeticError, ValueError, Fault) as e:
        if len(part) == 1:
            return [[e] * len(numbers)]
        return [found for arm in part for found in _of_arms(world, numbers, seed, drawn, [arm])]
    n = len(numbers)
    return [runs[k : k + n] for k in range(0, len(runs), n)]


def _held(drawn: Sheets, part: Sequence[Arm]) -> Sheets:
    """The sheets of some arms, one arm's futures after another's."""
    n = len(drawn)
    before, now = (np.tile(x, (len(part), 1)) for x in (drawn.before, drawn.now))
    for k, arm in enumerate(part):
        own, column = slice(k * n, (k + 1) * n), drawn.form.keys.index(arm.key)
        now[own, column] = arm.value
        if not arm.choice:  # what is chosen now is not how things were
            before[own, column] = arm.value
    return Sheets(before, now, drawn.form)


def _played(
    world: Scenario, numbers: Sequence[int], seed: int, sheets: Sheets
) -> Iterator[Run | Exception]:
    batch = Batch(Futures([world] * len(numbers), numbers, seed, sheets=sheets))
    batch.play()
    yield from batch.runs()


def _moved(
    base: Sequence[Run | Exception], arm: Sequence[Run | Exception], cells: Sequence[Any]
) -> frozenset[str] | None:
    """The states in which futures differ from those without; None where one failed."""
    state = {c.name: c.state for c in cells}
    moved: set[str] = set()
    for a, b in zip(base, arm, strict=True):
        if not (isinstance(a, Run) and isinstance(b, Run)):
            return None
        moved |= _differs(a, b, lambda name: state.get(name, name))
    return frozenset(moved)


def _differs(a: Run, b: Run, state: Callable[[str], str]) -> set[str]:
    moved = set()
    if (a.ending, a.day) != (b.ending, b.day):
        moved.add(ENDING)
    days = min(a.day, b.day) + 1
    for k, name in enumerate(a.names):
        if _other(a.series[:days, k], b.series[:days, k]):
            moved.add(state(name))
    for name, value in a.finals.items():
        if _other(value, b.finals[name]):
            moved.add(state(name))
    for name, values in a.provinces.items():
        if _other(values, b.provinces[name]):
            moved.add(name.rpartition(".")[0])
    if [h[:3] for h in a.happened] != [h[:3] for h in b.happened]:
        moved.add(TOLD)
    return moved


def _other(x: Any, y: Any) -> bool:
    """Whether numbers differ by more than rounding."""
    x, y = np.asarray(x), np.asarray(y)
    scale = max(float(np.abs(x).max()), float(np.abs(y).max()))
    return bool(np.abs(x - y).max() > ROUNDING * scale)
