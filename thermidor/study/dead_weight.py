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

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from ..engine.batch import Batch, Futures
from ..engine.run import Run
from ..execution.progress import Progress, Watch
from ..scenario.scenario import Scenario, build
from ..scenario.sheets import Sheets
from ..support.faults import Fault
from .stats import ROUNDING

MODEL, BOOKKEEPING, INERT = "model", "bookkeeping", "inert"
TOLD = "what happened"  # stands for a difference in the events that are told
ENDING = "the ending"
CHANCES = ("coup_risk",)  # states that are the chance of an ending
ABREAST = 128  # futures side by side


class Setting(NamedTuple):
    """A world in which parameters are tried.

    sets: parameters by key.  hears: what is said into a channel on every day, by its name.  days,
    futures: how much of it is played.
    """

    says: str
    sets: Mapping[str, Any]
    hears: Mapping[str, float]
    days: int
    futures: int


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


UPRISING = {"events.onset_day": 1.0, "events.onset": 4.0}
WAR = {"adversary.under_way": 1.0, "adversary.occasions": 1.0}
FORCE = {  # much of it, and unevenly
    "security.kill_rate": 2e-4,
    "security.kill_spread": 2.5,
    "security.arrest_rate": 0.02,
    "security.arrest_spread": 1.5,
    "ruler.crackdown_cost": 0.03,
    "ruler.lethality": 20.0,
    "ruler.severity": 2.5,
}
DOUBT = {  # a ruler who tries everything
    "ruler.noise": 0.12,
    "ruler.review_days": 3.0,
    "ruler.mood_days": 30.0,
    "ruler.inertia": 0.0,
    "ruler.ideology": 0.1,
    "ruler.exit_worth": 0.12,
    "ruler.leaving_cost": 0.5,
    "ruler.sharing_cost": 0.2,
    "ruler.crackdown_cost": 0.25,
    "broker.exit_offer": 3.0,
}
BROKER = {  # who is just believed
    "broker.error": 0.4,
    "broker.yield_share": 0.5,
    "broker.yield_more": 0.3,
    "broker.modest_share": 0.3,
    "broker.peace_value": 0.3,
    "broker.listener_weight": 0.45,
    "programme.level": 0.3,
    "broker.restraint": 0.08,
    "broker.patience_days": 30.0,
}
UNPAID = {  # nothing but the forces is paid for, and they in part
    "treasury.exports": 0.0,
    "treasury.reserves": 1.0,
    "treasury.gdp": 500.0,
    "treasury.taxes": 3.0,
    "treasury.forces": 10.0,
    "treasury.patronage": 0.0,
    "treasury.public": 0.0,
    "treasury.propaganda": 0.0,
    "treasury.proxies": 0.0,
    "treasury.programme": 0.0,
    "treasury.insolvency": 0.05,
    "treasury.pay_weight": 0.5,
    "security.strength": 0.8,
}
SETTINGS: dict[str, Setting] = {
    "calm": Setting("the scenario as it is", {}, {}, 60, 2),
    "uprising": Setting(
        "an uprising in a frail regime with an ally, met by much force",
        {
            **UPRISING,
            **FORCE,
            "security.frailty": 1.0,
            "security.backing": 1.0,
            "security.revolution": 1.0,
            "media.openness": 0.5,
        },
        {"street_alarm": 0.7},
        90,
        3,
    ),
    "war": Setting(
        "strikes on leaders and the economy, ground forces, an old leader, and an uprising then",
        {
            **WAR,
            "events.onset_day": 10.0,
            "adversary.on_leadership": 0.3,
            "adversary.on_military": 0.2,
            "adversary.ground_force": 0.6,
            "events.leader_mortality": 0.5,
            "treasury.programme": 12.0,
            "treasury.patronage": 100.0,
            "adversary.strikes": 200.0,
            "adversary.deaths": 10.0,
        },
        {"freeze": 0.4, "plots": 3.0, "departures": 4.0},
        150,
        6,
    ),
    "crisis": Setting(
        "no oil, no reserves, high inflation, emigration, a new regime with many generals",
        {
            "treasury.exports": 0.0,
            "treasury.reserves": 1.0,
            "treasury.inflation": 1.0,
            "treasury.patronage": 1.0,
            "elites.clerics": 0.4,
            "elites.generals": 0.45,
            "elites.technocrats": 0.2,
            "elites.tenure": 0.0,
            "elites.coup_consolidation": 0.6,
            "events.spark_rate": 1.2,
            "events.onset_day": 20.0,
        },
        {"plots": 3.0, "departures": 6.0},
        200,
        8,
    ),
    "crisis, unpaid": Setting(
        "forces that are paid a part, and a ruler who would concede",
        {
            **UNPAID,
            **DOUBT,
            "ruler.concession_cost": 0.03,
            "ruler.sharing_cost": 0.9,
            "ruler.leaving_cost": 1.5,
        },
        {"street_alarm": 0.5},
        120,
        8,
    ),
    "crisis, hardly paid": Setting(
        "forces that are paid next to nothing", {**UNPAID, "treasury.taxes": 0.6}, {}, 60, 4
    ),
    "uprising, doubt": Setting(
        "an uprising, a coalition that leaves, and a ruler who tries everything",
        {**UPRISING, **DOUBT, "events.onset": 1.0, "treasury.patronage": 0.0},
        {"street_alarm": 0.5},
        200,
        12,
    ),
    "uprising, a pact": Setting(
        "an uprising, and a pact that is to hand over power",
        {
            **UPRISING,
            "negotiation.pact_day": 10.0,
            "negotiation.handover_days": 120.0,
            "negotiation.handover_risk": 0.5,
        },
        {},
        160,
        10,
    ),
    "uprising, a promise": Setting(
        "a very large uprising, met by a promise that is just believed, or by massacres",
        {
            **FORCE,
            "events.onset_day": 1.0,
            "events.onset": 4.5,
            "events.onset_luck": 0.9,
            "negotiation.pact_day": 6.0,
            "negotiation.transfer": 0.0,
            "negotiation.revolution_cost": 0.55,
            "negotiation.revolution_eased": 0.1,
            "negotiation.rich_income": 0.5,
            "negotiation.street_half": 0.005,
            "security.strength": 0.8,
        },
        {"street_alarm": 0.7, "departures": 6.0},
        90,
        24,
    ),
    "war, a deal": Setting(
        "a campaign, a deal, and what becomes of it",
        {
            **WAR,
            "negotiation.deal_day": 20.0,
            "negotiation.verification": 0.3,
            "negotiation.breach_rate": 0.05,
            "broker.guarantee": 0.0,
        },
        {},
        300,
        8,
    ),
    "war, talks": Setting(
        "a campaign, and talks whose deals are broken and signed again",
        {
            **WAR,
            **BROKER,
            "negotiation.talk_days": 15.0,
            "negotiation.trust": 0.6,
            "negotiation.outside_breach": 0.0025,
            "negotiation.breach_rate": 0.05,
            "ruler.noise": 0.12,
            "ruler.review_days": 3.0,
            "ruler.mood_days": 30.0,
            "ruler.face_cost": 0.05,
            "ruler.ideology": 0.0,
        },
        {"trust_push": -0.15},
        500,
        8,
    ),
}
# Parameters that may move a record only, and why.
REASONS: dict[str, str] = {
    "security.executions": "a cost: the executed are counted",
    "treasury.hospital": "an indicator: money told in hospitals",
    "treasury.poverty": "a cost: days below the poverty line",
    "treasury.poverty_slope": "a cost: days below the poverty line",
}


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
    seed: int = 1,
    progress: Watch | None = None,
) -> list[Weight]:
    """What each parameter of a scenario does, in its order; keys: only these.

    Raises Fault where a setting sets what is no parameter of the scenario.
    """
    asked = list(scenario.parameters) if keys is None else list(keys)
    found = {key: Weight(key, INERT, "", ()) for key in asked}
    own = records(scenario)
    for k, (name, setting) in enumerate(settings.items()):
        left = [key for key in asked if found[key].kind != MODEL]
        if progress:
            progress(Progress(name, k, len(settings)))
        for arm, moved in tried(scenario, setting, left, seed):
            found[arm.key] = _heavier(found[arm.key], arm, moved, name, own)
    if progress:
        progress(Progress("", len(settings), len(settings)))
    return list(found.values())


def _heavier(
    before: Weight, arm: Arm, moved: frozenset[str] | None, name: str, own: frozenset[str]
) -> Weight:
    """What a parameter does, as far as is known after one more arm; moved: None if it failed."""
    if moved is None:
        return before._replace(fails=(*before.fails, arm.value))
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


def placed(scenario: Scenario, setting: Setting) -> Scenario:
    """A scenario in a setting. Raises Fault for a parameter or a channel that is not there."""
    world = scenario.patched(setting.sets, days=setting.days)
    if not setting.hears:
        return world
    said = [
        {"day": 1, "what": word, "into": word, "value": value, "days": setting.days}
        for word, value in setting.hears.items()
    ]
    data = {**world.source.data, "events": [*(world.source.data.get("events") or []), *said]}
    return build(world.source.changed(data), world.machine, world.added, world.folder)


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
