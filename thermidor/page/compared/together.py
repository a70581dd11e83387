"""Futures of what stands side by side, on the same luck, through the one pool."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import Future
from typing import Any

from ...scenario.scenario import Scenario
from ...support.stopping import Stopped
from ..futures import PREVIEW, REFINED, Some, joined
from ..pool import Token
from ..shared import Shared

STEPS = (PREVIEW, REFINED)


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
            async for word in shared.jobs.until(asked, upto, token):
                yield upto, word, []
            if token.cancelled:
                return
            with contextlib.suppress(Stopped):  # parts of another page's job, cancelled
                found = await asyncio.to_thread(_joined, asked)
        yield upto, None, found


def _joined(asked: Sequence[Sequence[Future[Some]]]) -> list[Some]:
    """The parts of each, once they are there; where one has failed, that is raised."""
    return [joined([f.result() for f in side]) for side in asked]
