"""The ruler chooses: what to do at home, what to do abroad, how to spend.

At home: hold, crack down, concede, shut down communications, share power, leave. Abroad: hold,
concede, escalate. Every some days each is chosen by quantal response (McKelvey and Palfrey 1995)
over what is feasible:

    U_j = survival . (sum over threats of relief_jk . threat_k) + ideology . I_j + welfare . W_j - cost_j
    chance of j = exp(U_j/noise) / sum of exp(U_i/noise)                                                 (ruler.1)

Threats, 0 to 1: the street (turnout), the palace (who has left the coalition), war, an empty
treasury. I_j and W_j are what a choice is worth to ideology and to welfare, from -1 to 1, fixed by
order (ledger: structural). The weights are assumptions, not facts: claim C2 tests them against what
the ruler was seen to do, by the mean log chance of the observed choices:

    fit = mean of ln chance(observed choice | threats observed)                                          (ruler.2)

Two choices are separate because a regime that cracks down at home may well talk abroad. Departs: no
learning, no looking ahead beyond the reliefs that it believes in.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..mechanism import Axis, channel, choice, mechanism, par, state
from ..places.axes import USE
from ..support.faults import near

HOME = ("hold", "crack down", "concede", "shut down", "share power", "leave")
ABROAD = ("hold", "concede", "escalate")
IDEOLOGY = {
    "home": np.array([0.0, 0.1, -0.3, 0.0, -0.8, -1.0]),
    "abroad": np.array([0.0, -0.5, 0.4]),
}
CORNERED = 0.3  # threat below which nobody in power shares it or leaves
WELFARE = {"home": np.array([0.0, -0.4, 0.4, -0.2, 0.7, 0.5]), "abroad": np.array([0.0, 0.6, -0.6])}


@dataclass(frozen=True)
class P:
    survival: float = par(0.75, 0.4, 1.0, "weight", "weight of the regime's survival")
    ideology: float = par(0.20, 0.0, 0.6, "weight", "weight of what the regime stands for")
    welfare: float = par(0.05, 0.0, 0.3, "weight", "weight of the people's welfare")
    noise: float = par(
        0.06,
        0.02,
        0.12,
        "weight",
        "spread of the choices",
        "McKelveyPalfrey1995",
        "analogy",
        log=True,
    )
    review_days: float = par(7.0, 3.0, 21.0, "days", "time between decisions")
    mood_days: float = par(
        90.0,
        30.0,
        180.0,
        "days",
        "time for which the ruler's errors of judgement stay the same",
        log=True,
    )
    inertia: float = par(0.08, 0.0, 0.2, "weight", "worth of not changing course")
    alarm: float = par(
        0.005,
        0.001,
        0.02,
        "share of residents",
        "turnout that the ruler takes for half of the worst",
        log=True,
    )
    crackdown_relief: float = par(
        0.60, 0.3, 0.9, "share", "part of the street's threat that force is believed to remove"
    )
    concession_relief: float = par(
        0.30, 0.1, 0.6, "share", "part of it that concessions are believed to remove"
    )
    shutdown_relief: float = par(
        0.35, 0.1, 0.6, "share", "part of it that a shutdown is believed to remove"
    )
    sharing_relief: float = par(
        0.80, 0.5, 1.0, "share", "part of it that sharing power is believed to remove"
    )
    leaving_relief: float = par(
        0.60, 0.3, 0.9, "share", "part of all threats that leaving with a guarantee removes"
    )
    deal_relief: float = par(
        0.70,
        0.4,
        0.95,
        "share",
        "part of the threats of war and empty coffers that a deal is believed to remove",
    )
    escalation_relief: float = par(
        0.20,
        -0.2,
        0.6,
        "share",
        "part of the threat of war that hitting back is believed to remove",
    )
    crackdown_cost: float = par(0.12, 0.03, 0.25, "weight", "cost of a crackdown")
    concession_cost: float = par(0.12, 0.03, 0.25, "weight", "cost of concessions at home")
    shutdown_cost: float = par(0.18, 0.05, 0.35, "weight", "cost of a shutdown")
    sharing_cost: float = par(0.45, 0.2, 0.9, "weight", "what the ruler loses by sharing power")
    leaving_cost: float = par(
        0.90, 0.5, 1.5, "weight", "what the ruler loses by leaving with nothing"
    )
    face_cost: float = par(
        0.15, 0.05, 0.4, "weight", "cost of conceding abroad in public, with nothing spared"
    )
    exit_worth: float = par(
        0.06, 0.02, 0.12, "weight per year of private goods", "what a way out is worth"
    )
    severity: float = par(1.8, 1.3, 2.5, "times", "severity of a crackdown over ordinary orders")
    lethality: float = par(
        8.0,
        3.0,
        20.0,
        "times",
        "lethality of a crackdown over ordinary orders",
        "HRANA2022",
        "analogy",
        log=True,
    )
    surge: float = par(
        2.0,
        1.2,
        3.5,
        "times",
        "forces sent into the street in a crackdown, over ordinary days",
        "ThermidorFacts",
        "analogy",
        log=True,
    )
    leniency: float = par(0.8, 0.5, 1.0, "times", "severity while conceding, over ordinary orders")
    concession_pull: float = par(
        0.4,
        -0.2,
        1.0,
        "sd",
        "grievance that concessions take away (below zero: they embolden)",
        "Lohmann1994",
        "analogy",
    )
    concession_days: float = par(
        60.0, 20.0, 180.0, "days", "time in which concessions take effect and lapse", log=True
    )
    concession_money: float = par(
        8.0, 0.0, 30.0, "USD million a day", "public goods added while conceding at home"
    )
    force_limit: float = choice(
        1.0,
        0.0,
        1.0,
        "times",
        "limit on force against crowds (severity, lethality, forces used), over the orders",
        "society",
    )


def start(p, place, draw):
    return {
        "memory": {"record": place.record},
        "home": 0.0,
        "abroad": 0.0,
        "talks": 0.0,
        "severity_order": p.force_limit,
        "lethality_order": p.force_limit,
        "deployment": 1.0,
        "withheld": 1.0 - p.force_limit,
        "shutdown": 0.0,
        "sharing": 0.0,
        "leaving": 0.0,
        "breakout_order": 0.0,
        "concession": 0.0,
        "choices_left": float(len(HOME) + len(ABROAD)),
        "fit": fit(p, place.record),
    }


def observed(given):
    """What is wrong with the choices that a file says the ruler was seen to make."""
    for k, r in enumerate(given.file.observed):
        names = HOME if r.track == "home" else ABROAD
        if r.choice not in names:
            allowed = f"allowed: {', '.join(names)}.{near(r.choice, names)}"
            yield ("observed", k), f"choice '{r.choice}' {r.track}; {allowed}"


def worth(p, track, street, palace, war, money, exit_offer=0.0, face_saver=0.0):
    """U_j of (ruler.1) for the choices at home or abroad."""
    if track == "home":
        relief = street * np.array(
            [0.0, p.crackdown_relief, p.concession_relief, p.shutdown_relief, p.sharing_relief, 0.0]
        )
        relief[2] += 0.1 * palace
        relief[4] -= 0.3 * palace
        relief[5] = p.leaving_relief * max(street, palace)
        cost = np.array(
            [
                0.0,
                p.crackdown_cost,
                p.concession_cost,
                p.shutdown_cost,
                p.sharing_cost,
                p.leaving_cost - p.exit_worth * exit_offer,
            ]
        )
    else:
        relief = np.array(
            [0.0, p.deal_relief * (0.7 * war + 0.5 * money), p.escalation_relief * war]
        )
        cost = np.array([0.0, p.face_cost * (1 - face_saver), 0.05])
    return p.survival * relief + p.ideology * IDEOLOGY[track] + p.welfare * WELFARE[track] - cost


def chances(utility, noise):
    """Quantal response: chance of each choice."""
    e = np.exp((utility - utility.max()) / noise)
    return e / e.sum()


def fit(p, record):
    """Mean log chance of what the ruler was seen to do (ruler.2); 0 without a record."""
    logs = []
    for r in record:
        names = HOME if r.track == "home" else ABROAD
        chance = chances(worth(p, r.track, r.street, r.palace, r.war, r.money), p.noise)
        logs.append(math.log(max(1e-12, chance[names.index(r.choice)])))
    return sum(logs) / len(logs) if logs else 0.0


def choose(utility, feasible, now, p, draw, name):
    """One draw of the quantal response, by its largest utility plus Gumbel noise; the noise stays
    for a while, so that rare choices are not tried anew every week.
    """
    luck = -np.log(-np.log(draw.during(p.mood_days).uniforms(name, len(utility))))
    value = utility / p.noise + luck
    value[now] += p.inertia / p.noise
    return int(np.argmax(np.where(feasible, value, -np.inf)))


@mechanism(
    params=P,
    start=start,
    axes={"use": Axis(USE._fields, "last day")},
    checks=[observed],
    reads=[
        "turnout_country",
        "united",
        "campaign",
        "runway",
        "pay_ratio",
        "offer",
        "deal",
        "pact",
        "face_saver",
        "exit_offer",
        "refusing",
    ],
    owns={
        "home": state(
            "choice",
            "what the ruler does at home: " + ", ".join(f"{k} {n}" for k, n in enumerate(HOME)),
        ),
        "abroad": state(
            "choice",
            "what the ruler does abroad: " + ", ".join(f"{k} {n}" for k, n in enumerate(ABROAD)),
        ),
        "talks": state("0 or 1", "the ruler offers to give up the programme"),
        "severity_order": state("times", "severity ordered, over ordinary days"),
        "lethality_order": state("times", "lethality ordered, over ordinary days"),
        "deployment": state("times", "forces sent into the street, over ordinary days"),
        "withheld": state("share of the forces", "forces that may not be used against crowds"),
        "shutdown": state("share", "communications shut down"),
        "sharing": state("0 or 1", "the ruler offers to share power"),
        "leaving": state("days", "days since the ruler decided to leave"),
        "breakout_order": state("0 or 1", "the programme is ordered ahead today"),
        "concession": state("share", "concessions at home that have taken effect"),
        "choices_left": state("count", "choices still feasible, at home and abroad"),
        "fit": state("log chance", "mean log chance of what the ruler was seen to do"),
    },
    opens={
        "street_alarm": channel(
            "share", "what adds to the street's threat as the ruler sees it", low=-1.0, high=1.0
        )
    },
    adds=["pull", "claims_public"],
    cites=["McKelveyPalfrey1995", "Svolik2012", "BuenoDeMesquita2003", "Lohmann1994"],
)
def ruler(see, p, draw):
    crowd = see.turnout_country / (see.turnout_country + p.alarm)
    street = min(1.0, max(0.0, crowd + see.street_alarm))
    palace, war, money = 1 - see.united, see.campaign, 1 / (1 + see.runway / 180)
    home, abroad = int(see.home), int(see.abroad)
    cornered = max(street, palace) > CORNERED
    can_home = np.array(
        [
            True,
            see.refusing < 0.4,
            see.pay_ratio > 0.2,
            True,
            see.pact == 0 and cornered,
            see.exit_offer > 0 and cornered,
        ]
    )
    can_abroad = np.array([True, see.offer > 0 and see.deal == 0, see.deal == 0])
    happened = []
    if (draw.day - 1) % max(1, round(p.review_days)) == 0:
        before = home, abroad
        home = choose(
            worth(p, "home", street, palace, war, money, see.exit_offer),
            can_home,
            home,
            p,
            draw,
            "home",
        )
        abroad = choose(
            worth(p, "abroad", street, palace, war, money, 0.0, see.face_saver),
            can_abroad,
            abroad,
            p,
            draw,
            "abroad",
        )
        if home != before[0]:
            happened.append((f"at home the ruler decides: {HOME[home]}", street))
        if abroad != before[1]:
            happened.append((f"abroad the ruler decides: {ABROAD[abroad]}", war))
    severity = (1.0, p.severity, p.leniency, 1.0, p.leniency, p.leniency)[home]
    lethality = (1.0, p.lethality, 0.5, 1.0, 0.5, 0.5)[home]
    concession = see.concession + ((home in (2, 4)) - see.concession) / p.concession_days
    return {
        "home": float(home),
        "abroad": float(abroad),
        "talks": float(abroad == 1),
        "severity_order": severity * p.force_limit,
        "lethality_order": lethality * p.force_limit,
        "deployment": p.surge if home == 1 else 1.0,
        "withheld": 1.0 - p.force_limit,
        "shutdown": 1.0 if home == 3 else (0.5 if home == 1 and street > 0.5 else 0.0),
        "sharing": float(home == 4),
        "leaving": see.leaving + 1 if home == 5 else 0.0,
        "breakout_order": float(abroad == 2 and int(see.abroad) != 2),
        "concession": concession,
        "choices_left": float(can_home.sum() + can_abroad.sum()),
        "fit": see.fit,
        "happened": happened,
        "pull": -p.concession_pull * concession,
        "claims_public": p.concession_money * concession,
    }
