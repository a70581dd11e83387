"""Citizens show dissent once enough others do, unless the risk is too high.

Citizen i of group g in province p goes out with probability a logistic(U/s):

    U = V_gp + ties . tau_i + anger(i) - d_i                                                            (citizens.1)
    V_gp = v0 + o_g + street . f(S_p) + country . f(v T) + pull_p + outrage_p - r_g . deterrence_p - weariness_p
    f(x) = (1 + c) x / (1 + c x)                                                                        (citizens.2)

d is a private disposition, drawn once from a normal distribution; its standard deviation (sd) is
the unit of U. tau is the share of own ties in the street, a the chance that one who would go can on
a given day, S the share in one's own and the neighbouring provinces, T in the country, v the part
of T that the media show. f says how a small crowd is felt: c = 0 is the linear threshold model
(Granovetter 1978, Kuran 1989), s -> 0 gives fixed thresholds (with a = 1), ties alone the network
cascades of Watts (2002) and Centola and Macy (2007). The level v0 is not assumed but solved from
the share of residents seen to protest on an ordinary day:

    a . sum over groups of E_d[logistic((v0 + o_g - d)/s)] = quiet turnout                                 (citizens.3)

Everything that others say into `pull` and `deterrence` is therefore measured from the first day.

    anger(i): one level (at most three) for each day on which a tie is arrested, hurt or killed; each level fades at random
    outrage_p = h . K/(K + K_half), h its limit, K the fading sum of killed per million                              (citizens.4)
    mourning adds m of the deaths of 40 days before to K for three days (the chehelom of 1978)
    weariness_p(t+1) = keep . weariness_p(t) + w . T_p(t)                                               (citizens.5)
    opposition = Phi(Phi^-1(opposition at the start) + mean of pull and outrage): what people prefer in private, of which
                 the street shows little (Kuran's falsified preferences)                               (citizens.6)

Agents are a sample of the people, so what is said of the country is not their count but

    turnout_pg = share_g F(V_gp) + (agents out - agents who with the same luck would be out without ties, anger and absence)/n,
    F(V) = a E_d[logistic((V - d)/s)]                                                                   (citizens.7)

which has the same mean and none of the noise of the first part, whatever number of persons an agent
stands for. What happens to people in the street (rates come through `force`) is drawn for each
agent; the costs are counted as rate times crowd. Those killed, in jail and abroad stay within their
part of the people (`LOST_AT_MOST`), whatever is ordered. Departs: everybody has the same number of
ties; the literature's tails of the degree distribution are left out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from ..kernels import crowd, fates
from ..kernels.decision import net
from ..mechanism import Axis, channel, fact, mechanism, par, state
from ..places.axes import FATE, GROUPS
from ..places.people import populate
from ..places.place import LOST_AT_MOST
from ..support.compiled import compiled

LEVELS = np.linspace(-5.0, 5.0, 256)  # what a disposition byte means, in sd
NORMAL = NormalDist()
UTILITIES = np.arange(
    -14.0, 12.01, 0.04
)  # where the share of the disposition's distribution is tabulated
MOURNING, MOURNING_DAYS = 40, 3
NOBODY = 1e-9  # persons; in place of 0 where one divides by the size of a group


@dataclass(frozen=True)
class P:
    quiet_turnout: float = par(
        1.5e-5, 4e-6, 6e-5, "share of residents", "share in the street on an ordinary day", log=True
    )
    opposition: float = fact(
        0.50,
        0.05,
        0.98,
        "share of residents",
        "people against the regime in private, on the first day",
    )
    able: float = par(0.25, 0.10, 0.50, "chance", "that one who would go out can on a given day")
    noise: float = par(0.25, 0.1, 0.5, "sd", "scale of the day's chance in going out")
    ties: float = par(
        0.8,
        0.2,
        1.4,
        "sd",
        "pull when all of one's own ties are in the street",
        "McAdam1986",
        "analogy",
    )
    street: float = par(
        0.5,
        0.1,
        0.9,
        "sd",
        "pull of a full street in one's own province",
        "Granovetter1978",
        "analogy",
    )
    country: float = par(
        0.5, 0.1, 0.9, "sd", "pull of a full street in the country, as seen", "Kuran1991", "analogy"
    )
    crowding: float = par(
        40.0,
        8.0,
        120.0,
        "per share",
        "curvature of the pull: half of it is felt at a turnout of about one over this",
        log=True,
    )
    spill: float = par(
        0.25, 0.0, 0.5, "share", "part of the street that is seen in neighbouring provinces"
    )
    young: float = par(0.30, 0.0, 0.6, "sd", "grievance of those aged 15 to 29 above adults")
    women: float = par(0.10, -0.2, 0.4, "sd", "grievance of women above men")
    minority: float = par(0.20, -0.1, 0.5, "sd", "grievance of minorities above the majority")
    old: float = par(-0.40, -0.8, 0.0, "sd", "grievance of those aged 65 and over above adults")
    risk_young: float = par(0.80, 0.5, 1.0, "times", "weight of risk for the young, adults being 1")
    risk_women: float = par(1.10, 0.8, 1.5, "times", "weight of risk for women, men being 1")
    anger_tie: float = par(
        0.25, 0.0, 0.6, "sd per level", "anger when a tie is arrested, hurt or killed"
    )
    anger_days: float = par(
        30.0, 7.0, 90.0, "days", "mean time for which a level of anger lasts", log=True
    )
    outrage: float = par(
        0.5, 0.0, 1.2, "sd", "largest pull of the killed on the living", "Lohmann1994", "analogy"
    )
    outrage_half: float = par(
        5.0,
        1.0,
        20.0,
        "killed per million",
        "deaths at which half of the outrage is felt",
        log=True,
    )
    outrage_days: float = par(
        30.0, 10.0, 90.0, "days", "time in which outrage falls to 1/e", log=True
    )
    mourning: float = par(
        0.5, 0.0, 1.0, "share", "part of the killed who are mourned in the street after forty days"
    )
    weariness: float = par(
        2.0, 0.3, 5.0, "sd per day out", "how much a day in the street per resident tires"
    )
    weary_days: float = par(
        60.0, 20.0, 180.0, "days", "time in which weariness falls to 1/e", log=True
    )
    minority_treatment: float = par(
        2.5, 1.0, 5.0, "times", "force against minorities in the street, majority being 1"
    )
    women_treatment: float = par(
        0.7, 0.4, 1.2, "times", "force against women in the street, men being 1"
    )
    injured_per_killed: float = par(
        6.0, 2.0, 15.0, "persons", "persons injured for each person killed", log=True
    )
    heal_days: float = par(30.0, 10.0, 60.0, "days", "time for which the injured stay at home")
    jail_days: float = par(60.0, 15.0, 200.0, "days", "mean time in jail", log=True)
    leave_rate: float = par(
        0.0015,
        0.0005,
        0.004,
        "share a year",
        "residents who leave the country in an ordinary year",
        log=True,
    )
    own_dead: float = par(
        0.5, 0.2, 0.8, "share", "part of the outrage that is about the dead of one's own province"
    )
    crowd_strain: float = par(
        0.35,
        0.15,
        0.60,
        "share of the forces",
        "strength that a crowd without limit takes",
        "ChenowethStephan2011",
        "analogy",
    )
    crowd_half: float = par(
        0.02,
        0.005,
        0.06,
        "share of residents",
        "turnout at which half of that strength is lost",
        log=True,
    )
    population: float = fact(
        1.0, 0.8, 1.25, "times", "residents over the sum of the provinces as listed"
    )
    long_ties: float = par(
        6.0,
        2.0,
        8.0,
        "ties",
        "ties of each citizen outside household and next door",
        "Dunbar1992",
        "analogy",
    )
    local_share: float = par(
        0.67,
        0.5,
        0.9,
        "share",
        "part of those ties that stays in the province",
        "LibenNowell2005",
        "one study",
    )


RING = 2  # ties to each side by index: household and next door


def start(p, place, draw):
    weights = disposition_weights()
    n, groups = len(place.ids), len(GROUPS)
    offset, risk, treatment, going = group_tables(p)
    people = populate(place, weights, RING, round(p.long_ties), p.local_share, draw)
    zero, residents = np.zeros(n), place.population * p.population
    return {
        "memory": {
            "place": place,
            "people": people,
            "level": quiet_level(p, place, weights, offset),
            "weights": weights,
            "offset": offset,
            "risk": risk,
            "treatment": treatment,
            "going": going / going.max(),
            "opposed": NORMAL.inv_cdf(p.opposition),
            "most_going": going.max() / (place.weights @ place.composition @ going),
            "group_size": np.maximum(residents @ place.composition, NOBODY),
            "deaths": np.zeros((MOURNING + MOURNING_DAYS, n)),
            "recent": zero,
            "counts": np.zeros((len(people.blocks) - 1, groups), np.int64),
            "shift": np.zeros((len(people.blocks) - 1, groups), np.int64),
            "out": np.zeros((n, groups)),
            "fates": np.zeros((len(people.blocks) - 1, fates.FATES, groups), np.int64),
            "log_share": np.log(
                [p.able * crowd.share_out(u, p.noise, LEVELS, weights) for u in UTILITIES]
            ),
        },
        "turnout": zero,
        "turnout_country": 0.0,
        "turnout_group": np.zeros(groups),
        "crowd": zero,
        "weariness": zero,
        "outrage": zero,
        "anger": 0.0,
        "opposition": p.opposition,
        "killed_protest": 0.0,
        "killed_here": zero,
        "injured": 0.0,
        "arrested": 0.0,
        "arrested_group": np.zeros(groups),
        "killed_group": np.zeros(groups),
        "jailed": 0.0,
        "jail_days": 0.0,
        "exiled": 0.0,
    }


def disposition_weights():
    """Share of citizens at each disposition level: a normal distribution, its tails in the first
    and last level.
    """
    edges = (LEVELS[1:] + LEVELS[:-1]) / 2
    below = np.array([0.0, *(0.5 * math.erfc(-x / math.sqrt(2)) for x in edges), 1.0])
    return np.diff(below)


def group_tables(p):
    """Grievance, weight of risk, treatment and readiness to leave by group (index: sex + 2 age + 8
    minority).
    """
    sex, age, minority = np.arange(16) % 2, np.arange(16) // 2 % 4, np.arange(16) // 8
    offset = p.women * sex + np.array([-1e9, p.young, 0.0, p.old])[age] + p.minority * minority
    risk = np.where(sex == 1, p.risk_women, 1.0) * np.where(age == 1, p.risk_young, 1.0)
    treatment = np.zeros((3, 16))
    treatment[:] = np.where(sex == 1, p.women_treatment, 1.0) * np.where(
        minority == 1, p.minority_treatment, 1.0
    )
    going = np.array([0.5, 1.0, 0.5, 0.1])[age]
    return offset, risk, treatment, going


def quiet_level(p, place, weights, offset):
    """The common level v0 at which the quiet turnout is what it is assumed to be (citizens.3), by
    bisection.
    """
    share = place.weights @ place.composition
    low, high = -20.0, 20.0
    for _ in range(60):
        middle = (low + high) / 2
        turnout = sum(
            share[g] * crowd.share_out(middle + offset[g], p.noise, LEVELS, weights)
            for g in range(16)
            if offset[g] > -1e8
        )
        low, high = (middle, high) if p.able * turnout < p.quiet_turnout else (low, middle)
    return (low + high) / 2


def felt(share, crowding):
    """How a crowd is felt: linear when crowding is 0, half of the pull at about 1/crowding
    otherwise (citizens.2).
    """
    return (1.0 + crowding) * share / (1.0 + crowding * share)


@compiled
def common_utility(
    country,
    turnout,
    adjacency,
    spill,
    street,
    crowding,
    pull,
    outrage,
    weariness,
    deterrence,
    offset,
    risk,
):
    """V_gp of (citizens.1), float[province, group], and its largest value in each province."""
    provinces, groups = turnout.size, offset.size
    utility, highest = np.empty((provinces, groups)), np.empty(provinces)
    for p in range(provinces):
        beside = 0.0
        for q in range(provinces):
            beside += adjacency[p, q] * turnout[q]
        seen = (1 - spill) * turnout[p] + spill * beside
        common = (
            country
            + street * (1.0 + crowding) * seen / (1.0 + crowding * seen)
            + pull[p]
            + outrage[p]
            - weariness[p]
        )
        highest[p] = -1e300
        for g in range(groups):
            utility[p, g] = net(common + offset[g], risk[g], deterrence[p])
            highest[p] = max(highest[p], utility[p, g])
    return utility, highest


@compiled
def outraged(recent, killed, deaths, day, keep, mourning, own, most, half, residents):
    """The fading sum of the killed and the outrage over them, by province (citizens.4)."""
    new = recent * keep + killed
    dead = new.copy()
    for k in range(MOURNING_DAYS):
        dead += mourning * deaths[(day - MOURNING - k) % deaths.shape[0]]
    per_million = 1e6 * (own * dead / residents + (1 - own) * dead.sum() / residents.sum())
    return new, most * per_million / (per_million + half)


@compiled
def toll(kill, arrest, treatment, out, residents):
    """Persons killed by province and by group and arrested by group: rate times crowd."""
    killed_here, killed_group, arrested_group = (
        np.zeros(kill.size),
        np.zeros(out.shape[1]),
        np.zeros(out.shape[1]),
    )
    for p in range(kill.size):
        for g in range(out.shape[1]):
            persons = out[p, g] * residents[p]
            killed = min(1.0, kill[p] * treatment[0, g]) * persons
            killed_here[p] += killed
            killed_group[g] += killed
            arrested_group[g] += min(1.0, arrest[p] * treatment[2, g]) * persons
    return killed_here, killed_group, arrested_group


@mechanism(
    params=P,
    start=start,
    axes={"fate": Axis(FATE._fields, "never")},
    owns={
        "turnout": state("share of residents", "people in the street", by="province"),
        "turnout_country": state("share of residents", "people in the street"),
        "turnout_group": state("share of the group", "people in the street, by group", by="group"),
        "crowd": state("persons", "people in the street", by="province"),
        "weariness": state("sd", "how tired of protest people are", by="province"),
        "outrage": state("sd", "pull of the killed on the living", by="province"),
        "anger": state("share of residents", "citizens angry over the fate of a tie"),
        "opposition": state("share of residents", "people who are against the regime in private"),
        "killed_protest": state("persons", "killed in protest since the start", cost=True),
        "killed_here": state("persons", "killed in protest since the start", by="province"),
        "injured": state("persons", "injured in protest since the start", cost=True),
        "arrested": state("persons", "arrested in protest since the start", cost=True),
        "arrested_group": state("persons", "arrested since the start, by group", by="group"),
        "killed_group": state("persons", "killed in protest since the start, by group", by="group"),
        "jailed": state("persons", "protesters in jail today"),
        "jail_days": state("person-days", "days spent in jail since the start", cost=True),
        "exiled": state("persons", "left the country since the start", cost=True),
    },
    opens={
        "pull": channel(
            "sd",
            "what draws people into the street or keeps them at home, from the first day",
            by="province",
            low=-30.0,
            high=30.0,
        ),
        "deterrence": channel(
            "sd",
            "expected penalty for going out, from the first day",
            by="province",
            low=-30.0,
            high=30.0,
        ),
        "visibility": channel(
            "log share", "logarithm of the part of turnout that people see", low=-10.0, high=10.0
        ),
        "force": channel(
            "chance a day",
            "killed and arrested for each person in the street",
            by="fate x province",
            low=0.0,
            high=1.0,
        ),
        "bombed": channel(
            "persons a day",
            "civilians killed by strikes from outside",
            by="province",
            low=0.0,
            high=1e6,
        ),
        "departures": channel(
            "log times",
            "logarithm of the rate of leaving over an ordinary year's",
            by="province",
            low=-7.0,
            high=7.0,
        ),
    },
    adds=["strain"],
    cites=[
        "Granovetter1978",
        "Kuran1989",
        "Kuran1991",
        "Lohmann1994",
        "Watts2002",
        "CentolaMacy2007",
        "Siegel2009",
        "Epstein2002",
    ],
)
def citizens(see, p, draw):
    m, people, place = see.memory, see.memory["people"], see.memory["place"]
    residents = place.population * p.population
    suffered = _suffer(see, p, draw, residents)
    killed_here, killed_group, arrested_group, left = _within(see, residents, *suffered)
    killed, arrested = float(killed_group.sum()), float(arrested_group.sum())

    seen_country = felt(min(1.0, math.exp(see.visibility)) * see.turnout_country, p.crowding)
    utility, highest = common_utility(
        m["level"] + p.country * seen_country,
        see.turnout,
        place.adjacency,
        p.spill,
        p.street,
        p.crowding,
        see.pull,
        see.outrage,
        see.weariness,
        see.deterrence,
        m["offset"],
        m["risk"],
    )
    out = _go_out(utility, highest, p, draw, m, people, place)
    turnout = out.sum(1)
    country = float(turnout @ place.weights)

    m["deaths"][draw.day % len(m["deaths"])] = killed_here
    m["recent"], outrage = outraged(
        m["recent"],
        killed_here,
        m["deaths"],
        draw.day,
        1 - 1 / p.outrage_days,
        p.mourning,
        p.own_dead,
        p.outrage,
        p.outrage_half,
        residents,
    )
    jailed = see.jailed * (1 - 1 / p.jail_days) + arrested
    return {
        "turnout": turnout,
        "turnout_country": country,
        "crowd": turnout * residents,
        "turnout_group": residents @ out / m["group_size"],
        "weariness": see.weariness * (1 - 1 / p.weary_days) + p.weariness * turnout,
        "outrage": outrage,
        "anger": (crowd.people_in_threaded if place.threads > 1 else crowd.people_in)(
            people.anger0, people.anger1
        )
        / people.group.size,
        "opposition": NORMAL.cdf(m["opposed"] + float(place.weights @ (see.pull + see.outrage))),
        "killed_protest": see.killed_protest + killed,
        "killed_here": see.killed_here + killed_here,
        "killed_group": see.killed_group + killed_group,
        "injured": see.injured + killed * p.injured_per_killed,
        "arrested": see.arrested + arrested,
        "arrested_group": see.arrested_group + arrested_group,
        "jailed": jailed,
        "jail_days": see.jail_days + jailed,
        "exiled": see.exiled + left,
        "strain": p.crowd_strain * country / (country + p.crowd_half),
    }


def _go_out(utility, highest, p, draw, m, people, place):
    """Play the day's decision; share of each province's residents who are out, by group
    (citizens.7).
    """
    kernel = crowd.decide_threaded if place.threads > 1 else crowd.decide
    m["counts"][:] = m["shift"][:] = 0
    crowd.look_around(
        people.out,
        people.hurt,
        people.ties,
        people.province,
        people.first,
        people.words,
        people.near,
    )
    kernel(
        np.uint64(draw.key("go out")),
        people,
        RING,
        LEVELS,
        utility,
        highest,
        crowd.Rule(
            tie=p.ties / (2 * RING + len(people.ties)),
            anger=p.anger_tie,
            fade=1 / p.anger_days,
            noise=p.noise,
            able=p.able,
        ),
        m["counts"],
        m["shift"],
    )
    m["people"] = people._replace(out=people.spare, spare=people.out)
    m["out"] = crowd.turnout(
        utility,
        UTILITIES[0],
        UTILITIES[1] - UTILITIES[0],
        m["log_share"],
        place.composition,
        m["shift"],
        people.block_province,
        place.agents,
    )
    return m["out"]


def _suffer(see, p, draw, residents):
    """What is done to yesterday's crowd, and who leaves: to the agents by chance, to the account in
    expected persons.
    """
    m, people, place = see.memory, see.memory["people"], see.memory["place"]
    kill, arrest = see.force
    leave = p.leave_rate / 365 * np.exp(see.departures)
    kernel = fates.suffer_threaded if place.threads > 1 else fates.suffer
    m["fates"][:] = 0
    kernel(
        np.uint64(draw.key("suffer")),
        people,
        draw.day,
        fates.Rates(
            kill=kill,
            injure=kill * p.injured_per_killed,
            arrest=arrest,
            treatment=m["treatment"],
            struck=np.minimum(see.bombed / residents, 1.0),
            leave=leave * m["most_going"],
            going=m["going"],
            freed=1 / p.jail_days,
            healed=1 / p.heal_days,
        ),
        m["fates"],
    )
    return *toll(kill, arrest, m["treatment"], m["out"], residents), float(leave @ residents)


def _within(see, residents, killed_here, killed_group, arrested_group, left):
    """The same, cut in proportion where more would be killed, jailed or gone than are left."""
    taken = float(killed_group.sum()) + float(arrested_group.sum()) + left
    lost = see.killed_protest + see.jailed + see.exiled
    room = LOST_AT_MOST["citizens"] * float(residents.sum()) - lost
    if taken <= room:
        return killed_here, killed_group, arrested_group, left
    part = max(0.0, room) / taken
    return killed_here * part, killed_group * part, arrested_group * part, left * part
