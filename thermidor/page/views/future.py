"""One future: watched day by day, live or from its folder."""

from __future__ import annotations

from starlette.routing import Route

from ..shared import Shared

TITLE = "One future"
WORDS: dict[str, str] = {}


def routes(shared: Shared) -> list[Route]:
    """What this view asks of the server."""
    return []
