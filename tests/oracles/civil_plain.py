"""The same ticks as civil.py, cell by cell and without any trick: its oracle in the tests.

Slow and short on purpose. The torus is a table of who stands where; whoever looks, looks at every
cell in view.
"""

from __future__ import annotations

import numpy as np

from thermidor.kernels.bits import GOLDEN, mix_py
from thermidor.kernels.decision import goes_out, net
from thermidor.kernels.lattice import BITS, DRAWN, TRIES

MASK, STEP = 2**64 - 1, int(GOLDEN)


def below(bits: int, n: int) -> int:
    """A whole number in [0, n) from 64 random bits: those for which some numbers would come more
    often are mixed again.
    """
    while (bits >> 32) * n & 0xFFFFFFFF < 2**32 % n:
        bits = mix_py(bits + STEP & MASK)
    return (bits >> 32) * n >> 32


class Torus:
    """People 0, 1, ... and, after them, police, each on a cell of their own or (at[i] is None) not
    there.
    """

    def __init__(self, ground, key, at, hardship, risk, rules):
        self.height, self.width, self.n = ground.height, ground.width, ground.disc
        self.steps = [tuple(s) for s in ground.steps.tolist()]
        self.hardship, self.risk, self.people = hardship, risk, len(hardship)
        self.threshold, self.chance, self.moving, self.longest, self.near = rules
        self.at: list = [(int(a) >> 16, int(a) & 0xFFFF) if a >= 0 else None for a in at]
        self.on = {cell: i for i, cell in enumerate(self.at) if cell is not None}
        self.order = [i for i, cell in enumerate(self.at) if cell is not None]
        self.active, self.jail = set(), {}
        self.key, self.luck = int(key), mix_py(int(key))

    def draw(self) -> int:
        self.luck = self.luck + STEP & MASK
        return mix_py(self.luck)

    def beside(self, cell, step):
        return (cell[0] + step[0]) % self.height, (cell[1] + step[1]) % self.width

    def in_view(self, cell) -> list:
        """Who is in view of a cell, row by row."""
        return [self.on[c] for c in (self.beside(cell, s) for s in self.steps[:-1]) if c in self.on]

    def free_of(self, cells: list):
        free = [c for c in cells if c not in self.on]
        j = below(self.draw(), max(len(free), 1))
        return free[j] if free else None

    def target(self, cell, bits: int):
        """A random free cell in view: the first free one of seven random cells, again, or one of
        those that are free.
        """
        often = 2**BITS // self.n * self.n
        for n in range(TRIES):
            bits = bits if n == 0 else self.draw()
            for k in range(DRAWN):
                i = bits >> BITS * k & 2**BITS - 1
                if i < often and self.beside(cell, self.steps[i % self.n]) not in self.on:
                    return self.beside(cell, self.steps[i % self.n])
        return self.free_of([self.beside(cell, s) for s in self.steps[:-1]])

    def anywhere(self):
        bits, size = self.draw(), self.height * self.width
        for _ in range(64):
            bits = mix_py(bits + STEP & MASK)
            c = divmod(below(bits, size), self.width)
            if c not in self.on:
                return c
        free = [c for c in (divmod(c, self.width) for c in range(size)) if c not in self.on]
        j = below(mix_py(bits + STEP & MASK), max(len(free), 1))
        return free[j] if free else None

    def back(self, cell):
        """Where one who was arrested at this cell reappears."""
        if self.near:
            for _ in range(DRAWN * TRIES):
                c = self.beside(cell, self.steps[below(self.draw(), self.n + 1)])
                if c not in self.on:
                    return c
            c = self.free_of([self.beside(cell, s) for s in self.steps])
            if c is not None:
                return c
        return self.anywhere()

    def arrive(self, i: int, cell) -> None:
        self.at[i], self.on[cell] = cell, i
        if i not in self.order:
            self.order.append(i)

    def leave(self, i: int):
        cell, self.at[i] = self.at[i], None
        del self.on[cell]
        return cell

    def act(self, i: int, t: int, bits: int, legitimacy: float) -> None:
        """Move; then decide, or arrest one of the actives in view."""
        police = i >= self.people
        if self.moving or police:
            cell = self.target(self.at[i], bits)
            if cell is not None:
                self.leave(i)
                self.arrive(i, cell)
        seen = self.in_view(self.at[i])
        actives = [b for b in seen if b in self.active]
        if police:
            if actives:
                b = actives[below(self.draw(), len(actives))]
                self.active.discard(b)
                self.jail[b] = (
                    self.leave(b),
                    t + below(self.draw(), self.longest) if self.longest else None,
                )
            return
        corps = sum(b >= self.people for b in seen)
        grievance, arrest = (
            float(self.hardship[i]) * (1.0 - legitimacy),
            self.chance[corps, len(actives)],
        )
        gain = net(grievance, float(self.risk[i]), arrest)  # (citizens.1)
        (self.active.add if goes_out(gain - self.threshold) else self.active.discard)(i)

    def tick(self, t: int, legitimacy: float, police: int) -> tuple[int, int, int]:
        corps = sum(self.at[i] is not None for i in range(self.people, len(self.at)))
        for i in range(corps - 1, police - 1, -1):
            self.leave(self.people + i)
        for i in range(corps, police):
            cell = self.anywhere()
            if cell is None:
                break
            self.arrive(self.people + i, cell)
        order, moves = (mix_py(self.key + (2 * t + k) * STEP & MASK) for k in (1, 2))
        for i in range(len(self.order) - 1, -1, -1):
            j = below(mix_py(order + i * STEP & MASK), i + 1)
            self.order[i], self.order[j] = self.order[j], self.order[i]
            if self.at[self.order[i]] is None:
                self.order[i] = self.order[-1]
                self.order.pop()
            else:
                self.act(self.order[i], t, mix_py(moves + i * STEP & MASK), legitimacy)
        for b in sorted(self.jail):
            arrested, last = self.jail[b]
            if last is not None and last <= t:
                cell = self.back(arrested)
                if cell is not None:
                    del self.jail[b]
                    self.arrive(b, cell)
        return (
            len(self.active),
            len(self.jail),
            sum(self.at[i] is not None for i in range(self.people, len(self.at))),
        )


def play_plain(ground, key, at, hardship, risk, legitimacy, police, rules):
    """Arguments and series as in civil.play, but where people are in place of the occupancy; and
    the torus at the end.
    """
    torus = Torus(ground, key, at, hardship, risk, rules)
    return np.array(
        [torus.tick(t, legitimacy[t], police[t]) for t in range(len(legitimacy))]
    ), torus
