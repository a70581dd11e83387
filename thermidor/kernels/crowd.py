"""A day of the citizens, sixty-four at a time. Numbers only: what they mean is said in mechanisms/citizens.py.

Exact, not approximate: in a word nobody's probability exceeds that of the least reluctant person in it, so those whose
number is above this bound cannot go out and are never looked at (bits.1); the rest are decided one by one. The plain
version, one person after another, is in `plain.py`, and gives the same people, bit for bit (tests/engine/test_crowd.py).
"""
from __future__ import annotations

import math
import os
from types import FunctionType

import numpy as np
from numba import config, njit, prange, set_num_threads, uint64

from ..faults import Fault
from .bits import LEVELS, ONE, add, at_most, beside, count_at, lanes_below, level_word, lower_end, lowest, ones, other, person_unit, turned
from .decision import dares, decides, part_out

KILLED, INJURED, ARRESTED, STRUCK, LEFT, FREED, HEALED = range(7)
FATES = 7
LN2 = 0.6931471805599453
FINEST = 0.05  # noise above which odds are multiplied from tables; below, exponentials could overflow and are taken one by one


@njit(inline="always")
def _around(bits, w, first, words):
    """The word and the words before and after it, on the ring of its province."""
    before = bits[w - 1] if w > first else bits[first + words - 1]
    after = bits[w + 1] if w < first + words - 1 else bits[first]
    return bits[w], before, after


def _decide(key, out, away, anger0, anger1, hurt, near, fade, ties, ring, disposition, least, group, levels,
            province, first, words, blocks, utility, highest, tie_weight, anger_weight, noise, able, out_new,
            counts, shift):
    """Who goes out today.

    key: uint64.  out, away, anger0, anger1, hurt: uint64[words], one bit a person.  near: uint8[words] from `look_around`,
    3 to look everywhere.  ties: uint32[long, words], partner word times 64 plus turn.  disposition, group: uint8[people].
    least: uint8[words], smallest disposition in the word.  levels: float64[256], what a disposition byte means.
    utility: float64[province, group], all that is common; highest: float64[province], its largest.  tie_weight: utility of one
    tie in the street.  anger_weight: of one level of anger.  noise: scale of the logistic draw, 0 for fixed thresholds.
    able: chance that one who would go can.  Writes out_new, counts[block, group] and shift[block, group]: those out, less those
    who with the same luck would be out if nobody had ties, anger or was away.
    Fades and raises the anger planes in place.
    """
    second = other(key)
    fade_key = other(second)
    step = levels[1] - levels[0]
    tables = noise >= FINEST
    unable = -math.log(able) if noise > 0.0 else 0.0
    scale = noise if tables else 1.0
    against_group, against_level = np.exp(np.minimum(-utility / scale, 600.0)), np.exp(levels / scale)
    against_ties, against_anger = np.exp(-tie_weight / scale * np.arange(16)), np.exp(-anger_weight / scale * np.arange(4))
    for b in prange(blocks.shape[0] - 1):
        for w in range(blocks[b], blocks[b + 1]):
            p = province[w]
            c0, c1, c2, c3 = uint64(0), uint64(0), uint64(0), uint64(0)
            if near[w] & 1:
                here, before, after = _around(out, w, first[p], words[p])
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
            if near[w] & 2:
                here, before, after = _around(hurt, w, first[p], words[p])
                touched = uint64(0)
                for d in range(1, ring + 1):
                    ahead, behind = beside(here, after, before, d)
                    touched |= ahead | behind
                for t in range(ties.shape[0]):
                    tie = ties[t, w]
                    touched |= turned(hurt[tie >> 6], uint64(tie & 63))
                touched &= ~(a0 & a1)
                a1 ^= touched & a0
                a0 ^= touched
            anger0[w], anger1[w] = a0, a1

            most_ties = 15 if c3 else 7 if c2 else 3 if c1 else 1 if c0 else 0
            most_anger = 3 if a1 else 1 if a0 else 0
            top = highest[p] + tie_weight * most_ties + anger_weight * most_anger
            bound = top - levels[least[w]]
            gone = away[w]
            left = ~uint64(0)
            new = uint64(0)
            k = 0
            if noise > 0.0:  # able logistic(x) <= able exp(x), and <= able, so nobody's probability exceeds 2^-k
                k = int(min((max(-bound, 0.0) / noise + unable) / LN2, LEVELS + 0.0))
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
                    limit = (top + noise * ((j + 1) * LN2 - unable) - levels[0]) / step + 1.0
                    if limit < 0.0:
                        leaving = uint64(0)
                    elif limit < 255.0:
                        leaving &= at_most(disposition, np.int64(w) * 64, np.uint8(int(limit)))
                j += 1
                while leaving != uint64(0):
                    lane = lowest(leaving)
                    leaving &= leaving - ONE
                    i = uint64(w) * uint64(64) + lane
                    g, d = group[i], disposition[i]
                    friends = count_at(c0, c1, c2, c3, lane)
                    angry = ((a0 >> lane) & ONE) + uint64(2) * ((a1 >> lane) & ONE)
                    u = size * (offset + person_unit(second, i)) if noise > 0.0 else 0.0
                    if tables:
                        against = against_group[p, g] * against_level[d]
                        would = dares(against, u, able)
                        goes = dares(against * against_ties[friends] * against_anger[angry], u, able)
                    else:
                        alone = utility[p, g] - levels[d]
                        would = decides(alone, u, noise, able)
                        goes = decides(alone + tie_weight * friends + anger_weight * angry, u, noise, able)
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


def _absent(jailed, injured, dead, abroad, away):
    """Write who is away."""
    for w in prange(away.size):
        away[w] = jailed[w] | injured[w] | dead[w] | abroad[w]


def _people_in(a, b):
    """People in either of two planes."""
    n = uint64(0)
    for w in prange(a.size):
        n += ones(a[w] | b[w])
    return n


def threaded(f: FunctionType):
    """f compiled to run on several threads. It goes by a name of its own, for by one name Numba's cache holds one version only."""
    twin = FunctionType(f.__code__, f.__globals__, f"{f.__name__}_threaded", f.__defaults__, f.__closure__)
    twin.__qualname__ = twin.__name__
    return njit(parallel=True, cache=True)(twin)


def use_threads(threads: int) -> None:
    """Threads for the kernels of this process. They wait asleep: threads that spin are many times slower when cores are shared."""
    if threads <= 1:
        return
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    if threads > config.NUMBA_NUM_THREADS:
        raise Fault(f"threads = {threads}, but this machine gives {config.NUMBA_NUM_THREADS}; use at most that.")
    set_num_threads(threads)


decide, decide_threaded = njit(cache=True)(_decide), threaded(_decide)
suffer, suffer_threaded = njit(cache=True)(_suffer), threaded(_suffer)
absent, absent_threaded = njit(cache=True)(_absent), threaded(_absent)
people_in, people_in_threaded = njit(cache=True)(_people_in), threaded(_people_in)


@njit(cache=True)
def look_around(out, hurt, ties, province, first, words, near):
    """Write which words have a tie in the street (1), a tie that was hurt (2), or may have: those who are tell their ties.

    Where more than one word in eight has somebody, all are marked: it costs less to look.
    """
    near[:] = 0
    for bit, plane in ((np.uint8(1), out), (np.uint8(2), hurt)):
        told = 0
        for w in range(plane.size):
            if plane[w] == uint64(0):
                continue
            told += 1
            if told > plane.size >> 3:
                near[:] |= bit
                break
            f, n = first[province[w]], words[province[w]]
            near[w] |= bit
            near[w - 1 if w > f else f + n - 1] |= bit
            near[w + 1 if w < f + n - 1 else f] |= bit
            for t in range(ties.shape[0]):
                near[ties[t, w] >> 6] |= bit


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
