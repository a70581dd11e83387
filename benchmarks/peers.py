"""One contagion in Thermidor and in other libraries, in one run: agent-steps a second, and how many
times faster which is.

    python benchmarks/peers.py --sizes 1e5,1e6 --json peers.json
    python benchmarks/peers.py --from peers.json --readme

The second writes the tables of a run, or of several, into benchmarks/README.md.

`contagion/rule.py` says what is computed. Each library runs in a process of its own. Set-up,
compilation and the first steps are not timed. All libraries have the same people and the same
start; the mean share out of each must agree with Thermidor's within sampling error, or the run
fails.
"""

from __future__ import annotations

import argparse
import datetime
import importlib
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from contagion import LIBRARIES
from contagion.rule import SHARES, Rule, choose_level, load_world, make_world, spread

Row = dict[str, Any]
WARM = 8  # steps before the clock starts: compilation, and the memory of the start
WITHIN = 4.5  # standard errors
README = Path(__file__).with_name("README.md")
MARKS = "<!-- results: written by peers.py --readme -->", "<!-- end of results -->"
WAYS = (
    (1, "speed", " times with one thread each"),
    (1, "speed_processor", " by the processor's time"),
    (None, "speed", " with as many threads as help"),
)
SETTINGS = (
    "NUMBA_NUM_THREADS",
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "POLARS_MAX_THREADS",
)


def measure(
    library: str,
    mixing: str,
    levels: dict[str, float],
    folder: Path,
    threads: int,
    steps: int,
    repeats: int,
    seconds: float,
) -> list[Row]:
    """Speed and mean share of one library in each activity. A repeat has at least so many steps and
    so many seconds.
    """
    build, rows = importlib.import_module("contagion." + LIBRARIES[library].module).build, []
    for activity, level in levels.items():
        rule = Rule(mixing, activity, level)
        world = load_world(rule, folder)
        step = build(rule, world, threads)
        for _ in range(WARM):
            step()
        speeds, busy, shares = [], [], []
        for _ in range(repeats):
            start, processor, done, took = time.perf_counter(), time.process_time(), 0, 0.0
            while done < steps or took < seconds:
                shares.append(step())
                done, took = done + 1, time.perf_counter() - start
            speeds.append(world.n * done / took)
            busy.append(world.n * done / (time.process_time() - processor))
        rows.append(
            {
                "activity": activity,
                "agents": world.n,
                "steps": len(shares),
                "share": statistics.fmean(shares),
                "error": spread(world, rule, len(shares)),
                "speed": statistics.median(speeds),
                "slowest": min(speeds),
                "fastest": max(speeds),
                "speed_processor": statistics.median(busy),
            }
        )
    return rows


def work(request: str) -> None:
    """What a process of its own does: measure, and write the rows or the reason for none."""
    asked = json.loads(request)
    answer = Path(asked.pop("answer"))
    asked["folder"] = Path(asked["folder"])
    try:
        rows = measure(**asked)
    except ImportError as fault:
        rows = [{"activity": a, "reason": f"not installed here ({fault})"} for a in SHARES]
    except NotImplementedError as fault:
        rows = [{"activity": a, "reason": str(fault)} for a in SHARES]
    except Exception as fault:
        rows = [
            {
                "activity": a,
                "reason": f"{type(fault).__name__}: {' '.join(str(fault).split())[:200]}",
            }
            for a in SHARES
        ]
    answer.write_text(json.dumps(rows))


def ask(
    library: str, mixing: str, size: float, folder: Path, threads: int, options: argparse.Namespace
) -> list[Row]:
    """Run one library in a process of its own; whatever happens, a row for each activity comes
    back.
    """
    largest = LIBRARIES[library].largest
    if size > largest:
        return [
            {
                "activity": a,
                "reason": f"objects take too much time and memory above {largest:,.0f} agents",
            }
            for a in SHARES
        ]
    answer = folder / "answer.json"
    answer.unlink(missing_ok=True)
    levels = {a: choose_level(mixing, a)[0] for a in SHARES}
    request = {
        "library": library,
        "mixing": mixing,
        "levels": levels,
        "folder": str(folder),
        "threads": threads,
        "steps": options.steps,
        "repeats": options.repeats,
        "seconds": options.seconds,
        "answer": str(answer),
    }
    env = os.environ | dict.fromkeys(SETTINGS, str(threads))
    reason = f"no result within {options.limit} s"
    try:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", __file__, "--work", json.dumps(request)],
            env=env,
            capture_output=True,
            text=True,
            timeout=options.limit,
        )
        reason = f"ended with status {done.returncode}: {done.stderr.strip().splitlines()[-1:]}"
    except subprocess.TimeoutExpired:
        pass
    return (
        json.loads(answer.read_text())
        if answer.exists()
        else [{"activity": a, "reason": reason} for a in SHARES]
    )


def run(options: argparse.Namespace) -> dict[str, Any]:
    """All libraries, sizes and both ways of mixing; one row a library, size, mixing, activity and
    number of threads.
    """
    cores, rows = os.cpu_count() or 1, []
    kept = {k: v for k, v in vars(options).items() if k not in ("work", "load")}
    result = {
        "date": datetime.date.today().isoformat(),
        "machine": machine(),
        "options": kept,
        "versions": {name: versions(name) for name in options.only},
        "rows": rows,
    }
    for size in options.sizes:
        for mixing in ("ties", "patches"):
            with tempfile.TemporaryDirectory() as name:
                make_world(mixing, int(size), options.network, Path(name))
                for library in options.only:
                    for threads in sorted({1, cores}) if LIBRARIES[library].threaded else [1]:
                        found = ask(library, mixing, size, Path(name), threads, options)
                        rows += [
                            {"library": library, "mixing": mixing, "size": size, "threads": threads}
                            | row
                            for row in found
                        ]
                        for row in found:
                            said = (
                                f"{row['speed']:9.3g} agent-steps/s, {percent(row['share'])} out"
                                if "speed" in row
                                else row["reason"]
                            )
                            print(
                                f"{size:9,.0f} {mixing:8} {row['activity']:7} {library:14} "
                                f"{threads} thread{'s' * (threads > 1)}: {said}",
                                flush=True,
                            )
                        if not any("speed" in row for row in found):
                            break  # more threads would not help
    compare(rows)
    return result


def join(files: list[str]) -> dict[str, Any]:
    """The results of several runs on one machine, as one: the first run's date and machine, all
    rows.
    """
    first, *others = (json.loads(Path(file).read_text()) for file in files)
    for other in others:
        first["rows"] += other["rows"]
        first["versions"] |= other["versions"]
    first["rows"].sort(key=lambda r: list(LIBRARIES).index(r["library"]))
    compare(first["rows"])
    return first


def compare(rows: list[Row]) -> None:
    """Mark each row by its distance from Thermidor's mean share, in standard errors of the
    difference.
    """
    ours = {
        (r["mixing"], r["size"], r["activity"]): r
        for r in rows
        if r["library"] == "Thermidor" and "speed" in r
    }
    for row in rows:
        other = ours.get((row["mixing"], row["size"], row["activity"]))
        if other and "speed" in row:
            row["distance"] = (
                abs(row["share"] - other["share"])
                / (row["error"] ** 2 + other["error"] ** 2) ** 0.5
            )
            row["agrees"] = row["distance"] <= WITHIN


def percent(share: float) -> str:
    return f"{100 * share:.4g} %"


def in_millions(speed: float) -> str:
    return f"{speed / 1e6:,.0f}" if speed >= 1e8 else f"{speed / 1e6:.3g}"


def versions(library: str) -> dict[str, str]:
    from thermidor import __version__ as thermidor_version

    found = {}
    for package in LIBRARIES[library].packages:
        try:
            found[package] = thermidor_version if package == "thermidor" else version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found


def machine() -> dict[str, Any]:
    try:
        model = next(
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        )
    except (OSError, StopIteration):
        model = platform.processor()
    return {
        "cpu": model,
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "system": platform.system(),
        "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
    }


def best(rows: list[Row], names: list[str], threads: int | None, clock: str) -> Row | None:
    found = [
        r
        for r in rows
        if r["library"] in names and "speed" in r and threads in (None, r["threads"])
    ]
    return max(found, key=lambda r: r[clock], default=None)


def ratios(rows: list[Row]) -> list[str]:
    """Thermidor against the fastest peer, against LASER, and against the yardsticks, in the three
    ways of WAYS.
    """
    libraries = [name for name, has in LIBRARIES.items() if name != "Thermidor" and not has.by_hand]
    said = []
    for mixing, activity, size in sorted(
        {(r["mixing"], r["activity"], r["size"]) for r in rows},
        key=lambda k: (k[0], k[1], -k[2]),
        reverse=True,
    ):
        here = [
            r for r in rows if (r["mixing"], r["size"], r["activity"]) == (mixing, size, activity)
        ]
        rivals = [
            ("the fastest peer", libraries),
            *([("LASER", ["LASER"])] if mixing == "patches" else []),
            ("the best by hand", [name for name, has in LIBRARIES.items() if has.by_hand]),
        ]
        for what, names in rivals:
            parts = []
            for threads, clock, how in WAYS:
                us = best(here, ["Thermidor"], threads, clock)
                them = best(here, names, threads, clock)
                if us and them:
                    parts.append(
                        f"{us[clock] / them[clock]:.1f}{how}"
                        + (f" ({them['library']})" if len(names) > 1 else "")
                    )
            if parts:
                said.append(
                    f"{mixing}, {activity}, {size:,.0f} agents: against {what} {', '.join(parts)}"
                )
    return said


def tables(result: dict[str, Any]) -> str:
    """The results in Markdown: one table for each mixing and activity, reasons, ratios, versions,
    machine.
    """
    rows, lines, reasons = result["rows"], [], {}
    sizes = sorted({r["size"] for r in rows})
    m = result["machine"]
    lines.append(
        f"Measured on {result['date']}: {m['cpu']}, {m['cores']} cores, Python {m['python']}, load "
        f"{m['load']} before the start; median of {result['options']['repeats']} repeats of at "
        f"least {result['options']['steps']} steps and {result['options']['seconds']} s; ties of "
        f"the peers joined by {result['options']['network']}. Million agent-steps a second."
    )
    if (m["load"] or 0) > 0.5 * (m["cores"] or 1):
        lines.append(
            "\n*The machine had other work to do: the speeds are too low and uneven, and the "
            "ratios by the processor's time are the ones to read.*"
        )
    for mixing in ("ties", "patches"):
        for activity, share in SHARES.items():
            lines += ["", f"**{mixing.capitalize()}, {activity}** (about {percent(share)} out)", ""]
            lines.append(
                "| library | threads | "
                + " | ".join(f"{s:,.0f} agents" for s in sizes)
                + " | share out |"
            )
            lines.append("|---|---|" + "---|" * (len(sizes) + 1))
            here = [r for r in rows if r["mixing"] == mixing and r["activity"] == activity]
            for library, threads in dict.fromkeys((r["library"], r["threads"]) for r in here):
                line = {
                    r["size"]: r for r in here if (r["library"], r["threads"]) == (library, threads)
                }
                cells = []
                for size in sizes:
                    row = line.get(size, {"reason": "not run"})
                    note = (
                        0
                        if "speed" in row
                        else reasons.setdefault(f"{library}: {row['reason']}", len(reasons) + 1)
                    )
                    cells.append(f"– [{note}]" if note else in_millions(row["speed"]))
                shares = [
                    percent(line[s]["share"])
                    + ("" if line[s].get("agrees", True) else " (differs)")
                    for s in sizes
                    if "share" in line.get(s, {})
                ]
                lines.append(
                    f"| {library} | {threads} | "
                    + " | ".join(cells)
                    + f" | {', '.join(shares) or '–'} |"
                )
    lines += [
        "",
        *(f"[{k}] {reason}  " for reason, k in reasons.items()),
        "",
        "How many times faster Thermidor is:",
        "",
    ]
    lines += [f"- {line}" for line in ratios(rows)]
    compared = [r["distance"] for r in rows if "distance" in r and r["library"] != "Thermidor"]
    if compared:
        lines += [
            "",
            f"Agreement: {len(compared)} shares compared with Thermidor's, the farthest is "
            f"{max(compared):.1f} standard errors away ({WITHIN} are permitted).",
        ]
    versions = sorted({pv for found in result["versions"].values() for pv in found.items()})
    lines += ["", f"Versions: {', '.join(f'{p} {v}' for p, v in versions)}."]
    return "\n".join(lines)


def write_readme(text: str) -> None:
    """Put the tables between the marks in README.md."""
    before, rest = README.read_text().split(MARKS[0])
    README.write_text(f"{before}{MARKS[0]}\n{text}\n{MARKS[1]}{rest.split(MARKS[1])[1]}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description="The same contagion in Thermidor and in other libraries."
    )
    parser.add_argument(
        "--sizes", default="1e5,1e6", help="agents, comma-separated (default 1e5,1e6)"
    )
    parser.add_argument(
        "--steps", type=int, default=20, help="least number of steps in a repeat (default 20)"
    )
    parser.add_argument(
        "--seconds", type=float, default=0.5, help="least duration of a repeat (default 0.5)"
    )
    parser.add_argument(
        "--repeats", type=int, default=3, help="repeats, of which the median counts (default 3)"
    )
    parser.add_argument(
        "--limit",
        type=float,
        default=600.0,
        help="seconds after which a library's process is ended (default 600)",
    )
    parser.add_argument(
        "--only",
        default=",".join(LIBRARIES),
        help="libraries, comma-separated: " + ", ".join(LIBRARIES),
    )
    parser.add_argument(
        "--network",
        choices=("people", "words"),
        default="people",
        help="ties of the peers: person to person at random, or word to word as Thermidor joins "
        "them (kinder to their memory)",
    )
    parser.add_argument("--json", help="write all rows to this file")
    parser.add_argument(
        "--from",
        dest="load",
        nargs="+",
        help="show the results of earlier runs in these files; measure nothing",
    )
    parser.add_argument(
        "--readme", action="store_true", help="put the tables into benchmarks/README.md"
    )
    parser.add_argument("--work", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work:
        return work(options.work)
    options.sizes = [float(s) for s in options.sizes.split(",")]
    asked = {name.strip().lower() for name in options.only.split(",")}
    options.only = [name for name in LIBRARIES if name.lower() in asked]
    if unknown := asked - {name.lower() for name in LIBRARIES}:
        parser.error(f"--only: {', '.join(sorted(unknown))} is none of {', '.join(LIBRARIES)}")
    result = join(options.load) if options.load else run(options)
    if options.json:
        Path(options.json).write_text(json.dumps(result, indent=1))
    print("", tables(result), sep="\n")
    if options.readme:
        write_readme(tables(result))
    differ = [r for r in result["rows"] if not r.get("agrees", True)]
    for row in differ:
        print(
            f"differs from Thermidor: {row['library']}, {row['mixing']}, {row['activity']}, "
            f"{row['size']:.0e} agents: {row['share']:.4%}, "
            f"{row['distance']:.1f} standard errors away",
            file=sys.stderr,
        )
    return sys.exit(1 if differ else 0)


if __name__ == "__main__":
    main()
