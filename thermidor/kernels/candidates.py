"""Who could go out today, sixty-four words at a time; whoever could is then decided alone
(crowd.py).

Person i goes out if u (1 + exp(-x/s)) < a, x = V + lift - d. A number u of level j is at least
2^-(j+1), so at level j nobody goes out unless

    d <= V + r_j + lift,  r_j = s ln(a 2^(j+1) - 1), nobody when a 2^(j+1) <= 1       (candidates.1)

with V the highest utility in the province and lift what the person's own ties in the street and own
anger add. Dispositions are bytes, so this becomes a comparison of bytes, for 64 people in one step
of the machine: with n_j dispositions up to V + r_j, and the lift of each plane (a tie, two, four,
eight; one level of anger, two) rounded up to whole bytes, those for whom

    byte + 1 <= n_j + lift in bytes, both sides held at 255                           (candidates.2)

include all who satisfy (candidates.1), because each byte is worth at least `finest`
(`smallest_step`). Rounding, holding at 255, and the joining of levels into steps (which takes the
r_j of the last) only add candidates. A candidate is decided by the rule itself, so their number
changes how long a day takes and nothing else.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit, uint64

from ..support.compiled import compiled
from .arrays import F64, I16, I64, U8, U32, U64, Int
from .bits import CHUNK, GOLDEN, LEVELS, ONE, beside, mix, rotate_right, trailing_zeros, two_more
from .borrowed import on_stack
from .rows import chooser, nonzero_mask

# Rows of a chunk's board, after the row of everybody and those of the levels: four planes of a
# count of ties, two of anger, one of those who are away.
TIES, ANGER, AWAY, ROWS = LEVELS + 1, LEVELS + 5, LEVELS + 7, LEVELS + 8
# Levels that are compared together, from each to the next: few people are in the high ones.
STEPS = np.array((0, 1, 2, 3, 4, 6, 9, 13, LEVELS + 1))
SILENT = 6  # long ties that can be marked as silent (crowd.look_around)
SIX, LANE = np.uint32(6), np.uint32(63)
BETWEEN = tuple(int(j) for j in STEPS[1:-1])
choose = chooser((*BETWEEN, *range(TIES, AWAY)))
choose_few = chooser((*BETWEEN, TIES, TIES + 1))
_eight = on_stack("float64", 8)


class Chunk(NamedTuple):
    """Up to CHUNK words in a row, looked at together, and where the provinces lie."""

    start: int  # first word, uint64
    size: int  # how many words, uint64
    province: I16  # int16[words]
    first: I64  # int64[provinces], first word
    words: I64  # int64[provinces], number of words


@njit(inline="always")
def sides(out: U64, chunk: Chunk, before: U64, after: U64) -> None:
    """Write the word before and the word after each of a chunk, in the ring of its province.

    out: uint64[words].  before, after: uint64[CHUNK].
    """
    start, size = chunk.start, chunk.size
    for n in range(ONE, size):
        before[n] = out[start + n - ONE]
    for n in range(size - ONE):
        after[n] = out[start + n + ONE]
    p, w = chunk.province[start], start
    while True:  # each province of which a part is here
        begin = uint64(chunk.first[p])
        end = begin + uint64(chunk.words[p])
        last = min(end, start + size) - ONE
        before[w - start] = out[w - ONE if w > begin else end - ONE]
        after[last - start] = out[last + ONE if last + ONE < end else begin]
        p, w = p + 1, end
        if w >= start + size:
            break


@njit(inline="always")
def count_ties(
    out: U64,
    ties: U32,
    ring: Int,
    near: U8,
    chunk: Chunk,
    marks: U8,
    seen: U64,
    before: U64,
    after: U64,
    board: U64,
) -> None:
    """Count the ties in the street of the people of a chunk, in words that are near anybody, into
    the rows TIES.. of the board (uint64[ROWS, CHUNK]).

    out: uint64[words].  ties: uint32[long, words].  ring: ties to each side.  near: uint8[words].
    Scratch: marks uint8[CHUNK], seen uint64[long, CHUNK], before, after uint64[CHUNK].
    """
    start, size = chunk.start, chunk.size
    c0, c1, c2, c3 = TIES, TIES + 1, TIES + 2, TIES + 3
    for n in range(size):
        marks[n] = near[start + n]
    for n in range(size, CHUNK):
        marks[n] = 0
    look = nonzero_mask(marks, np.uint8(1))
    if look == uint64(0):
        return
    if ring:
        sides(out, chunk, before, after)
    for t in range(ties.shape[0]):
        for n in range(CHUNK):
            seen[t, n] = uint64(0)
        left = look & ~nonzero_mask(marks, np.uint8(4 << t)) if t < SILENT else look
        while left != uint64(0):
            n = trailing_zeros(left)
            left &= left - ONE
            tie = ties[t, start + n]
            seen[t, n] = rotate_right(out[tie >> SIX], uint64(tie & LANE))
    one, two = ~uint64(0) if ring > 0 else uint64(0), ~uint64(0) if ring > 1 else uint64(0)
    for n in range(size):  # six long ties and two to each side at once; what is not there is zero
        word = out[start + n]
        a, b = beside(word, after[n], before[n], 1)
        k0, k1, k2, k3 = two_more(uint64(0), uint64(0), uint64(0), uint64(0), a & one, b & one)
        a, b = beside(word, after[n], before[n], 2)
        k0, k1, k2, k3 = two_more(k0, k1, k2, k3, a & two, b & two)
        k0, k1, k2, k3 = two_more(k0, k1, k2, k3, seen[0, n], seen[1, n])
        k0, k1, k2, k3 = two_more(k0, k1, k2, k3, seen[2, n], seen[3, n])
        board[c0, n], board[c1, n], board[c2, n], board[c3, n] = two_more(
            k0, k1, k2, k3, seen[4, n], seen[5, n]
        )
    for d in range(3, ring + 1):
        for n in range(size):
            a, b = beside(out[start + n], after[n], before[n], d)
            board[c0, n], board[c1, n], board[c2, n], board[c3, n] = two_more(
                board[c0, n], board[c1, n], board[c2, n], board[c3, n], a, b
            )
    for t in range(6, ties.shape[0]):
        for n in range(size):
            board[c0, n], board[c1, n], board[c2, n], board[c3, n] = two_more(
                board[c0, n], board[c1, n], board[c2, n], board[c3, n], seen[t, n], uint64(0)
            )


@njit(inline="always")
def nobody(board: U64, row: Int) -> Int:
    """Empty the rows of levels from this one on; its number.  board: uint64[ROWS, CHUNK]."""
    for j in range(row, LEVELS + 1):
        for n in range(CHUNK):
            board[j, n] = uint64(0)
    return row


@njit(inline="always")
def draw_levels(key: np.uint64, start: Int, board: U64) -> Int:
    """Write into board[j, n] the people of word start + n whose number is below 2^-j; how many rows
    have somebody. The row of those who are away holds the words' places meanwhile.

    board: uint64[ROWS, CHUNK].
    """
    for n in range(CHUNK):
        board[AWAY, n] = key + (start + n) * uint64(64) * GOLDEN
    for j in range(LEVELS):
        left = uint64(0)
        for n in range(CHUNK):
            word = mix(board[AWAY, n] + uint64(j) * GOLDEN)
            board[j + 1, n] = board[j, n] & word  # (bits.1)
            left |= board[j + 1, n]
        if left == uint64(0):
            return nobody(board, j + 1)
    return LEVELS + 1


@compiled
def reaches(noise: float, able: float) -> F64:
    """r_j, in units of utility, at the last level of each step: float64[steps]; without noise there
    is no number and all is one level.
    """
    reach = np.zeros(STEPS.size - 1)
    if noise > 0.0:
        for s in range(STEPS.size - 2):
            odds = able * 2.0 ** STEPS[s + 1] - 1.0
            # (candidates.1)
            reach[s] = noise * math.log(max(odds, 1e-6)) if odds > 0.0 else -np.inf
        reach[-1] = np.inf
    return reach


@compiled
def smallest_step(levels: F64) -> float:
    """The least step between two levels: float64[256]."""
    least, finest = _eight(), np.inf
    for k in range(least.size):
        least[k] = np.inf
    for d in range(levels.size - 1):  # eight that need not wait for each other
        least[d & 7] = min(least[d & 7], levels[d + 1] - levels[d])
    for k in range(least.size):
        finest = min(finest, least[k])
    return finest


@compiled
def lifts(levels: F64, tie_weight: float, anger_weight: float) -> U8:
    """Bytes by which each plane of ties and anger lifts at most, uint8[AWAY - TIES]: each byte is
    worth at least the least step between two levels.

    levels: float64[256].  tie_weight, anger_weight: utility of a tie in the street, of a level of
    anger.
    """
    lift, finest = np.zeros(AWAY - TIES, np.uint8), smallest_step(levels)
    for r in range(AWAY - TIES):
        if r < ANGER - TIES:
            weight = tie_weight * (1 << r)
        else:
            weight = anger_weight * (1 << r + TIES - ANGER)
        lift[r] = math.ceil(min(weight / max(finest, 1e-300), 255.0)) if weight > 0.0 else 0
    return lift


@compiled
def weigh_levels(levels: F64, top: float, reach: F64) -> U8:
    """By how many bytes n_j of (candidates.2) is higher than at the step before: uint8[steps].

    levels: float64[256].  top: V.  reach: float64[steps].
    """
    steps, before = np.empty(reach.size, np.uint8), 0
    per_byte = 1.0 / max(levels[1] - levels[0], 1e-300)
    for s in range(reach.size):
        x = top + reach[s] + 1e-9 * (1.0 + abs(top))  # (candidates.1)
        n = int(min(max((x - levels[0]) * per_byte, 0.0), 255.0))
        while n < 255 and levels[n] <= x:
            n += 1
        while n > 0 and levels[n - 1] > x:
            n -= 1
        steps[s] = n - before
        before = n
    return steps


@njit(inline="always")
def weigh_board(board: U64, drawn: Int, steps: U8, lift: U8, weights: U8) -> None:
    """Write the weights of the rows, in bytes of (candidates.2): of each step of levels, and of
    each plane of ties or anger that anybody is in.

    board: uint64[ROWS, CHUNK].  drawn: rows of levels with somebody.  steps: uint8[steps].  lift:
    uint8[AWAY - TIES].  weights: uint8[ROWS].
    """
    for s in range(STEPS.size - 1):
        weights[STEPS[s]] = steps[s] if STEPS[s] < drawn else 0
    for r in range(TIES, AWAY):
        found = uint64(0)
        for n in range(CHUNK):
            found |= board[r, n]
        weights[r] = lift[r - TIES] if found != uint64(0) else 0
