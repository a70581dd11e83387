"""Claims: the argument as a map; each verdict opens its evidence."""

from __future__ import annotations

from starlette.routing import Route

from ..shared import Shared

TITLE = "Claims"
WORDS: dict[str, str] = {}


def routes(shared: Shared) -> list[Route]:
    """What this view asks of the server."""
    return []
