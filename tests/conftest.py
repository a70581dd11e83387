"""A country small enough for tests: three provinces, every mechanism."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

# what tests start is this checkout, as they are themselves, and finds its steps compiled
HERE = str(Path(__file__).parents[1])
os.environ["PYTHONPATH"] = os.pathsep.join([HERE, *filter(None, [os.environ.get("PYTHONPATH")])])
# one core for each process of tests, as for workers of a study: threads of two processes that wait
# for each other on as many cores take twice the time
for _threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_threads, "1")

SMALL = """\
thermidor: 1
name: small
title: A small country
start: 2025-06-16
days: 60
place:
  country: Smallland
  capital: A
  provinces:
    - {id: A, name: Alpha, population: 5_000_000, minority: 0.1}
    - {id: B, name: Beta, population: 3_000_000, minority: 0.3}
    - {id: C, name: Gamma, population: 2_000_000}
  neighbours: [[A, B], [B, C]]
  fronts: [{name: north, strength: 0.3}]
mechanisms: [citizens, security, elites, treasury, media, proxies, programme, adversary, broker, \
negotiation, ruler, events]
assumptions:
  treasury.exports: 0.3
  treasury.gdp: 60_000
  treasury.taxes: 12
  treasury.reserves: 4000
  security.police: 30_000
  security.militia: 10_000
  security.guards: 20_000
  security.army: 40_000
  security.executions: 50
  elites.tenure: 20
  treasury.price: 70
  treasury.discount: 8
  treasury.collected: 0.75
  treasury.poverty: 0.3
  media.audience: 0.4
  media.reference: 2.2
  programme.level: 0.3
  programme.reference: 3
  proxies.reference: 2.7
  adversary.deaths: 1.6
  broker.sanctions: 0.2
choices:
  treasury.forces: 6
  treasury.patronage: 3
  treasury.public: 12
  treasury.propaganda: 2.2
  treasury.proxies: 2.7
  treasury.programme: 3
"""
CITIZENS = 3 * 4 * 64 * 2


def write(path: Path, text: str = SMALL, *changes: tuple[str, str]) -> Path:
    """The small scenario in a file, with some of its text replaced."""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    return path


def pytest_configure(config: pytest.Config) -> None:
    """Where tests run in several processes, the steps are compiled once before, on all cores; else
    each process would begin to.
    """
    if getattr(config.option, "dist", "no") != "no" and not hasattr(config, "workerinput"):
        from thermidor.study.futures.warm import warm

        warm()


# files that take 15 to 40 seconds of a core begin first, so that none of them begins last, while
# the other cores have nothing left to do
LONG = {
    *("test_abreast.py", "test_access_browser.py", "test_bars.py", "test_batch.py"),
    *("test_behaviour.py", "test_claims.py", "test_consoles.py", "test_failures.py"),
    *("test_folder.py", "test_machine.py", "test_moment.py", "test_mutations.py"),
    *("test_posterior.py", "test_promises.py", "test_ray.py", "test_report_analyses.py"),
    *("test_report_damage.py", "test_site.py", "test_terminal.py", "test_api.py"),
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name not in LONG)


def pytest_xdist_auto_num_workers() -> int:
    """One process of tests more than there are cores, for some wait: for a browser, a disk, a
    process that they have started.
    """
    from thermidor.support.machine import cores

    return cores() + 1


@pytest.fixture
def small_file(tmp_path: Path) -> Path:
    return write(tmp_path / "small.yaml")


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory):
    from thermidor.scenario.load import load

    return load(write(tmp_path_factory.mktemp("small") / "small.yaml"), citizens=CITIZENS)


@pytest.fixture(scope="session")
def compiled():
    """The steps of the package's mechanisms are compiled: the first time on a machine this takes
    two minutes. Without it a study may begin on the plain loop.
    """
    from thermidor.study.futures.warm import warm

    warm(processes=1)


def command(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    """Run the command line in this process; exit code, standard output, standard error."""
    from thermidor.cli import app

    code = 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["thermidor", *map(str, words)])
        try:
            code = app.entry() or 0
        except SystemExit as e:
            code = e.code or 0
    out = capsys.readouterr()
    return int(code), out.out, out.err


def workers_of(job: subprocess.Popen) -> list[str]:
    """Process numbers of the workers of a study."""
    return subprocess.run(
        ["pgrep", "-P", str(job.pid), "-f", "spawn_main"], capture_output=True, text=True
    ).stdout.split()


def assert_they_end(workers: list[str], seconds: float = 30) -> None:
    """No worker runs after some seconds at most; one that ended and was not waited for does not
    run.
    """
    assert workers, "no worker found"
    until = time.monotonic() + seconds
    while any(map(_alive, workers)) and time.monotonic() < until:
        time.sleep(0.1)
    assert not any(map(_alive, workers))


def _alive(pid: str) -> bool:
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", pid], capture_output=True, text=True
    ).stdout.strip()
    return bool(state) and not state.startswith("Z")


def bytes_of(path: Path) -> dict[str, str]:
    """A hash of each table of a study."""
    return {
        p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(path.glob("*.parquet"))
    }
