"""The ruler chooses: what to do at home, what to do abroad, how to spend.

At home: hold, crack down, concede, shut down communications, share power, leave. Abroad: hold,
concede, escalate. Every some days each is chosen by quantal response (McKelvey and Palfrey 1995)
over what is feasible:

    U_j = survival . (sum over threats of relief_jk . threat_k)
          + ideology . I_j + welfare . W_j - cost_j
    chance of j = exp(U_j/noise) / sum of exp(U_i/noise)          (ruler.1)

Threats, 0 to 1: the street (turnout), the palace (who has left the coalition), war, an empty
treasury. I_j and W_j are what a choice is worth to ideology and to welfare, from -1 to 1, to hold
being worth 0; what the regime stands for may speak against conceding abroad, or for it. Leaving
costs what the ruler would otherwise keep, less what is offered (and a crackdown is worth less, the
more of the forces refuse):

    cost = power . (1 - lost anyway . max(street, palace)) - exit worth . offer   (ruler.3)

The weights are assumptions, not facts: claim C2 tests them against what the ruler was seen to do,
by the mean log chance of the observed choices:

    fit = mean of ln chance(observed choice | threats observed)   (ruler.2)

Two choices are separate because a regime that cracks down at home may well talk abroad. Departs: no
learning, no looking ahead beyond the reliefs that it believes in.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ..mechanism import Axis, Draw, Yesterday, channel, choice, mechanism, par, state, when
from ..places import Place
from ..places.axes import USE
from ..support.arrays import Array
from ..support.faults import near


class Home(NamedTuple):
    """What the ruler may do at home."""

    hold: int = 0
    crack_down: int = 1
    concede: int = 2
    shut_down: int = 3
    share_power: int = 4
    leave: int = 5


class Abroad(NamedTuple):
    """What the ruler may do abroad."""

    hold: int = 0
    concede: int = 1
    escalate: int = 2


HOME, ABROAD = Home(), Abroad()
CHOICES = {
    "home": tuple(name.replace("_", " ") for name in HOME._fields),
    "abroad": tuple(name.replace("_", " ") for name in ABROAD._fields),
}
DECIDES = {
    "home": tuple(f"at home the ruler decides: {choice}" for choice in CHOICES["home"]),
    "abroad": tuple(f"abroad the ruler decides: {choice}" for choice in CHOICES["abroad"]),
}
LEAST = 1e-12  # numerical guard: smallest chance whose logarithm is taken


def by_home(
    crack_down: float, concede: float, shut_down: float, share_power: float, leave: float
) -> Array:
    """Numbers by choice at home, float[Home]; zero for holding."""
    return np.array([0.0, crack_down, concede, shut_down, share_power, leave])


def by_abroad(concede: float, escalate: float) -> Array:
    """Numbers by choice abroad, float[Abroad]; zero for holding."""
    return np.array([0.0, concede, escalate])


@dataclass(frozen=True)
class Parameters:
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
    lost_anyway: float = par(
        0.70,
        0.30,
        1.00,
        "share",
        "part of that which is lost anyway when the threat at home is at its worst",
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
    cornered: float = par(
        0.30, 0.15, 0.60, "share", "threat at home below which nobody in power shares it or leaves"
    )
    runway_half: float = par(
        180.0,
        90.0,
        360.0,
        "days",
        "runway of the treasury at which its emptiness is half of the worst",
        log=True,
    )
    palace_relief: float = par(
        0.10, 0.0, 0.30, "share", "part of the palace's threat that concessions are to remove"
    )
    palace_alarm: float = par(
        0.30, 0.0, 0.60, "share", "part of the palace's threat that sharing power is to add"
    )
    deal_war: float = par(
        0.70, 0.35, 1.0, "share", "part of the threat of war that a deal bears on"
    )
    deal_money: float = par(
        0.50, 0.25, 1.0, "share", "part of the threat of empty coffers that a deal bears on"
    )
    escalation_cost: float = par(0.05, 0.0, 0.15, "weight", "cost of hitting back abroad")
    refusing_limit: float = par(
        0.40, 0.20, 0.60, "share of the forces", "refusals from which no crackdown is possible"
    )
    pay_limit: float = par(
        0.20,
        0.10,
        0.40,
        "share",
        "part of the forces' pay that is paid, at or below which nothing can be conceded",
    )
    lenient_lethality: float = par(
        0.5, 0.25, 1.0, "times", "lethality while conceding, over ordinary orders"
    )
    crackdown_shutdown: float = par(
        0.5, 0.0, 1.0, "share", "communications shut down in a crackdown on a large crowd"
    )
    shutdown_alarm: float = par(
        0.5, 0.25, 0.75, "share", "threat of the street above which a crowd is large in that sense"
    )
    ideology_crackdown: float = par(
        0.1, 0.0, 0.3, "1", "what a crackdown is worth to what the regime stands for"
    )
    ideology_concession: float = par(
        -0.3, -0.6, 0.0, "1", "what concessions at home are worth to it"
    )
    ideology_shutdown: float = par(0.0, -0.2, 0.2, "1", "what a shutdown is worth to it")
    ideology_sharing: float = par(-0.8, -1.0, -0.4, "1", "what sharing power is worth to it")
    ideology_leaving: float = par(-1.0, -1.0, -0.5, "1", "what leaving is worth to it")
    ideology_deal: float = par(
        -0.5,
        -1.0,
        1.0,
        "1",
        "what conceding abroad is worth to it (above zero: conviction speaks for it)",
    )
    ideology_escalation: float = par(0.4, 0.2, 0.8, "1", "what hitting back is worth to it")
    welfare_crackdown: float = par(
        -0.4, -0.8, -0.2, "1", "what a crackdown is worth to the people's welfare, as it counts"
    )
    welfare_concession: float = par(0.4, 0.2, 0.8, "1", "what concessions at home are worth to it")
    welfare_shutdown: float = par(-0.2, -0.4, -0.1, "1", "what a shutdown is worth to it")
    welfare_sharing: float = par(0.7, 0.35, 1.0, "1", "what sharing power is worth to it")
    welfare_leaving: float = par(0.5, 0.2, 1.0, "1", "what leaving is worth to it")
    welfare_deal: float = par(0.6, 0.3, 1.0, "1", "what conceding abroad is worth to it")
    welfare_escalation: float = par(-0.6, -1.0, -0.3, "1", "what hitting back is worth to it")


class Threats(NamedTuple):
    """What threatens the ruler, each from 0 to 1."""

    street: float
    palace: float
    war: float
    money: float


class See(Yesterday):
    turnout_country: float
    united: float
    campaign: float
    runway: float
    pay_ratio: float
    offer: float
    deal: float
    pact: float
    face_saver: float
    exit_offer: float
    refusing: float

    home: float
    abroad: float
    leaving: float
    concession: float
    fit: float
    street_alarm: float


def start(p: Parameters, place: Place, draw: Draw) -> dict[str, Any]:
    return {
        "home": float(HOME.hold),
        "abroad": float(ABROAD.hold),
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


def observed(given: Any) -> Iterable[tuple[tuple[Any, ...], str]]:
    """What is wrong with the choices that a file says the ruler was seen to make."""
    for k, r in enumerate(given.file.observed):
        names = CHOICES[r.track]
        if r.choice not in names:
            allowed = f"allowed: {', '.join(names)}.{near(r.choice, names)}"
            yield ("observed", k), f"choice '{r.choice}' {r.track}; {allowed}"


def worth_home(
    p: Parameters, threats: Threats, exit_offer: float = 0.0, refusing: float = 0.0
) -> Array:
    """Worth of each choice at home, float[Home]; exit_offer in years of private goods; refusing:
    share of the forces.
    """
    street, palace = threats.street, threats.palace
    obeyed = max(0.0, 1 - refusing / p.refusing_limit)  # part of a crackdown that is carried out
    relief = by_home(
        crack_down=street * p.crackdown_relief * obeyed,
        concede=street * p.concession_relief + p.palace_relief * palace,
        shut_down=street * p.shutdown_relief,
        share_power=street * p.sharing_relief - p.palace_alarm * palace,
        leave=p.leaving_relief * max(street, palace),
    )
    cost = by_home(
        crack_down=p.crackdown_cost,
        concede=p.concession_cost,
        shut_down=p.shutdown_cost,
        share_power=p.sharing_cost,
        leave=cost_of_leaving(p, max(street, palace), exit_offer),
    )
    ideology = by_home(
        crack_down=p.ideology_crackdown,
        concede=p.ideology_concession,
        shut_down=p.ideology_shutdown,
        share_power=p.ideology_sharing,
        leave=p.ideology_leaving,
    )
    welfare = by_home(
        crack_down=p.welfare_crackdown,
        concede=p.welfare_concession,
        shut_down=p.welfare_shutdown,
        share_power=p.welfare_sharing,
        leave=p.welfare_leaving,
    )
    return utility(p, relief, ideology, welfare, cost)


def cost_of_leaving(p: Parameters, threat: float, exit_offer: float) -> float:
    """Cost of leaving, weight (ruler.3); threat: at home, 0 to 1; exit_offer: years of private
    goods.
    """
    kept = p.leaving_cost * (1 - p.lost_anyway * threat)
    return kept - p.exit_worth * exit_offer  # (ruler.3)


def worth_abroad(p: Parameters, threats: Threats, face_saver: float = 0.0) -> Array:
    """Worth of each choice abroad, float[Abroad]; face_saver: share of face that is spared."""
    relief = by_abroad(
        concede=p.deal_relief * (p.deal_war * threats.war + p.deal_money * threats.money),
        escalate=p.escalation_relief * threats.war,
    )
    cost = by_abroad(concede=p.face_cost * (1 - face_saver), escalate=p.escalation_cost)
    ideology = by_abroad(concede=p.ideology_deal, escalate=p.ideology_escalation)
    welfare = by_abroad(concede=p.welfare_deal, escalate=p.welfare_escalation)
    return utility(p, relief, ideology, welfare, cost)


def utility(p: Parameters, relief: Array, ideology: Array, welfare: Array, cost: Array) -> Array:
    """U_j of (ruler.1), float[choice], of the same by choice."""
    return p.survival * relief + p.ideology * ideology + p.welfare * welfare - cost  # (ruler.1)


def chances(utility: Array, noise: float) -> Array:
    """Quantal response: chance of each choice, float[choice], of their worth in units of noise."""
    e = np.exp((utility - utility.max()) / noise)
    return e / e.sum()  # (ruler.1)


def fit(p: Parameters, record: Iterable[Any]) -> float:
    """Mean log chance of what the ruler was seen to do (ruler.2); 0 without a record."""
    logs = []
    for r in record:
        threats = Threats(r.street, r.palace, r.war, r.money)
        worth = worth_home(p, threats) if r.track == "home" else worth_abroad(p, threats)
        chance = chances(worth, p.noise)[CHOICES[r.track].index(r.choice)]
        logs.append(math.log(max(LEAST, chance)))
    return sum(logs) / len(logs) if logs else 0.0  # (ruler.2)


def choose(
    utility: Array, feasible: npt.NDArray[np.bool_], now: int, p: Parameters, luck: Array
) -> int:
    """One draw of the quantal response, by its largest utility plus Gumbel noise; the noise stays
    for a while, so that rare choices are not tried anew every week.

    utility, feasible: by choice.  now: the choice in force.  luck: numbers in (0, 1), by choice.
    """
    value = utility / p.noise - np.log(-np.log(luck))
    value[now] += p.inertia / p.noise
    return int(np.argmax(np.where(feasible, value, -np.inf)))


@mechanism(
    start=start,
    axes={"use": Axis(USE._fields, "last day")},
    checks=[observed],
    owns={
        "home": state(
            "choice",
            "what the ruler does at home: "
            + ", ".join(f"{k} {n}" for k, n in enumerate(CHOICES["home"])),
        ),
        "abroad": state(
            "choice",
            "what the ruler does abroad: "
            + ", ".join(f"{k} {n}" for k, n in enumerate(CHOICES["abroad"])),
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
    tells=[*DECIDES["home"], *DECIDES["abroad"]],
    cites=["McKelveyPalfrey1995", "Svolik2012", "BuenoDeMesquita2003", "Lohmann1994"],
)
def ruler(see: See, p: Parameters, draw: Draw) -> dict[str, Any]:
    threats = _threats(see, p)
    can_home, can_abroad = _feasible(see, p, max(threats.street, threats.palace) > p.cornered)
    home, abroad = int(see.home), int(see.abroad)
    home_before, abroad_before = home, abroad
    if (draw.day - 1) % max(1, round(p.review_days)) == 0:
        mood = draw.during(p.mood_days)
        worth = worth_home(p, threats, see.exit_offer, see.refusing)
        home = choose(worth, can_home, home, p, mood.uniforms("home", len(HOME)))
        worth = worth_abroad(p, threats, see.face_saver)
        abroad = choose(worth, can_abroad, abroad, p, mood.uniforms("abroad", len(ABROAD)))
    severity, lethality = _orders(p, home)
    conceding = home in (HOME.concede, HOME.share_power)
    concession = see.concession + (conceding - see.concession) / p.concession_days
    turns, turns_abroad = home != home_before, abroad != abroad_before
    escalates = abroad == ABROAD.escalate and turns_abroad
    street, war = threats.street, threats.war
    return {
        "home": float(home),
        "abroad": float(abroad),
        "talks": float(abroad == ABROAD.concede),
        "severity_order": severity * p.force_limit,
        "lethality_order": lethality * p.force_limit,
        "deployment": p.surge if home == HOME.crack_down else 1.0,
        "withheld": 1.0 - p.force_limit,
        "shutdown": _shutdown(p, home, street),
        "sharing": float(home == HOME.share_power),
        "leaving": see.leaving + 1 if home == HOME.leave else 0.0,
        "breakout_order": float(escalates),
        "concession": concession,
        "choices_left": float(can_home.sum() + can_abroad.sum()),
        "fit": see.fit,
        "pull": -p.concession_pull * concession,
        "claims_public": p.concession_money * concession,
        "at home the ruler decides: hold": when(turns and home == HOME.hold, street),
        "at home the ruler decides: crack down": when(turns and home == HOME.crack_down, street),
        "at home the ruler decides: concede": when(turns and home == HOME.concede, street),
        "at home the ruler decides: shut down": when(turns and home == HOME.shut_down, street),
        "at home the ruler decides: share power": when(turns and home == HOME.share_power, street),
        "at home the ruler decides: leave": when(turns and home == HOME.leave, street),
        "abroad the ruler decides: hold": when(turns_abroad and abroad == ABROAD.hold, war),
        "abroad the ruler decides: concede": when(turns_abroad and abroad == ABROAD.concede, war),
        "abroad the ruler decides: escalate": when(turns_abroad and abroad == ABROAD.escalate, war),
    }


def _threats(see: See, p: Parameters) -> Threats:
    crowd = see.turnout_country / (see.turnout_country + p.alarm)
    street = min(1.0, max(0.0, crowd + see.street_alarm))
    return Threats(street, 1 - see.united, see.campaign, 1 / (1 + see.runway / p.runway_half))


def _feasible(
    see: See, p: Parameters, cornered: bool
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """What can be chosen, at home and abroad; only one who is cornered shares power or leaves."""
    home = np.ones(len(HOME), np.bool_)
    home[HOME.crack_down] = see.refusing < p.refusing_limit
    home[HOME.concede] = see.pay_ratio > p.pay_limit
    home[HOME.share_power] = see.pact == 0 and cornered
    home[HOME.leave] = see.exit_offer > 0 and cornered
    abroad = np.ones(len(ABROAD), np.bool_)
    abroad[ABROAD.concede] = see.offer > 0 and see.deal == 0
    abroad[ABROAD.escalate] = see.deal == 0
    return home, abroad


def _orders(p: Parameters, home: int) -> tuple[float, float]:
    """Severity and lethality ordered, in times those of ordinary days."""
    if home == HOME.crack_down:
        return p.severity, p.lethality
    if home in (HOME.concede, HOME.share_power, HOME.leave):
        return p.leniency, p.lenient_lethality
    return 1.0, 1.0


def _shutdown(p: Parameters, home: int, street: float) -> float:
    """Share of communications that is shut down."""
    if home == HOME.shut_down:
        return 1.0
    large = street > p.shutdown_alarm
    return p.crackdown_shutdown if home == HOME.crack_down and large else 0.0
