"""What a request asks of a future: which one, of which state or study, and what is shown of it."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from starlette.requests import Request

from ...report.parts.plain import plain
from ...scenario.scenario import Scenario
from ...support.faults import Fault, MachineFault, near
from ...support.stopping import Stopped
from .. import address
from ..futures import REFINED, Some
from ..pool import FIRST, Token
from ..tasks.events import LONGEST_ID, Words
from .follow import played, told, whole
from .frames import Shown
from .kinds import Kind, kind, of_study
from .story import begun
from .watches import Watched

if TYPE_CHECKING:
    from ..shared import Shared

MOST_RUN = 999_999
SHORT = 40  # letters of a stranger's word that a sentence shows
ATTENTION = 0.25  # seconds between two looks whether who asked is still there
T = TypeVar("T")


@dataclass
class Asked:
    """A request, read. study: the folder of one, else nothing."""

    shared: Shared
    state: address.State
    given: dict[str, str]
    study: str | None
    run: int | None
    scenario: Scenario | None
    token: Token

    def ask(self, run: int, urgency: int = FIRST) -> Watched:
        """The future of a number."""
        watches = self.shared.watches
        if self.study:
            return watches.kept(self.study, run)
        assert self.scenario
        return watches.ask(self.scenario, self.state.seed, run, self.token, urgency)

    def show(self, watched: Watched) -> Shown:
        """What is shown of it."""
        given = self.given
        return Shown(watched.story, given.get("traces", ""), given.get("quantity", ""))

    def check(self) -> None:
        """Raises Fault for what cannot be shown, before anything is played."""
        if self.study:
            self.show(self.ask(of_study(self.shared.watches.study(self.study), None).closest))
            if self.run is not None:
                self.ask(self.run)
        elif self.scenario:
            self.show(Watched(begun(self.scenario, self.state.seed, 0)))

    async def some(self, upto: int) -> Some:
        """The first futures of the state."""
        assert self.scenario
        s, held = self.scenario, self.shared.jobs.held
        seed, token = self.state.seed, self.token
        return await played(lambda: held.ask(s, seed, upto, token), token)

    async def kind(self) -> Kind:
        """Futures that end alike: as the one asked for if it is among them, else as the address
        says, as Explore tells them.
        """
        if self.study:
            view = await asyncio.to_thread(self.shared.watches.study, self.study)
            return of_study(view, self.run)
        assert self.scenario
        some, ending = await self.some(REFINED), self.given.get("ending", "")
        if self.run is not None and self.run in some.runs:
            ending = some.ending[some.runs.tolist().index(self.run)]
        return kind(self.scenario, some, ending)

    async def number(self) -> int:
        """The future that is asked for; if none is, the closest to the median of its kind."""
        return self.run if self.run is not None else (await self.kind()).closest

    async def whole(self, urgency: int = FIRST) -> Shown:
        """That future, told to its end."""
        run = await self.number()
        watched = await whole(lambda: self.ask(run, urgency), self.token)
        return await asyncio.to_thread(self.show, watched)

    async def frames(self, after: int, token: Token) -> Words:
        """What is told of that future after a day."""
        self.token = token
        run = await self.number()
        async for word in told(lambda: self.ask(run), self.show, after, token):
            yield word

    async def alike(self) -> dict[str, Any]:
        """The futures that end as it does, of the first that the page plays."""
        return (await self.kind())._asdict()


async def read(
    shared: Shared, request: Request, token: Token, without: tuple[str, ...] = ()
) -> Asked:
    """A request. Raises Fault for what it may not ask.

    without: settings of other views, which are passed over.
    """
    pairs = address.pairs(request.url.query)
    state = address.read(pairs, shared.named)
    given = {k: v for k, v in pairs if k not in without}
    name, scenario = given.get("study", ""), None
    if name and name not in shared.studies:
        there = ", ".join(shared.studies) or "none"
        raise Fault(
            f"'{plain(name, SHORT)}' is not a study that is served; there are {there}."
            f"{near(name, shared.studies)}"
        )
    if not name:
        scenario = (await asyncio.to_thread(shared.countries.sides, state)).chosen
    text = given.get("future", "")
    run = address.number(text, "future", MOST_RUN) if text else None
    study = shared.studies[name] if name else None
    asked = Asked(shared, state, given, study, run, scenario, token)
    await asyncio.to_thread(asked.check)
    return asked


def sort(request: Request, what: str) -> str:
    """The name of a sort of jobs of a page; one that has no name is nobody else's."""
    name = request.headers.get("x-page", "")[:LONGEST_ID]
    return f"{name if name.isalnum() else uuid.uuid4().hex}{what}"


@contextlib.contextmanager
def job(shared: Shared, request: Request, what: str) -> Iterator[Token]:
    """A job of a page: its next of the same sort cancels it. Raises Fault where it is ended."""
    try:
        with shared.jobs.job(sort(request, what)) as token:
            yield token
    except Stopped as e:
        raise Fault("it was ended: nobody waits for it, or the page asked for the next.") from e
    except TimeoutError as e:
        raise MachineFault("it took too long, and was ended.") from e


async def attended(request: Request, token: Token, work: Coroutine[Any, Any, T]) -> T:
    """What becomes of some work, which is cancelled once who asked for it is gone."""

    async def look() -> None:
        while not await request.is_disconnected():
            await asyncio.sleep(ATTENTION)
        token.cancel()

    looking = asyncio.create_task(look())
    try:
        return await work
    finally:
        looking.cancel()
