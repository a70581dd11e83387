"""Two groups on a torus (lattice.py): who goes out kills one of the other group; people are born
and die: Epstein's Model II.

What it means is said in published/epstein_groups.py. One tick: all people at large and police in
random order, each moves, then decides and kills, or arrests; terms in jail run out; everybody at
large has a child with a chance; all grow older and some die.
"""

from __future__ import annotations

import numpy as np

from ..support.compiled import compiled
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
    below,
    draw,
    find,
    free_anywhere,
    free_counted,
    place,
    put,
    released,
    shift_view,
    wrapped,
)

GONE = -(2**31)  # dead: neither a cell nor the complement of one


@compiled(nogil=True)
def play(
    ground,
    key,
    at,
    cells,
    counts,
    group,
    hardship,
    risk,
    life,
    legitimacy,
    police,
    threshold,
    chance,
    longest,
    near,
    births,
    oldest,
):
    """Play until a group is extinct, a tick for each entry of police at most; int64[ticks played,
    6]: people of the one and of the other group (in jail, too), actives, jailed, police, killed in
    this tick.

    at, group, hardship, risk, life have room for more people than there are: at is GONE for the
    rest; group is 2 for police. life: ticks still to live.  police: at least so many; none leaves.
    births: chance of a child a tick.  oldest: a life is uniform in 1..oldest ticks.  Others as in
    civil.play.
    """
    luck, who, until = (
        np.array([mix(key)]),
        np.zeros(cells.size, np.int32),
        np.full(at.size, -1, np.int32),
    )
    order, series = np.empty(at.size, np.int32), np.zeros((police.size, 6), np.int64)
    for a in range(at.size):
        if at[a] >= 0:
            who[place(ground, at[a] >> 16, at[a] & 0xFFFF)] = a
    for t in range(police.size):
        _garrison(ground, at, cells, counts, group, police[t], luck)
        killed = 0
        size = _at_large(at, order)
        for i in range(size - 1, -1, -1):
            j = below(draw(luck), i + 1)
            a = order[j]
            order[j] = order[i]
            if at[a] >= 0:
                killed += _act(
                    ground,
                    at,
                    cells,
                    counts,
                    group,
                    hardship,
                    risk,
                    until,
                    who,
                    a,
                    t,
                    legitimacy,
                    threshold,
                    chance,
                    longest,
                    luck,
                )
        for b in range(at.size):
            if 0 <= until[b] <= t:
                y, x = released(
                    ground, cells, np.int64(~at[b] >> 16), np.int64(~at[b] & 0xFFFF), near, luck
                )
                if y >= 0:
                    until[b] = -1
                    _arrive(ground, at, cells, who, b, y, x, QUIET)
        size = _at_large(at, order)
        children = _bear(
            ground, at, cells, who, group, hardship, risk, life, order, size, births, oldest, luck
        )
        for a in range(at.size):
            if at[a] != GONE and group[a] < 2 and not children[a]:
                life[a] -= 1
                if life[a] <= 0:
                    _bury(ground, at, cells, counts, until, a)
        for a in range(at.size):
            if at[a] != GONE:
                series[t, group[a] if group[a] < 2 else 4] += 1
                series[t, 3] += at[a] < 0
                series[t, 2] += (
                    at[a] >= 0 and cells[place(ground, at[a] >> 16, at[a] & 0xFFFF)] == ACTIVE
                )
        series[t, 5] = killed
        if series[t, 0] == 0 or series[t, 1] == 0:
            return series[: t + 1]
    return series


@compiled
def _at_large(at, order):
    size = 0
    for a in range(at.size):
        if at[a] >= 0:
            order[size] = a
            size += 1
    return size


@compiled
def _arrive(ground, at, cells, who, a, y, x, kind):
    at[a] = y << 16 | x
    who[place(ground, y, x)] = a
    put(ground, cells, y, x, kind)


@compiled
def _bury(ground, at, cells, counts, until, a):
    """A death, by age or by another's hand."""
    if at[a] >= 0:
        y, x = np.int64(at[a] >> 16), np.int64(at[a] & 0xFFFF)
        if cells[place(ground, y, x)] == ACTIVE:
            shift_view(ground, counts, y, x, -AN_ACTIVE)
        put(ground, cells, y, x, FREE)
    at[a] = GONE
    until[a] = -1


@compiled
def _act(
    ground,
    at,
    cells,
    counts,
    group,
    hardship,
    risk,
    until,
    who,
    a,
    t,
    legitimacy,
    threshold,
    chance,
    longest,
    luck,
):
    """Move; then decide and kill, or arrest. Whether somebody was killed."""
    y, x = np.int64(at[a] >> 16), np.int64(at[a] & 0xFFFF)
    p = place(ground, y, x)
    kind = cells[p]
    amount = A_POLICE if kind == POLICE else AN_ACTIVE if kind == ACTIVE else 0
    if amount:
        shift_view(ground, counts, y, x, -amount)
    k = free_counted(cells, ground.jump, p, ground.disc, draw(luck))
    put(ground, cells, y, x, FREE)
    y, x = (
        wrapped(y + ground.steps[k, 0], ground.height),
        wrapped(x + ground.steps[k, 1], ground.width),
    )
    q = place(ground, y, x)
    seen = np.int64(counts[q - ROWS * ground.stride])
    if kind == POLICE:
        _arrive(ground, at, cells, who, a, y, x, POLICE)
        shift_view(ground, counts, y, x, A_POLICE)
        if seen & 255:
            down, across = find(ground, cells, q, ACTIVE, below(draw(luck), seen & 255))
            y, x = wrapped(y + down, ground.height), wrapped(x + across, ground.width)
            b = who[place(ground, y, x)]
            put(ground, cells, y, x, FREE)
            shift_view(ground, counts, y, x, -AN_ACTIVE)
            at[b], until[b] = ~at[b], t + below(draw(luck), longest)
        return False
    goes = goes_out(
        net(hardship[a] * (1.0 - legitimacy), risk[a], chance[seen >> 8, seen & 255]) - threshold
    )
    _arrive(ground, at, cells, who, a, y, x, ACTIVE if goes else QUIET)
    if not goes:
        return False
    shift_view(ground, counts, y, x, AN_ACTIVE)
    n, victim = 0, -1
    for k in range(
        ground.disc
    ):  # each of the others in view is kept with chance 1/(how many were found), so all are equally likely
        b = who[
            place(
                ground,
                wrapped(y + ground.steps[k, 0], ground.height),
                wrapped(x + ground.steps[k, 1], ground.width),
            )
        ]
        if not cells[q + ground.jump[k]] & (FREE | POLICE) and group[b] != group[a]:
            n += 1
            victim = b if below(draw(luck), n) == 0 else victim
    if n:
        _bury(ground, at, cells, counts, until, victim)
    return n > 0


@compiled
def _bear(ground, at, cells, who, group, hardship, risk, life, order, size, births, oldest, luck):
    """Children of those at large, in random order, each on a random free cell beside its parent, of
    the parent's group and hardship.
    """
    children, slot = np.zeros(at.size, np.bool_), 0
    for i in range(size - 1, -1, -1):
        j = below(draw(luck), i + 1)
        a = order[j]
        order[j] = order[i]
        if group[a] == 2 or unit(draw(luck)) >= births:
            continue
        y, x = np.int64(at[a] >> 16), np.int64(at[a] & 0xFFFF)
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
            _arrive(ground, at, cells, who, slot, cell[0], cell[1], QUIET)
            group[slot], hardship[slot], risk[slot] = group[a], hardship[a], unit(draw(luck))
            life[slot], children[slot] = 1 + below(draw(luck), oldest), True
    return children


@compiled
def _garrison(ground, at, cells, counts, group, wanted, luck):
    """New police on random free cells until there are as many as wanted."""
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
