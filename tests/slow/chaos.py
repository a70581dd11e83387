"""A study to which everything happens, and the same study left alone: their tables must be the
same, byte for byte.

Of 2,000 short futures 5 % raise, 1 % give no number and 0.5 % hang. Meanwhile a worker is killed
every ten seconds, the disk is full for a while, a SIGTERM comes; whenever the program ends, the
same command is given again. The disk is a small memory file system where one may be mounted; else
it is never full.

    python -m tests.slow.chaos --runs 2000
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from tests.conftest import CITIZENS, SMALL, workers_of, write

MECHANISM = Path(__file__).parents[1] / "study" / "misbehaves.py"
LIMIT = 4  # seconds of a future
TABLES = ("runs.parquet", "series.parquet", "moved.parquet", "events.parquet", "provinces.parquet")


def command(file: Path, out: Path, runs: int) -> list[str]:
    return [
        sys.executable,
        "-m",
        "thermidor",
        "run",
        str(file),
        "--mechanism",
        str(MECHANISM),
        "--set",
        "misbehaves.way=many",
        "--runs",
        str(runs),
        "--citizens",
        str(CITIZENS),
        "--processes",
        "2",
        "--future-seconds",
        str(LIMIT),
        "--out",
        str(out),
        "--json",
    ]


def undisturbed(file: Path, out: Path, runs: int) -> None:
    done = subprocess.run(command(file, out, runs), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def disturbed(file: Path, out: Path, runs: int, seed: int, every: float = 10.0) -> list[str]:
    """Run the study until it is finished, whatever comes; what came, and how each start of it
    ended.
    """
    luck, told, told_to_stop, starts = random.Random(seed), [], False, 0
    while starts < 30:
        starts += 1
        job = subprocess.Popen(
            command(file, out, runs), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        said: list[str] = []
        reader = threading.Thread(target=lambda j=job, s=said: s.append(j.stderr.read()))
        reader.start()
        begin, next_kill, filled = time.monotonic(), time.monotonic() + every, False
        while job.poll() is None:
            time.sleep(0.1)
            now = time.monotonic()
            if now > next_kill:
                next_kill = now + every
                workers = workers_of(job)
                if workers:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(int(luck.choice(workers)), signal.SIGKILL)
                    told.append("a worker is killed")
            if (
                starts == 1
                and not filled
                and now - begin > 1.5 * every
                and (out.parent / "small").exists()
            ):
                filled = True
                fill(out.parent)
                told.append("the disk is full")
            if starts == 2 and not told_to_stop and now - begin > 1.2 * every:
                told_to_stop = True
                job.send_signal(signal.SIGTERM)
                told.append("SIGTERM")
        reader.join()
        assert "Traceback" not in said[0], said[0]
        told.append(f"ends with {job.returncode}")
        with contextlib.suppress(FileNotFoundError):
            (out.parent / "filler").unlink()
        if job.returncode == 0:
            return told
    raise AssertionError(told)


def fill(disk: Path) -> None:
    """Take all room that is left on a disk."""
    with contextlib.suppress(OSError), (disk / "filler").open("wb") as f:
        while True:
            f.write(b"\0" * 65536)
            f.flush()


@contextlib.contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A file system of its own if it may be mounted, marked by a file; else the folder."""
    mounted = (
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)],
            capture_output=True,
        ).returncode
        == 0
    )
    try:
        if mounted:
            (folder / "small").touch()
        yield folder
    finally:
        if mounted:
            subprocess.run(["umount", str(folder)], check=False)


def compared(one: Path, other: Path, runs: int) -> None:
    """Every future is there once, a failed one with its reason; the tables are the same bytes."""
    table = pl.read_parquet(one / "runs.parquet")
    assert table["run"].to_list() == list(range(runs))
    failed = table.filter(pl.col("ending").is_null())
    assert 0 < failed.height < runs / 5 and failed["reason"].null_count() == 0
    for name in TABLES:
        a, b = (hashlib.sha256((d / name).read_bytes()).hexdigest() for d in (one, other))
        assert a == b, name
    left = {p.name for p in other.iterdir()}
    assert "parts" not in left and not any(n.startswith(".thermidor-") for n in left), left


def chaos(runs: int, seed: int = 1, megabytes: int = 60, every: float = 10.0) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        file = write(Path(folder) / "short.yaml", SMALL, ("days: 60", "days: 6"))
        undisturbed(file, Path(folder) / "alone", runs)
        disk = Path(folder) / "disk"
        disk.mkdir()
        with small_disk(disk, megabytes):
            told = disturbed(file, disk / "out", runs, seed, every)
            compared(Path(folder) / "alone", disk / "out", runs)
    return told


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    o = parser.parse_args()
    print(*chaos(o.runs, o.seed), "the tables are the same, byte for byte", sep="\n")
