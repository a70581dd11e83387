"""What a study of many futures takes: time, memory of all its processes, bytes on disk.

    python benchmarks/many.py [iran-2025] [--runs 1000] [--citizens 20000] [--keep runs]
    python benchmarks/many.py --output [iran-2025] [--runs 100000] [--keep runs]

The first computes a study with `thermidor run`. The second computes one future only and writes it
again and again under other numbers, with other assumptions and values, in parts of 64: what output
alone takes. Both then read the study as `thermidor` does, in a process of its own. Memory is the
most that the processes held together, what they share counted once (Linux).
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

PART = 64  # futures of a part, for output alone
MIB = 1 << 20
ENDS = ({"ending": "in power"}, {"ending": "coup"})


def tree(pid: int) -> Iterator[int]:
    """A process and all processes that it started."""
    yield pid
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from tree(int(child))


def held(pid: int) -> int:
    """Bytes that a process holds, what it shares with others divided among them."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


def measured(command: list[str]) -> tuple[str, float, float]:
    """What a command prints, its seconds, and the most MiB that it and its workers held."""
    begin, most = time.perf_counter(), 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as job:
        while job.poll() is None:
            most = max(most, sum(held(pid) for pid in tree(job.pid)))
            time.sleep(0.1)
        assert job.stdout
        said = job.stdout.read()
    if job.returncode not in (0, None):
        raise SystemExit(job.returncode)
    return said, time.perf_counter() - begin, most / MIB


def write_again_and_again(o: argparse.Namespace) -> None:
    """One future under many numbers, written as workers and their parent do."""
    import numpy as np

    import thermidor as th
    from thermidor.engine.simulate import simulate
    from thermidor.study.plan import RunPlan
    from thermidor.study.results import Study
    from thermidor.study.store.folder import Folder
    from thermidor.study.store.parts import BLOCK

    study = th.run(
        o.scenario, runs=1, citizens=o.citizens, out=o.out, keep=o.keep, processes=0, days=o.days
    )
    scenario = th.load(o.scenario, citizens=o.citizens, days=o.days)
    one, luck = simulate(scenario), np.random.default_rng(1)
    folder, spent = Folder(o.out, o.keep), {"parts": 0.0, "blocks": 0.0}
    folder.claim(RunPlan(scenario, o.runs, Path(o.out), keep=o.keep).identity)
    for first in range(0, o.runs, PART):
        runs = range(first, min(first + PART, o.runs))
        made = [
            dataclasses.replace(
                one,
                run=k,
                parameters=now,
                series=one.series * luck.uniform(0.5, 1.0, one.series.shape[1]),
                **luck.choice(ENDS, p=(0.6, 0.4)),
            )
            for k, (_, now) in zip(runs, scenario.draw_many(1, runs), strict=True)
        ]
        begin = time.process_time()
        folder.parts.write(made, scenario.place.ids)
        spent["parts"] += time.process_time() - begin
        begin = time.process_time()
        if (first + PART) // BLOCK > first // BLOCK:
            folder.parts.settle(first // BLOCK)
        spent["blocks"] += time.process_time() - begin
    begin = time.process_time()
    folder.parts.join()
    spent["blocks"] += time.process_time() - begin
    folder.write_json("manifest.json", study.manifest | {"runs": o.runs})
    folder.release()
    assert Study(o.out).futures == o.runs
    print(json.dumps({k: 1000 * v / o.runs for k, v in spent.items()}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scenario", nargs="?", default="iran-2025")
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--citizens", type=int, default=20_000)
    parser.add_argument("--days", type=int)
    parser.add_argument("--keep", choices=("runs", "series", "all"), default="runs")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--output", action="store_true", help="output alone")
    parser.add_argument("--out", help="folder for the results; a temporary one if left out")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    o = parser.parse_args()
    if o.inside:
        write_again_and_again(o)
        return
    with tempfile.TemporaryDirectory() as temporary:
        out = o.out or f"{temporary}/out"
        days = ["--days", str(o.days)] if o.days else []
        what = [o.scenario, "--runs", str(o.runs), "--citizens", str(o.citizens), *days]
        what += ["--keep", o.keep, "--out", out]
        if o.output:
            command = [sys.executable, __file__, "--inside", *what]
        else:
            command = [sys.executable, "-m", "thermidor", "run", *what, "--json"]
            command += ["--processes", str(o.processes)]
        said, seconds, memory = measured(command)
        disk = sum(p.stat().st_size for p in Path(out).rglob("*.parquet"))
        summary = "import sys, thermidor as th; print(th.results(sys.argv[1]).to_dict())"
        _, read, reader = measured([sys.executable, "-c", summary, out])
        report = [sys.executable, "-m", "thermidor", "report", out, "--json"]
        _, told, teller = measured(report)
    rows = [
        ("futures", f"{o.runs:,}"),
        ("seconds", f"{seconds:,.1f}"),
        ("futures a second", f"{o.runs / seconds:,.1f}"),
        ("MiB, parent and workers together", f"{memory:,.0f}"),
        ("bytes of tables, a future", f"{disk / o.runs:,.0f}"),
        ("files of tables", f"{disk / MIB:,.0f} MiB"),
        ("seconds and MiB of a summary", f"{read:,.1f}, {reader:,.0f}"),
        ("seconds and MiB of a report", f"{told:,.1f}, {teller:,.0f}"),
    ]
    if o.output:
        spent = json.loads(said.splitlines()[-1])
        rows += [(f"processor ms a future for {k}", f"{v:.2f}") for k, v in spent.items()]
    print(f"{o.scenario}, {o.citizens:,} citizens, --keep {o.keep}")
    for name, value in rows:
        print(f"  {name:36} {value:>14}")


if __name__ == "__main__":
    main()
