"""How fast a country of any size runs: seconds a simulated year, agent-days a second, memory, share
of memory bandwidth.

    python benchmarks/country.py [--sizes 1e5,1e6,1e7,full] [--threads 2] [--repeat 3] [--json FILE]

A quiet year and a year of unrest are measured apart: of the first 100 futures of iran-2025 at
20,000 agents, those that last the year with the smallest and the largest crowd. Each size runs in a
process of its own after one warm-up day; set-up (settling the people) is reported beside and not
counted in the days.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

# That a day reads and writes for an agent: 205 a word of 64 (planes, ties), gathers over long ties
# not counted.
BYTES = 3.2


def pick() -> dict[str, int]:
    """The numbers of a quiet future and of one with unrest."""
    import tempfile

    import polars as pl

    import thermidor as th

    runs = th.run("iran-2025", citizens=20_000, runs=100, out=tempfile.mkdtemp()).runs
    lasting = runs.filter(pl.col("ending") == "in power").sort("peak_turnout_country")
    return {"quiet": int(lasting["run"][0]), "unrest": int(lasting["run"][-1])}


def one(citizens: str, threads: int, run: int) -> None:
    """Measure one future in this process and print a line of JSON."""
    import thermidor as th
    from thermidor.engine.simulate import simulate
    from thermidor.support.threads import use_threads

    use_threads(threads)
    scenario = th.load(
        "iran-2025",
        citizens=citizens if citizens == "full" else int(float(citizens)),
        threads=threads,
    )
    simulate(scenario.sized(20_000).patched({}, days=1))
    marks: list[float] = []
    begin = time.perf_counter()
    made = simulate(scenario, 1, run, watch=lambda moment: marks.append(time.perf_counter()))
    agents, days = int(scenario.place.agents.sum()), len(marks) - 1
    people = sum(scenario.place.words) * (
        10 * 8 + 2 * 64 + 1 + 2 + 4 * round(made.parameters["citizens"].long_ties)
    )
    print(
        json.dumps(
            {
                "agents": agents,
                "days": days,
                "setup": marks[0] - begin,
                "seconds": marks[-1] - marks[0],
                "year": (marks[-1] - marks[0]) / days * 365,
                "rate": agents * days / (marks[-1] - marks[0]),
                "peak": float(made["turnout_country"].max()),
                "ending": made.ending,
                "bytes": float(people / agents),
                "memory": peak_memory(),
            }
        )
    )


def peak_memory() -> float:
    """MB that this process held at most. (Linux hands the maximum of the parent on in getrusage, so
    its own file is read.)
    """
    status = Path("/proc/self/status")
    if status.exists():
        return (
            next(
                int(line.split()[1])
                for line in status.read_text().splitlines()
                if line.startswith("VmHWM")
            )
            / 1024
        )
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def bandwidth(threads: int) -> float:
    """Bytes a second that a threaded copy of a large array moves."""
    import numba
    import numpy as np

    numba.set_num_threads(threads)

    @numba.njit(parallel=True)
    def copy(a, b):
        for i in numba.prange(a.size):
            b[i] = a[i]

    a, b = np.ones(50_000_000), np.zeros(50_000_000)
    copy(a, b)
    best = min(_timed(copy, a, b) for _ in range(5))
    return 2 * a.nbytes / best


def _timed(f, *x) -> float:
    begin = time.perf_counter()
    f(*x)
    return time.perf_counter() - begin


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", default="1e5,1e6,1e7,full")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--json", type=Path)
    parser.add_argument(
        "--one", nargs=3, metavar=("CITIZENS", "THREADS", "RUN"), help=argparse.SUPPRESS
    )
    o = parser.parse_args()
    if o.one:
        one(o.one[0], int(o.one[1]), int(o.one[2]))
        return
    years, speed = pick(), bandwidth(o.threads)
    print(
        f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, "
        f"{o.threads} threads; a threaded copy moves {speed / 1e9:.1f} GB/s\n"
    )
    print(
        f"{'year':8}{'agents':>12}{'set-up s':>10}{'365 days s':>12}{'M agent-days/s':>16}"
        f"{'bytes each':>12}{'peak MB':>9}{'bandwidth':>11}{'crowd':>11}"
    )
    rows = []
    for year, run in years.items():
        for size in o.sizes.split(","):
            made = [
                json.loads(
                    subprocess.run(
                        [sys.executable, __file__, "--one", size, str(o.threads), str(run)],
                        check=True,
                        capture_output=True,
                        text=True,
                    ).stdout
                )
                for _ in range(o.repeat)
            ]
            middle = statistics.median(m["rate"] for m in made)
            row = next(
                m
                for m in made
                if m["rate"] == min((m["rate"] for m in made), key=lambda r: abs(r - middle))
            )
            row |= {"year_is": year, "run": run, "bandwidth": row["rate"] * BYTES / speed}
            rows.append(row)
            print(
                f"{year:8}{row['agents']:12,}{row['setup']:10.2f}{row['year']:12.2f}"
                f"{row['rate'] / 1e6:16.0f}{row['bytes']:12.2f}{row['memory']:9.0f}"
                f"{100 * row['bandwidth']:10.1f}%{100 * row['peak']:10.3f}%",
                flush=True,
            )
    if o.json:
        o.json.write_text(
            json.dumps(
                {"threads": o.threads, "copy_bytes_per_second": speed, "rows": rows}, indent=1
            )
            + "\n",
            encoding="utf-8",
        )


if __name__ == "__main__":
    main()
