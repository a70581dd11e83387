"""Futures on a Ray cluster: the same bytes as from this machine's processes, also when a node is
killed while it works. The cluster is a real one, of three nodes on this machine.
"""

from __future__ import annotations

import builtins
import os
import sys
import threading

import pytest

import thermidor as th
from tests.conftest import CITIZENS, SMALL, bytes_of, command, write
from thermidor.scenario.load import load
from thermidor.study.ensemble import ensemble
from thermidor.study.plan import RunPlan
from thermidor.support.faults import Fault

ray = pytest.importorskip("ray")

MEMORY = 80_000_000  # bytes of an object store, the least that Ray takes and some
QUICK = {
    "health_check_initial_delay_ms": 0,
    "health_check_period_ms": 500,
    "health_check_timeout_ms": 1000,
    "health_check_failure_threshold": 4,
}  # after two seconds a node that says nothing is dead
RUNS = 96

BREAKS = '''"""It cannot be started."""

from thermidor.mechanism import mechanism, state


def start(p, place, draw):
    raise ValueError("never")


@mechanism(start=start, owns={"tide": state("m", "height of the tide")})
def tide(see, p, draw):
    return {"tide": see.tide}
'''


@pytest.fixture(scope="module")
def short(tmp_path_factory):
    path = write(tmp_path_factory.mktemp("short") / "small.yaml", SMALL, ("days: 60", "days: 10"))
    return load(path, citizens=CITIZENS)


@pytest.fixture(scope="module")
def cluster(compiled):
    """A head that does no work, and two nodes of one processor."""
    from ray.cluster_utils import Cluster

    head = {"num_cpus": 0, "object_store_memory": MEMORY, "include_dashboard": False}
    made = Cluster(initialize_head=True, head_node_args=head | {"_system_config": QUICK})
    made.nodes = [
        made.add_node(num_cpus=1, object_store_memory=MEMORY, wait=False) for _ in range(2)
    ]
    made.wait_for_nodes()
    yield made
    ray.shutdown()
    made.shutdown()


def test_a_node_is_killed_while_it_works(cluster, short, tmp_path, capsys):
    plan = RunPlan(short, RUNS, tmp_path / "here", processes=0)
    ensemble(plan)
    killed = []

    def watch(progress):
        if progress.done and not killed:
            killed.append(progress.done)
            node = cluster.nodes[0]
            threading.Thread(target=cluster.remove_node, args=(node, False)).start()

    there = plan.of(short, folder=tmp_path / "ray", engine="ray", address=cluster.address)
    study = ensemble(there, progress=watch)
    assert killed and killed[0] < RUNS
    assert study.status == "finished" and study.failed == 0
    assert bytes_of(tmp_path / "ray") == bytes_of(tmp_path / "here")
    assert capsys.readouterr().out == ""  # nothing comes between a program and its JSON


@pytest.mark.slow
def test_a_sweep_and_failures_on_the_cluster(cluster, short, tmp_path):
    """On the cluster that this process uses already; the fault of a mechanism is told as it is from
    processes.
    """
    ray.init(address=cluster.address, log_to_driver=False, configure_logging=False)
    how = {"engine": "ray"}
    found = th.sweep(short, ["broker.pressure=0,1"], runs=2, out=tmp_path / "ray", **how)
    th.sweep(short, ["broker.pressure=0,1"], runs=2, out=tmp_path / "here", processes=0)
    assert bytes_of(tmp_path / "ray") == bytes_of(tmp_path / "here")
    assert found.table["futures"].to_list() == [2, 2, 2]
    (tmp_path / "tide.py").write_text(BREAKS, encoding="utf-8")
    path = write(tmp_path / "small.yaml", SMALL, ("days: 60", "days: 2"))
    with pytest.raises(th.NothingFinished, match="ValueError: never .2 of 2"):
        th.run(
            path,
            citizens=CITIZENS,
            mechanism_files=[tmp_path / "tide.py"],
            runs=2,
            out=tmp_path / "broken",
            **how,
        )


def test_ray_is_not_installed(short, tmp_path, monkeypatch):
    real = builtins.__import__

    def without(name, *rest, **more):
        if name == "ray":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.delitem(sys.modules, "ray", raising=False)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(Fault, match=r"pip install 'thermidor\[ray\]'"):
        th.run(short, runs=2, out=tmp_path / "a", engine="ray")


def test_nobody_answers(short, tmp_path):
    with pytest.raises(Fault, match="no Ray cluster answers at 127.0.0.1:1 "):
        th.run(short, runs=2, out=tmp_path / "a", engine="ray", address="127.0.0.1:1")


def test_what_does_not_go_together(small, tmp_path, capsys):
    words = ("run", "iran-2025", "--runs", 2, "--out", tmp_path / "a")
    for more, said in (
        (("--address", "x:1"), "give --engine ray too"),
        (("--engine", "dask"), "'dask' must be one of processes, ray"),
        (("--engine", "ray", "--future-seconds", 3), "leave out --future-seconds or --engine ray"),
    ):
        code, _, err = command(capsys, *words, *more)
        assert code == 2 and said in err, err
    assert not os.path.exists(tmp_path / "a" / "manifest.json")
