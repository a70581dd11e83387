"""A deal is signed when both sides gain, and kept while breaking it does not pay.

Terms. Both make offers in turn; the proposer's share is (1 - d2)/(1 - d1 d2) (Rubinstein 1982).
Outsiders propose. A regime under pressure is impatient, so it gets less of the relief on offer:

    terms = 2 [1 - (1 - d_r)/(1 - d_o d_r)],  d = exp(-rate . round/365),
    rate_r = rate (1 + haste . pressure)                                          (negotiation.1)

so two sides that are equally impatient, and haggle fast, meet at 1.

Power and guarantee. In war the regime prevails with chance p(1 - weakened . pressure). A deal
signed under pressure is signed at p_s; when pressure passes p_t is higher, and breaking pays unless
the guarantee reaches (Powell 2004, 2006)

    g* = max(0, delta M_r(t+1) + M_d(t) - B),  M_r = p_t (1-d) B,
    M_d = (1-p_s)(1-d) B,  B = 1/(1-delta)                                        (negotiation.2)

The regime breaks at a rate that rises as its gain exceeds the guarantee, outsiders at the rate of
the deal of 2015 (843 days). Credibility is a belief about the other's type (Kreps and Wilson 1982),
Beta(a, b), where a grows with years kept and b with breaches:

    trust = a/(a + b)                                                             (negotiation.3)

At home, a promise of redistribution under a passing threat is believed only if a revolution would
destroy at least (Acemoglu and Robinson 2001, 2006, with cost of taxation tau^2/2; theta share of
the rich, delta their number, q chance of threat)

    mu* = theta - (1 - beta(1 - q)) G,   G = (theta - delta)^2 / (2(1 - delta))   (negotiation.4)

Below mu* only a transfer of power itself quiets the street. People differ in what they think a
revolution would destroy, so a part of them believe,

    believed = 1/(1 + exp(-(mu - mu*)/spread)),  mu = cost - eased . street       (negotiation.5)

and with no spread all or nobody. A promise may be taken back once the
threat has passed; a pact with transfer ends the regime's hold after some months (the ending
"pact"). A ruler who leaves under a guarantee does so too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

from ..mechanism import Draw, Yesterday, channel, choice, mechanism, par, state, when
from ..places import Place

STEEPEST = 50.0  # numerical guard: the exponent of a logistic beyond which it is 0


@dataclass(frozen=True)
class Parameters:
    power: float = par(
        0.45, 0.30, 0.60, "chance", "that the regime prevails in war when nothing presses it"
    )
    weakened: float = par(0.5, 0.2, 0.8, "share", "part of that chance which full pressure takes")
    resumption: float = par(
        0.08,
        0.0,
        0.20,
        "chance",
        "that a programme resumed after a breach adds",
        "Powell2006",
        "analogy",
    )
    destroyed: float = par(
        0.10, 0.03, 0.20, "share of the pie", "what a war destroys", "Powell2006", "analogy"
    )
    patience: float = par(
        0.95, 0.90, 0.98, "a year", "weight of next year against this one", "Powell2006", "analogy"
    )
    rate: float = par(
        0.30,
        0.10,
        0.60,
        "a year",
        "impatience of a side that nothing presses",
        "Rubinstein1982",
        "analogy",
        log=True,
    )
    haste: float = par(
        2.0, 0.5, 5.0, "times", "rise of the regime's impatience under full pressure", log=True
    )
    round_days: float = par(
        14.0, 7.0, 30.0, "days", "time between offers", "ThermidorTimeline", "one study"
    )
    talk_days: float = par(
        45.0,
        15.0,
        120.0,
        "days",
        "mean time of talks that both sides want to end well",
        "ThermidorTimeline",
        "analogy",
        log=True,
    )
    trust: float = par(
        0.35,
        0.15,
        0.60,
        "chance",
        "that the regime keeps a deal, as outsiders believe on the first day",
    )
    trust_weight: float = par(
        5.0, 2.0, 12.0, "years", "years of conduct which that belief is worth", log=True
    )
    verification: float = par(0.25, 0.0, 0.5, "chance", "that inspection adds to trust")
    trust_needed: float = par(
        0.50, 0.30, 0.70, "chance", "trust at which outsiders sign as often as not"
    )
    breach_rate: float = par(
        0.02, 0.005, 0.05, "a day", "rate of breaking once breaking pays", log=True
    )
    breach_scale: float = par(
        0.4, 0.1, 1.0, "years of the pie", "spread of what breaking is thought to pay", log=True
    )
    outside_breach: float = par(
        0.0012,
        0.0006,
        0.0025,
        "a day",
        "rate at which outsiders leave a deal",
        "ThermidorTimeline",
        "one study",
        log=True,
    )
    face: float = par(
        0.3, 0.05, 0.7, "sd", "loyalty lost by conceding in public, with nothing spared"
    )
    face_days: float = par(90.0, 30.0, 240.0, "days", "time in which that is forgotten", log=True)
    hope: float = par(0.15, -0.2, 0.5, "sd", "grievance that a deal in force takes away")
    rich_income: float = par(
        0.50,
        0.40,
        0.65,
        "share",
        "part of income that goes to the rich (theta)",
        "AcemogluRobinson2006",
        "analogy",
    )
    rich: float = par(
        0.20,
        0.10,
        0.30,
        "share",
        "their part of the people (delta)",
        "AcemogluRobinson2006",
        "analogy",
    )
    threat_chance: float = par(
        0.3,
        0.1,
        0.7,
        "a year",
        "chance that a threat returns (q)",
        "AcemogluRobinson2006",
        "analogy",
    )
    people_patience: float = par(
        0.95,
        0.85,
        0.98,
        "a year",
        "weight of next year for the people (beta)",
        "AcemogluRobinson2006",
        "analogy",
    )
    revolution_cost: float = par(
        0.60,
        0.45,
        0.80,
        "share of income",
        "what a revolution destroys when few are out (mu)",
        "AcemogluRobinson2006",
        "analogy",
    )
    revolution_eased: float = par(
        0.4, 0.1, 0.7, "share of income", "how much less it destroys when very many are out"
    )
    belief_spread: float = par(
        0.05,
        0.02,
        0.15,
        "share of income",
        "how far people differ in what they think a revolution would destroy",
        log=True,
    )
    pact_pull: float = par(
        1.0, 0.4, 1.8, "sd", "grievance that a pact which is believed takes away"
    )
    pact_disbelieved: float = par(
        0.2, 0.0, 0.5, "share", "part of that which a promise not believed still takes"
    )
    renege_days: float = par(
        90.0,
        30.0,
        240.0,
        "days",
        "time for which a promise is kept once the threat has passed",
        log=True,
    )
    handover_risk: float = par(
        0.15, 0.05, 0.5, "share", "rate of breaking a pact with transfer, over that of a promise"
    )
    pact_plots: float = par(
        1.0, 0.0, 2.0, "log times", "rise of the chance of a coup while power is being shared"
    )
    deal_day: float = choice(
        0.0,
        0.0,
        36500.0,
        "day",
        "day on which a deal is signed whatever the sides wish (0: never)",
        "broker",
    )
    pact_day: float = choice(
        0.0,
        0.0,
        36500.0,
        "day",
        "day on which a pact at home is signed whatever the sides wish (0: never)",
        "society",
    )
    no_deal: float = choice(
        0.0, 0.0, 1.0, "0 or 1", "no deal is signed, whatever the sides wish", "broker"
    )
    transfer: float = choice(
        1.0,
        0.0,
        1.0,
        "0 or 1",
        "a pact at home transfers power (0: it promises redistribution)",
        "society",
    )
    handover_days: float = choice(
        180.0, 30.0, 1095.0, "days", "time between a pact and the handover", "society"
    )
    war_pressure: float = par(
        0.6, 0.3, 0.9, "share", "pressure on the regime by a campaign at its worst, alone"
    )
    coffers_pressure: float = par(
        0.5, 0.25, 0.8, "share", "pressure on the regime by empty coffers alone"
    )
    street_pressure: float = par(
        0.5, 0.25, 0.8, "share", "pressure on the regime by a crowd without limit, alone"
    )
    runway_half: float = par(
        180.0,
        90.0,
        360.0,
        "days",
        "runway of the treasury at which half of that of the coffers is felt",
        log=True,
    )
    street_half: float = par(
        0.02,
        0.005,
        0.06,
        "share of residents",
        "turnout at which half of the street's threat is felt",
        log=True,
    )
    trust_spread: float = par(
        0.1, 0.05, 0.2, "chance", "spread of the trust at which outsiders sign", log=True
    )
    leaving_days: float = par(
        14.0,
        5.0,
        60.0,
        "days",
        "time between a ruler's decision to leave and the handover",
        log=True,
    )


class See(Yesterday):
    talks: float
    offer: float
    guarantee: float
    face_saver: float
    campaign: float
    runway: float
    turnout_country: float
    sharing: float
    leaving: float

    deal: float
    deals: float
    terms: float
    deal_days: float
    signed_power: float
    breached: float
    breached_regime: float
    trust: float
    kept: float
    broken_word: float
    face_lost: float
    pact: float
    pacts: float
    pact_days: float
    pact_believed: float
    pact_broken: float
    trust_push: float


def start(p: Parameters, place: Place, draw: Draw) -> dict[str, Any]:
    return {
        "deal": 0.0,
        "deals": 0.0,
        "terms": 0.0,
        "deal_days": 0.0,
        "signed_power": 0.0,
        "breached": 0.0,
        "breached_regime": 0.0,
        "trust": p.trust,
        "kept": p.trust * p.trust_weight,
        "broken_word": (1 - p.trust) * p.trust_weight,
        "pressure": 0.0,
        "guarantee_needed": 0.0,
        "face_lost": 0.0,
        "pact": 0.0,
        "pacts": 0.0,
        "pact_days": 0.0,
        "pact_believed": 0.0,
        "pact_broken": 0.0,
        "transfer": 0.0,
    }


def proposer_share(first: float, second: float) -> float:
    """Rubinstein's share of the side that proposes, for discount factors of proposer and responder
    (negotiation.1).
    """
    return (1 - second) / (1 - first * second)


def gain_of_breaking(now: float, later: float, destroyed: float, patience: float) -> float:
    """delta M_r(t+1) + M_d(t) - B: what the riser gains by breaking, in years of the pie
    (negotiation.2). now: p_s, later: p_t, chances; destroyed: d, a share; patience: delta, a year.
    """
    pie = 1 / (1 - patience)
    return patience * later * (1 - destroyed) * pie + (1 - now) * (1 - destroyed) * pie - pie


def guarantee_needed(now: float, later: float, destroyed: float, patience: float) -> float:
    """g*: what the riser must forfeit so that breaking does not pay (negotiation.2)."""
    return max(0.0, gain_of_breaking(now, later, destroyed, patience))  # (negotiation.2)


def median_tax(rich_income: float, rich: float) -> float:
    """The tax that the poor would choose: C'(tau) = (theta - delta)/(1 - delta), C = tau^2/2."""
    return (rich_income - rich) / (1 - rich)


def redistributed(rich_income: float, rich: float, tax: float) -> float:
    """What a tax brings the poor, net of its cost; G at the tax that they would choose. Shares of
    income, shares of the people.
    """
    return tax * (rich_income - rich) - (1 - rich) * tax**2 / 2


def promise_threshold(rich_income: float, rich: float, patience: float, threat: float) -> float:
    """mu*: the cost of revolution from which a promise alone is believed (negotiation.4); with
    threat 1, of democracy (mu_D).
    """
    gain = redistributed(rich_income, rich, median_tax(rich_income, rich))
    return rich_income - (1 - patience * (1 - threat)) * gain  # (negotiation.4)


def regime_terms(p: Parameters, pressure: float) -> float:
    """Part of the relief on offer that the regime gets when outsiders propose (negotiation.1)."""
    ours = math.exp(-p.rate * (1 + p.haste * pressure) * p.round_days / 365)
    theirs = math.exp(-p.rate * p.round_days / 365)
    return 2 * (1 - proposer_share(theirs, ours))  # (negotiation.1)


@mechanism(
    start=start,
    owns={
        "deal": state("0 or 1", "a deal with outsiders is in force"),
        "deals": state("count", "deals signed since the start"),
        "terms": state("share", "part of the relief on offer that the regime gets"),
        "deal_days": state("days", "age of the deal in force"),
        "signed_power": state("chance", "that the regime would have prevailed when it signed"),
        "breached": state("count", "deals broken since the start"),
        "breached_regime": state("count", "deals broken by the regime since the start"),
        "trust": state("chance", "that the regime keeps its word, as outsiders believe"),
        "kept": state("years", "conduct that speaks for it"),
        "broken_word": state("years", "conduct that speaks against it"),
        "pressure": state("share", "how hard the regime is pressed"),
        "guarantee_needed": state(
            "years of the pie", "what breaking must cost so that it does not pay"
        ),
        "face_lost": state("share", "face lost by conceding in public"),
        "pact": state("0 or 1", "a pact at home is in force"),
        "pacts": state("count", "pacts at home since the start"),
        "pact_days": state("days", "age of the pact in force"),
        "pact_believed": state("share of residents", "people who believe the pact"),
        "pact_broken": state("count", "pacts at home taken back since the start"),
        "transfer": state("0 or 1", "power has been handed over by agreement"),
    },
    opens={
        "trust_push": channel(
            "chance", "what makes outsiders more ready to sign", low=-1.0, high=1.0
        )
    },
    adds=["pull", "allegiance", "freeze", "plots"],
    tells=[
        "a deal is signed",
        "the regime breaks the deal",
        "outsiders leave the deal",
        "a pact at home is signed",
        "a pact at home is signed, and not believed",
        "the pact at home is taken back",
        "power is handed over",
    ],
    cites=[
        "Rubinstein1982",
        "Powell2004",
        "Powell2006",
        "AcemogluRobinson2001",
        "AcemogluRobinson2006",
        "KrepsWilson1982",
    ],
)
def negotiation(see: See, p: Parameters, draw: Draw) -> dict[str, Any]:
    street = see.turnout_country / (see.turnout_country + p.street_half)
    coffers = p.coffers_pressure / (1 + see.runway / p.runway_half)
    pressure = 1 - (1 - p.war_pressure * see.campaign) * (1 - coffers) * (
        1 - p.street_pressure * street
    )
    outside = _outside(see, p, draw, pressure)
    inside = _inside(see, p, draw, street)
    eased = inside.believed + (1 - inside.believed) * p.pact_disbelieved
    agreed, believed = inside.signed, inside.believed > 1 / 2  # by most people
    return {
        "deal": outside.deal,
        "deals": see.deals + outside.signed,
        "terms": outside.terms,
        "deal_days": outside.age,
        "signed_power": outside.signed_power,
        "breached": see.breached + (outside.by_regime or outside.by_outsiders),
        "breached_regime": see.breached_regime + outside.by_regime,
        "trust": outside.kept / (outside.kept + outside.against),  # (negotiation.3)
        "kept": outside.kept,
        "broken_word": outside.against,
        "guarantee_needed": outside.needed,
        "face_lost": outside.face_lost,
        "pressure": pressure,
        "pact": inside.pact,
        "pacts": see.pacts + (inside.pact > see.pact),
        "pact_days": inside.age,
        "pact_believed": inside.believed,
        "pact_broken": see.pact_broken + inside.taken_back,
        "transfer": float(inside.transfer),
        "a deal is signed": when(outside.signed, outside.terms),
        "the regime breaks the deal": when(outside.by_regime, outside.needed),
        "outsiders leave the deal": when(outside.by_outsiders, outside.needed),
        "a pact at home is signed": when(agreed and believed, street),
        "a pact at home is signed, and not believed": when(agreed and not believed, street),
        "the pact at home is taken back": when(inside.taken_back, street),
        "power is handed over": when(inside.transfer, inside.age),
        "pull": -p.hope * outside.deal - inside.pact * p.pact_pull * eased,
        "allegiance": -p.face * outside.face_lost,
        "freeze": outside.deal,
        "plots": p.pact_plots * inside.pact,
    }


class Outside(NamedTuple):
    """The deal with outsiders at the end of a day."""

    deal: float  # 0 or 1, in force
    age: float  # days
    terms: float  # share
    signed_power: float  # chance
    kept: float  # conduct that speaks for the regime, years
    against: float  # and against it, years
    needed: float  # guarantee, years of the pie
    face_lost: float  # share
    signed: bool  # today
    by_regime: bool  # broken today by the regime
    by_outsiders: bool


class Inside(NamedTuple):
    """The pact at home at the end of a day."""

    pact: float  # 0 or 1, in force
    age: float  # days
    believed: float  # share of residents
    signed: bool  # today
    taken_back: bool
    transfer: bool  # power is handed over


def _outside(see: See, p: Parameters, draw: Draw, pressure: float) -> Outside:
    """The deal with outsiders: whether it is signed or broken today, and what they believe."""
    power = p.power * (1 - p.weakened * pressure)
    gain = gain_of_breaking(see.signed_power, power + p.resumption, p.destroyed, p.patience)
    needed = max(0.0, gain) if see.deal > 0 else 0.0  # (negotiation.2)
    signed = _signed(see, p, draw)
    by_regime = see.deal > 0 and draw.happens("regime breaks", _breaks(see, p, gain))
    outsiders_may = see.deal > 0 and not by_regime
    by_outsiders = outsiders_may and draw.happens("outsiders break", p.outside_breach)
    deal, age = see.deal, see.deal_days + see.deal
    terms, signed_power = see.terms, see.signed_power
    if signed:
        deal, age, signed_power = 1.0, 0.0, power
        terms = regime_terms(p, pressure)
    if by_regime or by_outsiders:
        deal, age = 0.0, 0.0
    kept = see.kept + see.deal / 365
    against = see.broken_word + float(by_regime)
    lost = (1 - see.face_saver) * signed
    return Outside(
        deal,
        age,
        terms,
        signed_power,
        kept,
        against,
        needed,
        min(1.0, see.face_lost * (1 - 1 / p.face_days) + lost),
        signed,
        by_regime,
        by_outsiders,
    )


def _signed(see: See, p: Parameters, draw: Draw) -> bool:
    """Whether a deal is signed today."""
    if see.deal > 0 or round(p.no_deal) > 0:
        return False
    if p.deal_day > 0:
        return draw.day == p.deal_day
    ready = see.trust + p.verification + see.trust_push - p.trust_needed
    chance = 1 / p.talk_days / (1 + math.exp(-ready / p.trust_spread))
    return see.talks > 0 and see.offer > 0 and draw.happens("signed", chance)


def _breaks(see: See, p: Parameters, gain: float) -> float:
    """Chance a day that the regime breaks the deal.  gain: of breaking, years of the pie."""
    spared = (see.guarantee - gain) / p.breach_scale
    return p.breach_rate / (1 + math.exp(min(STEEPEST, spared)))


def _inside(see: See, p: Parameters, draw: Draw, street: float) -> Inside:
    """The pact at home: whether it is signed, taken back or carried out today."""
    handed = round(p.transfer) > 0  # the pact transfers power
    pact, age, believed = see.pact, see.pact_days + see.pact, see.pact_believed
    offered = draw.day == p.pact_day or (p.pact_day == 0 and see.sharing > 0)
    signed = pact == 0 and offered
    if signed:
        believed = 1.0 if handed else _promise_believed(p, street)
        pact, age = 1.0, 0.0
    taken_back = False
    if see.pact > 0:
        rate = (1 - street) / p.renege_days * (p.handover_risk if handed else 1.0)
        if draw.happens("pact broken", rate):
            pact, age, taken_back = 0.0, 0.0, True
    due = handed and see.pact > 0 and pact > 0 and age >= p.handover_days
    return Inside(pact, age, believed, signed, taken_back, due or see.leaving >= p.leaving_days)


def _promise_believed(p: Parameters, street: float) -> float:
    """Share of people who believe a promise of redistribution; street: the threat, 0 to 1."""
    cost = p.revolution_cost - p.revolution_eased * street
    needed = promise_threshold(p.rich_income, p.rich, p.people_patience, p.threat_chance)
    return believing(cost, needed, p.belief_spread)


def believing(cost: float, needed: float, spread: float) -> float:
    """Share of people who believe a promise, when a revolution is thought to destroy `cost` in the
    median and they differ by `spread`, all shares of income; without a spread the published step.
    """
    if spread == 0.0:
        return float(cost >= needed)
    return 1 / (1 + math.exp(min(STEEPEST, (needed - cost) / spread)))  # (negotiation.5)
