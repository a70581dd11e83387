"""A day of the citizens, sixty-four at a time. Numbers only: what they mean is said in
mechanisms/citizens.py.

Exact, not approximate: those who cannot go out, whatever the lower digits of their number, are
found for many people at once and left alone (candidates.py); the rest are decided one by one. The
plain version, one person after another, is tests/oracles/plain.py, and gives the same people, bit
for bit (tests/engine/test_crowd.py).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit, prange, uint64

from ..support.compiled import compiled
from ..support.threads import threaded
from .arrays import F64, I16, I64, U8, U32, U64, Int
from .bits import (
    CHUNK,
    LEVELS,
    ONE,
    beside,
    lanes_below,
    lower_ends,
    other,
    person_unit,
    popcount,
    rotate_right,
    trailing_zeros,
)
from .borrowed import on_stack
from .candidates import (
    ANGER,
    AWAY,
    ROWS,
    SILENT,
    TIES,
    Chunk,
    choose,
    choose_few,
    count_ties,
    draw_levels,
    lifts,
    nobody,
    reaches,
    weigh_board,
    weigh_levels,
)
from .curves import exponentials
from .decision import dares, decides, part_out
from .people import People
from .rows import masked_sum, prefetch

EACH = np.ones(LEVELS + 1, np.uint8)
POWERS = np.array([0] * TIES + [1 << r for r in range(ROWS - TIES)], np.uint8)
PARTS = 256  # enough for an even share of the work on any number of threads
FEW = 16  # words that may wait for the memory before their people are decided
# Noise from which odds are multiplied from tables; below, exponentials could overflow and are taken
# one by one.
FINEST = 0.05
MOST_TIES = 8  # long ties for which there is room without asking for memory
# What `decide` writes on.
_board, _weights = on_stack("uint64", ROWS, CHUNK), on_stack("uint8", ROWS)
_words, _marks = on_stack("uint64", CHUNK), on_stack("uint8", CHUNK)
_seen = on_stack("uint64", MOST_TIES, CHUNK)
_listed, _lanes = on_stack("uint64", FEW + CHUNK), on_stack("uint8", FEW + CHUNK, 64)
_levels = on_stack("float64", 256)


@njit(inline="always")
def with_a_tie_in(plane: U64, ties: U32, ring: Int, w: Int, first: Int, last: Int) -> np.uint64:
    """Those of word w who have a tie among the people of a plane, one bit each.

    plane: uint64[words].  ties: uint32[long, words].  ring: ties to each side.  first, last: words
    of the province.
    """
    before = plane[uint64(w) - ONE if w > first else uint64(last)]
    after = plane[uint64(w) + ONE if w < last else uint64(first)]
    found = uint64(0)
    for d in range(1, ring + 1):
        ahead, behind = beside(plane[w], after, before, d)
        found |= ahead | behind
    for t in range(ties.shape[0]):
        tie = ties[t, w]
        found |= rotate_right(plane[tie >> 6], uint64(tie & 63))
    return found


@njit(inline="always")
def feel(
    key: np.uint64,
    fade: float,
    anger0: U64,
    anger1: U64,
    hurt: U64,
    near: U8,
    ties: U32,
    ring: Int,
    chunk: Chunk,
    board: U64,
) -> None:
    """Anger fades and is raised in the words of a chunk, in place; and is written into the rows
    ANGER.. of the board (uint64[ROWS, CHUNK]).

    fade: chance a day that one's anger falls by a level.  anger0, anger1, hurt: uint64[words].
    near: uint8[words].  ties: uint32[long, words].  ring: ties to each side.
    """
    start, size = chunk.start, chunk.size
    upset, look = uint64(0), np.uint8(0)
    for n in range(size):
        upset |= anger0[start + n] | anger1[start + n]
        look |= near[start + n]
    if upset == uint64(0) and not look & 2:
        return
    for n in range(size):
        w = start + n
        a0, a1 = anger0[w], anger1[w]
        if a0 | a1:
            fading = lanes_below(key, w, fade, a0 | a1)
            a1 ^= fading & ~a0
            a0 ^= fading
        if near[w] & 2:
            p = chunk.province[w]
            begin = uint64(chunk.first[p])
            last = begin + uint64(chunk.words[p]) - ONE
            touched = with_a_tie_in(hurt, ties, ring, w, begin, last) & ~(a0 & a1)
            a1 ^= touched & a0
            a0 ^= touched
        anger0[w], anger1[w] = a0, a1
        board[ANGER, n], board[ANGER + 1, n] = a0, a1


class Rule(NamedTuple):
    """How citizens decide; the unit of utility is that of the levels (sd)."""

    tie: float  # utility of one tie in the street
    anger: float  # utility of a level of anger
    fade: float  # chance a day that a level of anger fades
    noise: float  # scale of the logistic draw; 0 for fixed thresholds
    able: float  # chance that one who would go can


def _decide(
    key: np.uint64,
    people: People,
    ring: Int,
    levels: F64,
    utility: F64,
    highest: F64,
    rule: Rule,
    counts: I64,
    shift: I64,
    parts: int = 1,
) -> None:
    """Who goes out today.

    ring: ties to each side.  levels: float64[256], what a disposition byte means.  utility:
    float64[province, group], all that is common; highest: float64[province], its largest.
    people.near is from `look_around`, or 3 to look everywhere.

    Writes people.spare, counts[block, group] and shift[block, group]: those out, less those who
    with the same luck would be out if nobody had ties, anger or was away. Fades and raises the
    anger planes in place. parts: the blocks are shared out to so many, each with a board of its
    own.
    """
    out, out_new, away, near = people.out, people.spare, people.away, people.near
    anger0, anger1, hurt, ties = people.anger0, people.anger1, people.hurt, people.ties
    disposition, group, blocks = people.disposition, people.group, people.blocks
    province, first, words = people.province, people.first, people.words
    tie_weight, anger_weight, fade = rule.tie, rule.anger, rule.fade
    noise, able = rule.noise, rule.able
    second = other(key)
    fade_key = other(second)
    tables = noise >= FINEST
    scale = noise if tables else 1.0
    against_ties = np.exp(-tie_weight / scale * np.arange(16))
    against_anger = np.exp(-anger_weight / scale * np.arange(4))
    reach, ends = reaches(noise, able), lower_ends(noise)
    lift = lifts(levels, tie_weight, anger_weight)
    parts, last = min(parts, blocks.shape[0] - 1), blocks.shape[0] - 1
    for part in prange(parts):
        board, weights, chosen, where = _board(), _weights(), _words(), _words()
        marks, before, after = _marks(), _words(), _words()
        long = ties.shape[0]
        seen = _seen() if long <= MOST_TIES else np.empty((long, CHUNK), np.uint64)
        word, could_of, level_of, code_of = _listed(), _listed(), _lanes(), _lanes()
        # Odds against going, of a group and of a level, 0 until somebody needs them.
        against_group, against_level = np.zeros(utility.shape), _levels()
        for n in range(against_level.size):
            against_level[n] = 0.0
        for n in range(CHUNK):
            before[n] = after[n] = uint64(0)
        for t in range(long, SILENT):
            for n in range(CHUNK):
                seen[t, n] = uint64(0)
        listed = uint64(0)
        for n in range(CHUNK):
            board[0, n] = ~uint64(0)
        block, final = part * last // parts, (part + 1) * last // parts
        top, end = np.nan, uint64(blocks[final])
        for start in range(uint64(blocks[block]), end, uint64(CHUNK)):  # whatever the provinces
            size = min(uint64(CHUNK), end - start)
            chunk = Chunk(start, size, province, first, words)
            highest_here = highest[province[start] : province[start + size - ONE] + 1].max()
            if highest_here != top:
                top = highest_here
                steps = weigh_levels(levels, top, reach)
            for row in range(TIES, AWAY):
                for n in range(CHUNK):
                    board[row, n] = uint64(0)
            count_ties(out, ties, ring, near, chunk, marks, seen, before, after, board)
            feel(fade_key, fade, anger0, anger1, hurt, near, ties, ring, chunk, board)
            drawn = draw_levels(key, start, board) if noise > 0.0 else nobody(board, 1)
            weigh_board(board, drawn, steps, lift, weights)
            if weights[TIES + 2] | weights[TIES + 3] | weights[ANGER] | weights[ANGER + 1]:
                choose(disposition, start * uint64(64), size, board, weights, chosen)
            else:
                choose_few(disposition, start * uint64(64), size, board, weights, chosen)
            found = uint64(0)
            for n in range(size):
                out_new[start + n] = uint64(0)
                where[found] = n
                found += uint64(chosen[n] != uint64(0))
            for k in range(found):
                n = where[k]
                prefetch(group, (start + n) * uint64(64) + trailing_zeros(chosen[n]))
                board[AWAY, n] = away[start + n]
                masked_sum(board, ONE, uint64(LEVELS + 1), n, EACH, level_of[listed])
                masked_sum(board, uint64(TIES), uint64(ROWS), n, POWERS, code_of[listed])
                word[listed], could_of[listed] = start + n, chosen[n]
                listed += ONE
            if listed <= uint64(FEW) and start + uint64(CHUNK) < end:
                continue
            for k in range(listed):
                w, could, new = word[k], could_of[k], uint64(0)
                level, code, p = level_of[k], code_of[k], province[w]
                while uint64(blocks[block + 1]) <= w:
                    block += 1
                while could != uint64(0):
                    lane = trailing_zeros(could)
                    could &= could - ONE
                    i = w * uint64(64) + lane
                    g, d, c, j = group[i], disposition[i], code[lane], level[lane]
                    friends, angry = c & np.uint8(15), (c >> np.uint8(4)) & np.uint8(3)
                    u = ends[j, 0] * (ends[j, 1] + person_unit(second, i))
                    if tables:  # (citizens.1), as odds against it
                        if against_group[p, g] == 0.0:
                            against_group[p, g] = math.exp(min(-utility[p, g] / scale, 600.0))
                        if against_level[d] == 0.0:
                            against_level[d] = math.exp(levels[d] / scale)
                        against = against_group[p, g] * against_level[d]
                        would = dares(against, u, able)
                        against = against * against_ties[friends] * against_anger[angry]
                        goes = dares(against, u, able)
                    else:  # (citizens.1)
                        alone = utility[p, g] - levels[d]
                        would = decides(alone, u, noise, able)
                        x = alone + tie_weight * friends + anger_weight * angry
                        goes = decides(x, u, noise, able)
                    goes &= c < np.uint8(64)
                    new |= uint64(goes) << lane
                    counts[block, g] += np.int64(goes)
                    shift[block, g] += np.int64(goes) - np.int64(would)
                out_new[w] = new
            listed = uint64(0)


def _people_in(a: U64, b: U64) -> np.uint64:
    """People in either of two planes: uint64[words]."""
    n = uint64(0)
    for w in prange(a.size):
        n += popcount(a[w] | b[w])
    return n


decide, decide_threaded = compiled(_decide), threaded(_decide, PARTS)
people_in, people_in_threaded = compiled(_people_in), threaded(_people_in)


@compiled
def look_around(
    out: U64, hurt: U64, ties: U32, province: I16, first: I64, words: I64, near: U8
) -> None:
    """Write near (uint8[words]): which words have a tie in the street (1), or a tie that was hurt
    (2), or may have. Words with somebody mark the words of their ties. Bit t + 2 says that long tie
    t, of the first SILENT, was not marked, so that nobody is in the street there.

    Where more than one word in eight has somebody, all are marked and no tie is silent: it costs
    less to look. The other arrays are those of `People`.
    """
    near[:] = 252
    for bit, plane in ((np.uint8(1), out), (np.uint8(2), hurt)):
        some = 0
        for w in range(plane.size):
            some += plane[w] != uint64(0)
        if some > plane.size >> 3:
            for w in range(near.size):
                near[w] = bit if bit == 1 else near[w] | bit
            continue
        where, told = np.empty(some + 1, np.int64), 0
        for w in range(plane.size if some else 0):
            where[told] = w
            told += plane[w] != uint64(0)
        for w in where[:some]:
            f, n = first[province[w]], words[province[w]]
            near[w] |= bit
            near[w - 1 if w > f else f + n - 1] |= bit
            near[w + 1 if w < f + n - 1 else f] |= bit
            for t in range(ties.shape[0]):
                heard = np.uint8(4) << t if bit == 1 and t < SILENT else np.uint8(0)
                near[ties[t, w] >> 6] = near[ties[t, w] >> 6] & ~heard | bit


@njit(inline="always")
def log_share_at(utility: float, grid_start: float, per_step: float, log_share: F64) -> float:
    """The logarithm of the share out at a utility, from a table: as at its first utility below
    that, and as at its last above that.

    log_share: float64[grid], the logarithm of the share F out at utilities grid_start + k/per_step,
    between which it is interpolated.
    """
    x, most = (utility - grid_start) * per_step, float(log_share.size - 2)
    x = x if x > 0.0 else 0.0
    k = uint64(np.int64(x if x < most else most))  # an index that cannot be negative is faster
    return log_share[k] + min(x - k, 1.0) * (log_share[k + ONE] - log_share[k])


@compiled(error_model="numpy")
def share_at(utility: float, grid_start: float, grid_step: float, log_share: F64) -> float:
    """Share out at a utility by a table of utilities so far apart, as in `log_share_at`; nobody
    below its first utility.
    """
    share = math.exp(log_share_at(utility, grid_start, 1.0 / grid_step, log_share))
    return 0.0 if utility < grid_start else share


@compiled(error_model="numpy")
def turnout(
    utility: F64,
    grid_start: float,
    grid_step: float,
    log_share: F64,
    composition: F64,
    shift: I64,
    block_province: I16,
    agents: F64,
) -> F64:
    """Share of each province's residents who are out, by group: float64[province, group].

    utility: float64[province, group].  grid_start, grid_step, log_share: a table of the share out
    alone, see `share_at`.  composition: float64[province, group], shares of residents.  shift:
    int64[block, group], see `decide`.  block_province: int16[block].  agents: float64[province].
    """
    provinces, groups = utility.shape
    out, alone = np.zeros((provinces, groups)), np.empty(provinces * groups)
    per_step, n = 1.0 / grid_step, 0
    for b in range(shift.shape[0]):
        p = block_province[b]
        for g in range(groups):
            out[p, g] += shift[b, g]
    for p in range(provinces):
        for g in range(groups):
            alone[n] = log_share_at(utility[p, g], grid_start, per_step, log_share)
            n += 1
    exponentials(alone)
    for p in range(provinces):
        here, n = agents[p], p * groups
        for g in range(groups):
            some = composition[p, g] * alone[n + g] if utility[p, g] >= grid_start else 0.0
            out[p, g] = max(0.0, some + out[p, g] / here)  # (citizens.7)
    return out


@compiled
def gathered(out: F64, residents: F64) -> tuple[F64, F64]:
    """Share of residents who are out, float64[province], and persons, float64[group].

    out: share of each province's residents, float64[province, group].  residents: persons.
    """
    provinces, groups = out.shape
    by_province, by_group = np.empty(provinces), np.zeros(groups)
    for p in range(provinces):
        share, people = 0.0, residents[p]
        for g in range(groups):
            share += out[p, g]
        for g in range(groups):
            by_group[g] += people * out[p, g]
        by_province[p] = share
    return by_province, by_group


@compiled
def share_out(utility: float, noise: float, levels: F64, weights: F64) -> float:
    """Share of a population that goes out at a common utility when all are able: E_d[logistic] of
    (citizens.3) and (citizens.7).

    levels, weights: float64[levels], dispositions and the share of people at each.
    """
    share = 0.0
    for k in range(levels.shape[0]):
        share += part_out(weights[k], utility - levels[k], noise)
    return share


@compiled
def shares_out(utilities: F64, noise: float, levels: F64, weights: F64) -> F64:
    """share_out at each of many utilities, float64[utilities], which are as far apart as the levels
    are: the share at one level is then needed once for each difference, and not for each pair.
    """
    n, step = levels.size, levels[1] - levels[0]
    alike = np.empty(n - 1 + utilities.size)
    for i in range(alike.size):
        alike[i] = part_out(1.0, utilities[0] - levels[n - 1] + i * step, noise)
    share = np.zeros(utilities.size)
    for j in range(n):
        weight, here = weights[j], alike[n - 1 - j :]
        for k in range(share.size):
            share[k] += weight * here[k]
    return share
