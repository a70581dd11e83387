"""The same day of the citizens, one person after another and without any trick: the oracle of
crowd.py in the tests.

Slow and short on purpose. Every tie is walked, every number is drawn by its definition.
"""

from __future__ import annotations

import numpy as np

from thermidor.kernels.bits import other, person_uniform
from thermidor.kernels.decision import decides


def neighbours(i: int, ring: int, ties: np.ndarray, first: int, words: int) -> list[int]:
    """Person i's ties: `ring` to each side by index within the province, and one by each row of
    `ties`.
    """
    start, size, w, lane = first * 64, words * 64, i >> 6, i & 63
    near = [start + (i - start + d) % size for k in range(1, ring + 1) for d in (k, -k)]
    return near + [int(t >> 6) * 64 + (lane + int(t & 63)) % 64 for t in ties[:, w]]


def decide_plain(
    key,
    out,
    away,
    anger,
    hurt,
    fade,
    ties,
    ring,
    disposition,
    group,
    levels,
    province,
    first,
    words,
    utility,
    tie_weight,
    anger_weight,
    noise,
    able,
):
    """Who goes out (bool[people]), the new anger (int[people]), who would go without ties, anger
    and absence (bool[people]); arguments as in crowd.decide, but one entry a person.
    """
    fade_key = np.uint64(other(np.uint64(other(np.uint64(key)))))
    new, after, would = np.zeros(out.size, bool), anger.copy(), np.zeros(out.size, bool)
    for i in range(out.size):
        w = i >> 6
        p = province[w]
        near = neighbours(i, ring, ties, first[p], words[p])
        if after[i] and person_uniform(fade_key, i) < fade:
            after[i] -= 1
        if any(hurt[n] for n in near):
            after[i] = min(3, after[i] + 1)
        alone = utility[p, group[i]] - levels[disposition[i]]
        x = alone + tie_weight * sum(int(out[n]) for n in near) + anger_weight * int(after[i])
        u = person_uniform(np.uint64(key), i) if noise > 0 else 0.0
        new[i], would[i] = (decides(y, u, noise, able) for y in (x, alone))
        new[i] &= not away[i]
    return new, after, would
