"""Citizens show dissent once enough others do, unless the risk is too high.

Citizen i of group g in province p goes out with probability a logistic(U/s):

    U = V_gp + ties . tau_i + anger(i) - d_i                                       (citizens.1)
    V_gp = v0 + o_g + 2 o [street . f(S_p) + country . f(v T)] + pull_p + outrage_p
           - dread_p - r_g . deterrence_p - weariness_p
    f(x) = (1 + c) x / (1 + c x)                                                   (citizens.2)

d is a private disposition, drawn once from a normal distribution; its standard deviation (sd) is
the unit of U. tau is the share of own ties in the street, a the chance that one who would go can on
a given day, S the share in one's own and the neighbouring provinces, T in the country, v the part
of T that the media show. f says how a small crowd is felt: c = 0 is the linear threshold model
(Granovetter 1978, Kuran 1989), s -> 0 gives fixed thresholds (with a = 1), ties alone the network
cascades of Watts (2002) and Centola and Macy (2007). A crowd draws those who agree with it: o is
the opposition, what people prefer in private. The level v0 is that at which in a usual country, of
which half is against the regime, the share that is seen to protest on an ordinary day goes out:

    a . sum over groups of E_d[logistic((v0 + o_g - d)/s)] = quiet turnout         (citizens.3)

    v0 = this level + shown . Phi^-1(opposition at the start)

so the quiet street shows little of the opposition (Kuran 1991), and a younger country, or one more
opposed, is the less quiet. What others say into `pull` and `deterrence` is measured from the first
day.

    anger(i): one level (at most three) for each day on which a tie is arrested, hurt or killed;
              each level fades at random
    outrage_p = h . K/(K + K_half), h its limit, K the fading sum of killed per million;
    dread_p the same with a limit of its own: the killed draw people and frighten them,
    and which is more is not known (Lohmann 1994, Young 2019)                      (citizens.4)
    mourning adds m of the deaths of some weeks before to K for some days (the chehelom of 1978: of
    40 days before, for three)
    weariness_p(t+1) = keep . weariness_p(t) + w . T_p(t)                          (citizens.5)
    opposition = Phi(Phi^-1(opposition at the start) + won . mean of pull and outrage)
                                                                                   (citizens.6)

Agents are a sample of the people, so what is said of the country is not their count but

    turnout_pg = share_g F(V_gp) + (agents out - agents who with the same luck would be out
                 without ties, anger and absence)/n,    F(V) = a E_d[logistic((V - d)/s)]
                                                                                   (citizens.7)

which has the same mean and none of the noise of the first part, whatever number of persons an agent
stands for. What happens to people in the street (rates come through `force`) is drawn for each
agent; the costs are counted as rate times crowd. Those killed, in jail and abroad stay within their
part of the people (`LOST_AT_MOST`), whatever is ordered, and no more are killed than were in the
street on one day. Departs: everybody has the same number of
ties; the literature's tails of the degree distribution are left out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist
from typing import Any, NamedTuple

import numpy as np

from ..kernels import crowd, fates
from ..kernels.arrays import I64
from ..kernels.coordination import normal
from ..kernels.decision import net
from ..kernels.fates import outraged, taken
from ..kernels.people import on_day
from ..mechanism import Axis, Draw, Yesterday, channel, fact, mechanism, par, state
from ..places import People, Place, populate
from ..places.axes import FATE, GROUPS
from ..places.place import LOST_TO_CITIZENS
from ..support.arrays import Array
from ..support.compiled import compiled
from ..support.threads import fitting

# mathematics: what a disposition byte means, in sd; beyond 5 there is one in two million
LEVELS = np.linspace(-5.0, 5.0, 256)
# mathematics: utilities at which the share that goes out is tabulated, in sd: from 9 below the
# least disposition to 7 above the greatest, and as far apart as dispositions are
UTILITIES = LEVELS[0] + (LEVELS[1] - LEVELS[0]) * np.arange(-230, 434)
NORMAL = NormalDist()
LOWEST, HIGHEST = -20.0, 20.0  # numerical guard: between them, in sd, the level v0 is searched
HALVINGS = 60  # numerical guard: after so many, the interval of v0 has no width left
SMALL = 1e-9  # numerical guard: persons, in place of 0 where one divides by the size of a group
AT_HOME = -1e9  # numerical guard: grievance of children in sd, at which nobody goes out
# unit: shares of residents of the usual country, whose quiet turnout is `quiet_turnout`
USUAL = {"children": 0.25, "young": 0.25, "adult": 0.42, "old": 0.08, "minority": 0.2}
# Whether each group is of these people, bool[group].
IS = {
    word: np.array([word in group.split() for group in GROUPS])
    for word in ("women", "minority", "children", "young", "adult", "old")
}


@dataclass(frozen=True)
class Parameters:
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
    shown: float = par(
        0.15,
        0.0,
        0.4,
        "share",
        "part of the opposition, on a probit scale, that is seen in the quiet street",
        "Kuran1991",
        "analogy",
    )
    won: float = par(
        0.3,
        0.1,
        0.6,
        "share",
        "part of what draws people into the street that changes what they prefer in private",
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
    dread: float = par(
        0.3, 0.0, 1.0, "sd", "largest deterrent of the killed on the living", "Young2019", "analogy"
    )
    outrage_half: float = par(
        5.0,
        1.0,
        20.0,
        "killed per million",
        "deaths at which half of the outrage and of the dread is felt",
        log=True,
    )
    outrage_days: float = par(
        30.0, 10.0, 90.0, "days", "time in which outrage falls to 1/e", log=True
    )
    mourning: float = par(
        0.5, 0.0, 1.0, "share", "part of the killed who are mourned in the street later"
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
    near_ties: float = par(
        2.0, 1.0, 3.0, "ties", "ties to each side in a row of people: household and next door"
    )
    mourning_after: float = fact(
        40.0, 3.0, 100.0, "days", "time after which the dead are mourned in the street"
    )
    mourning_days: float = par(3.0, 1.0, 7.0, "days", "days for which they are mourned there")
    going_children: float = par(
        0.5, 0.25, 1.0, "times", "readiness of children to leave the country, the young being 1"
    )
    going_adult: float = par(0.5, 0.25, 1.0, "times", "readiness of adults to leave")
    going_old: float = par(0.1, 0.05, 0.2, "times", "readiness of those aged 65 and over to leave")


class Groups(NamedTuple):
    """What differs between groups of people, float[group] if nothing else is said."""

    offset: Array  # grievance above that of adult men of the majority, sd
    risk: Array  # weight of risk, over that of adult men
    treatment: Array  # force met in the street, times: float[killed, injured or arrested; group]
    going: Array  # readiness to leave the country, the readiest being 1


class Memory(NamedTuple):
    """What the citizens remember. Of a future, and the same on all of its days:"""

    groups: Groups
    level: float  # v0, sd
    opposed: float  # opposition on the first day, on a probit scale
    most_going: float  # rate of leaving of the readiest group, over that of all
    group_size: Array  # persons, float[group]
    log_share: Array  # logarithm of F of (citizens.7) at UTILITIES
    neighbours: Array  # weight of each in what is seen from a province, float[seen, from]
    # Of the day:
    people: People
    out: Array  # share of each province's residents, float[province, group]
    recent: Array  # fading sum of the killed, persons, float[province]
    largest: Array  # persons in the street on the largest day so far, float[1]
    deaths: Array  # killed, by day modulo its length, float[day, province]
    # What the kernels count in; set to zero every day:
    counts: I64  # agents out, int[block, group]
    shift: I64  # of them, those whom ties, anger and absence moved, int[block, group]


class See(Yesterday):
    turnout: Array
    turnout_country: float
    weariness: Array
    outrage: Array
    dread: Array
    opposition: float
    killed_protest: float
    killed_here: Array
    killed_group: Array
    injured: float
    arrested: float
    arrested_group: Array
    jailed: float
    jail_days: float
    exiled: float
    pull: Array
    deterrence: Array
    visibility: float
    force: Array
    bombed: Array
    departures: Array
    memory: Memory
    place: Place


def start(p: Parameters, place: Place, draw: Draw) -> dict[str, Any]:
    zero, nobody = np.zeros(len(place.ids)), np.zeros(len(GROUPS))
    return {
        "memory": _memory(p, place, draw),
        "turnout": zero,
        "turnout_country": 0.0,
        "turnout_group": nobody,
        "crowd": zero,
        "weariness": zero,
        "outrage": zero,
        "dread": zero,
        "anger": 0.0,
        "opposition": p.opposition,
        "killed_protest": 0.0,
        "killed_here": zero,
        "injured": 0.0,
        "arrested": 0.0,
        "arrested_group": nobody,
        "killed_group": nobody,
        "jailed": 0.0,
        "jail_days": 0.0,
        "exiled": 0.0,
    }


def _memory(p: Parameters, place: Place, draw: Draw) -> Memory:
    weights = disposition_weights()
    groups, going = group_tables(p)
    people = populate(place, weights, round(p.near_ties), round(p.long_ties), p.local_share, draw)
    provinces, blocks = len(place.ids), len(people.blocks) - 1
    log_share = np.log(p.able * crowd.shares_out(UTILITIES, p.noise, LEVELS, weights))
    by_group = place.weights @ place.composition
    residents = place.population * p.population
    return Memory(
        groups=groups,
        level=quiet_level(p.quiet_turnout, usual(), groups.offset, UTILITIES, log_share)
        + p.shown * NORMAL.inv_cdf(p.opposition),
        opposed=NORMAL.inv_cdf(p.opposition),
        most_going=going.max() / (by_group @ going),
        group_size=np.maximum(residents @ place.composition, SMALL),
        log_share=log_share,
        neighbours=place.adjacency.T.copy(),
        people=people,
        out=np.zeros((provinces, len(GROUPS))),
        recent=np.zeros(provinces),
        largest=np.zeros(1),
        deaths=np.zeros((round(p.mourning_after) + round(p.mourning_days), provinces)),
        counts=np.zeros((blocks, len(GROUPS)), np.int64),
        shift=np.zeros((blocks, len(GROUPS)), np.int64),
    )


@cache
def disposition_weights() -> Array:
    """Share of citizens at each disposition level, float[level]: a normal distribution, its tails
    in the first and last level. One array for all, which nobody changes.
    """
    edges = (LEVELS[1:] + LEVELS[:-1]) / 2
    below = np.array([0.0, *(math.erfc(-x / math.sqrt(2)) / 2 for x in edges), 1.0])
    return np.diff(below)


@cache
def usual() -> Array:
    """Share of each group in the residents of a usual country, float[group]. One array for all."""
    minority = np.where(IS["minority"], USUAL["minority"], 1 - USUAL["minority"])
    return sum(USUAL[age] * IS[age] for age in ("children", "young", "adult", "old")) * minority / 2


def group_tables(p: Parameters) -> tuple[Groups, Array]:
    """What differs between groups; and how ready each is to leave the country, the young being 1
    (float[group]).
    """
    women, minority = IS["women"], IS["minority"]
    children, young, adult, old = (IS[age] for age in ("children", "young", "adult", "old"))
    treatment = np.where(women, p.women_treatment, 1.0) * np.where(
        minority, p.minority_treatment, 1.0
    )
    going = p.going_children * children + young + p.going_adult * adult + p.going_old * old
    groups = Groups(
        offset=p.women * women
        + (AT_HOME * children + p.young * young + p.old * old)
        + p.minority * minority,
        risk=np.where(women, p.risk_women, 1.0) * np.where(young, p.risk_young, 1.0),
        treatment=np.array([treatment] * (fates.ARRESTED + 1)),
        going=going / going.max(),
    )
    return groups, going


@compiled
def quiet_level(
    quiet: float, by_group: Array, offset: Array, utilities: Array, log_share: Array
) -> float:
    """The common level v0 (sd) at which the quiet turnout is what it is assumed to be, by
    bisection. F is taken from the table that the street is told by (citizens.7): v0 lies within
    1e-4 of that of (citizens.3).

    quiet: share of residents.  by_group: share of residents, offset: sd, float[group].  log_share:
    logarithm of F at utilities, float[grid].
    """
    low, high, step = LOWEST, HIGHEST, utilities[1] - utilities[0]
    for _ in range(HALVINGS):
        middle, turnout = (low + high) / 2, 0.0
        for g in range(offset.size):
            if offset[g] > AT_HOME / 2:
                turnout += by_group[g] * crowd.share_at(  # (citizens.3)
                    middle + offset[g], utilities[0], step, log_share
                )
        if turnout < quiet:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def felt(share: float, crowding: float) -> float:
    """How a crowd is felt: linear when crowding is 0, half of the pull at about 1/crowding
    otherwise (citizens.2). share: of residents.
    """
    return (1.0 + crowding) * share / (1.0 + crowding * share)  # (citizens.2)


class Mood(NamedTuple):
    """What draws people of a province into the street and what keeps them at home, sd,
    float[province].
    """

    pull: Array
    outrage: Array
    dread: Array
    weariness: Array
    deterrence: Array


@compiled(error_model="numpy")
def common_utility(
    country: float,
    turnout: Array,
    neighbours: Array,
    spill: float,
    street: float,
    crowding: float,
    mood: Mood,
    offset: Array,
    risk: Array,
) -> tuple[Array, Array]:
    """V_gp of (citizens.1), float[province, group], and its largest value in each province.

    country: what all provinces share, sd.  turnout: share of residents, float[province].
    neighbours: weight of each in what is seen from a province, float[seen, from].  offset, risk:
    float[group].
    """
    provinces, groups = turnout.size, offset.size
    utility, highest = np.empty((provinces, groups)), np.empty(provinces)
    beside = np.zeros(provinces)
    for q in range(provinces):
        there = turnout[q]
        for p in range(provinces):
            beside[p] += neighbours[q, p] * there
    for p in range(provinces):
        risky, most = mood.deterrence[p], -np.inf
        seen = (1 - spill) * turnout[p] + spill * beside[p]
        common = (
            country
            + street * (1.0 + crowding) * seen / (1.0 + crowding * seen)  # (citizens.2)
            + mood.pull[p]
            + (mood.outrage[p] - mood.dread[p])
            - mood.weariness[p]
        )
        for g in range(groups):
            utility[p, g] = net(common + offset[g], risk[g], risky)  # (citizens.1)
        for g in range(groups):
            most = max(most, utility[p, g])
        highest[p] = most
    return utility, highest


class Toll(NamedTuple):
    """Persons lost on a day."""

    killed_here: Array  # float[province]
    killed_group: Array  # float[group]
    arrested_group: Array  # float[group]
    killed: float
    arrested: float
    left: float  # left the country


@mechanism(
    start=start,
    axes={"fate": Axis(FATE._fields, "never")},
    owns={
        "turnout": state("share of residents", "people in the street", by="province"),
        "turnout_country": state("share of residents", "people in the street"),
        "turnout_group": state("share of the group", "people in the street, by group", by="group"),
        "crowd": state("persons", "people in the street", by="province"),
        "weariness": state("sd", "how tired of protest people are", by="province"),
        "outrage": state("sd", "pull of the killed on the living", by="province"),
        "dread": state("sd", "deterrent of the killed on the living", by="province"),
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
def citizens(see: See, p: Parameters, draw: Draw) -> dict[str, Any]:
    memory, place = see.memory, see.place
    residents = place.population * p.population
    people = on_day(memory.people, draw.day)
    lost = see.killed_protest + see.jailed + see.exiled
    toll = _within(
        _suffer(see, p, draw, people, residents),
        float(memory.largest[0]) - see.killed_protest,
        LOST_TO_CITIZENS * float(residents.sum()) - lost,
    )

    out = _go_out(see, p, draw, people)
    turnout, persons = crowd.gathered(out, residents)
    country = float(turnout @ place.weights)
    angry = fitting(crowd.people_in, crowd.people_in_threaded)

    memory.deaths[draw.day % len(memory.deaths)] = toll.killed_here
    felt_dead = outraged(
        memory.recent,
        toll.killed_here,
        memory.deaths,
        draw.day,
        round(p.mourning_after),
        round(p.mourning_days),
        1 - 1 / p.outrage_days,
        p.mourning,
        p.own_dead,
        p.outrage_half,
        residents,
    )
    memory.out[:] = out
    memory.largest[0] = max(float(memory.largest[0]), float(turnout @ residents))
    jailed = see.jailed * (1 - 1 / p.jail_days) + toll.arrested
    moved = p.won * float(place.weights @ (see.pull + see.outrage))
    return {
        "turnout": turnout,
        "turnout_country": country,
        "crowd": turnout * residents,
        "turnout_group": persons / memory.group_size,
        "weariness": see.weariness * (1 - 1 / p.weary_days) + p.weariness * turnout,  # (citizens.5)
        "outrage": p.outrage * felt_dead,
        "dread": p.dread * felt_dead,
        "anger": angry(people.anger0, people.anger1) / people.group.size,
        "opposition": normal(memory.opposed + moved),  # (citizens.6)
        "killed_protest": see.killed_protest + toll.killed,
        "killed_here": see.killed_here + toll.killed_here,
        "killed_group": see.killed_group + toll.killed_group,
        "injured": see.injured + toll.killed * p.injured_per_killed,
        "arrested": see.arrested + toll.arrested,
        "arrested_group": see.arrested_group + toll.arrested_group,
        "jailed": jailed,
        "jail_days": see.jail_days + jailed,
        "exiled": see.exiled + toll.left,
    }


def _go_out(see: See, p: Parameters, draw: Draw, people: People) -> Array:
    """Play the day's decision, into people.spare; share of each province's residents who are out,
    float[province, group].
    """
    m, place, groups = see.memory, see.place, see.memory.groups
    seen = min(1.0, math.exp(see.visibility)) * see.turnout_country
    agreed = 2 * see.opposition  # times: 1 where half agree with the crowd
    utility, highest = common_utility(
        m.level + agreed * p.country * felt(seen, p.crowding),
        see.turnout,
        m.neighbours,
        p.spill,
        agreed * p.street,
        p.crowding,
        Mood(see.pull, see.outrage, see.dread, see.weariness, see.deterrence),
        groups.offset,
        groups.risk,
    )
    ring = round(p.near_ties)
    rule = crowd.Rule(
        tie=p.ties / (2 * ring + len(people.ties)),
        anger=p.anger_tie,
        fade=1 / p.anger_days,
        noise=p.noise,
        able=p.able,
    )
    out, hurt, ties = people.out, people.hurt, people.ties
    crowd.look_around(out, hurt, ties, people.province, people.first, people.words, people.near)
    m.counts[:] = 0
    m.shift[:] = 0
    key = np.uint64(draw.key("go out"))
    decide = fitting(crowd.decide, crowd.decide_threaded)
    decide(key, people, ring, LEVELS, utility, highest, rule, m.counts, m.shift)
    return crowd.turnout(  # (citizens.7)
        utility,
        UTILITIES[0],
        UTILITIES[1] - UTILITIES[0],
        m.log_share,
        place.composition,
        m.shift,
        people.block_province,
        place.agents,
    )


def _suffer(see: See, p: Parameters, draw: Draw, people: People, residents: Array) -> Toll:
    """What is done to yesterday's crowd, and who leaves: to the agents by chance, to the account in
    expected persons. residents: persons, float[province].
    """
    m, groups = see.memory, see.memory.groups
    kill, arrest = see.force[FATE.killed], see.force[FATE.arrested]
    struck, leave, left = fates.elsewhere(
        see.bombed, see.departures, residents, p.leave_rate / 365, m.most_going
    )
    rates = fates.Rates(
        kill=kill,
        arrest=arrest,
        treatment=groups.treatment,
        injured=p.injured_per_killed,
        struck=struck,
        leave=leave,
        going=groups.going,
        freed=1 / p.jail_days,
        healed=1 / p.heal_days,
    )
    suffer = fitting(fates.suffer, fates.suffer_threaded)
    suffer(np.uint64(draw.key("suffer")), people, draw.day, rates)
    here, by_group, arrested = taken(kill, arrest, groups.treatment, m.out, residents)
    return Toll(here, by_group, arrested, float(by_group.sum()), float(arrested.sum()), left)


def _within(toll: Toll, most_killed: float, most_lost: float) -> Toll:
    """The toll, cut in proportion where more would be killed than were ever in the street on a day,
    or more killed, jailed or gone than are left.  most_killed, most_lost: persons.
    """
    if toll.killed > most_killed:
        toll = _cut(toll, max(0.0, most_killed) / toll.killed, 1.0, 1.0)
    today = toll.killed + toll.arrested + toll.left
    if today <= most_lost:
        return toll
    part = max(0.0, most_lost) / today
    return _cut(toll, part, part, part)


def _cut(toll: Toll, killed: float, arrested: float, left: float) -> Toll:
    """A part of the killed, of the arrested and of those who leave."""
    return Toll(
        toll.killed_here * killed,
        toll.killed_group * killed,
        toll.arrested_group * arrested,
        toll.killed * killed,
        toll.arrested * arrested,
        toll.left * left,
    )
