"""Epstein's Model I (Run 2, floor rule) in Mesa, by the same rule as
thermidor/published/crowds/epstein.py; epstein.py runs it in a process of its own.

Written as Mesa's documentation advises: cells and their neighbourhoods (made once and kept by
Mesa), one class an agent, `shuffle_do`. A place to move to is tried at random and counted only
after failures, as in Thermidor, because that is the faster way in Mesa, too. Needs Mesa 3 and
nothing of Thermidor.

    python benchmarks/epstein_mesa.py SIDE TICKS REPEATS SEEDS SAMPLE_TICKS
"""

from __future__ import annotations

import json
import math
import platform
import resource
import sys
import time
from importlib.metadata import version

import mesa
from mesa.discrete_space import CellAgent, OrthogonalMooreGrid

VISION, THRESHOLD, K, LONGEST, LEGITIMACY, PEOPLE, POLICE = 7, 0.1, 2.3, 30, 0.82, 0.7, 0.04


class Torus(OrthogonalMooreGrid):
    """A torus whose neighbourhoods are Euclidean discs: 148 cells at vision 7."""

    def _connect_cells_2d(self) -> None:
        r = VISION
        disc = [
            (i, j) for i in range(-r, r + 1) for j in range(-r, r + 1) if 0 < i * i + j * j <= r * r
        ]
        for cell in self.all_cells:
            self._connect_single_cell_2d(cell, disc)


class Walker(CellAgent):
    active = False

    def walk(self) -> None:
        """Move to a random free cell in view."""
        near = self.cell.neighborhood
        for _ in range(28):
            cell = near.select_random_cell()
            if cell.is_empty:
                self.move_to(cell)
                return
        free = [cell for cell in near if cell.is_empty]
        if free:
            self.move_to(self.random.choice(free))


class Person(Walker):
    def __init__(self, model, cell):
        super().__init__(model)
        self.cell = cell
        self.grievance = self.random.random() * (1 - LEGITIMACY)
        self.risk = self.random.random()
        self.term = 0

    def step(self) -> None:
        if self.term:
            return
        self.walk()
        police, actives = 0, 1
        for agent in self.cell.neighborhood.agents:
            if agent.active:
                actives += 1
            elif isinstance(agent, Police):
                police += 1
        arrest = 1 - math.exp(-K * (police // actives))
        self.active = self.grievance - self.risk * arrest > THRESHOLD


class Police(Walker):
    def __init__(self, model, cell):
        super().__init__(model)
        self.cell = cell

    def step(self) -> None:
        self.walk()
        actives = [agent for agent in self.cell.neighborhood.agents if agent.active]
        if actives:
            self.model.jail(self.random.choice(actives))


class Town(mesa.Model):
    def __init__(self, side: int, rng: int):
        super().__init__(rng=rng)
        self.grid = Torus((side, side), torus=True, capacity=1, random=self.random)
        people = round(PEOPLE * side * side)
        cells = self.random.sample(self.grid.all_cells.cells, people + round(POLICE * side * side))
        for cell in cells[:people]:
            Person(self, cell)
        for cell in cells[people:]:
            Police(self, cell)
        self.people = list(self.agents_by_type[Person])
        self.jailed: dict[Person, mesa.discrete_space.Cell] = {}

    def jail(self, person: Person) -> None:
        self.jailed[person] = person.cell
        person.active, person.term, person.cell = False, self.random.randint(1, LONGEST), None

    def step(self) -> None:
        self.agents.shuffle_do("step")
        for person, cell in list(self.jailed.items()):
            person.term -= 1
            if person.term == 0:
                free = [
                    c for c in (cell, *cell.neighborhood) if c.is_empty
                ] or self.grid.empties.cells
                person.cell = self.random.choice(free)
                del self.jailed[person]


def main() -> None:
    side, ticks, repeats, seeds, sample = (int(a) for a in sys.argv[1:6])
    seconds, size = [], None
    for repeat in range(repeats):
        town = Town(side, repeat)
        for cell in town.grid.all_cells:
            cell.neighborhood.cells  # noqa: B018 made before the clock starts
        size = len(town.agents)
        start = time.perf_counter()
        for _ in range(ticks):
            town.step()
        seconds.append(time.perf_counter() - start)
    actives = []
    for seed in range(seeds):
        town, total = Town(side, 1000 + seed), 0
        for _ in range(sample):
            town.step()
            total += sum(p.active for p in town.people)
        actives.append(total / sample)
    print(
        json.dumps(
            {
                "agents": size,
                "ticks": ticks,
                "seconds": seconds,
                "mean_actives": actives,
                "mesa": version("mesa"),
                "python": platform.python_version(),
                "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            }
        )
    )


if __name__ == "__main__":
    main()
