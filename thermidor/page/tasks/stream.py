"""Tasks of a page in the pool, one after another, told as they are done: server-sent events.

progress: how far it is.  part: what a task found, under its name.  fault: why one found nothing.
end: no more comes.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from starlette.responses import Response

from ...support.faults import Fault
from ...support.stopping import Stopped
from ..pool import LATER, Token
from ..shared import Shared
from .events import Words, bounded, streamed

PATIENCE = 0.25  # seconds after which it is asked again how far it is
SILENCE = 8  # times that it may be no further before it is told again
Tick = Callable[[int, int], None]


class Task(NamedTuple):
    """Something to be found.

    name: of its part.  find: is given a token, which it asks between its steps and which raises
    Stopped, and is told how to say how far it is; gives what JSON can hold.  turn: what takes long
    shares one, so that a thread is left for the others.
    """

    name: str
    find: Callable[[Token, Tick], Any]
    urgency: int = LATER
    turn: asyncio.Semaphore | None = None


def events(
    shared: Shared, page: str, tasks: Sequence[Task], there: Mapping[str, Any] | None = None
) -> Response:
    """The tasks of a page, whose former job is cancelled. there: parts that are told at once."""

    async def work(token: Token) -> Words:
        for name, found in (there or {}).items():
            yield {"kind": "part", "name": name, "found": found}
        async for word in words(shared, tasks, token):
            yield word

    return streamed(shared.jobs, page, work)


async def words(shared: Shared, tasks: Sequence[Task], token: Token) -> Words:
    """What is told of the tasks, until the last is done or the job is cancelled."""
    for task in tasks:
        async with task.turn or contextlib.nullcontext():
            async for word in _one(shared, task, token):
                yield word
        if token.cancelled:
            return
    yield {"kind": "end"}


async def _one(shared: Shared, task: Task, token: Token) -> Words:
    far: list[int] = [0, 0]

    def tick(done: int, of: int) -> None:
        token.check()
        far[:] = done, of
        shared.pool.give_way()

    work = partial(_find, task, token, tick)
    found = asyncio.wrap_future(shared.pool.submit(work, task.urgency, token))
    found.add_done_callback(_heard)
    told, silent = [-1, 0], 0
    while not found.done():
        await asyncio.wait({found}, timeout=PATIENCE)
        if token.cancelled:
            return
        silent += 1
        if not found.done() and (far != told or silent >= SILENCE):
            told, silent = list(far), 0
            yield {"kind": "progress", "name": task.name, "done": told[0], "of": told[1]}
    try:
        yield {"kind": "part", "name": task.name, "found": found.result()}
    except Stopped:
        return
    except Fault as e:
        yield {"kind": "fault", "name": task.name, "faults": e.faults}


def _find(task: Task, token: Token, tick: Tick) -> Any:
    token.check()
    return task.find(token, tick)


def _heard(found: asyncio.Future[Any]) -> None:
    """A fault of what nobody waits for any more is not told."""
    with contextlib.suppress(asyncio.CancelledError):
        found.exception()


async def whole(shared: Shared, tasks: Sequence[Task]) -> dict[str, Any]:
    """What all tasks found, by name. Raises Fault if one found nothing."""
    token, found = Token(), {}
    try:
        async with bounded():
            async for word in words(shared, tasks, token):
                if word["kind"] == "fault":
                    raise Fault(word["faults"])
                if word["kind"] == "part":
                    found[word["name"]] = word["found"]
    finally:
        token.cancel()
    return found
