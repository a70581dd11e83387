"""Epstein's Model I in Thermidor and in Mesa, in one go: agent-steps a second, each on one thread,
and their ratio.

The same rule on both sides (Run 2: vision 7, 148 cells; floor rule; 70 % people and 4 % police;
everybody moves and acts once a tick in random order), the same number of ticks from the start. What
is built or compiled before the first tick is not timed. Each runs in a process of its own; medians
of several runs. A second part compares the distribution of mean actives over seeds.

    python benchmarks/epstein.py [--mesa-python PATH] [--json FILE]
                                 [--sides 40 200 1000] [--mesa-sides 40 200]

Mesa is no dependency of Thermidor; --mesa-python names a Python that has it (`pip install mesa
networkx`).
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path
from statistics import median

import numpy as np

HERE = Path(__file__).resolve()
TICKS = {40: 100, 200: 10, 1000: 10}


def thermidor(side: int, ticks: int, repeats: int, seeds: int, sample: int) -> dict:
    """The measurements of one size, as benchmarks/epstein_mesa.py prints them for Mesa."""
    from thermidor.chance.draws import Draw
    from thermidor.kernels import civil
    from thermidor.places.lattice import levels, populate, torus
    from thermidor.published.crowds import epstein

    setting, size = epstein.Setting(side=side), side * side
    people, corps = round(setting.people * size), round(setting.police * size)
    epstein.play(epstein.RUN_2, 2, 1)  # compiles
    ground, seconds = torus(side, side, setting.vision), []
    for repeat in range(repeats):
        draw = Draw(repeat, 0, "epstein")
        occupancy = populate(ground, people, corps, draw)
        rest = (
            levels(draw, "hardship", people),
            levels(draw, "risk", people),
            np.full(ticks, setting.legitimacy),
            np.full(ticks, corps),
            epstein.rules(setting, ground.disc),
        )
        start = time.perf_counter()
        civil.play(ground, np.uint64(draw.key("play")), occupancy, *rest)
        seconds.append(time.perf_counter() - start)
    actives = [
        float(epstein.play(setting, sample, 1000 + seed)[:, 0].mean()) for seed in range(seeds)
    ]
    return {
        "agents": people + corps,
        "ticks": ticks,
        "seconds": seconds,
        "mean_actives": actives,
        "python": platform.python_version(),
        **{name: version(name) for name in ("thermidor", "numba", "numpy")},
    }


def measured(command: list[str], *numbers: int) -> dict | None:
    """What a process of its own prints; none if it cannot be run."""
    alone = dict.fromkeys(("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    path = os.pathsep.join(filter(None, (str(HERE.parents[1]), os.environ.get("PYTHONPATH"))))
    done = subprocess.run(
        [*command, *map(str, numbers)],
        capture_output=True,
        text=True,
        env={**os.environ, **alone, "PYTHONPATH": path},
    )
    if done.returncode:
        print((done.stderr.strip().splitlines() or ["no reason given"])[-1], file=sys.stderr)
        return None
    return json.loads(done.stdout.splitlines()[-1])


def rate(m: dict) -> float:
    return m["agents"] * m["ticks"] / median(m["seconds"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mesa-python", default=sys.executable)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--sides", type=int, nargs="+", default=list(TICKS))
    parser.add_argument("--mesa-sides", type=int, nargs="*", default=[40, 200])
    parser.add_argument(
        "--repeats", type=int, default=3, help="runs of Mesa; Thermidor has five times as many"
    )
    parser.add_argument(
        "--seeds",
        type=int,
        default=30,
        help="runs at the smallest size, for the distribution of mean actives over 60 ticks",
    )
    o = parser.parse_args()
    ours = [sys.executable, str(HERE), "--worker"]
    theirs = [o.mesa_python, "-W", "ignore", str(HERE.with_name("epstein_mesa.py"))]
    rows = []
    report = {
        "machine": {
            "processor": platform.machine(),
            "cores": os.cpu_count(),
            "load": os.getloadavg(),
        },
        "sizes": [],
    }
    for side in o.sides:
        seeds, ticks = o.seeds if side == min(o.sides) else 0, TICKS.get(side, 10)
        both = {"thermidor": measured(ours, side, ticks, 5 * o.repeats, seeds, 60)}
        if side in o.mesa_sides:
            both["mesa"] = measured(theirs, side, ticks, o.repeats, seeds, 60)
        both = {name: m for name, m in both.items() if m}
        report["sizes"].append(
            {"side": side, **both, "rate": {name: rate(m) for name, m in both.items()}}
        )
        for name, m in both.items():
            ratio = (
                f"{rate(m) / rate(both['mesa']):,.0f}"
                if name == "thermidor" and "mesa" in both
                else ""
            )
            rows.append(
                f"{side:>5} x {side:<5} {m['agents']:>9,}  {name:<10} {m[name]:<12} "
                f"{rate(m):>12,.0f}  {ratio:>6}"
            )
    print(
        f"{'lattice':>13} {'agents':>9}  {'framework':<10} {'version':<12} {'steps/s':>12}  "
        f"{'ratio':>6}",
        *rows,
        sep="\n",
    )
    small = report["sizes"][o.sides.index(min(o.sides))]
    if "mesa" in small and o.seeds > 1:
        from scipy.stats import ks_2samp

        a, b = (small[name]["mean_actives"] for name in ("thermidor", "mesa"))
        report["distribution"] = {
            "p": float(ks_2samp(a, b).pvalue),
            "thermidor": float(np.mean(a)),
            "mesa": float(np.mean(b)),
            "runs": len(a),
        }
        print(
            "Mean actives over 60 ticks, {runs} runs each: Thermidor {thermidor:.1f}, "
            "Mesa {mesa:.1f}; the same distribution: p = {p:.2f} (Kolmogorov-Smirnov).".format(
                **report["distribution"]
            )
        )
    print(
        "Load of the machine at the start: {:.1f} on {} cores.".format(
            report["machine"]["load"][0], report["machine"]["cores"]
        )
    )
    if o.json:
        o.json.write_text(json.dumps(report, indent=1), encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--worker"]:
        print(json.dumps(thermidor(*map(int, sys.argv[2:]))))
    else:
        main()
