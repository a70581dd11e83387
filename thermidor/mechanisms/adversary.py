"""An adversary strikes when waiting is worse than war, and stops when it is not.

The riser's chance to prevail grows with its programme, p = floor + gain . level^c: the last steps
count most (c > 1). War destroys a share d of the pie. With patience delta there is no peace when
the power that the riser will gain exceeds what war costs (Powell 2004, 2006):

    delta p' - p > d/(1 - d)                                                      (adversary.1)
    d = cost of war + opening + restraint (fronts, broker, a deal) + weariness

A campaign can be opened only on an occasion (a pretext, a plan that is ready, an ally who
consents), which comes with chance occasions/365 a day, or when the riser takes a sudden step. So
wars begin at random (Richardson 1960: a Poisson process), and only where waiting is worse. What
makes waiting dangerous is the time in which the decliner cannot act (Powell 2006): one who lets an
occasion pass waits for the next, on average 1/occasions years. So p' is the power expected that
much later, by growth as the adversary expects it, none while a deal freezes the programme; and
delta is the patience of a year to the power of that time. Weariness (interceptors, stocks, home
front) grows with each day of war.

A campaign that is under way needs no occasion, so it is not judged by that shift, but by what
another day gains, a part h of the riser's power, against what it costs; both what has been spent
and what holds the adversary back make a day dearer. Against one whose power can grow no further
there is nothing to gain:

    h p > weary (1 + (weariness + restraint)/cost of war),   p' > p                (adversary.5)

This is a case of the rule that a decliner attacks when what the riser takes now and will have later
exceeds war's share and cost:

    delta p' + (1 - delta) x - p > cost                                           (adversary.4)

with x = 0 and cost d/(1 - d); lump-sum costs c(1 - delta)^2 give the preventive war, and one period
(delta = 0, cost c) the crisis bargain of Fearon (1995).

A campaign strikes six kinds of target, each with what it does. The programme, the broadcaster and
the economy (oil and incomes) are damaged. Strikes on leaders and commanders kill: the first of them
less easily once war has sent them into hiding, the others until they are replaced. Strikes on
guards and army kill their men and take apart units that must be put together again, the strength
lost being

    strain = commanders . lost + forces . (1 - exp(-disorder))                       (adversary.6)
    lost(t+1) = lost - lost/days + (1 - lost) (1 - exp(-risk . strikes on leaders))
    disorder(t+1) = disorder - disorder/days + rate . strikes on forces

Civilians die; citizens rally to the flag (Mueller 1970) or turn on those who brought war on them:
an assumption with a range on both sides of zero. Memory of it fades; ground forces make war as
present as a full campaign does.

    memory(t+1) = memory + max(campaign, advance)/build - memory/days, at most 1     (adversary.2)
    pull = -rally . memory

Air power alone ends no regime here, as in none of the campaigns without ground forces in the table
of cases. Ground forces G advance until they are spread over what they have taken; what the capital
needs is known beforehand only with an error, so a force as large as was reckoned takes it in half
of the cases:

    occupied(t+1) = occupied + (G - need . occupied)/days . Exp(1)                (adversary.3)
    ln need ~ N(0, ground_error)

While they advance they kill people and soldiers, in proportion to their size.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from ..mechanism import Axis, Draw, Yesterday, channel, choice, fact, mechanism, par, state, when
from ..places import Place
from ..places.axes import KIND, TARGET
from ..places.place import LOST_TO_ADVERSARY
from ..support.arrays import Array

SMALL = 1e-9  # numerical guard: in place of 0 where one divides
MOST_DESTROYED = 0.9  # numerical guard: d/(1 - d) stays finite; from 1/2 on no war pays


@dataclass(frozen=True)
class Parameters:
    under_way: float = fact(0.0, 0.0, 1.0, "0 or 1", "a campaign is under way on the first day")
    power_floor: float = par(
        0.20, 0.10, 0.30, "chance", "that the riser prevails in war without the programme"
    )
    power_gain: float = par(
        0.60, 0.40, 0.75, "chance", "that the whole programme adds", "Powell2006", "analogy"
    )
    curvature: float = par(
        2.0, 1.0, 3.0, "1", "how much more the last steps of the programme add than the first (c)"
    )
    growth: float = par(
        0.40, 0.20, 0.70, "a year", "growth of the programme that the adversary expects if it waits"
    )
    patience: float = par(
        0.95, 0.90, 0.98, "a year", "weight of next year against this one", "Powell2006", "analogy"
    )
    war_cost: float = par(
        0.04, 0.01, 0.10, "share of the pie", "what a war destroys of what is at stake"
    )
    opening: float = par(0.04, 0.01, 0.08, "share of the pie", "extra cost of opening a campaign")
    weary: float = par(
        0.005,
        0.002,
        0.012,
        "share of the pie a day",
        "growth of the cost with each day of war",
        log=True,
    )
    day_gain: float = par(
        0.06,
        0.02,
        0.15,
        "share a day",
        "part of the riser's power that another day of a campaign is expected to take (h)",
        "ThermidorStrikes",
        "analogy",
        log=True,
    )
    rest: float = par(
        0.0005,
        0.0001,
        0.001,
        "share of the pie a day",
        "fall of that cost with each day of peace",
        log=True,
    )
    occasions: float = par(
        0.3,
        0.1,
        1.0,
        "a year",
        "occasions on which a campaign can be opened",
        "Richardson1960",
        "analogy",
        log=True,
    )
    provoked: float = par(
        0.03,
        0.0,
        0.08,
        "share of the pie",
        "cost that a sudden step of the programme makes worth bearing",
    )
    deaths: float = fact(1.0, 0.1, 10.0, "persons", "civilians and others killed by a strike")
    in_capital: float = par(
        0.4, 0.2, 0.6, "share", "part of the strikes that fall on the capital's province"
    )
    force_loss: float = par(
        2e-5,
        5e-6,
        1e-4,
        "share per strike",
        "part of the guards or army that a strike on them takes",
        log=True,
    )
    leader_risk: float = par(
        5e-4, 0.0, 3e-3, "chance per strike", "that a strike on leaders kills the first of them"
    )
    hiding: float = par(
        0.7, 0.3, 0.95, "share", "part of that chance which goes when leaders hide, at full memory"
    )
    commander_risk: float = par(
        0.01,
        0.003,
        0.03,
        "share per strike",
        "part of the commanders that a strike on leaders kills",
        log=True,
    )
    commander_days: float = par(
        60.0, 20.0, 180.0, "days", "time in which commanders are replaced", log=True
    )
    decapitation: float = par(
        0.06, 0.0, 0.15, "share of the forces", "strength lost when all commanders are dead"
    )
    disorder: float = par(
        1e-4,
        3e-5,
        3e-4,
        "log share per strike",
        "part of the forces' order that a strike on guards or army takes",
        log=True,
    )
    disorder_strain: float = par(
        0.10,
        0.0,
        0.20,
        "share of the forces",
        "strength lost when guards and army have no order left",
    )
    oil_loss: float = par(
        0.0006,
        0.0001,
        0.003,
        "log times per strike",
        "oil income lost to a strike on the economy",
        log=True,
    )
    damage: float = par(
        0.0004,
        0.0001,
        0.0010,
        "log income per strike",
        "real income lost to a strike on the economy",
        log=True,
    )
    repair_days: float = par(
        120.0, 40.0, 300.0, "days", "time in which that damage falls to 1/e", log=True
    )
    broadcaster_loss: float = par(
        0.25, 0.05, 0.5, "share per strike", "part of the broadcaster that a strike on it destroys"
    )
    front_loss: float = par(
        0.001, 0.0, 0.003, "share a day", "strength that the fronts lose during a campaign"
    )
    rally: float = par(
        0.25,
        -0.4,
        0.9,
        "sd",
        "grievance set aside under attack (below zero: anger at the regime)",
        "Mueller1970",
        "analogy",
    )
    rally_forces: float = par(
        0.2, -0.2, 0.6, "sd", "loyalty that the forces gain under attack", "Mueller1970", "analogy"
    )
    shame: float = par(
        0.3, 0.0, 0.8, "logit", "belief in the regime's competence lost under attack"
    )
    flight: float = par(0.5, 0.0, 1.5, "log times", "rise of emigration under attack")
    memory_days: float = par(
        60.0, 20.0, 150.0, "days", "time in which the memory of a campaign falls to 1/e", log=True
    )
    ground_days: float = par(
        60.0,
        20.0,
        200.0,
        "days",
        "time in which just enough forces take an open capital",
        "ThermidorStrikes",
        "one study",
        log=True,
    )
    ground_deaths: float = par(
        5.0,
        1.0,
        20.0,
        "persons a million a day",
        "people killed while just enough ground forces advance",
        log=True,
    )
    ground_loss: float = par(
        0.005,
        0.001,
        0.02,
        "share a day",
        "part of guards and army that they take",
        log=True,
    )
    ground_error: float = par(
        0.5, 0.2, 0.8, "log times", "error of what taking the capital is reckoned to need"
    )
    intensity: float = choice(
        1.0, 0.0, 1.0, "share", "part of its air power that the adversary uses", "adversary"
    )
    strikes: float = choice(
        60.0, 0.0, 200.0, "a day", "targets struck on a day of full campaign", "adversary"
    )
    on_programme: float = choice(
        0.15, 0.0, 1.0, "share", "part of the strikes on the programme", "adversary"
    )
    on_military: float = choice(0.45, 0.0, 1.0, "share", "part on the regular forces", "adversary")
    on_guards: float = choice(0.20, 0.0, 1.0, "share", "part on the guards", "adversary")
    on_broadcaster: float = choice(
        0.005, 0.0, 1.0, "share", "part on the state broadcaster", "adversary"
    )
    on_leadership: float = choice(
        0.04, 0.0, 1.0, "share", "part on leaders and commanders", "adversary"
    )
    ground_force: float = choice(
        0.0,
        0.0,
        3.0,
        "times",
        "ground forces sent, over what taking the capital is reckoned to need",
        "adversary",
    )
    strike_variance: float = par(
        0.16,
        0.04,
        0.64,
        "log times squared",
        "variance of the strikes from day to day",
        log=True,
    )
    build_days: float = par(
        10.0,
        5.0,
        20.0,
        "days",
        "full campaign after which it is all that people think of",
        log=True,
    )


class Memory(NamedTuple):
    where: Array  # part of the strikes that falls on each province, float[province]
    need: float  # forces that the capital needs, over what it is reckoned to need


class See(Yesterday):
    programme_level: float
    deal: float
    breakout_order: float

    restraint: float

    campaign: float
    struck: Array
    war_weariness: float
    memory_of_war: float
    killed_strikes: float
    commanders_lost: float
    disorder: float
    war_damage: float
    oil_damage: float
    occupied: float
    memory: Memory
    place: Place


def start(p: Parameters, place: Place, draw: Draw) -> dict[str, Any]:
    capital = np.arange(len(place.ids)) == place.capital
    return {
        "memory": Memory(
            where=p.in_capital * capital + (1 - p.in_capital) * place.weights,
            need=math.exp(p.ground_error * draw.normal("what the capital needs")),
        ),
        "campaign": p.under_way,
        "struck": np.zeros(len(TARGET)),
        "war_weariness": 0.0,
        "memory_of_war": 0.0,
        "killed_strikes": 0.0,
        "commanders_lost": 0.0,
        "disorder": 0.0,
        "war_damage": 0.0,
        "oil_damage": 0.0,
        "occupied": 0.0,
    }


def attack_pays(now: float, later: float, cost: float, patience: float, taken: float = 0.0) -> bool:
    """Whether the decliner attacks (adversary.4); Powell 2004, Fearon 1995.

    now, later: chance of the riser to prevail, today and when it has risen (p, p').  cost: of war.
    patience: delta.  taken: what the riser takes now, x.
    """
    return patience * later + (1 - patience) * taken - now > cost  # (adversary.4)


def waiting_is_worse(now: float, later: float, destroyed: float, patience: float) -> bool:
    """Powell's inequality (adversary.1): delta p' - p > d/(1 - d). destroyed: d, share of the
    pie.
    """
    return attack_pays(now, later, destroyed / (1 - destroyed), patience)  # (adversary.1)


def advanced(occupied: float, force: float, need: float, days: float, pace: float) -> float:
    """How far ground forces are a day later, share of the way to the capital; with less than the
    capital needs they come to stand at force/need (adversary.3). pace: that day's, 1 on average.
    """
    step = (force - need * occupied) / days * pace  # (adversary.3)
    return min(1.0, max(0.0, occupied + step))


def prevails(p: Parameters, level: float) -> float:
    """The riser's chance to prevail in war with its programme at that level."""
    return p.power_floor + p.power_gain * level**p.curvature


def another_day_pays(
    power: float, gain: float, weary: float, spent: float, restraint: float, cost: float
) -> bool:
    """Whether a campaign that is under way is worth another day (adversary.5).

    power: of the riser, a chance.  gain: part of it that the day takes, h.  weary: what the first
    day costs, spent: all days so far, restraint: what holds back, cost: of war, shares of the pie.
    """
    return gain * power > weary * (
        1 + (spent + max(0.0, restraint)) / max(cost, SMALL)
    )  # (adversary.5)


def strikes_today(see: See, p: Parameters, draw: Draw) -> bool:
    """Whether the adversary strikes today: waiting is worse, or another day pays."""
    wait = 1 / max(p.occasions, SMALL)  # years in which one who lets an occasion pass cannot act
    level = see.programme_level
    growth = 0.0 if see.deal > 0 else min(p.growth * wait, 1 - level)
    now, later = prevails(p, level), prevails(p, level + growth)
    if see.campaign > 0:
        pays = another_day_pays(
            now, p.day_gain, p.weary, see.war_weariness, see.restraint, p.war_cost
        )
        return p.intensity > 0 and growth > 0 and pays
    occasion = see.breakout_order > 0 or draw.happens("occasion", p.occasions / 365)
    cost = p.war_cost + p.opening + see.restraint + see.war_weariness
    destroyed = min(MOST_DESTROYED, max(0.0, cost - p.provoked * see.breakout_order))
    worse = waiting_is_worse(now, later, destroyed, p.patience**wait)
    return p.intensity > 0 and occasion and worse


def aimed(p: Parameters) -> Array:
    """Part of the strikes on each target, float[target]; the rest falls on the economy."""
    aim = np.zeros(len(TARGET))
    aim[TARGET.programme], aim[TARGET.military] = p.on_programme, p.on_military
    aim[TARGET.guards], aim[TARGET.broadcaster] = p.on_guards, p.on_broadcaster
    aim[TARGET.leadership] = p.on_leadership
    named = float(aim.sum())
    aim[TARGET.economy] = max(0.0, 1 - named)
    return aim / max(1.0, named)


@mechanism(
    start=start,
    axes={"target": Axis(TARGET._fields, "last day")},
    owns={
        "campaign": state("share", "intensity of the campaign from the air"),
        "struck": state("strikes", "strikes since the start, by target", by="target"),
        "war_weariness": state("share of the pie", "cost of war added by the days of war so far"),
        "memory_of_war": state("share", "how present the war is in people's minds"),
        "killed_strikes": state(
            "persons", "killed by strikes and ground forces since the start", cost=True
        ),
        "commanders_lost": state("share", "commanders killed and not yet replaced"),
        "disorder": state("log share", "order that strikes took from guards and army"),
        "war_damage": state("log income", "real income lost to strikes on the economy"),
        "oil_damage": state("log times", "oil income lost to strikes on the economy"),
        "occupied": state("share", "progress of ground forces to the capital"),
    },
    opens={
        "restraint": channel(
            "share of the pie", "what holds the adversary back", low=-1.0, high=1.0
        )
    },
    adds=[
        "pull",
        "allegiance",
        "doubt",
        "strain",
        "losses",
        "leader_risk",
        "programme_hits",
        "broadcaster_hits",
        "damage",
        "income_push",
        "bombed",
        "front_losses",
        "departures",
    ],
    tells=["a campaign from the air begins", "the campaign from the air stops"],
    cites=["Powell2004", "Powell2006", "Mueller1970", "Fearon1995", "Richardson1960"],
)
def adversary(see: See, p: Parameters, draw: Draw) -> dict[str, Any]:
    attacks = strikes_today(see, p, draw)
    campaign = p.intensity if attacks else 0.0
    if attacks:
        weariness = see.war_weariness + p.weary * campaign
    else:
        weariness = max(0.0, see.war_weariness - p.rest)

    luck = math.sqrt(p.strike_variance) * draw.normal("strikes") - p.strike_variance / 2
    hits = p.strikes * campaign * math.exp(luck) * aimed(p)
    advance = p.ground_force * (see.occupied < 1)
    people = float(see.place.population.sum())
    room = max(0.0, LOST_TO_ADVERSARY * people - see.killed_strikes)
    dead = min(p.deaths * float(hits.sum()) + p.ground_deaths * advance * people / 1e6, room)
    memory = (
        see.memory_of_war * (1 - 1 / p.memory_days)
        + max(campaign, min(1.0, advance)) / p.build_days
    )
    memory = min(1.0, memory)  # (adversary.2)
    on_forces = float(hits[TARGET.guards] + hits[TARGET.military])
    disorder = see.disorder * (1 - 1 / p.repair_days) + p.disorder * on_forces
    lost = see.commanders_lost * (1 - 1 / p.commander_days)
    lost += (1 - lost) * (1 - math.exp(-p.commander_risk * float(hits[TARGET.leadership])))
    found = p.leader_risk * (1 - p.hiding * see.memory_of_war)
    left = 1 - 1 / p.repair_days
    economy = see.war_damage * left + p.damage * float(hits[TARGET.economy])
    oil = see.oil_damage * left + p.oil_loss * float(hits[TARGET.economy])
    occupied = advanced(
        see.occupied, p.ground_force, see.memory.need, p.ground_days, draw.exponential("advance")
    )
    losses = np.zeros(len(KIND))
    losses[KIND.guards] = p.force_loss * hits[TARGET.guards] + p.ground_loss * advance
    losses[KIND.army] = p.force_loss * hits[TARGET.military] + p.ground_loss * advance
    begins = attacks and see.campaign == 0
    stops = see.campaign > 0 and not attacks
    return {
        "campaign": campaign,
        "struck": see.struck + hits,
        "war_weariness": weariness,
        "memory_of_war": memory,
        "killed_strikes": see.killed_strikes + dead,
        "commanders_lost": lost,
        "disorder": disorder,
        "war_damage": economy,
        "oil_damage": oil,
        "occupied": occupied,
        "a campaign from the air begins": when(begins, campaign),
        "the campaign from the air stops": when(stops, see.war_weariness),
        "pull": -p.rally * memory,
        "allegiance": p.rally_forces * memory,
        "doubt": p.shame * memory,
        "strain": p.decapitation * lost
        + p.disorder_strain * (1 - math.exp(-disorder)),  # (adversary.6)
        "losses": losses,
        "leader_risk": 1 - (1 - found) ** float(hits[TARGET.leadership]),
        "programme_hits": float(hits[TARGET.programme]),
        "broadcaster_hits": p.broadcaster_loss * float(hits[TARGET.broadcaster]),
        "damage": economy,
        "income_push": -oil,
        "bombed": dead * see.memory.where,
        "front_losses": p.front_loss * campaign,
        "departures": p.flight * memory,
    }
