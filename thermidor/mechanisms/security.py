"""The forces meet crowds, tire, and stay or refuse: a game of coordination on whether the regime
will last.

Deterrence. With C forces present and A people out, the chance of arrest as it is perceived is

    P = 1 - exp(-k C/A)  (literal),  1 - exp(-k floor(C/A))  (floor),
        x^2/(1 + x^2), x = k C/A  (smooth)                             (security.1)

(Epstein 2002; the form decides whether there are bursts, so it is a parameter; `rounded` takes C/A
to the nearest whole number, halves to the even one.) Citizens hear severity (order . P - 1), so the
ordinary day is zero. What is done to each person out is limited by the forces,

    rate . order . C/(C + A)                                           (security.2)

where the rates of a country are e^(spread . N(0, 1)) times those of the median one: equal crowds
have met very unequal force.

Loyalty. Unit (kind k, province p) has loyalty L on a probit scale (sd), which moves within some
days towards

    L_k + allegiance - origin_k (bond . f(T_p) + conscience . ln(lethality order)
        + indignation . outrage_p) - tired . fatigue_p                 (security.3)

Refusal (Morris and Shin 2003; Angeletos, Hellwig and Pavan 2007). The regime stands while fewer of
the forces refuse than its strength theta. A soldier sees x = theta + noise (precision beta) beside
the public signal z (precision alpha), loses c = Phi(L) by refusing if it stands and gains 1 - c if
it falls. The cut-off theta* is the least solution of

    theta* = sum of w_kp Phi[(alpha/sqrt beta)(theta* - z) - sqrt((alpha + beta)/beta) L_kp]
    L = Phi^-1(c)                                                      (security.4)

and the regime falls exactly when theta <= theta*. With no public signal and equal c this is theta*
= 1 - c for every beta.

    theta_0 = strength - w . frailty + b . backing + r . revolution + m . ln(forces/usual)
    theta = theta_0 - strain - unmasked - (2 o . crowd_strain + hollow) . asked
    asked(t+1) = asked(t) + [T/(T + crowd_half) - asked(t)]/days
    refusing_kp = Phi[sqrt(beta)(x*_kp - theta)]                       (security.5)

Frailty is what the record of past regimes says of one like this before anything happens (log odds
of being ended by an uprising within a year, over the mean regime). Backing is a pact of defence
with an autocracy that would send forces. Regimes born of a violent revolution have cohesive cadres
and loyal forces (Levitsky and Way 2013). Forces are counted per thousand residents. The public
learns of strength with a delay: z moves towards theta; its precision grows with what the media
show.

What a crowd takes. On a quiet day nobody is asked to shoot; a crowd that all have seen for some
days asks the question, and one ten times as large asks it little more: among past uprisings the
odds of a fall rise slowly with the logarithm of the largest day, and small crowds have ended
regimes that large ones did not. Only who has orders can refuse: w_kp in (security.4) is the unit's
part of the forces times on_duty + (1 - on_duty) . asked. How hollow a regime is, nobody knows
before it is tested (Kuran 1991): `hollow` differs between countries and wanders in time, and shows
as the forces are asked,

    hollow = between . N(0, 1) + within . w,
    w(t+1) = k w(t) + sqrt(1 - k^2) N(0, 1),  k = exp(-1/days)         (security.8)

(where 2 o . crowd_strain + hollow < 0, a crowd closes the ranks). o is the opposition in private: a
crowd speaks for those who agree with it, and takes the less from a regime the fewer they are.

Pretence (Edmond 2013). A regime that controls the media looks stronger than it is, at a cost k a
unit; all know it and discount it, and yet it falls at a lower strength, theta*(c, k) < 1 - c. What
that is worth lies in the strength of the first day. Media that are opened, and propaganda given up,
make pretence dearer, k/(1 - candour), until nobody pretends; with c = 1 - theta* of the day,

    unmasked = theta*(c, k/(1 - candour)) - theta*(c, k)               (security.6)

The will to repress (Bellin 2012; Albertus and Menaldo 2012). Forces that may not be used hold
nothing against a crowd: where one stands they count with those who refuse. With w_kp their share of
all and f(T) = T/(T + bond_half), the regime falls when s + (1 - s) . (share of the rest who refuse)
reaches theta, which is the same game at the strength

    theta' = (theta - s)/(1 - s),  s = withheld . sum of w_kp f(T_p)   (security.7)

A ruler who is lenient withholds nothing: more could be ordered tomorrow. A limit is one that no
order passes.

Departs: survival itself is not made public news; z stands for it. The game with it is in
kernels/coordination.py (coordination.2; Angeletos, Hellwig and Pavan 2007) and is checked there.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from ..kernels.coordination import acting, cutoff, feigned_cutoff, normal, only_one
from ..kernels.curves import below
from ..kernels.fates import FORMS, Arrest, Orders, Used, meet
from ..mechanism import Axis, Draw, Yesterday, channel, fact, mechanism, option, par, state
from ..places import Place
from ..places.axes import KIND
from ..places.place import LOST_TO_SECURITY
from ..support.arrays import Array
from ..support.compiled import compiled

USUAL = 0.01  # unit: forces for each resident, of the median country
FEWEST = 0.01  # numerical guard: of that, where the logarithm ends
SMALL = 1e-9  # numerical guard: in place of 0 where one divides


@dataclass(frozen=True)
class Parameters:
    police: float = fact(26e3, 0.0, 3e6, "persons", "police", per="residents")
    militia: float = fact(
        4.3e3, 0.0, 3e6, "persons", "militia that can be called at once", per="residents"
    )
    guards: float = fact(8.7e3, 0.0, 3e6, "persons", "guards of the regime", per="residents")
    army: float = fact(43e3, 1e3, 5e6, "persons", "regular army", per="residents")
    street_police: float = par(
        0.25, 0.10, 0.40, "share", "part of the police that can face crowds on a day"
    )
    street_militia: float = par(
        0.60, 0.30, 0.90, "share", "part of the militia that can face crowds on a day"
    )
    street_guards: float = par(
        0.10, 0.03, 0.25, "share", "part of the guards that can face crowds on a day"
    )
    street_army: float = par(
        0.02, 0.0, 0.10, "share", "part of the army that can face crowds on a day"
    )
    arrest_form: str = option(
        "literal", FORMS, "how the chance of arrest is perceived", "Epstein2002", "one study"
    )
    arrest_k: float = par(
        2.3, 1.0, 4.0, "1", "k in the perceived chance of arrest", "Epstein2002", "one study"
    )
    severity: float = par(0.8, 0.4, 1.3, "sd", "weight of certain arrest under ordinary orders")
    arrest_rate: float = par(
        0.007,
        0.003,
        0.020,
        "a day",
        "arrests for each person out where forces abound",
        "HRANA2022",
        "analogy",
        log=True,
    )
    kill_rate: float = par(
        5e-5,
        1e-5,
        2e-4,
        "a day",
        "killed for each person out where forces abound, ordinary orders",
        "HRANA2022",
        "analogy",
        log=True,
    )
    kill_spread: float = par(
        1.0,
        0.2,
        2.5,
        "log times",
        "standard deviation of that rate between countries",
        "ThermidorCases",
        "analogy",
    )
    arrest_spread: float = par(
        0.7,
        0.2,
        1.5,
        "log times",
        "standard deviation of the rate of arrests between countries",
        "ThermidorCases",
        "analogy",
    )
    executions: float = fact(
        8.7, 0.0, 5000.0, "a year", "executions in an ordinary year", per="residents"
    )
    strength: float = par(
        0.42,
        0.25,
        0.8,
        "share of the forces",
        "part of the forces whose refusal the regime cannot survive",
    )
    frailty: float = fact(
        0.0,
        -4.0,
        4.0,
        "log odds",
        "odds that a regime like this is ended by an uprising within a year, "
        "over those of the mean regime",
    )
    frailty_weight: float = par(
        0.04,
        0.0,
        0.10,
        "share of the forces per log odds",
        "strength lost with frailty",
        "ThermidorBaseRates",
        "analogy",
    )
    backing: float = fact(
        0.0, 0.0, 1.0, "0 or 1", "a pact of defence with an autocracy that would send forces"
    )
    backing_weight: float = par(
        0.05, 0.0, 0.12, "share of the forces", "strength that such a pact adds"
    )
    revolution: float = fact(
        0.0, 0.0, 1.0, "share", "born of a violent revolution whose cadres still rule"
    )
    revolution_weight: float = par(
        0.05,
        0.0,
        0.12,
        "share of the forces",
        "strength that such an origin adds",
        "LevitskyWay2013",
        "analogy",
    )
    per_thousand: float = par(
        0.06,
        0.0,
        0.15,
        "share of the forces per log times",
        "strength that forces e times as many, for as many residents, add",
        "AlbertusMenaldo2012",
        "analogy",
    )
    crowd_strain: float = par(
        0.2,
        0.0,
        0.6,
        "share of the forces",
        "strength that a crowd of everybody would take where half are against the regime",
        "ThermidorCases",
        "analogy",
    )
    crowd_half: float = par(
        5e-4,
        1e-4,
        3e-3,
        "share of residents",
        "turnout at which half of the forces are asked",
        "ThermidorCases",
        "analogy",
        log=True,
    )
    crowd_days: float = par(
        10.0,
        3.0,
        40.0,
        "days",
        "time in which a crowd comes to be a test",
        "ThermidorCases",
        "analogy",
        log=True,
    )
    on_duty: float = par(
        0.3, 0.1, 0.6, "share", "part of the forces that has orders to refuse on a quiet day"
    )
    between: float = par(
        0.4,
        0.05,
        0.8,
        "share of the forces",
        "standard deviation of that between countries, which no record shows",
        "ThermidorCases",
        "analogy",
    )
    within: float = par(
        0.15,
        0.02,
        0.4,
        "share of the forces",
        "standard deviation of its wandering in time",
        "ThermidorCases",
        "analogy",
    )
    within_days: float = par(
        180.0, 60.0, 720.0, "days", "time in which it wanders back to 1/e", log=True
    )
    loyal_police: float = par(
        0.8, 0.4, 1.2, "sd", "what police lose by refusing, on an ordinary day"
    )
    loyal_militia: float = par(1.1, 0.6, 1.6, "sd", "what militia lose by refusing")
    loyal_guards: float = par(1.3, 0.8, 1.8, "sd", "what guards lose by refusing")
    loyal_army: float = par(0.45, 0.0, 0.9, "sd", "what soldiers of the army lose by refusing")
    origin_police: float = par(0.6, 0.3, 0.9, "share", "shared origin of police and crowd")
    origin_militia: float = par(0.4, 0.1, 0.7, "share", "shared origin of militia and crowd")
    origin_guards: float = par(0.25, 0.0, 0.5, "share", "shared origin of guards and crowd")
    origin_army: float = par(0.85, 0.6, 1.0, "share", "shared origin of conscripts and crowd")
    bond: float = par(
        1.2,
        0.3,
        2.4,
        "sd",
        "loyalty lost where the whole province is out, for a unit of the same origin",
    )
    bond_half: float = par(
        0.02, 0.005, 0.06, "share of residents", "turnout at which half of that is lost", log=True
    )
    conscience: float = par(
        0.18, 0.0, 0.5, "sd per log times", "loyalty lost to orders to kill one's own"
    )
    indignation: float = par(
        1.5,
        0.0,
        4.0,
        "times",
        "loyalty lost for the outrage of the people, for a unit of the same origin",
    )
    tired: float = par(0.5, 0.1, 1.0, "sd", "loyalty lost by a unit that is worn out")
    tire_days: float = par(
        45.0, 15.0, 120.0, "days", "days of full use after which a unit is worn out", log=True
    )
    loyalty_days: float = par(
        10.0, 3.0, 30.0, "days", "time in which loyalty follows its causes", log=True
    )
    private_error: float = par(
        0.12,
        0.05,
        0.25,
        "share of the forces",
        "error of a soldier's own view of the regime's strength",
    )
    public_error: float = par(
        0.30,
        0.15,
        0.60,
        "share of the forces",
        "error of what everybody knows of it when all is shown",
    )
    public_days: float = par(
        10.0, 3.0, 30.0, "days", "time in which the public view follows", log=True
    )
    feign_cost: float = par(
        1.0,
        0.3,
        3.0,
        "share per share of the forces",
        "what looking stronger costs the regime (k)",
        "Edmond2013",
        "analogy",
        log=True,
    )
    mobile: float = par(
        0.30, 0.1, 0.6, "share", "part of the forces that can be moved between provinces"
    )
    move_days: float = par(4.0, 1.0, 10.0, "days", "time in which they are moved", log=True)
    rebuild_days: float = par(
        180.0, 60.0, 540.0, "days", "time in which losses of the forces are made good", log=True
    )
    kill_limit: float = par(
        0.05,
        0.02,
        0.20,
        "a day",
        "most that are killed of those out, whatever is ordered",
        log=True,
    )
    arrest_limit: float = par(
        0.5, 0.25, 0.75, "a day", "most that are arrested of those out, whatever is ordered"
    )


class Memory(NamedTuple):
    """What the forces remember."""

    size: Array  # persons, float[kind]
    loyal: Array  # loyalty of the units on a probit scale, sd, float[kind, province]
    kill_rate: float  # of this country, a day, for each person out where forces abound
    arrest_rate: float  # the same
    form: int  # of the perceived chance of arrest, one of FORM
    hollow: float  # of this country, share of the forces


class See(Yesterday):
    turnout: Array
    turnout_country: float
    crowd: Array
    outrage: Array
    opposition: float
    severity_order: float
    lethality_order: float
    deployment: float
    withheld: float
    seen: float

    forces: Array
    fatigue: Array
    cutoff: float
    reputation: float
    wandering: float
    asked: float
    executed: float
    strain: float
    allegiance: float
    losses: Array
    candour: float
    memory: Memory
    place: Place


class Signals(NamedTuple):
    """What is known of the regime's strength."""

    public: float  # precision of the public signal, alpha
    private: float  # precision of a private signal, beta
    seen: float  # the public signal, z


def first_strength(p: Parameters) -> float:
    """theta_0 of (security.5), share of the forces; not yet limited to a share."""
    return (
        p.strength
        - p.frailty_weight * p.frailty
        + p.backing_weight * p.backing
        + p.revolution_weight * p.revolution
    )


def per_resident(size: Array, population: Array) -> float:
    """Forces for each resident over the usual, as a logarithm; for a regime may have none, it is
    held above FEWEST.
    """
    return math.log(max(float(size.sum()) / float(population.sum()) / USUAL, FEWEST))


def tested(turnout: float, half: float) -> float:
    """How far a crowd that stays asks the forces, 0 to 1 (security.5).  turnout, half: shares."""
    return turnout / (turnout + half)  # (security.5)


def by_kind(police: float, militia: float, guards: float, army: float) -> Array:
    """Numbers by kind of forces, float[kind]."""
    return np.array([police, militia, guards, army])  # in the order of KIND


def sizes(p: Parameters) -> Array:
    """Persons in the forces on the first day, float[kind]."""
    return by_kind(p.police, p.militia, p.guards, p.army)


def loyalties(p: Parameters) -> Array:
    """What each kind loses by refusing on an ordinary day, sd, float[kind]."""
    return by_kind(p.loyal_police, p.loyal_militia, p.loyal_guards, p.loyal_army)


def origins(p: Parameters) -> Array:
    """Shared origin of each kind and the crowd, share, float[kind]."""
    return by_kind(p.origin_police, p.origin_militia, p.origin_guards, p.origin_army)


def in_the_street(p: Parameters) -> Array:
    """Part of each kind that can face crowds on a day, float[kind]."""
    return by_kind(p.street_police, p.street_militia, p.street_guards, p.street_army)


def parts(size: Array) -> Array:
    """Share of each in their sum; nothing of nothing, for a regime may have no forces."""
    return size / max(size.sum(), SMALL)


def start(p: Parameters, place: Place, draw: Draw) -> dict[str, Any]:
    size, loyal, zero = sizes(p), loyalties(p), np.zeros(len(place.ids))
    many = p.per_thousand * per_resident(size, place.population)
    first = min(1.0, max(0.0, first_strength(p) + many))
    return {
        "memory": Memory(
            size=size,
            loyal=np.repeat(loyal[:, None], len(place.ids), 1),
            kill_rate=p.kill_rate * math.exp(p.kill_spread * draw.normal("force that kills")),
            arrest_rate=p.arrest_rate
            * math.exp(p.arrest_spread * draw.normal("force that arrests")),
            form=FORMS.index(p.arrest_form),
            hollow=p.between * draw.normal("how hollow the regime is"),
        ),
        "asked": 0.0,
        "wandering": draw.normal("how hollow the regime is at first"),
        "forces": size[:, None] * place.weights,
        "force_size": parts(size),
        "present": zero,
        "fatigue": zero,
        "loyalty": np.array([normal(x) for x in loyal]),
        "refusing": 0.0,
        "strength": first,
        "cutoff": cutoff(loyal, p.on_duty * parts(size), 0.0, 1 / p.private_error**2, first),
        "reputation": first,
        "broken": 0.0,
        "executed": 0.0,
    }


@compiled(error_model="numpy")
def move(
    forces: Array,
    size: Array,
    home: Array,
    crowd: Array,
    turnout: Array,
    mobile: float,
    half: float,
    days: float,
) -> Array:
    """Forces a day later, persons, float[kind, province]: the mobile part goes where people live
    and, the larger the crowd, where it stands.

    size: persons, float[kind].  home: share of residents, crowd: persons, turnout: share of
    residents, float[province].  half: turnout at which the crowd draws half of what it can.
    """
    most = turnout.max()
    wanted = home + crowd / max(crowd.sum(), 1.0) * most / (most + half)
    share = home * (1 - mobile) + mobile * wanted / wanted.sum()
    new = np.empty_like(forces)
    for q in range(forces.shape[0]):
        for p in range(forces.shape[1]):
            new[q, p] = forces[q, p] + (size[q] * share[p] - forces[q, p]) / days
    return new


@compiled(error_model="numpy")
def play(
    loyal: Array,
    base: Array,
    origin: Array,
    bond: Array,
    fatigue: Array,
    tired: float,
    speed: float,
    forces: Array,
    ordered: float,
    theta: float,
    signals: Signals,
    star: float,
) -> tuple[Array, float, Array, Array, float]:
    """A day of all units: new loyalty (sd), cut-off, who refuses (share), loyalty by kind as a
    share, and the share of the forces that refuses.

    loyal, forces: float[kind, province]; base, origin: float[kind]; bond, fatigue: float[province];
    speed: days; ordered: part of the forces that has orders; star: yesterday's cut-off.
    """
    alpha, beta, z = signals.public, signals.private, signals.seen
    kinds, provinces = loyal.shape
    new, total = np.empty_like(loyal), max(forces.sum(), SMALL)
    for k in range(kinds):
        for q in range(provinces):
            aim = base[k] - origin[k] * bond[q] - tired * fatigue[q]
            new[k, q] = loyal[k, q] + (aim - loyal[k, q]) / speed  # (security.3)
    near = star if only_one(alpha, beta) else 0.0
    weight = (forces * (ordered / total)).ravel()
    star = cutoff(new.ravel(), weight, alpha, beta, z, near)  # (security.4)
    # refusing_kp of (security.5)
    refusing = acting(new.ravel(), star, theta, alpha, beta, z).reshape(kinds, provinces)
    costs, by_kind, refused = new.ravel().copy(), np.empty(kinds), 0.0
    below(costs)
    for k in range(kinds):
        there, cost, even = 0.0, 0.0, 0.0
        for q in range(provinces):
            there += forces[k, q]
            refused += refusing[k, q] * forces[k, q]
            cost += costs[k * provinces + q] * forces[k, q]
            even += costs[k * provinces + q]
        # of a kind that has nobody, what its units would lose
        by_kind[k] = cost / there if there > 0.0 else even / provinces
    return new, star, refusing, by_kind, ordered * refused / total


def held(theta: float, withheld: float, forces: Array, turnout: Array, half: float) -> float:
    """Strength left where a part of the forces may not be used against a crowd (security.7).

    forces: persons, float[kind, province].  turnout: share of residents, float[province].
    """
    bare = withheld * float(forces.sum(0) @ (turnout / (turnout + half))) / max(forces.sum(), SMALL)
    return (theta - bare) / (1 - bare)  # (security.7)


def unmasked(star: float, beta: float, cost: float, candour: float) -> float:
    """Strength that a regime loses when it becomes hard to feign: what pretence was worth to it,
    less what it is worth still.
    """
    if candour <= 0.0 or star <= 0.0 or star >= 1.0:
        return 0.0
    dearer = cost / max(1.0 - candour, SMALL)
    before = feigned_cutoff(1.0 - star, beta, cost)[0]
    return feigned_cutoff(1.0 - star, beta, dearer)[0] - before  # (security.6)


@mechanism(
    start=start,
    axes={"kind": Axis(KIND._fields)},
    owns={
        "forces": state("persons", "forces stationed", by="kind x province"),
        "force_size": state("share of the forces", "size of each kind", by="kind"),
        "present": state("persons", "forces that face the street today", by="province"),
        "fatigue": state("share", "how worn out the forces are", by="province"),
        "loyalty": state("share", "what a refusal would cost, by kind", by="kind"),
        "refusing": state("share of the forces", "who would refuse an order today"),
        "strength": state(
            "share of the forces", "part of the forces whose refusal the regime cannot survive"
        ),
        "cutoff": state("share of the forces", "strength at or below which the regime falls"),
        "reputation": state(
            "share of the forces", "the regime's strength as everybody believes it to be"
        ),
        "asked": state("share", "how far crowds ask the forces whom they stand with"),
        "wandering": state(
            "sd", "how much more than at other times a crowd takes, in sd of what it takes"
        ),
        "broken": state("0 or 1", "the forces have broken"),
        "executed": state("persons", "executed since the start", cost=True),
    },
    opens={
        "strain": channel(
            "share of the forces", "what takes strength from the regime", low=-3.0, high=3.0
        ),
        "allegiance": channel("sd", "what makes the forces more loyal", low=-10.0, high=10.0),
        "losses": channel("share a day", "forces lost", by="kind", low=0.0, high=1.0),
        "candour": channel(
            "share",
            "channels opened and propaganda given up, so that strength is hard to feign",
            low=-1.0,
            high=1.0,
        ),
    },
    adds=["deterrence", "force"],
    cites=[
        "Epstein2002",
        "MorrisShin2003",
        "AngeletosHellwigPavan2007",
        "Edmond2013",
        "CasperTyson2014",
        "ChenowethStephan2011",
        "LevitskyWay2013",
        "Bellin2012",
        "AlbertusMenaldo2012",
    ],
)
def security(see: See, p: Parameters, draw: Draw) -> dict[str, Any]:
    units, place = see.memory, see.place
    alpha, beta = see.seen / p.public_error**2, 1 / p.private_error**2
    feigned = unmasked(see.cutoff, beta, p.feign_cost, see.candour)
    keep, luck = math.exp(-1 / p.within_days), draw.normal("how hollow the regime becomes")
    wandering = keep * see.wandering + math.sqrt(1 - keep**2) * luck  # (security.8)
    hollow = units.hollow + p.within * wandering
    asked = see.asked + (tested(see.turnout_country, p.crowd_half) - see.asked) / p.crowd_days
    crowd = (2 * see.opposition * p.crowd_strain + hollow) * asked
    many = p.per_thousand * per_resident(units.size, place.population)
    theta = first_strength(p) + many - see.strain - feigned - crowd  # (security.5)
    theta = min(1.0, max(0.0, held(theta, see.withheld, see.forces, see.turnout, p.bond_half)))
    conscience = p.conscience * math.log(max(see.lethality_order, 1.0))
    loyal, star, refuse, loyalty, refusing = play(
        units.loyal,
        loyalties(p) + see.allegiance,
        origins(p),
        p.bond * see.turnout / (see.turnout + p.bond_half)
        + (conscience + p.indignation * see.outrage),
        see.fatigue,
        p.tired,
        p.loyalty_days,
        see.forces,
        p.on_duty + (1 - p.on_duty) * asked,
        theta,
        Signals(alpha, beta, see.reputation),
        see.cutoff,
    )
    present, cover, deterrence, force = meet(
        in_the_street(p),
        see.forces,
        refuse,
        see.fatigue,
        see.crowd,
        Orders(see.deployment, see.severity_order, see.lethality_order),
        Arrest(p.severity, p.arrest_k, units.form),
        Used(units.kill_rate, units.arrest_rate, p.kill_limit, p.arrest_limit),
    )
    forces = move(
        see.forces,
        units.size,
        place.weights,
        see.crowd,
        see.turnout,
        p.mobile,
        p.bond_half,
        p.move_days,
    )
    size = units.size * (1 - see.losses) + (sizes(p) - units.size) / p.rebuild_days
    used = np.minimum((1 - cover) * see.deployment, 1.0)
    units.size[:], units.loyal[:] = size, loyal
    most_executed = LOST_TO_SECURITY * float(place.population.sum())
    return {
        "forces": forces,
        "force_size": parts(size),
        "present": present,
        "fatigue": see.fatigue + (used - see.fatigue) / p.tire_days,
        "loyalty": loyalty,
        "refusing": refusing,
        "strength": theta,
        "cutoff": star,
        "reputation": see.reputation + (theta - see.reputation) / p.public_days,
        "asked": asked,
        "wandering": wandering,
        "broken": float(theta <= star),
        "executed": min(most_executed, see.executed + p.executions / 365 * see.severity_order),
        "deterrence": deterrence,
        "force": force,
    }
