"""How long futures take, by the plain loop and side by side, in one run.

    thermidor warm
    python benchmarks/futures.py [--citizens 8000,20000,100000] [--futures 64] [--repeats 5]
    python benchmarks/futures.py --studies           what commands take, by the clock
    python benchmarks/futures.py --start             a fresh install: first answer, compiled steps

The first gives processor time, the best of several, which a busy machine disturbs least: a day of a
future by `simulate` (the loop as it was before futures were played side by side) and by `Batch`,
the start and the tables of a future, and a part of the bank of the calibration in both ways.
Nothing is compared with a target here, for machines differ.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ALONE = 3  # futures of the plain loop
CASES = 3  # of the bank
DRAWS = 32


def best(f: Callable[[], Any], repeats: int) -> float:
    """Least processor time of several calls, seconds."""
    found = []
    for _ in range(repeats):
        begin = time.process_time()
        f()
        found.append(time.process_time() - begin)
    return min(found)


def a_day(citizens: int, futures: int, repeats: int) -> None:
    """A line of what a day of a future takes."""
    from thermidor.engine.batch import Batch, Futures
    from thermidor.engine.simulate import simulate
    from thermidor.scenario.load import load
    from thermidor.study.futures.compute import abreast
    from thermidor.study.store.tables import tables

    s = load("iran-2025", citizens=citizens)
    simulate(s)
    lived = sum(simulate(s, 1, k).day for k in range(ALONE))
    plain = best(lambda: [simulate(s, 1, k) for k in range(ALONE)], 2) / lived
    size = min(futures, abreast(citizens))
    start, play, out, days = [], [], [], 0
    for _ in range(repeats):
        marks = [time.process_time()]
        batch = Batch(Futures([s] * size, range(size)))
        marks.append(time.process_time())
        batch.play()
        marks.append(time.process_time())
        tables([run for run in batch.runs() if not isinstance(run, Exception)], s.place.ids)
        marks.append(time.process_time())
        days = batch.played
        for times, k in ((start, 0), (play, 1), (out, 2)):
            times.append(marks[k + 1] - marks[k])
    abreast_day = min(play) / days
    print(
        f"{citizens:>8,} {plain * 1e6:>8.0f} {abreast_day * 1e6:>8.1f} {plain / abreast_day:>7.1f}"
        f" {min(start) / size * 1e3:>8.2f} {min(out) / size * 1e3:>8.2f}"
        f" {size / (min(start) + min(play) + min(out)):>10.1f}"
    )


def bank(repeats: int) -> None:
    """A part of the bank of the calibration, by the plain loop and side by side."""
    from thermidor.engine.simulate import simulate
    from thermidor.history.simulated import bank as made
    from thermidor.history.simulated.country import scenario
    from thermidor.history.tables.cases import read_cases
    from thermidor.history.tables.covariates import covariates

    values = made.design(DRAWS, 1)
    found, _ = read_cases()
    cases = [scenario(covariates(c.known, None)) for c in found[:CASES]]

    def plainly() -> None:
        for base in cases:
            for k in range(4):
                held = made.held(base, dict(zip(made.SHARED, values[k], strict=True)))
                made.observe(simulate(held, 1, k))

    def abreast() -> None:
        for base in cases:
            made.play(base, "case", values, 0, 1)

    plainly()
    abreast()
    before = best(plainly, repeats) / (4 * CASES)
    after = best(abreast, repeats) / (DRAWS * CASES)
    print(
        f"the bank, a future of a case: {before * 1e3:.1f} ms plainly, {after * 1e3:.2f} ms "
        f"side by side, {before / after:.1f} times as fast"
    )


def clock(title: str, command: list[str], env: dict[str, str] | None = None) -> None:
    """What a command takes by the clock."""
    begin = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "thermidor", *command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=env,
        check=False,
    )
    seconds = time.perf_counter() - begin
    print(f"{seconds:>8.1f} s  {title}" + (f"  {done.stderr[-200:]}" if done.returncode else ""))


def studies() -> None:
    """What commands take."""
    with tempfile.TemporaryDirectory() as name:
        out = Path(name)
        clock("200 futures of the README's command", ["run", "iran-2025", "--out", f"{out / 'a'}"])
        many = ["--runs", "1000", "--keep", "runs"]
        clock(
            "1,000 futures of 100,000 citizens",
            ["run", "iran-2025", "--citizens", "100000", *many, "--out", f"{out / 'b'}"],
        )
        clock(
            "1,000 futures of 20,000 citizens",
            ["run", "iran-2025", "--citizens", "20000", *many, "--out", f"{out / 'c'}"],
        )
        clock("the claims, 200 pairs", ["claims", "iran-2025", "--out", f"{out / 'd'}"])


def start() -> None:
    """What a fresh install takes: nothing is compiled."""
    with tempfile.TemporaryDirectory() as name:
        env = os.environ | {"NUMBA_CACHE_DIR": f"{name}/compiled"}
        few = ["run", "iran-2025", "--runs", "4", "--citizens", "20000"]
        clock("four futures, nothing compiled", [*few, "--out", f"{name}/a"], env)
        shutil.rmtree(f"{name}/compiled", ignore_errors=True)
        clock("thermidor warm, nothing compiled", ["warm"], env)
        clock("four futures, all compiled", [*few, "--out", f"{name}/b"], env)


def main() -> None:
    said = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    said.add_argument("--citizens", default="8000,20000,100000")
    said.add_argument("--futures", type=int, default=64)
    said.add_argument("--repeats", type=int, default=5)
    said.add_argument("--studies", action="store_true")
    said.add_argument("--start", action="store_true")
    asked = said.parse_args()
    if asked.start:
        start()
    if asked.studies:
        studies()
    if asked.start or asked.studies:
        return
    print("processor time, iran-2025 of 365 days")
    print("          us a future-day             ms a future  futures a second")
    print("citizens    plain  abreast    ratio    start   tables   one core")
    for citizens in asked.citizens.split(","):
        a_day(int(citizens), asked.futures, asked.repeats)
    bank(asked.repeats)


if __name__ == "__main__":
    main()
