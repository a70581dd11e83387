"""A torus of cells with people and police on it: what is in view of a cell, and where everybody starts.

A cell's view is the Euclidean disc of the vision without its centre (1.7 gives 8 cells, 7 gives 148). Each cell keeps two
counts, the police and the actives in its view, in the two bytes of a 16-bit number; see kernels/lattice.py.
"""
from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..draws import Draw
from ..kernels.lattice import MARGIN, POLICE, QUIET, ROWS, put, shift_view


@dataclass(frozen=True)
class View:
    """The disc of a vision: `steps`, int64[cells + 1, 2], down and across, row by row, the centre last; `masks`, uint16[rows, 16],
    and `lanes`, uint64[rows], say which of the sixteen cells from the left edge of a row lie in the disc."""

    vision: float

    @property
    def radius(self) -> int:
        return int(self.vision)

    @cached_property
    def steps(self) -> np.ndarray:
        r = self.radius
        disc = [(dy, dx) for dy in range(-r, r + 1) for dx in range(-r, r + 1) if 0 < dx * dx + dy * dy <= self.vision**2]
        return np.array([*disc, (0, 0)], np.int64)

    @property
    def cells(self) -> int:
        return len(self.steps) - 1

    @cached_property
    def masks(self) -> np.ndarray:
        masks = np.zeros((2 * self.radius + 1, 16), np.uint16)
        for dy, dx in self.steps[:-1]:
            masks[dy + self.radius, dx + self.radius] = 0xFFFF
        return masks

    @cached_property
    def lanes(self) -> np.ndarray:
        return ((self.masks > 0).astype(np.uint64) << np.arange(16, dtype=np.uint64)).sum(1, dtype=np.uint64)


@dataclass(frozen=True)
class Lattice:
    """Width, height and vision of a torus. Arrays have a margin in which what lies beyond an edge is repeated."""

    width: int
    height: int
    view: View

    def __post_init__(self):
        if not 1 <= self.view.vision < 8:
            raise ValueError(f"Vision {self.view.vision} is not between 1 and 8: the disc must fit sixteen cells.")
        if min(self.width, self.height) < 2 * self.view.radius + 1 or max(self.width, self.height) > 32767:
            raise ValueError(f"A lattice of {self.width} x {self.height} is smaller than the view of a cell (or wider than 32767).")

    @property
    def stride(self) -> int:
        return self.width + 2 * MARGIN

    @property
    def jumps(self) -> np.ndarray:
        """The steps of the view as distances in the array of cells."""
        return self.view.steps @ np.array([self.stride, 1])

    def settled(self, people: int, police: int, draw: Draw) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Everybody on a random cell of their own: at (row in the upper 16 bits, column in the lower), the cells, the counts in view.

        People come first, then police, and then room for as many police as the lattice could take more.
        """
        spare = self.width * self.height - people - police
        if spare < 0:
            raise ValueError(f"{people} people and {police} police do not fit {self.width} x {self.height} cells.")
        places = np.argsort(draw.uniforms("place", self.width * self.height), kind="stable")[:people + police]
        at = (places // self.width << 16 | places % self.width).astype(np.int32)
        cells = np.zeros((self.height + 2 * ROWS) * self.stride, np.uint8)
        counts = np.zeros(self.height * self.stride, np.uint16)
        for i, p in enumerate(places):
            y, x = divmod(int(p), self.width)
            put(cells, y, x, self.width, self.height, self.view.radius, QUIET if i < people else POLICE)
            if i >= people:
                shift_view(counts, y, x, self.width, self.height, self.view.radius, self.view.masks.ravel(), np.uint16(256))
        return at, cells, counts
