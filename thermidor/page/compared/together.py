"""Futures of what stands side by side, on the same luck, through the one pool."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import Future
from typing import Any

from ...scenario.scenario import Scenario
from ...study.futures.warm import ready
from ...support.stopping import Stopped
from ..futures import PREVIEW, REFINED, Some, joined
from ..pool import Token
from ..shared import Shared

STEPS = (PREVIEW, REFINED)
PATIENCE = 0.25  # seconds between two words on how far it is


async def played(
    shared: Shared, scenarios: Sequence[Scenario], seed: int, token: Token
) -> AsyncIterator[tuple[int, dict[str, Any] | None, list[Some]]]:
    """Futures of each, first few and then all: how many are wanted, a word on how far it is, or
    what was played.
    """
    for upto in STEPS:
        found = None
        while found is None:
            asked = [shared.jobs.held.ask(s, seed, upto, token) for s in scenarios]
            waiting = {asyncio.wrap_future(f) for side in asked for f in side if not f.done()}
            while waiting and not token.cancelled:
                _, waiting = await asyncio.wait(waiting, timeout=PATIENCE)
                done = min(sum(_size(f) for f in side) for side in asked)
                yield upto, progress(done, upto), []
            if token.cancelled:
                return
            with contextlib.suppress(Stopped):  # parts of another page's job, cancelled
                found = [joined([f.result() for f in side]) for side in asked]
        yield upto, None, found


def progress(done: float, of: float, stage: str = "") -> dict[str, Any]:
    """A word on how far it is."""
    told = {"kind": "progress", "futures": done, "of": of, "compiled": ready()}
    return told | ({"stage": stage} if stage else {})


def _size(part: Future[Some]) -> int:
    done = part.done() and not part.cancelled() and part.exception() is None
    return len(part.result()) if done else 0
