"""What a study adds to each future, in processor time: its point of a design, its rows on disk.

    python benchmarks/study.py [iran-2025] [--futures 2048]

One future of a week is played and written again and again under other numbers: the table of runs
has a row a future, whatever its days. A year of it is timed with the steps compiled.
"""

from __future__ import annotations

import argparse
import dataclasses
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import thermidor as th
from thermidor.engine.batch import Batch, Futures
from thermidor.engine.simulate import simulate
from thermidor.study.design.design import design
from thermidor.study.design.over import parse
from thermidor.study.futures.compute import abreast
from thermidor.study.futures.warm import warm
from thermidor.study.store.folder import Folder

OVER = ["security.crowd_half=0.0005:0.001:8", "elites.noise"]
PART = 256  # futures that are written at once
TRIES = 5


def least(what: Callable[[], object]) -> float:
    """Seconds of processor time that something takes, the least of some tries."""
    best = float("inf")
    for _ in range(TRIES):
        begin = time.process_time()
        what()
        best = min(best, time.process_time() - begin)
    return best


def main() -> None:
    """Time each part and print it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scenario", nargs="?", default="iran-2025")
    parser.add_argument("--futures", type=int, default=2048)
    asked = parser.parse_args()
    n = asked.futures
    week = th.load(asked.scenario, citizens=20_000, days=7)
    over = parse([OVER[0], OVER[1]], week)
    d = design("lhs", over, n // 4, 4, 1)

    def drawn() -> None:
        for k in range(0, n, PART):
            week.draw_many(1, range(k, k + PART))

    def at_points() -> None:
        design("lhs", over, n // 4, 4, 1)
        for k in range(0, n, PART):
            d.sheets(week, 1, range(k, k + PART))

    one = simulate(week, 1, 0)

    def written() -> None:
        with tempfile.TemporaryDirectory() as out:
            parts = Folder(Path(out), "runs").parts
            for k in range(0, n, PART):
                rows = [dataclasses.replace(one, run=k + i) for i in range(PART)]
                parts.write(rows, week.place.ids)
            parts.join()

    alone, both = least(drawn), least(at_points)
    table = least(written)
    warm(processes=1)
    print(f"{asked.scenario}, {n:,} futures, ms of one core each:")
    parts = {"point of a design": max(0.0, both - alone) / n, "table of runs": table / n}
    for name, seconds in parts.items():
        print(f"  {name}: {1000 * seconds:.3f}")
    for agents in (20_000, 100_000):
        year, some = th.load(asked.scenario, citizens=agents, days=365), abreast(agents)
        played = least(lambda y=year, k=some: Batch(Futures([y] * k, range(k), 1)).play()) / some
        share = 100 * sum(parts.values()) / played
        print(f"  a year of {agents:,} agents: {1000 * played:.0f}; both are {share:.2f} % of it")


if __name__ == "__main__":
    main()
