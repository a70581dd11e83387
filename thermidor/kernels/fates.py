"""What a day does to people: killed, hurt, jailed, bombed, gone, or back. Numbers only: what they
mean is said in mechanisms/citizens.py.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit, prange, uint64

from ..support.compiled import compiled
from .arrays import F64, I64, U8, U64, Int
from .bits import ONE, lanes_below, other, person_unit, trailing_zeros
from .people import People
from .threads import threaded

KILLED, INJURED, ARRESTED, STRUCK, LEFT, FREED, HEALED = range(7)
FATES = 7


class Rates(NamedTuple):
    """What a day holds for people: chances a day."""

    # Of a person in the street: float64[province], times treatment.
    kill: F64
    injure: F64
    arrest: F64
    treatment: F64  # float64[fate, group], of the first three fates
    # Of anybody: float64[province].
    struck: F64  # killed by bombs
    leave: F64  # leaves the country, times going; each person considers it once a week
    going: F64  # float64[group], at most 1
    # Of one who is in jail, and of one who is injured.
    freed: float
    healed: float


@njit(inline="always")
def come_back(
    key: np.uint64, plane: U64, w: Int, chance: float, group: U8, counts: I64, b: Int, fate: int
) -> None:
    """Those of word w who leave a plane today, counted as that fate.

    plane: uint64[words].  chance: a day.  group: uint8[people].  counts: int64[block, fate, group].
    """
    base, those = uint64(w) * uint64(64), plane[w]
    while those != uint64(0):
        lane = trailing_zeros(those)
        those &= those - ONE
        if person_unit(key, base + lane) < chance:
            plane[w] ^= ONE << lane
            counts[b, fate, group[base + lane]] += 1


def _suffer(key: np.uint64, people: People, day: Int, rates: Rates, counts: I64) -> None:
    """What happens to people: those in the street are killed, injured or arrested; prisoners and
    wounded come back; bombs fall on anybody; some leave the country.

    Writes the planes hurt, jailed, injured, dead, abroad and away of the people, and counts:
    int64[block, fate, group].
    """
    out, away, hurt = people.out, people.away, people.hurt
    jailed, injured, dead, abroad = people.jailed, people.injured, people.dead, people.abroad
    group, province, blocks = people.group, people.province, people.blocks
    kill, injure, arrest, treatment = rates.kill, rates.injure, rates.arrest, rates.treatment
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
            come_back(back_key, jailed, w, freed, group, counts, b, FREED)
            come_back(back_key, injured, w, healed, group, counts, b, HEALED)
            new = uint64(0)
            street = out[w]
            while street != uint64(0):
                lane = trailing_zeros(street)
                street &= street - ONE
                g = group[base + lane]
                u = person_unit(key, base + lane)
                k = kill[p] * treatment[KILLED, g]
                j = k + injure[p] * treatment[INJURED, g]
                if u < k:
                    dead[w] |= ONE << lane
                    counts[b, KILLED, g] += 1
                elif u < j:
                    injured[w] |= ONE << lane
                    counts[b, INJURED, g] += 1
                elif u < j + arrest[p] * treatment[ARRESTED, g]:
                    jailed[w] |= ONE << lane
                    counts[b, ARRESTED, g] += 1
                else:
                    continue
                new |= ONE << lane

            here = ~(away[w] | new)
            if struck[p] > 0.0:
                hit = lanes_below(struck_key, w, struck[p], here)
                dead[w] |= hit
                new |= hit
                while hit != uint64(0):
                    lane = trailing_zeros(hit)
                    hit &= hit - ONE
                    counts[b, STRUCK, group[base + lane]] += 1
            if (i + day) % 7 == 0 and leave[p] > 0.0:
                gone = lanes_below(leave_key, w, 7.0 * leave[p], here & ~new)
                while gone != uint64(0):
                    lane = trailing_zeros(gone)
                    gone &= gone - ONE
                    g = group[base + lane]
                    if person_unit(back_key, base + lane) < going[g]:
                        abroad[w] |= ONE << lane
                        counts[b, LEFT, g] += 1
            hurt[w] = new
        for v in range(uint64(blocks[b]), uint64(blocks[b + 1])):
            away[v] = jailed[v] | injured[v] | dead[v] | abroad[v]


suffer, suffer_threaded = compiled(_suffer), threaded(_suffer)
