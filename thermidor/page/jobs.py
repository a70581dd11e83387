"""The job of a page: a preview, then its refinement. The next job of the same page cancels it, so a
page never has more than one; what futures it played are kept for the next.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import Future
from typing import Any

from ..study.futures.warm import ready
from ..support.faults import Fault, MachineFault
from ..support.stopping import Stopped
from . import charts
from .address import State
from .answer import Played, paired, told
from .futures import PREVIEW, REFINED, Held, Some, joined
from .pool import Pool, Token
from .rests import rests
from .sides import Countries, Sides

STEPS = (PREVIEW, REFINED)
MOST_PAGES = 64  # with a job at once
LONGEST = 180.0  # seconds of a job
PATIENCE = 0.25  # seconds between two words on how far it is


class Jobs:
    """The jobs of all pages."""

    def __init__(self, countries: Countries, pool: Pool):
        self.countries, self.pool, self.held = countries, pool, Held(pool)
        self.now: dict[str, Token] = {}

    def begin(self, page: str) -> Token:
        """A job of a page, whose former one is cancelled. Raises Fault where too many are busy."""
        if before := self.now.pop(page, None):
            before.cancel()
        if len(self.now) >= MOST_PAGES:
            raise MachineFault(f"{MOST_PAGES} pages are busy already; close some of them.")
        token = self.now[page] = Token()
        return token

    def end(self, page: str, token: Token) -> None:
        token.cancel()
        if self.now.get(page) is token:
            del self.now[page]

    async def stream(
        self, state: State, shown: Sequence[str], token: Token
    ) -> AsyncIterator[dict[str, Any]]:
        """Answers, each better than the last: of a preview, then refined; progress in between."""
        sides = await asyncio.to_thread(self.countries.sides, state)
        async with asyncio.timeout(LONGEST):
            for upto in STEPS:
                found = None
                while found is None:
                    asked = self._ask(sides, state.seed, upto, token)
                    async for word in self._until(asked, upto, token):
                        yield word
                    if token.cancelled:
                        return
                    with contextlib.suppress(Stopped):  # parts of another page's job, cancelled
                        found = await asyncio.to_thread(self.answer, state, sides, asked, shown)
                yield found

    def _ask(
        self, sides: Sides, seed: int, upto: int, token: Token | None
    ) -> list[list[Future[Some]]]:
        """The parts of each side; those of the country as it is are everybody's, and stay."""
        return [
            self.held.ask(s, seed, upto, None if s.hash == sides.base.hash else token)
            for s in sides
        ]

    async def _until(
        self, asked: list[list[Future[Some]]], upto: int, token: Token
    ) -> AsyncIterator[dict[str, Any]]:
        """Until all parts are there; how far it is meanwhile."""
        parts = {id(f): f for side in asked for f in side}
        waiting = {asyncio.wrap_future(f) for f in parts.values() if not f.done()}
        while waiting and not token.cancelled:
            _, waiting = await asyncio.wait(waiting, timeout=PATIENCE)
            done = min(sum(_size(f) for f in side) for side in asked)
            yield {"kind": "progress", "futures": done, "of": upto, "compiled": ready()}

    def answer(
        self,
        state: State,
        sides: Sides,
        asked: list[list[Future[Some]]],
        shown: Sequence[str],
    ) -> dict[str, Any]:
        """The answer from the parts, with the charts that are shown."""
        played = paired(*(joined([f.result() for f in side]) for side in asked))
        return self.told(state, sides, played, shown)

    def told(
        self, state: State, sides: Sides, played: Played, shown: Sequence[str]
    ) -> dict[str, Any]:
        named = charts.shown(state, played)
        refined = len(played.chosen) + played.chosen.failed > PREVIEW
        return {
            "kind": "refined" if refined else "preview",
            "answer": told(state, sides, played),
            "rests": rests(sides.chosen, played.chosen),
            "charts": [charts.chart(key, sides.chosen, named) for key in shown],
            "seed": state.seed,
            "hashes": {k: s.hash for k, s in sides._asdict().items()},
            "compiled": ready(),
        }

    async def refined(self, state: State, shown: Sequence[str]) -> dict[str, Any]:
        """The refined answer by itself."""
        token, last = Token(), None
        try:
            async for word in self.stream(state, shown, token):
                last = word
        finally:
            token.cancel()
        if last is None:
            raise Fault("the job was cancelled.")
        return last


def _size(part: Future[Some]) -> int:
    """The futures of a part that is done."""
    done = part.done() and not part.cancelled() and part.exception() is None
    return len(part.result()) if done else 0
