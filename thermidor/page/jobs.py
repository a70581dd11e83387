"""The job of a page: a preview, then its refinement. The next job of the same page cancels it, so a
page never has more than one; what futures it played are kept for the next.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from concurrent.futures import Future
from typing import Any

from ..study.futures.warm import ready
from ..support.faults import MachineFault
from ..support.stopping import Stopped
from . import charts
from .address import State, acting
from .answer import paired, told
from .futures import PREVIEW, REFINED, Held, Some, joined
from .pool import Pool, Token
from .rests import rests
from .sides import Countries, Sides

MOST_PAGES = 64  # with a job at once
SETTLE = 0.15  # seconds after a preview before its refinement begins: the next may come
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
            self._cancel(before)
        if len(self.now) >= MOST_PAGES:
            raise MachineFault(f"{MOST_PAGES} pages are busy already; close some of them.")
        token = self.now[page] = Token()
        return token

    def end(self, page: str, token: Token) -> None:
        self._cancel(token)
        if self.now.get(page) is token:
            del self.now[page]

    @contextlib.contextmanager
    def job(self, page: str) -> Iterator[Token]:
        """A job of a page while it lasts; see begin."""
        token = self.begin(page)
        try:
            yield token
        finally:
            self.end(page, token)

    def close(self) -> None:
        for token in list(self.now.values()):
            token.cancel()
        self.pool.close()

    def _cancel(self, token: Token) -> None:
        """What only this job wanted leaves the queue at once."""
        token.cancel()
        self.pool.drop()

    async def stream(
        self, state: State, shown: Sequence[str], token: Token
    ) -> AsyncIterator[dict[str, Any]]:
        """Answers, each better than the last: of a preview, then refined; progress in between. The
        refined one alone, where all its futures were played before.
        """
        sides = await asyncio.to_thread(self.countries.sides, state)
        async with asyncio.timeout(LONGEST if ready() else None):  # compiling is waited for
            for some, upto in await asyncio.to_thread(self._steps, sides, state.seed):
                found = None
                while found is None:
                    asked = self._ask(some, state.seed, upto, token)
                    async for word in self.until(asked, upto, token):
                        yield word
                    if token.cancelled:
                        return
                    with contextlib.suppress(Stopped):  # parts of another page's job, cancelled
                        found = await asyncio.to_thread(self.answer, state, some, asked, shown)
                yield found
                if upto != REFINED:
                    await asyncio.sleep(SETTLE)

    def _steps(self, sides: Sides, seed: int) -> list[tuple[Sides, int]]:
        """Of what and of how many futures the answers are, one after another."""
        refined = sides, REFINED
        if not self.held.missing(sides, seed, REFINED):
            return [refined]
        few = sides.few()
        return [(few, self.held.preview(few, seed)), refined]

    def _ask(
        self, sides: Sides, seed: int, upto: int, token: Token | None
    ) -> list[list[Future[Some]]]:
        """The parts of each side; those of the country as it is are everybody's, and stay."""
        return [
            self.held.ask(s, seed, upto, None if s.hash == sides.base.hash else token)
            for s in sides
        ]

    async def until(
        self, asked: list[list[Future[Some]]], upto: int, token: Token
    ) -> AsyncIterator[dict[str, Any]]:
        """Until all parts are there, or one has failed; how far it is meanwhile."""
        parts = list({id(f): f for side in asked for f in side}.values())
        loop, heard = asyncio.get_running_loop(), asyncio.Event()

        def tell(_: Any) -> None:
            with contextlib.suppress(RuntimeError):  # the server has ended
                loop.call_soon_threadsafe(heard.set)

        for part in parts:
            part.add_done_callback(tell)
        told = time.monotonic()
        while not token.cancelled:
            heard.clear()
            if all(f.done() for f in parts) or any(f.done() and f.exception() for f in parts):
                return
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(heard.wait(), PATIENCE)
            if time.monotonic() - told >= PATIENCE:
                told = time.monotonic()
                yield progress(min(sum(_size(f) for f in side) for side in asked), upto)

    def answer(
        self,
        state: State,
        sides: Sides,
        asked: list[list[Future[Some]]],
        shown: Sequence[str],
    ) -> dict[str, Any]:
        """The answer from the parts, with the charts that are shown."""
        played = paired(*(joined([f.result() for f in side]) for side in asked))
        named = charts.shown(acting(state, sides.base), played)
        refined = len(played.chosen) + played.chosen.failed > PREVIEW
        return {
            "kind": "refined" if refined else "preview",
            "answer": told(state, sides, played),
            "rests": rests(sides.chosen, played.chosen) if refined else None,
            "charts": [charts.chart(key, sides.chosen, named) for key in shown],
            "seed": state.seed,
            "hashes": {k: s.hash for k, s in sides._asdict().items()},
            "compiled": ready(),
        }


def progress(done: float, of: float, stage: str = "") -> dict[str, Any]:
    """A word on how far it is."""
    told = {"kind": "progress", "futures": done, "of": of, "compiled": ready()}
    return told | ({"stage": stage} if stage else {})


def _size(part: Future[Some]) -> int:
    """The futures of a part that is done."""
    done = part.done() and part.exception() is None
    return len(part.result()) if done else 0
