"""What may go wrong while a page is open, and what the server makes of it."""

from __future__ import annotations

import ctypes
import errno
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.page.served import apart
from tests.page.test_server import words
from thermidor.support.stopping import Stopped

MINE = {"country": "small", "choices": {"treasury.public": 5.0}}
DIES = pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")


@pytest.fixture
def pool() -> Iterator[Any]:
    from thermidor.page.pool import Pool

    made = Pool(1)
    yield made
    made.close()


@pytest.fixture
def jobs(country: Path, pool: Any) -> Any:
    from thermidor.page.jobs import Jobs
    from thermidor.page.sides import Countries

    return Jobs(Countries({"small": str(country)}), pool)


def until(true: Callable[[], bool], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


def kinds(jobs: Any, page: str, **changes: Any) -> list[str]:
    """What a job tells, progress apart."""
    from thermidor.page.address import State

    async def told() -> list[str]:
        token = jobs.begin(page)
        stream = jobs.stream(State(**(MINE | changes)), ["survival", "crowds"], token)
        found = [word["kind"] async for word in stream]
        jobs.end(page, token)
        return [kind for kind in found if kind != "progress"]

    return apart(told())


def test_what_a_cancelled_job_wanted_leaves_the_queue_at_once(jobs: Any, pool: Any) -> None:
    from thermidor.page.address import State

    gate = threading.Event()
    pool.submit(gate.wait)
    until(lambda: pool.waiting == 0)
    sides = jobs.countries.sides(State(**MINE))
    first, other = jobs.begin("a"), jobs.begin("b")
    jobs._ask(sides, 1, 200, first)
    both = pool.waiting
    jobs._ask(sides, 1, 16, other)
    assert pool.waiting == both == 20  # what two pages want is played once: two sides of ten parts
    jobs.begin("a")
    assert pool.waiting == 12  # the country as it is, and the two that the other page wants too
    jobs.end("b", other)
    assert pool.waiting == 10
    gate.set()


def test_pages_take_turns_however_often_one_asks(pool: Any) -> None:
    from thermidor.page.pool import Token

    gate, done = threading.Event(), []
    pool.submit(gate.wait)
    until(lambda: pool.waiting == 0)
    hasty = [Token() for _ in range(50)]
    for k, token in enumerate(hasty):
        if k == 1:
            calm = pool.submit(lambda: done.append("calm"), token=Token())
        pool.submit(lambda: done.append("hasty"), token=token)
        if k < len(hasty) - 1:
            token.cancel()
            pool.drop()
    assert pool.waiting == 2
    gate.set()
    calm.result(10)
    until(lambda: len(done) == 2)
    assert done == ["calm", "hasty"]


def test_a_refinement_that_has_begun_gives_way_to_previews_but_not_for_ever(pool: Any) -> None:
    from thermidor.page.pool import GRACE, LATER

    begun, gate, done = threading.Event(), threading.Event(), []

    def refine() -> None:
        begun.set()
        gate.wait(10)
        pool.give_way()
        done.append("refined")

    later = pool.submit(refine, LATER)
    begun.wait(10)
    for k in range(3):
        pool.submit(lambda k=k: done.append(k))
    tasks = [t._replace(due=t.due + GRACE) if t.number == 3 else t for t in pool._tasks]
    pool._tasks[:] = tasks  # the last of them came long after
    gate.set()
    later.result(10)
    until(lambda: len(done) == 4)
    assert done == [0, 1, "refined", 2]


@DIES
def test_a_worker_that_dies_is_replaced(pool: Any) -> None:
    (before,) = pool.crew
    raised = ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(before.ident), ctypes.py_object(SystemExit)
    )
    assert raised == 1
    assert pool.submit(lambda: 7).result(10) == 7
    before.join(10)
    (after,) = pool.crew
    assert not before.is_alive() and after is not before


@DIES
def test_who_waits_for_a_worker_that_dies_is_told(pool: Any) -> None:
    from thermidor.support.faults import Fault

    def die() -> None:
        raise SystemExit

    with pytest.raises(Fault, match=r"a worker of the page ended \(SystemExit\); ask again"):
        pool.submit(die).result(10)
    assert pool.submit(lambda: 7).result(10) == 7


def test_futures_that_fail_are_told_and_played_when_they_are_asked_for_again(
    client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from thermidor.page import futures

    query = "c.treasury.public=3&seed=21"
    with monkeypatch.context() as m:

        def fails(*_: Any) -> None:
            raise ZeroDivisionError("no wage")

        m.setattr(futures, "play", fails)
        (last,) = words(client, query)
    assert last["kind"] == "fault"
    assert last["faults"] == ["the futures could not be computed (ZeroDivisionError: no wage)."]
    assert words(client, query)[-1]["kind"] == "refined"


def test_too_little_memory_is_said_plainly() -> None:
    from thermidor.page.tasks.events import failed

    assert failed(MemoryError()).startswith("this machine has not enough memory")


def test_a_page_that_comes_back_gets_its_answer_from_futures_that_were_kept(
    jobs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from thermidor.page import futures
    from thermidor.page.address import State

    played: list[int] = []
    play = futures.play

    def counted(scenario: Any, seed: int, runs: Any, *rest: Any) -> Any:
        played.append(len(runs))
        return play(scenario, seed, runs, *rest)

    monkeypatch.setattr(futures, "play", counted)

    async def dropped() -> None:
        token = jobs.begin("a")
        async for word in jobs.stream(State(**MINE), ["survival"], token):
            if word["kind"] == "preview":
                break  # the connection drops
        jobs.end("a", token)

    apart(dropped())
    before = sum(played)
    assert kinds(jobs, "a") == ["preview", "refined"]
    most = 400 + 64 + 60  # of two sides, and with fewer agents: only what was under way anew
    assert before >= 32 and sum(played) < most
    assert kinds(jobs, "a") == ["refined"]  # at once, for all are there
    assert sum(played) < most


def test_a_dropped_connection_cancels_its_job(country: Path) -> None:
    import uvicorn

    from thermidor.page.server import application
    from thermidor.page.shared import Shared

    shared = Shared({"small": str(country)}, 1)
    gate, s = threading.Event(), socket.create_server(("127.0.0.1", 0))
    shared.pool.submit(gate.wait)
    port = s.getsockname()[1]
    config = uvicorn.Config(application(shared, port), log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [s]}, daemon=True)
    thread.start()
    body = b"c.treasury.public=2"
    with socket.create_connection(("127.0.0.1", port)) as page:
        page.sendall(
            b"POST /api/answer HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nX-Page: a\r\n"
            b"Content-Length: %d\r\n\r\n%b" % (port, len(body), body)
        )
        assert page.recv(100).startswith(b"HTTP/1.1 200")
        until(lambda: shared.pool.waiting > 0)
        token = shared.jobs.now["a"]
        with_it = shared.pool.waiting
    until(lambda: token.cancelled and not shared.jobs.now)
    assert shared.pool.waiting < with_it
    gate.set()
    server.should_exit = True
    thread.join(10)


def test_a_job_that_takes_too_long_is_ended_and_says_so(
    client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from thermidor.page import futures, jobs

    monkeypatch.setattr(jobs, "LONGEST", 0.9)  # the first progress comes after 0.25

    over = threading.Event()

    def sleeps(*_: Any) -> None:
        over.wait(10)
        raise Stopped

    monkeypatch.setattr(futures, "play", sleeps)
    told = words(client, "c.treasury.public=3&seed=51")
    over.set()
    assert [w["kind"] for w in told][-1] == "fault"
    assert told[-1]["faults"] == ["it took too long, and was ended."]
    assert told[0]["kind"] == "progress"  # a page that hears nothing asks again


def test_a_full_disk_takes_nothing_from_the_page(
    client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It writes nothing; what is compiled in the background says by itself that it is not kept."""
    import builtins
    import io

    plain = builtins.open

    def full(file: Any, mode: str = "r", *rest: Any, **words: Any) -> Any:
        if set(mode) & set("wax+"):
            raise OSError(errno.ENOSPC, "No space left on device", str(file))
        return plain(file, mode, *rest, **words)

    monkeypatch.setattr(builtins, "open", full)
    monkeypatch.setattr(io, "open", full)
    query = "c.treasury.public=6&seed=61"
    assert words(client, query)[-1]["kind"] == "refined"
    for ending in ("json", "csv", "yaml"):
        assert client.get(f"/explore.{ending}?{query}").status_code == 200


def test_futures_are_kept_as_far_as_memory_goes(jobs: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from thermidor.page import futures
    from thermidor.page.address import State

    held, sizes = jobs.held, []
    monkeypatch.setattr(futures, "MOST_BYTES", 100_000)
    for seed in range(4):
        side = jobs.countries.sides(State(**MINE)).chosen
        (part,) = held.ask(side, seed, 8, None)
        sizes.append(part.result(30).bytes)
    (part,) = held.ask(side, 9, 8, None)
    assert sizes[0] > 30_000 and held.bytes <= 100_000 and 2 < len(held._sides) < 5
    part.result(30)


def test_a_preview_has_as_many_futures_as_are_played_in_time(jobs: Any) -> None:
    from thermidor.page.address import State
    from thermidor.page.futures import FEW, PREVIEW

    sides, held = jobs.countries.sides(State(**MINE)), jobs.held
    assert held.preview(sides, 5) == PREVIEW  # as nothing is known yet
    held.pace = 0.09 / (PREVIEW * 12)
    assert held.preview(sides, 5) == PREVIEW
    held.pace = 0.18 / (PREVIEW * 12)  # two sides are to be played
    assert held.preview(sides, 5) == FEW
    assert held.preview([sides.base] * 3, 5) == PREVIEW


@pytest.mark.parametrize("key", ["treasury.public", "security.street_police", "events.onset_day"])
def test_a_control_that_moves_gives_the_scenario_that_is_built_anew(
    country: Path, key: str
) -> None:
    from thermidor.page.address import State
    from thermidor.page.sides import Countries, moves
    from thermidor.study.patches import patched

    countries = Countries({"small": str(country)})
    base = countries.country("small")
    p = base.parameters[key].parameter
    role = f"{p.role}s"
    values = [p.low + part * (min(p.high, p.low + 1) - p.low) for part in (0.25, 0.5, 0.75)]
    for value in values:
        found = countries.sides(State("small", **{role: {key: value}})).chosen
        anew = patched(base, {key: value})
        assert found.hash == anew.hash and found.resolved == anew.resolved
        assert found.source.data == anew.source.data and found.status_quo == anew.status_quo
        assert found.draw(3, 5) == anew.draw(3, 5)
    assert moves(anew, {key: value}) == (not p.fact)
    assert not moves(anew, {key: p.high * 2 + 1e9})


def test_stopped_futures_are_no_fault_of_the_page(pool: Any) -> None:
    from thermidor.page.pool import Token

    gate, token = threading.Event(), Token()
    pool.submit(gate.wait)
    waits = pool.submit(lambda: 1, token=token)
    token.cancel()
    pool.drop()
    with pytest.raises(Stopped):
        waits.result(1)
    gate.set()
