"""Batches on a Ray cluster, whose nodes may come and go while they work.

A batch is a task; what it gives comes back to this process, which keeps it. Ray itself tries a task
again whose node is gone; one that goes on losing its workers is cut into single items, and an item
that does is lost, with the reason. So nothing is lost by a node that dies, and since an item gives
the same wherever it is computed, nothing that is kept differs.
"""

from __future__ import annotations

import contextlib
import io
import os
import pickle
import signal
import socket
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ..support.faults import Fault, MachineFault
from ..support.machine import cores
from ..support.stopping import Stop
from .worker import Lost, Tell

TRIES = 3  # times that a batch, and then each of its items, is tried again
PATIENCE = 0.2  # seconds between two looks at a stop
AHEAD = 2  # batches for each processor that are under way or wait for it
ALONE = 60.0  # seconds without any node after which it is given up
MEMORY = 200_000_000  # bytes of the object store of a cluster that is started here
_works: dict[bytes, Any] = {}  # in a Ray worker: the work, made once


@contextlib.contextmanager
def cluster(address: str | None, processors: int | None) -> Iterator[int]:
    """A Ray cluster: the one that this process uses already, the one at an address, or one of its
    own on this machine; gives how many processors it has. Raises Fault.
    """
    ray = _ray()
    address = address or os.environ.get("RAY_ADDRESS")
    _answers(address)
    if ray.is_initialized():
        with contextlib.redirect_stdout(io.StringIO()):
            yield _processors(ray)
        return
    own: dict[str, Any] = {
        "num_cpus": processors or cores(),
        "include_dashboard": False,
        "object_store_memory": MEMORY,
    }
    handlers = {s: signal.getsignal(s) for s in (signal.SIGINT, signal.SIGTERM)}
    try:
        ray.init(
            address=address,
            log_to_driver=False,
            configure_logging=False,
            **({} if address else own),
        )
    except Exception as e:
        first = (str(e).strip() or type(e).__name__).splitlines()[0][:200].rstrip(".")
        where = f"no Ray cluster answers at {address}" if address else "Ray cannot be started here"
        raise Fault(f"{where} ({first}).") from e
    finally:
        _heard_again(handlers)
    with contextlib.redirect_stdout(io.StringIO()):  # Ray prints there what becomes of nodes
        try:
            yield _processors(ray)
        finally:
            with contextlib.suppress(Exception):
                ray.shutdown()


def _answers(address: str | None) -> None:
    """Raise a Fault if nobody listens at HOST:PORT; Ray itself would wait for minutes."""
    host, _, port = (address or "").rpartition(":")
    if not host or "/" in host or not port.isdigit():  # none, or a word of Ray's own
        return
    try:
        socket.create_connection((host, int(port)), timeout=10).close()
    except (OSError, OverflowError) as e:
        raise Fault(f"no Ray cluster answers at {address} ({e}).") from e


def _ray() -> Any:
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")  # else it warns of GPUs
    try:
        import ray
    except ImportError as e:
        raise Fault(
            "--engine ray needs Ray, which is not installed; `pip install 'thermidor[ray]'` "
            "brings it."
        ) from e
    return ray


def _heard_again(handlers: dict[signal.Signals, Any]) -> None:
    """Ray puts its own handlers in place of ours; only the main thread can have any."""
    with contextlib.suppress(ValueError, TypeError):
        for s, handler in handlers.items():
            signal.signal(s, handler)


def _processors(ray: Any) -> int:
    return int(ray.cluster_resources().get("CPU", 0))


def on_ray(
    start: Callable[[], Callable[[Sequence[int]], Any]],
    batches: Sequence[Sequence[int]],
    keep: Callable[[Any], None],
    tell: Tell,
    stop: Stop,
    *,
    threads: int = 1,
) -> None:
    """Do the batches until all are done or a stop is asked for; on a stop those under way are
    cancelled.

    start: makes, once in each worker, the function of a batch; it must be picklable.  keep: takes
    what that gives.  tell: hears of items that are lost.  threads: processors of a task. Raises
    what the work raises, and MachineFault if no node is left.
    """
    ray = _ray()
    task = ray.remote(num_cpus=threads, max_retries=TRIES)(_do)
    work = ray.put(pickle.dumps(start))
    waiting = deque(list(b) for b in batches if len(b))
    under_way: dict[Any, list[int]] = {}
    since = time.monotonic()
    while waiting or under_way:
        if stop():
            for ref in under_way:
                ray.cancel(ref, force=True)
            return
        here = _processors(ray)
        while waiting and len(under_way) < max(1, here // threads) * AHEAD:
            batch = waiting.popleft()
            under_way[task.remote(work, batch)] = batch
        done, _ = ray.wait(list(under_way), num_returns=1, timeout=PATIENCE)
        if done or here >= threads:
            since = time.monotonic()
        elif time.monotonic() - since > ALONE:
            raise MachineFault(
                f"for {ALONE:g} seconds the Ray cluster has had no node with "
                f"{threads} processor{'s' if threads > 1 else ''}; what is finished is kept, and "
                "the same command goes on."
            )
        for ref in done:
            batch = under_way.pop(ref)
            try:
                made = ray.get(ref)
            except ray.exceptions.RayTaskError as e:
                raise _cause(e) from e
            except ray.exceptions.RayError as e:
                waiting.extend(_again(batch, e, tell))
                continue
            keep(made)


def _again(batch: list[int], e: Exception, tell: Tell) -> list[list[int]]:
    """What is still to be done of a batch whose workers went on dying: each item alone; one that
    was alone is lost.
    """
    if len(batch) > 1:
        return [[k] for k in batch]
    how = (str(e).strip() or type(e).__name__).splitlines()[0][:200]
    tell(Lost(batch[0], f"its Ray worker ended {TRIES + 1} times ({how})"))
    return []


def _do(work: bytes, batch: Sequence[int]) -> Any:
    """In a Ray worker: a batch, by work that is made once."""
    if work not in _works:
        _works.clear()
        _works[work] = pickle.loads(work)()
    return _works[work](batch)


def _cause(e: Any) -> BaseException:
    """What the work raised in a worker, as it was raised there."""
    cause = getattr(e, "cause", None)
    if isinstance(cause, Fault):
        return cause
    told = str(cause or e).strip().splitlines()
    return MachineFault(
        f"a Ray worker failed: {type(cause or e).__name__}: {told[-1][:200] if told else ''}"
    )
