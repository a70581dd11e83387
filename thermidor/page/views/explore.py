"""Explore: the answer that moves while you drag; one future told, the map, who moves whom.

GET  /explore.yaml   the state of an address as a scenario file, which `thermidor run` takes
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
from ..shared import Shared

TITLE = "Explore"
WORDS: dict[str, str] = {}


def routes(shared: Shared) -> list[Route]:
    """What this view asks of the server, beside the answer itself."""

    async def file(request: Request) -> Response:
        state = address.read(address.pairs(request.url.query), shared.named)
        await asyncio.to_thread(shared.countries.sides, state)
        text = written(state, Path(shared.named[state.country]).name)
        return Response(text, media_type="application/yaml; charset=utf-8")

    return [Route("/explore.yaml", file, methods=["GET"])]


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
