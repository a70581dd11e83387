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
    year = th.load(asked.scenario, citizens=20_000, days=365)
    some = abreast(20_000)
    played = least(lambda: Batch(Futures([year] * some, range(some), 1, False)).play()) / some
    print(f"{asked.scenario}, 20,000 agents, {n:,} futures, ms of one core each:")
    for name, seconds in (("point of a design", both - alone), ("table of runs", table)):
        print(f"  {name}: {1000 * seconds / n:.3f}, {100 * seconds / n / played:.2f} % of a year")
    print(f"  a year, {some} side by side: {1000 * played:.0f}")


if __name__ == "__main__":
    main()
