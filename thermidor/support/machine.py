"""What this process may use of its machine: cores, child processes, threads of kernels."""

from __future__ import annotations

import multiprocessing as mp
import os
import sys
from pathlib import Path

CGROUPS = Path("/sys/fs/cgroup")
OWN_CGROUP = Path("/proc/self/cgroup")

_forked = False


def _note_fork() -> None:
    global _forked
    _forked = _forked or "polars" in sys.modules or "numba" in sys.modules


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_note_fork)


def cores() -> int:
    """Processors that this process may use: its affinity, and the share that its control groups
    allow.

    Not those of the machine: a scheduler or a container often gives fewer.
    """
    try:
        allowed = len(os.sched_getaffinity(0))
    except (AttributeError, OSError):  # not on every system
        allowed = os.cpu_count() or 1
    quota = _quota()
    return allowed if quota is None else max(1, min(allowed, int(quota + 0.5)))


def _quota() -> float | None:
    """The smallest processor quota of the control groups above this process (cgroup v2, then v1),
    in cores.
    """
    try:
        rows = [line.split(":", 2) for line in OWN_CGROUP.read_text().splitlines()]
    except OSError:
        return None
    found = []
    for number, controllers, group in (r for r in rows if len(r) == 3):
        if number == "0":
            found += [_share(p / "cpu.max") for p in _up(CGROUPS, group)]
        elif "cpu" in controllers.split(","):
            for p in _up(CGROUPS / controllers, group):
                found.append(_share(p / "cpu.cfs_quota_us", p / "cpu.cfs_period_us"))
    return min((x for x in found if x is not None), default=None)


def _up(root: Path, group: str) -> list[Path]:
    """A control group's folder and those around it, up to the root of the hierarchy."""
    here = root / group.strip("/")
    return [p for p in (here, *here.parents) if p == root or root in p.parents]


def _share(*files: Path) -> float | None:
    """Quota over period, or None where there is no limit."""
    try:
        quota, period = (w for f in files for w in f.read_text().split())
        return float(quota) / float(period) if float(quota) > 0 else None
    except (OSError, ValueError):  # no such file, or "max"
        return None


def may_have_children() -> bool:
    """Whether this process can start others: a pool's daemonic worker cannot."""
    return not mp.current_process().daemon


def forked_from_threads() -> bool:
    """Whether this process was forked from one that had loaded libraries with threads of their own,
    which are lost in it.
    """
    return _forked
