"""Towns of people with fixed thresholds on the citizens' kernel: no luck, no groups, each town by
itself.
"""

from __future__ import annotations

import numpy as np

from ...kernels import crowd
from ...kernels.people import at_home
from ...mechanisms import citizens

ONE = np.uint64(1)


class Towns:
    """dispositions: uint8[towns, people]; levels: what a disposition byte means (256 numbers).
    ring: ties to each side by index.
    """

    def __init__(self, dispositions: np.ndarray, levels: np.ndarray, ring: int = 0):
        dispositions = np.atleast_2d(dispositions)
        self.towns, self.people = dispositions.shape
        self.levels, self.ring = levels.astype(float), ring
        each = -(-self.people // 64)
        whole = np.zeros((self.towns, each * 64), np.uint8)
        whole[:, : self.people] = dispositions
        self.citizens = at_home(
            whole.ravel(),
            np.zeros(whole.size, np.uint8),
            np.zeros((0, each * self.towns), np.uint32),
            np.full(self.towns, each),
        )
        self.citizens.near[:] = 3  # look everywhere
        nobody = np.arange(each * 64).reshape(-1, 64) >= self.people
        bits = nobody.astype(np.uint64) << np.arange(64, dtype=np.uint64)
        self.citizens.away[:] = np.tile(bits.sum(1, dtype=np.uint64), self.towns)

    def put(self, people: range) -> None:
        """Put these people of the first town into the street."""
        for i in people:
            self.citizens.out[i >> 6] |= ONE << np.uint64(i & 63)

    def day(self, common: np.ndarray | float, tie_weight: float = 0.0) -> np.ndarray:
        """Play a day with this common utility (of each town); people out in each town."""
        n, citizens = self.towns, self.citizens
        utility = np.broadcast_to(np.asarray(common, float), n).copy()
        counts, shift = np.zeros((n, 1), np.int64), np.zeros((n, 1), np.int64)
        crowd.decide(
            np.uint64(7),
            citizens,
            self.ring,
            self.levels,
            utility[:, None],
            utility,
            crowd.Rule(tie=tie_weight, anger=0.0, fade=0.0, noise=0.0, able=1.0),
            counts,
            shift,
        )
        self.citizens = citizens._replace(out=citizens.spare, spare=citizens.out)
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


def least_turnout(dispositions: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """People out in each town in the least fixed point, reached from nobody."""
    return Towns(dispositions, levels).path()[-1]


PERCENT = np.arange(256) / 100
EXERCISED = ("kernels.crowd.decide", "mechanisms.citizens.felt")
