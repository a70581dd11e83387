"""What the machine gives: cores by affinity and control groups, a compile cache or none, children
or none.
"""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import thermidor
from thermidor.support import machine

PACKAGE = Path(thermidor.__file__).parent


@pytest.mark.parametrize(
    "own, files, quota",
    [
        ("0::/job/step\n", {"job/cpu.max": "150000 100000", "job/step/cpu.max": "max 100000"}, 1.5),
        ("0::/job/step\n", {"cpu.max": "max 100000"}, None),
        ("0::/\n", {"cpu.max": "50000 100000"}, 0.5),
        (
            "4:cpu,cpuacct:/box\n3:memory:/box\n",
            {
                "cpu,cpuacct/box/cpu.cfs_quota_us": "300000",
                "cpu,cpuacct/box/cpu.cfs_period_us": "100000",
            },
            3.0,
        ),
        (
            "4:cpu,cpuacct:/box\n",
            {
                "cpu,cpuacct/box/cpu.cfs_quota_us": "-1",
                "cpu,cpuacct/box/cpu.cfs_period_us": "100000",
            },
            None,
        ),
        ("nonsense\n", {}, None),
    ],
)
def test_the_quota_of_control_groups(tmp_path, monkeypatch, own, files, quota):
    (tmp_path / "own").write_text(own)
    for name, text in files.items():
        (tmp_path / "sys" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "sys" / name).write_text(text)
    monkeypatch.setattr(machine, "CGROUPS", tmp_path / "sys")
    monkeypatch.setattr(machine, "OWN_CGROUP", tmp_path / "own")
    assert machine._quota() == quota
    assert 1 <= machine.cores() <= (max(1, round(quota + 1e-9)) if quota else os.cpu_count())


def test_cores_are_those_that_the_process_may_use(monkeypatch):
    monkeypatch.setattr(machine, "_quota", lambda: None)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 5, 7})
    monkeypatch.setattr(os, "cpu_count", lambda: 64)
    assert machine.cores() == 3
    monkeypatch.setattr(machine, "_quota", lambda: 2.0)
    assert machine.cores() == 2


def test_no_module_counts_the_machine_instead():
    counted = [
        p
        for p in PACKAGE.rglob("*.py")
        if "cpu_count" in p.read_text(encoding="utf-8") and p.name != "machine.py"
    ]
    assert not counted


CODE = """
import {imports}
from numba import njit
from thermidor.support.compiled import compiled

@compiled
def twice(x):
    return 2 * x
print(twice(4), len(twice.stats.cache_hits))
"""


def run(code: str, cwd: Path, *options: str, **environment: str) -> subprocess.CompletedProcess:
    """A script in a process of its own."""
    (cwd / "script.py").write_text(textwrap.dedent(code))
    path = os.pathsep.join([str(PACKAGE.parent), *filter(None, sys.path)])
    return subprocess.run(
        [sys.executable, *options, "script.py"],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=120,
        env=os.environ | {"PYTHONPATH": path} | environment,
    )


AGAIN = """
import importlib, pathlib, sys
import code_of_its_own
for path in map(pathlib.Path, sys.argv[1:]):
    whole = path.read_bytes()
    middle = len(whole) // 2
    turned = whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]
    for damaged in (b"", whole[:middle], b"x" * len(whole), turned):
        path.write_bytes(damaged)
        importlib.reload(code_of_its_own)
    importlib.reload(code_of_its_own)
"""


def test_a_damaged_compile_cache_is_made_anew(tmp_path):
    """In a process of its own, for damaged machine code may end it; there the function is read
    anew from the cache as often as it is made anew.
    """
    cache = {"NUMBA_CACHE_DIR": str(tmp_path / "cache")}
    (tmp_path / "code_of_its_own.py").write_text(CODE.format(imports="sys"))
    assert run("import code_of_its_own", tmp_path, **cache).stdout == "8 0\n"
    assert run("import code_of_its_own", tmp_path, **cache).stdout == "8 1\n"
    kept = sorted((tmp_path / "cache").rglob("*twice*"))
    assert {p.suffix for p in kept} == {".nbi", ".nbc"}
    done = run(AGAIN.replace("sys.argv[1:]", repr(list(map(str, kept)))), tmp_path, **cache)
    assert done.returncode == 0, done.stderr
    said = done.stdout.splitlines()
    assert len(said) == 11 and all(line.startswith("8 ") for line in said)
    # read at first, and again after each file was damaged in four ways, the last of them mended
    assert said[0] == said[5] == said[10] == "8 1" and "8 0" in said[1:5] and "8 0" in said[6:10]


def test_without_any_place_for_compiled_code(tmp_path):
    """Numba finds none: a temporary folder that goes with the process, or no cache at all."""
    none = {"NUMBA_CACHE_LOCATOR_CLASSES": "UserProvidedCacheLocator", "NUMBA_CACHE_DIR": ""}
    done = run(
        CODE.format(imports="sys")
        + "import os; folder = os.environ['NUMBA_CACHE_DIR']; print(os.path.isdir(folder), folder)",
        tmp_path,
        **none,
    )
    said = done.stdout.split()
    assert said[:3] == ["8", "0", "True"] and not Path(said[3]).exists(), done.stderr
    nowhere = (
        "tempfile; tempfile.mkdtemp = lambda **_: (_ for _ in ()).throw("
        "FileNotFoundError('no usable temporary directory'))"
    )
    assert run(CODE.format(imports=nowhere), tmp_path, **none).stdout == "8 0\n"


SMALL = """
import sys
import thermidor as th
def one(seed):
    made = th.run("first-steps", runs=2, citizens=2000, seed=seed, processes={processes}, days=3)
    return made.endings()["in power"]
"""
RUN = 'th.run("first-steps", runs=2, citizens=2000, seed=seed, processes=2, set={"days": 3})'


def test_inside_a_pool_and_after_a_fork(tmp_path):
    code = f"""
    import multiprocessing as mp
    import thermidor as th
    def one(seed):
        study = {RUN}
        return study.survival().value, study.endings()["in power"], study.answer()[:2]
    if __name__ == "__main__":
        print(one(1))
        for way in ("spawn", "fork"):
            with mp.get_context(way).Pool(1) as workers:
                print(workers.map_async(one, [1]).get(timeout=90)[0])
    """
    done = run(code, tmp_path)
    said = done.stdout.splitlines()
    assert done.returncode == 0 and len(said) == 3 and len(set(said)) == 1, done.stderr


def test_two_threads_at_once_do_not_run_the_script_again(tmp_path):
    code = f"""
    from concurrent.futures import ThreadPoolExecutor
    import thermidor as th
    print("begins")
    def one(seed):
        return {RUN}.survival().value
    with ThreadPoolExecutor(2) as pool:
        print(list(pool.map(one, [1, 2])))
    import __main__
    print(__main__.__file__.endswith("script.py"))
    """
    done = run(code, tmp_path)
    assert done.stdout.splitlines() == ["begins", "[1.0, 1.0]", "True"], done.stderr


def test_without_docstrings(tmp_path):
    code = """
    import thermidor as th
    told = th.explain("first-steps")
    print(all(m["says"] and "(" in m["equations"] for m in told["mechanisms"]))
    """
    assert run(code, tmp_path, "-OO").stdout == "True\n"
