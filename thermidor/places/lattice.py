"""A torus of cells with people and police on it: what is in view of a cell, and where everybody
starts.

A cell's view is the Euclidean disc of the vision without its centre: 1.7 gives 8 cells, 7 gives
148.
"""

from __future__ import annotations

import numpy as np

from ..chance.draws import Draw
from ..kernels.arrays import F32
from ..kernels.lattice import BITS, COLUMNS, FREE, ROWS, Ground, Occupancy, put_all


def torus(height: int, width: int, vision: float) -> Ground:
    """A torus of this size on which everybody sees this far."""
    if not 1 <= vision < 8:
        raise ValueError(
            f"A vision of {vision} cells; allowed: at least 1 and less than 8 "
            "(a disc must fit sixteen columns)."
        )
    r = int(vision)
    if not 2 * r + 1 <= min(height, width) <= max(height, width) < 2**15:
        raise ValueError(
            f"A lattice of {height} x {width} cells; allowed: sides from {2 * r + 1} "
            f"(the view of a cell) to {2**15 - 1}."
        )
    stride = width + 2 * COLUMNS
    reach = range(-r, r + 1)
    seen_from = [(y, x) for y in reach for x in reach if 0 < y * y + x * x <= vision**2]
    steps = np.array([*seen_from, (0, 0)], np.int64)
    disc, jump = len(steps) - 1, steps @ np.array([stride, 1])
    seen = np.zeros((2 * r + 1, 16), bool)
    seen[steps[:-1, 0] + r, steps[:-1, 1] + r] = True
    often = 2**BITS // disc
    tried = np.full(2**BITS, disc, np.int16)
    tried[: often * disc] = np.tile(np.arange(disc), often)
    rows, columns = np.arange(height), np.arange(width)
    return Ground(
        height,
        width,
        stride,
        r,
        disc,
        steps,
        jump,
        tried,
        jump[tried].astype(np.int32),
        (seen * 0xFFFF).astype(np.uint16).ravel(),
        (seen << np.arange(16)).sum(1).astype(np.uint64),
        ((rows < r) * 1 - (rows >= height - r)) * height * stride,
        ((columns < r) * 1 - (columns >= width - r)) * width,
    )


def populate(ground: Ground, people: int, police: int, draw: Draw) -> Occupancy:
    """Everybody on a random cell of their own, people first."""
    size = ground.height * ground.width
    if people + police > size:
        raise ValueError(
            f"{people} people and {police} police on {size} cells; allowed: as many as there are "
            "cells."
        )
    order = np.argsort(draw.uniforms("place", size), kind="stable")
    y, x = np.divmod(order[: people + police], ground.width)
    cells = np.full((ground.height + 2 * ROWS) * ground.stride, FREE, np.uint8)
    counts = np.zeros(ground.height * ground.stride, np.uint16)
    put_all(ground, cells, counts, y, x, people)
    return Occupancy((y << 16 | x).astype(np.int32), cells, counts)


def levels(draw: Draw, what: str, people: int) -> F32:
    """A fixed number in [0, 1) for each person, uniform, in the 24 bits that float32 holds
    exactly: float32[people].
    """
    drawn = np.floor(draw.uniforms(what, people) * 2**24) / 2**24
    return np.asarray(drawn, np.float32)
