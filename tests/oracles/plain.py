"""The same day of the citizens, one person after another and without any trick: the oracle of
crowd.py in the tests.

Slow and short on purpose. Every tie is walked, every number is drawn by its definition.
"""

from __future__ import annotations

import numpy as np

from thermidor.kernels import crowd
from thermidor.kernels.bits import other, person_uniform
from thermidor.kernels.decision import decides
from thermidor.kernels.people import at_home


def pack(bits: np.ndarray) -> np.ndarray:
    """A plane, uint64[people / 64], of one bool a person."""
    lanes = bits.reshape(-1, 64).astype(np.uint64) << np.arange(64, dtype=np.uint64)
    return lanes.sum(1, dtype=np.uint64)


def unpack(words: np.ndarray) -> np.ndarray:
    """One bool a person of a plane."""
    return ((words[:, None] >> np.arange(64, dtype=np.uint64)) & np.uint64(1)).astype(bool).ravel()


def some_people(disposition, group, ties, words, blocks=None, *, out, away, anger, hurt):
    """People of whom these are out, away, angry (0 to 3) and hurt: one entry a person."""
    return at_home(disposition, group, ties, words, blocks)._replace(
        out=pack(out),
        away=pack(away),
        anger0=pack((anger & 1) > 0),
        anger1=pack((anger & 2) > 0),
        hurt=pack(hurt),
    )


def copied(people):
    """People that a kernel may write to."""
    return type(people)(*(a.copy() for a in people))


def look_around(people):
    """crowd.look_around for these people."""
    near, where = people.near, (people.province, people.first, people.words)
    crowd.look_around(people.out, people.hurt, people.ties, *where, near)


def neighbours(i: int, ring: int, ties: np.ndarray, first: int, words: int) -> list[int]:
    """Person i's ties: `ring` to each side by index within the province, and one by each row of
    `ties`.
    """
    start, size, w, lane = first * 64, words * 64, i >> 6, i & 63
    near = [start + (i - start + d) % size for k in range(1, ring + 1) for d in (k, -k)]
    return near + [int(t >> 6) * 64 + (lane + int(t & 63)) % 64 for t in ties[:, w]]


def decide_plain(key, people, ring, levels, utility, rule):
    """Who goes out (bool[people]), the new anger (int[people]), who would go without ties, anger
    and absence (bool[people]); arguments as in crowd.decide. Nothing is written.
    """
    fade_key = np.uint64(other(np.uint64(other(np.uint64(key)))))
    out, hurt, away = unpack(people.out), unpack(people.hurt), unpack(people.away)
    anger = unpack(people.anger0) + 2 * unpack(people.anger1)
    new, after, would = np.zeros(out.size, bool), anger.copy(), np.zeros(out.size, bool)
    for i in range(out.size):
        p = people.province[i >> 6]
        near = neighbours(i, ring, people.ties, people.first[p], people.words[p])
        if after[i] and person_uniform(fade_key, i) < rule.fade:
            after[i] -= 1
        if any(hurt[n] for n in near):
            after[i] = min(3, after[i] + 1)
        alone = utility[p, people.group[i]] - levels[people.disposition[i]]
        x = alone + rule.tie * sum(int(out[n]) for n in near) + rule.anger * int(after[i])
        u = person_uniform(np.uint64(key), i) if rule.noise > 0 else 0.0
        new[i], would[i] = (decides(y, u, rule.noise, rule.able) for y in (x, alone))
        new[i] &= not away[i]
    return new, after, would
