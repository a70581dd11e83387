"""Two groups on a torus (lattice.py): who goes out kills one of the other group; people are born
and die: Epstein's Model II.

What it means is said in published/epstein_groups.py. One tick: all people at large and police in
random order, each moves, then decides and kills, or arrests; terms in jail run out; everybody at
large has a child with a chance; all grow older and some die.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..support.compiled import compiled
from .arrays import F32, F64, I8, I32, I64, U64, Bool, Int
from .bits import mix, unit
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
    free_anywhere,
    free_counted,
    place,
    put,
    released,
    row_column,
    shift_view,
    wrapped,
)

GONE = -(2**31)  # dead: neither a cell nor the complement of one


class Members(NamedTuple):
    """Who people are; there is room for more than there are."""

    group: I8  # int8[people], 0 or 1; 2 for police
    hardship: F32  # float32[people], in [0, 1)
    risk: F32  # float32[people], in [0, 1)
    life: I64  # int64[people], ticks still to live


class Rules(NamedTuple):
    """How people decide, are born and die, and police arrest."""

    legitimacy: float
    threshold: float  # what the gain from going out must reach
    chance: F64  # float64[disc + 1, disc + 1], perceived, by police and other actives in view
    longest: int  # ticks of the longest term in jail
    near: bool  # the released reappear in view of where they were arrested, else anywhere
    births: float  # chance of a child a tick
    oldest: int  # a life is uniform in 1..oldest ticks


@compiled(nogil=True)
def play(
    ground: Ground,
    key: np.uint64,
    occupancy: Occupancy,
    members: Members,
    police: I64,
    rules: Rules,
) -> I64:
    """Play until a group is extinct, a tick for each entry of police at most; int64[ticks played,
    6]: people of the one and of the other group (in jail, too), actives, jailed, police, killed in
    this tick.

    occupancy.at is GONE where members have room, the complement of the cell for who is in jail.
    police: int64[ticks], at least so many; none leaves.
    """
    at, cells = occupancy.at, occupancy.cells
    group, life = members.group, members.life
    luck, who = np.array([mix(key)]), np.zeros(cells.size, np.int32)
    until, order = np.full(at.size, -1, np.int32), np.empty(at.size, np.int32)
    series = np.zeros((police.size, 6), np.int64)
    for a in range(at.size):
        if at[a] >= 0:
            y, x = row_column(at[a])
            who[place(ground, y, x)] = a
    for t in range(police.size):
        _garrison(ground, occupancy, group, police[t], luck)
        killed = 0
        size = _at_large(at, order)
        for i in range(size - 1, -1, -1):
            j = below(draw(luck), i + 1)
            a = order[j]
            order[j] = order[i]
            if at[a] >= 0:
                killed += _act(ground, occupancy, members, until, who, a, t, rules, luck)
        for b in range(at.size):
            if 0 <= until[b] <= t:
                y, x = row_column(~at[b])
                y, x = released(ground, cells, y, x, rules.near, luck)
                if y >= 0:
                    until[b] = -1
                    _arrive(ground, occupancy, who, b, y, x, QUIET)
        size = _at_large(at, order)
        children = _bear(ground, occupancy, who, members, order, size, rules, luck)
        for a in range(at.size):
            if at[a] != GONE and group[a] < 2 and not children[a]:
                life[a] -= 1
                if life[a] <= 0:
                    _bury(ground, occupancy, until, a)
        for a in range(at.size):
            if at[a] != GONE:
                series[t, group[a] if group[a] < 2 else 4] += 1
                series[t, 3] += at[a] < 0
                y, x = row_column(at[a])
                series[t, 2] += at[a] >= 0 and cells[place(ground, y, x)] == ACTIVE
        series[t, 5] = killed
        if series[t, 0] == 0 or series[t, 1] == 0:
            return series[: t + 1]
    return series


@compiled
def _at_large(at: I32, order: I32) -> int:
    """Write into order (int32[people]) who is on a cell; how many."""
    size = 0
    for a in range(at.size):
        if at[a] >= 0:
            order[size] = a
            size += 1
    return size


@compiled
def _arrive(
    ground: Ground, occupancy: Occupancy, who: I32, a: Int, y: Int, x: Int, kind: Int
) -> None:
    """Put a on a cell.  who: int32[cells], the last to arrive on each."""
    occupancy.at[a] = y << 16 | x
    who[place(ground, y, x)] = a
    put(ground, occupancy.cells, y, x, kind)


@compiled
def _bury(ground: Ground, occupancy: Occupancy, until: I32, a: Int) -> None:
    """A death, by age or by another's hand.  until: int32[people], last tick in jail, or -1."""
    at, cells = occupancy.at, occupancy.cells
    if at[a] >= 0:
        y, x = row_column(at[a])
        if cells[place(ground, y, x)] == ACTIVE:
            shift_view(ground, occupancy.counts, y, x, -AN_ACTIVE)
        put(ground, cells, y, x, FREE)
    at[a] = GONE
    until[a] = -1


@compiled
def _act(
    ground: Ground,
    occupancy: Occupancy,
    members: Members,
    until: I32,
    who: I32,
    a: Int,
    t: Int,
    rules: Rules,
    luck: U64,
) -> bool:
    """Move; then decide and kill, or arrest. Whether somebody was killed.

    until: int32[people], last tick in jail, or -1.  who: int32[cells], the last to arrive on each.
    """
    at, cells, counts = occupancy.at, occupancy.cells, occupancy.counts
    group, chance = members.group, rules.chance
    y, x = row_column(at[a])
    p = place(ground, y, x)
    kind = cells[p]
    amount = A_POLICE if kind == POLICE else AN_ACTIVE if kind == ACTIVE else 0
    if amount:
        shift_view(ground, counts, y, x, -amount)
    k = free_counted(cells, ground.jump, p, ground.disc, draw(luck))
    put(ground, cells, y, x, FREE)
    y = wrapped(y + ground.steps[k, 0], ground.height)
    x = wrapped(x + ground.steps[k, 1], ground.width)
    q = place(ground, y, x)
    seen = np.int64(counts[q - ROWS * ground.stride])
    if kind == POLICE:
        _arrive(ground, occupancy, who, a, y, x, POLICE)
        shift_view(ground, counts, y, x, A_POLICE)
        if seen & 255:
            down, across = find(ground, cells, q, ACTIVE, below(draw(luck), seen & 255))
            y, x = wrapped(y + down, ground.height), wrapped(x + across, ground.width)
            b = who[place(ground, y, x)]
            put(ground, cells, y, x, FREE)
            shift_view(ground, counts, y, x, -AN_ACTIVE)
            at[b], until[b] = ~at[b], t + below(draw(luck), rules.longest)
        return False
    grievance, arrest = (
        members.hardship[a] * (1.0 - rules.legitimacy),
        chance[seen >> 8, seen & 255],
    )
    goes = goes_out(net(grievance, members.risk[a], arrest) - rules.threshold)  # (citizens.1)
    _arrive(ground, occupancy, who, a, y, x, ACTIVE if goes else QUIET)
    if not goes:
        return False
    shift_view(ground, counts, y, x, AN_ACTIVE)
    n, victim = 0, -1
    # Each of the others in view is kept with chance 1/(how many were found), so all are equally
    # likely.
    for k in range(ground.disc):
        down = wrapped(y + ground.steps[k, 0], ground.height)
        across = wrapped(x + ground.steps[k, 1], ground.width)
        b = who[place(ground, down, across)]
        if not cells[q + ground.jump[k]] & (FREE | POLICE) and group[b] != group[a]:
            n += 1
            victim = b if below(draw(luck), n) == 0 else victim
    if n:
        _bury(ground, occupancy, until, victim)
    return n > 0


@compiled
def _bear(
    ground: Ground,
    occupancy: Occupancy,
    who: I32,
    members: Members,
    order: I32,
    size: Int,
    rules: Rules,
    luck: U64,
) -> Bool:
    """Children of those at large, in random order, each on a random free cell beside its parent, of
    the parent's group and hardship. Who was born: bool[people].

    who: int32[cells], the last to arrive on each.  order: int32[people], the first `size` are at
    large.
    """
    at, cells = occupancy.at, occupancy.cells
    group, hardship, risk, life = members.group, members.hardship, members.risk, members.life
    children, slot = np.zeros(at.size, np.bool_), 0
    for i in range(size - 1, -1, -1):
        j = below(draw(luck), i + 1)
        a = order[j]
        order[j] = order[i]
        if group[a] == 2 or unit(draw(luck)) >= rules.births:
            continue
        y, x = row_column(at[a])
        free, cell = 0, (y, x)
        for dy in range(-1, 2):
            for dx in range(-1, 2):
                c = (wrapped(y + dy, ground.height), wrapped(x + dx, ground.width))
                if cells[place(ground, c[0], c[1])] == FREE:
                    free += 1
                    cell = c if below(draw(luck), free) == 0 else cell
        while free and slot < at.size and at[slot] != GONE:
            slot += 1
        if free and slot < at.size:
            _arrive(ground, occupancy, who, slot, cell[0], cell[1], QUIET)
            group[slot], hardship[slot], risk[slot] = group[a], hardship[a], unit(draw(luck))
            life[slot], children[slot] = 1 + below(draw(luck), rules.oldest), True
    return children


@compiled
def _garrison(ground: Ground, occupancy: Occupancy, group: I8, wanted: Int, luck: U64) -> None:
    """New police on random free cells until there are as many as wanted.  group: int8[people]."""
    at, cells, counts = occupancy.at, occupancy.cells, occupancy.counts
    corps = np.sum((group == 2) & (at != GONE))
    for a in range(at.size):
        if corps >= wanted:
            return
        if at[a] == GONE:
            y, x = free_anywhere(ground, cells, draw(luck))
            if y < 0:
                return
            group[a], corps = 2, corps + 1
            at[a] = y << 16 | x
            put(ground, cells, y, x, POLICE)
            shift_view(ground, counts, y, x, A_POLICE)
