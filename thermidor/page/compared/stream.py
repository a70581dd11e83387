"""Work for a page that tells how far it is: server-sent events, one job a page, bounded in time;
futures of several scenarios on the same luck, through the one pool.
"""

from __future__ import annotations

import asyncio
import contextlib
import csv
import io
import json
import math
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import Future
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from ...scenario.scenario import Scenario
from ...study.futures.warm import ready
from ...support.faults import Fault
from ...support.stopping import Stopped
from ..futures import PREVIEW, REFINED, Some, joined
from ..jobs import Jobs
from ..pool import Token
from ..shared import Shared

STEPS = (PREVIEW, REFINED)
LONGEST_ID = 64
PATIENCE = 0.25  # seconds between two words on how far it is
Words = AsyncIterator[dict[str, Any]]


def page_of(request: Request) -> str:
    """How a page names itself. Raises Fault."""
    name = request.headers.get("x-page", "")
    if not 0 < len(name) <= LONGEST_ID or not name.isalnum():
        raise Fault("a page names itself with x-page: letters and digits, at most 64.")
    return name


def streamed(jobs: Jobs, page: str, work: Callable[[Token], Words], longest: float) -> Response:
    """What work says, as events; the page's next job cancels it.

    longest: seconds that it may take.
    """

    async def events() -> AsyncIterator[bytes]:
        token = jobs.begin(page)
        try:
            async with asyncio.timeout(longest):
                async for word in work(token):
                    yield event(word)
        except Stopped:
            return
        except TimeoutError:
            text = f"it took more than {longest:,.0f} seconds, and was ended."
            yield event({"kind": "fault", "faults": [text]})
        except Fault as e:
            yield event({"kind": "fault", "faults": e.faults})
        finally:
            jobs.end(page, token)

    return StreamingResponse(events(), media_type="text/event-stream")


async def last(work: Callable[[Token], Words], longest: float) -> dict[str, Any]:
    """The last that work says. Raises Fault."""
    token, found = Token(), None
    try:
        async with asyncio.timeout(longest):
            async for word in work(token):
                found = word
    except TimeoutError as e:
        raise Fault(f"it took more than {longest:,.0f} seconds, and was ended.") from e
    finally:
        token.cancel()
    if found is None:
        raise Fault("the job was cancelled.")
    return found


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


def clean(x: Any) -> Any:
    """Without NaN, which JSON does not know."""
    if isinstance(x, float):
        return x if math.isfinite(x) else None
    if isinstance(x, Mapping):
        return {k: clean(v) for k, v in x.items()}
    return [clean(v) for v in x] if isinstance(x, list | tuple) else x


def _dumps(x: Any) -> str:
    return json.dumps(clean(x), allow_nan=False, ensure_ascii=False, separators=(",", ":"))


def as_json(x: Any) -> Response:
    return Response(_dumps(x), media_type="application/json")


def event(word: Mapping[str, Any]) -> bytes:
    return f"event: {word['kind']}\ndata: {_dumps(word)}\n\n".encode()


def as_csv(rows: Sequence[Sequence[Any]]) -> Response:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return Response(out.getvalue(), media_type="text/csv; charset=utf-8")


def missing(text: str) -> Response:
    return JSONResponse({"faults": [text]}, 404)
