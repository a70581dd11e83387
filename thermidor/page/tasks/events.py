"""How the server says something to a page: JSON, a table, or server-sent events while it works."""

from __future__ import annotations

import asyncio
import contextlib
import csv
import io
import json
import math
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from ...support.faults import Fault
from ...support.stopping import Stopped
from ..jobs import Jobs
from ..pool import Token

LONGEST = 300.0  # seconds of a request
LONGEST_ID = 64
MOST_SAID = 200  # letters of an error that nobody expected
Words = AsyncIterator[dict[str, Any]]


def page_of(request: Request) -> str:
    """How a page names itself. Raises Fault."""
    name = request.headers.get("x-page", "")
    if not 0 < len(name) <= LONGEST_ID or not name.isalnum():
        raise Fault("a page names itself with x-page: letters and digits, at most 64.")
    return name


def streamed(
    jobs: Jobs, page: str, work: Callable[[Token], Words], longest: float = LONGEST
) -> Response:
    """What work says, as events; the page's next job cancels it. A fault is the last of them.

    longest: seconds that it may take.
    """
    found = _events(jobs, page, work, longest)
    return StreamingResponse(found, media_type="text/event-stream")


async def _events(
    jobs: Jobs, page: str, work: Callable[[Token], Words], longest: float
) -> AsyncIterator[bytes]:
    try:
        with jobs.job(page) as token:
            async with bounded(longest):
                async for word in work(token):
                    yield _event(word)
    except Stopped:
        return
    except Fault as e:
        yield _event({"kind": "fault", "faults": e.faults})
    except Exception as e:  # of which the page says so, and goes on
        yield _event({"kind": "fault", "faults": [failed(e)]})


async def last(work: Callable[[Token], Words], longest: float | None = LONGEST) -> dict[str, Any]:
    """The last that work says. Raises Fault."""
    token, found = Token(), None
    try:
        async with bounded(longest):
            async for word in work(token):
                found = word
    finally:
        token.cancel()
    if found is None:
        raise Fault("the job was cancelled.")
    return found


@contextlib.asynccontextmanager
async def bounded(longest: float | None = LONGEST) -> AsyncIterator[None]:
    """What may take so many seconds, and no more; None: as it bounds itself. Raises Fault."""
    try:
        async with asyncio.timeout(longest):
            yield
    except TimeoutError as e:
        raise Fault("it took too long, and was ended.") from e


def failed(e: Exception) -> str:
    """What nobody expected, in a sentence."""
    if isinstance(e, MemoryError):
        return "this machine has not enough memory for so many futures; close other programs."
    return f"the futures could not be computed ({type(e).__name__}: {str(e)[:MOST_SAID]})."


def _event(word: Mapping[str, Any]) -> bytes:
    """A word as a server-sent event; the id of a frame is its day."""
    number = f"id: {word['day']}\n" if word["kind"] == "frame" else ""
    return f"{number}event: {word['kind']}\ndata: {_dumps(word)}\n\n".encode()


def as_json(x: Any) -> Response:
    return Response(_dumps(x), media_type="application/json")


def as_csv(rows: Iterable[Sequence[Any]]) -> Response:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return Response(out.getvalue(), media_type="text/csv; charset=utf-8")


def clean(x: Any) -> Any:
    """Without NaN, which JSON does not know."""
    if isinstance(x, float):
        return x if math.isfinite(x) else None
    if isinstance(x, Mapping):
        return {k: clean(v) for k, v in x.items()}
    return [clean(v) for v in x] if isinstance(x, list | tuple) else x


def _dumps(x: Any) -> str:
    return json.dumps(clean(x), allow_nan=False, ensure_ascii=False, separators=(",", ":"))
