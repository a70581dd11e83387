"""People and police on a torus, one after another in random order. Numbers only: what they mean is said in published/epstein.py.

Nobody looks around. Each cell knows how many police and actives are in its view: two bytes of a 16-bit number. Whoever
is neither an active nor police changes no count by moving, and those few who do change the disc around them, a row of
sixteen cells at a time (lattice.1). A free cell in view is found by trying random ones, four at once without a branch;
that is exactly uniform over the free ones, and after TRIES failures they are counted instead (lattice.2). The plain version
is in `lattice_plain.py`, and gives the same people, cell for cell, from the same draws.
"""
from __future__ import annotations

import numpy as np
from llvmlite import ir
from numba import njit, types, uint64
from numba.core import cgutils  # noqa: F401
from numba.extending import intrinsic

from .bits import GOLDEN, ONE, lowest, mix, ones
from .decision import goes_out, net

FREE, QUIET, ACTIVE, POLICE = range(4)
MARGIN, ROWS = 16, 8  # columns and rows of the margin
TRIES = 8  # of four cells each
LOW16, LOW32 = np.uint64(0xFFFF), np.uint64(0xFFFFFFFF)
AN_ACTIVE, A_POLICE = 1, 256  # in the counts of a view
NEVER = 2**30


@intrinsic
def add_row(typing, array, start, masks, row, amount):
    """array[start + l] += masks[row + l] & amount for l in 0..15."""
    signature = types.void(array, types.int64, masks, types.int64, types.uint16)

    def build(context, builder, signature, args):
        vector = ir.VectorType(ir.IntType(16), 16)

        def at(number, place):
            data = context.make_array(signature.args[number])(context, builder, args[number]).data
            return builder.bitcast(builder.gep(data, [args[place]]), vector.as_pointer())

        here, mask = at(0, 1), builder.load(at(2, 3), align=2)
        empty = ir.Constant(vector, ir.Undefined)
        one = builder.insert_element(empty, args[4], ir.Constant(ir.IntType(32), 0))
        amount = builder.shuffle_vector(one, empty, ir.Constant(ir.VectorType(ir.IntType(32), 16), [0] * 16))
        builder.store(builder.add(builder.load(here, align=2), builder.and_(mask, amount)), here, align=2)
        return context.get_dummy_value()

    return signature, build


@intrinsic
def equal_row(typing, array, start, kind):
    """Bit l is set where array[start + l] == kind, for 16 bytes in a row."""
    signature = types.uint64(array, types.int64, types.uint8)

    def build(context, builder, signature, args):
        vector = ir.VectorType(ir.IntType(8), 16)
        data = context.make_array(signature.args[0])(context, builder, args[0]).data
        row = builder.load(builder.bitcast(builder.gep(data, [args[1]]), vector.as_pointer()), align=1)
        empty = ir.Constant(vector, ir.Undefined)
        one = builder.insert_element(empty, args[2], ir.Constant(ir.IntType(32), 0))
        kinds = builder.shuffle_vector(one, empty, ir.Constant(ir.VectorType(ir.IntType(32), 16), [0] * 16))
        return builder.zext(builder.bitcast(builder.icmp_unsigned("==", row, kinds), ir.IntType(16)), ir.IntType(64))

    return signature, build


@njit(cache=True)
def below(state, n):
    """The stream's next state and a whole number in [0, n), exactly uniform (Lemire 2019)."""
    state += GOLDEN
    product = (mix(state) >> uint64(32)) * uint64(n)
    if (product & LOW32) < uint64(n):
        least = (ONE << uint64(32)) % uint64(n)
        while (product & LOW32) < least:
            state += GOLDEN
            product = (mix(state) >> uint64(32)) * uint64(n)
    return state, np.int64(product >> uint64(32))


@njit(cache=True)
def free_near(state, cells, p, jumps, n):
    """The stream's next state and which of the first n jumps from p leads to a free cell, uniformly; -1 if none does (lattice.2)."""
    least = uint64(65536 % n)
    for _ in range(TRIES):
        state += GOLDEN
        four = mix(state)
        found = -1
        for k in range(4):
            product = (four & LOW16) * uint64(n)
            four >>= uint64(16)
            i = np.int64(product >> uint64(16))
            fits = (cells[p + jumps[i]] == FREE) & ((product & LOW16) >= least) & (found < 0)
            found = i if fits else found
        if found >= 0:
            return state, found
    free = 0
    for i in range(n):
        free += cells[p + jumps[i]] == FREE
    if free == 0:
        return state, -1
    state, j = below(state, free)
    for i in range(n):
        if cells[p + jumps[i]] == FREE:
            if j == 0:
                return state, i
            j -= 1
    return state, -1


@njit(cache=True)
def place(y, x, width):
    """Where the cell of this row and column is in the array of cells."""
    return (y + ROWS) * (width + 2 * MARGIN) + x + MARGIN


@njit(cache=True)
def put(cells, y, x, width, height, radius, kind):
    """Write what is on a cell, and into the margin where it is repeated."""
    p = place(y, x, width)
    cells[p] = kind
    across = width if x < radius else -width if x >= width - radius else 0
    down = height if y < radius else -height if y >= height - radius else 0
    if across or down:
        down *= width + 2 * MARGIN
        cells[p + across] = cells[p + down] = cells[p + across + down] = kind


@njit(cache=True)
def shift_view(counts, y, x, width, height, radius, masks, amount):
    """Add an amount to the counts of all cells that have this one in view (lattice.1)."""
    stride = width + 2 * MARGIN
    across = width if x < radius else -width if x >= width - radius else 0
    for d in range(2 * radius + 1):
        row = y + d - radius
        row += height if row < 0 else -height if row >= height else 0
        start = row * stride + x + MARGIN - radius
        add_row(counts, start, masks, 16 * d, amount)
        if across:
            add_row(counts, start + across, masks, 16 * d, amount)


@njit(cache=True)
def find(cells, p, stride, radius, lanes, kind, j):
    """Row and column, from the cell at p, of the j-th cell of this kind in its view."""
    for d in range(2 * radius + 1):
        row = equal_row(cells, p + (d - radius) * stride - radius, np.uint8(kind)) & lanes[d]
        n = np.int64(ones(row))
        if j < n:
            for _ in range(j):
                row &= row - ONE
            return d - radius, np.int64(lowest(row)) - radius
        j -= n
    return 0, 0


@njit(cache=True)
def wrapped(y, dy, size):
    y += dy
    return y + size if y < 0 else y - size if y >= size else y


@njit(cache=True)
def free_anywhere(state, cells, width, height):
    """The stream's next state, and row and column of a free cell of the lattice, uniformly; -1 if there is none."""
    for _ in range(64):
        state, c = below(state, width * height)
        if cells[place(c // width, c % width, width)] == FREE:
            return state, c // width, c % width
    free = 0
    for c in range(width * height):
        free += cells[place(c // width, c % width, width)] == FREE
    if free == 0:
        return state, -1, -1
    state, j = below(state, free)
    for c in range(width * height):
        if cells[place(c // width, c % width, width)] == FREE:
            if j == 0:
                return state, c // width, c % width
            j -= 1
    return state, -1, -1


@njit(cache=True)
def play(state, at, cells, counts, hardship, risk, legitimacy, police, threshold, chance, width, height, radius, jumps, steps, masks, lanes,
         moving, longest, near):
    """Play len(legitimacy) ticks; actives, jailed and police at the end of each: int32[ticks, 3].

    state: uint64, the stream.  at: int32[people + police], row << 16 | column.  hardship, risk: float32[people].
    legitimacy: float64[ticks].  police: int64[ticks], how many there are.  chance: float64[cells + 1, cells + 1], the chance of
    arrest as perceived with so many police and other actives in view.  longest: ticks of the longest jail term, 0 for life.
    near: the released reappear in view of where they were arrested, else anywhere.
    """
    people, n, stride = hardship.size, steps.shape[0] - 1, width + 2 * MARGIN
    corps = at.size - people
    order, until = np.arange(at.size, dtype=np.int32), np.full(people, -1, np.int32)
    who = np.zeros(cells.size, np.int32)
    series = np.zeros((legitimacy.size, 3), np.int32)
    actives = jailed = 0
    for t in range(legitimacy.size):
        want = 1.0 - legitimacy[t]
        for i in range(people + corps - 1, -1, -1):
            state, j = below(state, i + 1)
            a = order[j]
            order[j] = order[i]
            order[i] = a
            where = at[a]
            if where < 0:
                continue
            y, x = np.int64(where >> 16), np.int64(where & 0xFFFF)
            p = place(y, x, width)
            kind = cells[p]
            new_y, new_x, q, moved = y, x, p, False
            if moving or kind == POLICE:
                state, k = free_near(state, cells, p, jumps, n)
                if k >= 0:
                    new_y, new_x, moved = wrapped(y, steps[k, 0], height), wrapped(x, steps[k, 1], width), True
                    q = place(new_y, new_x, width)
                    at[a] = new_y << 16 | new_x
                    put(cells, y, x, width, height, radius, FREE)
                    put(cells, new_y, new_x, width, height, radius, kind)
            seen = np.int64(counts[q - ROWS * stride])
            if kind == POLICE:
                if moved:
                    shift_view(counts, y, x, width, height, radius, masks, np.uint16(65536 - A_POLICE))
                    shift_view(counts, new_y, new_x, width, height, radius, masks, np.uint16(A_POLICE))
                if seen & 255:
                    state, j = below(state, seen & 255)
                    dy, dx = find(cells, q, stride, radius, lanes, ACTIVE, j)
                    y, x = wrapped(new_y, dy, height), wrapped(new_x, dx, width)
                    b = who[place(y, x, width)]
                    put(cells, y, x, width, height, radius, FREE)
                    shift_view(counts, y, x, width, height, radius, masks, np.uint16(65536 - AN_ACTIVE))
                    actives -= 1
                    jailed += 1
                    at[b] = ~at[b]
                    until[b] = NEVER
                    if longest:
                        state, term = below(state, longest)
                        until[b] = t + term
                continue
            was = kind == ACTIVE
            others = (seen & 255) - (was and moved)
            goes = goes_out(net(hardship[a] * want, risk[a], chance[seen >> 8, others]) - threshold)
            if was or goes:
                if was and (moved or not goes):
                    shift_view(counts, y, x, width, height, radius, masks, np.uint16(65536 - AN_ACTIVE))
                if goes and (moved or not was):
                    shift_view(counts, new_y, new_x, width, height, radius, masks, np.uint16(AN_ACTIVE))
                if goes != was:
                    put(cells, new_y, new_x, width, height, radius, ACTIVE if goes else QUIET)
                    actives += np.int64(goes) - np.int64(was)
                who[q] = a
        for b in range(people):
            if until[b] < 0 or until[b] > t:
                continue
            y, x = np.int64(~at[b] >> 16), np.int64(~at[b] & 0xFFFF)
            k = -1
            if near:
                state, k = free_near(state, cells, place(y, x, width), jumps, n + 1)
            if k >= 0:
                y, x = wrapped(y, steps[k, 0], height), wrapped(x, steps[k, 1], width)
            else:
                state, y, x = free_anywhere(state, cells, width, height)
            if y >= 0:
                at[b] = y << 16 | x
                until[b] = -1
                jailed -= 1
                put(cells, y, x, width, height, radius, QUIET)
        series[t, 0], series[t, 1], series[t, 2] = actives, jailed, corps
    return series
