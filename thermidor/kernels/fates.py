"""What a day does to people: killed, hurt, jailed, bombed, gone, or back; what is feared, and what
is felt of the dead. Numbers only: what they mean is said in mechanisms/citizens.py and security.py.

Sums are kept in names and not in arrays while they grow, and inner loops go over groups or
provinces without a question, so that several numbers are taken in one step of the machine.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit, prange, uint64

from ..support.compiled import compiled
from ..support.threads import threaded
from .arrays import F64, U64, Int
from .bits import ONE, lanes_below, other, person_unit, trailing_zeros
from .curves import exponential
from .people import People

KILLED, INJURED, ARRESTED = range(3)  # rows of treatment
SHOT, TAKEN = 0, 1  # rows of what is done to one who is out


class Rates(NamedTuple):
    """What a day holds for people: chances a day."""

    # Of a person in the street: float64[province], times treatment.
    kill: F64
    arrest: F64
    treatment: F64  # float64[fate, group]
    injured: float  # for each who is killed
    # Of anybody: float64[province].
    struck: F64  # killed by bombs
    leave: F64  # leaves the country, times going; each person considers it once a week
    going: F64  # float64[group], at most 1
    # Of one who is in jail, and of one who is injured.
    freed: float
    healed: float


@njit(inline="always")
def come_back(key: np.uint64, plane: U64, w: Int, chance: float) -> None:
    """Those of word w who leave a plane (uint64[words]) today.  chance: a day."""
    base, those = uint64(w) * uint64(64), plane[w]
    while those != uint64(0):
        lane = trailing_zeros(those)
        those &= those - ONE
        if person_unit(key, base + lane) < chance:
            plane[w] ^= ONE << lane


def _suffer(key: np.uint64, people: People, day: Int, rates: Rates) -> None:
    """What happens to people: those in the street are killed, injured or arrested; prisoners and
    wounded come back; bombs fall on anybody; some leave the country.

    Writes the planes hurt, jailed, injured, dead, abroad and away of the people.
    """
    out, away, hurt = people.out, people.away, people.hurt
    jailed, injured, dead, abroad = people.jailed, people.injured, people.dead, people.abroad
    group, province, blocks = people.group, people.province, people.blocks
    kill, arrest, treatment = rates.kill, rates.arrest, rates.treatment
    struck, leave, going = rates.struck, rates.leave, rates.going
    freed, healed = rates.freed, rates.healed
    struck_key = other(key)
    leave_key = other(struck_key)
    back_key = other(leave_key)
    for b in prange(blocks.shape[0] - 1):
        for i in range(blocks[b], blocks[b + 1]):
            w = uint64(i)  # an index that cannot be negative is faster
            p = province[w]
            base = w * uint64(64)
            come_back(back_key, jailed, w, freed)
            come_back(back_key, injured, w, healed)
            new = uint64(0)
            street = out[w]
            while street != uint64(0):
                lane = trailing_zeros(street)
                street &= street - ONE
                g = group[base + lane]
                u = person_unit(key, base + lane)
                k = kill[p] * treatment[KILLED, g]
                j = k + kill[p] * rates.injured * treatment[INJURED, g]
                if u < k:
                    dead[w] |= ONE << lane
                elif u < j:
                    injured[w] |= ONE << lane
                elif u < j + arrest[p] * treatment[ARRESTED, g]:
                    jailed[w] |= ONE << lane
                else:
                    continue
                new |= ONE << lane

            here = ~(away[w] | new)
            if struck[p] > 0.0:
                hit = lanes_below(struck_key, w, struck[p], here)
                dead[w] |= hit
                new |= hit
            if (i + day) % 7 == 0 and leave[p] > 0.0:
                gone = lanes_below(leave_key, w, 7.0 * leave[p], here & ~new)
                while gone != uint64(0):
                    lane = trailing_zeros(gone)
                    gone &= gone - ONE
                    if person_unit(back_key, base + lane) < going[group[base + lane]]:
                        abroad[w] |= ONE << lane
            hurt[w] = new
        for v in range(uint64(blocks[b]), uint64(blocks[b + 1])):
            away[v] = jailed[v] | injured[v] | dead[v] | abroad[v]


suffer, suffer_threaded = compiled(_suffer), threaded(_suffer)


@compiled(error_model="numpy")
def elsewhere(
    bombed: F64, departures: F64, residents: F64, leave_rate: float, most_going: float
) -> tuple[F64, F64, float]:
    """What comes from elsewhere, a day: the chances that one is struck, and that one of those who
    are the readiest to go leaves the country, float64[province]; and how many leave, persons.

    bombed, residents: persons, departures: log times, float64[province].  leave_rate: share a day
    in an ordinary year.  most_going: rate of the readiest, over that of all.
    """
    struck, leave, left = np.empty(bombed.size), np.empty(bombed.size), 0.0
    for p in range(bombed.size):
        struck[p] = min(bombed[p] / residents[p], 1.0)
        leave[p] = leave_rate * exponential(departures[p])
    for p in range(bombed.size):
        left += leave[p] * residents[p]
        leave[p] *= most_going
    return struck, leave, left


@compiled(error_model="numpy")
def outraged(
    recent: F64,
    killed: F64,
    deaths: F64,
    day: int,
    after: int,
    days: int,
    keep: float,
    mourning: float,
    own: float,
    half: float,
    residents: F64,
) -> F64:
    """How far the killed are felt, 0 to 1, float[province]. Writes their fading sum into recent.

    recent: persons, float[province].  killed: persons today.  deaths: float[day, province], by day
    modulo its length.  after, days: when they are mourned.  keep: part of the sum that is left
    after a day.  own: weight of one's own province.  half: killed per million.
    """
    felt, dead, people = np.empty(recent.size), 0.0, 0.0
    for p in range(recent.size):
        recent[p] = recent[p] * keep + killed[p]
        felt[p] = recent[p]
    for k in range(days):
        mourned = (day - after - k) % deaths.shape[0]
        for p in range(recent.size):
            felt[p] += mourning * deaths[mourned, p]
    for p in range(recent.size):
        dead += felt[p]
        people += residents[p]
    for p in range(recent.size):
        per_million = 1e6 * (own * felt[p] / residents[p] + (1 - own) * dead / people)
        felt[p] = per_million / (per_million + half)  # (citizens.4)
    return felt


@compiled
def taken(kill: F64, arrest: F64, treatment: F64, out: F64, residents: F64) -> tuple[F64, F64, F64]:
    """Persons killed by province and by group and arrested by group: rate times crowd.

    kill, arrest: chances a day, float[province].  treatment: float[fate, group].  out: shares of
    residents, float[province, group].
    """
    groups = out.shape[1]
    killed_here, killed = np.zeros(kill.size), np.empty(groups)
    killed_group, arrested_group = np.zeros(groups), np.zeros(groups)
    for p in range(kill.size):
        some, kills, arrests, people = 0.0, kill[p], arrest[p], residents[p]
        for g in range(groups):
            persons = out[p, g] * people
            killed[g] = min(1.0, kills * treatment[KILLED, g]) * persons
            killed_group[g] += killed[g]
            arrested_group[g] += min(1.0, arrests * treatment[ARRESTED, g]) * persons
        for g in range(groups):
            some += killed[g]
        killed_here[p] = some
    return killed_here, killed_group, arrested_group


class Form(NamedTuple):
    """Forms of the chance of arrest as it is perceived (security.1)."""

    literal: int = 0
    floor: int = 1
    smooth: int = 2
    rounded: int = 3


FORM = Form()
FORMS = FORM._fields


class Orders(NamedTuple):
    """What the ruler ordered, in times what is ordered on an ordinary day."""

    deployment: float
    severity: float
    lethality: float


class Arrest(NamedTuple):
    """How the chance of arrest is perceived (security.1)."""

    weight: float  # of certain arrest, sd
    k: float
    form: int  # one of FORM


class Used(NamedTuple):
    """What is done to one who is out where forces abound, chances a day (security.2)."""

    kill: float
    arrest: float
    most_killed: float  # whatever is ordered
    most_arrested: float


@compiled
def arrest_chance(ratio: float, k: float, form: int) -> float:
    """Perceived chance of arrest at C/A = ratio (security.1); form: one of FORM."""
    if form == FORM.smooth:
        x = k * ratio
        return x * x / (1 + x * x)
    if form == FORM.floor:
        ratio = math.floor(ratio)
    elif form == FORM.rounded:
        ratio = np.rint(ratio)
    return 1 - math.exp(-k * ratio)


@compiled(error_model="numpy")
def meet(
    street: F64,
    forces: F64,
    refuse: F64,
    fatigue: F64,
    crowd: F64,
    orders: Orders,
    arrest: Arrest,
    rates: Used,
) -> tuple[F64, F64, F64, F64]:
    """Forces meet crowds: present (persons) and cover C/(C + A), deterrence (sd), all
    float[province]; and what is done to one who is out, a day, float[fate, province].

    street: part that can face crowds, float[kind].  forces (persons), refuse (share): float[kind,
    province].  fatigue (share), crowd (persons): float[province].
    """
    kinds, provinces = forces.shape
    present, cover = np.zeros(provinces), np.empty(provinces)
    deterrence, force = np.empty(provinces), np.empty((2, provinces))
    for q in range(kinds):
        for p in range(provinces):
            present[p] += street[q] * forces[q, p] * (1 - refuse[q, p])
    for p in range(provinces):
        present[p] *= (1 - fatigue[p]) * orders.deployment
        cover[p] = present[p] / (present[p] + crowd[p] + 1.0)
        killed = rates.kill * orders.lethality * cover[p]  # (security.2)
        arrested = rates.arrest * orders.severity * cover[p]
        force[SHOT, p] = min(killed, rates.most_killed)
        force[TAKEN, p] = min(arrested, rates.most_arrested)
    for p in range(provinces):
        chance = arrest_chance(present[p] / max(crowd[p], 1.0), arrest.k, arrest.form)
        deterrence[p] = arrest.weight * (orders.severity * chance - 1.0)  # (security.1)
    return present, cover, deterrence, force
