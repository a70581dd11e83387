"""A torus of cells on which people and police move about and see each other. Numbers only; who
plays on it is in civil.py and groups.py.

Nobody looks around. Each cell keeps how many actives and police are in its view, in the two bytes
of a number. One who is neither changes no count by moving; the few who are change the disc around
them, sixteen cells at a time (lattice.1). A free cell in view is found by trying seven random ones
at once, without a branch. The first free one is exactly uniform over those that are free; after
some failures they are counted instead (lattice.2). Beyond its edges the array of cells repeats what
is on the other side, so that nothing wraps while it is read (lattice.3).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit, uint64

from ..support.compiled import compiled
from .arrays import I16, I32, I64, U8, U16, U64, Int
from .bits import GOLDEN, ONE, mix, popcount, trailing_zeros
from .rows import add_row, equal_row

QUIET, FREE, ACTIVE, POLICE = 0, 1, 2, 4  # what is on a cell; only FREE is odd
COLUMNS, ROWS = 16, 8  # of the margin
DRAWN, BITS = 7, 9  # cells tried at once, and the bits that name one
TRIES = 4
AN_ACTIVE, A_POLICE = 1, 256  # in the counts of a view
LOW = np.uint64(0xFFFFFFFF)


class Ground(NamedTuple):
    """A torus and what is in view of a cell; places/lattice.py makes it."""

    height: int  # rows of cells
    width: int  # columns of cells
    stride: int  # length of a row in the array of cells, with its margin
    radius: int  # whole cells to the furthest in view
    disc: int  # cells in view
    # Steps to the cells in view, row by row, the step to the cell itself last.
    steps: I64  # int64[disc + 1, 2], rows down and columns across
    jump: I64  # int64[disc + 1], the same in the array of cells
    # What nine random bits stand for: each step equally often, or the step to the cell itself.
    tried: I16  # int16[512], number of the step
    leap: I32  # int32[512], its jump
    # Which of sixteen cells in a row are in view.
    masks: U16  # uint16[16 rows], all bits set or none
    lanes: U64  # uint64[rows], one bit a cell
    # How far off, in the array of cells, a cell near an edge is repeated; 0 if nowhere.
    down: I64  # int64[height]
    across: I64  # int64[width]


class Occupancy(NamedTuple):
    """Who is where on a torus."""

    at: I32  # int32[people], row << 16 | column; see civil.py and groups.py for who is nowhere
    cells: U8  # uint8[(height + 2 ROWS) stride], what is on a cell, with a margin on all sides
    counts: U16  # uint16[height stride], AN_ACTIVE and A_POLICE for each of them in view


@njit(inline="always")
def draw(luck: U64) -> np.uint64:
    """64 random bits; luck: uint64[1], a stream that is consumed."""
    luck[0] += GOLDEN
    return mix(luck[0])


@njit(inline="always")
def below(bits: np.uint64, n: Int) -> Int:
    """A whole number in [0, n) from 64 random bits, exactly uniform (Lemire 2019); bits that favour
    some are mixed again.
    """
    product = (bits >> uint64(32)) * uint64(n)
    if (product & LOW) < uint64(n):
        least = (ONE << uint64(32)) % uint64(n)
        while (product & LOW) < least:
            bits = mix(bits + GOLDEN)
            product = (bits >> uint64(32)) * uint64(n)
    return np.int64(product >> uint64(32))


@njit(inline="always")
def place(ground: Ground, y: Int, x: Int) -> Int:
    """Where the cell of this row and column is in the array of cells."""
    return (y + ROWS) * ground.stride + x + COLUMNS


@njit(inline="always")
def row_column(at: Int) -> tuple[Int, Int]:
    """Row and column of a cell as `Occupancy.at` holds it."""
    return np.int64(at >> 16), np.int64(at & 0xFFFF)


@njit(inline="always")
def wrapped(y: Int, size: Int) -> Int:
    """A row or column that may lie beyond an edge, within 0..size-1."""
    return y + size * (y < 0) - size * (y >= size)


@njit(inline="always")
def put(ground: Ground, cells: U8, y: Int, x: Int, kind: Int) -> None:
    """Write what is on a cell, and where it is repeated; four writes are faster than a question."""
    # (lattice.3)
    p, down, across = place(ground, y, x), ground.down[np.uint64(y)], ground.across[np.uint64(x)]
    cells[np.uint64(p)] = kind
    cells[np.uint64(p + across)] = kind
    cells[np.uint64(p + down)] = kind
    cells[np.uint64(p + across + down)] = kind


@njit(inline="always")
def shift_view(ground: Ground, counts: U16, y: Int, x: Int, amount: Int) -> None:
    """Add an amount to the counts of all cells that have this one in view."""
    # (lattice.1)
    across, first = ground.across[x], x + COLUMNS - ground.radius
    for d in range(2 * ground.radius + 1):
        start = wrapped(y + d - ground.radius, ground.height) * ground.stride + first
        add_row(counts, start, ground.masks, 16 * d, np.uint16(amount))
        if across:
            add_row(counts, start + across, ground.masks, 16 * d, np.uint16(amount))


@njit(inline="always")
def find(ground: Ground, cells: U8, p: Int, kind: Int, j: Int) -> tuple[Int, Int]:
    """The j-th cell of this kind in view of the cell at p: rows down and columns across to it."""
    for d in range(2 * ground.radius + 1):
        down = d - ground.radius
        row = (
            equal_row(cells, p + down * ground.stride - ground.radius, np.uint8(kind))
            & ground.lanes[d]
        )
        n = np.int64(popcount(row))
        if j < n:
            for _ in range(j):
                row &= row - ONE
            return down, np.int64(trailing_zeros(row)) - ground.radius
        j -= n
    return 0, 0


@njit(inline="always")
def free_drawn(ground: Ground, cells: U8, p: Int, bits: np.uint64) -> Int:
    """The first free one of seven random cells in view of p, as the number of a step; the step to
    itself if none is. Somebody is on p.
    """
    free = uint64(0)  # (lattice.2)
    for k in range(DRAWN):
        leap = ground.leap[(bits >> uint64(BITS * k)) & uint64(511)]
        free |= uint64(cells[np.uint64(p + leap)] & 1) << uint64(k)
    if free == uint64(0):
        return ground.disc
    return np.int64(ground.tried[(bits >> (uint64(BITS) * trailing_zeros(free))) & uint64(511)])


@compiled
def free_counted(cells: U8, jump: I64, p: Int, n: Int, bits: np.uint64) -> Int:
    """A random free one of the first n steps from p, by counting them; the step to itself if none
    is.
    """
    free = 0
    for i in range(n):
        free += cells[p + jump[i]] & 1
    j = below(bits, max(free, 1))
    for i in range(n):
        j -= cells[p + jump[i]] & 1
        if j < 0:
            return i
    return jump.size - 1


@njit(inline="always")
def free_again(ground: Ground, cells: U8, p: Int, luck: U64) -> Int:
    """The same after a failure: some more tries, then by counting."""
    # (lattice.2)
    for _ in range(TRIES - 1):
        k = free_drawn(ground, cells, p, draw(luck))
        if k != ground.disc:
            break
    else:
        k = free_counted(cells, ground.jump, p, ground.disc, draw(luck))
    return k


@compiled
def free_anywhere(ground: Ground, cells: U8, bits: np.uint64) -> tuple[Int, Int]:
    """Row and column of a random free cell of the torus; -1 if there is none."""
    size = ground.height * ground.width
    for _ in range(64):
        bits = mix(bits + GOLDEN)
        c = below(bits, size)
        if cells[place(ground, c // ground.width, c % ground.width)] & 1:
            return c // ground.width, c % ground.width
    free = 0
    for c in range(size):
        free += cells[place(ground, c // ground.width, c % ground.width)] & 1
    j = below(mix(bits + GOLDEN), max(free, 1))
    for c in range(size):
        j -= cells[place(ground, c // ground.width, c % ground.width)] & 1
        if j < 0:
            return c // ground.width, c % ground.width
    return -1, -1


@compiled
def released(ground: Ground, cells: U8, y: Int, x: Int, near: bool, luck: U64) -> tuple[Int, Int]:
    """Where one who was arrested at this cell reappears: on a random free cell, it or one in its
    view, if `near` and there is one, else anywhere; -1 if there is none.
    """
    if near:
        p = place(ground, y, x)
        for _ in range(DRAWN * TRIES):
            k = below(draw(luck), ground.disc + 1)
            if cells[p + ground.jump[k]] & 1:
                return wrapped(y + ground.steps[k, 0], ground.height), wrapped(
                    x + ground.steps[k, 1], ground.width
                )
        k = free_counted(cells, ground.jump, p, ground.disc + 1, draw(luck))
        if cells[p + ground.jump[k]] & 1:
            return wrapped(y + ground.steps[k, 0], ground.height), wrapped(
                x + ground.steps[k, 1], ground.width
            )
    return free_anywhere(ground, cells, draw(luck))


@compiled
def put_all(ground: Ground, cells: U8, counts: U16, y: I64, x: I64, people: int) -> None:
    """Put people and then police on their cells; y, x: int64[people and police], row and column."""
    for i in range(y.size):
        put(ground, cells, y[i], x[i], QUIET if i < people else POLICE)
        if i >= people:
            shift_view(ground, counts, y[i], x[i], A_POLICE)
