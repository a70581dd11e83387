"""One future: watched day by day, live or from its folder.

GET  /future/frames      server-sent events: a head, a frame a day (its id is the day), the end
GET  /future/alike.json  the numbers of the futures that end alike
GET  /future.json, .csv  the same future, whole
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from .. import address
from ..pool import Token
from ..shared import Shared
from ..tasks.events import as_csv, as_json, streamed
from ..watch.desk import Asked, attended, job, read, sort
from ..watch.frames import Shown

TITLE = "One future"
MOST_DAYS = 100_000
WORDS: dict[str, str] = {
    "future_number": "Future",
    "future_of": "From",
    "future_played": "played here",
    "future_study": "study {name}",
    "future_before": "The one before that ends alike",
    "future_after": "The next that ends alike",
    "future_alike": "{n} of the first {of} futures end alike",
    "future_alike_study": "{n} futures of the study end alike",
    "future_alike_wait": "Looking for others that end alike",
    "future_play": "Play",
    "future_pause": "Pause",
    "future_back": "A day back",
    "future_on": "A day on",
    "future_week_back": "7 days back",
    "future_week_on": "7 days on",
    "future_day": "Day",
    "future_date": "Date",
    "future_speed": "Days a second",
    "future_keys": "P plays and pauses, ← and → move a day, with Shift ten, [ and ] change the "
    "future.",
    "future_traces": "Traces",
    "future_trace": "Trace",
    "future_none": "none",
    "future_add": "Add a trace",
    "future_events": "What happened",
    "future_quiet": "Nothing has happened yet.",
    "future_computing": "Being computed: day {day} of {of}",
    "future_waiting": "Not begun yet",
    "future_map": "Where",
    "future_quantity": "What the map shows",
    "future_scale_of": "Steps",
    "future_scale_day": "of this day",
    "future_scale_all": "of all days",
    "future_scale": "Five steps, each of as many provinces on this day.",
    "future_scale_every": "Five steps, each of as many provinces and days of those that are there.",
    "future_peaks": "The study keeps peaks by province, not days: the map shows them.",
    "future_outlines": "No outlines are known; provinces are tiles.",
    "future_province": "Province",
    "future_step": "Step",
    "future_lost": "The server does not answer; what came before stays, and it is asked again.",
    "future_told": "Day {day}, {date}: {values}",
    "future_dots": "Days after the playhead are pale.",
}


def routes(shared: Shared) -> list[Route]:
    """What this view asks of the server."""

    async def frames(request: Request) -> Response:
        asked = await read(shared, request, Token())
        last = request.headers.get("last-event-id", "")
        after = address.number(last, "last-event-id", MOST_DAYS) if last else -1
        page = sort(request, "frames")
        return streamed(shared.jobs, page, lambda token: asked.frames(after, token))

    async def alike(request: Request) -> Response:
        with job(shared, request, "alike") as token:
            asked = await read(shared, request, token)
            return as_json(await attended(request, token, asked.alike()))

    async def data(request: Request) -> Response:
        with job(shared, request, "data") as token:
            asked = await read(shared, request, token)
            shown = await attended(request, token, asked.whole())
        if request.url.path.endswith(".json"):
            upto = shown.story.day
            every = {"frames": list(shown.frames(-1, upto)), "end": shown.end()}
            return as_json(shown.head() | every | _changes(asked))
        return as_csv(_table(asked, shown))

    return [
        Route("/future/frames", frames, methods=["GET"]),
        Route("/future/alike.json", alike, methods=["GET"]),
        Route("/future.json", data, methods=["GET"]),
        Route("/future.csv", data, methods=["GET"]),
    ]


def _changes(asked: Asked) -> dict[str, object]:
    state = asked.state
    return {
        "country": state.country,
        "study": asked.given.get("study"),
        "choices": dict(state.choices),
        "assumptions": dict(state.assumptions),
    }


def _table(asked: Asked, shown: Shown) -> Iterator[Sequence[Any]]:
    """The traces a day a row, then what happened."""
    head, rows = shown.table()
    about = shown.head()
    yield ["future", shown.end()["sentence"]]
    for key in ("seed", "version", "hash"):
        yield [key, about[key]]
    for key, value in _changes(asked).items():
        if isinstance(value, dict):
            yield from ([f"{key}.{k}", v] for k, v in value.items())
        elif value:
            yield [key, value]
    yield []
    yield head
    yield from rows
    yield []
    yield ["day", "date", "mechanism", "event"]
    for frame in shown.frames(-1, shown.story.day):
        for e in frame["events"]:
            yield [frame["day"], frame["date"], e["mechanism"], e["event"]]
