"""Frames of a future, while it is played or after it; a stream that was dropped is taken up after
the last day that came.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future

from ...study.futures.warm import ready
from ...support.stopping import Stopped
from ..futures import Some, joined
from ..pool import Token
from ..tasks.events import LONGEST, Words
from .frames import Shown
from .watches import Watched

PATIENCE = 0.05  # seconds between two looks for new days


async def told(
    ask: Callable[[], Watched], show: Callable[[Watched], Shown], after: int, token: Token
) -> Words:
    """Head, frames after a day, and the end. Raises what ended the play before its end."""
    sent, begun = after, False
    while not token.cancelled:
        watched = await asyncio.to_thread(ask)
        shown = await asyncio.to_thread(show, watched)
        if not begun:
            yield shown.head() | {"compiled": ready()}
            begun = True
        while not token.cancelled:
            done, day = watched.done.done(), watched.story.day
            for frame in shown.frames(sent, day):
                yield frame
            sent = max(sent, day)
            if done:
                break
            await asyncio.sleep(PATIENCE)
        if token.cancelled:
            return
        try:
            watched.done.result()
        except Stopped:  # another reader left while this one came: ask again
            continue
        yield shown.end()
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
