"""Who could go out today, sixty-four words at a time; whoever could is then decided alone (crowd.py).

Person i goes out if u (1 + exp(-x/s)) < a, x = V + lift - d. A number u of level j is at least 2^-(j+1), so at level j nobody
goes out unless

    d <= V + r_j + lift,   r_j = s ln(a 2^(j+1) - 1), nobody when a 2^(j+1) <= 1                       (candidates.1)

with V the highest utility in the province and lift what the person's own ties in the street and own anger add. Dispositions are
bytes, so this becomes a comparison of bytes, for 64 people in one step of the machine: with n_j dispositions up to V + r_j, and the
lift of each plane (a tie, two, four, eight; one level of anger, two) rounded up to whole bytes, those for whom

    byte + 1 <= n_j + lift in bytes, both sides held at 255                                            (candidates.2)

include all who satisfy (candidates.1), because each byte is worth at least `finest` (`smallest_step`). Rounding,
holding at 255, and the joining of levels into steps (which takes the r_j of the last) only add candidates. A candidate is decided
by the rule itself, so their number changes how long a day takes and nothing else.
"""
from __future__ import annotations

import math

import numpy as np
from numba import njit, uint64

from .bits import CHUNK, LEVELS, ONE, beside, level_word, turned, two_more
from .rows import chooser

TIES, ANGER, AWAY, ROWS = LEVELS + 1, LEVELS + 5, LEVELS + 7, LEVELS + 8  # rows of a chunk's board, after those of levels
STEPS = (0, 1, 2, 3, 4, 6, 9, 13, LEVELS + 1)  # levels that are compared together, from each to the next: few people are in the high ones
SIX, LANE = np.uint32(6), np.uint32(63)
choose, choose_few = chooser((*STEPS[1:-1], *range(TIES, AWAY))), chooser((*STEPS[1:-1], TIES, TIES + 1))
STEPS = np.array(STEPS)


@njit(inline="always")
def count_ties(out, ties, ring, near, start, size, first, words, where, seen, beyond, board):
    """Count the ties in the street, of the words start.. that are near anybody, into the rows TIES.. of the board.

    where: uint64[CHUNK], seen: uint64[2 CHUNK], beyond: uint64[CHUNK + 2], scratch.
    """
    c0, c1, c2, c3 = TIES, TIES + 1, TIES + 2, TIES + 3
    found, last = uint64(0), first + words - ONE
    for n in range(size):
        where[found] = n
        found += uint64(near[start + n] & ONE)
    if found == uint64(0):
        return
    for n in range(2 * CHUNK):
        seen[n] = uint64(0)
    if ring:
        beyond[0] = out[start - ONE if start > first else last]
        for n in range(size):
            beyond[n + ONE] = out[start + n]
        beyond[size + ONE] = out[start + size if start + size <= last else first]
    for d in range(1, ring + 1):
        for n in range(CHUNK):
            ahead, behind = beside(beyond[n + 1], beyond[n + 2], beyond[n], d)
            board[c0, n], board[c1, n], board[c2, n], board[c3, n] = two_more(board[c0, n], board[c1, n], board[c2, n], board[c3, n], ahead, behind)
    for t in range(0, ties.shape[0], 2):
        for r in range(2):
            for k in range(found):
                n = where[k]
                value = uint64(0)
                if t + r < ties.shape[0]:
                    tie = ties[t + r, start + n]
                    value = turned(out[tie >> SIX], uint64(tie & LANE))
                seen[uint64(r * CHUNK) + n] = value
        for n in range(CHUNK):
            board[c0, n], board[c1, n], board[c2, n], board[c3, n] = two_more(
                board[c0, n], board[c1, n], board[c2, n], board[c3, n], seen[n], seen[CHUNK + n])


@njit(inline="always")
def draw_levels(key, start, board):
    """Write into board[j, n] the people of word start + n whose number is below 2^-j (bits.1); how many rows have somebody."""
    for j in range(LEVELS):
        left = uint64(0)
        for n in range(CHUNK):
            board[j + 1, n] = board[j, n] & level_word(key, start + n, j)
            left |= board[j + 1, n]
        if left == uint64(0):
            return j + 1
    return LEVELS + 1


@njit(cache=True)
def reaches(noise, able):
    """r_j of (candidates.1) at the last level of each step; without noise there is no number and all is one level."""
    reach = np.zeros(STEPS.size - 1)
    if noise > 0.0:
        for s in range(STEPS.size - 2):
            odds = able * 2.0 ** STEPS[s + 1] - 1.0
            reach[s] = noise * math.log(max(odds, 1e-6)) if odds > 0.0 else -np.inf
        reach[-1] = np.inf
    return reach


@njit(cache=True)
def smallest_step(levels):
    """The least by which a disposition byte is worth more than the one before."""
    least = np.inf
    for d in range(levels.size - 1):
        least = min(least, levels[d + 1] - levels[d])
    return least


@njit(inline="always")
def weigh_board(board, drawn, levels, finest, top, reach, tie_weight, anger_weight, weights):
    """Write the weights of the rows of (candidates.2): of each step of levels, by how many bytes n_j is higher than at the step before;
    of each plane of ties or anger that anybody is in, its lift in bytes.  drawn: rows of levels with somebody.  top: V."""
    before, guard, per_byte = 0, 1e-9 * (1.0 + abs(top)), 1.0 / max(levels[1] - levels[0], 1e-300)
    for s in range(STEPS.size - 1):
        weights[STEPS[s]] = 0
        if STEPS[s] < drawn:
            x = top + reach[s] + guard
            d = int(min(max((x - levels[0]) * per_byte, 0.0), 255.0))
            while d < 255 and levels[d + 1] <= x:
                d += 1
            while d >= 0 and levels[d] > x:
                d -= 1
            weights[STEPS[s]] = min(d + 1, 255) - before
            before = min(d + 1, 255)
    for r in range(TIES, AWAY):
        found = uint64(0)
        for n in range(CHUNK):
            found |= board[r, n]
        lift = tie_weight * (1 << r - TIES) if r < ANGER else anger_weight * (1 << r - ANGER)
        weights[r] = math.ceil(min(lift / max(finest, 1e-300), 255.0)) if found != uint64(0) and lift > 0.0 else 0
