"""A power from outside holds the sanctions, makes an offer, and stands behind it for a while.

An offer has terms: the relief that it gives, the guarantee behind it (what whoever breaks the deal
would forfeit), a way out for leaders, a form of words that saves face. It stays open while patience
lasts:

    patience(t+1) = patience - 1/days  without talks,  + 1/talks with them (at most 1)    (broker.1)

A broker that talks holds the adversary back (restraint). Its word counts only if it cares enough
for the listener's share: a report of "he will yield" is believed when the weight w reaches

    w >= q M / [(1 - q) x_H + q (p - c) - x_L]                                            (broker.2)

(Kydd 2003, in the reduced form of the theory notes: biased mediators are the credible ones). While
it is not believed, only a part of its restraint counts.

Sanctions follow with a delay, by a rule that all know on the first day: a deal lifts them, patience
that is used up on an open offer tightens them, talks ease them again. Income from oil follows:

    level = first day's . pressure . [1 + tighten . (1 - patience)], at most 1
    sanctions -> level . (1 - relief . terms . deal)
    income push = bite . (first day's - sanctions)                                        (broker.3)
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from ..mechanism import Draw, Yesterday, choice, fact, mechanism, par, state, when
from ..places import Place


@dataclass(frozen=True)
class Parameters:
    sanctions: float = fact(
        0.0, 0.0, 1.0, "share", "sanctions on the first day, 1 being an embargo that all keep"
    )
    bite: float = par(
        0.8,
        0.4,
        1.2,
        "log times",
        "oil income lost between no sanctions and all",
        "EIASputnik2015",
        "analogy",
    )
    tighten: float = par(
        0.25,
        0.0,
        0.6,
        "times",
        "sanctions added when patience with an open offer is used up, over those of the first day",
    )
    lag_days: float = par(
        60.0, 20.0, 180.0, "days", "time in which sanctions follow a decision", log=True
    )
    patience_days: float = par(
        120.0, 30.0, 365.0, "days", "time for which an offer stays open without talks", log=True
    )
    restraint: float = par(
        0.03,
        0.0,
        0.08,
        "share of the pie",
        "cost of war that a broker in talks adds for the adversary",
        "Kydd2003",
        "analogy",
    )
    peace_value: float = par(
        0.3,
        0.1,
        0.6,
        "share of the pie",
        "what peace is worth to the broker (M)",
        "Kydd2003",
        "analogy",
    )
    exit_reach: float = par(
        0.15, 0.05, 0.40, "share", "members of the coalition whom a way out for leaders would cover"
    )
    listener_weight: float = par(
        0.4,
        0.0,
        1.0,
        "times",
        "weight of the listener's share for the broker (w)",
        "Kydd2003",
        "analogy",
    )
    error: float = par(
        0.2,
        0.05,
        0.4,
        "chance",
        "that one who could yield fights all the same (q)",
        "Kydd2003",
        "analogy",
    )
    offer_open: float = choice(
        1.0, 0.0, 1.0, "0 or 1", "an offer stands on the first day", "broker"
    )
    pressure: float = choice(
        1.0, 0.0, 1.2, "times", "sanctions kept up, over those of the first day", "broker"
    )
    relief: float = choice(
        0.6, 0.0, 1.0, "share", "part of the sanctions that the offer lifts", "broker"
    )
    guarantee: float = choice(
        0.5, 0.0, 6.0, "years of the pie", "what whoever breaks the deal forfeits", "broker"
    )
    exit_offer: float = choice(
        0.5,
        0.0,
        8.0,
        "years of private goods",
        "amnesty, asylum or golden parachute for leaders who go",
        "broker",
    )
    face_saver: float = choice(
        0.4,
        0.0,
        1.0,
        "share",
        "part of the loss of face that the form of the offer spares",
        "broker",
    )
    talks_days: float = par(
        30.0, 10.0, 90.0, "days", "time in which talks restore patience that is used up", log=True
    )
    yield_share: float = par(
        0.5,
        0.3,
        0.6,
        "share of the pie",
        "what the adversary can demand of one who yields, with the whole programme (in x_H)",
    )
    yield_more: float = par(
        0.3,
        0.15,
        0.4,
        "share of the pie",
        "what it can demand on top of that without the programme (in x_H)",
    )
    modest_share: float = par(
        0.3, 0.15, 0.45, "share of the pie", "what it can demand of anybody without a fight (x_L)"
    )
    war_chance: float = par(
        0.5, 0.3, 0.7, "chance", "that it prevails over one who fights all the same (p)"
    )
    fight_cost: float = par(
        0.1, 0.05, 0.2, "share of the pie", "what that fight costs the adversary (c)", log=True
    )
    unbelieved: float = par(
        0.5, 0.25, 0.75, "share", "part of its restraint that counts while it is not believed"
    )


class See(Yesterday):
    talks: float
    deal: float
    terms: float
    programme_level: float

    sanctions: float
    offer: float
    patience: float


def start(p: Parameters, place: Place, draw: Draw) -> dict[str, Any]:
    return {
        "sanctions": p.sanctions,
        "offer": p.offer_open,
        "patience": 1.0,
        "relief": p.relief,
        "guarantee": p.guarantee,
        "exit_offer": p.exit_offer,
        "face_saver": p.face_saver,
        "believed": 1.0,
    }


def weight_needed(
    peace_value: float,
    error: float,
    share_high: float,
    chance: float,
    cost: float,
    share_low: float,
) -> float:
    """Weight of the listener's share at which a broker's report of low resolve is honest
    (broker.2), times; Kydd 2003.

    peace_value: M.  error: q.  share_high, share_low: what the listener can demand of one who
    yields and of anybody (x_H, x_L).  chance, cost: of war (p, c). All but p and q are shares of
    the pie.
    """
    gain = (1 - error) * share_high + error * (chance - cost) - share_low
    return error * peace_value / gain if gain > 0 else math.inf  # (broker.2)


@mechanism(
    start=start,
    owns={
        "sanctions": state("share", "sanctions in force"),
        "offer": state("0 or 1", "an offer is open"),
        "patience": state("share", "what is left of the broker's patience"),
        "relief": state("share", "part of the sanctions that the offer lifts"),
        "guarantee": state("years of the pie", "what whoever breaks the deal forfeits"),
        "exit_offer": state("years of private goods", "way out for leaders who go"),
        "face_saver": state("share", "part of the loss of face that is spared"),
        "believed": state("0 or 1", "the broker's reports are believed by the adversary"),
    },
    adds=["income_push", "restraint", "lure"],
    tells=["the offer is withdrawn"],
    cites=["Kydd2003", "EscribaFolchWright2010"],
)
def broker(see: See, p: Parameters, draw: Draw) -> dict[str, Any]:
    tightened = p.offer_open * p.tighten * (1 - see.patience)
    level = min(1.0, p.sanctions * p.pressure * (1 + tightened))
    aim = level * (1 - min(1.0, p.relief * see.terms) * see.deal)
    sanctions = see.sanctions + (aim - see.sanctions) / p.lag_days  # (broker.3)
    if see.talks > 0 or see.deal > 0:
        patience = min(1.0, see.patience + 1 / p.talks_days)
    else:
        patience = max(0.0, see.patience - 1 / p.patience_days)  # (broker.1)
    offer = p.offer_open * float(patience > 0 and see.deal == 0)
    withdrawn = see.offer > 0 and offer == 0 and see.deal == 0
    needed = weight_needed(
        p.peace_value,
        p.error,
        p.yield_share + p.yield_more * (1 - see.programme_level),
        p.war_chance,
        p.fight_cost,
        p.modest_share,
    )
    believed = float(p.listener_weight >= needed)
    heeded = p.unbelieved + (1 - p.unbelieved) * believed
    return {
        "sanctions": sanctions,
        "offer": offer,
        "patience": patience,
        "relief": p.relief,
        "guarantee": p.guarantee,
        "exit_offer": p.exit_offer,
        "face_saver": p.face_saver,
        "believed": believed,
        "the offer is withdrawn": when(withdrawn, 0.0),
        "income_push": p.bite * (p.sanctions - sanctions),  # (broker.3)
        "lure": p.exit_offer * p.exit_reach,
        "restraint": p.restraint * see.talks * heeded,
    }
