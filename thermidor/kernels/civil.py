"""People go out or stay, police arrest, all in random order on a torus (lattice.py): the fast
kernel of Epstein's Model I.

What it means is said in published/epstein.py. The random order is drawn some people ahead, so that
what is needed of them comes from memory in time; who is in jail is dropped from it. The plain
version is in `tests/oracles/civil_plain.py`, and gives the same people, cell for cell, from the
same draws: order(t, i) = mix(k_t + i golden), move(t, i) = mix(k'_t + i golden), all else from one
stream.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import uint64

from ..support.compiled import compiled
from .arrays import F32, F64, I32, I64, U64, Bool, Int
from .bits import GOLDEN, mix
from .decision import goes_out, net
from .lattice import (
    A_POLICE,
    ACTIVE,
    AN_ACTIVE,
    FREE,
    POLICE,
    QUIET,
    ROWS,
    Ground,
    Occupancy,
    below,
    draw,
    find,
    free_again,
    free_anywhere,
    free_drawn,
    place,
    put,
    released,
    row_column,
    shift_view,
    wrapped,
)
from .rows import prefetch

AHEAD = 32
FOR_EVER = 2**30


class Rules(NamedTuple):
    """How people decide and police arrest."""

    threshold: float  # what the gain from going out must reach
    chance: F64  # float64[disc + 1, disc + 1], perceived, by police and other actives in view
    moving: bool  # people move; police do in any case
    longest: int  # ticks of the longest term in jail, 0 for life
    near: bool  # the released reappear in view of where they were arrested, else anywhere


@compiled(nogil=True)
def play(
    ground: Ground,
    key: np.uint64,
    occupancy: Occupancy,
    hardship: F32,
    risk: F32,
    legitimacy: F64,
    police: I64,
    rules: Rules,
) -> I32:
    """Play a tick for each entry of legitimacy; actives, jailed and police at its end: int32[ticks,
    3].

    occupancy.at has room for the people and then the police at most: the complement of the cell
    for who is in jail, -1 for police not there.  hardship, risk: float32[people], in [0, 1).
    legitimacy: float64[ticks].  police: int64[ticks], how many there are.
    """
    at, cells, counts = occupancy.at, occupancy.cells, occupancy.counts
    threshold, chance, moving = rules.threshold, rules.chance, rules.moving
    longest, near = rules.longest, rules.near
    people, height, width = hardship.size, ground.height, ground.width
    order, dropped = np.empty(at.size, np.int32), at < 0
    until, who = np.full(people, -1, np.int32), np.zeros(cells.size, np.int32)
    ahead, luck = np.zeros(AHEAD, np.uint64), np.array([mix(key)])
    series = np.zeros((legitimacy.size, 3), np.int32)
    size = actives = jailed = corps = 0
    for b in range(at.size):
        if not dropped[b]:
            order[size] = b
            size += 1
            corps += b >= people
    for t in range(legitimacy.size):
        corps, size = _recruit(
            ground, occupancy, people, corps, police[t], order, size, dropped, luck
        )
        key_order = mix(key + uint64(2 * t + 1) * GOLDEN)
        key_move = mix(key + uint64(2 * t + 2) * GOLDEN)
        top = size
        while top > 0:
            bottom = max(0, top - AHEAD)
            for i in range(top - 1, bottom - 1, -1):
                j = np.uint64(below(mix(key_order + uint64(i) * GOLDEN), i + 1))
                a = order[j]
                order[j] = order[np.uint64(i)]
                order[np.uint64(i)] = a
                ahead[i - bottom] = mix(key_move + uint64(i) * GOLDEN)
                prefetch(at, np.int64(a))
                prefetch(hardship, np.int64(a))
                prefetch(risk, np.int64(a))
            for i in range(top - 1, bottom - 1, -1):
                a = np.uint64(order[i])
                where = at[a]
                if where < 0:
                    size -= 1
                    order[i] = order[size]
                    dropped[a] = True
                    continue
                y, x = row_column(where)
                p = place(ground, y, x)
                kind = cells[np.uint64(p)]
                new_y, new_x, q, moved = y, x, p, False
                if moving or kind == POLICE:
                    k = free_drawn(ground, cells, p, ahead[i - bottom])
                    if k == ground.disc:
                        k = free_again(ground, cells, p, luck)
                    moved = k != ground.disc
                    new_y = wrapped(y + ground.steps[np.uint64(k), 0], height)
                    new_x = wrapped(x + ground.steps[np.uint64(k), 1], width)
                    q = place(ground, new_y, new_x)
                    at[a] = new_y << 16 | new_x
                    put(ground, cells, y, x, FREE)
                    put(ground, cells, new_y, new_x, kind)
                seen = np.int64(counts[np.uint64(q - ROWS * ground.stride)])
                gone = come = 0
                if kind == POLICE:
                    if moved:
                        gone = come = A_POLICE
                    if seen & 255:
                        down, across = find(ground, cells, q, ACTIVE, below(draw(luck), seen & 255))
                        caught_y = wrapped(new_y + down, height)
                        caught_x = wrapped(new_x + across, width)
                        b = who[place(ground, caught_y, caught_x)]
                        put(ground, cells, caught_y, caught_x, FREE)
                        shift_view(ground, counts, caught_y, caught_x, -AN_ACTIVE)
                        at[b] = ~at[b]
                        until[b] = t + below(draw(luck), longest) if longest else FOR_EVER
                        actives -= 1
                        jailed += 1
                else:
                    was = kind == ACTIVE
                    # Before one who is active moved, it was in view of where it is now.
                    others = (seen & 255) - (was and moved)
                    arrest = chance[np.uint64(seen >> 8), np.uint64(others)]
                    grievance = hardship[a] * (1.0 - legitimacy[t])
                    goes = goes_out(net(grievance, risk[a], arrest) - threshold)  # (citizens.1)
                    if was or goes:
                        gone, come = was and (moved or not goes), goes and (moved or not was)
                        who[q] = a
                        if goes != was:
                            put(ground, cells, new_y, new_x, ACTIVE if goes else QUIET)
                            actives += int(goes) - int(was)
                if gone:
                    shift_view(ground, counts, y, x, -gone)
                if come:
                    shift_view(ground, counts, new_y, new_x, come)
            top = bottom
        for b in range(people):
            if until[b] < 0 or until[b] > t:
                continue
            y, x = row_column(~at[b])
            y, x = released(ground, cells, y, x, near, luck)
            if y >= 0:
                at[b] = y << 16 | x
                until[b] = -1
                jailed -= 1
                put(ground, cells, y, x, QUIET)
                if dropped[b]:
                    order[size] = b
                    size += 1
                    dropped[b] = False
        series[t, 0], series[t, 1], series[t, 2] = actives, jailed, corps
    return series


@compiled
def _recruit(
    ground: Ground,
    occupancy: Occupancy,
    people: int,
    corps: int,
    wanted: Int,
    order: I32,
    size: int,
    dropped: Bool,
    luck: U64,
) -> tuple[int, int]:
    """Let police go (all are alike, so the last) or put new ones on random free cells; how many
    there are, and the length of the order.

    order: int32[people and police at most], who is at large.  dropped: bool, the same size, who is
    not in the order.
    """
    at, cells, counts = occupancy.at, occupancy.cells, occupancy.counts
    while corps > wanted:
        corps -= 1
        y, x = row_column(at[people + corps])
        put(ground, cells, y, x, FREE)
        shift_view(ground, counts, y, x, -A_POLICE)
        at[people + corps] = -1
    while corps < wanted:
        y, x = free_anywhere(ground, cells, draw(luck))
        if y < 0:
            break
        put(ground, cells, y, x, POLICE)
        shift_view(ground, counts, y, x, A_POLICE)
        at[people + corps] = y << 16 | x
        if dropped[people + corps]:
            order[size] = people + corps
            size += 1
            dropped[people + corps] = False
        corps += 1
    return corps, size


@compiled
def share_out(legitimacy: float, arrest: float, threshold: float, levels: int) -> float:
    """Share of people that go out if all perceive this chance of arrest: hardship and risk aversion
    at the middles of `levels` equal steps.
    """
    out = 0
    for i in range(levels):
        for j in range(levels):
            grievance = (i + 0.5) / levels * (1.0 - legitimacy)
            # (citizens.1)
            out += goes_out(net(grievance, (j + 0.5) / levels, arrest) - threshold)
    return out / levels**2
