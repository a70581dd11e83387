"""A day of the citizens, sixty-four at a time. Numbers only: what they mean is said in mechanisms/citizens.py.

Exact, not approximate: in a word nobody's probability exceeds that of the least reluctant person in it, so those whose
number is above this bound cannot go out and are never looked at (bits.1); the rest are decided one by one. The plain
version, one person after another, is in `plain.py`, and gives the same people, bit for bit (tests/test_crowd.py).
"""
from __future__ import annotations

import math

import numpy as np
from numba import njit, prange, uint64

from .bits import LEVELS, ONE, add, at_most, beside, count_at, lanes_below, level_word, lower_end, lowest, ones, other, person_unit, turned
from .decision import decides, part_out

KILLED, INJURED, ARRESTED, STRUCK, LEFT, FREED, HEALED = range(7)
FATES = 7
LN2 = 0.6931471805599453


@njit(inline="always")
def _around(bits, w, first, words):
    """The word and the words before and after it, on the ring of its province."""
    before = bits[w - 1] if w > first else bits[first + words - 1]
    after = bits[w + 1] if w < first + words - 1 else bits[first]
    return bits[w], before, after


def _decide(key, out, away, anger0, anger1, hurt, any_hurt, fade, ties, ring, disposition, least, group, levels,
            province, first, words, blocks, utility, highest, tie_weight, anger_weight, noise, able, out_new,
            counts, shift):
    """Who goes out today.

    key: uint64.  out, away, anger0, anger1, hurt: uint64[words], one bit a person.  ties: uint32[long, words], partner word
    times 64 plus turn.  disposition, group: uint8[people].  least: uint8[words], smallest disposition in the word.
    levels: float64[256], what a disposition byte means.  utility: float64[province, group], all that is common;
    highest: float64[province], its largest.  tie_weight: utility of one tie in the street.  anger_weight: of one level of
    anger.  noise: scale of the logistic draw, 0 for fixed thresholds.  able: chance that one who would go can.  Writes out_new, counts[block, group] and
    shift[block, group]: those out, less those who with the same luck would be out if nobody had ties, anger or was away.
    Fades and raises the anger planes in place.
    """
    second = other(key)
    fade_key = other(second)
    step = levels[1] - levels[0]
    for b in prange(blocks.shape[0] - 1):
        for w in range(blocks[b], blocks[b + 1]):
            p = province[w]
            here, before, after = _around(out, w, first[p], words[p])
            c0, c1, c2, c3 = uint64(0), uint64(0), uint64(0), uint64(0)
            if here | before | after:
                for d in range(1, ring + 1):
                    ahead, behind = beside(here, after, before, d)
                    c0, c1, c2, c3 = add(c0, c1, c2, c3, ahead)
                    c0, c1, c2, c3 = add(c0, c1, c2, c3, behind)
            for t in range(ties.shape[0]):
                tie = ties[t, w]
                c0, c1, c2, c3 = add(c0, c1, c2, c3, turned(out[tie >> 6], uint64(tie & 63)))

            a0, a1 = anger0[w], anger1[w]
            if a0 | a1:
                fading = lanes_below(fade_key, w, fade, a0 | a1)
                a1 ^= fading & ~a0
                a0 ^= fading
            if any_hurt:
                here, before, after = _around(hurt, w, first[p], words[p])
                near = uint64(0)
                for d in range(1, ring + 1):
                    ahead, behind = beside(here, after, before, d)
                    near |= ahead | behind
                for t in range(ties.shape[0]):
                    tie = ties[t, w]
                    near |= turned(hurt[tie >> 6], uint64(tie & 63))
                near &= ~(a0 & a1)
                a1 ^= near & a0
                a0 ^= near
            anger0[w], anger1[w] = a0, a1

            most_ties = 15 if c3 else 7 if c2 else 3 if c1 else 1 if c0 else 0
            most_anger = 3 if a1 else 1 if a0 else 0
            top = highest[p] + tie_weight * most_ties + anger_weight * most_anger
            bound = top - levels[least[w]]
            gone = away[w]
            left = ~uint64(0)
            new = uint64(0)
            k = 0
            if noise > 0.0 and bound < 0.0:  # logistic(x) <= exp(x), so nobody's probability exceeds 2^-k
                k = LEVELS if -bound >= noise * LN2 * LEVELS else int(-bound / (noise * LN2))
            for j in range(k):
                left &= level_word(key, w, j)
                if left == uint64(0):
                    break
            j = k
            while left != uint64(0):
                leaving = left
                size, offset = lower_end(j)
                if noise > 0.0 and j < LEVELS:
                    word = level_word(key, w, j)
                    leaving = left & ~word
                    left &= word
                else:
                    left = uint64(0)
                if offset > 0.0 or noise == 0.0:  # a number of at least 2^-(j+1) keeps the more reluctant in
                    limit = (top + (j + 1) * noise * LN2 - levels[0]) / step + 1.0
                    if limit < 0.0:
                        leaving = uint64(0)
                    elif limit < 255.0:
                        leaving &= at_most(disposition, np.int64(w) * 64, np.uint8(int(limit)))
                j += 1
                while leaving != uint64(0):
                    lane = lowest(leaving)
                    leaving &= leaving - ONE
                    i = uint64(w) * uint64(64) + lane
                    g = group[i]
                    alone = utility[p, g] - levels[disposition[i]]
                    x = (alone + tie_weight * count_at(c0, c1, c2, c3, lane)
                         + anger_weight * (((a0 >> lane) & ONE) + uint64(2) * ((a1 >> lane) & ONE)))
                    u = size * (offset + person_unit(second, i)) if noise > 0.0 else 0.0
                    goes = decides(x, u, noise, able)
                    would = goes if x == alone else decides(alone, u, noise, able)
                    if (gone >> lane) & ONE:
                        goes = False
                    if goes:
                        new |= ONE << lane
                        counts[b, g] += 1
                    shift[b, g] += np.int64(goes) - np.int64(would)
            out_new[w] = new


def _suffer(key, out, jailed, injured, dead, abroad, away, hurt, group, province, blocks, day, kill, injure, arrest,
            treatment, struck, leave, going, freed, healed, counts):
    """What happens to people: those in the street are killed, injured or arrested; prisoners and wounded come back; bombs
    fall on anybody; some leave the country.

    kill, injure, arrest: float64[province], chance a day for a person in the street, times treatment[fate, group].
    struck: float64[province], chance a day for anybody.  leave: float64[province], chance a day, times going[group] <= 1;
    each person considers it once a week.  freed, healed: chance a day.  Writes hurt, the state planes and
    counts[block, fate, group].
    """
    struck_key = other(key)
    leave_key = other(struck_key)
    back_key = other(leave_key)
    for b in prange(blocks.shape[0] - 1):
        for w in range(blocks[b], blocks[b + 1]):
            p = province[w]
            base = uint64(w) * uint64(64)
            back = jailed[w]
            while back != uint64(0):
                lane = lowest(back)
                back &= back - ONE
                if person_unit(back_key, base + lane) < freed:
                    jailed[w] ^= ONE << lane
                    counts[b, FREED, group[base + lane]] += 1
            back = injured[w]
            while back != uint64(0):
                lane = lowest(back)
                back &= back - ONE
                if person_unit(back_key, base + lane) < healed:
                    injured[w] ^= ONE << lane
                    counts[b, HEALED, group[base + lane]] += 1

            new = uint64(0)
            street = out[w]
            while street != uint64(0):
                lane = lowest(street)
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
                    lane = lowest(hit)
                    hit &= hit - ONE
                    counts[b, STRUCK, group[base + lane]] += 1
            if (w + day) % 7 == 0 and leave[p] > 0.0:
                gone = lanes_below(leave_key, w, 7.0 * leave[p], here & ~new)
                while gone != uint64(0):
                    lane = lowest(gone)
                    gone &= gone - ONE
                    g = group[base + lane]
                    if person_unit(back_key, base + lane) < going[g]:
                        abroad[w] |= ONE << lane
                        counts[b, LEFT, g] += 1
            hurt[w] = new


decide = njit(cache=True)(_decide)
decide_threaded = njit(parallel=True, cache=True)(_decide)
suffer = njit(cache=True)(_suffer)
suffer_threaded = njit(parallel=True, cache=True)(_suffer)


@njit(cache=True)
def absent(jailed, injured, dead, abroad, hurt, away):
    """Write who is away; whether anybody was hurt today."""
    any_hurt = False
    for w in range(away.size):
        away[w] = jailed[w] | injured[w] | dead[w] | abroad[w]
        any_hurt |= hurt[w] != uint64(0)
    return any_hurt


@njit(cache=True)
def people_in(a, b):
    """People in either of two planes."""
    n = uint64(0)
    for w in range(a.size):
        if a[w] | b[w]:
            n += ones(a[w] | b[w])
    return n


@njit(cache=True)
def turnout(utility, grid_start, grid_step, log_share, composition, shift, block_province, agents):
    """Share of each province's residents who are out, by group: float[province, group] (citizens.7).

    log_share: the logarithm of the share out at utilities grid_start + k grid_step, between which it is interpolated.
    """
    provinces, groups = utility.shape
    out = np.zeros((provinces, groups))
    for b in range(shift.shape[0]):
        for g in range(groups):
            out[block_province[b], g] += shift[b, g]
    last = log_share.size - 1
    for p in range(provinces):
        for g in range(groups):
            x = (utility[p, g] - grid_start) / grid_step
            alone = 0.0
            if x >= 0.0:
                k = min(int(x), last - 1)
                part = min(x - k, 1.0)
                alone = math.exp(log_share[k] + part * (log_share[k + 1] - log_share[k]))
            out[p, g] = max(0.0, composition[p, g] * alone + out[p, g] / agents[p])
    return out


@njit(cache=True)
def share_out(utility, noise, levels, weights):
    """Share of a population with these dispositions that goes out at a common utility: sum of weights times logistic."""
    share = 0.0
    for k in range(levels.shape[0]):
        share += part_out(weights[k], utility - levels[k], noise)
    return share
