"""The winning coalition stays while staying pays better than leaving, and quarrels; those who guard
the leader may also remove him.

What the leader must pay (Bueno de Mesquita and others 2003, with v = sqrt x + sqrt g; W coalition,
S selectorate, n price of public goods, delta patience):

    M/R = [1 + delta/(1 - delta) (1 - W/S) n/(n + W)]^-2
    private part = n/(n + W)                                                           (elites.1)

A member of faction f compares, in years of today's private goods,

    stay = years . w_f . q - (1 - q) punishment + interest_f - discord
    leave = lure - q . price of treason                                                (elites.2)
    cohesion_f -> 1/(1 + exp((leave - stay)/noise))                                    (elites.3)

where q is the chance of survival as read from strength against the forces' cut-off, less what a
crowd is expected to take yet (f is how far the crowd is felt, see below), and w = sqrt r, r being
what is paid over what was paid on the first day, or is needed; cronies live by it alone (w = r).
Clerics and generals have a zeal of their own; generals mind that the forces go unpaid, technocrats
that people grow poor.

    q = 1/[1 + exp(-(theta - theta* - doubt . f)/noise of chances)],  f = T/(T + half)  (elites.8)

Those who hedge leak (leaks at a rate times 1 - cohesion), which citizens and outsiders hear;
members who have left are seen. Some cling: leaving would pay, yet they stay (claim C10).

Discord is what the coalition quarrels about among itself: it comes and goes, differs between
countries on the first day, and grows by chance when a leader dies, for a succession is contested
(Svolik 2012; mostly it passes: Kendall-Taylor and Frantz 2016):

    discord(t+1) = k discord + sd sqrt(1 - k^2) . N(0, 1) + rivalry . Exp(1) (on a leader's death)
    k = 1 - 1/days,  discord(0) ~ N(0, sd^2)                                           (elites.6)

So a coalition may come apart before any crowd stands in the street. A hollow regime shows when the
forces are called on, so a small crowd can bring it down (Casper and Tyson 2014):

    strain = split (1 - united) [quiet + (1 - quiet) f] + fresh leaks                  (elites.7)

Coup. No coup pays while  w + stay >= s V - (1 - s) F  (theory: the guard's incentive). Attempts
come at the measured rate of old regimes times exp of the change in temptation, of which the lasting
chance of discord raises no mean; success is about one half (Powell and Thyne 2011), more likely
when protest reveals weakness and less so the more a rival force counterbalances the army (De Bruin
2018). Strength reveals weakness where it is below what it has been: a lasting weakness is no news.
A crowd is also news on which plotters can agree, and the more so the more of it is seen: protest
brings coups where media show it (Casper and Tyson 2014):

    hazard = base tenure exp[(temptation - temptation on the first day + discord)/noise
             - (sd/noise)^2/2 + plots + m vT/(vT + half)]
    logit s = logit 1/2 + k (theta_m - theta) - c (G/(G + A) - usual)                  (elites.4)
    theta_m(t+1) = theta_m + (theta - theta_m)/memory

G and A are the sizes of guards and army, T is turnout, v the part of it that people see.
`coup_risk` sums hazard times s over the days of a future: by the definition of a hazard it has the
same mean over futures as the count of coups, and much less luck in it. Young rule is the more
dangerous for leaders (Svolik 2012: removals by coup fall from .116 a leader-year in the first to
.018 after ten) and less so for regimes, whose failures within a type fall little with age (.098,
.047, .053 a year in personal regimes to 5, 15 and 30 years, flat in others):

    tenure = [(min(years in power, settled) + first)/(20 + first)]^-a                  (elites.5)
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from ..mechanism import Axis, Draw, Yesterday, channel, fact, mechanism, par, state, when
from ..places import Place
from ..places.axes import FACTION, KIND, USE
from ..support.arrays import Array

RATED = 20.0  # unit: years in power at which the base rates give the rate of attempts
LEAST_PAID = 0.1  # numerical guard: USD million a day, so that what is divided by is above zero
SMALL = 1e-9  # numerical guard: in place of 0 where one divides


@dataclass(frozen=True)
class Parameters:
    coalition: float = par(
        0.06,
        0.02,
        0.20,
        "share of the selectorate",
        "size of the winning coalition",
        "BuenoDeMesquita2003",
        "analogy",
        log=True,
    )
    selectorate: float = par(
        1000.0,
        300.0,
        3000.0,
        "members",
        "size of the selectorate in units of the price of public goods",
        log=True,
    )
    public_price: float = par(
        50.0, 20.0, 200.0, "1", "price of public goods against private goods", log=True
    )
    patience: float = par(0.90, 0.80, 0.96, "a year", "weight of next year against this one")
    clerics: float = par(0.25, 0.10, 0.40, "share", "clerics' share of the coalition")
    generals: float = par(0.35, 0.20, 0.50, "share", "generals' share of the coalition")
    technocrats: float = par(0.20, 0.10, 0.30, "share", "technocrats' share of the coalition")
    years: float = par(
        5.0, 2.0, 8.0, "years of private goods", "worth of staying in a regime that lasts"
    )
    punishment: float = par(
        6.0,
        2.0,
        12.0,
        "years of private goods",
        "what those who stayed lose when it falls",
        "EscribaFolch2013",
        "one study",
    )
    treason: float = par(
        3.0, 1.0, 6.0, "years of private goods", "price of having left while it stands"
    )
    zeal_clerics: float = par(
        2.0, 0.0, 5.0, "years of private goods", "what clerics stay for besides pay"
    )
    zeal_generals: float = par(
        1.0, 0.0, 4.0, "years of private goods", "what generals stay for besides pay"
    )
    unpaid: float = par(
        4.0, 1.0, 10.0, "years of private goods", "what generals lose when the forces go unpaid"
    )
    hardship_weight: float = par(
        2.0,
        0.0,
        6.0,
        "years per log income",
        "what technocrats lose when people lose their income",
    )
    discord: float = par(
        2.5,
        1.0,
        4.0,
        "years of private goods",
        "standard deviation of the coalition's quarrels, between countries and over time",
    )
    discord_days: float = par(
        180.0, 60.0, 500.0, "days", "time in which a quarrel falls to 1/e", log=True
    )
    rivalry: float = par(
        1.5,
        0.0,
        3.0,
        "years of private goods",
        "mean quarrel about who follows a leader who has died",
        "Svolik2012",
        "analogy",
    )
    noise: float = par(
        1.5,
        0.5,
        3.0,
        "years of private goods",
        "spread of what members think of their chances",
        "McKelveyPalfrey1995",
        "analogy",
    )
    cohesion_days: float = par(
        6.0, 2.0, 20.0, "days", "time in which cohesion follows its causes", log=True
    )
    split_strain: float = par(
        0.50,
        0.20,
        0.80,
        "share of the forces",
        "strength lost to a crowd without limit when the whole coalition has left",
        "CasperTyson2014",
        "analogy",
    )
    split_quiet: float = par(
        0.15, 0.0, 0.3, "share", "part of that which is lost while nobody is in the street"
    )
    crowd_half: float = par(
        0.003,
        0.001,
        0.01,
        "share of residents",
        "turnout that members and forces feel half as much as a crowd without limit",
        log=True,
    )
    leak_rate: float = par(0.20, 0.05, 0.60, "a day", "leaks when everybody hedges", log=True)
    leak_strain: float = par(
        0.02, 0.0, 0.05, "share of the forces", "strength that a fresh leak takes"
    )
    leak_pull: float = par(0.05, 0.0, 0.20, "sd", "pull of a fresh leak on citizens")
    leak_trust: float = par(
        0.02, 0.0, 0.08, "chance", "readiness of outsiders to sign that a fresh leak adds"
    )
    split_pull: float = par(
        0.5, 0.0, 1.5, "sd", "pull on citizens when the whole coalition is seen to have left"
    )
    tenure: float = fact(
        12.5, 0.0, 300.0, "years", "time for which the regime has been in power on the first day"
    )
    coup_consolidation: float = par(
        0.25,
        0.0,
        0.6,
        "1",
        "fall of attempts with the regime's time in power (exponent a)",
        "ThermidorBaseRates",
        "analogy",
    )
    coup_rate: float = par(
        0.036,
        0.015,
        0.060,
        "a year",
        "attempts of a coup after twenty years in power",
        "Svolik2012",
        "several studies",
        log=True,
    )
    coup_success: float = par(
        0.43,
        0.38,
        0.50,
        "share",
        "attempts that succeed where nothing reveals weakness; with what does, half of all do",
        "PowellThyne2011",
        "analogy",
    )
    coup_memory: float = par(
        365.0, 90.0, 1500.0, "days", "time in which a strength becomes what is expected", log=True
    )
    coup_reveal: float = par(
        3.0,
        0.0,
        6.0,
        "logit per share",
        "rise of success when strength is seen to fall",
        "CasperTyson2014",
        "analogy",
    )
    counterbalance: float = par(
        1.5,
        0.0,
        3.0,
        "logit per share",
        "fall of success with the guards' share of guards and army",
        "DeBruin2018",
        "analogy",
    )
    usual_guards: float = par(
        0.25, 0.10, 0.40, "share", "guards' share of guards and army in the mean regime"
    )
    coup_protest: float = par(
        3.0,
        0.0,
        6.0,
        "log times",
        "rise of attempts when a crowd without limit is seen",
        "CasperTyson2014",
        "analogy",
    )
    coup_protest_half: float = par(
        0.01,
        0.003,
        0.03,
        "share of residents",
        "turnout seen at which half of that is reached",
        log=True,
    )
    coup_prize: float = par(
        8.0, 4.0, 16.0, "years of private goods", "worth of power to those who take it"
    )
    coup_noise: float = par(
        4.0,
        2.0,
        8.0,
        "years of private goods",
        "change of temptation that makes attempts 2.7 times as likely",
    )
    coup_failure: float = par(
        10.0, 5.0, 20.0, "years of private goods", "what those who try and fail lose"
    )
    cronies: float = par(
        0.02, 0.01, 0.05, "share", "cronies' share of the coalition at the least", log=True
    )
    best_wage: float = par(
        1.5, 1.2, 2.0, "times", "worth of pay at the most, over that of the first day"
    )
    chance_noise: float = par(
        0.08,
        0.04,
        0.16,
        "share of the forces",
        "spread of what members think of the regime's strength",
        log=True,
    )
    crowd_doubt: float = par(
        0.06,
        0.0,
        0.25,
        "share of the forces",
        "strength that members expect a crowd without limit to take yet",
        "CasperTyson2014",
        "analogy",
    )
    leak_days: float = par(14.0, 7.0, 30.0, "days", "time for which a leak is news", log=True)
    coup_settled: float = par(
        20.0, 10.0, 40.0, "years", "time in power after which attempts fall no further", log=True
    )
    coup_first: float = par(
        0.5, 0.25, 1.0, "years", "time in power that a new regime is taken to have", log=True
    )
    coup_most: float = par(8.0, 5.0, 10.0, "log times", "rise of attempts at the most")


class First(NamedTuple):
    """What the coalition remembers of the first day, which shows the status quo."""

    paid: int = 0  # to the coalition, USD million a day
    temptation: int = 1  # years of private goods


FIRST = First()


class Memory(NamedTuple):
    """What the coalition remembers."""

    size: Array  # share of each faction in the coalition, float[faction]
    first: Array  # float[First]; nan before the first day


class See(Yesterday):
    strength: float
    cutoff: float
    spending: Array
    income: float
    seen: float
    turnout_country: float
    force_size: Array
    pay_ratio: float
    hardship_country: float
    interregnum: float

    cohesion: Array
    expected_strength: float
    discord: float
    leaks: float
    leak_level: float
    attempts: float
    coup_risk: float
    lure: float
    plots: float
    memory: Memory


def start(p: Parameters, place: Place, draw: Draw) -> dict[str, Any]:
    discord = p.discord * draw.normal("discord")  # (elites.6)
    stay = p.years + interests(p, 1.0, 0.0) - discord
    cohesion = logistic((stay + p.treason) / p.noise)
    united = float(sizes(p) @ cohesion)
    return {
        "memory": Memory(sizes(p), first=np.full(len(FIRST), np.nan)),
        "cohesion": cohesion,
        "united": united,
        "expected_strength": 0.0,
        "hedging": 1 - united,
        "discord": discord,
        "clinging": 0.0,
        "leaks": 0.0,
        "leak_level": 0.0,
        "attempts": 0.0,
        "coup_risk": 0.0,
        "coup": 0.0,
        "confidence": 1.0,
        "stay": float(sizes(p) @ stay),
        "leave": -p.treason,
        "needed": 0.0,
    }


def logistic(x: Any) -> Any:
    """1/(1 + exp(-x)), without overflow."""
    return (1 + np.tanh(x / 2)) / 2


def sizes(p: Parameters) -> Array:
    """Shares of clerics, generals, technocrats and cronies (who are the rest) in the coalition."""
    three = np.array([p.clerics, p.generals, p.technocrats])
    three = three / max(1.0, three.sum() + p.cronies)
    return np.array([*three, 1 - three.sum()])


def interests(p: Parameters, pay_ratio: float, hardship: float) -> Array:
    """What each faction stays for besides its private goods, years of these, float[faction].

    pay_ratio: part of the forces' pay that is paid.  hardship: real income lost, log.
    """
    out = np.zeros(len(FACTION))
    out[FACTION.clerics] = p.zeal_clerics
    out[FACTION.generals] = p.zeal_generals - p.unpaid * max(0.0, 1 - pay_ratio)
    out[FACTION.technocrats] = -p.hardship_weight * max(0.0, hardship)
    return out


def wages(ratio: float, most: float) -> Array:
    """Worth of pay over that of the first day, times, float[faction]; cronies live by it alone.

    ratio: paid over what was paid on the first day, or is needed.  most: what it can reach.
    """
    out = np.full(len(FACTION), min(most, math.sqrt(ratio)))
    out[FACTION.cronies] = min(most, ratio)
    return out


def quarrel(before: float, sd: float, days: float, luck: float) -> float:
    """Discord a day later, years of private goods; luck: standard normal (elites.6)."""
    keep = 1 - 1 / days
    return keep * before + sd * math.sqrt(1 - keep * keep) * luck  # (elites.6)


def counterweight(guards: float, army: float) -> float:
    """Guards' share of guards and army; nothing where there is neither (elites.4)."""
    return guards / max(guards + army, SMALL)


def patronage_share(coalition: float, selectorate: float, patience: float, price: float) -> float:
    """M/R: the part of revenue that a leader must spend to hold the coalition (elites.1)."""
    return (
        1 + patience / (1 - patience) * (1 - coalition / selectorate) * price / (price + coalition)
    ) ** -2


def private_part(coalition: Any, price: float) -> Any:
    """Part of that spending which goes to members as private goods; the rest, W/(n + W), is
    public.
    """
    return price / (price + coalition)


def temptation(success: float, prize: float, failure: float, wage: float, stay: float) -> float:
    """s V - (1 - s) F - (w + V_stay): positive when a coup pays its guard."""
    return success * prize - (1 - success) * failure - (wage + stay)


def young(tenure: float, exponent: float, settled: float, first: float) -> float:
    """How many times as likely an attempt is as after twenty years in power (elites.5).

    tenure: years in power.  settled: years after which it falls no further.  first: years that a
    new regime is taken to have.
    """
    return ((min(tenure, settled) + first) / (RATED + first)) ** -exponent  # (elites.5)


def heard(seen: float, turnout: float, half: float) -> float:
    """How far a crowd is felt, 0 to 1: by plotters as far as it is seen; by members, and by the
    forces that are to face it, in full (elites.4, elites.7, elites.8).
    """
    return seen * turnout / (seen * turnout + half)  # (elites.4)


@mechanism(
    start=start,
    axes={"faction": Axis(FACTION._fields)},
    owns={
        "cohesion": state("share", "members who stay, by faction", by="faction"),
        "united": state("share", "members of the coalition who stay"),
        "discord": state("years of private goods", "what the coalition quarrels about"),
        "expected_strength": state("share", "strength that plotters have come to expect"),
        "hedging": state("share", "members who prepare to leave"),
        "clinging": state("share", "members who stay although leaving would pay them better"),
        "leaks": state("count", "leaks to the press since the start"),
        "leak_level": state("share", "how much a leak is in the news"),
        "attempts": state("count", "coups attempted since the start"),
        "coup_risk": state(
            "expected count", "daily chances of a coup that succeeds, summed since the start"
        ),
        "coup": state("0 or 1", "a coup has succeeded"),
        "confidence": state("chance", "survival as the coalition sees it"),
        "stay": state("years of private goods", "worth of staying, mean over members"),
        "leave": state("years of private goods", "worth of leaving"),
        "needed": state("USD million a day", "private goods that hold the coalition"),
    },
    opens={
        "lure": channel(
            "years of private goods",
            "worth of amnesty, asylum or a golden parachute",
            low=-50.0,
            high=50.0,
        ),
        "plots": channel(
            "log times", "what makes attempts of a coup more likely", low=-10.0, high=10.0
        ),
    },
    adds=["strain", "pull", "trust_push"],
    tells=["a leak to the press", "a coup succeeds", "a coup fails"],
    cites=[
        "BuenoDeMesquita2003",
        "CasperTyson2014",
        "DeBruin2018",
        "KendallTaylorFrantz2016",
        "PowellThyne2011",
        "Svolik2012",
        "EscribaFolch2013",
        "McKelveyPalfrey1995",
    ],
)
def elites(see: See, p: Parameters, draw: Draw) -> dict[str, Any]:
    paid = float(see.spending[USE.patronage])
    size, first = see.memory.size, see.memory.first
    expected = see.expected_strength
    if math.isnan(first[FIRST.paid]):
        first[FIRST.paid] = max(paid, LEAST_PAID)
        expected = see.strength
    coalition = p.coalition * p.selectorate
    needed = max(
        LEAST_PAID,
        see.income
        * patronage_share(coalition, p.selectorate, p.patience, p.public_price)  # (elites.1)
        * private_part(coalition, p.public_price),
    )
    wage = wages(paid / max(first[FIRST.paid], needed), p.best_wage)
    felt = heard(1.0, see.turnout_country, p.crowd_half)
    margin = see.strength - see.cutoff - p.crowd_doubt * felt
    confidence = float(logistic(margin / p.chance_noise))  # (elites.8)
    discord = quarrel(see.discord, p.discord, p.discord_days, draw.normal("discord"))
    if see.interregnum >= 1.0:  # the leader has died
        discord += p.rivalry * draw.exponential("rivalry")
    calm = (
        p.years * wage * confidence
        - (1 - confidence) * p.punishment
        + interests(p, see.pay_ratio, see.hardship_country)
    )
    stay = calm - discord
    leave = see.lure - confidence * p.treason  # (elites.2)
    aim = logistic((stay - leave) / p.noise)
    cohesion = see.cohesion + (aim - see.cohesion) / p.cohesion_days  # (elites.3)
    united = float(size @ cohesion)

    leaked = draw.happens("leak", p.leak_rate * (1 - united))
    leak_level = min(1.0, see.leak_level * (1 - 1 / p.leak_days) + leaked)

    revealed = p.coup_reveal * (expected - see.strength)
    rival = counterweight(float(see.force_size[KIND.guards]), float(see.force_size[KIND.army]))
    checked = p.counterbalance * (rival - p.usual_guards)
    usual = math.log(p.coup_success / (1 - p.coup_success))
    success = float(logistic(usual + revealed - checked))  # (elites.4)
    tempted = temptation(
        success,
        p.coup_prize,
        p.coup_failure,
        float(wage[FACTION.generals]),
        float(calm[FACTION.generals]),
    )
    if math.isnan(first[FIRST.temptation]):
        first[FIRST.temptation] = tempted
    protest = p.coup_protest * heard(see.seen, see.turnout_country, p.coup_protest_half)
    change = (tempted - first[FIRST.temptation] + discord) / p.coup_noise
    change -= (p.discord / p.coup_noise) ** 2 / 2  # so that lasting discord raises no mean
    years = p.tenure + draw.day / 365
    hazard = (  # (elites.4)
        p.coup_rate
        / 365
        * young(years, p.coup_consolidation, p.coup_settled, p.coup_first)
        * math.exp(min(p.coup_most, change + see.plots + protest))
    )
    attempt = draw.happens("attempt", hazard)
    succeeds = attempt and draw.happens("success", success)
    tested = p.split_quiet + (1 - p.split_quiet) * felt
    split = p.split_strain * (1 - united) * tested  # (elites.7)
    return {
        "cohesion": cohesion,
        "united": united,
        "hedging": 1 - united,
        "expected_strength": expected + (see.strength - expected) / p.coup_memory,
        "discord": discord,
        "leaks": see.leaks + leaked,
        "leak_level": leak_level,
        "clinging": float(size @ (cohesion * (leave > stay))),
        "attempts": see.attempts + attempt,
        "coup_risk": see.coup_risk + min(1.0, hazard) * success,
        "coup": float(succeeds),
        "confidence": confidence,
        "stay": float(size @ stay),
        "leave": leave,
        "needed": needed,
        "a leak to the press": when(leaked),
        "a coup succeeds": when(succeeds, success),
        "a coup fails": when(attempt and not succeeds, success),
        "strain": split + p.leak_strain * leak_level,
        "pull": p.leak_pull * leak_level + p.split_pull * (1 - united),
        "trust_push": p.leak_trust * leak_level,
    }
