"""Explore: the answer that moves while you drag; one future told, the map, who moves whom.

GET  /explore.yaml         the state of an address as a scenario file, which `thermidor run` takes
GET  /explore/beside.json  one of its futures told, its map, and who moves whom in it
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import yaml
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from .. import address
from ..exports.routes import routes as exports
from ..futures import REFINED
from ..pool import LATER
from ..shared import Shared
from ..tasks.events import as_json
from ..watch.beside import beside
from ..watch.desk import Asked, attended, job, read
from ..watch.kinds import counted
from ..watch.view import View

TITLE = "Explore"
WORDS: dict[str, str] = {
    "explore_one": "One future, told",
    "explore_kind": "Of those that end so",
    "explore_ending": "{ending} ({n} of {of})",
    "explore_watch": "Watch it day by day",
    "explore_where": "Where, in future {run}",
    "explore_peaks": "Five steps with as many provinces each; the largest value of each province.",
    "explore_moved": "Who moves whom, in future {run}",
    "explore_more": "More channels",
    "explore_wait": "One future is told when the answer is refined",
}


def routes(shared: Shared) -> list[Route]:
    """What this view asks of the server, beside the answer itself."""

    async def file(request: Request) -> Response:
        state = address.read(address.pairs(request.url.query), shared.named)
        await asyncio.to_thread(shared.countries.sides, state)
        own = shared.dropped.get(state.country, "country")
        text = written(state, own.name if own else Path(shared.named[state.country]).name)
        return Response(text, media_type="application/yaml; charset=utf-8")

    async def aside(request: Request) -> Response:
        with job(shared, request, "aside") as token:
            asked = await read(shared, request, token, without=("study", "future", "traces"))
            found = await attended(request, token, _beside(asked))
        return as_json(found)

    return [
        Route("/explore.yaml", file, methods=["GET"]),
        Route("/explore/beside.json", aside, methods=["GET"]),
        *exports(shared),
    ]


async def _beside(asked: Asked) -> dict[str, Any]:
    """What stands beside the answer of a state: of its futures, the closest to the median of those
    that end as most of those do that end, or as the address says.
    """
    some = await asked.some(REFINED)
    kind = await asked.kind()
    asked.run = kind.closest
    story = (await asked.whole(LATER)).story
    assert asked.scenario and story.whole
    view = await asyncio.to_thread(View, asked.scenario, [story.whole])
    found = await asyncio.to_thread(beside, story, view, kind)
    return found | {"endings": counted(some.ending), "futures": len(some)}


def written(state: address.State, parent: str) -> str:
    """The file. parent: the country, by name, or by the name of a file beside it."""
    data: dict[str, Any] = {
        "thermidor": 1,
        "name": f"{state.country}-changed",
        "title": f"{state.country}, as changed on the page",
        "parent": parent,
    }
    for block in ("assumptions", "choices"):
        if values := dict(getattr(state, block)):
            data[block] = values
    head = f"# Saved from the page; its numbers are those of seed {state.seed}.\n"
    return head + yaml.safe_dump(data, sort_keys=False, allow_unicode=True)
