"""Frames as server-sent events, while the future is played or after it; a stream that was dropped
is taken up after the last day that came.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import Future
from typing import Any

from ...study.futures.warm import ready
from ...support.stopping import Stopped
from ..futures import Some, joined
from ..pool import Token
from .frames import Shown
from .watches import Watched

PATIENCE = 0.05  # seconds between two looks for new days
TOGETHER = 64  # days that are written at once
LONGEST = 180.0  # seconds of a stream


def dumps(x: Any) -> str:
    """As JSON, without spaces. What is no number was made None before."""
    return json.dumps(x, allow_nan=False, ensure_ascii=False, separators=(",", ":"))


def event(word: Mapping[str, Any]) -> str:
    """A server-sent event; the id of a frame is its day."""
    number = f"id: {word['day']}\n" if word["kind"] == "frame" else ""
    return f"{number}event: {word['kind']}\ndata: {dumps(word)}\n\n"


async def events(
    ask: Callable[[], Watched], show: Callable[[Watched], Shown], after: int, token: Token
) -> AsyncIterator[str]:
    """Head, frames after a day, and the end. Raises what ended the play before its end."""
    async with asyncio.timeout(LONGEST):
        sent, told = after, False
        while not token.cancelled:
            watched = await asyncio.to_thread(ask)
            shown = await asyncio.to_thread(show, watched)
            if not told:
                yield event(shown.head() | {"compiled": ready()})
                told = True
            while not token.cancelled:
                done, day = watched.done.done(), watched.story.day
                while sent < day:
                    upto = min(day, sent + TOGETHER)
                    yield "".join(event(f) for f in shown.frames(sent, upto))
                    sent = upto
                if done:
                    break
                await asyncio.sleep(PATIENCE)
            if token.cancelled:
                return
            try:
                watched.done.result()
            except Stopped:  # another reader left while this one came: ask again
                continue
            yield event(shown.end())
            return


async def whole(ask: Callable[[], Watched], token: Token) -> Watched:
    """A future that is told to its end."""
    async with asyncio.timeout(LONGEST):
        while True:
            watched = await asyncio.to_thread(ask)
            try:
                await asyncio.wrap_future(watched.done)
            except Stopped:
                token.check()
                continue
            return watched


async def played(parts: Callable[[], list[Future[Some]]], token: Token) -> Some:
    """The futures of some parts, once they are there."""
    async with asyncio.timeout(LONGEST):
        while True:
            try:
                return joined(await asyncio.gather(*map(asyncio.wrap_future, parts())))
            except Stopped:  # parts of another page's job, cancelled
                token.check()
