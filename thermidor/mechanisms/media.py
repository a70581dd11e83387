"""A state broadcaster persuades some, independent channels show the crowd, and a shutdown darkens
both.

What is seen of turnout:

    seen = independent . trust . (1 - bite . shutdown) + word of mouth
           + reach . (1 - bias)                                           (media.1)

with reach = audience . (1 - damage) . staff. Persuasion (Kamenica and Gentzkow 2011; Gehlbach and
Sonin 2014). A citizen with prior q that the regime rules well complies when the posterior is at
least m. Good news is always told, and bad news is told as good with bias b; then

    b* = q(1 - m)/((1 - q) m)
    compliance = q + (1 - q) b  if  b <= b*,  else 0;  at b* it is q/m    (media.2)

so propaganda cannot persuade beyond q/m, and more of it than b* is worth nothing. m differs between
citizens by a spread (zero gives the published step). A broadcaster knows this: of what it is
ordered to tell it tells no more than persuades most,

    b told = the b <= b ordered with the largest mean compliance          (media.6)

so it never does worse than by telling the truth; b told stands for b in the rest. What is said into
`pull` is the change of reach . credibility . compliance since the first day. Doubt moves the prior
as news does by Bayes, on a logit scale:

    logit q = logit q0 - doubt                                            (media.4)

Credibility is lost when people see what the broadcaster denies:

    credibility(t+1) = credibility + (c0 - credibility)/days
                       - exposure . b . seen . f(T)                       (media.3)

Staff keep to the script by habit and pay; a hit on their building may bind them or drive them away
(an assumption with a range on both sides of zero).

Propaganda also makes a regime look stronger than it is (Edmond 2013). What that is worth lies in
the strength of the first day, with the bias b0 ordered on that day; channels that are opened and
lies that are given up take it away by (security.6), with

    candour = 1 - (1 - openness . (1 - bite . shutdown)) . min(1, b ordered/b0)   (media.5)
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, NamedTuple

import numpy as np

from ..mechanism import Draw, Yesterday, channel, choice, fact, mechanism, par, state
from ..places import Place
from ..places.axes import USE
from ..support.arrays import Array

NODES = 9  # mathematics: points at which the distribution of standards is taken
# mathematics: the middles of as many equal parts of the normal distribution, in sd
QUANTILES = np.array([NormalDist().inv_cdf((k + 0.5) / NODES) for k in range(NODES)])
SURE = 0.01  # numerical guard: no standard is nearer to 0 or 1, where odds have no end
ROUNDING = 1e-12  # numerical guard: of a bias that is chosen to be the largest that persuades
LEAST_SPENT = 0.01  # numerical guard: USD million a day, of which a logarithm is taken
LEAST_SEEN = 1e-3  # numerical guard: share of turnout of which a logarithm is taken


@dataclass(frozen=True)
class Parameters:
    audience: float = fact(
        0.50,
        0.0,
        1.0,
        "share of residents",
        "people who take their news from the state broadcaster",
    )
    credibility: float = par(
        0.45, 0.2, 0.7, "share", "part of them who believe it on the first day"
    )
    credibility_days: float = par(
        180.0, 60.0, 400.0, "days", "time in which credibility returns", log=True
    )
    exposure: float = par(
        0.02,
        0.005,
        0.05,
        "a day",
        "credibility lost while the broadcaster denies a crowd that all see",
    )
    independent: float = par(
        0.55,
        0.3,
        0.75,
        "share of residents",
        "people reached by channels that the state does not run",
    )
    trust: float = par(0.7, 0.4, 0.9, "share", "part of them who believe these channels")
    mouth: float = par(0.10, 0.02, 0.2, "share", "part of turnout known by word of mouth alone")
    shutdown_bite: float = par(
        0.85,
        0.6,
        0.97,
        "share",
        "part of the independent channels that a full shutdown cuts",
        "NetBlocks2019",
        "one study",
    )
    shutdown_damage: float = par(
        0.03, 0.005, 0.08, "log income", "real income lost while everything is shut"
    )
    prior: float = fact(
        0.40, 0.05, 0.95, "chance", "that the regime rules well, as an undecided citizen sees it"
    )
    standard: float = par(0.5, 0.4, 0.6, "chance", "posterior at which a citizen complies (m)")
    standard_spread: float = par(
        0.08, 0.0, 0.15, "chance", "standard deviation of m between citizens"
    )
    persuasion: float = par(
        2.0,
        0.5,
        4.0,
        "sd",
        "grievance that full compliance of everybody would take away",
        "GehlbachSonin2014",
        "analogy",
    )
    staff: float = par(1.6, 0.8, 2.4, "logit", "staff who keep to the script on an ordinary day")
    solidarity: float = par(
        0.2, -0.8, 1.0, "logit", "what a destroyed building does to the staff's loyalty", log=False
    )
    staff_doubt: float = par(
        0.3, 0.0, 0.8, "logit per logit", "how far the staff share the public's doubt"
    )
    staff_pay: float = par(
        0.5, 0.1, 1.0, "logit per log pay", "how far the staff's loyalty follows their pay"
    )
    reference: float = fact(
        0.086,
        0.0001,
        60.0,
        "USD million a day",
        "spending at which pay and reach are those of the first day",
        per="income",
    )
    repair_days: float = par(
        30.0, 7.0, 120.0, "days", "time in which damage falls to 1/e", log=True
    )
    damage: float = fact(
        0.0, 0.0, 1.0, "share", "part of the broadcaster destroyed on the first day"
    )
    bias: float = choice(
        0.35,
        0.0,
        1.0,
        "chance",
        "bad news that the state broadcaster is to tell as good, as far as it persuades",
        "ruler",
    )
    openness: float = choice(
        0.0, 0.0, 1.0, "share", "independent channels let in beyond today's", "society"
    )
    exposure_half: float = par(
        0.02,
        0.005,
        0.06,
        "share of residents",
        "turnout at which denying it costs half of the most",
        log=True,
    )


class Memory(NamedTuple):
    """What the broadcaster was on the first day."""

    works: float  # reach times credibility times compliance, share of residents
    bias: float  # chance that bad news was told as good


class See(Yesterday):
    shutdown: float
    turnout_country: float
    spending: Array

    broadcaster_damage: float
    seen: float
    credibility: float
    broadcaster_hits: float
    doubt: float
    memory: Memory


def start(p: Parameters, place: Place, draw: Draw) -> dict[str, Any]:
    staff = logistic(p.staff)
    told = told_bias(p.prior, p.standard, p.standard_spread, p.bias)
    complies = compliance(p.prior, p.standard, p.standard_spread, told)
    seen = p.independent * p.trust + p.mouth + p.audience * staff * (1 - told)
    return {
        "memory": Memory(p.audience * staff * p.credibility * complies, p.bias),
        "reach": p.audience * staff * (1 - p.damage),
        "credibility": p.credibility,
        "staff_loyalty": staff,
        "broadcaster_damage": p.damage,
        "seen": min(1.0, seen),
        "compliance": complies,
    }


def logistic(x: float) -> float:
    """1/(1 + exp(-x)): a chance from its log odds."""
    return 1 / (1 + math.exp(-x))


def believes(prior: float, evidence: float) -> float:
    """Bayes: belief after news whose logarithm of the likelihood ratio is `evidence` (media.4)."""
    return logistic(math.log(prior / (1 - prior)) + evidence)  # (media.4)


def persuade(prior: float, standard: float, bias: float) -> float:
    """Chance that a citizen complies (media.2): the published step."""
    most = prior * (1 - standard) / ((1 - prior) * standard)
    if prior >= standard:
        return 1.0
    return prior + (1 - prior) * bias if bias <= most + ROUNDING else 0.0  # (media.2)


def compliance(prior: float, standard: float, spread: float, bias: float) -> float:
    """The same over citizens whose standards differ with standard deviation `spread`."""
    if spread == 0.0:
        return persuade(prior, standard, bias)
    total = 0.0
    for z in QUANTILES:
        total += persuade(prior, own_standard(standard, spread, z), bias)
    return total / NODES


def own_standard(standard: float, spread: float, z: float) -> float:
    """Posterior at which a citizen complies who is so far from the mean; z: sd."""
    return min(1 - SURE, max(SURE, standard + spread * z))


def told_bias(prior: float, standard: float, spread: float, ordered: float) -> float:
    """The bias that persuades most, of those up to `ordered` (media.6): it is `ordered`, or the b*
    of some citizens.
    """
    best, most = ordered, compliance(prior, standard, spread, ordered)
    for z in QUANTILES:
        own = own_standard(standard, spread, z)
        bias = prior * (1 - own) / ((1 - prior) * own)
        if bias < ordered:
            complies = compliance(prior, standard, spread, bias)
            if complies > most:
                best, most = bias, complies
    return best  # (media.6)


def candid(opened: float, bias: float, before: float) -> float:
    """Part of the pretence that is gone (media.5); opened: channels let in, as they work today;
    before: bias of the first day.
    """
    if before <= 0.0:
        return opened
    return opened + (1 - opened) * max(0.0, 1 - bias / before)  # (media.5)


@mechanism(
    start=start,
    owns={
        "reach": state("share of residents", "people whom the state's message reaches"),
        "credibility": state("share", "part of its audience who believe the broadcaster"),
        "staff_loyalty": state("share", "staff who keep to the script"),
        "broadcaster_damage": state("share", "part of the broadcaster that is destroyed"),
        "seen": state("share", "part of turnout that people see"),
        "compliance": state("share", "undecided citizens whom the broadcaster persuades"),
    },
    opens={
        "broadcaster_hits": channel(
            "share", "part of the broadcaster destroyed today", low=0.0, high=1.0
        ),
        "doubt": channel(
            "logit", "what lowers belief in the regime's competence", low=-10.0, high=10.0
        ),
    },
    adds=["pull", "visibility", "damage", "candour"],
    cites=["KamenicaGentzkow2011", "GehlbachSonin2014", "GurievTreisman2019", "Edmond2013"],
)
def media(see: See, p: Parameters, draw: Draw) -> dict[str, Any]:
    damage = min(1.0, see.broadcaster_damage * (1 - 1 / p.repair_days) + see.broadcaster_hits)
    funds = math.log(max(float(see.spending[USE.propaganda]), LEAST_SPENT) / p.reference)
    staff = logistic(
        p.staff + p.solidarity * damage - p.staff_doubt * see.doubt + p.staff_pay * min(1.0, funds)
    )
    reach = p.audience * (1 - damage) * staff * min(1.0, math.exp(funds))
    works = 1 - p.shutdown_bite * see.shutdown  # of the independent channels
    independent = min(1.0, p.independent + p.openness * (1 - p.independent)) * works
    prior = believes(p.prior, -see.doubt)
    told = told_bias(prior, p.standard, p.standard_spread, p.bias)
    complies = compliance(prior, p.standard, p.standard_spread, told)
    seen = min(1.0, independent * p.trust + p.mouth + reach * (1 - told))  # (media.1)
    crowd = see.turnout_country / (see.turnout_country + p.exposure_half)
    credibility = (  # (media.3)
        see.credibility
        + (p.credibility - see.credibility) / p.credibility_days
        - p.exposure * told * see.seen * crowd
    )
    persuaded = reach * see.credibility * complies
    return {
        "reach": reach,
        "credibility": max(0.0, credibility),
        "staff_loyalty": staff,
        "broadcaster_damage": damage,
        "seen": seen,
        "compliance": complies,
        "pull": -p.persuasion * (persuaded - see.memory.works),
        "visibility": math.log(max(seen, LEAST_SEEN)),
        "damage": p.shutdown_damage * see.shutdown,
        "candour": candid(p.openness * works, p.bias, see.memory.bias),
    }
