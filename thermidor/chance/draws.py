"""Chance is addressed, not consumed: a draw is named by (seed, run, mechanism, day, decision,
index).

Taking a mechanism out, adding a decision, or changing the number of threads or processes leaves
every other draw as it was, so two futures that differ in one assumption share all their luck
(common random numbers).

    key = mix(mix(mix(seed, run) ^ mechanism, day) ^ decision)
    draw(i) = mix(key + i golden)                                                        (draws.1)

mix is the output function of SplitMix64 (Steele, Lea & Flood 2014), which passes BigCrush on
sequential counters.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from math import log
from statistics import NormalDist

import numpy as np

from ..kernels.arrays import F64
from ..kernels.bits import GOLDEN, fill_uniform, mix_many, mix_py

_GOLDEN = 0x9E3779B97F4A7C15
_MASK = 0xFFFFFFFFFFFFFFFF
_NORMAL = NormalDist()
_names: dict[str, int] = {}


def number_of(name: str) -> int:
    """64 bits that stand for a name."""
    if name not in _names:
        _names[name] = (zlib.crc32(name.encode()) << 32) | zlib.adler32(name.encode())
    return _names[name]


class Draw:
    """The luck of one mechanism in one future; `day` is set by the loop, the decision is named by
    the mechanism.

    branch: a number above 0 gives other luck to a future that goes on from a common past.
    """

    def __init__(self, seed: int, run: int, who: str, branch: int = 0):
        self.base = mix_py(mix_py(seed & _MASK) ^ mix_py((run * _GOLDEN) & _MASK) ^ number_of(who))
        if branch:
            self.base = mix_py(self.base ^ mix_py(branch & _MASK))
        self.day = 0

    @classmethod
    def based(cls, base: int, day: int) -> Draw:
        """The luck of a day from its base."""
        made: Draw = object.__new__(cls)
        made.base, made.day = base, day
        return made

    @property
    def day(self) -> int:
        return self._day

    @day.setter
    def day(self, day: int) -> None:
        self._day, self._today = day, -1

    def key(self, name: str) -> int:
        """A 64-bit key for a kernel that hashes it with agent numbers."""
        if self._today < 0:
            self._today = mix_py((self.base + (self._day + 1) * _GOLDEN) & _MASK)
        return mix_py(self._today ^ number_of(name))  # (draws.1)

    def uniform(self, name: str) -> float:
        """A number in (0, 1)."""
        return ((self.key(name) >> 12) + 0.5) / 4503599627370496.0

    def uniforms(self, name: str, n: int) -> F64:
        """n numbers in (0, 1)."""
        return fill_uniform(np.uint64(self.key(name)), n)

    def normal(self, name: str) -> float:
        """A standard normal number, by the inverse of its distribution (so that paired futures stay
        close).
        """
        return _NORMAL.inv_cdf(self.uniform(name))

    def exponential(self, name: str) -> float:
        """An exponential number with mean 1."""
        return -log(self.uniform(name))

    def during(self, days: float) -> Draw:
        """Luck that stays the same for some days and then changes."""
        return Draw.based(self.base ^ number_of("during"), self._day // max(1, round(days)))

    def happens(self, name: str, probability: float) -> bool:
        """Whether something of this probability happens."""
        return self.uniform(name) < probability


def uniforms(seed: int, runs: Sequence[int], who: str, names: Sequence[str]) -> F64:
    """What `Draw(seed, run, who).uniform(name)` is on day 0 for many futures and names:
    float64[runs, names].
    """
    mine = np.uint64(mix_py(seed & _MASK) ^ number_of(who))
    futures = np.array([run & _MASK for run in runs], np.uint64)
    base = mix_many(mix_many(futures * GOLDEN) ^ mine)
    numbers = np.array([number_of(name) for name in names], np.uint64)
    keys = mix_many(mix_many(base + GOLDEN)[:, None] ^ numbers)  # (draws.1)
    return ((keys >> np.uint64(12)).astype(np.float64) + 0.5) / 4503599627370496.0
