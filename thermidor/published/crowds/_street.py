"""Towns of people with fixed thresholds on the citizens' kernel: no luck, no groups, each town by
itself.
"""

from __future__ import annotations

import numpy as np

from ...kernels import crowd
from ...mechanisms import citizens

ONE = np.uint64(1)


class Towns:
    """dispositions: uint8[towns, people]; levels: what a disposition byte means (256 numbers).
    ring: ties to each side by index.
    """

    def __init__(self, dispositions: np.ndarray, levels: np.ndarray, ring: int = 0):
        dispositions = np.atleast_2d(dispositions)
        self.towns, self.people = dispositions.shape
        self.each = -(-self.people // 64)
        self.levels, self.ring, self.words = levels.astype(float), ring, self.each * self.towns
        self.disposition = np.zeros((self.towns, self.each * 64), np.uint8)
        self.disposition[:, : self.people] = dispositions
        nobody = np.arange(self.each * 64).reshape(-1, 64) >= self.people
        self.away = np.tile(
            (nobody.astype(np.uint64) << np.arange(64, dtype=np.uint64)).sum(1, dtype=np.uint64),
            self.towns,
        )
        self.out = np.zeros(self.words, np.uint64)

    def put(self, people: range) -> None:
        """Put these people of the first town into the street."""
        for i in people:
            self.out[i >> 6] |= ONE << np.uint64(i & 63)

    def day(self, common: np.ndarray | float, tie_weight: float = 0.0) -> np.ndarray:
        """Play a day with this common utility (of each town); people out in each town."""
        n, w = self.towns, self.words
        utility = np.broadcast_to(np.asarray(common, float), n).copy()
        first, none, new = np.arange(n) * self.each, np.zeros(w, np.uint64), np.zeros(w, np.uint64)
        counts, shift = np.zeros((n, 1), np.int64), np.zeros((n, 1), np.int64)
        crowd.decide(
            np.uint64(7),
            self.out,
            self.away,
            none.copy(),
            none.copy(),
            none,
            np.full(w, 3, np.uint8),
            0.0,
            np.zeros((0, w), np.uint32),
            self.ring,
            self.disposition.ravel(),
            self.disposition.reshape(w, 64).min(1),
            np.zeros(w * 64, np.uint8),
            self.levels,
            np.repeat(np.arange(n, dtype=np.int16), self.each),
            first,
            np.full(n, self.each),
            np.append(first, w),
            utility[:, None],
            utility,
            tie_weight,
            0.0,
            0.0,
            1.0,
            new,
            counts,
            shift,
        )
        self.out = new
        return counts[:, 0]

    def path(self, days: int = 10_000) -> list[np.ndarray]:
        """People out in each town on each day from nobody, everybody seeing the share of the own
        town, until nothing changes.
        """
        path = [np.zeros(self.towns, np.int64)]
        while len(path) <= days:
            path.append(self.day(citizens.felt(path[-1] / self.people, 0.0)))
            if np.array_equal(path[-1], path[-2]):
                break
        return path


def settles(dispositions: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """People out in each town in the least fixed point, reached from nobody."""
    return Towns(dispositions, levels).path()[-1]


PERCENT = np.arange(256) / 100
EXERCISED = ("kernels.crowd.decide", "mechanisms.citizens.felt")
